# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Deadlines of the cases that somebody handles, and when to look at them before that, in their own calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF
from brobygger.base.calendar import Entry, source
from brobygger.cases.models import Case, CaseDuty
from brobygger.cases.queries.lists import with_types


@source("cases.deadlines")
def deadlines(user: Any, since: date, until: date) -> Iterable[Entry]:
    """The person's own open cases: the deadline, and the day of its warning. Two questions. Nothing of a case that they are
    partial in. A confidential case is told by its number: calendars are shared with others."""
    rows = _own_cases(user).filter(Q(due_on__range=(since, until)) | Q(warn_on__range=(since, until)))
    for case in with_types(rows.order_by("due_on", "pk").defer("values", "checks")):
        yield from (entry for entry in _entries(case) if since <= entry.start <= until)


def _own_cases(user: Any) -> Any:
    rows = Case.objects.filter(operator_id__in=user.operators_as(STAFF), officer=user, is_open=True)
    return rows.without_conflict(user)


def _entries(case: Case) -> Iterator[Entry]:
    if case.due_on is None:
        return
    name = case.number if case.type.confidential else str(case)
    url = settings.SITE_URL.rstrip("/") + case.get_absolute_url()
    stage = _("Sagen står ved »%(stage)s«.") % {"stage": case.at_stage.name}
    yield Entry(
        uid=f"case-deadline-{case.pk}", title=_("Frist: %(case)s") % {"case": name}, start=case.due_on, text=stage,
        url=url, sequence=case.version,
    )  # fmt: skip
    if case.warn_on and case.warn_on < case.due_on:
        due = formats.date_format(case.due_on, "DATE_FORMAT")
        yield Entry(
            uid=f"case-warning-{case.pk}", title=_("Fristen nærmer sig: %(case)s") % {"case": name}, start=case.warn_on,
            text=_("Fristen er %(day)s. %(stage)s") % {"day": due, "stage": stage}, url=url, sequence=case.version,
        )  # fmt: skip


@source("cases.duties")
def duties(user: Any, since: date, until: date) -> Iterable[Entry]:
    """What is due in the person's own open cases, also from the applicant: a report, a count of jobs. Two questions."""
    rows = CaseDuty.objects.filter(
        case__in=_own_cases(user).order_by().values("pk"), done_on=None, due_on__range=(since, until)
    )
    found = list(rows.select_related("case").order_by("due_on", "pk"))
    with_types([duty.case for duty in found])
    for duty in found:
        name = duty.case.number if duty.case.type.confidential else str(duty.case)
        yield Entry(
            uid=f"case-duty-{duty.pk}",
            title=f"{duty.title}: {name}",
            start=duty.due_on,
            text=_("Ansøgeren mindes om det.") if duty.of_applicant else "",
            url=settings.SITE_URL.rstrip("/") + duty.case.get_absolute_url(),
            sequence=duty.case.version,
        )
