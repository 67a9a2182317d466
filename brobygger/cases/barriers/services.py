# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Proposing customers, correcting the list, following each of them, noting course days. The office does it all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.cases.barriers.case_words import TYPE
from brobygger.cases.barriers.errors import ListedAlready, NotACustomer, NotedAlready, NotInProgramme
from brobygger.cases.barriers.models import CourseDay, PotentialCustomer
from brobygger.cases.barriers.proposing import lacking, proposals
from brobygger.cases.errors import BadValues
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.derive import locked, record, require_officer, require_open
from brobygger.register.models import Organisation

State = PotentialCustomer.State


def _open(case: Case, user: User | None) -> Case:
    stored = locked(case)
    require_officer(user, stored)
    if stored.type_key != TYPE or stored.organisation_id is None:
        raise NotInProgramme
    require_open(stored)
    return stored


def _tell(case: Case, name: str, text: str, user: User | None) -> None:
    record(case, CaseEvent.Kind.OTHER, user=user, name=name, text=text)


@transaction.atomic
def propose(case: Case, *, user: User | None) -> int:
    """Fill the list up to its length. Returns how many came on it. Raises NotYours, Conflicted, NotInProgramme, CaseIsOver."""
    stored = _open(case, user)
    found = list(islice(proposals(stored), lacking(stored)))
    for customer in found:
        customer.added_by, customer.added_at = (
            user,
            timezone.now(),
        )  # the list stands in the order of the proposals
        customer.save()
    if found:
        _tell(
            stored,
            "customers_proposed",
            _("%(number)s mulige kunder foreslået") % {"number": len(found)},
            user,
        )
    return len(found)


@transaction.atomic
def add(case: Case, organisation: Organisation, *, reason: str, user: User | None) -> PotentialCustomer:
    """Put a firm of the register on the list, or back on it. Raises as above, and NotACustomer, ListedAlready, BadValues."""
    stored = _open(case, user)
    if organisation.pk == stored.organisation_id or organisation.operator_id != stored.operator_id:
        raise NotACustomer
    why = clean_text(reason)
    if not why or len(why) > 500:
        raise BadValues({"reason": _("Skriv hvorfor, med højst 500 tegn.")})
    row = PotentialCustomer.objects.filter(case=stored, organisation=organisation).first()
    if row and row.removed_at is None:
        raise ListedAlready
    row = row or PotentialCustomer(case=stored, organisation=organisation)
    row.origin, row.suggestion, row.reason, row.removed_at = PotentialCustomer.Origin.OFFICER, None, why, None
    row.added_by, row.version = user, row.version + 1
    row.save()
    _tell(stored, "customer_added", str(organisation), user)
    return row


@transaction.atomic
def remove(customer: PotentialCustomer, *, user: User) -> None:
    """Take a firm off the list. It is not proposed again, and can be put back. Raises as above."""
    stored = _open(customer.case, user)
    changed = PotentialCustomer.objects.listed().filter(pk=customer.pk).select_related("organisation").first()
    if changed is None:
        return
    changed.removed_at = timezone.now()
    changed.version += 1
    changed.save()
    _tell(stored, "customer_removed", str(changed.organisation), user)


@transaction.atomic
def follow(
    customer: PotentialCustomer, *, state: str, state_on: dt.date | None, note: str, dkk: Decimal | None, user: User | None,
    expected: int,
) -> PotentialCustomer:  # fmt: skip
    """Note how far the firm has come with it. Raises as above, and EditedMeanwhile, BadValues."""
    stored = _open(customer.case, user)
    row = PotentialCustomer.objects.select_related("organisation").get(pk=customer.pk)
    claim(row, expected)
    said = clean_text(note)
    if faults := _faults(state, state_on, said, dkk):
        raise BadValues(faults)
    row.state, row.note = state, said
    row.state_on = None if state == State.LISTED else state_on
    row.dkk = dkk if state == State.CONNECTED else None
    row.save()
    _tell(stored, "customer_followed", str(row), user)
    return row


def _faults(state: str, on: dt.date | None, note: str, dkk: Decimal | None) -> dict[str, str]:
    faults = {}
    if state not in State.values:
        faults["state"] = _("Vælg, hvor langt de er.")
    if state != State.LISTED and on is None:
        faults["state_on"] = _("Skriv datoen.")
    elif on and on > timezone.localdate():
        faults["state_on"] = _("Datoen er ikke kommet endnu.")
    if state == State.IRRELEVANT and not note:
        faults["note"] = _("Skriv, hvorfor den ikke er relevant.")
    if dkk is not None and dkk <= 0:
        faults["dkk"] = _("Beløbet skal være over 0 kr.")
    elif dkk is not None and state != State.CONNECTED:
        faults["dkk"] = _("Beløbet hører til en virksomhed, de handler med.")
    return faults


@transaction.atomic
def note_day(case: Case, *, on: dt.date, title: str, user: User | None) -> CourseDay:
    """The firm took part in a whole day of course. Raises as above, and BadValues, NotedAlready."""
    stored = _open(case, user)
    what = clean_text(title)
    if on > timezone.localdate():
        raise BadValues({"on": _("Datoen er ikke kommet endnu.")})
    if not what:
        raise BadValues({"title": _("Skriv, hvad dagen handlede om.")})
    try:
        with transaction.atomic():
            day = CourseDay.objects.create(case=stored, on=on, title=what[:200], by=user)
    except IntegrityError:
        raise NotedAlready from None
    record(stored, CaseEvent.Kind.OTHER, user=user, name="course_day", text=str(day), for_applicant=True)
    return day


@transaction.atomic
def remove_day(day: CourseDay, *, user: User) -> None:
    """Take back a day that was noted by mistake. It is recorded. Raises as above."""
    stored = _open(day.case, user)
    _tell(stored, "course_day_removed", str(day), user)
    day.delete()
