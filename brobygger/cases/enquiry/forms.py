# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Making and sending a prospectus."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.base.forms import clean_text


class MakeForm(forms.Form):
    """What the consultant writes beside the figures."""

    introduction = forms.CharField(
        label=_("Indledning"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Hvorfor netop her? Skriv om det, tallene ikke viser: sagsbehandling, samarbejde med skoler, beliggenhed."
        ),
    )


class SendForm(forms.Form):
    """To whom, and the letter around it."""

    to = forms.EmailField(label=_("E-mail"))
    message = forms.CharField(label=_("Besked"), max_length=5000, widget=forms.Textarea(attrs={"rows": 10}))

    def clean_message(self) -> str:
        return clean_text(self.cleaned_data["message"])
