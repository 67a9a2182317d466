# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Grant applications: which scheme, and the ceiling of de minimis aid when one is granted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import number
from brobygger.blueprints.kinds import Part
from brobygger.blueprints.models import Definition
from brobygger.cases.definition import CaseType
from brobygger.cases.hooks import after
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.queries.lists import types_of
from brobygger.cases.rights import PARTIAL
from brobygger.cases.rules.registry import Asked, rule
from brobygger.cases.services.contents import set_duty
from brobygger.cases.sources import options, source
from brobygger.guidance import applications, origins
from brobygger.guidance.de_minimis import euro_of
from brobygger.guidance.models import Aid
from brobygger.guidance.queries.aid import account
from brobygger.guidance.queries.schemes import current_schemes
from brobygger.guidance.services.aid import Granted, correct_aid, delete_aid, register_aid
from brobygger.register.models import Organisation

KEY = "grant_application"
ELSEWHERE = "elsewhere"
DE_MINIMIS = "de_minimis"
REPORT = "report"
"""The duty's key."""
ORIGIN = "case"
"""What the aid that a case's decision was noted as comes of."""


@source("scheme")
def schemes(operator: Any) -> Mapping[str, str]:
    """The office's schemes by title, and one that stands in no catalogue."""
    return {row.key: row.title for row in current_schemes(operator)} | {ELSEWHERE: _("En anden ordning")}


@applications.begins
def application(user: User, operator: Operator) -> applications.Way | None:
    """The office opens an application with the scheme and the firm filled in; a firm its own, where the type lets it."""
    found = next((row for row in types_of(operator) if row.key == KEY), None)
    if found is None:
        return None
    office, own = user.is_staff_of(operator.pk), found.content.applicant_may_open

    def way(scheme: Definition, firm: Organisation | None) -> str:
        if office:
            asked = {"type": KEY, "ordning": scheme.key} | ({"virksomhed": firm.pk} if firm else {})
            return f"{reverse('cases:new')}?{urlencode(asked)}"
        if firm is None or not own:
            return ""
        return f"{reverse('cases:own_new', args=[firm.pk, KEY])}?{urlencode({'ordning': scheme.key})}"

    return way


def for_scheme(kind: CaseType, operator: Operator, key: str) -> tuple[str, dict[str, str]]:
    """(title, first values) of an application for that scheme; nothing where the type or the office has no such scheme."""
    field = next((one for one in kind.fields if one.choices_from == "scheme"), None)
    title = options(field, operator).get(key) if field and key else None
    if field is None or title is None:
        return "", {}
    return title, {field.key: key}


@rule("de_minimis_room")
def de_minimis_room(asked: Asked, _none: Part) -> str | None:
    """De minimis aid keeps within 300,000 euro in three years (Regulation (EU) 2023/2831, article 3(2))."""
    case = asked.case
    if case.value("aid_rules") == "other" and not case.value("aid_basis"):
        return _("Skriv, efter hvilke andre regler støtten er givet.")
    if case.value("aid_rules") != DE_MINIMIS:
        return None
    if case.organisation is None:
        return _("Vælg ansøgeren først: de minimis noteres på en virksomhed.")
    if case.value("euro_rate") is None:
        return _("Skriv kursen fra bevillingsbrevet, så beløbet kan regnes om til euro.")
    own = aid_of(case)  # a new decision takes the place of the earlier one
    day, without = timezone.localdate(asked.at), own.pk if own else None
    wanted, left = _euro(case), account(case.organisation, day, without=without).headroom
    if wanted <= left:
        return None
    return _("Støtten er %(wanted)s euro, og der er kun plads til %(left)s euro under de minimis-loftet.") % {
        "wanted": number(wanted, 2),
        "left": number(left, 2),
    }


def _euro(case: Case) -> Decimal:
    return euro_of(Decimal(case.value("granted_amount")), Decimal(case.value("euro_rate")))


@after("moved", case_type=KEY, name="grant")
def register_what_was_granted(case: Case, event: CaseEvent, user: User | None) -> None:
    """The aid is noted on the firm, once, and the report becomes a duty. The ceiling is kept under lock. A new decision
    corrects the entry: amount and day are then those of the new one."""
    if user is not None:
        _note_aid(case, event, user)
    remember_report(case)


def _note_aid(case: Case, event: CaseEvent, user: User) -> None:
    held = aid_of(case)
    is_aid = case.organisation is not None and case.value("aid_rules") in (DE_MINIMIS, "other")
    if held and not (is_aid and held.organisation_id == case.organisation_id):
        delete_aid(held, user=user)
        held = None
    if case.organisation is None or not is_aid:
        return
    granted = _granted(case, event.on)
    if held:
        correct_aid(held, granted, user=user, expected=held.version)
    else:
        register_aid(case.organisation, granted, user=user, origin=_origin(case), invented=case.invented)


def _granted(case: Case, on: date) -> Granted:
    de_minimis = case.value("aid_rules") == DE_MINIMIS
    schemes = {row.key: row for row in current_schemes(case.operator)}
    return Granted(
        granted_on=on,
        grantor=case.value("grantor") or case.topic,
        amount_dkk=Decimal(case.value("granted_amount")),
        rate=Decimal(case.value("euro_rate")) if de_minimis else None,
        de_minimis=de_minimis,
        basis=case.value("aid_basis") or "",
        scheme=schemes.get(case.value("scheme")),
        reference=case.number,
    )


def _origin(case: Case) -> str:
    return f"{ORIGIN}:{case.pk}"


origins.withhold(ORIGIN, PARTIAL)


def aid_of(case: Case) -> Aid | None:
    """The aid that the case's decision was noted as."""
    return Aid.objects.filter(operator_id=case.operator_id, origin=_origin(case)).first()


@after("moved", case_type=KEY, to="refused")
def revoked(case: Case, event: CaseEvent, user: User | None) -> None:
    """What was granted and then refused is no aid."""
    _aid_follows(case, user)


@after("voided", case_type=KEY)
def taken_back(case: Case, event: CaseEvent, user: User | None) -> None:
    """A decision that was taken back is no aid, and leaves nothing to report on; one that was made before it stands again."""
    _aid_follows(case, user)
    if case.granted is None:
        case.duties.filter(key=REPORT, done_on=None).delete()


@after("redated", case_type=KEY)
def decided_on_another_day(case: Case, event: CaseEvent, user: User | None) -> None:
    """The ceiling counts three years from the day of the decision, as it was put right."""
    _aid_follows(case, user)


def _aid_follows(case: Case, user: User | None) -> None:
    held = aid_of(case)
    if held is None or user is None:
        return
    stands = case.granted
    if stands is None:
        delete_aid(held, user=user)
    elif (held.amount_dkk, held.granted_on) != (stands.amount, stands.on):
        as_before = Granted(
            granted_on=stands.on, grantor=held.grantor, amount_dkk=stands.amount, rate=held.rate,
            de_minimis=held.de_minimis, basis=held.basis, scheme=held.scheme, reference=held.reference,
        )  # fmt: skip
        correct_aid(held, as_before, user=user, expected=held.version)


@after("changed", case_type=KEY)
def report_moved(case: Case, event: CaseEvent, user: User | None) -> None:
    """Another day for the report moves the duty."""
    if case.outcome == "granted" and "report_before" in event.data.get("values", {}):
        remember_report(case)


def remember_report(case: Case) -> None:
    """The scheme's report is due on the day that was agreed."""
    if due := case.value("report_before"):
        set_duty(case, REPORT, title=_("Rapport til ordningen"), due_on=date.fromisoformat(due))
