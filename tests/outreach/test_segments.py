# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Segments: saved choices that are made anew each time somebody looks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.base.models import Job
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue.models import PortfolioFirm
from brobygger.dialogue.views import taking_in
from brobygger.outreach import tasks
from brobygger.outreach.errors import BadValues, BrokenSegment, NotYourOffice, SegmentInUse
from brobygger.outreach.filters import months_back
from brobygger.outreach.models import Interest, Segment
from brobygger.outreach.queries.segments import firms_of
from brobygger.outreach.services import consents, segments
from tests.factories import user_as
from tests.outreach import made

pytestmark = pytest.mark.django_db


def names(segment, user):
    return sorted(firms_of(segment, user).firms.values_list("name", flat=True))


def test_who_is_in_a_segment_follows_the_register(operator, consultant):
    made.firm(operator, name="Bryggeri", industry="110500")
    made.firm(operator, name="Bager", industry="107110")
    segment = made.segment(operator, consultant, branche="11")
    assert names(segment, consultant) == ["Bryggeri"]
    made.firm(operator, name="Nyt bryggeri", industry="110700")
    assert names(segment, consultant) == ["Bryggeri", "Nyt bryggeri"]


def test_firms_are_chosen_by_how_lately_they_began_counted_from_today(operator, consultant):
    today = timezone.localdate()
    made.firm(operator, name="Ny", founded_on=today - timedelta(days=40))
    made.firm(operator, name="Gammel", founded_on=today - timedelta(days=400))
    made.firm(operator, name="Ukendt", founded_on=None)
    assert names(made.segment(operator, consultant, "a", nye="3"), consultant) == ["Ny"]
    assert names(made.segment(operator, consultant, "b", nye="24"), consultant) == ["Gammel", "Ny"]
    since = (today - timedelta(days=100)).isoformat()
    assert names(made.segment(operator, consultant, "c", siden=since), consultant) == ["Ny"]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 60, date(2021, 12, 31)),
    ],
)
def test_months_are_counted_back_over_short_months_and_years(day, months, before):
    assert months_back(day, months) == before


def test_firms_are_chosen_by_what_they_said_yes_to_and_want_to_hear_about(operator, consultant):
    export = Interest.objects.create(operator=operator, name="Eksport")
    wants = made.firm(operator, name="Vil høre om eksport")
    made.consent(wants, consultant, interests=[export])
    events = made.purpose(operator, "Arrangementer")
    made.consent(made.firm(operator, name="Arrangementer"), consultant, "b@example.invalid", purpose=events)
    gone = made.consent(made.firm(operator, name="Trukket"), consultant, "c@example.invalid", purpose=events)
    consents.unsubscribe(gone.token)
    assert names(made.segment(operator, consultant, "a", interesse=str(export.pk)), consultant) == [
        wants.name
    ]
    assert names(made.segment(operator, consultant, "b", formaal=str(events.pk)), consultant) == [
        "Arrangementer"
    ]


def test_a_choice_that_cannot_be_read_is_not_saved(operator, consultant):
    for asked in ({"sted": "Ingensteds"}, {"maerkat": "99999"}, {"kommune": "9999"}, {"findes_ikke": "1"}):
        with pytest.raises(BrokenSegment):
            made.segment(operator, consultant, **asked)
    assert not Segment.objects.exists()


def test_a_name_is_used_once_in_an_office(operator, consultant):
    made.segment(operator, consultant, "Byg")
    for name in ("byg", "  ", "x" * 81):
        with pytest.raises(BadValues):
            made.segment(operator, consultant, name)
    other = user_as("consultant")
    made.segment(other.memberships.get().operator, other, "Byg")


def test_two_who_change_it_at_once_are_told(operator, consultant):
    segment = made.segment(operator, consultant, "Byg")
    segments.change(segment, "Byggeri", {}, user=consultant, expected=1)
    with pytest.raises(EditedMeanwhile):
        segments.change(segment, "Bygge", {}, user=consultant, expected=1)


def test_a_segment_that_a_draft_is_for_is_not_deleted(operator, consultant):
    segment = made.segment(operator, consultant, "Byg")
    mailing = made.draft(operator, consultant, segment=segment)
    with pytest.raises(SegmentInUse):
        segments.delete(segment, user=consultant)
    mailing.delete()
    with pytest.raises(NotYourOffice):
        segments.delete(segment, user=user_as("consultant"))
    segments.delete(segment, user=consultant)
    assert not Segment.objects.exists()


# Pages -----------------------------------------------------------------------------------------------


def test_a_consultant_chooses_counts_and_saves(as_consultant, operator):
    made.firm(operator, name="Bryggeri", industry="110500")
    made.firm(operator, name="Bager", industry="107110")
    page = reverse("outreach:new_segment")
    typed = {"name": "Bryggerier", "branche": "11", "km": "10"}
    shown = as_consultant.post(page, {**typed, "vis": "1"}).content.decode()
    assert "1 virksomhed" in shown
    assert 'value="Bryggerier"' in shown
    assert not Segment.objects.exists()
    answer = as_consultant.post(page, typed)
    segment = Segment.objects.get()
    assert answer["Location"] == segment.get_absolute_url()
    assert segment.asked == {"branche": "11"}
    opened = as_consultant.get(segment.get_absolute_url()).content.decode()
    assert "Bryggeri" in opened
    assert "Bager" not in opened
    counted = as_consultant.get(reverse("outreach:count_segment", args=[segment.pk])).content.decode()
    assert counted.strip() == "1"


def test_what_was_typed_stays_when_it_is_refused(as_consultant, operator):
    answer = as_consultant.post(
        reverse("outreach:new_segment"), {"name": "Nær", "sted": "Ingensteds", "km": "10"}
    )
    shown = answer.content.decode()
    assert "Vi kender ikke stedet" in shown
    assert 'value="Ingensteds"' in shown


def test_it_is_changed_exported_and_deleted(as_consultant, operator, consultant):
    made.firm(operator)
    segment = made.segment(operator, consultant, "Alle sammen")
    page = reverse("outreach:edit_segment", args=[segment.pk])
    assert as_consultant.get(page).status_code == 200
    as_consultant.post(page, {"name": "De små", "ansatte": "1", "opened_version": "1", "km": "10"})
    segment.refresh_from_db()
    assert (segment.name, segment.asked) == ("De små", {"ansatte": "1"})
    late = as_consultant.post(page, {"name": "For sent", "opened_version": "1", "km": "10"})
    assert late.status_code == 409
    assert late.context["conflict"] == [("Navn", "For sent", "De små")]
    sheet = as_consultant.get(reverse("outreach:export_segment", args=[segment.pk]))
    assert sheet["Content-Type"].startswith("application/vnd.openxml")
    assert as_consultant.get(reverse("outreach:segments")).status_code == 200
    as_consultant.post(reverse("outreach:delete_segment", args=[segment.pk]))
    assert not Segment.objects.exists()


def test_a_broken_segment_says_so_on_its_page(as_consultant, operator, consultant):
    segment = made.segment(operator, consultant, "Alle")
    Segment.objects.filter(pk=segment.pk).update(asked={"maerkat": "12345"})
    shown = as_consultant.get(segment.get_absolute_url()).content.decode()
    assert "kan ikke bruges, som det står" in shown
    counted = as_consultant.get(reverse("outreach:count_segment", args=[segment.pk])).content.decode()
    assert "skal rettes" in counted


def test_a_neighbours_segment_is_not_found(as_consultant):
    other = user_as("consultant")
    segment = made.segment(other.memberships.get().operator, other, "Byg")
    for name in ("segment", "edit_segment", "delete_segment", "export_segment", "count_segment"):
        assert as_consultant.get(reverse(f"outreach:{name}", args=[segment.pk])).status_code == 404


def test_a_segment_goes_into_the_portfolio_by_what_it_is_called(
    as_consultant, operator, consultant, monkeypatch
):
    made.firm(operator, name="Bryggeri", industry="110500")
    made.firm(operator, name="Bager", industry="107110")
    brewers = made.segment(operator, consultant, "Bryggerier", branche="11")
    address = f"/kontakt/segmenter/{brewers.pk}/portefoelje/"
    assert address in as_consultant.get(brewers.get_absolute_url()).content.decode()
    page = as_consultant.get(address).content.decode()
    assert 'value="Bryggerier"' in page
    assert "Bager" not in page
    as_consultant.post(address, {"why": "Bryggerier"})
    assert [row.organisation.name for row in PortfolioFirm.objects.all()] == ["Bryggeri"]
    monkeypatch.setattr(taking_in, "AT_ONCE", 0)
    made.firm(operator, name="Nyt bryggeri", industry="110700")
    as_consultant.post(address, {"why": "Flere"})
    job = Job.objects.get(kind="portfolio")
    tasks.fill_portfolio.func(str(job.pk), brewers.pk, consultant.pk, "Flere", None)
    job.refresh_from_db()
    assert (job.state, PortfolioFirm.objects.filter(why="Flere").count()) == ("done", 1)


def test_a_segment_that_cannot_be_read_takes_nothing_in(as_consultant, operator, consultant):
    broken = made.segment(operator, consultant, "I stykker", branche="11")
    Segment.objects.update(asked={"findes": "ikke"})
    assert as_consultant.get(f"/kontakt/segmenter/{broken.pk}/portefoelje/").status_code == 302
