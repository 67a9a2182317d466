# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The same answer as the compiled kernel without a compiler: everybody is weighed, nobody is left out beforehand.

Used while no compiled kernel is at hand (a new installation before its first warm-up), and by the tests to compare with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from brobygger.engine import pair_score
from brobygger.engine.columns import Columns
from brobygger.engine.live.rows import ANYBODY, Rows
from brobygger.engine.parts import TEXT_ONLY_FIT, dice, measure, rounded, score

Array = npt.NDArray[Any]


def columns_of(facts: Array) -> Columns:
    """Rows of `pair_score.facts` as the columns they were made of."""
    values = {name: facts[..., at] for at, name in enumerate(pair_score.NAMES)}
    values["timed"] = values["timed"] == 1.0
    return Columns(order=np.zeros(facts.shape[:-1]), **values)


def best(
    theirs: Rows,
    mine: Array,
    i_need: bool,
    my_words: Array,
    links: tuple[Array, Array, Array],
    typed: bool,
    weights: dict[str, float],
    seen_by: int,
    today: float,
    top: int,
) -> tuple[Array, Array, Array]:
    """As `kernels.best`: slots, codes of links (-1: words alone), and what was measured."""
    slots, fit, code = _candidates(theirs, links)
    counts = np.zeros(len(theirs.types), dtype=np.int64)
    for word in my_words.tolist():
        counts[theirs.by_word.entries(word)["slot"]] += 1
    worded = [
        (theirs.untyped_by_word if typed else theirs.by_word).entries(word)["slot"]
        for word in my_words.tolist()
    ]
    alone = np.unique(np.concatenate(worded)).astype(np.int64) if worded else np.zeros(0, dtype=np.int64)
    slots = np.concatenate([slots, alone])
    fit = np.concatenate([fit, np.zeros(len(alone))])
    code = np.concatenate([code, np.full(len(alone), -1, dtype=np.int64)])
    facts = theirs.facts[slots]
    shared = counts[slots]
    me, others = columns_of(mine), columns_of(facts)
    parts = measure(*((me, others) if i_need else (others, me)), shared, code >= 0)
    fit = rounded(np.where(code >= 0, fit, TEXT_ONLY_FIT * dice(shared, me.words, others.words)))
    total = score(fit, parts, weights)
    visible = np.isin(theirs.office[slots], (ANYBODY, seen_by)) | (seen_by == -2)
    chosen = np.flatnonzero(parts.allowed & (total > 0) & visible & (others.end >= today))
    metres = np.where(np.isnan(parts.metres), np.inf, parts.metres)[chosen]
    names = np.ascontiguousarray(theirs.names[slots[chosen]]).view(f"S{theirs.names.shape[1]}").ravel()
    chosen = chosen[np.lexsort((names, metres, -total[chosen]))][:top]
    measured = (parts.text, parts.quantity, parts.time, parts.distance, parts.conditions)
    shown = [total, fit, *(rounded(np.broadcast_to(part, len(slots))) for part in measured), parts.metres]
    return slots[chosen], code[chosen], np.stack([column[chosen] for column in shown], axis=1)


def _candidates(theirs: Rows, links: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Everyone whose type fits, each once and by its best way, on equal terms the first."""
    slots, fits, codes = [np.zeros(0, dtype=np.int64)], [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    for number, link_fit, code in zip(*links, strict=True):
        found = theirs.by_type.entries(int(number))
        slots.append(found["slot"].astype(np.int64))
        fits.append(link_fit * found["sure"])
        codes.append(np.full(len(found["slot"]), code, dtype=np.int64))
    slot, fit, code = np.concatenate(slots), np.concatenate(fits), np.concatenate(codes)
    order = np.lexsort((code, -fit, slot))
    slot, fit, code = slot[order], fit[order], code[order]
    first = np.ones(len(slot), dtype=bool)
    first[1:] = slot[1:] != slot[:-1]
    return slot[first], fit[first], code[first]
