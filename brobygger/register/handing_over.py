# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What goes along when one person's work is given to a colleague. Every room says what of its own does.

A room says in its `handed_over.py`, which is found by itself::

    handing_over.register("cases", count=cases_in_words, held=open_cases_of, give=give_cases, order=40)

The one who hands over chooses which kinds go along, and whether only for some firms. `give` is called again with giver and
receiver exchanged when it is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brobygger.accounts.models import Operator, User

Held = Callable[["Operator", "User", Collection[int] | None], Iterable[Any]]
"""(office, person, firms or None for all) → keys of what the person holds there and could give away."""


@dataclass(frozen=True, slots=True)
class Handing:
    """From whom to whom, and who does it."""

    operator: Operator
    giver: User
    receiver: User
    by: User
    undoing: bool = False
    """What does not fit then stays where it is; nothing is given up."""


Give = Callable[[Handing, Sequence[Any]], list[Any]]
"""(who to whom, keys) → the keys that really went. What the giver no longer holds, or the receiver cannot have, stays."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that can be handed over."""

    key: str
    count: Callable[[int], str]
    """How many of them in words: `3 åbne sager`."""
    held: Held
    give: Give
    order: int
    left: Callable[[Sequence[Any]], str] | None = None
    """(keys) → how many stayed, and why, in a sentence or two."""
    take_back: Callable[[Handing, Sequence[Any]], None] | None = None
    """What is done when it is undone with those that stayed, where something was done with them."""


_kinds: dict[str, Kind] = {}


def register(
    key: str,
    *,
    count: Callable[[int], str],
    held: Held,
    give: Give,
    order: int = 50,
    left: Callable[[Sequence[Any]], str] | None = None,
    take_back: Callable[[Handing, Sequence[Any]], None] | None = None,
) -> None:
    """Let something go along; low `order` is told first."""
    _kinds[key] = Kind(key, count, held, give, order, left, take_back)


def kinds() -> list[Kind]:
    """All of them, in order."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.key))
