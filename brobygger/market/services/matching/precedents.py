# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Documented exchanges that a suggestion can point to: what has worked before, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from brobygger.engine.facts import Knowledge, Use
from brobygger.knowledge import load

MOST = 3
_WORD_FOR_STATUS = {"trial": "forsøg", "planned": "planlagt"}


def precedents(use_ids: Iterable[str], have_type: str, need_type: str = "") -> list[dict[str, str]]:
    """[{text, source}], at most three: the uses named, then others of the same residue for the same purpose.

    An exchange that failed is no precedent.
    """
    knowledge = load()
    named = [_by_id()[use_id] for use_id in use_ids if use_id in _by_id()]
    others = _of_residue().get(have_type, []) if have_type else []
    if need_type:
        others = [use for use in others if _serves(use, need_type, knowledge)]
    seen: set[str] = set()
    out = []
    for use in (*named, *others):
        if use.status != "failed" and use.id not in seen:
            seen.add(use.id)
            out.append({"text": told(use, knowledge), "source": use.source})
    return out[:MOST]


def told(use: Use, knowledge: Knowledge) -> str:
    """`Mask til kvægfoder: Herslev Bryghus → Østagergård (2011)`."""
    node = knowledge.types.get(use.residue)
    what = node.name if node else use.text
    who = " → ".join(name for name in (use.giver, use.taker) if name)
    notes = [word for word in (_WORD_FOR_STATUS.get(use.status), str(use.year or "")) if word]
    text = f"{what} til {use.purpose}"
    if who:
        text += f": {who}"
    return f"{text} ({', '.join(notes)})" if notes else text


def _serves(use: Use, need_type: str, knowledge: Knowledge) -> bool:
    """Whether what came out of the exchange is what is sought, or a kind of it."""
    return bool(use.becomes) and (
        use.becomes == need_type
        or need_type in knowledge.ancestors(use.becomes)
        or use.becomes in knowledge.ancestors(need_type)
    )


@lru_cache(maxsize=1)
def _by_id() -> Mapping[str, Use]:
    return {use.id: use for use in load().uses}


@lru_cache(maxsize=1)
def _of_residue() -> Mapping[str, list[Use]]:
    found: dict[str, list[Use]] = {}
    for use in load().uses:
        found.setdefault(use.residue, []).append(use)
    return found
