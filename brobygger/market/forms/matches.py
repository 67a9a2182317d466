# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The forms of a match's life: the filter of the list, notes, follow-ups, why it failed, and letters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from brobygger.base.forms import clean_text
from brobygger.market.forms.suggestions import reasons
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.queries.matches import find, waiting_too_long
from brobygger.market.services.letters import GIVER, TAKER, Party


class TypedText(forms.CharField):
    """Free text without control characters; line breaks count as one character."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


def day_input() -> forms.DateInput:
    """A date as the browser's own picker gives it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class MatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """How the list of matches is narrowed."""

    q = django_filters.CharFilter(label=_("Søg i navne og tekster"), method="by_words")
    stage = django_filters.ChoiceFilter(
        label=_("Hvor langt"), choices=Match.Stage.choices, empty_label=_("Alle")
    )
    slags = django_filters.ChoiceFilter(
        label=_("Slags"), field_name="have__kind", choices=Listing.Kind.choices, empty_label=_("Alle")
    )
    mine = django_filters.BooleanFilter(
        label=_("Kun mine"), method="by_consultant", widget=forms.CheckboxInput(attrs={"value": "true"})
    )
    venter = django_filters.BooleanFilter(
        label=_("Kun dem, der har ligget stille for længe"),
        method="by_waiting",
        widget=forms.CheckboxInput(attrs={"value": "true"}),
    )

    class Meta:
        model = Match
        fields: list[str] = []

    def __init__(self, *args: Any, office: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not office:
            del self.filters["mine"], self.filters["venter"]

    def by_words(self, matches: QuerySet[Match], name: str, value: str) -> QuerySet[Match]:
        return find(matches, clean_text(value)[:200])

    def by_consultant(self, matches: QuerySet[Match], name: str, value: bool) -> QuerySet[Match]:
        return matches.filter(consultant=self.request.user) if value else matches

    def by_waiting(self, matches: QuerySet[Match], name: str, value: bool) -> QuerySet[Match]:
        return matches.filter(waiting_too_long()) if value else matches


class OpenedForm(forms.Form):
    """A form that carries the version of the record the person had on the screen."""

    opened_version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    @property
    def expected_version(self) -> int:
        """What to hand to `claim`; 0, which no record has, when it is missing."""
        return int(self.cleaned_data.get("opened_version") or 0)


class MoveForm(OpenedForm):
    """A button that moves a match to another stage. How it came to an end is asked on pages of their own."""

    to = forms.ChoiceField(
        choices=[one for one in Match.Stage.choices if one[0] not in Match.OVER], widget=forms.HiddenInput
    )
    text = TypedText(
        label=_("Bemærkning"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class FallThroughForm(OpenedForm):
    """Why a match came to nothing."""

    reason = forms.ChoiceField(
        label=_("Hvorfor blev det ikke til noget?"),
        choices=Suggestion.Decline.choices,
        widget=forms.RadioSelect,
    )
    note = TypedText(
        label=_("Bemærkning"),
        help_text=_("Hvad skal vi huske til en anden gang?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, office: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons(office=office)  # type: ignore[attr-defined]


class EndForm(OpenedForm):
    """How something that ran came to its end."""

    PLANNED, BROKEN_OFF = "planned", "broken_off"
    how = forms.ChoiceField(
        label=_("Hvordan sluttede det?"),
        choices=[
            (PLANNED, _("Som planlagt: aftalen er udløbet, eller der er ikke mere")),
            (BROKEN_OFF, _("Det holdt op før tid")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Hvorfor holdt det op før tid?"),
        choices=[("", "–"), *Suggestion.Decline.choices],
        required=False,
    )
    reason.optional_word = _("kun når det holdt op før tid")  # type: ignore[attr-defined]
    note = TypedText(
        label=_("Bemærkning"),
        help_text=_("Hvad skal vi huske til en anden gang?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("how") == self.BROKEN_OFF and "reason" in typed and not typed["reason"]:
            self.add_error("reason", _("Vælg, hvorfor det holdt op før tid."))
        if typed.get("how") == self.PLANNED and typed.get("reason"):
            self.add_error(
                "reason", _("Sluttede det som planlagt, så lad feltet stå tomt. Ret ellers svaret ovenfor.")
            )
        return typed


class NoteForm(forms.Form):
    """Something to write on the timeline."""

    text = TypedText(label=_("Skriv en note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    shared = forms.BooleanField(
        label=_("Vis den også for virksomhederne"),
        help_text=_("Uden kryds er noten kun for kontoret."),
        required=False,
    )


class FirmNoteForm(forms.Form):
    """What a firm writes: always read by the office and by the other party."""

    text = TypedText(
        label=_("Skriv til kontoret og den anden part"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FollowUpForm(OpenedForm):
    """When to look at the match again, and about what."""

    on = forms.DateField(label=_("Følg op den"), required=False, widget=day_input())
    about = TypedText(label=_("Om hvad"), required=False, max_length=200)


class OwnerAgreedForm(OpenedForm):
    """Who said yes on behalf of a confidential listing's owner."""

    who = TypedText(
        label=_("Hvem har sagt ja?"),
        help_text=_("Navn, og gerne hvordan: »Navn, i telefonen«. Det bliver stående på tidslinjen."),
        max_length=120,
    )


class IntroductionForm(OpenedForm):
    """The letter to both parties, as the consultant edits it before sending."""

    to = forms.MultipleChoiceField(label=_("Til"), widget=forms.CheckboxSelectMultiple)
    subject = TypedText(label=_("Emne"), max_length=200)
    body = TypedText(label=_("Brevet"), max_length=8000, widget=forms.Textarea(attrs={"rows": 22}))
    follow_up_on = forms.DateField(label=_("Mind mig om at følge op den"), required=False, widget=day_input())

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {GIVER: _("giver"), TAKER: _("modtager")}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (party.side, f"{party.organisation} ({labels[party.side]}): {party.email or _('ingen e-mail')}")
            for party in parties
        ]


class TemplateForm(OpenedForm):
    """The office's own wording of a letter."""

    subject = TypedText(label=_("Emne"), max_length=200)
    body = TypedText(label=_("Tekst"), max_length=8000, widget=forms.Textarea(attrs={"rows": 22}))
