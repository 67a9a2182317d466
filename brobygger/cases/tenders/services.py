# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Setting a tender up, extensions, and handing in bids."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import scanning
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
    TooLate,
)
from brobygger.cases.tenders.models import Bid, Tender
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
def extend(tender: Tender, *, deadline: datetime, reason: str, user: User) -> Tender:
    """Move the deadline later, before it has passed, and tell everybody. Raises NotYours, Conflicted, CaseIsOver, TooLate,
    BadDeadline, BadValues."""
    now = timezone.now()
    stored = officers_case(tender, user)
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
    must_be_shown(tender, organisation, user)
    row = Tender.objects.select_for_update().get(pk=tender.pk)
    if row.published_at is None:
        raise NotOpenForBids
    if not row.takes_bids(arrived):
        raise TooLate
    if price <= 0:
        raise BadValues({"price": _("Skriv en pris over 0.")})
    content = {"price": str(price), "text": clean_text(text), "file": None}
    if file:
        _must_not_be_refused(file)
        data = base64.b64encode(file.content.read()).decode("ascii")
        content["file"] = {"name": file.name, "type": file.content_type, "data": data}  # type: ignore[assignment]
    sealed = sealing.seal(content, row.token)
    before = Bid.objects.filter(tender=row, organisation=organisation).order_by("-number").first()
    return Bid.objects.create(
        tender=row, organisation=organisation, number=before.number + 1 if before else 1, submitted_by=user,
        submitted_at=arrived, data=sealed, fingerprint=sealing.fingerprint(sealed),
    )  # fmt: skip


def _must_not_be_refused(file: Checked) -> None:
    """A scanner that cannot be reached keeps nobody from bidding in time: the file is scanned again before it is opened
    (`views_office.bid_file`). Raises BadValues."""
    clean = scanning.is_clean(file.content.read())
    file.content.seek(0)
    if clean is False:
        raise BadValues({"file": _("Virusscanneren afviser filen. Vælg en anden.")})


@transaction.atomic
def withdraw(tender: Tender, organisation: Organisation, *, user: User) -> None:
    """Take one's bid back before the deadline. Raises NotOpenForBids, TooLate."""
    arrived = timezone.now()
    must_be_shown(tender, organisation, user)
    row = Tender.objects.select_for_update().get(pk=tender.pk)
    if not row.takes_bids(arrived):
        raise TooLate
    Bid.objects.filter(tender=row, organisation=organisation, withdrawn_at=None).update(withdrawn_at=arrived)


def must_be_shown(tender: Tender, organisation: Organisation, user: User) -> None:
    """The person acts for the firm, and the tender is shown to them."""
    acts = Organisation.objects.acted_for_by(user).filter(pk=organisation.pk).exists()
    shown = Tender.objects.visible_to(user).filter(pk=tender.pk, case__stage=PUBLISHED)
    if not acts or not shown.exists():
        raise NotOpenForBids


def officers_case(tender: Tender, user: User) -> Case:
    """The tender's open case, locked, which the person may handle. Raises NotYours, Conflicted, CaseIsOver."""
    stored = locked(tender.case)
    require_officer(user, stored)
    require_open(stored)
    return stored


def _until(deadline: datetime) -> str:
    shown = formats.date_format(timezone.localtime(deadline), "DATETIME_FORMAT")
    return _("Frist: %(day)s.") % {"day": shown}
