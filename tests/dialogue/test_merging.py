# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Two firms that both have a visit agreed are laid together: one gives way, who was invited is told, and it can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.models import Letter
from brobygger.dialogue.models import FollowUp, PlannedVisit
from brobygger.dialogue.services import visits
from brobygger.register.models import Merge, Organisation
from brobygger.register.services_merge import merge, undo
from tests.dialogue.outreach import member, next_week
from tests.dialogue.test_visit_times import agreed, an_hour, at, contact_of, the_file
from tests.factories import OrganisationFactory


@pytest.fixture
def two(operator: Operator, consultant: User) -> list[PlannedVisit]:
    """A visit with the firm that stays, and one with the firm that goes."""
    found = []
    for name in ("Bryggeriet", "Bryggeriet igen"):
        firm = OrganisationFactory(operator=operator, name=name, cvr=None)
        member(operator, consultant, firm)
        found.append(visits.plan_one(operator, firm.pk, next_week(), consultant, user=consultant))
    agreed(found[0], an_hour(at(clock="13:00")))
    return found


def laid_together(two: list[PlannedVisit]) -> Merge:
    kept, gone = (Organisation.objects.get(pk=visit.organisation_id) for visit in two)
    return merge(kept, gone, chosen={}, expected=(kept.version, gone.version), user=two[0].consultant)


def undone(record: Merge, user: User) -> PlannedVisit:
    found = undo(record, expected=record.version, user=user)
    visit: PlannedVisit = PlannedVisit.objects.get(organisation_id=record.gone_pk)
    visit.changed_since = found.changed_since  # type: ignore[attr-defined]
    return visit


def subjects() -> list[str]:
    return list(Letter.objects.order_by("created_at", "pk").values_list("subject", flat=True))


def test_who_was_invited_is_told_that_it_is_off(two: list[PlannedVisit]) -> None:
    contact = contact_of(two[1])
    agreed(two[1], contact=contact, invite=True)
    laid_together(two)
    invited, off = Letter.objects.order_by("created_at")
    assert off.to == [contact.email]
    assert "kl. 10.00 er aflyst" in off.subject
    assert "STATUS:CANCELLED" in the_file(off)
    sequence = [int(the_file(one).split("SEQUENCE:")[1].split()[0]) for one in (invited, off)]
    assert sequence[0] < sequence[1]
    gone = PlannedVisit.objects.get(pk=two[1].pk)
    assert (gone.state, gone.starts_at, gone.invited_at) == ("skipped", None, None)
    assert PlannedVisit.objects.get(pk=two[0].pk).starts_at == at(clock="13:00")


def undone_both(record: Merge, two: list[PlannedVisit], user: User) -> list[tuple[str, bool]]:
    undo(record, expected=record.version, user=user)
    rows = PlannedVisit.objects.filter(pk__in=[visit.pk for visit in two]).order_by("pk")
    return [(visit.state, visit.starts_at is not None) for visit in rows]


def test_the_agreed_one_stands_although_it_is_the_other_firms(
    two: list[PlannedVisit], consultant: User
) -> None:
    PlannedVisit.objects.filter(pk=two[0].pk).update(starts_at=None, ends_at=None)
    agreed(two[1], contact=contact_of(two[1]), invite=True)
    record = laid_together(two)
    mine, theirs = (PlannedVisit.objects.get(pk=visit.pk) for visit in two)
    assert (mine.state, mine.follow_up) == ("skipped", None)
    assert mine.skip_note.startswith("Virksomheden er lagt sammen med Bryggeriet igen")
    assert (theirs.state, theirs.starts_at, theirs.organisation_id) == ("accepted", at(), record.kept_pk)
    assert list(FollowUp.objects.values_list("planned_visit", flat=True)) == [theirs.pk]
    assert len(subjects()) == 1
    assert undone_both(record, two, consultant) == [("accepted", False), ("accepted", True)]
    assert FollowUp.objects.count() == 2
    assert len(subjects()) == 1


def test_a_visit_in_the_plan_stands_before_a_proposed_one(two: list[PlannedVisit]) -> None:
    PlannedVisit.objects.filter(pk=two[0].pk).update(state="proposed", starts_at=None, ends_at=None)
    visits.accept(two[1], user=two[1].consultant, expected=two[1].version)
    record = laid_together(two)
    standing = PlannedVisit.objects.get(organisation=record.kept_pk, state__in=PlannedVisit.OPEN)
    assert standing.pk == two[1].pk


def test_where_a_visit_was_paid_in_the_agreed_ones_week_the_kept_firms_own_stands(
    operator: Operator, two: list[PlannedVisit], consultant: User
) -> None:
    PlannedVisit.objects.filter(pk=two[0].pk).update(state="done")
    later = next_week() + timedelta(weeks=1)
    mine = visits.plan_one(operator, two[0].organisation_id, later, consultant, user=consultant)
    agreed(two[1])
    record = laid_together(two)
    standing = PlannedVisit.objects.get(organisation=record.kept_pk, state__in=PlannedVisit.OPEN)
    assert standing.pk == mine.pk


def test_a_visit_that_was_paid_stands_before_one_that_is_only_planned_in_its_week(
    as_consultant: Client, two: list[PlannedVisit]
) -> None:
    PlannedVisit.objects.filter(pk=two[1].pk).update(state="done")
    page = reverse("register:merge_with", args=[visit.organisation_id for visit in two])
    assert "Bryggeriet igen har haft sit besøg i den uge." in as_consultant.get(page).content.decode()
    laid_together(two)
    states = [PlannedVisit.objects.get(pk=visit.pk).state for visit in two]
    assert states == ["skipped", "done"]


def test_two_visits_that_were_paid_in_one_week_were_both_paid(
    as_consultant: Client, two: list[PlannedVisit], consultant: User
) -> None:
    PlannedVisit.objects.update(state="done")
    page = reverse("register:merge_with", args=[visit.organisation_id for visit in two])
    assert "giver plads" not in as_consultant.get(page).content.decode()
    record = laid_together(two)
    rows = PlannedVisit.objects.filter(pk__in=[visit.pk for visit in two])
    assert set(rows.values_list("state", "organisation_id")) == {("done", record.kept_pk)}
    undo(record, expected=record.version, user=consultant)
    assert {visit.organisation_id for visit in rows.all()} == {record.kept_pk, record.gone_pk}


def test_nobody_is_told_of_a_visit_that_was_never_written_about_or_is_over(two: list[PlannedVisit]) -> None:
    contact = contact_of(two[1])
    agreed(two[1], contact=contact, invite=True)
    yesterday = timezone.now() - timedelta(days=1)
    PlannedVisit.objects.filter(pk=two[1].pk).update(
        starts_at=yesterday, ends_at=yesterday + timedelta(hours=1)
    )
    laid_together(two)
    assert len(subjects()) == 1


def test_its_follow_up_goes_with_it_and_comes_back(two: list[PlannedVisit], consultant: User) -> None:
    step = agreed(two[1]).follow_up
    record = laid_together(two)
    assert list(FollowUp.objects.values_list("planned_visit", flat=True)) == [two[0].pk]
    visit = undone(record, consultant)
    assert visit.follow_up == step
    assert FollowUp.objects.get(pk=step.pk).organisation_id == record.gone_pk
    assert (visit.state, visit.starts_at) == ("accepted", at())


def test_undone_the_visit_stands_and_they_are_told_so(two: list[PlannedVisit], consultant: User) -> None:
    contact = contact_of(two[1])
    agreed(two[1], contact=contact, invite=True)
    visit = undone(laid_together(two), consultant)
    assert (visit.state, visit.starts_at, visit.contact) == ("accepted", at(), contact)
    invited, off, anew = Letter.objects.order_by("created_at")
    assert anew.to == [contact.email]
    assert "det, der nu gælder" in anew.body
    assert "flyttet" not in anew.subject
    assert "STATUS:CONFIRMED" in the_file(anew)
    sequence = [int(the_file(one).split("SEQUENCE:")[1].split()[0]) for one in (invited, off, anew)]
    assert sequence == sorted(set(sequence))
    assert visit.history.first().history_user == consultant


def test_undone_after_the_hour_was_given_away_it_is_back_without_a_time(
    operator: Operator, two: list[PlannedVisit], consultant: User
) -> None:
    agreed(two[1], contact=contact_of(two[1]), invite=True)
    record = laid_together(two)
    agreed(two[0], an_hour())
    visit = undone(record, consultant)
    assert (visit.state, visit.starts_at, visit.invited_at) == ("accepted", None, None)
    assert visit.changed_since == 1
    assert len(subjects()) == 2


def test_the_page_says_which_visit_goes_and_who_is_told(
    as_consultant: Client, two: list[PlannedVisit]
) -> None:
    page = reverse("register:merge_with", args=[visit.organisation_id for visit in two])
    said = as_consultant.get(page).content.decode()
    assert "Besøget hos Bryggeriet igen i uge" in said
    assert "aflyst" not in said
    contact = contact_of(two[1])
    agreed(two[1], contact=contact, invite=True)
    assert f"{contact} får en mail om, at det er aflyst" in as_consultant.get(page).content.decode()
    visits.skip(
        PlannedVisit.objects.get(pk=two[0].pk),
        reason="busy",
        user=two[0].consultant,
        expected=PlannedVisit.objects.get(pk=two[0].pk).version,
    )
    assert "Besøget hos" not in as_consultant.get(page).content.decode()


def test_the_page_says_that_the_agreed_one_stands(as_consultant: Client, two: list[PlannedVisit]) -> None:
    PlannedVisit.objects.filter(pk=two[0].pk).update(starts_at=None, ends_at=None)
    agreed(two[1])
    page = reverse("register:merge_with", args=[visit.organisation_id for visit in two])
    shown = as_consultant.get(page).content.decode()
    assert "Besøget hos Bryggeriet i uge" in shown
    assert "Det hos Bryggeriet igen er aftalt og står ved magt." in shown
