# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is done by the clock: warnings before a deadline, reminders of duties, scans that were not finished."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from brobygger.base import mail, scanning
from brobygger.base.schedule import daily
from brobygger.cases import duties, rights, seats
from brobygger.cases.models import Case, CaseDuty, CaseEvent
from brobygger.cases.services import telling
from brobygger.cases.services.derive import locked, record
from brobygger.cases.services.letters import merge_values, write
from brobygger.cases.services.news import name_of

PASSED_LATELY = timedelta(days=14)
AGAIN_AFTER = timedelta(days=14)
"""A duty that is not done is reminded of again after so long."""


@task()
def every_morning() -> dict[str, int]:
    """Let boards' members of today into their cases, warn officers of deadlines that come close or have passed, remind
    of duties, ask those who decide, and scan what is still held back."""
    seats.fill_all()
    today = timezone.localdate()
    return {
        "warned": warn(today),
        "reminded": remind(today) + remind_the_office(today),
        "asked": telling.every_morning(),
        "scanned": scanning.scan_what_waits(),
    }


def warn(today: date) -> int:
    """Write to the officer of each case whose deadline comes close, and again when it has passed: once each for each
    deadline. One that passed long ago stands on I dag and in the morning's letter alone. Returns how many cases."""
    rows = Case.objects.filter(is_open=True, warn_on__lte=today, due_on__gte=today - PASSED_LATELY)
    close = Q(due_on__gte=today, warned_on__lt=F("warn_on"))
    passed = Q(due_on__lt=today, warned_on__lte=F("due_on"))
    rows = rows.filter(Q(warned_on=None) | close | passed).exclude(officer=None)
    return sum(_warn(case) for case in rows.order_by("pk").only("pk"))


@transaction.atomic
def _warn(found: Case) -> bool:
    case = locked(found)
    if not (case.is_open and case.due_on and case.officer and case.officer.is_active):
        return False
    since = case.due_on + timedelta(days=1) if case.is_late else case.warn_on
    if case.warned_on is not None and since is not None and case.warned_on >= since:
        return False
    if not rights.is_officer(case.officer, case):  # partial since, or no longer of the office
        return False
    case.warned_on = timezone.localdate()
    due = str(formats.date_format(case.due_on, "DATE_FORMAT"))
    told = {
        "number": case.number,
        "title": case.title,
        "due": due,
        "stage": case.at_stage.name,
        "link": mail_link(case),
    }
    subject, body = (
        (
            _("%(number)s: fristen var %(due)s"),
            _("%(title)s\n\nFristen var %(due)s, og sagen står stadig ved »%(stage)s«.\n\n%(link)s"),
        )
        if case.is_late
        else (
            _("%(number)s: fristen er %(due)s"),
            _("%(title)s\n\nFristen er %(due)s. Sagen står ved »%(stage)s«.\n\n%(link)s"),
        )
    )
    letter = mail.write(
        to=[case.officer.email], subject=subject % told, body=body % told, operator=case.operator
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
    if not _is_time(duty, today):
        return False
    case = locked(duty.case)
    if not (case.is_open and _claimed(duty, today)):
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
            "link": settings.SITE_URL + page if (page := duties.address(case, duty)) else known["link"],
            "office": known["kontor"],
        },
        user=None,
        name="reminder",
    )
    return True


def remind_the_office(today: date) -> int:
    """Remind officers of what they have to do themselves in their open cases. Returns how many duties."""
    rows = CaseDuty.objects.filter(
        done_on=None, of_applicant=False, due_on__lte=today + timedelta(days=60), case__is_open=True
    )
    return sum(
        _remind_the_office(duty, today)
        for duty in rows.exclude(case__officer=None).select_related("case").order_by("pk")
    )


@transaction.atomic
def _remind_the_office(duty: CaseDuty, today: date) -> bool:
    if not _is_time(duty, today):
        return False
    case = locked(duty.case)
    officer = case.officer
    if not (case.is_open and officer and officer.is_active and rights.is_officer(officer, case)):
        return False
    if not _claimed(duty, today):
        return False
    with translation.override(officer.language or settings.LANGUAGE_CODE):
        due = str(formats.date_format(duty.due_on, "DATE_FORMAT"))
        told = {
            "number": case.number,
            "what": duty.title,
            "due": due,
            "case": name_of(case),
            "link": mail_link(case),
        }
        mail.write(
            to=[officer.email],
            subject=_("%(number)s: husk »%(what)s«") % told,
            body=_("%(case)s\n\n»%(what)s« skal gøres senest %(due)s.\n\nSæt hak ved det på sagen: %(link)s")
            % told,
            operator=case.operator,
        )
    return True


def _is_time(duty: CaseDuty, today: date) -> bool:
    if today < duty.due_on - timedelta(days=duty.remind_days):
        return False
    return duty.reminded_on is None or today >= duty.reminded_on + AGAIN_AFTER


def _claimed(duty: CaseDuty, today: date) -> bool:
    mine = CaseDuty.objects.filter(pk=duty.pk, done_on=None, reminded_on=duty.reminded_on)
    return bool(mine.update(reminded_on=today))


daily(every_morning, hour=6)
