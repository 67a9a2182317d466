# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How a plan for the whole network is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.base.number_fields import AmountField
from brobygger.market.models import NetworkRun

MOST_PRICE = 1_000_000
"""Kroner for a tonne of CO2e; more is a slip of the keyboard."""


class PlanForm(forms.Form):
    """What the plan should give most of, and how obvious each suggestion in it must be."""

    maal = forms.ChoiceField(label=_("Planen skal give mest"), choices=NetworkRun.Goal.choices)
    pris = AmountField(
        label=_("Et ton CO2e er værd, kr."),
        help_text=_("Kun når CO2e har en pris."),
        required=False,
        min_value=0,
        max_value=MOST_PRICE,
        max_digits=12,
        decimal_places=2,
    )
    mindst = forms.ChoiceField(
        label=_("Brug forslag, der er"),
        choices=[
            ("0.3", _("mulige eller bedre")),
            ("0.5", _("oplagte eller bedre")),
            ("0.1", _("også svage")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        """A price is asked for where the goal is made of one."""
        super().clean()
        if self.cleaned_data.get("maal") == NetworkRun.Goal.PRICE and self.cleaned_data.get("pris") is None:
            self.add_error("pris", _("Skriv, hvad et ton CO2e skal tælle."))
        return self.cleaned_data
