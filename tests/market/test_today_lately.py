# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What firms wrote themselves lately, on the consultant's first page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Membership, Operator, Role, User
from brobygger.base.models import Letter
from brobygger.market.models import Listing, Match, MatchNote, Suggestion
from brobygger.market.queries.lately import MOST, Written, written_lately
from brobygger.market.services import matching
from brobygger.market.services.listings import show_interest
from brobygger.market.services.matches import write_note
from tests.factories import OrganisationFactory, firm_user
from tests.market.line import Line, make_line

FORM = {
    "action": "save", "text": "Vi har kartoffelskræller", "side": "have", "kind": "residue", "period": "week",
    "price_kind": "negotiable", "visibility": "open", "organisation": "",
}  # fmt: skip


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


@pytest.fixture
def firm(operator: Operator) -> User:
    return firm_user(OrganisationFactory(operator=operator, name="Prøvekartoflerne"), name="Kartoffel Prøve")


def lately(operator: Operator) -> list[Written]:
    return written_lately(operator, Match.objects.of_office(operator))


def write(browser: Client, user: User, **fields: str) -> Listing:
    own = user.people.get().affiliations.get().organisation
    browser.post(reverse("market:new_listing"), FORM | {"organisation": str(own.pk)} | fields)
    return Listing.objects.latest("created_at")


def change(browser: Client, listing: Listing, **fields: str) -> None:
    listing.refresh_from_db()
    browser.post(
        reverse("market:change_listing", args=[listing.pk]),
        FORM
        | {"organisation": str(listing.organisation_id), "opened_version": str(listing.version)}
        | fields,
    )


def test_what_a_firm_writes_is_told_once_however_often_it_is_corrected(operator, firm, sign_in):
    browser = sign_in(firm)
    listing = write(browser, firm)
    change(browser, listing, text="Vi har kartoffelskræller og top")
    assert [(w.what, w.about, w.said, w.who) for w in lately(operator)] == [
        ("+", "Prøvekartoflerne", "Vi har kartoffelskræller og top", "Kartoffel Prøve")
    ]


def test_an_old_listing_that_a_firm_corrects_is_told_as_corrected(operator, firm, sign_in):
    listing = write(sign_in(firm), firm)
    Listing.history.update(history_date=timezone.now() - timedelta(days=100))
    assert lately(operator) == []
    change(sign_in(firm), listing, text="Vi har kartofler")
    assert [(w.what, w.said) for w in lately(operator)] == [("~", "Vi har kartofler")]


def test_what_the_office_writes_for_a_firm_is_not_the_firms_own(operator, firm, as_consultant, line):
    write(as_consultant, firm)
    write_note(line.match, "Jeg ringer i morgen", line.consultant, private=False)
    Suggestion.objects.filter(pk=line.suggestion.pk).update(state=Suggestion.State.NEW)
    matching.decline(line.suggestion, line.consultant, "other")
    assert lately(operator) == []


def test_words_about_a_match_are_told_and_private_notes_and_changes_of_stage_are_not(operator, line):
    line.at_stage(Match.Stage.INTRODUCED)
    brewer = line.brewer()
    write_note(line.match, "Hvornår kan I hente?", brewer, private=False)
    MatchNote.objects.create(match=line.match, by=brewer, stage="dialogue", private=False)
    MatchNote.objects.create(match=line.match, by=line.consultant, text="Hemmeligt", private=True)
    assert [(w.what, w.about, w.said) for w in lately(operator)] == [
        ("note", str(line.match), "Hvornår kan I hente?")
    ]


def test_a_no_is_told_with_its_reason(operator, line):
    Suggestion.objects.filter(pk=line.suggestion.pk).update(state=Suggestion.State.NEW)
    matching.decline(line.suggestion, line.farmer(), "too_far", "Vi kører højst 20 km")
    (told,) = lately(operator)
    assert (told.what, told.why, told.said) == ("declined", "For langt væk", "Vi kører højst 20 km")


def test_a_message_to_the_office_is_told_and_says_which_listing_it_is_about(operator, firm, line):
    show_interest(line.match.have, by=firm, message="Kan vi få noget af det?")
    (told,) = lately(operator)
    assert (told.what, told.detail, told.url) == ("letter", firm.email, "")
    assert line.match.have.title in told.said
    assert line.match.have.get_absolute_url() in Letter.objects.get().body


def test_the_neighbours_firms_are_not_told_of(operator, sign_in):
    neighbour = firm_user(OrganisationFactory())
    write(sign_in(neighbour), neighbour)
    assert lately(operator) == []
    assert len(lately(neighbour.memberships.get().operator)) == 1


def test_the_confidential_is_marked_and_stays_with_the_office(operator, firm, sign_in, as_consultant):
    write(sign_in(firm), firm, visibility="broker", text="Vi lukker en linje")
    assert "Vi lukker en linje" in as_consultant.get("/i-dag/").content.decode()
    assert lately(operator)[0].is_secret
    assert lately(OrganisationFactory().operator) == []


def test_a_neighbours_match_that_became_confidential_is_in_no_line(operator, line):
    line.at_stage(Match.Stage.INTRODUCED, have_shown=False)
    write_note(line.match, "Hvornår?", line.farmer(), private=False)
    assert len(lately(operator)) == 1
    Listing.objects.filter(pk=line.match.have_id).update(
        operator=OrganisationFactory().operator, visibility=Listing.Visibility.BROKER
    )
    assert lately(operator) == []


def test_what_was_withdrawn_is_no_news(operator, firm, sign_in):
    listing = write(sign_in(firm), firm)
    sign_in(firm).post(reverse("market:withdraw_listing", args=[listing.pk]))
    listing.refresh_from_db()
    assert listing.status == "withdrawn"
    assert lately(operator) == []


def test_somebody_who_is_also_a_consultant_here_writes_for_the_office(operator, firm, sign_in):
    write(sign_in(firm), firm)
    Membership.objects.create(user=firm, operator=operator, role=Role.CONSULTANT)
    assert lately(operator) == []


def test_the_newest_come_first_and_no_more_than_fit(operator, firm, sign_in):
    for number in range(MOST + 3):
        write(sign_in(firm), firm, text=f"Vi har nummer {number}")
    said = [w.said for w in lately(operator)]
    assert said == [f"Vi har nummer {MOST + 2 - place}" for place in range(MOST)]


def test_one_question_to_the_database_tells_it_all(operator, firm, sign_in, line, django_assert_num_queries):
    write(sign_in(firm), firm)
    line.at_stage(Match.Stage.INTRODUCED)
    write_note(line.match, "Hvornår?", line.brewer(), private=False)
    show_interest(line.match.have, by=firm, message="Hej")
    with django_assert_num_queries(1):
        assert {w.what for w in lately(operator)} == {"+", "note", "letter"}


def test_the_page_shows_it_with_links_and_says_when_there_is_nothing(as_consultant, firm, sign_in):
    assert "Ingen virksomhed har selv skrevet noget" in as_consultant.get("/i-dag/").content.decode()
    listing = write(sign_in(firm), firm, text="Vi har <b>skræller</b>")
    page = as_consultant.get("/i-dag/").content.decode()
    assert f'<a href="{listing.get_absolute_url()}">Prøvekartoflerne</a>' in page
    assert "&lt;b&gt;skræller" in page
    assert "Ingen virksomhed har selv skrevet" not in page
