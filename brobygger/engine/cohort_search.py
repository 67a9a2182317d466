# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Several groups at once: a bound from all groups taken together, and groups that come near it.

Which of many equal groups somebody is in is what makes the proof slow. Taken together the groups are one large
one in which a value may count once for each group; its optimum, found at once, bounds theirs. Annealing then
spreads people over the groups; where it reaches the bound, the proof is complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from ortools.sat.python import cp_model

from brobygger.engine.cohort_kernels import anneal
from brobygger.engine.cohort_rules import MANY, Rules

STEPS = 3_000_000
SEED = 2026
Values = Sequence[Mapping[str, frozenset[str]]]


def bearers(values: Values, attribute: str) -> dict[str, list[int]]:
    """Value of the attribute → the numbers of those who have it, values in order."""
    found: dict[str, list[int]] = {}
    for number, own in enumerate(values):
        for value in own.get(attribute, ()):
            found.setdefault(value, []).append(number)
    return dict(sorted(found.items()))


def bound_together(
    values: Values, number: Mapping[str, int], rules: Rules, solver: cp_model.CpSolver
) -> tuple[int, list[bool]] | None:
    """What all groups together cannot exceed, and who was in them; None where even that was not found."""
    cp, k = cp_model.CpModel(), rules.groups
    inside = [cp.new_bool_var("") for _ in values]
    wild = [cp.new_bool_var("") for _ in values] if rules.wildcards else []
    for freed, member in zip(wild, inside, strict=False):
        cp.add_implication(freed, member)
    if wild:
        cp.add(cp_model.LinearExpr.sum(wild) <= rules.wildcards * k)

    def between(people: Sequence[int], least: int, most: int, freed: bool = True) -> None:
        counted: list[cp_model.LinearExprT] = [
            inside[n] - wild[n] if wild and freed else inside[n] for n in people
        ]
        cp.add_linear_constraint(cp_model.LinearExpr.sum(counted), least * k, most * k)

    for rule in rules.rules:
        if rule.kind == "size":
            between(range(len(values)), rule.least, rule.most, freed=False)
        elif rule.kind == "must":
            cp.add_bool_and([inside[number[rule.ids[0]]]])
        elif rule.kind == "apart":
            between([number[id_] for id_ in rule.ids], 0, 1, freed=False)
        elif rule.kind == "quota":
            between(bearers(values, rule.attribute).get(rule.value, []), rule.least, rule.most)
        else:
            for people in bearers(values, rule.attribute).values():
                between(people, 0, rule.most)
    covered = []
    for attribute in rules.cover:
        for people in bearers(values, attribute).values():
            times = cp.new_int_var(0, min(k, len(people)), "")
            cp.add(times <= cp_model.LinearExpr.sum([inside[n] for n in people]))
            covered.append(times)
    cp.maximize(cp_model.LinearExpr.sum(covered))
    if solver.solve(cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return int(solver.best_objective_bound + 1e-6), [solver.boolean_value(member) for member in inside]


def spread(
    values: Values, number: Mapping[str, int], rules: Rules, chosen: Sequence[bool], goal: int
) -> list[int]:
    """The group of each person (-1 for none) in the best groups that annealing met. Not all rules need hold."""
    least: list[int] = []
    most: list[int] = []
    covers: list[int] = []
    own: list[list[int]] = [[] for _ in values]

    def feature(people: Sequence[int], at_least: int, at_most: int, counts: bool = False) -> None:
        for person in people:
            own[person].append(len(least))
        least.append(at_least)
        most.append(at_most)
        covers.append(counts)

    must = np.zeros(len(values), np.bool_)
    for rule in rules.rules:
        if rule.kind == "size":
            feature(range(len(values)), rule.least, rule.most)
        elif rule.kind == "must":
            must[number[rule.ids[0]]] = True
        elif rule.kind == "apart":
            feature([number[id_] for id_ in rule.ids], 0, 1)
        elif rule.kind == "quota":
            feature(bearers(values, rule.attribute).get(rule.value, []), rule.least, rule.most)
        else:
            for people in bearers(values, rule.attribute).values():
                feature(people, 0, rule.most)
    for attribute in rules.cover:
        for people in bearers(values, attribute).values():
            feature(people, 0, MANY, counts=True)
    start = np.cumsum([0, *map(len, own)]).astype(np.int64)
    features = np.array([f for some in own for f in some], dtype=np.int64)
    group = np.full(len(values), -1, dtype=np.int64)
    picked = np.flatnonzero(chosen)
    group[picked] = np.arange(len(picked)) % rules.groups
    lowest, highest, counted = (np.array(column, dtype=np.int64) for column in (least, most, covers))
    _, found = anneal(
        rules.groups, start, features, lowest, highest, counted, must, group, float(goal), STEPS, SEED
    )
    return [int(g) for g in found]
