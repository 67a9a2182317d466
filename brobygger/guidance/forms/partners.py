# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Partners and agreements as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.guidance.models import Partner, PartnerAgreement
from brobygger.market.forms.matches import OpenedForm, TypedText, day_input

FIELDS = ("name", "kind", "office", "contact_name", "email", "phone", "offers", "is_current")


class PartnerForm(OpenedForm):
    """Somebody whom the office refers firms to."""

    name = TypedText(label=_("Navn"), max_length=160)
    kind = forms.ChoiceField(label=_("Art"), choices=[("", _("Vælg")), *Partner.Kind.choices])
    office: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Bruger de også Brobygger?"),
        help_text=_("Vælg kontoret her, så får de henvisninger i deres egen liste og svarer der."),
        queryset=None,
        required=False,
        empty_label=_("Nej"),
    )
    offers = TypedText(
        label=_("Hvad kan de hjælpe med?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    contact_name = TypedText(label=_("Kontaktperson"), required=False, max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("Hertil sendes henvisninger."), required=False, max_length=254
    )
    phone = TypedText(label=_("Telefon"), required=False, max_length=20)
    is_current = forms.BooleanField(label=_("I brug: vi henviser til dem"), required=False, initial=True)

    def __init__(self, *args: Any, operator: Operator, partner: Partner | None = None, **kwargs: Any) -> None:
        if partner:
            first = {name: getattr(partner, name) for name in FIELDS}
            kwargs["initial"] = first | {"office": partner.office_id, "opened_version": partner.version}
        super().__init__(*args, **kwargs)
        office: Any = self.fields["office"]
        office.queryset = Operator.objects.exclude(pk=operator.pk).order_by("name")

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class AgreementForm(OpenedForm):
    """What was agreed on referring firms to each other."""

    text = TypedText(
        label=_("Hvad er aftalt?"),
        help_text=_("For eksempel: hvem henvises hvornår, hvad deles, og hvor hurtigt svares der."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    mutual = forms.BooleanField(
        label=_("Gensidig: begge henviser til hinanden"), required=False, initial=True
    )
    starts_on = forms.DateField(label=_("Gælder fra"), widget=day_input())
    ends_on = forms.DateField(
        label=_("Gælder til"),
        help_text=_("Tomt betyder, at den gælder, til den siges op."),
        required=False,
        widget=day_input(),
    )

    def __init__(self, *args: Any, agreement: PartnerAgreement | None = None, **kwargs: Any) -> None:
        first: dict[str, Any] = {"starts_on": timezone.localdate()}
        if agreement:
            first = {name: getattr(agreement, name) for name in ("text", "mutual", "starts_on", "ends_on")}
            first["opened_version"] = agreement.version
        super().__init__(*args, **{**kwargs, "initial": first})

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "mutual", "starts_on", "ends_on")}


class PartnerFilters(forms.Form):
    """How the list is narrowed."""

    q = TypedText(label=_("Søg i partnere"), required=False, max_length=100)
    art = forms.ChoiceField(label=_("Art"), required=False, choices=[("", _("Alle")), *Partner.Kind.choices])
    alle = forms.BooleanField(label=_("Også dem, der er taget ud af brug"), required=False)

    @property
    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        chosen = self.cleaned_data
        return {
            "words": chosen.get("q") or "",
            "kind": chosen.get("art") or "",
            "current": not chosen.get("alle"),
        }

    @property
    def is_narrowed(self) -> bool:
        wanted = self.wanted
        return bool(wanted["words"] or wanted["kind"] or not wanted["current"])
