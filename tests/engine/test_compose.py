# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Groups composed under rules."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, combinations, product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brobygger.engine import cohort_model, compose, conflicts
from brobygger.engine.cohort_rules import Rule, parse_rules
from brobygger.engine.compose import Applicant, Impossible, Place
from brobygger.engine.errors import InputError

Groups = list[list[Applicant]]
ATTRIBUTES = ("town", "skill")


def values(person: Applicant, attribute: str) -> set[str]:
    return set(person.attributes[attribute].split(";")) - {""}


def counts_hold(rule: Rule, counted: Sequence[Applicant]) -> bool:
    having = [v for person in counted for v in values(person, rule.attribute)]
    if rule.kind == "quota":
        return rule.least <= having.count(rule.value) <= rule.most
    return all(having.count(value) <= rule.most for value in having)


def group_holds(rules: Sequence[Rule], group: Sequence[Applicant], wildcards: int) -> bool:
    ids = [person.id for person in group]
    if not all(rule.least <= len(group) <= rule.most for rule in rules if rule.kind == "size"):
        return False
    if not all(sum(id_ in ids for id_ in rule.ids) <= 1 for rule in rules if rule.kind == "apart"):
        return False
    freed = chain.from_iterable(combinations(group, n) for n in range(wildcards + 1))
    counted = [rule for rule in rules if rule.kind in ("quota", "max_same")]
    return any(
        all(counts_hold(rule, [p for p in group if p not in wild]) for rule in counted) for wild in freed
    )


def every_way(people: Sequence[Applicant], groups: int) -> Iterator[Groups]:
    for where in product(range(groups + 1), repeat=len(people)):
        yield [[p for p, g in zip(people, where, strict=True) if g == n] for n in range(1, groups + 1)]


def holds(rules: Sequence[Rule], groups: Groups, wildcards: int) -> bool:
    chosen = {person.id for group in groups for person in group}
    required = {rule.ids[0] for rule in rules if rule.kind == "must"}
    return required <= chosen and all(group_holds(rules, group, wildcards) for group in groups)


def covered(groups: Groups, cover: Sequence[str]) -> int:
    return sum(len(set().union(*(values(p, a) for p in group))) for group in groups for a in cover)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Applicant], dict[str, Any]]:
    text = {
        "town": st.sampled_from(["", "N", "S"]),
        "skill": st.lists(st.sampled_from("pqrs"), max_size=2).map(";".join),
    }
    people = [
        Applicant(f"a{i}", {k: draw(v) for k, v in text.items()}) for i in range(draw(st.integers(1, 6)))
    ]
    ids = [person.id for person in people]
    span = st.tuples(st.integers(0, 3), st.integers(0, 2)).map(lambda x: [x[0], x[0] + x[1]])
    rules: dict[str, Any] = {
        "size": draw(span | st.integers(1, 4)),
        "groups": draw(st.integers(1, 2)),
        "quota": {"town": draw(st.dictionaries(st.sampled_from("NS"), span, max_size=2))},
        "max_same": draw(st.dictionaries(st.sampled_from(ATTRIBUTES), st.integers(1, 2), max_size=2)),
        "apart": draw(st.lists(st.lists(st.sampled_from(ids), max_size=3), max_size=2)),
        "must": draw(st.lists(st.sampled_from(ids), max_size=2)),
        "wildcards": draw(st.integers(0, 2)),
        "cover": draw(st.lists(st.sampled_from(ATTRIBUTES), unique=True, min_size=1)),
    }
    return people, rules


@settings(deadline=None, max_examples=80)
@given(cases())
def test_the_groups_keep_every_rule_and_cover_as_much_as_trying_everything(
    case: tuple[list[Applicant], dict[str, Any]],
) -> None:
    people, data = case
    rules = parse_rules(data, {p.id for p in people}, set(ATTRIBUTES))
    possible = [w for w in every_way(people, rules.groups) if holds(rules.rules, w, rules.wildcards)]
    if not possible:
        with pytest.raises(Impossible):
            compose(people, data)
        return
    found = compose(people, data)
    groups = [[p for p in people if Place(g, p.id) in found.places] for g in range(1, rules.groups + 1)]
    assert holds(rules.rules, groups, rules.wildcards)
    assert len({place.id for place in found.places}) == len(found.places)
    assert found.status == "optimal"
    assert found.objective == found.bound == covered(groups, rules.cover)
    assert found.objective == max(covered(way, rules.cover) for way in possible)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_the_conflict_told_is_impossible_and_no_smaller_set_of_rules_is(
    case: tuple[list[Applicant], dict[str, Any]],
) -> None:
    people, data = case
    people = people[:4]
    ids = {p.id for p in people}
    data["must"] = [id_ for id_ in data["must"] if id_ in ids]
    data["apart"] = [[id_ for id_ in group if id_ in ids] for group in data["apart"]]
    rules = parse_rules(data, ids, set(ATTRIBUTES))
    ways = list(every_way(people, rules.groups))

    def impossible(kept: Sequence[Rule]) -> bool:
        return not any(holds(kept, way, rules.wildcards) for way in ways)

    assume(impossible(rules.rules))
    with pytest.raises(Impossible) as error:
        compose(people, data)
    told = [name.split(" in ")[0] for name in error.value.rules]  # the size in so many groups
    conflict = [rule for rule in rules.rules if rule.name in told]
    assert error.value.smallest
    assert impossible(conflict)
    assert not any(impossible(kept) for kept in combinations(rules.rules, len(error.value.rules) - 1))


def cohort(**towns: int) -> list[Applicant]:
    return [
        Applicant(f"{t}{i}", {"town": t, "trade": f"{t}{i % 4}"}) for t, n in towns.items() for i in range(n)
    ]


def test_a_cohort_of_half_from_each_of_two_municipalities() -> None:
    rules = {"size": 25, "quota": {"town": {"N": [12, 13], "S": [12, 13]}}, "cover": ["trade"]}
    found = compose(cohort(N=30, S=20), rules)
    towns = [place.id[0] for place in found.places]
    assert len(towns) == 25
    assert sorted((towns.count("N"), towns.count("S"))) == [12, 13]
    assert (found.objective, found.bound, found.status, found.wildcards) == (8, 8, "optimal", ())


def test_a_wildcard_brings_in_what_the_quota_would_have_kept_out() -> None:
    people = [Applicant(id_, {"town": "N", "trade": "wood"}) for id_ in "abcd"]
    people.append(Applicant("x", {"town": "X", "trade": "glass"}))
    rules = {"size": 4, "quota": {"town": {"N": [3, 4], "X": 0}}, "cover": ["trade"]}
    assert compose(people, rules).objective == 1
    found = compose(people, rules | {"wildcards": 1})
    assert (found.objective, found.wildcards) == (2, ("x",))


def test_competitors_are_kept_out_of_each_others_group() -> None:
    found = compose(cohort(N=4), {"size": 2, "groups": 2, "apart": [["N0", "N1"]], "must": ["N0", "N1"]})
    group = {place.id: place.group for place in found.places}
    assert group["N0"] != group["N1"]


def test_no_more_than_the_allowed_number_share_a_value() -> None:
    found = compose(cohort(N=12), {"size": 8, "max_same": {"trade": 2}})
    trades = [int(place.id[1:]) % 4 for place in found.places]
    assert all(trades.count(trade) == 2 for trade in range(4))


def test_the_same_input_gives_the_same_groups() -> None:
    rules = {"size": 10, "groups": 2, "cover": ["trade"]}
    assert compose(cohort(N=40), rules) == compose(cohort(N=40), rules)


def test_only_the_rules_that_clash_are_named() -> None:
    rules = {"size": 3, "apart": [["N0", "N1", "N2"]], "must": ["N0", "N3", "N2"], "max_same": {"town": 9}}
    with pytest.raises(Impossible) as error:
        compose(cohort(N=6), rules)
    assert error.value.rules == ("apart N0, N1, N2", "must N0", "must N2")


def test_too_few_applicants_make_the_size_impossible_by_itself() -> None:
    with pytest.raises(Impossible) as error:
        compose(cohort(N=2), {"size": 3, "must": ["N0"]})
    assert error.value.rules == ("size 3",)


@pytest.mark.parametrize(
    ("rules", "column"),
    [
        ({}, "size"),
        ({"size": "many"}, "size"),
        ({"size": [3]}, "size"),
        ({"size": [4, 3]}, "size"),
        ({"size": -1}, "size"),
        ({"size": 2.5}, "size"),
        ({"size": True}, "size"),
        ({"size": 2, "sise": 3}, "sise"),
        ({"size": 2, "groups": 0}, "groups"),
        ({"size": 2, "quota": []}, "quota"),
        ({"size": 2, "quota": {"planet": {"N": 1}}}, "quota.planet"),
        ({"size": 2, "quota": {"town": {"N": [2, 1]}}}, "quota.town.N"),
        ({"size": 2, "max_same": {"planet": 1}}, "max_same.planet"),
        ({"size": 2, "apart": ["N0"]}, "apart[0]"),
        ({"size": 2, "apart": [["N0", "nobody"]]}, "apart[0]"),
        ({"size": 2, "must": ["nobody"]}, "must"),
        ({"size": 2, "must": [3]}, "must"),
        ({"size": 2, "wildcards": -1}, "wildcards"),
        ({"size": 2, "cover": ["planet"]}, "cover"),
    ],
)
def test_rules_that_make_no_sense_are_named(rules: dict[str, Any], column: str) -> None:
    with pytest.raises(InputError) as error:
        compose(cohort(N=3), rules)
    assert (error.value.file, error.value.column) == ("rules", column)


def test_an_applicant_who_stands_twice_is_named() -> None:
    with pytest.raises(InputError) as error:
        compose([*cohort(N=1), *cohort(N=1)], {"size": 1})
    assert (error.value.file, error.value.line, error.value.column) == ("applicants", 2, "id")


def test_far_more_groups_than_people_are_answered_without_a_model_of_them_all() -> None:
    people = [Applicant("a", {"skill": "x"}), Applicant("b", {"skill": "y"})]
    with pytest.raises(Impossible) as told:
        compose(people, {"size": 2, "groups": 1_000_000})
    assert told.value.rules == ("size 2 in 1000000 groups (2000000 of 2 people)",)
    found = compose(people, {"size": [0, 2], "groups": 1_000_000, "cover": ["skill"]})
    assert (found.objective, found.status) == (2, "optimal")


def test_where_nobody_applied_any_attribute_may_be_named() -> None:
    assert compose([], {"size": [0, 2], "cover": ["skill"], "max_same": {"town": 1}}).places == ()
    with pytest.raises(Impossible):
        compose([], {"size": 2, "cover": ["skill"]})


def test_where_groups_make_the_size_impossible_both_are_named() -> None:
    with pytest.raises(Impossible) as told:
        compose(cohort(N=9), {"size": 5, "groups": 2})
    assert told.value.rules == ("size 5 in 2 groups (10 of 9 people)",)


def test_people_whom_no_rule_tells_apart_are_counted_not_tried_one_by_one() -> None:
    """Any 21 of the 40 would do; only the number of them matters, so the smallest set is found all the same."""
    people = cohort(N=40, S=3)
    with pytest.raises(Impossible) as told:
        compose(people, {"size": [0, 20], "must": [p.id for p in people], "max_same": {"town": 30}})
    assert told.value.smallest
    assert len(told.value.rules) == 22
    assert "not surely" not in str(told.value)


def test_where_the_rounds_end_the_smallest_of_several_orders_is_told_and_that_it_may_not_be_the_smallest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def can_hold(kept: Collection[int]) -> bool:
        return not ({0} <= set(kept) or {1, 2} <= set(kept))

    monkeypatch.setattr(conflicts, "ROUNDS", 0)
    assert conflicts.smallest_conflict([[0], [1], [2]], can_hold, lambda: 1.0) == ([0], False)
    with pytest.raises(Impossible, match=r"size \[0, 3\]; must N0.*not surely the smallest") as told:
        compose(cohort(N=6), {"size": [0, 3], "must": ["N0", "N1", "N2", "N3"]})
    assert not told.value.smallest


def test_naming_the_rules_that_clash_keeps_to_the_time_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which every look takes a minute: nothing is tried any more, and that is said."""
    minutes = itertools.count()
    monkeypatch.setattr(cohort_model.time, "monotonic", lambda: 60.0 * next(minutes))
    with pytest.raises(Impossible) as told:
        compose(cohort(N=6), {"size": 3, "apart": [["N0", "N1"]], "must": ["N0", "N1"]}, seconds=30)
    assert told.value.rules == ("size 3", "apart N0, N1", "must N0", "must N1")
    assert not told.value.smallest
