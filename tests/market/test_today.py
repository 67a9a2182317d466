# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The worklist: what a consultant with twenty minutes sees first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.models import Letter
from brobygger.market.models import Introduction, Listing, Match, Suggestion
from brobygger.market.queries.worklist import worklist
from brobygger.market.services.matches import write_note
from tests.factories import (
    DeliveryFactory,
    ListingFactory,
    MatchFactory,
    OrganisationFactory,
    SuggestionFactory,
    user_as,
)
from tests.market.line import Line, make_line

Stage = Match.Stage


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def work(line: Line, *, mine: bool = True):
    return worklist(line.consultant, line.operator, mine=mine)


def day(plus: int = 0):
    return timezone.localdate() + timedelta(days=plus)


def test_what_is_due_comes_with_the_overdue_first(line: Line) -> None:
    late = make_line(line.operator, line.consultant)
    line.at_stage(Stage.DIALOGUE, follow_up_on=day())
    late.at_stage(Stage.DIALOGUE, follow_up_on=day(-3))
    make_line(line.operator, line.consultant).at_stage(Stage.DIALOGUE, follow_up_on=day(1))
    assert list(work(line).follow_ups) == [late.match, line.match]


def test_what_is_over_needs_no_follow_up(line: Line) -> None:
    line.at_stage(Stage.ENDED, follow_up_on=day(-3))
    assert work(line).is_empty


@pytest.mark.parametrize(
    ("stage", "days", "told"),
    [
        (Stage.CHOSEN, 2, False),
        (Stage.CHOSEN, 4, True),
        (Stage.INTRODUCED, 13, False),
        (Stage.INTRODUCED, 15, True),
        (Stage.DIALOGUE, 31, True),
        (Stage.RUNNING, 300, False),
    ],
)
def test_a_match_that_stands_still_too_long_is_told(line: Line, stage: str, days: int, told: bool) -> None:
    line.at_stage(stage, stage_at=timezone.now() - timedelta(days=days, hours=1))
    assert [(row.why, row.days) for row in work(line).waiting] == ([("still", days)] if told else [])


def test_a_match_with_a_planned_follow_up_may_stand_still(line: Line) -> None:
    line.at_stage(Stage.INTRODUCED, stage_at=timezone.now() - timedelta(days=60), follow_up_on=day(10))
    assert work(line).is_empty


@pytest.mark.parametrize(
    ("state", "minutes", "told"),
    [("failed", 0, True), ("sending", 11, True), ("sending", 1, False), ("sent", 0, False)],
)
def test_a_letter_that_did_not_get_through_is_told(line: Line, state: str, minutes: int, told: bool) -> None:
    line.at_stage(Stage.INTRODUCED)
    letter = Letter.objects.create(
        to=["a@example.invalid"], state=state, try_after=timezone.now() - timedelta(minutes=minutes)
    )
    Introduction.objects.create(match=line.match, letter=letter)
    assert [row.why for row in work(line).waiting] == (["letter"] if told else [])


def test_a_firm_that_wrote_waits_until_the_office_has_answered(line: Line) -> None:
    line.at_stage(Stage.INTRODUCED)
    write_note(line.match, "Vi vil gerne, men hvad med transporten?", line.brewer(), private=False)
    assert [row.why for row in work(line).waiting] == ["answer"]
    write_note(line.match, "Jeg ringer", line.consultant, private=True)
    assert work(line).is_empty


def test_a_firm_that_is_interested_in_a_suggestion_is_told(line: Line) -> None:
    asking = SuggestionFactory(
        have=ListingFactory(organisation=line.match.giver), giver_interested_at=timezone.now()
    )
    assert [row.pk for row in work(line).asking] == [asking.pk]


def test_the_best_new_suggestions_come_first_with_those_put_off_until_now(line: Line) -> None:
    def suggest(score: float, **fields: object) -> Suggestion:
        return SuggestionFactory(have=ListingFactory(organisation=line.match.giver), score=score, **fields)

    back = suggest(0.9, state=Suggestion.State.PUT_OFF, put_off_until=day())
    new = suggest(0.95)
    weak = suggest(0.2)
    suggest(0.99, state=Suggestion.State.PUT_OFF, put_off_until=day(1))
    suggest(0.99, state=Suggestion.State.DECLINED)
    assert [row.pk for row in work(line).best] == [new.pk, back.pk, weak.pk]


def test_mine_and_all(line: Line) -> None:
    colleague = user_as(Role.CONSULTANT, line.operator)
    theirs = make_line(line.operator, colleague)
    for each in (line, theirs):
        each.at_stage(Stage.DIALOGUE, follow_up_on=day())
    untaken = MatchFactory(
        have__organisation__operator=line.operator, stage=Stage.DIALOGUE, follow_up_on=day()
    )
    assert set(work(line).follow_ups) == {line.match, untaken}
    assert set(work(line, mine=False).follow_ups) == {line.match, theirs.match, untaken}


def test_the_neighbours_work_is_not_here(line: Line) -> None:
    neighbour = user_as(Role.CONSULTANT)
    line.at_stage(Stage.DIALOGUE, follow_up_on=day())
    assert worklist(neighbour, neighbour.memberships.get().operator, mine=False).is_empty


def test_the_year_so_far_counts_what_was_agreed_and_moved(line: Line) -> None:
    agreement = line.agreed(agreed_on=day(), starts_on=day())
    DeliveryFactory(agreement=agreement, on=day(), quantity=4, tonnes=4)
    DeliveryFactory(agreement=agreement, on=day(-400), quantity=9, tonnes=9)
    year = work(line).year
    assert (year.agreed, year.moved.tonnes) == (1, 4)


def test_the_page_tells_what_to_do(as_consultant: Client, line: Line) -> None:
    line.at_stage(Stage.INTRODUCED, follow_up_on=day(-1), follow_up_about="Har de talt sammen?")
    SuggestionFactory(
        have=ListingFactory(organisation=line.match.giver, resource_type="spent_grain"),
        reason="Mask bruges som kvægfoder; 27 km væk.",
        dkk_year=12000,
    )
    page = as_consultant.get("/i-dag/").content.decode()
    for told in ("Har de talt sammen?", "skulle være gjort", "27 km", "12.000 kr.", "Mask"):
        assert told in page


def test_an_empty_day_says_what_to_do_next(as_consultant: Client) -> None:
    page = as_consultant.get("/i-dag/").content.decode()
    assert "Der er intet, der venter på dig" in page
    assert "Har og mangler" in page


def test_the_worklist_is_for_the_office(operator: Operator, sign_in, client: Client) -> None:
    assert sign_in(user_as(Role.FIRM, operator)).get("/i-dag/").status_code == 403
    assert sign_in(user_as(Role.ADMIN, operator)).get("/i-dag/").status_code == 403
    assert client.get("/i-dag/").status_code == 302


def test_the_queries_do_not_grow_with_the_work(
    as_consultant: Client, consultant: User, operator: Operator
) -> None:
    counts = []
    for more in (3, 9):
        for number in range(more):
            each = make_line(operator, consultant)
            each.at_stage(
                Stage.DIALOGUE,
                follow_up_on=day() if number % 2 else None,
                stage_at=timezone.now() - timedelta(days=90),
            )
            write_note(each.match, "Hvornår?", each.brewer(), private=False)
            SuggestionFactory(have=ListingFactory(organisation=OrganisationFactory(operator=operator)))
        with CaptureQueriesContext(connection) as queries:
            assert as_consultant.get("/i-dag/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_neighbours_confidential_listing_is_in_no_line(line: Line) -> None:
    Listing.objects.filter(pk=line.match.have_id).update(
        operator=user_as(Role.CONSULTANT).memberships.get().operator, visibility=Listing.Visibility.BROKER
    )
    Match.objects.update(follow_up_on=day())
    assert work(line, mine=False).is_empty
