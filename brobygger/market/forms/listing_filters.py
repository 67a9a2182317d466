# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The filters beside the list of what people have and need. A bad value is told and left out, never an error page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.knowledge.geography import municipalities
from brobygger.market import type_choice
from brobygger.market.models import Listing
from brobygger.market.queries.listings import Wanted
from brobygger.register.places import find_place
from brobygger.register.widgets import Select

ALL = ("", gettext_lazy("Alle"))


@lru_cache(maxsize=64)
def _towns(served: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The municipalities that an operator serves, then the rest by name."""
    ours = [(place.code, place.name) for place in municipalities() if place.code in served]
    rest = [(place.code, place.name) for place in municipalities() if place.code not in served]
    return (*ours, *sorted(rest, key=lambda row: row[1]))


class ListingFilters(forms.Form):
    """`wanted` is what was asked, without what could not be understood."""

    q = forms.CharField(label=gettext_lazy("Søg"), required=False, max_length=200)
    retning = forms.ChoiceField(
        label=gettext_lazy("Har eller mangler"), required=False, choices=[ALL, *Listing.Side.choices]
    )
    slags = forms.ChoiceField(
        label=gettext_lazy("Slags"), required=False, choices=[ALL, *Listing.Kind.choices]
    )
    gren = forms.ChoiceField(label=gettext_lazy("Område"), required=False, widget=Select)
    kommune = forms.ChoiceField(label=gettext_lazy("Virksomhedens kommune"), required=False, widget=Select)
    naer = forms.CharField(label=gettext_lazy("Nær postnummer eller by"), required=False, max_length=60)
    inden = forms.IntegerField(
        label=gettext_lazy("Højst km væk"), required=False, min_value=1, max_value=1000
    )
    synlig = forms.ChoiceField(
        label=gettext_lazy("Hvem må se"),
        required=False,
        choices=[
            ALL,
            (Listing.Visibility.OPEN, gettext_lazy("Åbne")),
            (Listing.Visibility.MEMBERS, gettext_lazy("For medlemmer")),
            (Listing.Visibility.BROKER, gettext_lazy("Fortrolige")),
        ],
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[
            ("", gettext_lazy("Aktive")),
            (Listing.Status.PAUSED, gettext_lazy("På pause")),
            (Listing.Status.FULFILLED, gettext_lazy("Opfyldte")),
            (Listing.Status.WITHDRAWN, gettext_lazy("Trukket tilbage")),
            ("alle", gettext_lazy("Alle")),
        ],
    )
    kontor = forms.ChoiceField(
        label=gettext_lazy("Fra"),
        required=False,
        choices=[("", gettext_lazy("Vores område")), ("andre", gettext_lazy("Andre kontorer, kun åbne"))],
    )
    orden = forms.ChoiceField(
        label=gettext_lazy("Rækkefølge"),
        required=False,
        choices=[
            ("", gettext_lazy("Nyeste eller bedste først")),
            ("naermest", gettext_lazy("Nærmeste først")),
            ("aeldste", gettext_lazy("Ældste først")),
        ],
    )
    virksomhed = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, operator: Operator | None, public: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch: Any = self.fields["gren"]
        branch.choices = [ALL, *type_choice.branches()]
        town: Any = self.fields["kommune"]
        town.choices = [ALL, *_towns(tuple(operator.municipality_codes) if operator else ())]
        if public:
            for name in ("synlig", "status", "kontor", "virksomhed"):
                del self.fields[name]

    def clean_naer(self) -> str:
        place = str(self.cleaned_data["naer"]).strip()
        if place and find_place(place) is None:
            raise forms.ValidationError(_("Det sted kender vi ikke. Skriv et postnummer eller en by."))
        return place

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            words=asked.get("q") or "",
            side=asked.get("retning") or "",
            kind=asked.get("slags") or "",
            branch=asked.get("gren") or "",
            municipality=asked.get("kommune") or "",
            near=asked.get("naer") or "",
            within_km=asked.get("inden"),
            visibility=asked.get("synlig") or "",
            status=asked.get("status") or "",
            organisation=asked.get("virksomhed"),
            order=asked.get("orden") or "",
            others=asked.get("kontor") == "andre",
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beyond the search field is in use, so that the rest of the filters are unfolded."""
        return any(self.data.get(name) for name in self.fields if name not in {"q", "virksomhed"})
