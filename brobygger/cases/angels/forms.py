# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Forms of the network."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.forms import VersionedForm
from brobygger.base.number_fields import AmountField
from brobygger.cases.angels.models import Angel, Sending
from brobygger.register.industry_picker import IndustriesField


class AngelForm(VersionedForm):
    """What an angel looks for."""

    least = AmountField(
        label=_("Mindste beløb, kr."), max_digits=12, decimal_places=2, min_value=Decimal(0), required=False
    )
    most = AmountField(
        label=_("Største beløb, kr."), max_digits=12, decimal_places=2, min_value=Decimal(0), required=False
    )

    class Meta:
        model = Angel
        fields = ("industries", "least", "most", "background", "active")
        labels = {"industries": _("Brancher"), "active": _("Får profiler tilsendt")}
        field_classes = {"industries": IndustriesField}
        help_texts = {"industries": _("Skriv et ord eller en kode, fx fødevarer eller 10. Tomt er alle.")}
        widgets = {"background": forms.Textarea(attrs={"rows": 5})}

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class JoinForm(AngelForm):
    """And who it is."""

    person = forms.ModelChoiceField(label=_("Hvem"), queryset=User.objects.none())
    field_order = ("person", "industries", "least", "most", "background", "active")

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = User.objects.filter(
            memberships__operator=operator, memberships__role=Role.PARTNER, is_active=True
        ).exclude(pk__in=Angel.objects.filter(operator=operator).values("user"))
        person: Any = self.fields["person"]
        person.queryset = partners.order_by("name")


class AnswerForm(forms.Form):
    """Yes or no."""

    answer = forms.ChoiceField(
        label=_("Vil du gerne videre?"),
        choices=[(Sending.Answer.YES, _("Ja, jeg vil gerne videre")), (Sending.Answer.NO, _("Nej tak"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Besked til kontoret"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
