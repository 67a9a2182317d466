# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every page of the room, with records in it, as each kind of person."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Role
from brobygger.blueprints.services import adopt_shipped
from brobygger.outreach.models import BookingException, BookingRule, Interest, MailAddress, Talk
from brobygger.outreach.quarters import quarter_of
from brobygger.outreach.services import post_files, talks, welcome
from brobygger.outreach.urls import urlpatterns
from tests.factories import firm_user, user_as
from tests.outreach import booked, made

pytestmark = pytest.mark.django_db
POSTED_ONLY = {
    "shipped_purposes", "add_interest", "test_mailing", "adopt_letter", "make_letters", "skip_welcome",
    "open_times", "mark_talk", "change_own_consent", "go_on_mailing",
}  # fmt: skip
PUBLIC = {"unsubscribe", "booked", "move_booked", "cancel_booked", "feedback", "book"}
OF_FIRMS = {"own_consents", "book_as_firm"}
OF_A_MAILING = {
    "mailing", "edit_mailing", "delete_mailing", "receivers", "export_receivers", "test_mailing", "send_mailing",
    "go_on_mailing",
}  # fmt: skip


@pytest.fixture
def keys(operator, consultant):
    """Name of a page → its arguments."""
    today = timezone.localdate()
    firm = made.firm(operator, founded_on=quarter_of(today).first_day)
    consent = made.consent(firm, consultant)
    interest = Interest.objects.create(operator=operator, name="Eksport")
    address = MailAddress.objects.create(operator=operator, email="x@example.invalid", soft_bounces=2)
    mailing = made.draft(operator, consultant)
    adopt_shipped(operator, "letter", "velkomstbrev", user=None)
    round_ = welcome.start(operator, quarter_of(today), by_mail=True, user=consultant)
    made.carried_out(round_)
    post_files.carry_out(post_files.ask(round_, user=consultant), lambda done, total: None)
    profile = booked.bookable(operator, consultant)
    talk = booked.booked(operator, consultant, organisation=firm)
    exception = BookingException.objects.create(
        profile=profile, first_day=today, last_day=today + timedelta(days=1), why="Ferie"
    )
    rule = BookingRule.objects.first()
    own = firm_user(firm)
    pk = {
        "segment": mailing.segment_id, "count_segment": mailing.segment_id, "edit_segment": mailing.segment_id,
        "delete_segment": mailing.segment_id, "export_segment": mailing.segment_id,
        "segment_to_portfolio": mailing.segment_id, "new_consent": firm.pk,
        "withdraw_consent": consent.pk, "edit_purpose": consent.purpose_id, "delete_interest": interest.pk,
        "revive_address": address.pk, "welcome_round": round_.pk, "letters_pdf": round_.pk,
        "digital_post": round_.pk, "remove_rule": rule.pk, "remove_exception": exception.pk, "talk": talk.pk,
        "cancel_talk": talk.pk, "book_as_firm": firm.pk, "mark_talk": talk.pk, "skip_welcome": firm.pk,
        "change_own_consent": firm.pk,
    } | dict.fromkeys(OF_A_MAILING, mailing.pk)  # fmt: skip
    return {
        "own": own, "pk": pk, "purpose": mailing.purpose_id, "talk": talk, "consent": consent,
        "code": round_.letters.get().link.code,
    }  # fmt: skip


def address_of(entry, keys) -> str:
    talk = keys["talk"]
    tokens = {"unsubscribe": keys["consent"].token, "feedback": talk.feedback_token}

    def value(part: re.Match[str]) -> str:
        known = {
            "pk": keys["pk"].get(entry.name),
            "purpose_pk": keys["purpose"],
            "token": tokens.get(entry.name, talk.token),
            "code": keys["code"],
        }
        assert known[part[1]], f"{entry.name} has no key of its own"
        return str(known[part[1]])

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, str(entry.pattern))


def opened(client: Client, keys, names=None) -> dict[str, int]:
    found = {}
    for entry in urlpatterns:
        if entry.name not in POSTED_ONLY and (names is None or entry.name in names):
            answer = client.get(address_of(entry, keys))
            b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[entry.name] = answer.status_code
    return found


def test_the_office_opens_every_page(as_consultant, as_head, keys):
    for client in (as_consultant,):
        found = opened(client, keys)
        wrong = {name: code for name, code in found.items() if code != 200}
        assert wrong == {"book_as_firm": 404, "preview_welcome": 302}, "nobody waits for the letter"
    heads = opened(as_head, keys)
    assert {name: code for name, code in heads.items() if code != 200} == {
        "book_as_firm": 404,
        "preview_welcome": 302,
        "edit_profile": 404,
        "new_rule": 404,
        "new_exception": 404,
        "renew_link": 404,
        "remove_rule": 404,
        "remove_exception": 404,
    }


def test_nobody_else_opens_the_offices_pages(keys, operator, sign_in):
    people = {
        "firm": sign_in(keys["own"]),
        "partner": sign_in(user_as(Role.PARTNER, operator)),
        "admin": sign_in(user_as(Role.ADMIN, operator)),
        "nobody": Client(),
    }
    closed = {entry.name for entry in urlpatterns} - PUBLIC - OF_FIRMS
    for who, client in people.items():
        assert set(opened(client, keys, closed).values()) <= {302, 403}, who


def test_a_neighbouring_office_finds_none_of_the_records(keys, sign_in):
    neighbour = sign_in(user_as(Role.CONSULTANT))
    by_key = {entry.name for entry in urlpatterns if "<int:" in str(entry.pattern)} - OF_FIRMS
    assert set(opened(neighbour, keys, by_key).values()) == {404}


def test_whoever_holds_a_link_opens_its_page_without_sign_in(keys):
    assert opened(Client(), keys, PUBLIC) == dict.fromkeys(PUBLIC, 200)
    talk: Talk = booked.over(keys["talk"])
    talks.mark_held(talk, user=talk.consultant, expected=talk.version)
    assert Client().get(f"/samtale/svar/{talk.feedback_token}/").status_code == 200


def test_a_firm_opens_its_own_pages(keys, sign_in):
    assert opened(sign_in(keys["own"]), keys, OF_FIRMS) == dict.fromkeys(OF_FIRMS, 200)
