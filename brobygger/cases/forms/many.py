# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How lists of cases are narrowed, how one is begun, and how many somebody may have."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.cases.definition import CaseType
from brobygger.cases.queries.lists import CLOSE, LATE, NEWS, NOBODY, WAITING, Wanted, limits, officers
from brobygger.market.forms.matches import TypedText, day_input

ALL = ("", gettext_lazy("Alle"))


class CaseFilters(forms.Form):
    """The filters beside the list. A bad value is left out, never an error page."""

    q = forms.CharField(label=gettext_lazy("Søg i sager"), required=False, max_length=200)
    type = forms.ChoiceField(label=gettext_lazy("Sagstype"), required=False)
    trin = forms.ChoiceField(label=gettext_lazy("Trin"), required=False)
    hvem = forms.ChoiceField(label=gettext_lazy("Sagsbehandler"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[
            ("", gettext_lazy("Åbne")),
            (NEWS, gettext_lazy("Med nyt, der ikke er læst")),
            ("closed", gettext_lazy("Lukkede")),
            ("all", gettext_lazy("Alle")),
        ],
    )
    haster = forms.ChoiceField(
        label=gettext_lazy("Frist"),
        required=False,
        choices=[
            ALL,
            (LATE, gettext_lazy("Overskredet")),
            (CLOSE, gettext_lazy("Nærmer sig")),
            (WAITING, gettext_lazy("Venter på andre")),
        ],
    )
    emne = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    virksomhed = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def __init__(self, asked: Mapping[str, Any], *, operator: Operator, types: list[Definition]) -> None:
        super().__init__(asked)
        fields: Any = self.fields
        fields["type"].choices = [ALL, *((row.key, row.title) for row in types)]
        chosen = next((row for row in types if row.key == asked.get("type")), None)
        if chosen:
            fields["trin"].choices = [ALL, *((stage.key, stage.name) for stage in chosen.content.stages)]
        else:
            del fields["trin"]
        people = [(str(user.pk), str(user)) for user in officers(operator)]
        fields["hvem"].choices = [ALL, (NOBODY, _("Ingen endnu")), *people]

    @property
    def wanted(self) -> Wanted:
        """What was asked for, without what could not be understood."""
        self.is_valid()
        asked = self.cleaned_data
        who = asked.get("hvem") or ""
        return Wanted(
            words=asked.get("q") or "",
            type_key=asked.get("type") or "",
            stage=asked.get("trin") or "",
            officer=int(who) if who.isdecimal() else None,
            nobody=who == NOBODY,
            state={"": "open", "closed": "closed", NEWS: NEWS}.get(asked.get("status") or "", ""),
            hurry=asked.get("haster") or "",
            topic=asked.get("emne") or "",
            organisation=asked.get("virksomhed"),
        )

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class NewCaseForm(forms.Form):
    """A new case of a chosen type. The firm stands in `WhoForm` beside it."""

    title = TypedText(label=gettext_lazy("Hvad handler sagen om?"), max_length=200)
    subtype = forms.ChoiceField(label=gettext_lazy("Slags sag"))
    applicant_name = TypedText(
        label=gettext_lazy("Ansøger, hvis det ikke er en virksomhed i registret"),
        required=False,
        max_length=200,
    )
    officer = forms.ModelChoiceField(
        label=gettext_lazy("Sagsbehandler"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Ingen endnu"),
    )
    on = forms.DateField(
        label=gettext_lazy("Modtaget"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Tomt betyder i dag."),
    )
    reason = TypedText(
        label=gettext_lazy("Hvis datoen ligger tilbage: hvorfor først nu?"), required=False, max_length=500
    )
    external_ref = TypedText(
        label=gettext_lazy("Journalnummer i kommunens sagssystem"), required=False, max_length=60
    )
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: CaseType, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["officer"].queryset = officers(operator)
        if kind.subtypes:
            fields["subtype"].choices = [("", "–"), *((sort.key, sort.name) for sort in kind.subtypes)]
        else:
            del fields["subtype"]
        fields["entry_key"].initial = uuid.uuid4()


class BeginForm(forms.Form):
    """A case that a firm begins itself."""

    title = TypedText(label=gettext_lazy("Hvad handler det om?"), max_length=200)
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)


OPENED = "opened_"


class LimitsForm(forms.Form):
    """How many open cases each may have."""

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = limits(operator)
        self._add("alle", _("Alle, der ikke har deres eget tal"), held.get(None))
        self.people = list(officers(operator))
        for person in self.people:
            self._add(f"p{person.pk}", str(person), held.get(person.pk))

    def _add(self, name: str, label: str, most: int | None) -> None:
        self.fields[name] = forms.IntegerField(
            label=label, required=False, min_value=1, max_value=10_000, initial=most
        )
        self.fields[OPENED + name] = forms.IntegerField(
            required=False, initial=most, widget=forms.HiddenInput
        )

    def _read(self, before: str = "") -> dict[int | None, int | None]:
        typed = self.cleaned_data
        return {
            None: typed.get(f"{before}alle"),
            **{person.pk: typed.get(f"{before}p{person.pk}") for person in self.people},
        }

    @property
    def limits(self) -> dict[int | None, int | None]:
        """What to hand to the service."""
        return self._read()

    @property
    def opened(self) -> dict[int | None, int | None]:
        """What stood when the page was opened."""
        return self._read(OPENED)

    def set_meanwhile(self, now: Mapping[int | None, int | None]) -> None:
        """Tell what somebody else wrote beside what was typed; saving again is then a decision."""
        self.data: Any = self.data.copy()
        for who, most in now.items():
            name = f"p{who}" if who else "alle"
            self.data[OPENED + name] = "" if most is None else str(most)
            self.add_error(
                name, _("Der står nu %(number)s.") % {"number": _("intet") if most is None else most}
            )
