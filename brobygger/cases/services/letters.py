# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters to the applicant, through the one outbox, in the transaction of what they tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import mail
from brobygger.base.merge_fields import fill
from brobygger.cases.addresses import address_of
from brobygger.cases.definition.gates import APPLICANT
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.derive import record
from brobygger.cases.values import names_in, shown


def send(
    case: Case,
    key: str,
    *,
    user: User | None,
    reason: str = "",
    question: str = "",
    extra: Mapping[str, str] | None = None,
) -> CaseEvent:
    """Write one of the definition's letters to the applicant. Where nobody has an address that is written in the case
    instead, so that somebody calls. Case types are imported from elsewhere without letters (`user` None): nothing is sent."""
    template = case.type.letter(key)
    values = {**merge_values(case, user), "begrundelse": reason, "spørgsmål": question, **(extra or {})}
    subject, body = _merged(template.subject, values), _merged(template.body, values)
    return write(case, subject, body, user=user, name=key)


def write(
    case: Case,
    subject: str,
    body: str,
    *,
    user: User | None,
    name: str = "",
    entry_key: UUID | None = None,
    kept: str = "",
) -> CaseEvent:
    """Send the applicant a letter and keep it in the case: all of it, or `kept`, what was said without greeting and link."""
    to = address(case)
    office = (
        user if user and user.is_staff_of(case.operator_id) else None
    )  # what an applicant sets off is not their letter
    letter = None
    if to:
        try:
            letter = mail.write(
                to=[to], subject=subject, body=body, operator=case.operator, user=office,
                reply_to=office.email if office else case.operator.email,
            )  # fmt: skip
        except ValidationError:
            letter = None
    reason = "" if letter else _("Ikke sendt: ansøgeren har ingen e-mailadresse.")
    return record(
        case, CaseEvent.Kind.LETTER, user=user, name=name, text=kept or f"{subject}\n\n{body}", letter=letter,
        reason=reason, for_applicant=True, entry_key=entry_key,
    )  # fmt: skip


def address(case: Case) -> str:
    """Where letters go: the applicant's contact person, else the organisation, else a person who is the applicant."""
    if case.organisation:
        return address_of(case.organisation)
    party = (
        case.parties.filter(role=APPLICANT, ended_at=None, person__isnull=False)
        .select_related("person")
        .first()
    )
    return party.person.email if party and party.person else ""


def merge_values(case: Case, user: User | None) -> dict[str, str]:
    """What every letter can tell."""
    party = case.parties.filter(role=APPLICANT).select_related("organisation", "person").first()
    officer = case.officer or user
    stage, kind = case.at_stage, case.type
    names = names_in(kind, case.values, case.operator)
    return {
        "sag": case.title,
        "nummer": case.number,
        "ansøger": str(party or ""),
        "status": stage.applicant_name,
        "forklaring": stage.applicant_text,
        "frist": str(formats.date_format(case.due_on, "DATE_FORMAT")) if case.due_on else "",
        "link": settings.SITE_URL + reverse("cases:own_case", args=[case.pk]),
        "kontor": case.operator.name,
        "konsulent": str(officer or case.operator.name),
        **{field.key: shown(field, case.value(field.key), names) for field in kind.filled_in},
    }


def _merged(text: str, values: Mapping[str, str]) -> str:
    """Fields filled in once: what an applicant has typed in braces is left as it is. No gaps where a field is empty."""
    return re.sub(r"\n{3,}", "\n\n", fill(text, values, values)).strip()
