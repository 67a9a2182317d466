# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`pair`, stable, beside deferred acceptance as the textbook writes it. Run: ``python -m benchmarks.engine_pair [--quick]``.

Once from rows of text and numbers, as the verb takes them, and once on arrays that are ready, as the command line has them.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.report import record
from benchmarks.timing import UNIT, timed
from brobygger.engine import pair
from brobygger.engine.pair import Market, matched

Wishes = list[tuple[str, str, int, int, None]]


def market(size: int, wishes_each: int, seed: int = 1) -> Wishes:
    """Each of the left ranks some of the right; each of the right ranks all who chose it."""
    rng = np.random.default_rng(seed)
    chosen = [(a, int(b)) for a in range(size) for b in rng.choice(size, wishes_each, replace=False)]
    right_rank = rng.permutation(len(chosen)).tolist()
    return [
        (f"l{a:06}", f"r{b:06}", n % wishes_each + 1, r, None)
        for n, ((a, b), r) in enumerate(zip(chosen, right_rank, strict=True))
    ]


def by_textbook(wishes: Wishes) -> set[tuple[str, str]]:
    """One to one, plain Python: the free propose down their lists, each receiver holds the best so far."""
    lists: dict[str, list[str]] = {}
    rank: dict[tuple[str, str], int] = {}
    for left, right, _, right_rank, _ in wishes:
        lists.setdefault(left, []).append(right)
        rank[left, right] = right_rank
    proposals = {left: iter(rights) for left, rights in lists.items()}
    holds: dict[str, str] = {}
    free = list(lists)
    while free:
        left = free.pop()
        for right in proposals[left]:
            holder = holds.get(right)
            if holder is None or rank[left, right] < rank[holder, right]:
                holds[right] = left
                if holder is not None:
                    free.append(holder)
                break
    return {(left, right) for right, left in holds.items()}


def arrays(size: int, wishes: Wishes) -> Market:
    """The same wishes as columns of numbers."""
    ids = [[f"{side}{i:06}" for i in range(size)] for side in "lr"]
    left, right = (np.array([int(wish[n][1:]) for wish in wishes]) for n in (0, 1))
    ranks = (np.array([wish[n] for wish in wishes], dtype=float) for n in (2, 3))
    room = np.ones(size, dtype=np.int64)
    return Market(ids[0], room, ids[1], room, left, right, *ranks, np.full(len(wishes), np.nan))


def run(size: int = 5000, wishes_each: int = 50) -> None:
    """One comparison."""
    wishes = market(size, wishes_each)
    left, right = [(f"l{i:06}", 1) for i in range(size)], [(f"r{i:06}", 1) for i in range(size)]
    ours, found = timed(lambda: pair(left, right, wishes))
    theirs, expected = timed(lambda: by_textbook(wishes))
    name = f"{size} × {size}, {wishes_each} wishes each"
    record("pair", name, ours, theirs, "plain Python", UNIT, set(found.pairs) == expected)
    ready = arrays(size, wishes)
    bare, made = timed(lambda: matched(ready, "stable", "left"), repeat=5)
    pairs = {(f"l{ready.left[k]:06}", f"r{ready.right[k]:06}") for k in made.tolist()}
    record("pair, arrays", name, bare, theirs, "plain Python", UNIT, pairs == expected)


if __name__ == "__main__":
    run(size=500) if "--quick" in sys.argv else run()
