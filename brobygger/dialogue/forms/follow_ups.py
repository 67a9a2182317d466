# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A follow-up as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.base.forms import VersionedForm
from brobygger.dialogue.models import FollowUp
from brobygger.dialogue.queries.follow_ups import Wanted
from brobygger.dialogue.queries.interactions import colleagues
from brobygger.market.forms.matches import OpenedForm as OpenedForm
from brobygger.market.forms.matches import TypedText, day_input


class FollowUpFilters(forms.Form):
    """How the list is narrowed. What cannot be read narrows nothing."""

    q = TypedText(label=_("Virksomhed, eller hvad der skal ske"), required=False, max_length=100)
    hvem: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Kollega"), queryset=None, required=False, empty_label=_("Vælg en kollega")
    )
    forsinket = forms.BooleanField(label=_("Kun det, der er for sent"), required=False)

    def __init__(self, asked: Any, *, operator: Operator) -> None:
        super().__init__(asked)
        self.asked = asked
        who: Any = self.fields["hvem"]
        who.queryset = colleagues(operator)

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for beyond whose they are and whether they are done."""
        asked = self.wanted
        return bool(asked.who or asked.late or asked.words)

    @property
    def wanted(self) -> Wanted:
        """What to hand to the query."""
        self.is_valid()
        who = self.cleaned_data.get("hvem")
        return Wanted(
            mine=self.asked.get("vis") != "alle",
            who=who.pk if who else None,
            done=self.asked.get("gjort") == "1",
            late=self.cleaned_data.get("forsinket", False),
            words=self.cleaned_data.get("q", ""),
        )


class FollowUpForm(VersionedForm):
    """What, by whom, when."""

    about = TypedText(label=_("Hvad skal der ske?"), max_length=200)

    class Meta:
        model = FollowUp
        fields = ["about", "due_on", "assignee"]
        widgets = {"due_on": day_input()}

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["assignee"]
        who.queryset = colleagues(operator, also=self.instance.assignee_id)
        who.empty_label = _("Ingen endnu")

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        return {name: self.cleaned_data[name] for name in ("about", "due_on", "assignee")}
