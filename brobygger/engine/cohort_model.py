# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The integer model of `compose`, and its solving. Importing this module imports CP-SAT; import it where it is used."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from ortools.sat.python import cp_model

from brobygger.engine.cohort_rules import Rule, Rules
from brobygger.engine.cohort_search import bound_together, spread
from brobygger.engine.compose import Applicant, Composition, Impossible, Place, Undecided
from brobygger.engine.conflicts import smallest_conflict

SEED = 2026
SECONDS_PER_CHECK = 10.0
"""Longest time for each question whether some of the rules can hold together."""


def composed(people: Sequence[Applicant], rules: Rules, seconds: float) -> Composition:
    """The groups that cover most. Raises Impossible and Undecided as `compose` does."""
    model = _Model(people, rules, rules.rules)
    began = time.monotonic()
    if rules.groups > 1:
        together = model.near_the_bound(rules, seconds)
        if together is not None:
            return together
    model.cover(rules.cover)
    solver = _solver(max(seconds - (time.monotonic() - began), seconds / 4))
    status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        conflict, smallest = _conflict(people, rules, lambda: began + seconds - time.monotonic())
        raise Impossible([rules.rules[n].name for n in conflict], smallest=smallest)
    if status == cp_model.UNKNOWN and model.met is not None:
        return model.met
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Undecided(f"no composition found within {seconds:g} seconds")
    found = model.composition(solver, "optimal" if status == cp_model.OPTIMAL else "feasible")
    if model.met is not None and model.met.objective > found.objective:
        return replace(model.met, bound=min(found.bound, model.met.bound))
    return found


def _solver(seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    solver.parameters.random_seed = SEED
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = seconds
    return solver


def _conflict(people: Sequence[Applicant], rules: Rules, left: Callable[[], float]) -> tuple[list[int], bool]:
    """The numbers of rules that clash, as few as `left` seconds show, and whether they surely are the fewest."""

    def can_hold(kept: Collection[int]) -> bool | None:
        return _can_hold(people, rules, [rules.rules[n] for n in kept], min(SECONDS_PER_CHECK, left()))

    return smallest_conflict(_alike(people, rules), can_hold, left)


def _alike(people: Sequence[Applicant], rules: Rules) -> list[list[int]]:
    """The rules' numbers, those together that ask for people whom no rule tells apart; every other rule by itself."""
    counted = sorted({rule.attribute for rule in rules.rules} - {""})
    values = {person.id: _values(person) for person in people}
    alike: dict[object, list[int]] = {}
    for number, rule in enumerate(rules.rules):
        kind: object = number
        if rule.kind == "must":
            id_ = rule.ids[0]
            apart = tuple(n for n, r in enumerate(rules.rules) if r.kind == "apart" and id_ in r.ids)
            kind = (apart, tuple(values[id_].get(name, frozenset()) for name in counted))
        alike.setdefault(kind, []).append(number)
    return list(alike.values())


def _can_hold(people: Sequence[Applicant], rules: Rules, kept: Sequence[Rule], seconds: float) -> bool | None:
    """Whether the kept rules can hold together; None where time ran out."""
    if seconds <= 0:
        return None
    status = _solver(seconds).solve(_Model(people, rules, kept).cp)
    return None if status == cp_model.UNKNOWN else status != cp_model.INFEASIBLE


class _Model:
    """The integer model: who is in which group, who of them is a wildcard, which values are covered."""

    def __init__(self, people: Sequence[Applicant], rules: Rules, kept: Iterable[Rule]) -> None:
        self.cp = cp_model.CpModel()
        self.people = people
        self.groups = range(rules.groups)
        self.limit: int | None = None
        self.met: Composition | None = None
        self.values = [_values(person) for person in people]
        self.number = {person.id: n for n, person in enumerate(people)}
        self.member = [[self.cp.new_bool_var("") for _ in self.groups] for _ in people]
        self.wild = (
            [[self.cp.new_bool_var("") for _ in self.groups] for _ in people] if rules.wildcards else []
        )
        for row in self.member:
            self.cp.add_at_most_one(row)
        for n, row in enumerate(self.wild):
            for g in self.groups:
                self.cp.add_implication(row[g], self.member[n][g])
        for g in self.groups if self.wild else ():
            self.cp.add(cp_model.LinearExpr.sum([row[g] for row in self.wild]) <= rules.wildcards)
        for rule in kept:
            self._add(rule)

    def near_the_bound(self, rules: Rules, seconds: float) -> Composition | None:
        """Several groups that reach what all of them together cannot exceed; else None.

        What was found on the way stays: the bound as a limit, the groups as a hint for the search that follows.
        """
        bounded = bound_together(self.values, self.number, rules, _solver(seconds / 4))
        if bounded is None:
            return None
        bound, chosen = bounded
        self.limit = bound
        group = spread(self.values, self.number, rules, chosen, bound)
        fixed = _Model(self.people, rules, rules.rules)
        for row, own in zip(fixed.member, group, strict=True):
            for g in self.groups:
                fixed.cp.add(row[g] == (g == own))
        fixed.cover(rules.cover)
        solver = _solver(seconds / 4)
        if solver.solve(fixed.cp) != cp_model.OPTIMAL:
            return None
        met = fixed.composition(solver, "feasible")
        self.met = replace(met, bound=bound)
        if met.objective == bound:
            return replace(met, status="optimal")
        for row, own in zip(self.member, group, strict=True):
            for g in self.groups:
                self.cp.add_hint(row[g], g == own)
        return None

    def _add(self, rule: Rule) -> None:
        if rule.kind == "must":
            self.cp.add_at_least_one(self.member[self.number[rule.ids[0]]])
        for g in self.groups:
            if rule.kind == "size":
                self._between(rule, [row[g] for row in self.member])
            elif rule.kind == "apart":
                self.cp.add_at_most_one([self.member[self.number[id_]][g] for id_ in rule.ids])
            elif rule.kind == "quota":
                self._between(rule, self._counted(self._having(rule.attribute, rule.value), g))
            elif rule.kind == "max_same":
                for value in sorted({v for values in self.values for v in values.get(rule.attribute, ())}):
                    self._between(rule, self._counted(self._having(rule.attribute, value), g))

    def _having(self, attribute: str, value: str) -> list[int]:
        return [n for n, values in enumerate(self.values) if value in values.get(attribute, ())]

    def _counted(self, people: Collection[int], group: int) -> list[cp_model.LinearExprT]:
        """The members among these people, wildcards not counted."""
        if not self.wild:
            return [self.member[n][group] for n in people]
        return [self.member[n][group] - self.wild[n][group] for n in people]

    def _between(self, rule: Rule, terms: Sequence[cp_model.LinearExprT]) -> None:
        self.cp.add_linear_constraint(cp_model.LinearExpr.sum(list(terms)), rule.least, rule.most)

    def cover(self, attributes: Sequence[str]) -> None:
        """Maximise the number of different values of these attributes, summed over groups."""
        covered = []
        for attribute in attributes:
            for value in sorted({v for values in self.values for v in values.get(attribute, ())}):
                having = self._having(attribute, value)
                for g in self.groups:
                    reached = self.cp.new_bool_var("")
                    self.cp.add_bool_or([self.member[n][g] for n in having] + [reached.negated()])
                    covered.append(reached)
        if self.limit is not None:
            self.cp.add(cp_model.LinearExpr.sum(covered) <= self.limit)
        self.cp.maximize(cp_model.LinearExpr.sum(covered))

    def composition(self, solver: cp_model.CpSolver, status: Literal["optimal", "feasible"]) -> Composition:
        """The solution found, groups in order of their smallest id, members in order of id."""
        chosen = [
            sorted(
                p.id for p, row in zip(self.people, self.member, strict=True) if solver.boolean_value(row[g])
            )
            for g in self.groups
        ]
        chosen.sort(key=lambda ids: (not ids, ids))
        wild = [
            p.id
            for p, row in zip(self.people, self.wild, strict=False)
            if any(map(solver.boolean_value, row))
        ]
        objective, bound = round(solver.objective_value), int(solver.best_objective_bound + 1e-6)
        places = tuple(Place(g, id_) for g, ids in enumerate(chosen, start=1) for id_ in ids)
        return Composition(places, objective, max(objective, bound), status, tuple(sorted(wild)))


def _values(person: Applicant) -> dict[str, frozenset[str]]:
    """Attribute → the person's values."""
    split = {name: {v.strip() for v in text.split(";")} - {""} for name, text in person.attributes.items()}
    return {name: frozenset(values) for name, values in split.items()}
