# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people say about pairs that look like one firm."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base import jobs
from brobygger.base.models import Job
from brobygger.register.errors import NotAllowed
from brobygger.register.models import PossibleDuplicate


@transaction.atomic
def set_apart(pair: PossibleDuplicate, *, user: User) -> None:
    """They are two; never proposed again. Raises NotAllowed. Said twice is said once."""
    stored = _held(pair, user)
    if stored.state == PossibleDuplicate.State.DIFFERENT:
        return
    stored.state, stored.decided_by, stored.decided_at = (
        PossibleDuplicate.State.DIFFERENT,
        user,
        timezone.now(),
    )
    stored.save()
    audit.record("duplicates_apart", user=user, operator=stored.operator, about=str(stored))


@transaction.atomic
def look_again(pair: PossibleDuplicate, *, user: User) -> None:
    """They may be one after all. Raises NotAllowed."""
    stored = _held(pair, user)
    stored.state, stored.decided_by, stored.decided_at = PossibleDuplicate.State.NEW, None, None
    stored.save()


def _held(pair: PossibleDuplicate, user: User) -> PossibleDuplicate:
    rows = PossibleDuplicate.objects.select_for_update(of=("self",)).select_related(
        "operator", "first", "second"
    )
    stored = rows.get(pk=pair.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotAllowed
    return stored


def search_now(operator: Operator, *, user: User) -> Job:
    """Look the register through now rather than tonight. Raises NotAllowed."""
    from brobygger.register.tasks import find_duplicates

    if not user.is_staff_of(operator.pk):
        raise NotAllowed
    running = Job.objects.filter(operator=operator, kind="duplicates")
    waiting = running.exclude(state__in=[Job.State.DONE, Job.State.FAILED]).first()
    return waiting or jobs.start(
        find_duplicates,
        kind="duplicates",
        title=_("Find dubletter i registret"),
        operator=operator,
        user=user,
        operator_id=operator.pk,
    )
