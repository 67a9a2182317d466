# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Filters of the list of suggestions, and the answers a person gives."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from brobygger.market.models import Listing, Suggestion
from brobygger.market.queries.suggestions import SORTS, Wanted

ALL = ("", gettext_lazy("Alle"))
State = Suggestion.State


class SuggestionFilters(forms.Form):
    """`wanted` is what was asked, without what could not be understood."""

    tilstand = forms.ChoiceField(
        label=gettext_lazy("Vis"),
        required=False,
        choices=[
            ("", gettext_lazy("Nye")),
            (State.PUT_OFF, gettext_lazy("Udskudte")),
            (State.DECLINED, gettext_lazy("Afviste")),
            (State.ACCEPTED, gettext_lazy("Valgte")),
        ],
    )
    art = forms.ChoiceField(
        label=gettext_lazy("Art"),
        required=False,
        choices=[
            ALL,
            (Suggestion.Kind.PAIR, gettext_lazy("Den ene har, den anden mangler")),
            (Suggestion.Kind.TAKER, gettext_lazy("Mulig aftager, der ikke har søgt")),
        ],
    )
    slags = forms.ChoiceField(
        label=gettext_lazy("Slags"), required=False, choices=[ALL, *Listing.Kind.choices]
    )
    mindst = forms.ChoiceField(
        label=gettext_lazy("Hvor oplagt"),
        required=False,
        choices=[
            ALL,
            ("0.3", gettext_lazy("Mindst muligt")),
            ("0.5", gettext_lazy("Mindst oplagt")),
            ("0.7", gettext_lazy("Kun meget oplagt")),
        ],
    )
    q = forms.CharField(label=gettext_lazy("Virksomhed"), required=False, max_length=200)
    orden = forms.ChoiceField(
        label=gettext_lazy("Rækkefølge"),
        required=False,
        choices=[
            ("", gettext_lazy("Mest oplagte først")),
            ("kroner", gettext_lazy("Flest kroner først (kun hvor det er kendt)")),
            ("tons", gettext_lazy("Flest tons først (kun hvor det er kendt)")),
            ("nyeste", gettext_lazy("Nyeste først")),
        ],
    )
    virksomhed = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            state=asked.get("tilstand") or State.NEW,
            kind=asked.get("art") or "",
            thing=asked.get("slags") or "",
            least=float(asked.get("mindst") or 0),
            words=(asked.get("q") or "").replace("\0", ""),
            organisation=asked.get("virksomhed"),
            order=asked["orden"] if asked.get("orden") in SORTS else "score",
        )


_OF_ONESELF: dict[str, Any] = {
    Suggestion.Decline.WRONG_THING: gettext_lazy("Det passer ikke til det, vi har eller mangler"),
    Suggestion.Decline.KNOWN: gettext_lazy("Vi handler allerede sammen"),
    Suggestion.Decline.UNWANTED: gettext_lazy("Vi ønsker ikke at handle med dem"),
}
"""A firm answers for itself: the office says "they" of two, the firm says "we"."""


def reasons(*, office: bool) -> list[tuple[str, Any]]:
    """Why not, in the words of the office or of the firm."""
    return [
        (key, label if office else _OF_ONESELF.get(key, label)) for key, label in Suggestion.Decline.choices
    ]


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Hvorfor passer det ikke?"),
        choices=Suggestion.Decline.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Vælg, hvorfor det ikke passer.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Bemærkning"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, office: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons(office=office)  # type: ignore[attr-defined]


class PutOffForm(forms.Form):
    """Until when."""

    until = forms.DateField(
        label=gettext_lazy("Vis det igen den"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Vælg en dag efter i dag."),
            "invalid": gettext_lazy("Skriv en dato, for eksempel 24-12-2026."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].localize = False
