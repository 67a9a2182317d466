# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Groups composed under rules: a cohort of 25 from two municipalities, classes of 20, a network without rivals.

What is maximised is diversity as linear coverage: in each group, the number of different values that its
members bring for each attribute to be covered. (Pairwise diversity does not solve in time.) Solved by
OR-Tools CP-SAT with a fixed seed and one worker, so the same input gives the same groups wherever the search
ends in proof; where time ends it, a faster machine may have come further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from brobygger.engine.cohort_rules import Rules, parse_rules
from brobygger.engine.errors import InputError, shown


class Applicant(NamedTuple):
    """Somebody who may be chosen. Several values of one attribute are separated by ";"."""

    id: str
    attributes: Mapping[str, str]


class Place(NamedTuple):
    """A place in a group; groups are counted from 1."""

    group: int
    id: str


@dataclass(frozen=True, slots=True)
class Composition:
    """The groups and the proof: no other groups cover more than `bound`.

    `objective` is the number of different values covered, summed over groups and attributes. `status` is
    "optimal" where the bound is reached, "feasible" where time ran out first. `wildcards` are the ids in
    the places that the quotas and limits needed freed; it may be empty although wildcards were allowed.
    """

    places: tuple[Place, ...]
    objective: int
    bound: int
    status: Literal["optimal", "feasible"]
    wildcards: tuple[str, ...] = ()


class Impossible(ValueError):
    """The rules cannot all hold. `rules` is a smallest set that already cannot: drop one, and the others can.

    `smallest` is False where time did not allow to show that there is no smaller one; some may then even be idle.
    """

    def __init__(self, rules: Sequence[str], *, smallest: bool = True) -> None:
        doubt = "" if smallest else " (not surely the smallest such set)"
        super().__init__("these rules cannot all hold: " + "; ".join(rules) + doubt)
        self.rules = tuple(rules)
        self.smallest = smallest


class Undecided(RuntimeError):
    """Time ran out before a single composition was found, or shown to be impossible."""


def compose(
    applicants: Iterable[Applicant | tuple[str, Mapping[str, str]]],
    rules: Mapping[str, Any],
    *,
    groups: int | None = None,
    seconds: float = 60.0,
) -> Composition:
    """The groups that cover most under the rules. Nobody is in two groups; not everybody need be in one.

    `rules` has the form of the contract's JSON. In each group: `size` members (n or [min, max]); by `quota` so
    many with that value of the attribute; by `max_same` at most so many who share a value of the attribute
    (an empty value is shared by nobody); of each list in `apart` at most one. Everybody in `must` is in a group.
    Up to `wildcards` members of each group are freed from `quota` and `max_same`: they are not counted there,
    but they count for size, `apart`, `must` and coverage. So wildcards go where the rules would otherwise
    keep out somebody who brings something new. `groups` overrides the number in the rules.

    Raises InputError on repeated ids and on rules not understood, Impossible where the rules cannot all hold,
    Undecided where `seconds` were too few. Naming the rules that clash takes no longer than what is left of `seconds`.
    """
    people = [Applicant(*applicant) for applicant in applicants]
    seen: set[str] = set()
    for line, person in enumerate(people, start=1):
        if person.id in seen:
            raise InputError("applicants", line, "id", f"each id once, found {shown(person.id)} again")
        seen.add(person.id)
    parsed = parse_rules(rules if groups is None else {**rules, "groups": groups}, seen, _columns(people))
    from brobygger.engine.cohort_model import composed  # CP-SAT is slow to import

    return composed(people, _no_more_groups_than_matter(parsed, len(people)), seconds)


def _columns(people: Sequence[Applicant]) -> set[str] | None:
    """The attributes that there are; None where there is nobody to have any."""
    return {name for person in people for name in person.attributes} if people else None


def _no_more_groups_than_matter(rules: Rules, people: int) -> Rules:
    """The same question with at most one group more than there are people: the others are empty as that one is.

    Raises Impossible where there are too few people to fill the groups.
    """
    size = next(rule for rule in rules.rules if rule.kind == "size")
    if size.least * rules.groups > people:
        many = f" in {rules.groups} groups ({size.least * rules.groups} of {people} people)"
        raise Impossible([size.name + many * (rules.groups > 1)])
    return replace(rules, groups=min(rules.groups, people + 1))
