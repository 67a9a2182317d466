# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Boards and seats as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.base.forms import VersionedForm
from brobygger.boards.models import Board, Seat
from brobygger.market.forms.matches import TypedText, day_input
from brobygger.register.models import Organisation, Person

MOST_HITS = 8


class BoardForm(VersionedForm):
    """A board."""

    name = TypedText(label=gettext_lazy("Navn"), max_length=120)
    purpose = TypedText(
        label=gettext_lazy("Opgave"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Board
        fields = ["name", "kind", "purpose", "closed_on"]
        widgets = {"closed_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            del self.fields["closed_on"]

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        names = [name for name in ("name", "kind", "purpose", "closed_on") if name in self.fields]
        return {name: self.cleaned_data[name] for name in names}


class SeatForm(VersionedForm):
    """The term and the role of somebody who is chosen already."""

    class Meta:
        model = Seat
        fields = ["role", "organisation", "starts_on", "ends_on", "stands_in_for"]
        widgets = {"starts_on": day_input(), "ends_on": day_input()}

    def __init__(self, *args: Any, board: Board, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        others = board.seats.exclude(pk=self.instance.pk).exclude(role=Seat.Role.SUBSTITUTE)
        fields["stands_in_for"].queryset = others.select_related("person").order_by("person__name")
        fields["stands_in_for"].empty_label = _("Ingen bestemt")
        own = Organisation.objects.filter(
            Q(affiliations__person=person, affiliations__ended_on=None)
            | Q(pk=self.instance.organisation_id or 0)
        )
        fields["organisation"].queryset = own.distinct().order_by("sort_name") if person else own.none()
        fields["organisation"].empty_label = _("Ingen")
        if not person:
            del fields["organisation"]

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        names = ("role", "organisation", "starts_on", "ends_on", "stands_in_for")
        return {name: self.cleaned_data.get(name) for name in names}


class NewSeatForm(SeatForm):
    """Who, and then as above. Somebody the register does not know is entered in it."""

    name = TypedText(label=gettext_lazy("Hvem?"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("Kender I adressen, finder vi den samme person i registret."),
    )
    person = forms.ChoiceField(
        label=gettext_lazy("Er det en af dem her?"), required=False, widget=forms.RadioSelect
    )
    field_order = ("name", "email", "person", "role", "starts_on", "ends_on", "stands_in_for")

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.operator = operator
        self.hits = self._hits()
        person: Any = self.fields["person"]
        if self.hits:
            person.choices = [(str(hit.pk), self._told(hit)) for hit in self.hits] + [
                ("ny", _("Nej, en ny person"))
            ]
        else:
            del self.fields["person"]

    def _hits(self) -> list[Person]:
        name, email = (str(self.data.get(key, "")).strip() for key in ("name", "email"))
        if not name:
            return []
        rows = Person.objects.filter(operator=self.operator)
        known = list(rows.filter(email__iexact=email)[:MOST_HITS]) if email else []
        return known or list(
            rows.filter(name__iexact=name).prefetch_related("affiliations__organisation")[:MOST_HITS]
        )

    @staticmethod
    def _told(person: Person) -> str:
        firms = [str(role.organisation) for role in person.affiliations.all() if role.ended_on is None]
        return ", ".join(part for part in (person.name, *firms, person.email) if part)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if len(self.hits) > 1 and not cleaned.get("person"):
            self.add_error("person", _("Vi kender flere, der hedder det. Vælg den rigtige."))
        return cleaned

    @property
    def chosen(self) -> Person | None:
        """Somebody the register knows; None for a new person."""
        answer = self.cleaned_data.get("person", "")
        if answer == "ny" or not self.hits:
            return None
        return next((hit for hit in self.hits if str(hit.pk) == answer), self.hits[0])
