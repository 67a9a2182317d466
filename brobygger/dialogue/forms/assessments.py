# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An assessment, an action plan and its steps as they are typed."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.base.forms import VersionedForm
from brobygger.base.number_fields import AmountField
from brobygger.dialogue.figures import field_of
from brobygger.dialogue.instruments import Instrument, Parameter
from brobygger.dialogue.models import ActionPlan, Assessment
from brobygger.dialogue.queries.interactions import colleagues
from brobygger.dialogue.services.action_plans import Step
from brobygger.dialogue.services.assessments import LONGEST_REMARK, Answers
from brobygger.market.forms.matches import OpenedForm, TypedText, day_input

REMARK = "remark_"


class AssessmentForm(OpenedForm):
    """One row of steps for each parameter of the instrument; every one may be left open."""

    on = forms.DateField(label=gettext_lazy("Dato"), widget=day_input())
    summary = TypedText(
        label=gettext_lazy("Sammenfatning"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, instrument: Instrument, assessment: Assessment | None = None, **kwargs: Any
    ) -> None:
        first: dict[str, Any] = {"on": timezone.localdate(), "entry_key": uuid.uuid4()}
        if assessment:
            first = {**_written(assessment), "opened_version": assessment.version}
        super().__init__(*args, **{**kwargs, "initial": first})
        if assessment:
            del self.fields["entry_key"]
        self.instrument = instrument
        for parameter in instrument.parameters:
            self.fields[parameter.key] = self._steps(parameter)
            self.fields[f"{REMARK}{parameter.key}"] = TypedText(
                label=_("Bemærkning: %(name)s") % {"name": parameter.name},
                required=False,
                max_length=LONGEST_REMARK,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

        for figure in instrument.figures:
            for moment in instrument.moments:
                self.fields[field_of(figure.key, moment.key)] = AmountField(
                    label=f"{figure.name}, {moment.name.lower()}",
                    required=False,
                    min_value=figure.least,
                    max_value=figure.most,
                    decimal_places=3,
                    max_digits=14,
                )

    def _steps(self, parameter: Parameter) -> forms.TypedChoiceField:
        steps = [(str(step), word) for step, word in enumerate(parameter.words, 1)]
        return forms.TypedChoiceField(
            label=parameter.name,
            help_text=parameter.question,
            required=False,
            coerce=int,
            empty_value=None,
            choices=[*steps, ("", _("Ikke besvaret"))],
            widget=forms.RadioSelect,
        )

    def stored(self, current: Assessment) -> dict[str, Any]:
        """Field → what the record says."""
        return {**dict.fromkeys(self.fields), **_written(current)}

    @property
    def groups(self) -> list[tuple[str, list[tuple[Any, Any, bool]]]]:
        """(name of the group, [(steps, remark, whether the remark is to be open)]) in the instrument's order."""
        names = {group.key: group.name for group in self.instrument.groups}
        found: dict[str, list[tuple[Any, Any, bool]]] = {}
        for parameter in self.instrument.parameters:
            remark = self[f"{REMARK}{parameter.key}"]
            row = (self[parameter.key], remark, bool(remark.value() or remark.errors))
            found.setdefault(names.get(parameter.group, ""), []).append(row)
        return list(found.items())

    @property
    def figure_groups(self) -> list[tuple[str, list[tuple[Any, list[Any]]]]]:
        """(name of the group, [(figure, its fields by moment)]) in the instrument's order."""
        names = {group.key: group.name for group in self.instrument.groups}
        found: dict[str, list[tuple[Any, list[Any]]]] = {}
        for figure in self.instrument.figures:
            fields = [self[field_of(figure.key, moment.key)] for moment in self.instrument.moments]
            found.setdefault(names.get(figure.group, ""), []).append((figure, fields))
        return list(found.items())

    @property
    def answers(self) -> Answers:
        """What to hand to the service."""
        typed, keys = self.cleaned_data, [parameter.key for parameter in self.instrument.parameters]
        return Answers(
            on=typed["on"],
            scores={key: typed[key] for key in keys if typed.get(key) is not None},
            remarks={key: typed[f"{REMARK}{key}"] for key in keys if typed.get(f"{REMARK}{key}")},
            summary=typed["summary"],
            figures={
                (figure.key, moment.key): value
                for figure in self.instrument.figures
                for moment in self.instrument.moments
                if (value := typed.get(field_of(figure.key, moment.key))) is not None
            },
        )


def _written(assessment: Assessment) -> dict[str, Any]:
    """Field → what is written down."""
    found: dict[str, Any] = {"on": assessment.on, "summary": assessment.summary, **assessment.scores}
    found |= {f"{REMARK}{key}": text for key, text in assessment.remarks.items()}
    for key, at in assessment.figures.items():
        found |= {field_of(key, moment): Decimal(value) for moment, value in at.items()}
    return found


class ActionPlanForm(VersionedForm):
    """What the firm wants to reach."""

    goal = TypedText(label=gettext_lazy("Hvad vil virksomheden opnå?"), max_length=300)

    class Meta:
        model = ActionPlan
        fields = ["goal"]


class CloseForm(OpenedForm):
    """What came of a plan."""

    outcome = TypedText(
        label=gettext_lazy("Hvad kom der ud af planen?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class StepForm(forms.Form):
    """One step: what, by when, by whom, and what it is to lift."""

    about = TypedText(label=gettext_lazy("Hvad skal der ske?"), max_length=200)
    due_on = forms.DateField(label=gettext_lazy("Senest"), widget=day_input())
    assignee: Any = forms.ModelChoiceField(
        label=gettext_lazy("Hvem fra kontoret følger op?"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Ingen endnu"),
    )
    parameter = forms.ChoiceField(label=gettext_lazy("Skal løfte"), required=False)

    def __init__(self, *args: Any, operator: Operator, instrument: Instrument | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["assignee"]
        who.queryset = colleagues(operator)
        if instrument is None:
            del self.fields["parameter"]
            return
        what: Any = self.fields["parameter"]
        what.choices = [
            ("", _("Ikke noget bestemt")),
            *((one.key, one.name) for one in instrument.parameters),
            *((one.key, one.name) for one in instrument.figures),
        ]

    @property
    def step(self) -> Step:
        """What to hand to the service."""
        typed = self.cleaned_data
        return Step(typed["about"], typed["due_on"], typed["assignee"], typed.get("parameter", ""))
