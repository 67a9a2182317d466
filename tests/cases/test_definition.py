# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case type that nobody could run is refused when it is adopted, and running cases keep the version they began with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brobygger.blueprints import queries
from brobygger.blueprints.errors import BadDefinition
from brobygger.blueprints.reading import read
from brobygger.cases.deciding import Result, result, together
from brobygger.cases.definition import Ballot, CaseType, Majority
from tests.cases.made import TRIAL, fresh, opened, trial


def test_every_delivered_type_can_be_run() -> None:
    assert {"building_case", "grant_application", "symbiosis_plan"} <= {
        s.content.key for s in queries.shipped("case_type")
    }


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("to: ready", "to: nowhere", "som ikke findes"),
        ("of: bank", "of: king", "hverken sagsbehandler eller part"),
        ("needs_fields: [amount]", "needs_fields: [sum]", "»sum« findes ikke"),
        ("needs_checks: [read]", "needs_checks: [sung]", "»sung« findes ikke"),
        ("rule: nobody_is_waiting", "rule: magic", "»magic« findes ikke"),
        ("most: 500000", "mest: 500000", "kan ikke bruges sådan"),
        ("letter: granted", "letter: gone", "»gone« findes ikke"),
        ("{begrundelse}", "{grund}", "grund"),
        ("pauses: [applicant, authority]", "pauses: [lunch]", "»lunch« findes ikke"),
        ("starts: [complete]", "starts: [never]", "»never« findes ikke"),
        ("key: withdrawn, name", "key: received, name", "to gange"),
        ("kle: 24.10.00", "kle: 24.1", "kle"),
        ("key: bank, name: Bank", "key: bank, proposed_by: nothing, name: Bank", "»nothing« findes ikke"),
        ("key: bank, name: Bank", "key: bank, proposed_by: amount, name: Bank", "ikke fra en liste"),
        ("how: majority", "how: most", "skal være en af disse"),
        ("to: closed, name: Luk", "to: received, name: Luk", "Ingen vej fører til »closed«"),
    ],
)
def test_what_does_not_fit_is_told(old: str, new: str, words: str) -> None:
    assert old in TRIAL
    with pytest.raises(BadDefinition) as told:
        read(TRIAL.replace(old, new), CaseType, "x.yaml")
    assert words in str(told.value)


def test_a_running_case_keeps_its_version(operator) -> None:
    case = opened(operator)
    trial(operator, TRIAL.replace("goal_days: 40", "goal_days: 30").replace("name: Modtaget", "name: Landet"))
    assert fresh(case).at_stage.name == "Modtaget"
    assert opened(operator).at_stage.name == "Landet"


@given(
    entitled=st.sets(st.integers(1, 9), max_size=9),
    votes=st.dictionaries(st.integers(1, 12), st.sampled_from(["yes", "no", "abstain"]), max_size=9),
    quorum=st.integers(1, 6),
)
def test_a_majority_once_reached_is_not_changed_by_those_who_have_not_voted(entitled, votes, quorum) -> None:
    ballot = Ballot(of="group", name="Gruppe", how=Majority.MAJORITY, quorum=quorum)
    now = result(ballot, entitled, votes)
    waiting = entitled - votes.keys()
    for answer in ("yes", "no", "abstain"):
        later = result(ballot, entitled, {**votes, **dict.fromkeys(waiting, answer)})
        assert now == Result.OPEN or later == now
    mine = [answer for voter, answer in votes.items() if voter in entitled]
    if now == Result.YES:
        assert mine.count("yes") > mine.count("no")
        assert len(mine) >= quorum
    if len(mine) < quorum:
        assert now == Result.OPEN


@given(
    entitled=st.sets(st.integers(1, 6), max_size=6),
    yes=st.sets(st.integers(1, 9)),
    no=st.sets(st.integers(1, 9)),
)
def test_unanimity_is_everybody(entitled, yes, no) -> None:
    ballot = Ballot(of="group", name="Gruppe", how=Majority.UNANIMOUS)
    votes = dict.fromkeys(yes, "yes") | dict.fromkeys(no, "no")
    expected = Result.NO if no & entitled else Result.YES if entitled and entitled <= yes else Result.OPEN
    assert result(ballot, entitled, votes) == expected


@given(st.lists(st.sampled_from(list(Result)), max_size=4))
def test_several_ballots_are_all_needed(results: list[Result]) -> None:
    expected = (
        Result.NO
        if Result.NO in results
        else Result.YES
        if results and set(results) == {Result.YES}
        else Result.OPEN
    )
    assert together(results) == expected
