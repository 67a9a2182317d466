# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""After a talk: held or missed, asked once how it was, and what is shown of it without who said it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.base import indicators
from brobygger.base.indicators import Period
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.blueprints.services import adopt_shipped
from brobygger.dialogue.models import Interaction
from brobygger.outreach.errors import AlreadyAnswered, BadValues, NotBooked, NotHeldYet, NotYourOffice
from brobygger.outreach.models import Bounce, Consent, Feedback, MailAddress, Talk
from brobygger.outreach.quarters import quarter_of
from brobygger.outreach.queries import feedback
from brobygger.outreach.services import booking, mailings, talks, welcome
from brobygger.register.models import Affiliation
from brobygger.register.services_people import erase_person
from tests.factories import PersonFactory, firm_user, user_as
from tests.outreach import made
from tests.outreach.booked import booked, over

pytestmark = pytest.mark.django_db


def held(operator, user, number=0, **values):
    guest = booking.Guest(f"Gæst {number}", f"g{number}@example.invalid", "12345678", "Vækst")
    talk = over(booked(operator, user, number, guest=guest, **values))
    start = talk.starts_at - timedelta(days=number)
    Talk.objects.filter(pk=talk.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    talk.refresh_from_db()
    return talks.mark_held(talk, user=user, expected=talk.version)


def this_year() -> Period:
    today = timezone.localdate()
    return Period(date(today.year - 1, 1, 1), today)


def answered(operator, user, *scores):
    for number, score in enumerate(scores):
        talks.answer(
            held(operator, user, number, organisation=made.firm(operator)), score, f"Kommentar {number}"
        )


def test_held_it_is_asked_about_once_and_stands_among_the_firms_talks(operator, consultant):
    firm = made.firm(operator)
    talk = held(operator, consultant, organisation=firm)
    asked = Letter.objects.filter(subject="Hvordan var samtalen?")
    assert [letter.to for letter in asked] == [["g0@example.invalid"]]
    assert f"/samtale/svar/{talk.feedback_token}/" in asked.get().body
    note = Interaction.objects.get(organisations=firm)
    assert (note.kind, note.by) == ("call", consultant)
    with pytest.raises(NotBooked):
        talks.mark_held(talk, user=consultant, expected=talk.version)
    assert asked.count() == 1


def test_who_did_not_come_is_not_asked(operator, consultant):
    talk = over(booked(operator, consultant))
    talks.mark_missed(talk, user=consultant, expected=talk.version)
    assert not Letter.objects.filter(subject="Hvordan var samtalen?").exists()
    talk.refresh_from_db()
    with pytest.raises(NotHeldYet):
        talks.answer(talk, 5, "")


def test_a_talk_to_come_is_not_held_and_only_the_office_says_so(operator, consultant):
    talk = booked(operator, consultant)
    with pytest.raises(NotHeldYet):
        talks.mark_held(talk, user=consultant, expected=talk.version)
    over(talk)
    with pytest.raises(NotYourOffice):
        talks.mark_held(talk, user=user_as("consultant"), expected=talk.version)
    with pytest.raises(EditedMeanwhile):
        talks.mark_held(talk, user=consultant, expected=99)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_outside_one_to_five_is_refused_by_the_service_and_the_database(operator, consultant, score):
    talk = held(operator, consultant)
    with pytest.raises(BadValues):
        talks.answer(talk, score, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(operator=operator, talk=talk, score=score % 100 + 6, on=timezone.localdate())


def test_one_answer_is_given_to_a_talk(operator, consultant):
    talk = held(operator, consultant)
    talks.answer(talk, 5, "Godt")
    with pytest.raises(AlreadyAnswered):
        talks.answer(talk, 1, "Skidt")
    assert Feedback.objects.get().score == 5


def test_a_guest_answers_by_the_link_without_signing_in_and_once(operator, consultant):
    talk = held(operator, consultant)
    page = reverse("outreach:feedback", args=[talk.feedback_token])
    visitor = Client()
    assert "Hvor tilfredse var I" in visitor.get(page).content.decode()
    refused = visitor.post(page, {"comment": "Husk mig"})
    assert "Husk mig" in refused.content.decode()
    assert not Feedback.objects.exists()
    for score in (4, 1):
        assert "Tak for svaret" in visitor.post(page, {"score": score, "comment": "Tak"}).content.decode()
    assert Feedback.objects.get().score == 4
    assert visitor.get(reverse("outreach:feedback", args=[talk.token])).status_code == 404
    assert visitor.get(reverse("outreach:booked", args=[talk.feedback_token])).status_code == 404


def test_nothing_is_shown_until_three_have_answered(as_consultant, operator, consultant):
    answered(operator, consultant, 5, 1)
    shown = as_consultant.get(reverse("outreach:times")).content.decode()
    assert "Kommentar" not in shown
    assert feedback.satisfaction(operator, this_year()).share is None
    assert feedback.comments(operator, this_year()) == []
    reading = indicators.read("outreach.satisfied", this_year(), operator)
    assert (reading.value, list(reading.records)) == (None, [])
    assert "Færre end 3" in reading.missing


def test_the_share_is_those_of_four_and_five_and_tells_nobodys_name(operator, consultant):
    answered(operator, consultant, 5, 4, 3, 1)
    reading = indicators.read("outreach.satisfied", this_year(), operator)
    assert reading.value == 50
    assert sorted(record.amount for record in reading.records) == [0, 0, 1, 1]
    assert {(record.label, record.url, record.when.day) for record in reading.records} == {("Svar", "", 1)}
    found = feedback.satisfaction(operator, this_year())
    assert (found.answers, found.satisfied, found.asked) == (4, 2, 4)


def test_what_the_plan_counts_is_behind_its_figures(operator, consultant):
    today = timezone.localdate()
    adopt_shipped(operator, "letter", "velkomstbrev", user=None)
    firm = made.firm(operator, name="Ny", founded_on=quarter_of(today).first_day)
    round_ = welcome.start(operator, quarter_of(today), by_mail=False, user=consultant)
    welcome.carry_out(round_, lambda done, total: None)
    skipped = made.firm(operator, founded_on=quarter_of(today).first_day)
    welcome.skip(skipped, user=consultant)
    held(operator, consultant, organisation=firm)
    gone = booked(operator, consultant, 5)
    booking.cancel(gone)
    made.consent(firm, consultant)
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    mailings.carry_out(mailing, made.unwatched)
    period = Period(today - timedelta(days=2), today)
    figures = {
        key: indicators.read(f"outreach.{key}", period, operator)
        for key in ("welcomed", "talks_booked", "talks_held", "recipients")
    }
    assert {key: int(reading.value) for key, reading in figures.items()} == {
        "welcomed": 1, "talks_booked": 2, "talks_held": 1, "recipients": 1,
    }  # fmt: skip
    for reading in figures.values():
        assert sum(record.amount for record in reading.records) == reading.value
    assert [record.label for record in figures["welcomed"].records] == ["Ny"]
    other = indicators.read("outreach.recipients", period, operator, {"purpose": "Arrangementer"})
    assert other.value == 0
    before = Period(today - timedelta(days=400), today - timedelta(days=300))
    assert indicators.read("outreach.talks_held", before, operator).value == 0
    neighbour = user_as("consultant").memberships.get().operator
    assert indicators.read("outreach.talks_booked", period, neighbour).value == 0


def test_the_firms_page_tells_the_office_all_of_it_and_the_firm_its_own(
    as_consultant, operator, consultant, sign_in
):
    firm = made.firm(operator, ad_protected=True)
    page = firm.get_absolute_url()
    assert "har ikke sagt ja til noget" in as_consultant.get(page).content.decode()
    made.consent(firm, consultant)
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    mailings.carry_out(mailing, made.unwatched)
    booked(operator, consultant, organisation=firm)
    shown = as_consultant.get(page).content.decode()
    assert "bodil@example.invalid" in shown
    assert mailing.subject in shown
    assert "Bookede samtaler" in shown
    own = sign_in(firm_user(firm)).get(page).content.decode()
    assert "Book en samtale med kontoret" in own
    assert "Bookede samtaler" in own
    assert mailing.subject not in own


def test_a_dead_address_is_told_on_the_persons_page(as_consultant, operator):
    firm = made.firm(operator)
    person = PersonFactory(operator=operator, email="Doed@example.invalid")
    role = Affiliation.objects.create(person=person, organisation=firm)
    page = reverse("register:edit_person", args=[firm.pk, role.pk])
    assert "kommet retur" not in as_consultant.get(page).content.decode()
    MailAddress.objects.create(operator=operator, email="doed@example.invalid", dead_at=timezone.now())
    assert "kommet retur" in as_consultant.get(page).content.decode()


def test_erasing_a_person_erases_what_is_kept_by_address_too(operator, consultant):
    firm = made.firm(operator)
    person = PersonFactory(operator=operator, email="bodil@example.invalid")
    Affiliation.objects.create(person=person, organisation=firm)
    made.consent(firm, consultant, person=person)
    talk = booked(operator, consultant)
    MailAddress.objects.create(operator=operator, email="bodil@example.invalid", soft_bounces=1)
    Bounce.objects.create(operator=operator, email="bodil@example.invalid", hard=False)
    erase_person(person, by=consultant)
    assert not Consent.objects.exists()
    assert not Consent.history.exists()
    assert not MailAddress.objects.exists()
    assert not Bounce.objects.exists()
    talk.refresh_from_db()
    assert (talk.name, talk.email, talk.about) == ("(slettet)", "", "")
    assert not Talk.history.filter(email="bodil@example.invalid").exists()
    letters = Letter.objects.count()
    over(talk)
    talks.mark_held(talk, user=consultant, expected=talk.version)
    assert Letter.objects.count() == letters


def test_an_address_that_somebody_else_has_too_is_kept(operator, consultant):
    person = PersonFactory(operator=operator, email="fælles@example.invalid".replace("æ", "ae"))
    PersonFactory(operator=operator, email=person.email)
    MailAddress.objects.create(operator=operator, email=person.email, soft_bounces=1)
    erase_person(person, by=consultant)
    assert MailAddress.objects.exists()


def test_the_consultant_marks_talks_in_the_browser(as_consultant, operator, consultant):
    talk = over(booked(operator, consultant))
    assert "Blev de holdt?" in as_consultant.get(reverse("outreach:times")).content.decode()
    assert "blev den holdt?" in as_consultant.get(reverse("market:today")).content.decode()
    page = reverse("outreach:mark_talk", args=[talk.pk])
    for _ in range(2):
        as_consultant.post(page, {"version": talk.version, "hvad": "holdt"})
    talk.refresh_from_db()
    assert talk.state == "held"
    assert Letter.objects.filter(subject="Hvordan var samtalen?").count() == 1
    listed = as_consultant.get(reverse("outreach:times"), {"vis": "tidligere"}).content.decode()
    assert "Holdt" in listed


def test_the_firms_page_says_what_is_known_for_the_office_and_why_no_more(
    as_consultant, operator, consultant
):
    answered(operator, consultant, 5, 4)
    firm = Talk.objects.order_by("pk").first().organisation
    page = as_consultant.get(firm.get_absolute_url()).content.decode()
    assert "Svaret er anonymt" in page
    assert "svar til kontoret" not in page
    third = held(operator, consultant, 3, organisation=made.firm(operator))
    talks.answer(third, 1, "")
    page = as_consultant.get(firm.get_absolute_url()).content.decode()
    assert "67 % af 3 svar" in page.replace("\xa0", " ")
    assert "Kommentar" not in page
