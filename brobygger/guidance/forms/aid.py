# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Aid as it is typed, and how the list of it is narrowed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.base.number_fields import AmountField, WholeNumberField
from brobygger.guidance.models import Aid, UndertakingMember
from brobygger.guidance.queries.aid import Wanted
from brobygger.guidance.queries.schemes import scheme_versions
from brobygger.guidance.services.aid import Granted
from brobygger.market.forms.matches import OpenedForm, TypedText, day_input
from brobygger.register.models import Organisation

FIELDS = (
    "granted_on",
    "grantor",
    "amount_dkk",
    "rate",
    "amount_eur",
    "de_minimis",
    "basis",
    "scheme",
    "reference",
)
YES, NO = "ja", "nej"


class AidForm(OpenedForm):
    """One grant."""

    granted_on = forms.DateField(
        label=_("Tildelt den"), help_text=_("Den dag, virksomheden fik ret til støtten."), widget=day_input()
    )
    grantor = TypedText(label=_("Hvem har givet støtten?"), max_length=160)
    amount_dkk = AmountField(label=_("Beløb i kroner"), required=False, max_digits=14, decimal_places=2)
    rate = AmountField(
        label=_("Kurs: kroner for 1 euro"),
        help_text=_("Kursen på tildelingsdagen. Så regner vi beløbet om til euro."),
        required=False,
        max_digits=9,
        decimal_places=6,
    )
    amount_eur = AmountField(
        label=_("Beløb i euro"),
        help_text=_("Hvis støttegiveren har oplyst det. Ellers udfyld kroner og kurs."),
        required=False,
        max_digits=14,
        decimal_places=2,
    )
    de_minimis = forms.ChoiceField(
        label=_("Er det de minimis-støtte?"),
        choices=[(YES, _("Ja")), (NO, _("Nej, den er givet efter andre regler"))],
        initial=YES,
    )
    basis = TypedText(
        label=_("Efter hvilke andre regler?"),
        help_text=_("Kun når det ikke er de minimis-støtte."),
        required=False,
        max_length=200,
    )
    scheme: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Ordning"), queryset=None, required=False, empty_label=_("Ingen af dem")
    )
    reference = TypedText(label=_("Reference"), required=False, max_length=120)

    def __init__(self, *args: Any, operator: Operator, aid: Aid | None = None, **kwargs: Any) -> None:
        if aid:
            first = {name: getattr(aid, name) for name in FIELDS}
            first |= {
                "scheme": aid.scheme_id,
                "de_minimis": YES if aid.de_minimis else NO,
                "opened_version": aid.version,
            }
            kwargs["initial"] = first
        super().__init__(*args, **kwargs)
        schemes: Any = self.fields["scheme"]
        rows = scheme_versions(operator)
        schemes.queryset = (
            rows.filter(is_current=True) | rows.filter(pk=(aid.scheme_id if aid else None) or 0)
        ).order_by("title")

    @property
    def granted(self) -> Granted:
        """What to hand to the service. An amount in euro that kroner and rate already give is computed anew."""
        typed = {name: self.cleaned_data[name] for name in FIELDS}
        typed["de_minimis"] = typed["de_minimis"] == YES
        if typed["amount_dkk"] and typed["rate"] and "amount_eur" not in self.changed_data:
            typed["amount_eur"] = None
        return Granted(**typed)


class AidFilters(forms.Form):
    """How the list is narrowed."""

    q = TypedText(label=_("Virksomhed, støttegiver eller reference"), required=False, max_length=100)
    aar = WholeNumberField(
        label=_("År"),
        required=False,
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )
    deminimis = forms.ChoiceField(
        label=_("De minimis"), required=False, choices=[("", _("Alt")), (YES, _("Ja")), (NO, _("Nej"))]
    )

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        chosen = self.cleaned_data
        return Wanted(chosen.get("q") or "", chosen.get("aar"), chosen.get("deminimis") or "")

    @property
    def is_narrowed(self) -> bool:
        return self.wanted != Wanted()


class TryForm(forms.Form):
    """Would so much be too much?"""

    beloeb = AmountField(
        label=_("Beløb i euro"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    dato = forms.DateField(label=_("Tildelt den"), required=False, widget=day_input())


class LinkForm(forms.Form):
    """Which firm is counted with this one, and why."""

    other = forms.ChoiceField(label=_("Hvilken virksomhed?"), widget=forms.RadioSelect)
    basis = forms.ChoiceField(
        label=_("Hvorfor regnes de som én?"),
        help_text=_("Forordning (EU) 2023/2831, artikel 2, stk. 2."),
        choices=UndertakingMember.Basis.choices,
    )

    def __init__(self, *args: Any, found: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {str(firm.pk): firm for firm in found}
        choice: Any = self.fields["other"]
        choice.choices = [(key, _named(firm)) for key, firm in self.found.items()]

    @property
    def chosen(self) -> Organisation:
        return self.found[self.cleaned_data["other"]]


def _named(firm: Organisation) -> str:
    return ", ".join(part for part in (firm.name, firm.city, firm.cvr and f"CVR {firm.cvr}") if part)
