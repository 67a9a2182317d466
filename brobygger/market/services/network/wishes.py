# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a consultant demands of the plan: this pair must be in it, that one must not. Recorded, and lifted again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator
from brobygger.base.errors import UserError
from brobygger.base.forms import clean_text
from brobygger.market.models import NetworkWish, Suggestion

Kind = NetworkWish.Kind


class OnlyTheOffice(UserError):
    """Only consultants and heads of the operator plan its network."""

    def __init__(self) -> None:
        super().__init__(_("Det er erhvervskontorets konsulenter, der lægger planen."))


class NotAPair(UserError):
    """A plan moves tonnes between a have and a need that are both written down."""

    def __init__(self) -> None:
        super().__init__(_("Planen kan kun bruge forslag, hvor begge har skrevet, hvad de har og mangler."))


class NeedsReason(UserError):
    """A pair is forbidden for a reason that others can read."""

    def __init__(self) -> None:
        super().__init__(_("Vælg, hvorfor de to ikke må være med."))


class AlreadyLifted(UserError):
    """Somebody lifted the wish meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Ønsket er allerede ophævet."))


def pin(suggestion: Suggestion, user: Any) -> NetworkWish:
    """The pair must be in the plan. Replaces an earlier wish about it. Raises `OnlyTheOffice`, `NotAPair`."""
    return _wish(suggestion, user, Kind.PIN)


def forbid(suggestion: Suggestion, user: Any, reason: str, note: str = "") -> NetworkWish:
    """The pair must not be in the plan, and why. Raises `OnlyTheOffice`, `NotAPair`, `NeedsReason`."""
    if reason not in Suggestion.Decline.values:
        raise NeedsReason
    return _wish(suggestion, user, Kind.FORBID, reason=reason, note=clean_text(note)[:500])


@transaction.atomic
def _wish(suggestion: Suggestion, user: Any, kind: str, **why: str) -> NetworkWish:
    if not user.is_staff_of(suggestion.operator_id):
        raise OnlyTheOffice
    if suggestion.need is None:
        raise NotAPair
    list(Operator.objects.select_for_update(no_key=True).filter(pk=suggestion.operator_id))
    living = NetworkWish.objects.filter(
        operator_id=suggestion.operator_id, have=suggestion.have, need=suggestion.need, lifted_at=None
    ).first()
    if living is not None and living.kind == kind and kind == Kind.PIN:
        return living
    if living is not None:
        _lift(living, user)
    return NetworkWish.objects.create(
        operator_id=suggestion.operator_id,
        kind=kind,
        have=suggestion.have,
        need=suggestion.need,
        by=user,
        **why,
    )


@transaction.atomic
def lift(wish: NetworkWish, user: Any) -> NetworkWish:
    """The wish no longer holds; that it did stays written. Raises `OnlyTheOffice`, `AlreadyLifted`."""
    if not user.is_staff_of(wish.operator_id):
        raise OnlyTheOffice
    stored = NetworkWish.objects.select_for_update().get(pk=wish.pk)
    if stored.lifted_at is not None:
        raise AlreadyLifted
    _lift(stored, user)
    return stored


def _lift(wish: NetworkWish, user: Any) -> None:
    wish.lifted_at, wish.lifted_by = timezone.now(), user
    wish.save(update_fields=["lifted_at", "lifted_by"])
