# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters that come back: read by the standard, counted once, and no forged report kills an address."""

from __future__ import annotations

import io
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from brobygger.base import inbound, mail, raw_mail
from brobygger.outreach.delivery_reports import is_hard, reports
from brobygger.outreach.errors import NotYourOffice
from brobygger.outreach.models import Bounce, MailAddress
from brobygger.outreach.services import bounces
from tests.factories import user_as
from tests.outreach import made

pytestmark = pytest.mark.django_db

REPORT = """From: MAILER-DAEMON@mx.example.invalid
To: kontor@example.invalid
Subject: Undelivered Mail Returned to Sender
Message-ID: <{own_id}@mx.example.invalid>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="skel"

--skel
Content-Type: text/plain; charset=utf-8

Brevet kunne ikke leveres.

--skel
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.invalid
Arrival-Date: Wed, 04 Mar 2026 09:00:00 +0100

Final-Recipient: rfc822; {email}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user here

--skel
Content-Type: {kind}

From: kontor@example.invalid
To: {email}
Subject: Nyt
Message-ID: <{letter}@brobygger>

--skel--
"""


def report(about, email="bodil@example.invalid", **values) -> bytes:
    usual = {
        "own_id": uuid4(),
        "letter": about.pk,
        "email": email,
        "action": "failed",
        "status": "5.1.1",
        "kind": "message/rfc822",
    }
    return REPORT.format(**{**usual, **values}).encode()


@pytest.fixture
def letter(operator):
    return mail.write(to=["Bodil@example.invalid"], subject="Nyt", body="Hej", operator=operator)


def state() -> MailAddress:
    return MailAddress.objects.get(email="bodil@example.invalid")


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_an_address_that_does_not_exist_is_dead(letter, operator, kind):
    told = inbound.take_in(report(letter, kind=kind))
    assert told == "afvist mail noteret: 1"
    assert state().dead_at is not None
    assert "No such user here" in state().last_reason
    assert Bounce.objects.get().status == "5.1.1"


@pytest.mark.parametrize(
    ("action", "status"),
    [("delayed", "4.4.1"), ("failed", "4.2.2"), ("failed", "5.2.2"), ("failed", "5.7.1")],
)
def test_what_may_pass_is_counted_and_kills_nothing(letter, action, status):
    inbound.take_in(report(letter, action=action, status=status))
    inbound.take_in(report(letter, action=action, status=status))
    assert state().dead_at is None
    assert state().soft_bounces == 2


def test_the_same_report_read_twice_counts_once(letter):
    raw = report(letter, status="4.4.1", action="delayed", own_id="samme")
    inbound.take_in(raw)
    assert inbound.take_in(raw) == "afvist mail noteret: 0"
    assert state().soft_bounces == 1


def test_a_report_about_a_letter_nobody_wrote_is_put_away(letter):
    told = inbound.take_in(report(letter, letter=uuid4()))
    assert told == "afvist mail noteret: 0"
    foreign = inbound.take_in(report(letter).replace(b"@brobygger", b"@andre.invalid"))
    assert foreign == "afvist mail, men ikke om et brev herfra"
    assert not MailAddress.objects.exists()


def test_of_a_letter_to_one_the_report_is_about_that_one_whatever_alias_it_names(letter):
    inbound.take_in(report(letter, email="postkasse7@indeni.example.invalid"))
    assert state().dead_at is not None


def test_of_a_letter_to_two_a_report_about_a_third_marks_neither(operator):
    letter = mail.write(
        to=["a@example.invalid", "b@example.invalid"], subject="x", body="x", operator=operator
    )
    inbound.take_in(report(letter, email="c@example.invalid"))
    assert not MailAddress.objects.exists()


def test_a_letter_that_was_delivered_or_relayed_is_no_bounce(letter):
    for action in ("delivered", "relayed", "expanded"):
        assert inbound.take_in(report(letter, action=action, status="2.0.0")) == ""
    assert not Bounce.objects.exists()


def test_an_ordinary_mail_is_none_of_ours():
    raw = b"From: a@b.invalid\r\nSubject: Hej\r\n\r\nVi har mask"
    assert reports(raw_mail.read(raw)) == []


@pytest.mark.parametrize("raw", [b"Content-Type: message/delivery-status\r\n\r\n", b"From: x\r\nContent-Type: multipart/report; boundary=a\r\n\r\n--a\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nFinal-Recipient: rfc822;\r\n\r\n--a--"])  # fmt: skip
def test_a_report_in_pieces_is_read_without_falling_over(raw):
    assert reports(raw_mail.read(raw)) == []


def test_which_codes_are_final():
    assert [is_hard(code) for code in ("5.1.1", "5.1.10", "5.0.0", "5.2.2", "5.7.1", "4.1.1", "")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip


def test_a_dead_address_works_again_when_somebody_says_so(letter, operator, consultant, as_consultant):
    inbound.take_in(report(letter))
    with pytest.raises(NotYourOffice):
        bounces.revive(state(), user=user_as("consultant"))
    listed = as_consultant.get(reverse("outreach:consents")).content.decode()
    assert "bodil@example.invalid" in listed
    page = reverse("outreach:revive_address", args=[state().pk])
    assert as_consultant.get(page).status_code == 200
    as_consultant.post(page)
    assert state().dead_at is None


def test_mail_is_taken_from_a_folder_and_sorted(letter, tmp_path):
    (tmp_path / "a.eml").write_bytes(report(letter))
    (tmp_path / "b.eml").write_bytes(b"From: a@b.invalid\r\nSubject: Hej\r\n\r\nikke vores")
    (tmp_path / "c.eml").write_bytes(b"")
    (tmp_path / "d.txt").write_text("ikke en mail")
    out = io.StringIO()
    call_command("inbound", str(tmp_path), stdout=out)
    assert (tmp_path / "taget-ind" / "a.eml").exists()
    assert (tmp_path / "ukendt" / "c.eml").exists()
    assert (tmp_path / "d.txt").exists()
    assert state().dead_at is not None
    assert "a.eml: afvist mail noteret: 1" in out.getvalue()


def test_mail_is_taken_from_standard_input(letter, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(report(letter))))
    call_command("inbound", stdout=io.StringIO())
    assert state().dead_at is not None


def test_a_dead_address_is_shown_beside_its_consent(letter, operator, consultant, as_consultant):
    made.consent(made.firm(operator), consultant)
    inbound.take_in(report(letter))
    assert "mails kommer retur" in as_consultant.get(reverse("outreach:consents")).content.decode()
