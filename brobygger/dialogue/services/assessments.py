# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with assessments: score a firm at a date, correct it, delete it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.blueprints.models import Definition
from brobygger.dialogue import figures
from brobygger.dialogue.blueprints import INSTRUMENT
from brobygger.dialogue.errors import BadValues, NotInUse, NotYourOffice
from brobygger.dialogue.instruments import Instrument, compute, share_of_scale
from brobygger.dialogue.models import Assessment
from brobygger.dialogue.services.interactions import EARLIEST
from brobygger.register.models import Organisation

LONGEST_REMARK, LONGEST_SUMMARY = 500, 5000


@dataclass(frozen=True)
class Answers:
    """What was answered. A parameter that was not answered is not in `scores`."""

    on: date
    scores: Mapping[str, int]
    remarks: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    figures: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    """(figure, moment) → number."""


def assess(
    organisation: Organisation,
    instrument: Definition,
    answers: Answers,
    *,
    user: User,
    entry_key: UUID | None = None,
    invented: bool = False,
) -> Assessment:
    """Score a firm by an instrument in use. `entry_key` of a form that was saved before gives the first one back.

    Raises BadValues, NotInUse, NotYourOffice.
    """
    if entry_key and (first := _made_on(entry_key, user)):
        return first
    try:
        return _assess(organisation, instrument, answers, user, entry_key, invented)
    except IntegrityError:  # the same form at the same moment
        if entry_key and (first := _made_on(entry_key, user)):
            return first
        raise


def _made_on(entry_key: UUID, user: User) -> Assessment | None:
    found: Assessment | None = Assessment.objects.visible_to(user).filter(entry_key=entry_key).first()
    return found


@transaction.atomic
def _assess(
    organisation: Organisation,
    instrument: Definition,
    answers: Answers,
    user: User,
    entry_key: UUID | None,
    invented: bool,
) -> Assessment:
    if not user.is_staff_of(organisation.operator_id):
        raise NotYourOffice
    theirs = instrument.operator_id == organisation.operator_id and instrument.kind == INSTRUMENT
    if not (theirs and Definition.objects.current().filter(pk=instrument.pk).exists()):
        raise NotInUse(instrument.title)
    assessment = Assessment(
        operator_id=organisation.operator_id,
        organisation=organisation,
        instrument=instrument,
        instrument_key=instrument.key,
        by=user,
        employees=organisation.employees,
        entry_key=entry_key,
        invented=invented,
    )
    _fill(assessment, instrument.content, answers)
    assessment.save()
    return assessment


@transaction.atomic
def correct(assessment: Assessment, answers: Answers, *, user: User, expected: int) -> Assessment:
    """Store what was corrected, by the version of the instrument it was made with.

    Raises EditedMeanwhile, BadValues, NotYourOffice.
    """
    stored: Assessment = Assessment.objects.select_related("instrument").get(pk=assessment.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    claim(stored, expected)
    _fill(stored, stored.instrument.content, answers)
    stored.save()
    return stored


@transaction.atomic
def delete(assessment: Assessment, *, user: User) -> None:
    """Delete an assessment with its history; its action plans stay. Recorded in the audit trail. Raises NotYourOffice."""
    stored: Assessment = Assessment.objects.select_related("organisation", "operator", "instrument").get(
        pk=assessment.pk
    )
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    key, about = stored.pk, f"{stored.organisation}, {stored}"
    stored.delete()
    Assessment.history.filter(id=key).delete()
    audit.record("assessment_deleted", user=user, operator=stored.operator, about=about)


def _fill(assessment: Assessment, instrument: Instrument, answers: Answers) -> None:
    scores, remarks, numbers = _checked(instrument, answers)
    assessment.on = answers.on
    assessment.scores, assessment.remarks = scores, remarks
    assessment.figures = numbers
    assessment.summary = clean_text(answers.summary)
    computed = compute(instrument, scores, assessment.employees)
    assessment.results = {
        result.key: round(result.value, 4) for result in computed if result.value is not None
    }
    assessment.main_result = share_of_scale(instrument, assessment.results.get(instrument.main_result))


def _checked(
    instrument: Instrument, answers: Answers
) -> tuple[dict[str, int], dict[str, str], dict[str, dict[str, str]]]:
    numbers, faults = figures.checked(instrument.figures, instrument.moments, answers.figures)
    scores: dict[str, int] = {}
    for key, score in answers.scores.items():
        if instrument.parameter(key) is None:
            faults[key] = _("»%(key)s« hører ikke til redskabet.") % {"key": key}
        elif isinstance(score, bool) or not isinstance(score, int) or not 1 <= score <= instrument.steps:
            faults[key] = _("Vælg et trin fra 1 til %(steps)s.") % {"steps": instrument.steps}
        else:
            scores[key] = score
    remarks = {key: clean_text(text) for key, text in answers.remarks.items() if clean_text(text)}
    for key, text in remarks.items():
        if instrument.parameter(key) is None or len(text) > LONGEST_REMARK:
            faults[f"remark_{key}"] = _("Bemærkningen er for lang.")
    if not answers.scores and not answers.figures:
        faults["scores"] = _("Svar på mindst ét spørgsmål.")
    if not EARLIEST <= answers.on <= timezone.localdate():
        faults["on"] = _("Vælg en dag, der har været.")
    if len(clean_text(answers.summary)) > LONGEST_SUMMARY:
        faults["summary"] = _("Teksten er for lang.")
    if faults:
        raise BadValues(faults)
    return scores, remarks, numbers
