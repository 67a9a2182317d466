# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with follow-ups: plan one, correct or put it off, say that it is done, and that it was not after all."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.dialogue.errors import AlreadyDone, BadValues, NotDone, NotYourOffice
from brobygger.dialogue.models import FollowUp, Interaction
from brobygger.register.models import Organisation

LONGEST_ABOUT = 200
FURTHEST = timedelta(days=3660)


@transaction.atomic
def plan(
    organisation: Organisation,
    *,
    due_on: date,
    about: str,
    assignee: User | None,
    user: User,
    interaction: Interaction | None = None,
) -> FollowUp:
    """Plan the next step with an organisation. Raises BadValues, NotYourOffice."""
    if not user.is_staff_of(organisation.operator_id):
        raise NotYourOffice
    follow_up = FollowUp(
        operator_id=organisation.operator_id, organisation=organisation, interaction=interaction
    )
    _fill(follow_up, due_on=due_on, about=about, assignee=assignee)
    follow_up.save()
    return follow_up


@transaction.atomic
def change(
    follow_up: FollowUp, *, due_on: date, about: str, assignee: User | None, user: User, expected: int
) -> FollowUp:
    """Correct it, put it off, or give it to a colleague. Raises EditedMeanwhile, AlreadyDone, BadValues, NotYourOffice."""
    stored = _claimed(follow_up, user, expected)
    if stored.is_done:
        raise AlreadyDone(str(stored.done_by or _("En anden")))
    _fill(stored, due_on=due_on, about=about, assignee=assignee)
    stored.save()
    return stored


@transaction.atomic
def finish(follow_up: FollowUp, *, user: User, expected: int) -> FollowUp:
    """It is done. Raises EditedMeanwhile, AlreadyDone, NotYourOffice."""
    stored = _claimed(follow_up, user, expected)
    if stored.is_done:
        raise AlreadyDone(str(stored.done_by or _("En anden")))
    stored.done_at, stored.done_by = timezone.now(), user
    stored.save()
    return stored


@transaction.atomic
def reopen(follow_up: FollowUp, *, user: User, expected: int) -> FollowUp:
    """It was not done after all. Raises EditedMeanwhile, NotDone, NotYourOffice."""
    stored = _claimed(follow_up, user, expected)
    if not stored.is_done:
        raise NotDone
    stored.done_at, stored.done_by = None, None
    stored.save()
    return stored


@transaction.atomic
def drop(follow_up: FollowUp, *, user: User) -> None:
    """It is not to be done at all. Deleted with its history, and recorded. Raises NotYourOffice."""
    if not user.is_staff_of(follow_up.operator_id):
        raise NotYourOffice
    key, operator, about = (
        follow_up.pk,
        follow_up.operator,
        f"{follow_up.organisation}, {follow_up.due_on:%d.%m.%Y}",
    )
    follow_up.delete()
    FollowUp.history.filter(id=key).delete()
    audit.record("follow_up_deleted", user=user, operator=operator, about=about)


def _claimed(follow_up: FollowUp, user: User, expected: int) -> FollowUp:
    stored = FollowUp.objects.get(pk=follow_up.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    claim(stored, expected)
    return stored


def _fill(follow_up: FollowUp, *, due_on: date, about: str, assignee: User | None) -> None:
    """Raises BadValues. An overdue one may keep its day while something else is corrected."""
    faults = {}
    today = timezone.localdate()
    about = " ".join(clean_text(about).split())
    if not about:
        faults["about"] = _("Skriv, hvad der skal gøres.")
    elif len(about) > LONGEST_ABOUT:
        faults["about"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": LONGEST_ABOUT}
    if due_on != follow_up.due_on and not today <= due_on <= today + FURTHEST:
        faults["due_on"] = _("Vælg en dag fra i dag og højst ti år frem.")
    if assignee and assignee.pk != follow_up.assignee_id and not assignee.is_staff_of(follow_up.operator_id):
        faults["assignee"] = _("Vælg en af kontorets egne.")
    if faults:
        raise BadValues(faults)
    follow_up.due_on, follow_up.about, follow_up.assignee = due_on, about, assignee
