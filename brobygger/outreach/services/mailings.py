# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with mailings: write one, look at it as a firm will see it, try it on oneself, send it once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base import jobs, mail
from brobygger.base.forms import clean_text
from brobygger.base.models import Job, Letter
from brobygger.base.versions import claim
from brobygger.blueprints.models import Definition
from brobygger.outreach import wording
from brobygger.outreach.errors import (
    AlreadySent,
    BadValues,
    NoAddressToTest,
    NoSegment,
    NothingToGoOnWith,
)
from brobygger.outreach.lacking import Lack, lacking
from brobygger.outreach.models import Consent, MailAddress, Mailing, Purpose, Recipient, Segment
from brobygger.outreach.queries.booking import office_link_of
from brobygger.outreach.rights import must_be_office
from brobygger.outreach.services import recipients
from brobygger.outreach.services.freezing import Progress, freeze
from brobygger.outreach.services.profiles import office_link
from brobygger.outreach.wording import Written
from brobygger.register.models import Organisation, Person

LONGEST = {"subject": 200, "body": 20_000}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a mailing says, and to whom."""

    subject: str
    body: str
    purpose: Purpose
    segment: Segment | None


@transaction.atomic
def write(operator: Operator, draft: Draft, *, user: User, definition: Definition | None = None) -> Mailing:
    """A new draft. Raises BadValues, BadTemplate, NotYourOffice."""
    must_be_office(user, operator.pk)
    mailing = Mailing(operator=operator, created_by=user, definition=definition)
    _fill(mailing, draft)
    mailing.save()
    return mailing


@transaction.atomic
def change(mailing: Mailing, draft: Draft, *, user: User, expected: int) -> Mailing:
    """Correct a draft. Raises EditedMeanwhile, AlreadySent, BadValues, BadTemplate, NotYourOffice."""
    stored = _draft(mailing, user)
    claim(stored, expected)
    _fill(stored, draft)
    stored.job = None
    stored.save()
    return stored


@transaction.atomic
def delete(mailing: Mailing, *, user: User) -> None:
    """Delete a draft, recorded. What was sent stays. Raises AlreadySent, NotYourOffice."""
    stored = _draft(mailing, user)
    subject, operator = stored.subject, stored.operator
    stored.delete()
    audit.record("mailing_deleted", user=user, operator=operator, about=subject)


def _draft(mailing: Mailing, user: User) -> Mailing:
    stored = Mailing.objects.select_for_update(of=("self",)).select_related("operator").get(pk=mailing.pk)
    must_be_office(user, stored.operator_id)
    if not stored.is_draft:
        raise AlreadySent
    return stored


def _fill(mailing: Mailing, draft: Draft) -> None:
    subject, body = " ".join(clean_text(draft.subject).split()), clean_text(draft.body)
    faults = {}
    for name, text in (("subject", subject), ("body", body)):
        if not text:
            faults[name] = _("Skriv emnet.") if name == "subject" else _("Skriv teksten.")
        elif len(text) > LONGEST[name]:
            faults[name] = _("Teksten er for lang.")
    if draft.purpose.operator_id != mailing.operator_id:
        faults["purpose"] = _("Vælg et af kontorets formål.")
    if draft.segment and draft.segment.operator_id != mailing.operator_id:
        faults["segment"] = _("Vælg et af kontorets segmenter.")
    if faults:
        raise BadValues(faults)
    wording.check(subject, body)
    mailing.subject, mailing.body = subject, body
    mailing.purpose, mailing.segment = draft.purpose, draft.segment
    if "{samtale_link}" in subject + body:
        office_link(mailing.operator)


# Looking at it before it is sent -----------------------------------------------------------------


def text_for(
    mailing: Mailing, organisation: Organisation, email: str, token: str, user: User, person: Person | None
) -> Written:
    """As that receiver gets it, with how to unsubscribe at the end; what is missing in it is told."""
    links = _links(mailing, token)
    link = links["afmeld_link"]
    values = wording.values_of(mailing.operator, organisation, user, person=person, **links)
    letter = wording.written(mailing.subject, mailing.body, values)
    return replace(letter, body=f"{letter.body}\n\n{wording.footer(mailing.purpose.name, email, link)}")


def _links(mailing: Mailing, token: str) -> dict[str, str]:
    talks = office_link_of(mailing.operator_id)
    return {
        "afmeld_link": wording.unsubscribe_address(token),
        "samtale_link": talks.address if talks else "",
    }


EXAMPLE_TOKEN = "eksempel"


def lacks(mailing: Mailing, found: Iterable[recipients.Found], *, user: User) -> list[Lack]:
    """What is missing in a draft at those who get it."""
    get_it = [row for row in found if row.outcome == Recipient.Outcome.IN]
    receivers = [(row.organisation, row.consent.person if row.consent else None) for row in get_it]
    return lacking(
        mailing.subject, mailing.body, receivers, operator=mailing.operator, user=user,
        links=_links(mailing, EXAMPLE_TOKEN),
    )  # fmt: skip


@transaction.atomic
def send_test(
    mailing: Mailing, organisation: Organisation, *, user: User, person: Person | None = None
) -> Letter:
    """The mailing as that firm (and the person who said yes for it) would get it, sent to oneself. Its link to unsubscribe leads nowhere.

    Raises NoAddressToTest, NotYourOffice.
    """
    must_be_office(user, mailing.operator_id)
    if not user.email:
        raise NoAddressToTest
    letter = text_for(mailing, organisation, user.email, EXAMPLE_TOKEN, user, person)
    return mail.write(
        to=[user.email],
        subject=_("PRØVE: %(subject)s") % {"subject": letter.subject},
        body=letter.body,
        operator=mailing.operator,
        user=user,
        reply_to=user.email,
    )


# Sending ------------------------------------------------------------------------------------------


@transaction.atomic
def send(mailing: Mailing, *, user: User, expected: int) -> Mailing:
    """Send it, as work in the background. A second press, or a colleague's, finds it sent.

    Raises AlreadySent, EditedMeanwhile, NoSegment, NobodyToSendTo, BrokenSegment, TooManyFirms, NotYourOffice.
    """
    stored = _draft(mailing, user)
    claim(stored, expected)
    if stored.segment is None:
        raise NoSegment
    segment = stored.segment
    recipients.must_reach_somebody(stored.operator, stored.purpose, segment.name, segment.asked, user)
    stored.segment_then = {"name": segment.name, "asked": segment.asked}
    stored.state, stored.sent_by, stored.sent_at = Mailing.State.SENDING, user, timezone.now()
    stored.job = _job(stored, user)
    stored.save()
    audit.record("mailing_sent", user=user, operator=stored.operator, about=stored.subject)
    return stored


@transaction.atomic
def go_on(mailing: Mailing, *, user: User) -> Mailing:
    """Take up a mailing whose work was given up on the way. Those that have their letter get no second.

    Raises NothingToGoOnWith, NotYourOffice.
    """
    stored = (
        Mailing.objects.select_for_update(of=("self",)).select_related("operator", "job").get(pk=mailing.pk)
    )
    must_be_office(user, stored.operator_id)
    if not stored.has_stopped:
        raise NothingToGoOnWith
    stored.sent_by, stored.job = stored.sent_by or user, _job(stored, user)
    stored.save()
    return stored


def _job(mailing: Mailing, user: User) -> Job:
    from brobygger.outreach.tasks import send_mailing

    return jobs.start(
        send_mailing,
        kind="mailing",
        title=_("Sender »%(subject)s«") % {"subject": mailing.subject},
        operator=mailing.operator,
        user=user,
        mailing_id=mailing.pk,
    )


def carry_out(mailing: Mailing, progress: Progress) -> int:
    """Find the receivers of a mailing that is under way and write their letters. What was found stays found and what is
    written stays written, so it may be run again.

    Returns how many letters were put in the outbox. Raises what `freeze` raises.
    """
    freeze(mailing, progress)
    waiting = list(
        Recipient.objects.filter(mailing=mailing, outcome=Recipient.Outcome.IN, written_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    written = 0
    for done, key in enumerate(waiting, 1):
        written += _write_one(mailing, key)
        progress(done, len(waiting), _("Skriver mailene"))
    Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.SENDING).update(
        state=Mailing.State.SENT, finished_at=timezone.now()
    )
    return written


@transaction.atomic
def _write_one(mailing: Mailing, key: int) -> bool:
    """The letter and that it was written, or neither. Whoever took the consent back in the meantime gets none."""
    recipient = (
        Recipient.objects.select_for_update(of=("self",))
        .select_related("organisation", "consent", "person")
        .filter(pk=key, outcome=Recipient.Outcome.IN, written_at=None)
        .first()
    )
    if recipient is None or recipient.consent is None:
        return False
    consent: Consent = recipient.consent
    if reason := _must_not_be_written(mailing, recipient, consent):
        recipient.outcome = reason
        recipient.save(update_fields=["outcome"])
        return False
    recipient.letter = _letter(mailing, recipient, consent)
    recipient.written_at = timezone.now()
    recipient.save(update_fields=["letter", "written_at"])
    return True


def _must_not_be_written(mailing: Mailing, recipient: Recipient, consent: Consent) -> str:
    if not consent.stands or consent.organisation_id != recipient.organisation_id:
        return Recipient.Outcome.UNSUBSCRIBED
    dead = MailAddress.objects.filter(
        operator_id=mailing.operator_id, email=recipient.email, dead_at__isnull=False
    )
    return Recipient.Outcome.BOUNCED if dead.exists() else ""


def _letter(mailing: Mailing, recipient: Recipient, consent: Consent) -> Letter:
    sender: Any = mailing.sent_by
    letter = text_for(
        mailing, recipient.organisation, recipient.email, consent.token, sender, recipient.person
    )
    return mail.write(
        to=[recipient.email],
        subject=letter.subject,
        body=letter.body,
        operator=mailing.operator,
        user=sender,
        reply_to=mailing.operator.email or sender.email,
        headers=unsubscribe_headers(consent.token),
    )


def unsubscribe_headers(token: str) -> dict[str, str]:
    """What lets a mail program unsubscribe with one click (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{wording.unsubscribe_address(token)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
