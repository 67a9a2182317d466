# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Setting a tender up, dialogue with the market, questions, extensions, and handing in bids."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.cases.errors import BadValues, NoSuchWay
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.derive import locked, record, require_officer, require_open
from brobygger.cases.tenders import sealing
from brobygger.cases.tenders.case_words import DRAFT, PUBLISHED, TYPE
from brobygger.cases.tenders.errors import (
    BadDeadline,
    MembersFirstNotAllowed,
    NotOpenForBids,
    PublishedAlready,
    TextIsFixed,
    TooLate,
)
from brobygger.cases.tenders.models import Bid, DialogueMeeting, Question, Tender
from brobygger.cases.tenders.telling import tell_all
from brobygger.cases.tenders.texts import keep
from brobygger.dialogue.attachments import Checked
from brobygger.register.models import Organisation


@transaction.atomic
def set_up(case: Case, *, deadline: datetime, members_days: int, user: User | None) -> Tender:
    """Deadline, and for how many days members see it first; until it is published. Raises NotYours, Conflicted,
    NoSuchWay, PublishedAlready, BadDeadline, MembersFirstNotAllowed."""
    stored = locked(case)
    require_officer(user, stored)
    if stored.type_key != TYPE:
        raise NoSuchWay
    standing = Tender.objects.select_for_update().filter(case=stored).first()
    if stored.stage != DRAFT or (standing and standing.published_at):
        raise PublishedAlready  # also where the case was taken back to its first stage: bidders rely on the deadline
    if deadline <= timezone.now():
        raise BadDeadline(_("Fristen skal ligge i fremtiden."))
    if members_days and not below_threshold(stored):
        raise MembersFirstNotAllowed
    tender, _is_new = Tender.objects.update_or_create(
        case=stored, defaults={"deadline": deadline, "members_days": members_days}
    )
    record(stored, CaseEvent.Kind.OTHER, user=user, name="tender_set_up", text=_until(deadline))
    return tender


def below_threshold(case: Case) -> bool:
    """The value is known to be under the threshold that the office has written in the case."""
    value, threshold = case.value("value"), case.value("threshold")
    return value is not None and threshold is not None and Decimal(value) < Decimal(threshold)


def publish(case: Case, user: User | None) -> None:
    """The tender is out, with its text as it stands. Called by the case's move."""
    tender = Tender.objects.select_for_update().get(case=case)
    tender.published_at = timezone.now()
    if tender.members_days:
        if not below_threshold(case):
            raise MembersFirstNotAllowed
        tender.members_until = tender.published_at + timedelta(days=tender.members_days)
    if tender.deadline <= (tender.members_until or tender.published_at):
        raise BadDeadline(_("Fristen skal ligge efter de dage, hvor kun medlemmer ser opgaven."))
    tender.save()
    keep(tender, case, user=user)


@transaction.atomic
def add_meeting(tender: Tender, *, at: datetime, place: str, told: str, user: User) -> DialogueMeeting:
    """A meeting with the market, for all. Raises NotYours, Conflicted, CaseIsOver, BadValues."""
    stored = _officers(tender, user)
    if not clean_text(place):
        raise BadValues({"place": _("Skriv, hvor mødet er.")})
    made = DialogueMeeting.objects.create(
        tender=tender, at=at, place=clean_text(place), told=clean_text(told)
    )
    record(stored, CaseEvent.Kind.OTHER, user=user, name="market_dialogue", text=str(made))
    return made


@transaction.atomic
def tell_meeting(meeting: DialogueMeeting, *, told: str, user: User) -> DialogueMeeting:
    """What was said at a meeting, for all. Raises NotYours, Conflicted, CaseIsOver."""
    _officers(meeting.tender, user)
    meeting.told = clean_text(told)
    meeting.save(update_fields=["told"])
    return meeting


@transaction.atomic
def ask(tender: Tender, organisation: Organisation, *, text: str, user: User) -> Question:
    """A firm asks. Raises NotOpenForBids, TooLate, BadValues."""
    _may_bid(tender, organisation, user)
    if timezone.now() > tender.deadline:
        raise TooLate
    if not clean_text(text):
        raise BadValues({"text": _("Skriv et spørgsmål.")})
    return Question.objects.create(
        tender=tender, organisation=organisation, asked_by=user, text=clean_text(text)[:5000]
    )


@transaction.atomic
def answer(question: Question, *, answer: str, user: User) -> Question:
    """Answered to all at once, before the deadline. An answer that is put right is told to all who were given the first.
    Raises NotYours, Conflicted, CaseIsOver, TextIsFixed, BadValues."""
    now = timezone.now()
    stored = _officers(question.tender, user)
    tender = Tender.objects.select_for_update().get(pk=question.tender_id)
    if now > tender.deadline:
        raise TextIsFixed
    if not clean_text(answer):
        raise BadValues({"answer": _("Skriv et svar.")})
    earlier = Question.objects.get(pk=question.pk).answer
    if earlier == clean_text(answer):
        return question
    question.answer, question.answered_at = clean_text(answer), now
    question.save(update_fields=["answer", "answered_at"])
    if earlier:
        text = _("Svaret er rettet på spørgsmålet »%(question)s«\n\nFør: %(before)s\n\nNu: %(now)s") % {
            "question": question.text[:300],
            "before": earlier[:700],
            "now": question.answer[:700],
        }
        tell_all(
            tender, stored, text, subject=_("Rettet svar: %(title)s") % {"title": stored.title}, user=user
        )
    record(stored, CaseEvent.Kind.OTHER, user=user, name="question_answered", text=question.text[:500])
    return question


@transaction.atomic
def extend(tender: Tender, *, deadline: datetime, reason: str, user: User) -> Tender:
    """Move the deadline later, before it has passed, and tell everybody. Raises NotYours, Conflicted, CaseIsOver, TooLate,
    BadDeadline, BadValues."""
    now = timezone.now()
    stored = _officers(tender, user)
    row = Tender.objects.select_for_update().get(pk=tender.pk)
    if not clean_text(reason):
        raise BadValues({"reason": _("Skriv, hvorfor fristen forlænges.")})
    if row.published_at is None or now > row.deadline:
        raise BadDeadline(_("Fristen kan kun forlænges, mens der kan bydes."))
    if deadline <= row.deadline:
        raise BadDeadline(_("Den nye frist skal ligge efter den gamle."))
    row.deadline = deadline
    row.save(update_fields=["deadline"])
    text = _("Fristen er forlænget. %(until)s %(why)s") % {
        "until": _until(deadline),
        "why": clean_text(reason),
    }
    tell_all(row, stored, text, subject=_("Ny frist: %(title)s") % {"title": stored.title}, user=user)
    record(stored, CaseEvent.Kind.OTHER, user=user, name="deadline_extended", text=text)
    return row


@transaction.atomic
def submit(
    tender: Tender, organisation: Organisation, *, price: Decimal, text: str, file: Checked | None, user: User
) -> Bid:
    """Hand in a sealed bid; one that was handed in before is replaced. The clock is the server's, when the request came.
    Raises NotOpenForBids, TooLate, BadValues."""
    arrived = timezone.now()
    _may_bid(tender, organisation, user)
    row = Tender.objects.select_for_update().get(pk=tender.pk)
    if row.published_at is None:
        raise NotOpenForBids
    if not row.takes_bids(arrived):
        raise TooLate
    if price <= 0:
        raise BadValues({"price": _("Skriv en pris over 0.")})
    content = {"price": str(price), "text": clean_text(text), "file": None}
    if file:
        data = base64.b64encode(file.content.read()).decode("ascii")
        content["file"] = {"name": file.name, "type": file.content_type, "data": data}  # type: ignore[assignment]
    sealed = sealing.seal(content, row.token)
    before = Bid.objects.filter(tender=row, organisation=organisation).order_by("-number").first()
    return Bid.objects.create(
        tender=row, organisation=organisation, number=before.number + 1 if before else 1, submitted_by=user,
        submitted_at=arrived, data=sealed, fingerprint=sealing.fingerprint(sealed),
    )  # fmt: skip


@transaction.atomic
def withdraw(tender: Tender, organisation: Organisation, *, user: User) -> None:
    """Take one's bid back before the deadline. Raises NotOpenForBids, TooLate."""
    arrived = timezone.now()
    _may_bid(tender, organisation, user)
    row = Tender.objects.select_for_update().get(pk=tender.pk)
    if not row.takes_bids(arrived):
        raise TooLate
    Bid.objects.filter(tender=row, organisation=organisation, withdrawn_at=None).update(withdrawn_at=arrived)


def _may_bid(tender: Tender, organisation: Organisation, user: User) -> None:
    """The person acts for the firm, and the tender is shown to them."""
    acts = Organisation.objects.acted_for_by(user).filter(pk=organisation.pk).exists()
    shown = Tender.objects.visible_to(user).filter(pk=tender.pk, case__stage=PUBLISHED)
    if not acts or not shown.exists():
        raise NotOpenForBids


def _officers(tender: Tender, user: User) -> Case:
    stored = locked(tender.case)
    require_officer(user, stored)
    require_open(stored)
    return stored


def _until(deadline: datetime) -> str:
    shown = formats.date_format(timezone.localtime(deadline), "DATETIME_FORMAT")
    return _("Frist: %(day)s.") % {"day": shown}
