# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Forms about access."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.access import roles_to_give
from brobygger.accounts.models import Operator, Role
from brobygger.base.danish import sort_key
from brobygger.base.forms import VersionedForm
from brobygger.knowledge.geography import municipalities


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Rolle"))

    def __init__(self, *args: Any, roles: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = roles_to_give(roles)
        self.fields["role"].choices = [one for one in Role.choices if one[0] in allowed]  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """What a new person chooses."""

    name = forms.CharField(
        label=_("Dit navn"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Adgangskode"),
        help_text=_("Mindst 10 tegn. Har din adresse allerede en konto, så skriv den kontos adgangskode."),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


class OfficeForm(VersionedForm):
    """The office's own details."""

    municipality_codes = forms.MultipleChoiceField(
        label=_("Kommuner, kontoret betjener"), widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("På computer: Hold Ctrl (Cmd på Mac) nede for at vælge flere."),
    )  # fmt: skip

    class Meta:
        model = Operator
        fields = ["name", "email", "phone", "portal_open"]
        labels = {"portal_open": _("Vis kontoret på den offentlige side")}
        help_texts = {
            "email": _("Hertil går svar på kontorets mails."),
            "portal_open": _("Så kan alle læse det åbne i »har og mangler« og udbud uden at logge ind."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality_codes"].choices = sorted(  # type: ignore[attr-defined]
            ((m.code, m.name) for m in municipalities()), key=lambda choice: sort_key(choice[1])
        )
        self.fields["municipality_codes"].initial = self.instance.municipality_codes


class AddressForm(forms.Form):
    """The address that the account is to have."""

    email = forms.EmailField(
        label=_("Ny e-mailadresse"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class ProfileForm(forms.Form):
    """One's own details."""

    name = forms.CharField(label=_("Navn"), max_length=120)
    digest = forms.BooleanField(
        label=_("Send mig hver morgen en mail med det, der venter på mig"), required=False
    )
