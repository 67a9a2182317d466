# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a segment may choose firms by: the register's filters, and what the office knows from writing to firms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator, User
from brobygger.outreach.models import Consent, Interest, Purpose
from brobygger.register.filters import OrganisationFilter
from brobygger.register.forms import DateInput

LATELY = (3, 6, 12, 24, 36, 60)
"""Months since the firm began: counted back from the day somebody looks."""
ORDER_ONLY = frozenset({"sorter"})


def months_back(day: date, months: int) -> date:
    """The same day of the month so many months before, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


class SegmentFilter(OrganisationFilter):
    """The register's filters and four more. Every choice is remembered with the segment."""

    nye = django_filters.ChoiceFilter(
        label=gettext_lazy("Startet inden for"),
        method="begun_lately",
        choices=[
            (str(months), gettext_lazy("de sidste %(months)d måneder") % {"months": months})
            for months in LATELY
        ],
        empty_label=gettext_lazy("Uanset alder"),
    )
    siden = django_filters.DateFilter(
        label=gettext_lazy("Startet efter"), field_name="founded_on", lookup_expr="gte", widget=DateInput
    )
    formaal = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Har sagt ja til"),
        method="with_consent",
        queryset=Purpose.objects.none(),
        empty_label=gettext_lazy("Uanset samtykke"),
    )
    interesse = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Vil høre om"),
        method="with_interest",
        queryset=Interest.objects.none(),
        empty_label=gettext_lazy("Alle emner"),
    )

    def __init__(self, data: Mapping[str, Any], *, operator: Operator, user: User, **kwargs: Any) -> None:
        super().__init__(data, operator=operator, user=user, **kwargs)
        self.form.fields["formaal"].queryset = Purpose.objects.filter(operator=operator)
        self.form.fields["interesse"].queryset = Interest.objects.filter(operator=operator)
        for name in ORDER_ONLY:
            self.form.fields.pop(name, None)
            self.filters.pop(name, None)

    def begun_lately(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(founded_on__gte=months_back(timezone.localdate(), int(value)))

    def with_consent(self, rows: Any, name: str, value: Purpose) -> Any:
        return rows.filter(pk__in=_standing(Q(purpose=value)))

    def with_interest(self, rows: Any, name: str, value: Interest) -> Any:
        through = Consent.interests.through.objects.filter(interest=value)
        return rows.filter(pk__in=_standing(Q(pk__in=through.values("consent_id"))))

    @property
    def asked(self) -> dict[str, str]:
        """What was chosen, as it is remembered: filters left open are left out."""
        return {
            name: str(self.data.get(name))
            for name in self.form.fields
            if self.data.get(name) not in (None, "") and (name != "km" or self.data.get("sted"))
        }

    def faults(self, rows: Any) -> str:
        """What is wrong with the choices, in Danish; empty when all can be read."""
        self.form.is_valid()
        self.narrow(rows)  # some faults show only when the choice is used, such as a place nobody knows
        told = [
            f"{self.form.fields[name].label if name in self.form.fields else ''}: {fault}"
            for name, faults in self.form.errors.items()
            for fault in faults
        ]
        unknown = sorted(set(self.data) - set(self.form.fields) - {"km"})
        told += [_("Filtret »%(name)s« findes ikke mere.") % {"name": name} for name in unknown]
        return " ".join(told)


def _standing(wanted: Q) -> Any:
    return Consent.objects.filter(wanted, withdrawn_at=None).values("organisation_id")
