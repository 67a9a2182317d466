# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Forms of a list of customers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.base.forms import VersionedForm
from brobygger.base.number_fields import AmountField
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.forms.fields import OrganisationField
from brobygger.market.forms.matches import TypedText, day_input


class AddForm(forms.Form):
    """A firm of the register, and why."""

    reason = TypedText(label=_("Hvorfor netop den?"), max_length=500)

    def __init__(self, *args: Any, operator: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(operator, None, label=_("Mulig kunde"))
        self.order_fields(["organisation", "reason"])


class FollowForm(VersionedForm):
    """How far the firm has come."""

    note = TypedText(
        label=_("Bemærkning"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Er den ikke relevant, så skriv hvorfor."),
    )  # fmt: skip
    dkk = AmountField(
        label=_("Ordrer for, kr. (hvis de fortæller det)"), required=False, max_digits=12, decimal_places=2
    )

    class Meta:
        model = PotentialCustomer
        fields = ["state", "state_on", "note", "dkk"]
        widgets = {"state_on": day_input()}

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        return {name: self.cleaned_data[name] for name in ("state", "state_on", "note", "dkk")}

    def _post_clean(self) -> None:
        """The service says what is wrong, in words; the database's constraints stand behind it."""


class DayForm(forms.Form):
    """A course day."""

    on = forms.DateField(label=_("Dato"), widget=day_input())
    title = TypedText(label=_("Hvad handlede dagen om?"), max_length=200)
