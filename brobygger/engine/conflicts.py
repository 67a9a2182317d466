# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The smallest set of rules that cannot hold together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ortools.sat.python import cp_model

ROUNDS = 200

Check = Callable[[Collection[int]], bool | None]


def smallest_conflict(n: int, can_hold: Check) -> tuple[list[int], bool]:
    """Numbers of a smallest set of the n rules that cannot hold together, and whether it surely is the smallest.

    All n together must be impossible; `can_hold` tells whether some of them can hold (None: not known, taken as
    yes). Every conflict breaks each way of making the rest possible by dropping rules; so the smallest set
    that meets all such ways found so far is a conflict already, or shows one more way (Ignatiev, Previti,
    Liffiton and Marques-Silva 2015, "Smallest MUS extraction with minimal hitting set dualization"). After
    `ROUNDS` rounds a set from which no single rule can be dropped is returned instead.
    """
    certain = True

    def possible(kept: Collection[int]) -> bool:
        nonlocal certain
        answer = can_hold(sorted(kept))
        certain = certain and answer is not None
        return answer is not False

    to_meet: list[list[int]] = []
    for _ in range(ROUNDS):
        kept = _smallest_meeting(n, to_meet)
        if not possible(kept):
            return sorted(kept), certain
        for rule in range(n):
            if rule not in kept and possible(kept | {rule}):
                kept.add(rule)
        to_meet.append([rule for rule in range(n) if rule not in kept])
        if not to_meet[-1]:
            break
    return _without_idle_rules(range(n), possible), False


def _smallest_meeting(n: int, sets: Sequence[Sequence[int]]) -> set[int]:
    """A smallest set of numbers below n that shares one with each of the sets."""
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(n)]
    for numbers in sets:
        model.add_bool_or([taken[number] for number in numbers])
    model.minimize(cp_model.LinearExpr.sum(taken))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    solver.solve(model)
    return {number for number in range(n) if solver.boolean_value(taken[number])}


def _without_idle_rules(rules: Collection[int], possible: Callable[[Collection[int]], bool]) -> list[int]:
    kept = list(rules)
    for rule in list(rules):
        rest = [other for other in kept if other != rule]
        if not possible(rest):
            kept = rest
    return kept
