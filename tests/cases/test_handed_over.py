# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A colleague's whole work goes to another: firms, follow-ups, visits, cases, matches and booked talks; and back again."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.cases.models import Case
from brobygger.dialogue.errors import OnlyHeads, UndoneAlready
from brobygger.dialogue.models import FollowUp, HandOver, PlannedVisit
from brobygger.dialogue.services import appointments, handing_over, outreach, visits
from brobygger.market.models import Match
from brobygger.outreach.models import Talk
from brobygger.register.models import Person
from tests.cases.made import opened
from tests.dialogue.made import step
from tests.dialogue.outreach import member, next_week
from tests.factories import MatchFactory, OrganisationFactory, firm_user, user_as
from tests.outreach.booked import bookable, booked


@pytest.fixture
def colleague(operator: Operator) -> User:
    return user_as(Role.CONSULTANT, operator, name="Karla")


def everything(operator: Operator, who: User) -> dict[str, object]:
    """One of each kind about one firm, held by one person."""
    row = member(operator, who, key_account=who)
    firm = row.organisation
    return {
        "firms": row,
        "follow_ups": step(firm, who),
        "visits": visits.plan_one(operator, firm.pk, next_week(), who, user=who),
        "cases": opened(operator, organisation=firm, officer=who),
        "matches": MatchFactory(
            operator=operator, giver=firm, consultant=who, stage=Match.Stage.DIALOGUE, have__organisation=firm
        ),
        "talks": booked(operator, who, organisation=firm),
    }


def holders(held: dict[str, object]) -> dict[str, User]:
    found = {}
    for kind, row in held.items():
        row.refresh_from_db()  # type: ignore[attr-defined]
        name = {"firms": "key_account", "follow_ups": "assignee", "cases": "officer"}.get(kind, "consultant")
        found[kind] = getattr(row, name)
    return found


def test_all_kinds_go_along_and_come_back(operator: Operator, consultant: User, colleague: User) -> None:
    held = everything(operator, consultant)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    assert set(holders(held).values()) == {colleague}
    assert "1 åben sag" in handing_over.in_words(done)
    handing_over.undo(done, user=consultant, expected=done.version)
    assert set(holders(held).values()) == {consultant}
    with pytest.raises(UndoneAlready):
        handing_over.undo(done, user=consultant, expected=done.version + 1)


def test_only_the_chosen_kinds_and_firms_go(operator: Operator, consultant: User, colleague: User) -> None:
    held, other = everything(operator, consultant), opened(operator, officer=consultant)
    firm = held["firms"].organisation_id  # type: ignore[attr-defined]
    handing_over.hand_over(
        operator, consultant, colleague, user=consultant, firms=[firm], kinds=["cases", "matches"]
    )
    gone = {kind for kind, who in holders(held).items() if who == colleague}
    assert gone == {"cases", "matches"}
    other.refresh_from_db()
    assert other.officer == consultant


def test_the_receiver_and_the_guest_are_told(operator: Operator, consultant: User, colleague: User) -> None:
    everything(operator, consultant)
    Letter.objects.all().delete()
    handing_over.hand_over(operator, consultant, colleague, user=consultant)
    told = {(letter.to[0], letter.subject.split(" ")[0]) for letter in Letter.objects.all()}
    assert (colleague.email, "Du") in told
    assert ("bodil@example.invalid", "Jeres") in told


def test_a_talk_stays_where_the_receiver_has_another_at_that_time(
    operator: Operator, consultant: User, colleague: User
) -> None:
    mine = booked(operator, consultant)
    bookable(operator, colleague)
    Talk.objects.create(
        operator=operator, consultant=colleague, starts_at=mine.starts_at, ends_at=mine.ends_at,
        place="phone", name="En anden",
    )  # fmt: skip
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    mine.refresh_from_db()
    assert mine.consultant == consultant
    assert "1 booket samtale blev" in handing_over.left_in_words(done.left)


def test_a_case_in_which_the_receiver_is_partial_stays(
    operator: Operator, consultant: User, colleague: User
) -> None:
    firm = OrganisationFactory(operator=operator)
    partial = firm_user(firm)
    partial.memberships.create(operator=operator, role=Role.CONSULTANT)
    case = opened(operator, organisation=firm, officer=consultant)
    done = handing_over.hand_over(operator, consultant, User.objects.get(pk=partial.pk), user=consultant)
    case.refresh_from_db()
    assert case.officer == consultant
    assert done.left["cases"] == [str(case.pk)]


def test_what_the_receiver_gave_on_or_closed_does_not_come_back(
    operator: Operator, consultant: User, colleague: User
) -> None:
    held = everything(operator, consultant)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    third = user_as(Role.CONSULTANT, operator)
    Case.objects.filter(officer=colleague).update(officer=third)
    handing_over.undo(done, user=consultant, expected=done.version)
    assert holders(held)["cases"] == third
    assert holders(held)["matches"] == consultant


def test_visits_without_room_come_back_too(operator: Operator, consultant: User, colleague: User) -> None:
    one_visit_a_week(operator)
    for who in (consultant, colleague):
        firm = member(operator, consultant, key_account=who).organisation
        visits.plan_one(operator, firm.pk, next_week(), who, user=consultant)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    assert PlannedVisit.objects.filter(state="skipped").count() == 1
    handing_over.undo(done, user=consultant, expected=done.version)
    assert set(PlannedVisit.objects.values_list("state", "consultant")) == {
        ("proposed", consultant.pk),
        ("proposed", colleague.pk),
    }


def test_an_invited_contact_is_told_who_comes(operator: Operator, consultant: User, colleague: User) -> None:
    visit, contact = agreed_visit(operator, consultant)
    start = visit.starts_at
    handing_over.hand_over(operator, consultant, colleague, user=consultant)
    assert Letter.objects.filter(to=[contact.email], body__contains="Det bliver Karla").count() == 1
    visit.refresh_from_db()
    assert visit.starts_at == start


def agreed_visit(operator: Operator, who: User) -> tuple[PlannedVisit, Person]:
    """Next Monday at nine, with whoever is invited."""
    firm = member(operator, who, key_account=who).organisation
    visit = visits.plan_one(operator, firm.pk, next_week(), who, user=who)
    contact = firm_user(firm).people.get()
    start = timezone.make_aware(datetime.combine(next_week(), time(9)))
    wanted = appointments.Appointment(start, start + timedelta(hours=1), contact=contact, invite=True)
    return appointments.agree(visit, wanted, user=who, expected=visit.version), contact


def one_visit_a_week(operator: Operator) -> None:
    figures = outreach.settings_locked(operator)
    figures.visits_per_week = 1
    figures.save()


def test_a_visit_stays_where_the_receiver_has_something_else_at_that_time(
    operator: Operator, consultant: User, colleague: User
) -> None:
    mine, contact = agreed_visit(operator, consultant)
    theirs, _other = agreed_visit(operator, colleague)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    mine.refresh_from_db()
    assert (mine.consultant, mine.state, mine.starts_at) == (consultant, "accepted", theirs.starts_at)
    assert mine.follow_up.assignee == consultant
    assert done.left["visits"] == [str(mine.pk)]
    assert "1 planlagt besøg blev, hvor det var" in handing_over.left_in_words(done.left)
    assert Letter.objects.filter(to=[contact.email]).count() == 1


@pytest.mark.parametrize("why", ["full", "busy"])
def test_an_appointment_that_does_not_fit_stays_with_the_receiver_when_it_is_undone(
    as_consultant: Client, operator: Operator, consultant: User, colleague: User, why: str
) -> None:
    visit, contact = agreed_visit(operator, consultant)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    if why == "full":
        one_visit_a_week(operator)
        firm = member(operator, consultant).organisation
        visits.plan_one(operator, firm.pk, next_week(), consultant, user=consultant)
    else:
        agreed_visit(operator, consultant)
    before = Letter.objects.filter(to=[contact.email]).count()
    page = as_consultant.post(f"/portefoelje/overdrag/{done.pk}/fortryd/", follow=True).content.decode()
    assert "1 planlagt besøg blev, hvor det var" in page
    visit.refresh_from_db()
    assert (visit.consultant, visit.state, visit.starts_at is not None) == (colleague, "accepted", True)
    assert visit.follow_up.assignee == colleague
    assert Letter.objects.filter(to=[contact.email]).count() == before


def test_undoing_says_what_stayed(operator: Operator, consultant: User, colleague: User) -> None:
    visit, _contact = agreed_visit(operator, consultant)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    agreed_visit(operator, consultant)
    assert handing_over.undo(done, user=consultant, expected=done.version) == {"visits": [str(visit.pk)]}


def test_with_a_visit_goes_its_follow_up(operator: Operator, consultant: User, colleague: User) -> None:
    visit, _contact = agreed_visit(operator, consultant)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant, kinds=["visits"])
    visit.follow_up.refresh_from_db()
    assert visit.follow_up.assignee == colleague
    handing_over.undo(done, user=consultant, expected=done.version)
    visit.follow_up.refresh_from_db()
    assert visit.follow_up.assignee == consultant


def test_a_visit_that_comes_back_keeps_its_follow_up(
    operator: Operator, consultant: User, colleague: User
) -> None:
    one_visit_a_week(operator)
    visit, _contact = agreed_visit(operator, consultant)
    agreed_visit(operator, colleague)
    PlannedVisit.objects.filter(consultant=colleague).update(starts_at=None, ends_at=None)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    handing_over.undo(done, user=consultant, expected=done.version)
    visit.refresh_from_db()
    assert visit.state == "proposed"
    visits.accept(visit, user=consultant, expected=visit.version)
    assert FollowUp.objects.filter(organisation=visit.organisation).count() == 1


def test_a_firm_that_is_proposed_anew_keeps_its_follow_up(
    operator: Operator, consultant: User, colleague: User
) -> None:
    one_visit_a_week(operator)
    first, _contact = agreed_visit(operator, consultant)
    agreed_visit(operator, colleague)
    PlannedVisit.objects.filter(consultant=colleague).update(starts_at=None, ends_at=None)
    handing_over.hand_over(operator, consultant, colleague, user=consultant, kinds=["visits"])
    week = next_week() + timedelta(weeks=1)
    again = visits.plan_one(operator, first.organisation_id, week, colleague, user=consultant)
    accepted = visits.accept(again, user=consultant, expected=again.version)
    assert FollowUp.objects.get(organisation=first.organisation) == accepted.follow_up
    assert (accepted.follow_up.assignee, accepted.follow_up.due_on) == (colleague, visits.friday(week))


def test_only_those_concerned_undo_and_on_what_they_saw(
    operator: Operator, consultant: User, colleague: User
) -> None:
    member(operator, consultant, key_account=consultant)
    done = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    with pytest.raises(OnlyHeads):
        handing_over.undo(done, user=colleague, expected=done.version)
    with pytest.raises(EditedMeanwhile):
        handing_over.undo(done, user=consultant, expected=done.version + 1)


def test_the_page_names_what_can_go_and_undoes_it(
    as_consultant: Client, operator: Operator, consultant: User, colleague: User
) -> None:
    held = everything(operator, consultant)
    page = as_consultant.get("/portefoelje/overdrag/").content.decode()
    for words in ("1 åben sag", "1 match", "1 booket samtale", "1 planlagt besøg"):
        assert words in page
    firm = held["firms"].organisation_id  # type: ignore[attr-defined]
    typed = {"receiver": colleague.pk, "kinds": ["cases", "firms"], "scope": "valgte", "firms": [firm]}
    as_consultant.post("/portefoelje/overdrag/", typed)
    assert holders(held)["cases"] == colleague
    done = HandOver.objects.get()
    as_consultant.post(f"/portefoelje/overdrag/{done.pk}/fortryd/")
    assert holders(held)["cases"] == consultant


def test_another_office_sees_none_of_it(as_consultant: Client) -> None:
    office = user_as(Role.CONSULTANT)
    operator = Operator.objects.get(memberships__user=office)
    done = handing_over.hand_over(operator, office, user_as(Role.CONSULTANT, operator), user=office)
    assert as_consultant.get(f"/portefoelje/overdrag/{done.pk}/fortryd/").status_code == 404
