# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Forms of a loan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.base.number_fields import AmountField
from brobygger.cases.forms.office import OnceForm, ReasonForm
from brobygger.cases.lending.models import DAY_COUNTS, TERMS_A_YEAR


def _day(label: Any) -> forms.DateField:
    """A day, with the browser's calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class AgreeForm(OnceForm):
    """What bank and borrower agreed on."""

    principal = AmountField(
        label=_("Lånebeløb, kr."), max_digits=12, decimal_places=2, min_value=Decimal("0.01")
    )
    paid_out_on = _day(_("Udbetales den"))
    percent = AmountField(
        label=_("Rente, procent om året"), max_digits=6, decimal_places=3, min_value=0, max_value=30,
        help_text=_("Den variable rente, der gælder den dag, uden tillægget efter de afdragsfrie år."),
    )  # fmt: skip
    per_year = forms.TypedChoiceField(label=_("Terminer"), coerce=int, choices=TERMS_A_YEAR)
    day_count = forms.ChoiceField(label=_("Rentedage"), choices=DAY_COUNTS)


class RateForm(OnceForm):
    """The variable rate changes."""

    from_on = _day(_("Gælder fra"))
    percent = AmountField(
        label=_("Rente, procent om året"), max_digits=6, decimal_places=3, min_value=0, max_value=30
    )


class RepayForm(OnceForm):
    """An extraordinary repayment."""

    on = _day(_("Dato"))
    amount = AmountField(label=_("Beløb, kr."), max_digits=12, decimal_places=2, min_value=Decimal("0.01"))


class ReportForm(OnceForm):
    """How it goes."""

    new_jobs = AmountField(
        label=_("Nye arbejdspladser siden lånet, årsværk"), max_digits=7, decimal_places=1, min_value=0
    )
    text = forms.CharField(
        label=_("Hvordan går det?"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Omsætning, ordrer, ansatte, og hvad I har brug for hjælp til."),
    )  # fmt: skip


def corrected(form: type[OnceForm]) -> type[ReasonForm]:
    """The same questions with what stood, and why it is another."""
    asked = {name: field for name, field in form.base_fields.items() if name != "entry_key"}
    return type(f"Corrected{form.__name__}", (ReasonForm,), {**asked, "field_order": (*asked, "reason")})


def refused(form: forms.Form, faults: dict[str, Any]) -> None:
    """What the service refused, beside its fields."""
    for field, what in faults.items():
        form.add_error(field if field in form.fields else None, what)
