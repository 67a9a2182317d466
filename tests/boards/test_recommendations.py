# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Recommendations and what became of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.base.versions import EditedMeanwhile
from brobygger.boards.errors import BadValues, NotYourBoard
from brobygger.boards.models import Recommendation
from brobygger.boards.services import recommendations as services
from tests.boards.made import board, day, meeting, partner, recommendation
from tests.dialogue.made import step
from tests.factories import OrganisationFactory

State = Recommendation.State


def answered(given: Recommendation, user, state: str = State.FOLLOWED, **values) -> Recommendation:
    first = {"on": day(), "decided_by": "Økonomiudvalget", "text": "Gøres.", "expected": given.version}
    return services.answer(given, state=state, user=user, **{**first, **values})


def test_each_step_stands_with_its_day_and_the_last_is_where_it_is(operator, consultant) -> None:
    given = recommendation(board(operator), consultant, given_on=day(-20))
    given = answered(given, consultant, State.CONSIDERED, on=day(-10), text="", decided_by="")
    given = answered(given, consultant, State.PARTLY, on=day(-1))
    assert (given.state, given.state_on) == (State.PARTLY, day(-1))
    assert [answer.state for answer in given.answers.all()] == [State.GIVEN, State.CONSIDERED, State.PARTLY]


@pytest.mark.parametrize(
    ("state", "values"),
    [
        (State.FOLLOWED, {"text": ""}),
        (State.DECLINED, {"decided_by": ""}),
        (State.CONSIDERED, {"on": day(1)}),
        (State.CONSIDERED, {"on": day(-21)}),
        ("noget andet", {}),
    ],
    ids=["decided without words", "decided by nobody", "tomorrow", "before it was given", "no state"],
)
def test_an_answer_that_says_too_little_is_refused(operator, consultant, state: str, values) -> None:
    given = recommendation(board(operator), consultant, given_on=day(-20))
    with pytest.raises(BadValues):
        answered(given, consultant, state, **values)
    given.refresh_from_db()
    assert given.state == State.GIVEN


def test_the_second_of_two_answers_at_once_is_told(operator, consultant) -> None:
    given = recommendation(board(operator), consultant)
    answered(given, consultant)
    with pytest.raises(EditedMeanwhile):
        answered(given, consultant, State.DECLINED)
    assert Recommendation.objects.get().state == State.FOLLOWED


def test_on_the_page_both_answers_are_seen_and_saving_again_is_a_decision(
    operator, consultant, as_consultant: Client
) -> None:
    given = recommendation(board(operator), consultant)
    typed = {
        "opened_version": given.version, "state": State.DECLINED, "on": day(), "decided_by": "Rådet", "text": "Nej.",
    }  # fmt: skip
    answered(given, consultant)
    late = as_consultant.post(reverse("boards:answer", args=[given.pk]), typed)
    assert late.status_code == 409
    page = late.content.decode()
    assert "En anden har gemt i mellemtiden" in page
    assert "<td>Ikke fulgt</td><td>Fulgt</td>" in page
    assert "Nej.</textarea>" in page
    again = {**typed, "opened_version": late.context["form"]["opened_version"].value()}
    assert as_consultant.post(reverse("boards:answer", args=[given.pk]), again).status_code == 302
    assert Recommendation.objects.get().state == State.DECLINED


def test_a_meeting_of_another_board_is_refused(operator, consultant) -> None:
    with pytest.raises(BadValues):
        recommendation(board(operator), consultant, meeting=meeting(board(operator)))


def test_it_is_late_when_the_answer_was_due_and_none_decided(operator, consultant) -> None:
    given = recommendation(board(operator), consultant, given_on=day(-20), answer_by=day(-1))
    assert given.is_late
    assert not answered(given, consultant).is_late


def test_what_is_done_about_it_is_the_offices_own_follow_up(operator, consultant) -> None:
    given = recommendation(board(operator), consultant)
    own = step(OrganisationFactory(operator=operator), consultant)
    services.link(given, own, user=consultant)
    assert list(given.follow_ups.all()) == [own]
    services.unlink(given, own, user=consultant)
    assert not given.follow_ups.exists()


def test_a_member_reads_but_does_not_answer(operator, consultant) -> None:
    council = board(operator)
    given = recommendation(council, consultant)
    user = partner(council)
    assert list(Recommendation.objects.visible_to(user)) == [given]
    with pytest.raises(NotYourBoard):
        answered(given, user)
