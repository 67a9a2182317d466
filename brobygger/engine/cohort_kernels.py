# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Simulated annealing over who is in which group, compiled, used by `cohort_search`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Integers = npt.NDArray[np.int64]
BREACH = 8.0
"""What breaking a rule by one costs, in values covered."""


@compiled
def _worth(feature: int, count: int, least: Integers, most: Integers, covers: Integers) -> float:
    """What a group with so many bearers of a feature gains by it, less what it breaks."""
    worth = 1.0 if covers[feature] and count > 0 else 0.0
    if count > most[feature]:
        worth -= BREACH * (count - most[feature])
    elif count < least[feature]:
        worth -= BREACH * (least[feature] - count)
    return worth


@compiled
def _step(
    person: int,
    group: int,
    by: int,
    start: Integers,
    features: Integers,
    counts: Integers,
    least: Integers,
    most: Integers,
    covers: Integers,
) -> float:
    """Put a person into a group (by = 1) or take them out (-1); returns what that is worth."""
    gain = 0.0
    for k in range(start[person], start[person + 1]):
        feature = features[k]
        before = counts[feature, group]
        gain += _worth(feature, before + by, least, most, covers) - _worth(
            feature, before, least, most, covers
        )
        counts[feature, group] = before + by
    return gain


@compiled
def anneal(
    n_groups: int,
    start: Integers,
    features: Integers,
    least: Integers,
    most: Integers,
    covers: Integers,
    must: npt.NDArray[np.bool_],
    group: Integers,
    goal: float,
    steps: int,
    seed: int,
) -> tuple[float, Integers]:
    """From an assignment (`group`, -1 for none) to the best one met, and its worth; ends early at the goal.

    Person p has `features[start[p]:start[p + 1]]`. In each group from `least` to `most` bearers of a feature are
    allowed, and one that `covers` counts once where it has any. Two people change places, or one moves.
    """
    np.random.seed(seed)
    n = len(group)
    counts = np.zeros((len(least), n_groups), np.int64)
    now = 0.0
    for feature in range(len(least)):
        now += n_groups * _worth(feature, 0, least, most, covers)
    for person in range(n):
        if group[person] >= 0:
            now += _step(person, group[person], 1, start, features, counts, least, most, covers)
        elif must[person]:
            now -= BREACH
    best, kept = now, group.copy()
    for step in range(steps):
        heat = 0.6 * (1.0 - step / steps) + 0.05
        a = np.random.randint(n)
        old = group[a]
        gain = 0.0
        if np.random.random() < 0.1:
            b, new = -1, np.random.randint(n_groups + 1) - 1
        else:
            b = np.random.randint(n)
            new = group[b]
        if new == old:
            continue
        gain += BREACH * must[a] * ((old < 0) * 1.0 - (new < 0) * 1.0)
        if old >= 0:
            gain += _step(a, old, -1, start, features, counts, least, most, covers)
        if b >= 0:
            gain += BREACH * must[b] * ((new < 0) * 1.0 - (old < 0) * 1.0)
            if new >= 0:
                gain += _step(b, new, -1, start, features, counts, least, most, covers)
            if old >= 0:
                gain += _step(b, old, 1, start, features, counts, least, most, covers)
        if new >= 0:
            gain += _step(a, new, 1, start, features, counts, least, most, covers)
        if gain >= 0 or np.random.random() < np.exp(gain / heat):
            now += gain
            group[a] = new
            if b >= 0:
                group[b] = old
            if now > best + 1e-9:
                best, kept = now, group.copy()
                if best >= goal - 1e-9:
                    break
            continue
        if new >= 0:
            _step(a, new, -1, start, features, counts, least, most, covers)
        if b >= 0:
            if old >= 0:
                _step(b, old, -1, start, features, counts, least, most, covers)
            if new >= 0:
                _step(b, new, 1, start, features, counts, least, most, covers)
        if old >= 0:
            _step(a, old, 1, start, features, counts, least, most, covers)
    return best, kept
