# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The link by which a partner without sign-in answers: what it shows, what can be said by it, and how it is attacked."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Operator, User
from brobygger.base.models import Letter
from brobygger.guidance.errors import LinkIsOver, NoLink, NotReachable, NotYourOffice
from brobygger.guidance.models import Referral
from brobygger.guidance.models.referral import ANSWER_LINK_FOR
from brobygger.guidance.services import answer_links, answers, link_answers, referrals
from brobygger.guidance.services.answers import Answer
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory, user_as
from tests.guidance.made import partner, wish
from tests.market.at_once import at_once

State = Referral.State
SECRET = ("Ejeren skændes", "Bodil Prøve", "Fortroligt notat")
"""The office's own note, who consented, a private talk: never behind the link."""


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Bryggeriet")


@pytest.fixture
def referral(operator: Operator, firm: Organisation, consultant: User) -> Referral:
    return sent(operator, firm, consultant)


def sent(operator: Operator, firm: Organisation, user: User, **values: Any) -> Referral:
    wanted = wish(organisation=firm, partner=partner(operator, user), note="Ejeren skændes", **values)
    return referrals.send(operator, wanted, user=user)


def link_in(letter: Letter | None) -> str:
    """The address of the page that a letter leads to."""
    assert letter is not None
    (found,) = re.findall(r"https?://[^/\s]+(/henvisning/svar/\S+)", letter.body)
    return str(found)


def token_of(referral: Referral) -> str:
    return link_in(referral.letter).split("/")[-2]


def form_of(client: Client, page: str) -> dict[str, Any]:
    """What the form on the page would send if nothing were typed."""
    shown = client.get(page)
    assert shown.status_code == 200
    return {"opened_version": shown.context["form"]["opened_version"].value()}


# What it shows ------------------------------------------------------------------------------------------


def test_the_letter_holds_a_link_to_what_was_shared_and_nothing_else(referral: Referral) -> None:
    assert referral.letter is not None
    assert "Linket virker til den" in referral.letter.body
    answer = Client().get(link_in(referral.letter))
    page = answer.content.decode()
    for words in ("Bryggeriet", "De vil låne til en ny kedel", "Ja, vi tager den", referral.operator.name):
        assert words in page
    for words in (*SECRET, referral.consultant.name, referral.partner.name, f"/henvisninger/{referral.pk}/"):
        assert words not in page
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "same-origin"


def test_opening_it_changes_nothing_however_often_a_mail_scanner_does(referral: Referral) -> None:
    for _ in range(3):
        Client().get(link_in(referral.letter))
        Client().head(link_in(referral.letter))
    stored = Referral.objects.get(pk=referral.pk)
    assert (stored.state, stored.version, stored.history.count()) == (State.SENT, referral.version, 1)


def test_the_copy_to_the_firm_holds_no_link(operator, firm, consultant) -> None:
    firm.email = "firma@example.invalid"
    firm.save()
    sent(operator, firm, consultant, copy=True)
    copy = Letter.objects.get(to=["firma@example.invalid"])
    assert "/henvisning/svar/" not in copy.body


def test_an_office_on_the_platform_gets_no_such_link(operator, firm, consultant) -> None:
    neighbour = user_as("consultant").memberships.get().operator
    made = referrals.send(operator, wish(organisation=firm, office=neighbour), user=consultant)
    assert made.answer_key == ""
    assert all("/henvisning/svar/" not in letter.body for letter in Letter.objects.all())
    with pytest.raises(NoLink):
        link_answers.send_new(made, user=consultant)


# What is said by it -------------------------------------------------------------------------------------


def test_the_partner_takes_it_and_later_says_what_came_of_it(
    referral: Referral, as_consultant: Client
) -> None:
    page, visitor = link_in(referral.letter), Client()
    visitor.post(page, form_of(visitor, page) | {"state": "in_progress"})
    stored = Referral.objects.get(pk=referral.pk)
    assert (stored.state, stored.follow_up.is_done) == (State.IN_PROGRESS, True)
    assert stored.answered_on is not None
    told = Letter.objects.exclude(pk=referral.letter_id).get()
    assert told.to == [referral.consultant.email]
    assert "Bryggeriet" in visitor.get(page).content.decode()
    said = {
        "state": "result",
        "result": "Lån på 200.000 <b>kr</b>",
        "result_dkk": "200.000",
        "result_jobs": "2",
    }
    visitor.post(page, form_of(visitor, page) | said)
    stored.refresh_from_db()
    assert (stored.state, stored.result_dkk, stored.result_jobs) == (State.RESULT, 200_000, 2)
    after = visitor.get(page).content.decode()
    assert "Henvisningen er besvaret." in after
    assert "Bryggeriet" not in after
    shown = as_consultant.get(stored.get_absolute_url()).content.decode()
    assert "Svarede selv" in shown
    assert "Lån på 200.000 &lt;b&gt;kr&lt;/b&gt;" in shown


def test_the_partner_says_no_and_must_say_why(referral: Referral) -> None:
    page, visitor = link_in(referral.letter), Client()
    refused = visitor.post(page, form_of(visitor, page) | {"state": "not_relevant", "result": "Skrevet her"})
    assert "Skriv kort, hvorfor den ikke er relevant." in refused.content.decode()
    assert "Skrevet her" in refused.content.decode()
    visitor.post(page, form_of(visitor, page) | {"state": "not_relevant", "why": "Vi låner ikke ud til det"})
    assert Referral.objects.get(pk=referral.pk).why == "Vi låner ikke ud til det"
    assert "Bryggeriet" not in visitor.get(page).content.decode()


def test_what_the_office_noted_meanwhile_is_not_written_over(referral: Referral, consultant: User) -> None:
    page, visitor = link_in(referral.letter), Client()
    form = form_of(visitor, page)
    answers.answer(referral, Answer(State.IN_PROGRESS), user=consultant, expected=referral.version)
    told = visitor.post(page, form | {"state": "not_relevant", "why": "Nej"}, follow=True).content.decode()
    assert "En anden har gemt ændringer" in told
    assert Referral.objects.get(pk=referral.pk).state == State.IN_PROGRESS


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_the_same_moment_are_one(referral: Referral, tmp_path) -> None:
    token = token_of(referral)

    def say() -> None:
        link_answers.answer(token, Answer(State.IN_PROGRESS), expected=referral.version)

    faults, told = at_once(
        tmp_path, [say] * 4, lambda: (Referral.objects.get(pk=referral.pk).state, Letter.objects.count())
    )
    assert (len(faults), told) == (3, (State.IN_PROGRESS, 2))


# How it is attacked -------------------------------------------------------------------------------------


def test_a_link_that_was_tampered_with_leads_nowhere(referral: Referral) -> None:
    token = token_of(referral)
    value, stamp, signature = token.split(":")
    other = signing.dumps(referral.answer_key).split(":")  # ours, but made for something else
    forged = [
        token[:-1],
        token + "x",
        f"{value}:{stamp}:{signature[::-1]}",
        f"{value[:-1]}:{stamp}:{signature}",
        f"{value}:zzzzzz:{signature}",  # made to last
        f"{value}::{signature}",
        ":".join(other),
        signing.dumps(referral.pk, salt="guidance"),
        referral.answer_key,
        str(referral.pk),
        "x" * 5000,
        "%00",
        "æ:ø:å",
    ]
    for wrong in forged:
        cache.clear()
        assert Client().get(reverse("guidance:answer_by_link", args=[wrong])).status_code == 404, wrong
        assert answer_links.find(wrong) is None, wrong
        with pytest.raises(Referral.DoesNotExist):
            link_answers.answer(wrong, Answer(State.IN_PROGRESS), expected=referral.version)
    assert Referral.objects.get(pk=referral.pk).state == State.SENT


def test_what_we_signed_for_something_else_is_no_key(referral: Referral) -> None:
    for value in (referral.pk, [referral.answer_key], {"key": referral.answer_key}, "", None, True):
        with pytest.raises(LinkIsOver):
            answer_links.find(signing.dumps(value, salt=answer_links.SALT))


def test_another_referrals_link_shows_and_changes_only_its_own(
    operator, consultant, referral: Referral
) -> None:
    other = sent(operator, OrganisationFactory(operator=operator, name="Mejeriet"), consultant)
    page = Client().get(link_in(other.letter)).content.decode()
    assert "Mejeriet" in page
    assert "Bryggeriet" not in page
    mine, theirs = token_of(referral).split(":"), token_of(other).split(":")
    spliced = f"{theirs[0]}:{mine[1]}:{mine[2]}"
    assert Client().get(reverse("guidance:answer_by_link", args=[spliced])).status_code == 404
    visitor = Client()
    visitor.post(
        link_in(other.letter),
        form_of(visitor, link_in(other.letter))
        | {"state": "in_progress", "pk": referral.pk, "id": referral.pk, "answer_key": referral.answer_key},
    )
    assert Referral.objects.get(pk=referral.pk).state == State.SENT
    assert Referral.objects.get(pk=other.pk).state == State.IN_PROGRESS


def test_no_two_referrals_have_the_same_key(operator, firm, consultant, referral: Referral) -> None:
    other = sent(operator, firm, consultant)
    assert len(referral.answer_key) >= 22  # 128 bits
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=other.pk).update(answer_key=referral.answer_key)


def test_an_old_link_shows_nothing_and_says_where_to_ask(referral: Referral, monkeypatch) -> None:
    now = time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + ANSWER_LINK_FOR.total_seconds() - 60)
    assert Client().get(link_in(referral.letter)).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + ANSWER_LINK_FOR.total_seconds() + 60)
    for answer in (
        Client().get(link_in(referral.letter)),
        Client().post(link_in(referral.letter), {"state": "in_progress"}),
    ):
        page = answer.content.decode()
        assert answer.status_code == 410
        assert referral.operator.email in page
        assert "Bryggeriet" not in page
    assert Referral.objects.get(pk=referral.pk).state == State.SENT


def test_a_link_whose_consent_was_taken_back_or_whose_referral_is_deleted_shows_nothing(
    referral: Referral, consultant: User
) -> None:
    link = link_in(referral.letter)
    referrals.withdraw(referral, user=consultant, expected=referral.version)
    assert Client().get(link).status_code == 410
    referral.refresh_from_db()
    referrals.delete(referral, user=consultant)
    assert Client().get(link).status_code == 410


def test_a_new_link_closes_the_old_one(referral: Referral, as_consultant: Client, consultant: User) -> None:
    page = reverse("guidance:send_new_link", args=[referral.pk])
    as_consultant.post(page)
    new = Letter.objects.exclude(pk=referral.letter_id).get()
    assert new.to == [referral.partner.email]
    assert Client().get(link_in(new)).status_code == 200
    assert Client().get(link_in(referral.letter)).status_code == 410
    with pytest.raises(NotYourOffice):
        link_answers.send_new(referral, user=user_as("consultant"))
    stored = Referral.objects.get(pk=referral.pk)
    answers.answer(stored, Answer(State.NOT_RELEVANT, why="Nej"), user=consultant, expected=stored.version)
    with pytest.raises(NoLink):
        link_answers.send_new(referral, user=consultant)


@pytest.mark.parametrize("state", ["sent", "received", "withdrawn", "", "x"])
def test_only_three_things_can_be_said(referral: Referral, state: str) -> None:
    page, visitor = link_in(referral.letter), Client()
    visitor.post(page, form_of(visitor, page) | {"state": state, "why": "x", "result": "x"})
    assert Referral.objects.get(pk=referral.pk).state == State.SENT
    with pytest.raises(NotReachable):
        link_answers.answer(token_of(referral), Answer(state, "x", why="x"), expected=referral.version)


def test_the_last_word_is_said_once(referral: Referral) -> None:
    token = token_of(referral)
    done = link_answers.answer(token, Answer(State.RESULT, "Et lån"), expected=referral.version)
    for again in (
        Answer(State.RESULT, "Et andet"),
        Answer(State.NOT_RELEVANT, why="Nej"),
        Answer(State.IN_PROGRESS),
    ):
        with pytest.raises(NotReachable):
            link_answers.answer(token, again, expected=done.version)
    Client().post(
        link_in(referral.letter), {"state": "result", "result": "Et andet", "opened_version": done.version}
    )
    assert Referral.objects.get(pk=referral.pk).result == "Et lån"


def test_fields_that_are_not_on_the_form_change_nothing(referral: Referral) -> None:
    page, visitor = link_in(referral.letter), Client()
    more = {"note": "Hul", "who": "Hul", "consultant": "1", "shared": "[]", "operator": "1", "invented": "on"}
    visitor.post(page, form_of(visitor, page) | {"state": "in_progress"} | more)
    stored = Referral.objects.get(pk=referral.pk)
    assert (stored.note, stored.who, stored.consultant, stored.shared) == (
        "Ejeren skændes", "Bryggeriet", referral.consultant, referral.shared,
    )  # fmt: skip


def test_a_form_from_another_site_is_refused(referral: Referral) -> None:
    visitor = Client(enforce_csrf_checks=True)
    visitor.get(link_in(referral.letter))
    answer = visitor.post(
        link_in(referral.letter), {"state": "in_progress", "opened_version": referral.version}
    )
    assert answer.status_code == 403
    assert Referral.objects.get(pk=referral.pk).state == State.SENT


def test_whoever_guesses_is_shut_out_and_nobody_else(referral: Referral) -> None:
    guess = reverse("guidance:answer_by_link", args=["gæt:gæt:gæt"])
    statuses = [Client(REMOTE_ADDR="203.0.113.7").get(guess).status_code for _ in range(25)]
    assert statuses == [404] * 20 + [429] * 5
    shut = Client(REMOTE_ADDR="203.0.113.7").get(link_in(referral.letter))
    assert shut.status_code == 429
    assert "Prøv igen om lidt" in shut.content.decode()
    assert Client(REMOTE_ADDR="203.0.113.8").get(link_in(referral.letter)).status_code == 200


def test_the_link_opens_nothing_but_its_own_page(referral: Referral) -> None:
    visitor = Client()
    visitor.get(link_in(referral.letter))
    for address in (referral.get_absolute_url(), referral.organisation.get_absolute_url(), "/henvisninger/"):
        assert visitor.get(address).status_code == 302
