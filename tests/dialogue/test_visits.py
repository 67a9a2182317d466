# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The week's visits: proposed, accepted, moved, skipped and paid, never two for a firm, never more than there is room for."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue.errors import (
    BadValues,
    FullWeek,
    NotYourOffice,
    OnlyHeads,
    PastWeek,
    VisitPlanned,
    VisitSettled,
)
from brobygger.dialogue.models import FollowUp, OutreachSettings, PlannedVisit, PortfolioFirm, VisitCapacity
from brobygger.dialogue.queries import visits as queries
from brobygger.dialogue.services import appointments, follow_ups, interactions, outreach, visits
from brobygger.dialogue.services.appointments import Appointment
from brobygger.register.models import Organisation
from brobygger.register.services_merge import merge
from tests.dialogue.made import day, note, talk
from tests.dialogue.outreach import assessed, member, next_week, proposed, this_week
from tests.factories import OperatorFactory, OrganisationFactory, user_as


def with_room(operator: Operator, most: int) -> None:
    OutreachSettings.objects.update_or_create(operator=operator, defaults={"visits_per_week": most})


def planned(operator: Operator, user: User, **values) -> PlannedVisit:
    firm = member(operator, user).organisation
    return visits.plan_one(operator, firm.pk, values.get("week", next_week()), user, user=user)


def test_the_most_due_and_promising_are_proposed_with_their_reasons(
    operator: Operator, consultant: User
) -> None:
    with_room(operator, 2)
    never, due, lately = (member(operator, consultant).organisation for _ in range(3))
    talk(due, consultant, on=day(-1200))
    talk(lately, consultant, on=day(-10))
    assessed(never, consultant, on=day(-400))
    assert visits.propose(operator, this_week(), user=consultant) == 2
    found = {visit.organisation: queries.why_in_words(visit.why) for visit in proposed(operator)}
    assert found == {
        never: ["aldrig besøgt", "lovende"],
        due: ["sidste samtale for 39 måneder siden"],
    }


def test_what_is_planned_already_takes_up_room(operator: Operator, consultant: User) -> None:
    with_room(operator, 2)
    planned(operator, consultant, week=this_week())
    for _ in range(3):
        member(operator, consultant)
    assert visits.propose(operator, this_week(), user=consultant) == 1
    assert visits.propose(operator, this_week(), user=consultant) == 0


def test_a_firm_with_a_key_account_is_proposed_to_that_one(operator: Operator, consultant: User) -> None:
    other = user_as(Role.CONSULTANT, operator)
    with_room(operator, 5)
    firms = {member(operator, consultant, key_account=other).organisation for _ in range(3)}
    visits.propose(operator, this_week(), user=consultant)
    assert {visit.organisation for visit in proposed(operator)} == firms
    assert {visit.consultant for visit in proposed(operator)} == {other}


def test_a_firm_that_has_ceased_is_not_visited(operator: Operator, consultant: User) -> None:
    firm = member(operator, consultant).organisation
    Organisation.objects.filter(pk=firm.pk).update(status="dissolved")
    assert visits.propose(operator, this_week(), user=consultant) == 0


@given(
    firms=st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 2000)), max_size=14),
    most=st.integers(0, 4),
    own=st.lists(st.none() | st.integers(0, 5), min_size=3, max_size=3),
    rounds=st.integers(1, 3),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db
def test_however_often_and_for_whatever_weeks_nobody_gets_too_much_and_no_firm_two(
    firms, most: int, own, rounds: int
) -> None:
    with transaction.atomic():
        operator = OperatorFactory()
        people = [user_as(Role.CONSULTANT, operator) for _ in range(3)]
        with_room(operator, most)
        for who, room in zip(people, own, strict=True):
            if room is not None:
                VisitCapacity.objects.create(operator=operator, user=who, visits_per_week=room)
        for whose, days in firms:
            firm = OrganisationFactory(operator=operator, x=600_000.0 + 1000 * days, y=6_100_000.0)
            PortfolioFirm.objects.create(
                operator=operator, organisation=firm, key_account=people[whose] if whose < 3 else None
            )
            if days >= 0:
                talk(firm, people[0], on=day(-days))
        for number in range(rounds):
            week = this_week() + timedelta(weeks=number % 2)
            visits.propose(operator, week, user=people[0])
            for visit in proposed(operator)[::2]:
                visits.accept(visit, user=people[0], expected=visit.version)
        rows = list(PlannedVisit.objects.filter(operator=operator))
        assert max(Counter(row.organisation_id for row in rows).values(), default=0) <= 1
        room = queries.capacity(operator, queries.settings_of(operator))
        for (who, _week), count in Counter((row.consultant_id, row.week) for row in rows).items():
            assert count <= room[who]
        transaction.set_rollback(True)


def test_the_database_itself_lets_no_firm_have_two_visits(operator: Operator, consultant: User) -> None:
    first = planned(operator, consultant)
    same = {"operator": operator, "organisation": first.organisation, "consultant": consultant}
    for week in (first.week, first.week + timedelta(weeks=3)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlannedVisit.objects.create(week=week, **same)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedVisit.objects.create(week=first.week + timedelta(days=1), state="done", **same)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedVisit.objects.create(week=first.week, state="skipped", **same)
    PlannedVisit.objects.create(week=first.week, state="skipped", skip_reason="busy", **same)


def test_a_week_in_which_the_firm_was_visited_takes_no_other(operator: Operator, consultant: User) -> None:
    first = planned(operator, consultant)
    PlannedVisit.objects.filter(pk=first.pk).update(state="done")
    with pytest.raises(VisitPlanned):
        visits.plan_one(operator, first.organisation_id, first.week, consultant, user=consultant)


def test_an_accepted_visit_is_a_follow_up_by_the_friday(operator: Operator, consultant: User) -> None:
    visit = visits.accept(planned(operator, consultant), user=consultant, expected=1)
    assert visit.state == "accepted"
    assert (visit.follow_up.due_on, visit.follow_up.assignee) == (
        next_week() + timedelta(days=4),
        consultant,
    )
    with pytest.raises(VisitSettled):
        visits.accept(visit, user=consultant, expected=visit.version)


def test_a_moved_visit_takes_its_follow_up_along(operator: Operator, consultant: User) -> None:
    other = user_as(Role.CONSULTANT, operator)
    visit = visits.accept(planned(operator, consultant), user=consultant, expected=1)
    later = next_week() + timedelta(weeks=2)
    moved = visits.move(visit, week=later, consultant=other, user=consultant, expected=visit.version)
    assert (moved.week, moved.consultant, moved.state) == (later, other, "accepted")
    step = FollowUp.objects.get()
    assert (step.due_on, step.assignee) == (later + timedelta(days=4), other)


def test_nobody_is_moved_into_a_full_week_or_to_a_stranger(operator: Operator, consultant: User) -> None:
    with_room(operator, 1)
    other = user_as(Role.CONSULTANT, operator)
    planned(operator, other)
    visit = planned(operator, consultant)
    with pytest.raises(FullWeek):
        visits.move(visit, week=next_week(), consultant=other, user=consultant, expected=1)
    with pytest.raises(BadValues):
        visits.move(visit, week=next_week(), consultant=user_as(Role.CONSULTANT), user=consultant, expected=1)
    with pytest.raises(FullWeek):
        planned(operator, consultant)


@pytest.mark.parametrize("off", [timedelta(weeks=-1), timedelta(days=1), timedelta(weeks=60)], ids=str)
def test_only_mondays_from_this_week_and_a_year_on_can_be_planned(
    operator: Operator, consultant: User, off: timedelta
) -> None:
    with pytest.raises(PastWeek):
        visits.propose(operator, this_week() + off, user=consultant)
    with pytest.raises(PastWeek):
        planned(operator, consultant, week=this_week() + off)


def test_a_skipped_firm_rests_for_as_long_as_the_reason_says(operator: Operator, consultant: User) -> None:
    with_room(operator, 3)
    member(operator, consultant)
    visits.propose(operator, this_week(), user=consultant)
    (visit,) = proposed(operator)
    with pytest.raises(BadValues):
        visits.skip(visit, reason="whim", user=consultant, expected=1)
    with pytest.raises(BadValues):
        visits.skip(visit, reason="other", user=consultant, expected=1)
    skipped = visits.skip(visit, reason="busy", note="Ferie", user=consultant, expected=1)
    assert skipped.not_before == day(30)
    assert visits.propose(operator, this_week(), user=consultant) == 0
    assert visits.propose(operator, this_week() + timedelta(weeks=6), user=consultant) == 1


def test_skipping_an_accepted_visit_gives_its_follow_up_up(operator: Operator, consultant: User) -> None:
    visit = visits.accept(planned(operator, consultant), user=consultant, expected=1)
    visits.skip(visit, reason="declined", user=consultant, expected=visit.version)
    assert not FollowUp.objects.exists()


def test_a_skipped_visit_can_be_brought_back_while_there_is_room(
    operator: Operator, consultant: User
) -> None:
    with_room(operator, 1)
    visit = visits.skip(planned(operator, consultant), reason="busy", user=consultant, expected=1)
    again = visits.bring_back(visit, user=consultant, expected=visit.version)
    assert (again.state, again.skip_reason, again.not_before) == ("proposed", "", None)
    skipped = visits.skip(again, reason="busy", user=consultant, expected=again.version)
    planned(operator, consultant)
    with pytest.raises(FullWeek):
        visits.bring_back(skipped, user=consultant, expected=skipped.version)


def test_one_that_was_planned_again_meanwhile_is_not_brought_back_beside_it(
    operator: Operator, consultant: User
) -> None:
    visit = visits.skip(planned(operator, consultant), reason="busy", user=consultant, expected=1)
    visits.plan_one(operator, visit.organisation_id, next_week(), consultant, user=consultant)
    with pytest.raises(VisitPlanned):
        visits.bring_back(visit, user=consultant, expected=visit.version)
    with pytest.raises(VisitPlanned):
        visits.plan_one(operator, visit.organisation_id, next_week(), consultant, user=consultant)


def test_only_firms_of_the_portfolio_are_planned(operator: Operator, consultant: User) -> None:
    firm = OrganisationFactory(operator=operator)
    with pytest.raises(BadValues):
        visits.plan_one(operator, firm.pk, next_week(), consultant, user=consultant)


def test_a_visit_that_is_written_down_pays_the_planned_one(operator: Operator, consultant: User) -> None:
    visit = visits.accept(planned(operator, consultant), user=consultant, expected=1)
    talk(visit.organisation, consultant, kind="call")
    visit.refresh_from_db()
    assert visit.state == "accepted", "a call is no visit"
    paid = talk(visit.organisation, consultant, kind="visit")
    visit.refresh_from_db()
    assert (visit.state, visit.interaction) == ("done", paid)
    assert FollowUp.objects.get().is_done
    with pytest.raises(VisitSettled):
        visits.skip(visit, reason="busy", user=consultant, expected=visit.version)


def test_a_visit_that_the_firm_expects_on_a_later_day_is_still_to_be_paid(
    operator: Operator, consultant: User
) -> None:
    visit = planned(operator, consultant)
    begins = timezone.now() + timedelta(days=7)
    wanted = Appointment(begins, begins + timedelta(hours=1))
    appointments.agree(visit, wanted, user=consultant, expected=visit.version)
    talk(visit.organisation, consultant, kind="visit")
    visit.refresh_from_db()
    assert (visit.state, visit.starts_at) == ("accepted", begins)
    assert not FollowUp.objects.get().is_done


@pytest.mark.parametrize("how", ["no visit", "another firm", "deleted"])
def test_what_a_talk_settled_by_mistake_is_open_again(operator: Operator, consultant: User, how: str) -> None:
    visit = visits.accept(planned(operator, consultant), user=consultant, expected=1)
    right = planned(operator, consultant)
    wrong = talk(visit.organisation, consultant, kind="visit")
    meant = {"no visit": {"kind": "call"}, "another firm": {"organisations": [right.organisation]}}
    if how == "deleted":
        interactions.delete(wrong, user=consultant)
    else:
        interactions.correct(
            wrong, note(visit.organisation, consultant, **meant[how]), user=consultant, expected=wrong.version
        )
    visit.refresh_from_db()
    right.refresh_from_db()
    assert (visit.state, visit.interaction) == ("accepted", None)
    assert not FollowUp.objects.get().is_done
    assert right.state == ("done" if how == "another firm" else "proposed")


def test_what_a_deleted_talk_settled_stays_where_the_firm_is_planned_anew(
    operator: Operator, consultant: User
) -> None:
    visit = visits.accept(planned(operator, consultant), user=consultant, expected=1)
    paid = talk(visit.organisation, consultant, kind="visit")
    later = next_week() + timedelta(weeks=1)
    visits.plan_one(operator, visit.organisation_id, later, consultant, user=consultant)
    interactions.delete(paid, user=consultant)
    visit.refresh_from_db()
    assert visit.state == "done"


def test_an_old_visit_written_down_late_pays_nothing(operator: Operator, consultant: User) -> None:
    visit = planned(operator, consultant)
    talk(visit.organisation, consultant, kind="visit", on=day(-40))
    visit.refresh_from_db()
    assert visit.state == "proposed"


def test_a_follow_up_that_was_dropped_leaves_the_visit_in_the_plan(
    operator: Operator, consultant: User
) -> None:
    visit = visits.accept(planned(operator, consultant), user=consultant, expected=1)
    follow_ups.drop(visit.follow_up, user=consultant)
    visit.refresh_from_db()
    assert (visit.state, visit.follow_up) == ("accepted", None)


def test_the_second_of_two_who_decide_is_told(operator: Operator, consultant: User) -> None:
    visit = planned(operator, consultant)
    visits.skip(visit, reason="busy", user=consultant, expected=1)
    with pytest.raises(EditedMeanwhile):
        visits.accept(visit, user=consultant, expected=1)


def test_other_offices_plan_nothing_here(operator: Operator, consultant: User) -> None:
    visit, stranger = planned(operator, consultant), user_as(Role.HEAD)
    with pytest.raises(NotYourOffice):
        visits.propose(operator, this_week(), user=stranger)
    with pytest.raises(NotYourOffice):
        visits.accept(visit, user=stranger, expected=1)
    with pytest.raises(NotYourOffice):
        visits.skip(visit, reason="busy", user=stranger, expected=1)


def test_the_year_is_behind_when_fewer_visits_are_paid_than_should_be(
    operator: Operator, consultant: User
) -> None:
    today = date(timezone.localdate().year - 1, 7, 2)
    firm = member(operator, consultant).organisation
    talk(firm, consultant, on=today.replace(month=2))
    pace = queries.pace(operator, OutreachSettings(operator=operator), today)
    assert (pace.goal, pace.done, pace.expected) == (400, 1, 201)
    assert pace.behind == 200
    assert pace.weeks_left == 21
    assert pace.needed_per_week == pytest.approx(399 / 21)
    assert (pace.portfolio, pace.reached, pace.share_reached) == (1, 1, 1)


def test_the_year_follows_what_is_written_and_taken_away(operator: Operator, consultant: User) -> None:
    today = timezone.localdate()
    settings = OutreachSettings(operator=operator)

    def figures() -> tuple[int, int, int]:
        pace = queries.pace(operator, settings, today)
        return pace.done, pace.portfolio, pace.reached

    assert figures() == (0, 0, 0)
    firm = member(operator, consultant).organisation
    assert figures() == (0, 1, 0)
    visit = talk(firm, consultant, on=today)
    assert figures() == (1, 1, 1)
    kept = OrganisationFactory(operator=operator, cvr=None)
    firm.refresh_from_db()
    merge(kept, firm, chosen={}, expected=(kept.version, firm.version), user=consultant)
    assert figures() == (1, 1, 1)
    member(operator, consultant)
    assert figures() == (1, 2, 1)
    visit.delete()
    assert figures() == (0, 2, 0)


# The office's figures ------------------------------------------------------------------------------


def wanted(**values) -> outreach.Wanted:
    figures = {
        "visits_per_year": 230, "talk_every_months": 24, "visits_per_week": 3, "weeks_per_year": 40,
        "priority_industries": ["C", "62"], "capacities": {},
    }  # fmt: skip
    return outreach.Wanted(**{**figures, **values})


def test_the_head_sets_the_figures_and_each_consultants_room(
    operator: Operator, consultant: User, head: User
) -> None:
    stored = outreach.save(operator, wanted(capacities={consultant.pk: 1}), user=head, expected=1)
    assert (stored.visits_per_year, stored.priority_industries) == (230, ["C", "62"])
    assert queries.capacity(operator, stored) == {consultant.pk: 1, head.pk: 3}
    stored = outreach.save(operator, wanted(capacities={consultant.pk: None}), user=head, expected=2)
    assert queries.capacity(operator, stored)[consultant.pk] == 3


def test_consultants_do_not_set_the_figures(operator: Operator, consultant: User) -> None:
    with pytest.raises(OnlyHeads):
        outreach.save(operator, wanted(), user=consultant, expected=1)


@pytest.mark.parametrize(
    "values", [{"visits_per_year": 0}, {"talk_every_months": 121}, {"priority_industries": ["Ø"]}], ids=str
)
def test_figures_that_make_no_sense_are_refused(operator: Operator, head: User, values) -> None:
    with pytest.raises(BadValues):
        outreach.save(operator, wanted(**values), user=head, expected=1)


def test_the_second_of_two_heads_is_told(operator: Operator, head: User) -> None:
    outreach.save(operator, wanted(), user=head, expected=1)
    with pytest.raises(EditedMeanwhile):
        outreach.save(operator, wanted(), user=head, expected=1)
