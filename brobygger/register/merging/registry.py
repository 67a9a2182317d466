# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of each thing that points at an organisation when it is laid together with another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from brobygger.register.merging.relations import (
    HISTORY,
    KEY,
    LIST,
    Relation,
    is_in_a_constraint,
    relations,
)

if TYPE_CHECKING:
    from brobygger.accounts.models import User
    from brobygger.register.merging.journal import Journal
    from brobygger.register.merging.undoing import PutBack
    from brobygger.register.models import Merge, Organisation

Rule = Callable[[Any, Any], dict[str, Any]]
"""(the kept organisation's record, the other's record of the same thing) → columns of the first to change."""
Adjust = Callable[[Any, "Organisation"], dict[str, Any]]
"""(a record that moves, the organisation it moves to) → further columns of it to change."""
Work = Callable[["Journal", "Organisation", "Organisation"], None]
"""(journal, the kept organisation, the other): moves what no rule can find by itself."""
WhenUndone = Callable[["Merge", "PutBack", "User"], None]
"""(the merge, what was put back, who undid it): puts right what cannot be as it was."""
MOVE, COMBINE, DISCARD, KEEP, MOVE_INSIDE, BY_HAND = (
    "move", "combine", "discard", "keep", "move_inside", "by_hand",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What becomes of one relation. `same`: two records are the same thing when these columns agree."""

    what: str
    why: str = ""
    same: tuple[str, ...] = ()
    among: Q | None = None
    rule: Rule | None = None
    adjust: Adjust | None = None
    keys: tuple[str, ...] = ()
    work: Work | None = None
    told: bool = True


_declared: dict[tuple[str, str], Declared] = {}
_beforehand: dict[str, Work] = {}
_afterwards: dict[str, Callable[[Journal, Organisation], None]] = {}
_when_undone: dict[str, WhenUndone] = {}


def moves(model: type[models.Model], field: str, *, adjust: Adjust | None = None, told: bool = True) -> None:
    """Records move to the organisation that is kept, as they are or adjusted. `told` False: not even their number is shown
    before (a sealed bid)."""
    _declare(model, field, Declared(MOVE, adjust=adjust, told=told))


def combines(
    model: type[models.Model],
    field: str,
    *,
    same: tuple[str, ...],
    rule: Rule,
    among: Q | None = None,
) -> None:
    """Records move; where both organisations have one of the same thing, `rule` makes one of the two. `among`: only these
    records exclude each other."""
    _declare(model, field, Declared(COMBINE, same=same, rule=rule, among=among))


def discards(model: type[models.Model], field: str, why: str) -> None:
    """Records are taken away: they are worked out again from what is kept."""
    _declare(model, field, Declared(DISCARD, why=why))


def keeps(model: type[models.Model], field: str, why: str) -> None:
    """The number stays as it is, for a reason."""
    _declare(model, field, Declared(KEEP, why=why))


def moves_in(model: type[models.Model], field: str, *, keys: tuple[str, ...], among: Q | None = None) -> None:
    """JSON that holds organisations' numbers under these keys."""
    _declare(model, field, Declared(MOVE_INSIDE, keys=keys, among=among))


def holds_none(model: type[models.Model] | str, *fields: str) -> None:
    """JSON (or a number with a misleading name) that never holds an organisation's number. A model by its label where the
    room may not know the register."""
    model = apps.get_model(model) if isinstance(model, str) else model
    for field in fields:
        _declare(model, field, Declared(KEEP, why="holds no organisation's number"))


def by_hand(model: type[models.Model], field: str) -> Callable[[Work], Work]:
    """Numbers that only the room itself can find, such as those in fields of its definitions."""

    def publish(work: Work) -> Work:
        _declare(model, field, Declared(BY_HAND, work=work))
        return work

    return publish


def beforehand(work: Work) -> Work:
    """Let a room make room for what moves, within the transaction. It writes through the journal only."""
    _beforehand[f"{work.__module__}.{work.__qualname__}"] = work
    return work


def afterwards(work: Callable[[Journal, Organisation], None]) -> Callable[[Journal, Organisation], None]:
    """Let a room mend what the move left odd, within the transaction. It writes through the journal only."""
    _afterwards[f"{work.__module__}.{work.__qualname__}"] = work
    return work


def when_undone(work: WhenUndone) -> WhenUndone:
    """Let a room look through what undoing a merge put back, within the transaction: what people were told cannot be put back."""
    _when_undone[f"{work.__module__}.{work.__qualname__}"] = work
    return work


def _declare(model: type[models.Model], field: str, declared: Declared) -> None:
    names = {known.name for known in (*model._meta.get_fields(), *model._meta.private_fields)}
    if field not in names:
        raise ValueError(f"{model._meta.label} has no {field}")
    _declared[model._meta.label_lower, field] = declared


def of(relation: Relation) -> Declared | None:
    """What becomes of it; None when nobody has said so."""
    if relation.key in _declared:
        return _declared[relation.key]
    if relation.kind == HISTORY:
        return Declared(KEEP, why="history tells what was")
    if relation.kind == LIST:
        return Declared(COMBINE)
    if relation.kind == KEY and not is_in_a_constraint(relation.model, relation.field):
        return Declared(MOVE)
    return None


def is_worked_out(model: type[models.Model], field: str) -> bool:
    """Whether records that point at an organisation there are only worked out from it, and again when they are gone."""
    declared = _declared.get((model._meta.label_lower, field))
    return declared is not None and declared.what == DISCARD


def undeclared() -> list[Relation]:
    """The relations that nobody has said anything about, by name."""
    return sorted((relation for relation in relations() if of(relation) is None), key=str)


def work_beforehand() -> list[Work]:
    """By name, so that the order is always the same."""
    return [_beforehand[name] for name in sorted(_beforehand)]


def work_afterwards() -> list[Callable[[Journal, Organisation], None]]:
    """By name, so that the order is always the same."""
    return [_afterwards[name] for name in sorted(_afterwards)]


def work_when_undone() -> list[WhenUndone]:
    """By name, so that the order is always the same."""
    return [_when_undone[name] for name in sorted(_when_undone)]
