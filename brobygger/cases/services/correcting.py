# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Putting the record right: another date, or something that did not happen after all. The first writing stays."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.danish import kroner
from brobygger.cases.errors import NeedsReason, OutOfOrder
from brobygger.cases.models import Case, CaseEvent, CasePayment
from brobygger.cases.services.contents import paid_out, said
from brobygger.cases.services.derive import NOON, locked, record, require_officer

DATED = frozenset({CaseEvent.Kind.OPENED, CaseEvent.Kind.MOVED, CaseEvent.Kind.MARKED, CaseEvent.Kind.PAUSED,
                   CaseEvent.Kind.RESUMED})  # fmt: skip
TAKEN_BACK = frozenset(
    {CaseEvent.Kind.MARKED, CaseEvent.Kind.PAUSED, CaseEvent.Kind.RESUMED, CaseEvent.Kind.MOVED,
     CaseEvent.Kind.PAID, CaseEvent.Kind.NOTE}
)  # fmt: skip


@transaction.atomic
def redate(case: Case, event: CaseEvent, on: date, *, reason: str, user: User | None, expected: int) -> Case:
    """Something happened on another day than was written. The order, and every clock, is worked out anew.
    Raises NotYours, Conflicted, NeedsReason, OutOfOrder (the stages would change places), EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    if fields := redated(stored, event, on, reason=reason):
        record(stored, CaseEvent.Kind.REDATED, user=user, **fields)
    return stored


def redated(case: Case, event: CaseEvent, on: date, *, reason: str) -> dict[str, Any] | None:
    """What the event of a corrected date holds; None where that is its day. Raises NeedsReason, OutOfOrder."""
    _must_explain(reason)
    found = _effective(case, event)
    if found.kind not in DATED:
        raise OutOfOrder(_("Den dato kan ikke rettes."))
    if on > timezone.localdate():
        raise OutOfOrder(_("Datoen er ikke kommet endnu."))
    if on == timezone.localdate(found.at):
        return None
    at = _in_its_place(case, found, on)
    _keep_pairs(case, found, at)
    data = {"at": at.isoformat(), "from": found.on.isoformat()}
    return {"refers_to": event, "reason": reason[:1000], "data": data}


def _in_its_place(case: Case, found: CaseEvent, on: date) -> datetime:
    """A moment of that day. The hour is not known: noon, or where it keeps its place among what else happened then. Complete on
    the day on which it was received comes after that, at whatever hour it came in."""
    at = timezone.make_aware(datetime.combine(on, NOON))
    if on == timezone.localdate():
        at = min(at, timezone.now())
    same_day = [row for row in case.timeline if row.kind in DATED and row.on == on]
    at = min([at, *(row.at for row in same_day if row.pk > found.pk)])
    return max([at, *(row.at for row in same_day if row.pk < found.pk)])


def _keep_pairs(case: Case, found: CaseEvent, at: datetime) -> None:
    """An answer does not come before its question."""
    partners = [row for row in case.timeline if row.refers_to_id == found.pk and row.kind == "resumed"]
    if found.kind == "resumed" and found.refers_to_id:
        asked = next((row for row in case.timeline if row.pk == found.refers_to_id), None)
        if asked and at < asked.at:
            raise OutOfOrder(_("Svaret kan ikke ligge før spørgsmålet."))
    if found.kind == "paused" and any(row.at < at for row in partners):
        raise OutOfOrder(_("Svaret kan ikke ligge før spørgsmålet."))


@transaction.atomic
def take_back(case: Case, event: CaseEvent, *, reason: str, user: User | None, expected: int) -> Case:
    """Something did not happen after all. A move can be taken back while it is the last one; votes begin again.
    Raises NotYours, Conflicted, NeedsReason, OutOfOrder, EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    _void(stored, event, reason=reason, user=user)
    _covers_what_is_paid(stored)
    return stored


def _void(case: Case, event: CaseEvent, *, reason: str, user: User | None) -> None:
    """Take something back in a case that is locked; money that was not paid counts no more. Raises NeedsReason, OutOfOrder."""
    fields = taken_back(case, event, reason=reason)
    if payment := CasePayment.objects.filter(event=event).first():
        told = {"on": payment.on.isoformat(), "amount": str(payment.amount), "text": payment.text}
        fields["data"] = {"payment": told}
        payment.delete()
    record(case, CaseEvent.Kind.VOIDED, user=user, **fields)


@transaction.atomic
def correct_payment(
    case: Case, event: CaseEvent, amount: Decimal, *, on: date, text: str, reason: str, user: User, expected: int
) -> CasePayment:  # fmt: skip
    """Another amount, day or text: the first is taken back, and the right one written. Also in a case that is over.
    Raises NotYours, Conflicted, NeedsReason, OutOfOrder, BadValues, EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    _void(stored, event, reason=reason, user=user)
    return paid_out(stored, amount, on=on, text=text, user=user, refers_to=event)


@transaction.atomic
def correct_note(case: Case, event: CaseEvent, text: str, *, user: User) -> CaseEvent:
    """Another wording of a note, at the first one's place; the first can still be read. Raises NotYours, Conflicted,
    OutOfOrder, BadValues."""
    stored = locked(case)
    require_officer(user, stored)
    found = _effective(stored, event)
    if found.kind != CaseEvent.Kind.NOTE:
        raise OutOfOrder(_("Det kan ikke rettes."))
    new = said(text)
    if new == found.text:
        return found
    _void(stored, event, reason=_("Notatet er rettet."), user=user)
    return record(stored, CaseEvent.Kind.NOTE, user=user, text=new, at=found.at, refers_to=event)


def taken_back(case: Case, event: CaseEvent, *, reason: str) -> dict[str, Any]:
    """What the event of taking something back holds; a move's takes the case to a new round. Raises NeedsReason, OutOfOrder."""
    _must_explain(reason)
    found = _effective(case, event)
    if found.kind not in TAKEN_BACK:
        raise OutOfOrder(_("Det kan ikke tages tilbage."))
    if found.kind == CaseEvent.Kind.MOVED:
        last = [row for row in case.timeline if row.kind == CaseEvent.Kind.MOVED][-1]
        if last.pk != found.pk or found.data.get("voted"):
            raise OutOfOrder(_("Kun det seneste trin kan tages tilbage, og ikke det, der er stemt om."))
        case.round += 1
    return {"refers_to": event, "reason": reason[:1000]}


def _covers_what_is_paid(case: Case) -> None:
    """A decision that money was paid on is not taken back. Raises OutOfOrder."""
    granted = case.granted
    if case.type.amount_field and case.paid > (granted.amount if granted else 0):
        raise OutOfOrder(
            _("Der er udbetalt %(paid)s på afgørelsen, så den kan ikke tages tilbage.")
            % {"paid": kroner(case.paid)}
        )


def _effective(case: Case, event: CaseEvent) -> CaseEvent:
    """The event as it counts now. Raises OutOfOrder when it does not any more."""
    found = next((row for row in case.timeline if row.pk == event.pk), None)
    if found is None:
        raise OutOfOrder(_("Det er allerede taget tilbage."))
    return found


def _must_explain(reason: str) -> None:
    if not reason.strip():
        raise NeedsReason
