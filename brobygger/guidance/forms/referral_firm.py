# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm made from what a referral shared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from brobygger.guidance.models import Referral
from brobygger.guidance.services.adopting import Contact, told
from brobygger.market.forms.matches import OpenedForm, TypedText
from brobygger.register.forms import typed_cvr
from brobygger.register.models import Organisation


class ReferredFirmForm(OpenedForm):
    """The firm, and whoever is known there."""

    name = TypedText(label=gettext_lazy("Navn"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Art"), choices=Organisation.Kind.choices)
    cvr = TypedText(label=gettext_lazy("CVR-nummer"), required=False, max_length=20)
    street = TypedText(label=gettext_lazy("Adresse"), required=False, max_length=120)
    postal_code = forms.RegexField(
        label=gettext_lazy("Postnummer"),
        regex=r"^\d{4}$",
        required=False,
        error_messages={"invalid": gettext_lazy("Et postnummer har fire cifre.")},
    )
    employees = forms.IntegerField(
        label=gettext_lazy("Ansatte"), required=False, min_value=0, max_value=1_000_000
    )
    contact_name = TypedText(label=gettext_lazy("Kontaktperson"), required=False, max_length=120)
    contact_email = forms.EmailField(label=gettext_lazy("Kontaktpersonens e-mail"), required=False)
    contact_phone = TypedText(label=gettext_lazy("Kontaktpersonens telefon"), required=False, max_length=20)

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        first = {**told(referral), "opened_version": referral.version}
        super().__init__(*args, **{**kwargs, "initial": first})

    def clean_cvr(self) -> str | None:
        return typed_cvr(self.cleaned_data["cvr"])

    @property
    def values(self) -> dict[str, Any]:
        """The firm, for the service."""
        return {
            name: self.cleaned_data[name]
            for name in ("name", "kind", "cvr", "street", "postal_code", "employees")
        }

    @property
    def contact(self) -> Contact:
        """Whoever is known there, for the service."""
        typed = self.cleaned_data
        return Contact(typed["contact_name"], typed["contact_email"], typed["contact_phone"])
