# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A talk as it is typed: first in a hurry, later with everything."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.base.forms import VersionedForm
from brobygger.dialogue.attachments import ACCEPT
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.queries.interactions import Wanted, colleagues, people_of
from brobygger.dialogue.reading import NoteRead, read_note
from brobygger.dialogue.services.interactions import Note
from brobygger.market.forms.matches import TypedText, day_input
from brobygger.register.models import Organisation

MOST_HITS = 8
ALL = ("", gettext_lazy("Alle"))
READ = ("kind", "on", "follow_up_on", "follow_up_about")
"""The fields that are filled in from the text until the person says otherwise."""


class NoteForm(forms.Form):
    """The firm stands in `market.forms.who.WhoForm` beside it; only the text must be written.

    Each field of `READ` has a hidden twin that holds what the text said last time. A field that still equals its twin
    follows the text; one that does not is the person's own and is left alone, also when it was emptied.
    """

    text = TypedText(
        label=gettext_lazy("Hvad talte I om?"),
        help_text=gettext_lazy(
            "For eksempel: »Besøgte dem i går. De har 4 tons mask om ugen. Ring igen om 14 dage om prisen.«"
        ),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Hvad var det?"),
        required=False,
        choices=[("", gettext_lazy("Læs det af teksten")), *Interaction.Kind.choices],
    )
    on = forms.DateField(
        label=gettext_lazy("Hvornår?"),
        help_text=gettext_lazy("Tomt betyder i dag."),
        required=False,
        widget=day_input(),
    )
    follow_up_on = forms.DateField(label=gettext_lazy("Følg op senest"), required=False, widget=day_input())
    follow_up_about = TypedText(label=gettext_lazy("Hvad skal der ske?"), required=False, max_length=200)
    shared = forms.BooleanField(label=gettext_lazy("Virksomheden må læse notatet"), required=False)
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    read_kind = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    read_on = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    read_follow_up_on = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    read_follow_up_about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    @classmethod
    def fresh(cls, *, cursor_in_text: bool) -> NoteForm:
        """An empty one with a key of its own, so that pressing the button twice saves once."""
        form = cls(initial={"entry_key": uuid.uuid4()})
        if cursor_in_text:
            form.fields["text"].widget.attrs["autofocus"] = True
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("follow_up_about") and not cleaned.get("follow_up_on") and not self.errors:
            self.add_error("follow_up_on", _("Vælg, hvornår det skal være gjort."))
        return cleaned

    def note(self, organisation: Organisation, user: User) -> Note:
        """What to hand to the service."""
        typed = self.cleaned_data
        return Note(
            kind=typed["kind"] or Interaction.Kind.NOTE,
            on=typed["on"] or timezone.localdate(),
            by=user,
            organisations=[organisation],
            text=typed["text"],
            private=not typed["shared"],
        )


def following_the_text(data: QueryDict) -> tuple[QueryDict, NoteRead]:
    """What was typed with the fields that follow the text filled in from it, and what the text was read as."""
    found = read_note(data.get("text", ""), timezone.localdate())
    said = {
        "kind": found.kind,
        "on": _iso(found.on),
        "follow_up_on": _iso(found.follow_up_on),
        "follow_up_about": found.follow_up_about,
    }
    filled = data.copy()
    for name in READ:
        if data.get(name, "") == data.get(f"read_{name}", ""):
            filled[name] = said[name]
            filled[f"read_{name}"] = said[name]
    return filled, found


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


class InteractionForm(VersionedForm):
    """Everything about a talk."""

    organisations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Virksomheder"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    more_organisations = forms.CharField(
        label=gettext_lazy("Var der flere virksomheder med?"),
        help_text=gettext_lazy(
            "Skriv navn eller CVR-nummer, og gem. Er der flere at vælge imellem, vises de."
        ),
        required=False,
        max_length=200,
    )
    text = TypedText(
        label=gettext_lazy("Hvad talte I om?"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    participants = TypedText(
        label=gettext_lazy("Andre deltagere"),
        help_text=gettext_lazy("Borgmesteren, kolleger og andre, der ikke er fra virksomheden."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    minutes = TypedText(
        label=gettext_lazy("Referat"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    shared = forms.BooleanField(label=gettext_lazy("Virksomheden må læse notatet"), required=False)

    class Meta:
        model = Interaction
        fields = ["kind", "on", "clock", "by", "people", "participants", "text", "minutes"]
        widgets = {
            "on": day_input(),
            "clock": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "people": forms.CheckboxSelectMultiple,
        }

    field_order = ("kind", "on", "clock", "by", "text", "minutes", "participants", "organisations")

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.operator = operator
        fields: Any = self.fields
        here = Organisation.objects.filter(operator=operator)
        current = list(self.instance.organisations.values_list("pk", flat=True))
        typed = [key for key in self._typed("organisations") if key.isdecimal() and len(key) < 15]
        self.hits = self._hits()
        offered = here.filter(pk__in=[*current, *(int(key) for key in typed), *self.hits])
        fields["organisations"].queryset = offered
        fields["organisations"].initial = current
        with_us = list(self.instance.people.values_list("pk", flat=True))
        fields["people"].queryset = people_of(offered, also=with_us)
        if not fields["people"].queryset.exists():
            del fields["people"]
        fields["by"].queryset = colleagues(operator, also=self.instance.by_id)
        fields["shared"].initial = not self.instance.private

    def _typed(self, name: str) -> list[str]:
        return list(self.data.getlist(name)) if isinstance(self.data, QueryDict) else []

    def _hits(self) -> list[int]:
        words = " ".join(self._typed("more_organisations"))[:200]
        return list(search.find("organisation", words, scopes=[str(self.operator.pk)], limit=MOST_HITS).keys)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = list(cleaned.get("organisations") or ())
        if cleaned.get("more_organisations"):
            new = [key for key in self.hits if key not in {found.pk for found in chosen}]
            if len(new) == 1:
                chosen += Organisation.objects.filter(pk=new[0], operator=self.operator)
                self.errors.pop("organisations", None)
            elif new and len(new) == len(self.hits):
                self.add_error("organisations", _("Sæt kryds ved dem, der var med, blandt dem vi fandt."))
            elif not self.hits:
                self.add_error("more_organisations", _("Vi fandt ingen virksomhed. Prøv et andet navn."))
        cleaned["organisations"] = chosen
        return cleaned

    def stored(self, current: Interaction) -> dict[str, Any]:
        """Field → what the record says, where it calls it something else."""
        return {"shared": not current.private}

    @property
    def note(self) -> Note:
        """What to hand to the service."""
        typed = self.cleaned_data
        return Note(
            kind=typed["kind"],
            on=typed["on"],
            clock=typed["clock"],
            by=typed["by"],
            organisations=typed["organisations"],
            people=list(typed.get("people") or ()),
            participants=typed["participants"],
            text=typed["text"],
            minutes=typed["minutes"],
            private=not typed["shared"],
        )


class InteractionFilters(forms.Form):
    """The filters beside the list. A bad value is told and left out, never an error page."""

    q = forms.CharField(label=gettext_lazy("Søg i det, der er skrevet"), required=False, max_length=200)
    firma = forms.CharField(label=gettext_lazy("Virksomhed"), required=False, max_length=200)
    art = forms.ChoiceField(
        label=gettext_lazy("Art"), required=False, choices=[ALL, *Interaction.Kind.choices]
    )
    hvem = forms.ChoiceField(label=gettext_lazy("Hvem fra kontoret"), required=False)
    fra = forms.DateField(label=gettext_lazy("Fra"), required=False, widget=day_input())
    til = forms.DateField(label=gettext_lazy("Til"), required=False, widget=day_input())
    virksomhed = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def __init__(self, asked: Mapping[str, Any], *, operator: Operator) -> None:
        super().__init__(asked)
        who: Any = self.fields["hvem"]
        who.choices = [ALL, *((str(user.pk), str(user)) for user in colleagues(operator))]

    @property
    def wanted(self) -> Wanted:
        """What was asked for, without what could not be understood."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            words=asked.get("q") or "",
            firm_words=asked.get("firma") or "",
            organisation=asked.get("virksomhed"),
            kind=asked.get("art") or "",
            by=int(asked["hvem"]) if asked.get("hvem") else None,
            since=asked.get("fra"),
            until=asked.get("til"),
        )

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class AttachmentForm(forms.Form):
    """A file to attach."""

    file = forms.FileField(
        label=gettext_lazy("Vedhæft en fil"),
        help_text=gettext_lazy(
            "PDF, Word, Excel, PowerPoint, OpenDocument, tekst eller billede, højst 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
