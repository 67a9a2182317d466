# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Forms of the plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.base import indicators
from brobygger.base.forms import VersionedForm, clean_text
from brobygger.base.number_fields import AmountField
from brobygger.plan.models import Goal, Initiative, Measurement, Plan, Track

MOST_TRACKS = 999
YEARS = {"min_value": 2000, "max_value": 2100}


class PlanForm(VersionedForm):
    """A plan's name and years."""

    year_from = forms.IntegerField(label=_("Fra år"), **YEARS)  # type: ignore[arg-type]
    year_to = forms.IntegerField(label=_("Til år"), **YEARS)  # type: ignore[arg-type]

    class Meta:
        model = Plan
        fields = ["name", "year_from", "year_to", "introduction"]

    def clean_introduction(self) -> str:
        return clean_text(self.cleaned_data["introduction"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("year_from") and data.get("year_to") and data["year_to"] < data["year_from"]:
            self.add_error("year_to", _("Slutåret ligger før startåret."))
        return data


class TrackForm(VersionedForm):
    """A track's name and text."""

    class Meta:
        model = Track
        fields = ["name", "text"]

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class NumberedTrackForm(TrackForm):
    """A track that is there, with its number in the plan."""

    number = forms.IntegerField(label=_("Nummer"), min_value=1, max_value=MOST_TRACKS)

    class Meta(TrackForm.Meta):
        fields = ["number", *TrackForm.Meta.fields]


class InitiativeForm(VersionedForm):
    """An initiative's name, text and who answers for it."""

    class Meta:
        model = Initiative
        fields = ["name", "text"]

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class GoalForm(VersionedForm):
    """A goal: the figure that moves it, its period, baseline and target."""

    indicator = forms.ChoiceField(
        label=_("Hvad flytter målet?"),
        required=False,
        help_text=_(
            "Vælg et tal, som Brobygger selv regner ud. Findes det ikke, så mål i hånden, med kilde og dato."
        ),
    )

    class Meta:
        model = Goal
        fields = [
            "name", "indicator", "unit", "starts_on", "ends_on", "direction", "target", "baseline", "baseline_source",
        ]  # fmt: skip
        field_classes = {"target": AmountField, "baseline": AmountField}
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"unit": _("Kun når målet måles i hånden, for eksempel procent. Ellers kendes enheden.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        figures = [(figure.key, f"{figure.label} ({figure.unit})") for figure in indicators.every()]
        self.fields["indicator"].choices = [("", _("Måles i hånden")), *figures]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("Slutdatoen ligger før startdatoen."))
        if data.get("baseline") is not None and not data.get("baseline_source"):
            self.add_error("baseline_source", _("Skriv, hvor udgangspunktet kommer fra."))
        return data


class MeasurementForm(forms.ModelForm[Measurement]):
    """A figure from outside, with its source."""

    class Meta:
        model = Measurement
        fields = ["on", "value", "source"]
        field_classes = {"value": AmountField}
        widgets = {"on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"source": _("F.eks. »Erhvervshus Sjælland, opgørelse 1. august«.")}

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("En måling kan ikke ligge i fremtiden."))
        return on
