# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The forms of agreements, deliveries and outcomes."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.base.forms import AskingForm
from brobygger.base.number_fields import AmountField
from brobygger.market.forms.matches import OpenedForm, TypedText, day_input
from brobygger.market.models import Listing, Outcome
from brobygger.market.services.agreements import AgreementTerms
from brobygger.market.services.deliveries import DeliveryReport
from brobygger.market.services.outcomes import OutcomeReport
from brobygger.market.wording import unit_choices

LARGEST = 10**9


def _units(none: Any = None) -> list[tuple[str, Any]]:
    choices = [(key, label) for key, label in unit_choices() if key not in {"", "kr"}]
    return [("", none), *choices] if none is not None else choices


def _amount(label: Any, places: int = 3, **kwargs: Any) -> AmountField:
    """A figure, written the Danish way."""
    return AmountField(
        label=label,
        max_digits=14,
        decimal_places=places,
        max_value=LARGEST,
        **kwargs,
    )


def _sure() -> forms.BooleanField:
    return forms.BooleanField(label=_("Ja, tallet er rigtigt"), required=False)


def _day_sure() -> forms.BooleanField:
    return forms.BooleanField(label=_("Ja, datoen er rigtig"), required=False)


class AgreementForm(AskingForm, OpenedForm):
    """What the two agreed. Carries the version of the agreement, or for a new one of the match."""

    answers = ("sure", "day_sure", "again")

    agreed_on = forms.DateField(label=_("Aftalt den"), widget=day_input(), initial=timezone.localdate)
    starts_on = forms.DateField(label=_("Gælder fra"), widget=day_input(), initial=timezone.localdate)
    ends_on = forms.DateField(
        label=_("Gælder til"), help_text=_("Lad stå tom, hvis den løber."), required=False, widget=day_input()
    )
    quantity = _amount(_("Mængde"), required=False, min_value=0)
    unit = forms.ChoiceField(label=_("Enhed"), required=False)
    period = forms.ChoiceField(label=_("Hvor tit"), choices=Listing.Period.choices)
    price = _amount(
        _("Pris pr. enhed, kr."),
        places=2,
        required=False,
        min_value=0,
        help_text=_("0 betyder gratis. Tom: ikke oplyst."),
    )
    terms = TypedText(
        label=_("Vilkår"),
        help_text=_("Hvem henter, hvornår, emballage, kvalitet, betaling, opsigelse."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    sure = _sure()
    day_sure = _day_sure()
    again = forms.BooleanField(label=_("Ja, det er en aftale mere"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = _units(_("ingen enhed"))  # type: ignore[attr-defined]

    @property
    def typed(self) -> AgreementTerms:
        """The values for the service."""
        return AgreementTerms(
            **{field.name: self.cleaned_data[field.name] for field in fields(AgreementTerms)}
        )


class DeliveryForm(AskingForm, OpenedForm):
    """One small form, for a phone in the yard. Carries the version of the delivery that is corrected."""

    answers = ("sure", "again", "day_sure")

    on = forms.DateField(label=_("Dato"), widget=day_input(), initial=timezone.localdate)
    quantity = _amount(_("Hvor meget"), min_value=0)
    unit = forms.ChoiceField(label=_("Enhed"))
    note = TypedText(label=_("Bemærkning"), required=False, max_length=300)
    again = forms.BooleanField(label=_("Ja, det er en leverance mere"), required=False)
    sure = _sure()
    day_sure = _day_sure()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = _units()  # type: ignore[attr-defined]

    @property
    def typed(self) -> DeliveryReport:
        """The values for the service."""
        return DeliveryReport(
            **{field.name: self.cleaned_data[field.name] for field in fields(DeliveryReport)}
        )


class OutcomeForm(AskingForm):
    """What came of it, and who says so."""

    answers = ("sure", "again", "day_sure")

    kind = forms.ChoiceField(label=_("Hvad er der kommet ud af det?"), choices=Outcome.Kind.choices)
    amount = _amount(_("Hvor meget"), places=2, min_value=0)
    on = forms.DateField(label=_("Hvornår"), widget=day_input(), initial=timezone.localdate)
    said_by = TypedText(label=_("Hvem siger det?"), max_length=120)
    note = TypedText(
        label=_("Hvordan er tallet fundet?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    again = forms.BooleanField(label=_("Ja, det er et udbytte mere"), required=False)
    sure = _sure()
    day_sure = _day_sure()

    @property
    def typed(self) -> OutcomeReport:
        """The values for the service."""
        return OutcomeReport(**{field.name: self.cleaned_data[field.name] for field in fields(OutcomeReport)})
