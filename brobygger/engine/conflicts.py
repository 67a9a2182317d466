# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The smallest set of rules that cannot hold together."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Sequence

from ortools.sat.python import cp_model

ROUNDS = 200
ORDERS = 6
"""Orders in which rules are dropped where the smallest conflict was not found; the smallest outcome counts."""
SEED = 2026

Check = Callable[[Collection[int]], bool | None]
Left = Callable[[], float]


def smallest_conflict(alike: Sequence[Sequence[int]], can_hold: Check, left: Left) -> tuple[list[int], bool]:
    """Numbers of a smallest set of rules that cannot hold together, and whether it surely is the smallest.

    `alike`: the rules' numbers, those together that can stand in for each other; of them only how many are kept
    matters. All together must be impossible; `can_hold` tells whether some of them can hold (None: not known, taken as
    yes). Every conflict breaks each way of making the rest possible by dropping rules; so the smallest set
    that meets all such ways found so far is a conflict already, or shows one more way (Ignatiev, Previti,
    Liffiton and Marques-Silva 2015, "Smallest MUS extraction with minimal hitting set dualization"). After
    `ROUNDS` rounds, half of the seconds `left`, or once something is not known, the smallest set that dropping rules one by one in some orders
    leads to is returned instead; no smaller than the last set that meets all ways, so it may still be proven.
    """
    return _Conflict(alike, can_hold, left).smallest()


class _Conflict:
    def __init__(self, alike: Sequence[Sequence[int]], can_hold: Check, left: Left) -> None:
        self.alike = alike
        self.can_hold = can_hold
        self.left = left
        self.certain = True

    def smallest(self) -> tuple[list[int], bool]:
        """As `smallest_conflict`."""
        ways: list[list[int]] = []
        at_least, half = 0, self.left() / 2
        for _ in range(ROUNDS):
            kept = _fewest_meeting([len(group) for group in self.alike], ways, self.left() - half)
            if kept is None:
                break
            at_least = sum(kept)
            if not self._possible(kept):
                return self._rules(kept), True
            if not self.certain:
                break
            self._grow(kept)
            if not self.certain:
                break
            ways.append(kept)
        best = min(map(self._without_idle, self._orders()), key=sum)
        return self._rules(best), sum(best) == at_least

    def _rules(self, kept: Sequence[int]) -> list[int]:
        return sorted(number for group, n in zip(self.alike, kept, strict=True) for number in group[:n])

    def _possible(self, kept: Sequence[int]) -> bool:
        answer = self.can_hold(self._rules(kept))
        self.certain = self.certain and answer is not None
        return answer is not False

    def _grow(self, kept: list[int]) -> None:
        """Keep as many rules of each kind as can hold together."""
        for kind, group in enumerate(self.alike):
            while kept[kind] < len(group):
                kept[kind] += 1
                if not self._possible(kept):
                    kept[kind] -= 1
                    break

    def _orders(self) -> Iterator[list[int]]:
        kinds = list(range(len(self.alike)))
        yield kinds
        yield kinds[::-1]
        shuffle = random.Random(SEED).shuffle
        for _ in range(ORDERS - 2):
            shuffle(kinds)
            yield kinds

    def _without_idle(self, order: Sequence[int]) -> list[int]:
        """All rules, less those that can be dropped, tried in this order of their kinds."""
        kept = [len(group) for group in self.alike]
        for kind in order:
            while kept[kind]:
                kept[kind] -= 1
                if self._possible(kept):
                    kept[kind] += 1
                    break
        return kept


def _fewest_meeting(sizes: Sequence[int], ways: Sequence[Sequence[int]], seconds: float) -> list[int] | None:
    """Fewest rules, so many of each kind, that are not all among those that some way keeps; None if time ran out."""
    if seconds <= 0:
        return None
    model = cp_model.CpModel()
    taken = [model.new_int_var(0, size, "") for size in sizes]
    for way in ways:
        beyond = []
        for kind, kept in enumerate(way):
            if kept < sizes[kind]:
                more = model.new_bool_var("")
                model.add(taken[kind] > kept).only_enforce_if(more)
                beyond.append(more)
        model.add_bool_or(beyond)
    model.minimize(cp_model.LinearExpr.sum(taken))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) != cp_model.OPTIMAL:
        return None
    return [solver.value(number) for number in taken]
