# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Narrowing the catalogue, and what a firm said of a scheme."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.guidance.blueprints import HELP, PURPOSES
from brobygger.guidance.models import Offer
from brobygger.guidance.queries.schemes import ANSWERS, FITS, PERHAPS, Wanted
from brobygger.market.forms.matches import TypedText


class SchemeFilters(forms.Form):
    """How the catalogue is narrowed."""

    q = TypedText(label=_("Søg i ordninger"), required=False, max_length=100)
    formaal = forms.ChoiceField(
        label=_("Formål"), required=False, choices=[("", _("Alle")), *PURPOSES.items()]
    )
    slags = forms.ChoiceField(label=_("Slags"), required=False, choices=[("", _("Alle")), *HELP.items()])
    aaben = forms.BooleanField(label=_("Kun dem, der er åbne nu"), required=False)

    @property
    def wanted(self) -> Wanted:
        """A wrong choice counts as none and is shown beside its field."""
        self.is_valid()
        chosen = self.cleaned_data
        return Wanted(
            words=chosen.get("q") or "",
            open_now=bool(chosen.get("aaben")),
            purpose=chosen.get("formaal") or "",
            help=chosen.get("slags") or "",
        )

    @property
    def is_narrowed(self) -> bool:
        return self.wanted != Wanted()


class FirmFilters(forms.Form):
    """Which firms of a scheme: those that surely fit or perhaps do, and what they answered."""

    passer = forms.ChoiceField(
        label=_("Hvem"),
        required=False,
        choices=[(FITS, _("Dem, der passer")), (PERHAPS, _("Måske: noget er ikke kendt"))],
    )
    svar = forms.ChoiceField(label=_("Svar"), required=False, choices=list(ANSWERS.items()))

    @property
    def which(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("passer") or FITS

    @property
    def answer(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("svar") or ""


class OfferForm(forms.Form):
    """What the firm said."""

    state = forms.ChoiceField(
        label=_("Hvad siger virksomheden?"), choices=Offer.State.choices, widget=forms.RadioSelect
    )
    why = TypedText(
        label=_("Hvorfor ikke?"),
        help_text=_("Skriv det, når ordningen ikke er relevant."),
        required=False,
        max_length=300,
    )

    @property
    def values(self) -> dict[str, Any]:
        return {"state": self.cleaned_data["state"], "why": self.cleaned_data["why"]}
