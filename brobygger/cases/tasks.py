# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is done by the clock: warnings before a deadline, reminders of duties, scans that were not finished."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django_tasks import task

from brobygger.base import mail
from brobygger.base.schedule import daily
from brobygger.cases import rights, scanning, seats
from brobygger.cases.models import Case, CaseDocument, CaseDuty, CaseEvent
from brobygger.cases.services.derive import locked, record
from brobygger.cases.services.letters import merge_values, write

AGAIN_AFTER = timedelta(days=14)
"""A duty that is not done is reminded of again after so long."""


@task()
def scan_document(pk: int) -> str:
    """Scan one document."""
    found = CaseDocument.objects.filter(pk=pk).first()
    return scanning.scan(found) if found else ""


@task()
def every_morning() -> dict[str, int]:
    """Let boards' members of today into their cases, warn officers of deadlines that come close, remind of duties, and scan what is still held back."""
    seats.fill_all()
    today = timezone.localdate()
    waiting = CaseDocument.objects.filter(state=CaseDocument.State.QUARANTINE, removed_at=None)
    scanned = (
        sum(scanning.scan(row) != CaseDocument.State.QUARANTINE for row in waiting)
        if scanning.is_set_up()
        else 0
    )
    return {"warned": warn(today), "reminded": remind(today), "scanned": scanned}


def warn(today: date) -> int:
    """Write to the officer of each case whose deadline comes close, once for each deadline. Returns how many cases."""
    rows = Case.objects.filter(is_open=True, warn_on__lte=today, due_on__gte=today).exclude(officer=None)
    return sum(_warn(case) for case in rows.order_by("pk").only("pk"))


@transaction.atomic
def _warn(found: Case) -> bool:
    case = locked(found)
    if case.warned_on is not None and case.warn_on is not None and case.warned_on >= case.warn_on:
        return False
    if not (case.is_open and case.due_on and case.officer and case.officer.is_active):
        return False
    if not rights.is_officer(case.officer, case):  # partial since, or no longer of the office
        return False
    case.warned_on = timezone.localdate()
    due = str(formats.date_format(case.due_on, "DATE_FORMAT"))
    letter = mail.write(
        to=[case.officer.email],
        subject=_("%(number)s: fristen er %(due)s") % {"number": case.number, "due": due},
        body=_("%(title)s\n\nFristen er %(due)s. Sagen står ved »%(stage)s«.\n\n%(link)s")
        % {"title": case.title, "due": due, "stage": case.at_stage.name, "link": mail_link(case)},
        operator=case.operator,
    )
    record(case, CaseEvent.Kind.WARNED, user=None, letter=letter, text=str(case.officer))
    return True


def mail_link(case: Case) -> str:
    """The case's address on the office's side."""
    return f"{settings.SITE_URL}{case.get_absolute_url()}"


def remind(today: date) -> int:
    """Remind applicants of what they owe in open cases. Returns how many duties."""
    rows = CaseDuty.objects.filter(
        done_on=None, of_applicant=True, due_on__lte=today + timedelta(days=60), case__is_open=True
    )
    return sum(_remind(duty, today) for duty in rows.select_related("case").order_by("pk"))


@transaction.atomic
def _remind(duty: CaseDuty, today: date) -> bool:
    if today < duty.due_on - timedelta(days=duty.remind_days):
        return False
    if duty.reminded_on and today < duty.reminded_on + AGAIN_AFTER:
        return False
    case = locked(duty.case)
    if not case.is_open:
        return False
    changed = CaseDuty.objects.filter(pk=duty.pk, done_on=None, reminded_on=duty.reminded_on).update(
        reminded_on=today
    )
    if not changed:
        return False
    due = str(formats.date_format(duty.due_on, "DATE_FORMAT"))
    known = merge_values(case, None)
    write(
        case,
        _("%(number)s: husk »%(what)s«") % {"number": case.number, "what": duty.title},
        _(
            "Kære %(who)s\n\nVi mangler »%(what)s« senest %(due)s.\n\nSvar her: %(link)s\n\nVenlig hilsen\n%(office)s"
        )
        % {
            "who": known["ansøger"],
            "what": duty.title,
            "due": due,
            "link": known["link"],
            "office": known["kontor"],
        },
        user=None,
        name="reminder",
    )
    return True


daily(every_morning, hour=6)
