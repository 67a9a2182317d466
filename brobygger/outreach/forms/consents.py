# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consents, and what they can be given to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.market.forms.matches import TypedText, day_input
from brobygger.outreach.models import Consent, Interest, Purpose
from brobygger.register.models import Organisation, Person


class ConsentForm(forms.Form):
    """A yes that somebody in a firm gave, as the office notes it."""

    purpose = forms.ModelChoiceField(label=_("Hvad er der sagt ja til?"), queryset=Purpose.objects.none())
    person = forms.ModelChoiceField(
        label=_("Hvem sagde ja?"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Virksomheden selv"),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Tomt felt: personens e-mail, ellers virksomhedens."),
    )
    interests = forms.ModelMultipleChoiceField(
        label=_("Vil gerne høre om"),
        queryset=Interest.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    source = forms.ChoiceField(label=_("Hvordan blev det givet?"), choices=Consent.Source.choices)
    source_note = TypedText(
        label=_("Nærmere"),
        required=False,
        max_length=200,
        help_text=_(
            "For eksempel: »Bodil sagde ja på mødet den 3. marts«. Skal skrives ved et mundtligt ja."
        ),
    )
    given_on = forms.DateField(label=_("Hvornår?"), widget=day_input())

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        operator = organisation.operator_id
        fields: Any = self.fields
        fields["purpose"].queryset = Purpose.objects.filter(operator_id=operator, active=True)
        fields["person"].queryset = Person.objects.filter(
            affiliations__organisation=organisation, affiliations__ended_on=None
        ).distinct()
        fields["interests"].queryset = Interest.objects.filter(operator_id=operator)
        if not fields["interests"].queryset.exists():
            del fields["interests"]
        self.initial.setdefault("given_on", timezone.localdate())
        self.initial.setdefault("source", Consent.Source.VERBAL)

    @property
    def address(self) -> str:
        person = self.cleaned_data.get("person")
        typed = self.cleaned_data.get("email") or ""
        return str(typed or (person.email if person else "") or self.organisation.email)


class PurposeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something the office writes about."""

    class Meta:
        model = Purpose
        fields = ("name", "description", "active")


class ConsentFilters(forms.Form):
    """How the list of consents is narrowed."""

    q = forms.CharField(label=_("Søg i e-mail og virksomhed"), required=False, max_length=100)
    formaal = forms.ModelChoiceField(
        label=_("Formål"), queryset=Purpose.objects.none(), required=False, empty_label=_("Alle")
    )
    vis = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[("", _("Gældende")), ("trukket", _("Trukket tilbage")), ("alle", _("Alle"))],
    )

    def __init__(self, *args: Any, operator: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["formaal"]
        field.queryset = Purpose.objects.filter(operator=operator)
        self.is_valid()

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)
