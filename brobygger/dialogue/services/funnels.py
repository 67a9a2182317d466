# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with a firm's level in a funnel: bring it in, move it, decline a suggestion to, take it out."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.blueprints.models import Definition
from brobygger.dialogue.blueprints import FUNNEL
from brobygger.dialogue.errors import (
    BadValues,
    NeedsKeyAccount,
    NoReason,
    NoSuchLevel,
    NotInUse,
    NotYourOffice,
)
from brobygger.dialogue.funnels import Funnel
from brobygger.dialogue.models import FunnelPlace, FunnelStep, PortfolioFirm
from brobygger.dialogue.readiness import Ready, facts_of, readiness, towards
from brobygger.register.models import Organisation

LONGEST_REASON = 500
Kind = FunnelStep.Kind


@transaction.atomic
def enter(
    organisation: Organisation, funnel: Definition, *, user: User, level: str = "", reason: str = ""
) -> FunnelPlace:
    """Bring a firm into a funnel in use, on its first level where none is named. One that is there stays where it is.

    Raises NotInUse, NotYourOffice, NoSuchLevel, NeedsKeyAccount.
    """
    if not user.is_staff_of(organisation.operator_id):
        raise NotYourOffice
    _must_be_in_use(funnel, organisation)
    found: FunnelPlace | None = FunnelPlace.objects.filter(
        organisation=organisation, funnel_key=funnel.key
    ).first()
    if found:
        return found
    content: Funnel = funnel.content
    to_level = level or content.levels[0].key
    _must_have_key_account(content, to_level, organisation.pk)
    place: FunnelPlace = FunnelPlace.objects.create(
        operator_id=organisation.operator_id,
        organisation=organisation,
        funnel=funnel,
        funnel_key=funnel.key,
        level=to_level,
    )
    _record(place, Kind.ENTERED, "", to_level, user, _reason(reason))
    return place


@transaction.atomic
def move(place: FunnelPlace, to_level: str, *, user: User, expected: int, reason: str = "") -> FunnelPlace:
    """Move a firm to another level of the funnel as it is in use now.

    Where the rules themselves suggest the move they are the reason; else a person must give one. What the rules said
    that day is kept with the move. Raises EditedMeanwhile, NotYourOffice, NotInUse, NoSuchLevel, NoReason, NeedsKeyAccount.
    """
    stored, funnel = _claimed(place, user, expected)
    content: Funnel = funnel.content
    here, there = content.place(stored.level), content.place(to_level)
    if there is None or there == here:
        raise NoSuchLevel
    facts = facts_of(stored.operator, [stored.organisation_id], content, timezone.localdate())
    suggested = readiness(content, stored.level, stored.organisation_id, facts)
    follows = suggested is not None and suggested.to_level == to_level
    clean = _reason(reason)
    if not clean and not follows:
        raise NoReason
    _must_have_key_account(content, to_level, stored.organisation_id)
    verdicts = towards(content, stored.level, to_level, stored.organisation_id, facts)
    from_level, stored.level, stored.funnel = stored.level, to_level, funnel
    stored.since = timezone.localdate()
    stored.save()
    kind = Kind.UP if here is None or there > here else Kind.DOWN
    shown = [verdict.as_json() for verdict in verdicts]
    _record(stored, kind, from_level, to_level, user, clean, shown)
    return stored


@transaction.atomic
def decline(place: FunnelPlace, *, user: User, expected: int, reason: str) -> FunnelStep:
    """The firm stays where it is although the rules suggest a move; it is not suggested again for some months.

    Raises EditedMeanwhile, NotYourOffice, NotInUse, NoSuchLevel (nothing is suggested), NoReason.
    """
    stored, funnel = _claimed(place, user, expected)
    content: Funnel = funnel.content
    facts = facts_of(stored.operator, [stored.organisation_id], content, timezone.localdate())
    suggested: Ready | None = readiness(content, stored.level, stored.organisation_id, facts)
    if suggested is None:
        raise NoSuchLevel
    clean = _reason(reason)
    if not clean:
        raise NoReason
    shown = [verdict.as_json() for verdict in suggested.verdicts]
    return _record(stored, Kind.DECLINED, stored.level, suggested.to_level, user, clean, shown)


@transaction.atomic
def leave(place: FunnelPlace, *, user: User, reason: str) -> None:
    """Take a firm out of a funnel. What was decided about it stays. Raises NotYourOffice, NoReason."""
    stored = FunnelPlace.objects.get(pk=place.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    clean = _reason(reason)
    if not clean:
        raise NoReason
    _record(stored, Kind.LEFT, stored.level, "", user, clean)
    stored.delete()


def _claimed(place: FunnelPlace, user: User, expected: int) -> tuple[FunnelPlace, Definition]:
    """The place as stored, and the version of its funnel that is in use."""
    stored: FunnelPlace = FunnelPlace.objects.select_related("operator", "organisation").get(pk=place.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    claim(stored, expected)
    funnel = (
        Definition.objects.current()
        .filter(operator_id=stored.operator_id, kind=FUNNEL, key=stored.funnel_key)
        .first()
    )
    if funnel is None:
        raise NotInUse(stored.funnel_key)
    return stored, funnel


def _must_be_in_use(funnel: Definition, organisation: Organisation) -> None:
    theirs = funnel.operator_id == organisation.operator_id and funnel.kind == FUNNEL
    if not (theirs and Definition.objects.current().filter(pk=funnel.pk).exists()):
        raise NotInUse(funnel.title)


def _must_have_key_account(content: Funnel, level: str, organisation_id: int) -> None:
    found = content.level(level)
    if found is None:
        raise NoSuchLevel
    if not found.needs_key_account:
        return
    known = PortfolioFirm.objects.filter(organisation_id=organisation_id, key_account__isnull=False)
    if not known.exists():
        raise NeedsKeyAccount(found.name)


def _reason(text: str) -> str:
    clean = " ".join(clean_text(text).split())
    if len(clean) > LONGEST_REASON:
        raise BadValues({"reason": _("Teksten er for lang.")})
    return clean


def _record(
    place: FunnelPlace, kind: str, from_level: str, to_level: str, user: User, reason: str, facts: Any = ()
) -> FunnelStep:
    step: FunnelStep = FunnelStep.objects.create(
        operator_id=place.operator_id,
        organisation_id=place.organisation_id,
        funnel=place.funnel,
        funnel_key=place.funnel_key,
        kind=kind,
        from_level=from_level,
        to_level=to_level,
        reason=reason,
        facts=list(facts),
        by=user,
    )
    return step
