# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with a firm's action plan: make one from an assessment, add steps with who and when, close it.

A step is a follow-up: it is done, put off and given away where every follow-up is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.dialogue.errors import BadValues, Closed, NotYourOffice
from brobygger.dialogue.models import ActionPlan, ActionStep, Assessment, FollowUp
from brobygger.dialogue.services import follow_ups
from brobygger.register.models import Organisation

LONGEST_GOAL, LONGEST_OUTCOME = 300, 2000
MOST_STEPS = 40


@dataclass(frozen=True)
class Step:
    """What is to be done, by when and by whom; the parameter it is to lift, if any."""

    about: str
    due_on: date
    assignee: User | None
    parameter: str = ""


@transaction.atomic
def make(
    organisation: Organisation,
    *,
    goal: str,
    user: User,
    assessment: Assessment | None = None,
    steps: Sequence[Step] = (),
    invented: bool = False,
) -> ActionPlan:
    """A plan for a firm, with its first steps. Raises BadValues, NotYourOffice."""
    if not user.is_staff_of(organisation.operator_id):
        raise NotYourOffice
    if assessment and assessment.organisation_id != organisation.pk:
        raise NotYourOffice
    plan = ActionPlan.objects.create(
        operator_id=organisation.operator_id,
        organisation=organisation,
        assessment=assessment,
        goal=_goal(goal),
        made_by=user,
        invented=invented,
    )
    for step in steps:
        add_step(plan, step, user=user)
    return plan


@transaction.atomic
def add_step(plan: ActionPlan, step: Step, *, user: User) -> ActionStep:
    """One more step. Raises BadValues, Closed, NotYourOffice."""
    stored = _open(plan, user)
    if stored.steps.count() >= MOST_STEPS:
        raise BadValues({"about": _("Der kan højst være %(most)s skridt i en plan.") % {"most": MOST_STEPS}})
    follow_up = follow_ups.plan(
        stored.organisation, due_on=step.due_on, about=step.about, assignee=step.assignee, user=user
    )
    tool = stored.assessment.instrument.content if stored.assessment else None
    known = tool and (tool.parameter(step.parameter) or tool.figure(step.parameter))
    return ActionStep.objects.create(
        plan=stored, follow_up=follow_up, parameter=step.parameter if known else ""
    )


@transaction.atomic
def change(plan: ActionPlan, *, goal: str, user: User, expected: int) -> ActionPlan:
    """Word the goal anew. Raises EditedMeanwhile, BadValues, Closed, NotYourOffice."""
    stored = _open(plan, user)
    claim(stored, expected)
    stored.goal = _goal(goal)
    stored.save()
    return stored


@transaction.atomic
def close(plan: ActionPlan, *, outcome: str, user: User, expected: int) -> ActionPlan:
    """The plan is over: what came of it. Steps not done stay as follow-ups. Raises EditedMeanwhile, BadValues, Closed."""
    stored = _open(plan, user)
    claim(stored, expected)
    stored.outcome, stored.closed_on = clean_text(outcome), timezone.localdate()
    if not stored.outcome:
        raise BadValues({"outcome": _("Skriv, hvad der kom ud af planen.")})
    if len(stored.outcome) > LONGEST_OUTCOME:
        raise BadValues({"outcome": _("Teksten er for lang.")})
    stored.save()
    return stored


@transaction.atomic
def reopen(plan: ActionPlan, *, user: User, expected: int) -> ActionPlan:
    """It was not over after all. Raises EditedMeanwhile, NotYourOffice."""
    stored = _stored(plan, user)
    claim(stored, expected)
    stored.closed_on = None
    stored.save()
    return stored


@transaction.atomic
def share(plan: ActionPlan, *, user: User, expected: int) -> ActionPlan:
    """Let the firm's own users read the plan, as it is and as it becomes. Raises EditedMeanwhile, NotYourOffice."""
    stored = _stored(plan, user)
    claim(stored, expected)
    if stored.shared_at is None:
        stored.shared_at, stored.shared_by = timezone.now(), user
    stored.save()
    return stored


@transaction.atomic
def stop_sharing(plan: ActionPlan, *, user: User, expected: int) -> ActionPlan:
    """The plan is the office's alone again. Raises EditedMeanwhile, NotYourOffice."""
    stored = _stored(plan, user)
    claim(stored, expected)
    stored.shared_at = stored.shared_by = None
    stored.save()
    return stored


@transaction.atomic
def delete(plan: ActionPlan, *, user: User) -> None:
    """Delete a plan; its steps stay as follow-ups. Recorded in the audit trail. Raises NotYourOffice."""
    stored = _stored(plan, user)
    key, about = stored.pk, f"{stored.organisation}: {stored.goal}"
    stored.delete()
    ActionPlan.history.filter(id=key).delete()
    audit.record("action_plan_deleted", user=user, operator=stored.operator, about=about)


@transaction.atomic
def drop_step(step: ActionStep, *, user: User) -> None:
    """Take a step out, with its follow-up; recorded as a deleted follow-up. Raises Closed, NotYourOffice."""
    _open(step.plan, user)
    follow_up = FollowUp.objects.select_related("organisation", "operator").get(pk=step.follow_up_id)
    step.delete()
    follow_ups.drop(follow_up, user=user)


def _stored(plan: ActionPlan, user: User) -> ActionPlan:
    stored: ActionPlan = ActionPlan.objects.select_related(
        "organisation", "operator", "assessment__instrument"
    ).get(pk=plan.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    return stored


def _open(plan: ActionPlan, user: User) -> ActionPlan:
    stored = _stored(plan, user)
    if stored.closed_on:
        raise Closed
    return stored


def _goal(goal: str) -> str:
    clean = clean_text(goal)
    if not clean:
        raise BadValues({"goal": _("Skriv, hvad virksomheden vil opnå.")})
    if len(clean) > LONGEST_GOAL:
        raise BadValues({"goal": _("Teksten er for lang.")})
    return clean
