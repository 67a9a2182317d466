# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Meetings, agenda items, papers and recommendations as they are typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.base.forms import AskingForm, VersionedForm
from brobygger.boards.models import AgendaItem, Attendance, Meeting, Recommendation
from brobygger.dialogue.attachments import ACCEPT
from brobygger.dialogue.queries.interactions import colleagues
from brobygger.market.forms.matches import TypedText, day_input


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def _anyway() -> forms.BooleanField:
    return forms.BooleanField(label=gettext_lazy("Mødet skal holdes på den tid alligevel"), required=False)


class MeetingForm(AskingForm, VersionedForm):
    """When and where. Danish time, as it is written on an invitation. Who is busy then is asked about."""

    answers = ("anyway",)
    title = TypedText(label=gettext_lazy("Titel"), required=False, max_length=120)
    on = forms.DateField(label=gettext_lazy("Dato"), widget=day_input())
    begins = forms.TimeField(label=gettext_lazy("Fra"), widget=_clock())
    ends = forms.TimeField(label=gettext_lazy("Til"), widget=_clock())
    place = TypedText(label=gettext_lazy("Sted"), required=False, max_length=200)
    anyway = _anyway()

    class Meta:
        model = Meeting
        fields = ["title", "place"]

    field_order = ("title", "on", "begins", "ends", "place", "anyway")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            begins, ends = (timezone.localtime(at) for at in (self.instance.starts_at, self.instance.ends_at))
            self.initial.update({"on": begins.date(), "begins": begins.time(), "ends": ends.time()})

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service. A meeting that ends before it begins by the clock ends after midnight."""
        typed = self.cleaned_data
        zone = timezone.get_current_timezone()
        starts_at = datetime.combine(typed["on"], typed["begins"], tzinfo=zone)
        ends_at = datetime.combine(typed["on"], typed["ends"], tzinfo=zone)
        if typed["ends"] < typed["begins"]:
            ends_at = datetime.combine(typed["on"] + timedelta(days=1), typed["ends"], tzinfo=zone)
        return {
            "title": typed["title"],
            "place": typed["place"],
            "starts_at": starts_at,
            "ends_at": ends_at,
            "anyway": typed["anyway"],
        }


class RestoreForm(AskingForm):
    """That a meeting takes place after all. Who is busy then is asked about."""

    answers = ("anyway",)
    opened_version = forms.IntegerField(widget=forms.HiddenInput)
    anyway = _anyway()

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        return {"expected": self.cleaned_data["opened_version"], "anyway": self.cleaned_data["anyway"]}


class SummonForm(forms.Form):
    """A word to those who are summoned, and whether those who were before get the new agenda."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    word = TypedText(
        label=gettext_lazy("Et ord til medlemmerne"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    again = forms.BooleanField(label=gettext_lazy("Send også til dem, der er indkaldt før"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_version"].initial = meeting.version
        if not meeting.summons.exists():
            del self.fields["again"]

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        typed = self.cleaned_data
        return {
            "word": typed["word"],
            "again": typed.get("again", False),
            "expected": typed["opened_version"] or 0,
        }


class ItemForm(VersionedForm):
    """An item, and what was said and decided."""

    title = TypedText(label=gettext_lazy("Punkt"), max_length=200)
    text = TypedText(
        label=gettext_lazy("Baggrund og indstilling"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    minutes = TypedText(
        label=gettext_lazy("Referat"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    class Meta:
        model = AgendaItem
        fields = ["title", "kind", "text", "minutes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            del self.fields["minutes"]

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        return {
            name: self.cleaned_data[name]
            for name in ("title", "kind", "text", "minutes")
            if name in self.fields
        }


class PaperForm(forms.Form):
    """A file, for the meeting or for one of its items."""

    file = forms.FileField(
        label=gettext_lazy("Vedhæft en fil"),
        help_text=gettext_lazy(
            "PDF, Word, Excel, PowerPoint, OpenDocument, tekst eller billede, højst 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    item = forms.ModelChoiceField(
        label=gettext_lazy("Hører til punkt"), queryset=AgendaItem.objects.none(), required=False
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.queryset, item.empty_label = meeting.items.all(), _("Hele mødet")


def attendance_in(data: Any) -> dict[int, str]:
    """Seat → state of what was ticked: `plads-17=present`."""
    found = {}
    for name, value in data.items():
        head, _sep, key = name.partition("-")
        if head == "plads" and key.isdecimal() and len(key) < 15 and value in Attendance.State.values:
            found[int(key)] = value
    return found


class RecommendationForm(VersionedForm):
    """A recommendation's own words and dates."""

    title = TypedText(label=gettext_lazy("Anbefaling"), max_length=200)
    text = TypedText(
        label=gettext_lazy("Begrundelse"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    addressee = TypedText(
        label=gettext_lazy("Til hvem?"),
        help_text=gettext_lazy("Et udvalg, byrådet eller kontoret selv."),
        required=False,
        max_length=120,
    )

    class Meta:
        model = Recommendation
        fields = ["title", "text", "addressee", "meeting", "given_on", "answer_by", "answerer"]
        labels = {"meeting": gettext_lazy("Møde")}
        widgets = {"given_on": day_input(), "answer_by": day_input()}

    def __init__(self, *args: Any, board: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["meeting"].queryset = board.meetings.select_related("board").order_by("-starts_at")
        fields["meeting"].empty_label = _("Ikke på et møde")
        fields["answerer"].queryset = colleagues(operator, also=self.instance.answerer_id)
        fields["answerer"].empty_label = _("Ingen endnu")

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AnswerForm(forms.Form):
    """What became of a recommendation."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=gettext_lazy("Hvor langt er den?"), choices=Recommendation.State.choices)
    on = forms.DateField(label=gettext_lazy("Dato"), widget=day_input())
    decided_by = TypedText(label=gettext_lazy("Besluttet af"), required=False, max_length=120)
    text = TypedText(
        label=gettext_lazy("Svar"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        typed = {name: self.cleaned_data[name] for name in ("state", "on", "decided_by", "text")}
        return {**typed, "expected": self.cleaned_data["opened_version"]}
