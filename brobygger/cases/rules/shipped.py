# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The rules that every case type may use."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import kroner
from brobygger.blueprints.kinds import Part
from brobygger.cases.rules.registry import Asked, rule


class Cap(Part):
    """`most` kroner in `field`; another cap where `when_field` holds `when_value` (a firm moving in)."""

    field: str
    most: Decimal
    when_field: str = ""
    when_value: str = ""
    most_then: Decimal | None = None


@rule("amount_within_cap", Cap, told_by_the_case=True)
def amount_within_cap(asked: Asked, cap: Cap) -> str | None:
    """An amount does not exceed its cap."""
    amount = asked.case.value(cap.field)
    special = cap.when_field and str(asked.case.value(cap.when_field)) == cap.when_value
    most = cap.most_then if special and cap.most_then is not None else cap.most
    if amount is not None and Decimal(amount) > most:
        label = asked.case.type.field(cap.field).label
        return _("%(label)s er %(amount)s Loftet er %(most)s") % {
            "label": label,
            "amount": kroner(amount),
            "most": kroner(most),
        }
    return None


class AtMostField(Part):
    """`field` may not exceed `other`."""

    field: str
    other: str


@rule("not_more_than", AtMostField, told_by_the_case=True)
def not_more_than(asked: Asked, wanted: AtMostField) -> str | None:
    """One figure does not exceed another (granted ≤ applied for)."""
    amount, most = asked.case.value(wanted.field), asked.case.value(wanted.other)
    if amount is None or most is None or Decimal(amount) <= Decimal(most):
        return None
    kind = asked.case.type
    return _("»%(field)s« kan ikke være større end »%(other)s«.") % {
        "field": kind.field(wanted.field).label,
        "other": kind.field(wanted.other).label,
    }


class AtLeast(Part):
    """`field` must be at least `least`."""

    field: str
    least: Decimal


@rule("at_least", AtLeast, told_by_the_case=True)
def at_least(asked: Asked, wanted: AtLeast) -> str | None:
    """A figure reaches a criterion (ten jobs within three years)."""
    amount = asked.case.value(wanted.field)
    if amount is not None and Decimal(amount) >= wanted.least:
        return None
    return _("»%(field)s« skal være mindst %(least)s.") % {
        "field": asked.case.type.field(wanted.field).label,
        "least": wanted.least,
    }


@rule("nobody_is_waiting", told_by_the_case=True)
def nobody_is_waiting(asked: Asked, _none: Part) -> str | None:
    """No pause is open: nothing is decided while the applicant has not answered."""
    if asked.case.is_paused:
        return _("Sagen venter på svar. Afslut ventetiden først.")
    return None


class OtherPerson(Part):
    """The one who took the way `before` may not take this one."""

    before: str


@rule("by_another_person", OtherPerson, told_by_the_case=True)
def by_another_person(asked: Asked, wanted: OtherPerson) -> str | None:
    """Two people: the one who proposed does not decide."""
    taken = [
        happened
        for happened in asked.case.timeline
        if happened.kind == "moved" and happened.name == wanted.before
    ]
    if taken and asked.user and taken[-1].by_id == asked.user.pk:
        return _("Det skal være en anden end den, der tog trinet før.")
    return None


class MinimumAge(Part):
    """At least so many days since the case entered its stage."""

    days: int


@rule("days_in_stage", MinimumAge, told_by_the_case=True)
def days_in_stage(asked: Asked, wanted: MinimumAge) -> str | None:
    """A period of grace (hearing of neighbours) has passed."""
    ready = timezone.localdate(asked.case.stage_at) + timedelta(days=wanted.days)
    if timezone.localdate(asked.at) < ready:
        return _("Det kan tidligst ske den %(day)s.") % {"day": f"{ready:%d.%m.%Y}"}
    return None


@rule("something_is_paid")
def something_is_paid(asked: Asked, _none: Part) -> str | None:
    """At least one payment is noted."""
    return None if asked.case.payments.exists() else _("Der er ikke noteret nogen udbetaling.")
