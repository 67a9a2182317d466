# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which organisation a listing belongs to: one's own, or for a consultant one found by words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import STAFF, Operator, User
from brobygger.base import search
from brobygger.register.models import Organisation

MOST = 8
MOST_OWN = 50


def may_act_for_any(user: User) -> QuerySet[Organisation]:
    """The organisations for which this person may create listings."""
    own = Organisation.objects.acted_for_by(user).values("pk")
    return Organisation.objects.filter(Q(operator_id__in=user.operators_as(STAFF)) | Q(pk__in=own))


def may_write(user: User, operator: Operator) -> bool:
    """Whether there is any organisation for which this person may write what it has and needs."""
    return user.is_staff_of(operator.pk) or Organisation.objects.acted_for_by(user).exists()


class WhoForm(forms.Form):
    """Radio buttons of the organisations in question, and for a consultant a field to search with."""

    organisation = forms.ChoiceField(
        label=gettext_lazy("Hvilken virksomhed"), required=False, widget=forms.RadioSelect
    )
    organisation_search = forms.CharField(
        label=gettext_lazy("Find virksomheden"),
        help_text=gettext_lazy("Skriv navn eller CVR-nummer."),
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, user: User, operator: Operator, given: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.operator = user, operator
        asked = str(self._typed("organisation") or given)
        search_: Any = self.fields["organisation_search"]
        search_.optional_word = ""  # not asked for where a firm is chosen already, and needed where none is
        self.is_staff = user.is_staff_of(operator.pk)
        self.offered = self._offered(asked)
        choice: Any = self.fields["organisation"]
        choice.choices = [(str(found.pk), _shown(found)) for found in self.offered]
        if len(self.offered) == 1 or asked:
            self.initial["organisation"] = asked or str(self.offered[0].pk)
        if not self.is_staff:
            del self.fields["organisation_search"]
            if len(self.offered) == 1:
                choice.widget = forms.HiddenInput()
        if not self.offered:
            del self.fields["organisation"]

    def _typed(self, name: str) -> Any:
        """A field's value before its choices are settled: asking the field itself would fix its initial value."""
        return self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)

    def _offered(self, asked: str) -> list[Organisation]:
        within = may_act_for_any(self.user)
        found = list(within.filter(pk=int(asked))) if asked.isdecimal() and len(asked) < 15 else []
        if self.is_staff:
            words = str(self._typed("organisation_search") or "")
            keys = search.find("organisation", words, scopes=[str(self.operator.pk)], limit=MOST).keys
            hits = within.in_bulk(keys)
            found += [hits[key] for key in keys if key in hits and hits[key] not in found]
        else:
            own = within.exclude(pk__in=[row.pk for row in found]).order_by("sort_name")
            found += list(own[:MOST_OWN])
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = self._chosen(str(cleaned.get("organisation") or ""))
        if chosen is None and not self.errors:
            if self.offered:
                self.add_error("organisation", _("Vælg virksomheden."))
            elif self.is_staff and cleaned.get("organisation_search"):
                self.add_error(
                    "organisation_search",
                    _("Vi fandt ingen virksomhed. Prøv et andet navn, eller opret den først."),
                )
            elif self.is_staff:
                self.add_error("organisation_search", _("Skriv, hvilken virksomhed det er."))
            else:
                raise forms.ValidationError(
                    _("Du er ikke knyttet til en virksomhed endnu. Spørg jeres erhvervskontor.")
                )
        cleaned["chosen"] = chosen
        return cleaned

    def _chosen(self, asked: str) -> Organisation | None:
        if asked:
            return next((found for found in self.offered if str(found.pk) == asked), None)
        return self.offered[0] if len(self.offered) == 1 else None


def _shown(organisation: Organisation) -> str:
    return ", ".join(
        part
        for part in (organisation.name, organisation.address, organisation.cvr and f"CVR {organisation.cvr}")
        if part
    )
