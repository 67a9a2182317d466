# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What in cases waits for somebody outside the office: to vote, to answer, to hand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, User
from brobygger.cases.models import Case, CaseDuty, CaseEvent, CaseParty, Vote
from brobygger.cases.queries.lists import as_listed, with_types
from brobygger.cases.services.telling import roles_asked

MOST = 50
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waits:
    """Something to do in a case."""

    case: Case
    what: str
    url: str
    due_on: date | None = None


def for_person(user: User, day: date) -> list[Waits]:
    """Everything that waits for the person, decisions first. A fixed number of questions, whatever the number of cases."""
    return [*_decisions(user), *_questions(user), *_duties(user, day)]


def _decisions(user: User) -> Iterator[Waits]:
    """Ways that wait for a role the person has, in cases where they were written to about it. Not where they have voted."""
    rows = Case.objects.visible_to(user).exclude(operator_id__in=user.operators_as(STAFF))
    found = with_types(
        as_listed(rows.filter(is_open=True, asked_round=F("round")).order_by("stage_at", "pk"))[:MOST]
    )
    if not found:
        return
    keys = [case.pk for case in found]
    held: dict[int, set[str]] = {}
    for key, role in CaseParty.objects.deciding(user).filter(case__in=keys).values_list("case_id", "role"):
        held.setdefault(key, set()).add(role)
    voted = set(Vote.objects.filter(case__in=keys, voter=user).values_list("case_id", "round", "move"))
    for case in found:
        for way in case.at_stage.moves:
            mine = roles_asked(way) & held.get(case.pk, set())
            if mine and (case.pk, case.round, way.key) not in voted:
                yield Waits(case, way.name, case.get_absolute_url())


def as_own(cases: Iterable[Case]) -> list[Case]:
    """Cases as their applicant reads them in a list, with what they wait for. Two questions, one where nothing waits."""
    found = with_types(cases)
    paused = {case.pk: case for case in found if case.is_open and case.is_paused}
    for row in _open_pauses(paused):
        waits = paused[row.case_id]
        waits.waits_for = waits.type.pause(row.name).applicant_name
    return found


def _open_pauses(cases: Iterable[int]) -> Iterable[CaseEvent]:
    """What these cases wait for, oldest first."""
    keys = list(cases)
    if not keys:
        return []
    events = CaseEvent.objects.filter(case__in=keys, kind=CaseEvent.Kind.PAUSED)
    return events.exclude(referred_by__kind__in=(CaseEvent.Kind.RESUMED, CaseEvent.Kind.VOIDED)).order_by(
        "pk"
    )


def _own(user: User) -> list[Case]:
    return with_types(as_listed(Case.objects.own_of(user).filter(is_open=True).order_by("-pk"))[:MOST])


def _questions(user: User) -> Iterable[Waits]:
    """What the office asks the person's firms, that they have not answered."""
    paused = {case.pk: case for case in _own(user) if case.is_paused}
    return [
        Waits(
            paused[row.case_id],
            _("Svar på vores spørgsmål"),
            reverse("cases:own_answer", args=[row.case_id, row.pk]),
        )
        for row in _open_pauses(paused)
        if paused[row.case_id].type.pause(row.name).waits_for_applicant
    ]


def _duties(user: User, day: date) -> Iterable[Waits]:
    """What the person's firms owe within a month, the nearest of each case."""
    rows: Any = CaseDuty.objects.filter(
        case__in=Case.objects.own_of(user).filter(is_open=True).values("pk"), done_on=None, of_applicant=True,
        due_on__lte=day + SOON,
    )  # fmt: skip
    nearest: dict[int, CaseDuty] = {}
    for duty in rows.select_related("case").order_by("due_on", "pk")[: MOST * 4]:
        nearest.setdefault(duty.case_id, duty)
    return [
        Waits(duty.case, duty.title, reverse("cases:own_case", args=[duty.case_id]) + "#senest", duty.due_on)
        for duty in nearest.values()
    ]
