# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Clocks that stand still: the applicant is asked and answers, another authority is waited for, and marks that start them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.cases import rights
from brobygger.cases.errors import BadValues, NoSuchWay, NotPaused, NotYours
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.derive import locked, moment, record, require_officer, require_open
from brobygger.cases.services.letters import write


@transaction.atomic
def pause(
    case: Case, key: str, *, user: User | None, text: str = "", on: date | datetime | None = None, reason: str = "",
    tell: bool = True,
) -> CaseEvent:  # fmt: skip
    """Let the clocks that the pause concerns stand from that day. A pause that waits for the applicant asks a question and
    sends it. Raises NotYours, Conflicted, CaseIsOver, NoSuchWay, BadValues, OutOfOrder, NeedsReason."""
    stored = locked(case)
    require_officer(user, stored)
    event = record(
        stored, CaseEvent.Kind.PAUSED, user=user, **paused(stored, key, user=user, text=text, on=on, reason=reason)
    )  # fmt: skip
    if stored.type.pause(key).waits_for_applicant and tell:
        subject = _("%(number)s: vi mangler noget fra jer") % {"number": stored.number}
        write(stored, subject, event.text, user=user, name="question")
    return event


def paused(
    case: Case, key: str, *, user: User | None, text: str, on: date | datetime | None, reason: str
) -> dict[str, Any]:
    """What the event of a pause holds. Raises CaseIsOver, NoSuchWay, BadValues, OutOfOrder, NeedsReason."""
    require_open(case)
    sort = next((found for found in case.type.pauses if found.key == key), None)
    if sort is None:
        raise NoSuchWay
    text = clean_text(text)
    if sort.waits_for_applicant and not text:
        raise BadValues({"text": _("Skriv, hvad ansøgeren skal svare på.")})
    at = moment(on, not_before=_opened_at(case), reason=reason, user=user)
    return {"at": at, "name": key, "text": text, "reason": reason[:1000], "for_applicant": True}


@transaction.atomic
def resume(
    case: Case,
    paused: CaseEvent,
    *,
    user: User | None,
    text: str = "",
    on: date | datetime | None = None,
    reason: str = "",
) -> CaseEvent:
    """End a pause. The applicant ends only what waits for them, and only now: they do not choose the day.
    Raises NotPaused, NotYours, Conflicted, BadValues, OutOfOrder, NeedsReason."""
    stored = locked(case)
    waiting = still_waiting(stored, paused)
    sort = stored.type.pause(waiting.name)
    if user is not None and not rights.is_officer(user, stored):
        if not (sort.waits_for_applicant and rights.is_applicant(user, stored)):
            raise NotYours
        on, reason = None, ""
        if not text.strip():
            raise BadValues({"text": _("Skriv jeres svar.")})
    fields = resumed(waiting, user=user, text=text, on=on, reason=reason)
    return record(stored, CaseEvent.Kind.RESUMED, user=user, **fields)


def still_waiting(case: Case, paused: CaseEvent) -> CaseEvent:
    """The pause as it counts now. Raises NotPaused when it does not any more, or is answered."""
    waiting = next(
        (row for row in case.timeline if row.pk == paused.pk and row.kind == CaseEvent.Kind.PAUSED), None
    )
    if waiting is None or any(
        row.kind == "resumed" and row.refers_to_id == waiting.pk for row in case.timeline
    ):
        raise NotPaused
    return waiting


def resumed(
    waiting: CaseEvent, *, user: User | None, text: str, on: date | datetime | None, reason: str
) -> dict[str, Any]:
    """What the event that ends a pause holds. Raises OutOfOrder, NeedsReason."""
    at = moment(on, not_before=waiting.at, reason=reason, user=user)
    return {
        "at": at, "name": waiting.name, "refers_to": waiting, "text": clean_text(text), "reason": reason[:1000],
        "for_applicant": True,
    }  # fmt: skip


@transaction.atomic
def mark(
    case: Case,
    key: str,
    *,
    user: User | None,
    on: date | datetime | None = None,
    reason: str = "",
    text: str = "",
) -> CaseEvent:
    """Note one of the definition's marks (a meeting was held). Raises NotYours, Conflicted, NoSuchWay, OutOfOrder."""
    stored = locked(case)
    require_officer(user, stored)
    require_open(stored)
    if key not in {found.key for found in stored.type.marks}:
        raise NoSuchWay
    at = moment(on, not_before=_opened_at(stored), reason=reason, user=user)
    return record(
        stored, CaseEvent.Kind.MARKED, user=user, at=at, name=key, text=clean_text(text), reason=reason[:1000]
    )


def _opened_at(case: Case) -> datetime:
    return case.timeline[0].at
