# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Narrowing the list of organisations."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, FloatField, OuterRef, Q
from django.db.models.expressions import CombinedExpression, ExpressionWrapper
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator
from brobygger.knowledge.geography import municipalities
from brobygger.knowledge.industries import GROUP, industry_tree
from brobygger.register import places, rights, usage
from brobygger.register.models import Organisation, Tag
from brobygger.register.widgets import Select

SIZES: dict[str, tuple[Any, Q]] = {
    "0": (gettext_lazy("Ingen ansatte"), Q(employees=0)),
    "1": (gettext_lazy("1-9 ansatte"), Q(employees__range=(1, 9))),
    "10": (gettext_lazy("10-49 ansatte"), Q(employees__range=(10, 49))),
    "50": (gettext_lazy("50-249 ansatte"), Q(employees__range=(50, 249))),
    "250": (gettext_lazy("250 ansatte eller flere"), Q(employees__gte=250)),
    "?": (gettext_lazy("Antal ansatte ikke kendt"), Q(employees=None)),
}
DISTANCES = (2, 5, 10, 20, 30, 50, 100)  # km
DEFAULT_KM = 10
ANY_STATUS = "alle"
BY_NAME, NEWEST, LARGEST, NEAREST = "navn", "nyeste", "stoerste", "naermest"
SORTING = (
    ("", gettext_lazy("Bedst passende")),
    (BY_NAME, gettext_lazy("Navn")),
    (NEWEST, gettext_lazy("Nyeste først")),
    (LARGEST, gettext_lazy("Flest ansatte først")),
    (NEAREST, gettext_lazy("Nærmeste først")),
)


def industry_choices() -> tuple[tuple[str, Any], ...]:
    """The industry tree down to groups: sections as headings, divisions and groups with their codes."""
    return _industry_choices(get_language())


@lru_cache(maxsize=4)
def _industry_choices(language: str | None) -> tuple[tuple[str, Any], ...]:
    choices: list[tuple[str, Any]] = [("", _("Alle brancher"))]
    for section in industry_tree():
        inside = [(section.code, _("Alt inden for %(title)s") % {"title": section.title.lower()})]
        for division in section.children:
            inside.append((division.code, f"{division.code} {division.title}"))
            inside += [
                (group.code, f"\u2003{group.code[:2]}.{group.code[2:]} {group.title}")
                for group in division.children
                if group.level == GROUP
            ]
        choices.append((section.title, tuple(inside)))
    return tuple(choices)


@lru_cache(maxsize=1)
def _sections() -> dict[str, tuple[str, str]]:
    """Section letter → its first and last division. A section's divisions follow each other."""
    return {
        section.code: (section.children[0].code, section.children[-1].code) for section in industry_tree()
    }


def industry_clause(code: str) -> Q:
    """Everything under a section letter or a code of two to six digits, as a range that an index can serve."""
    first, last = _sections().get(code.upper(), (code, code))
    if not (first.isdecimal() and last.isdecimal() and len(last) <= 6):
        return Q(pk__in=[])
    following = str(int(last) + 1).zfill(len(last))
    after = Q() if len(following) > len(last) else Q(industry__lt=following)
    return Q(industry__gte=first) & after


def within(place: places.Place, metres: float) -> Q:
    """The square around a place, which an index can serve. `circle` takes off the corners."""
    return Q(
        x__range=(place.x - metres, place.x + metres),
        y__range=(place.y - metres, place.y + metres),
    )


def squared_distance(place: places.Place) -> ExpressionWrapper[CombinedExpression]:
    """Square metres: orders and limits like the distance itself, in any database."""
    across, up = F("x") - place.x, F("y") - place.y
    return ExpressionWrapper(across * across + up * up, output_field=FloatField())


class OrganisationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Every filter of the list but the search words. Needs `operator` and `user`."""

    branche = django_filters.CharFilter(label=gettext_lazy("Branche"), method="in_industry")
    kommune = django_filters.ChoiceFilter(
        label=gettext_lazy("Kommune"),
        field_name="municipality_code",
        empty_label=gettext_lazy("Alle kommuner"),
    )
    ansatte = django_filters.ChoiceFilter(
        label=gettext_lazy("Størrelse"),
        method="of_size",
        choices=[(key, label) for key, (label, _clause) in SIZES.items()],
        empty_label=gettext_lazy("Alle størrelser"),
    )
    sted = django_filters.CharFilter(
        label=gettext_lazy("Nær postnummer eller by"), method="near", max_length=60
    )
    km = django_filters.ChoiceFilter(
        label=gettext_lazy("Højst så langt væk"),
        method="nothing",
        choices=[(str(km), f"{km} km") for km in DISTANCES],
        empty_label=None,
    )
    maerkat = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Mærkat"),
        method="with_tag",
        queryset=Tag.objects.none(),
        empty_label=gettext_lazy("Alle mærkater"),
    )
    art = django_filters.ChoiceFilter(
        label=gettext_lazy("Art"),
        field_name="kind",
        choices=Organisation.Kind.choices,
        empty_label=gettext_lazy("Alle arter"),
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        method="of_status",
        choices=[
            ("", gettext_lazy("Kun aktive")),
            (Organisation.Status.DISSOLVED, gettext_lazy("Kun ophørte")),
            (Organisation.Status.BANKRUPT, gettext_lazy("Kun konkurser")),
            (ANY_STATUS, gettext_lazy("Alle")),
        ],
        empty_label=None,
    )
    har = django_filters.BooleanFilter(
        label=gettext_lazy("Har noget på listen Har og mangler"),
        method="with_listings",
        widget=forms.CheckboxInput,
    )
    brugt = django_filters.ChoiceFilter(
        label=gettext_lazy("Har brugt erhvervskontoret"),
        method="with_use",
        choices=[("ja", gettext_lazy("Ja")), ("nej", gettext_lazy("Nej, aldrig"))],
        empty_label=gettext_lazy("Alle"),
    )
    sorter = django_filters.ChoiceFilter(
        label=gettext_lazy("Rækkefølge"), method="nothing", choices=SORTING, empty_label=None
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def __init__(self, data: Any, *, operator: Operator | None, user: Any, **kwargs: Any) -> None:
        asked = QueryDict(mutable=True)
        asked.update(data)
        asked.setdefault("km", str(DEFAULT_KM))
        super().__init__(asked, **kwargs)
        fields = self.form.fields
        fields["branche"].widget = Select(choices=lazy(industry_choices, tuple)())
        fields["kommune"].widget = Select()
        fields["kommune"].choices = _municipality_choices(operator)
        fields["sted"].widget.attrs["placeholder"] = _("4320 eller Lejre")
        if operator is not None and rights.sees_tags(user, operator.pk):
            fields["maerkat"].queryset = Tag.objects.filter(operator=operator)
        else:
            del fields["maerkat"], self.filters["maerkat"]
        if operator is None or not user.is_staff_of(operator.pk):
            for name in ("har", "brugt"):
                del fields[name], self.filters[name]
        self.operator = operator
        self.place: places.Place | None = None

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen; a wrong choice counts as none and is shown beside its field."""
        self.form.is_valid()
        return getattr(self.form, "cleaned_data", {})

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is on."""
        return any(
            self.chosen.get(name) not in (None, "", False)
            for name in self.filters
            if name not in ("km", "sorter")
        )

    def narrow(self, rows: Any) -> Any:
        """The rows that pass every filter that was filled in rightly."""
        chosen = self.chosen
        if chosen.get("sorter") == NEAREST and not chosen.get("sted"):
            self.form.add_error("sted", _("Skriv et postnummer eller en by for at få de nærmeste først."))
        if not chosen.get("status"):
            rows = rows.filter(status=Organisation.Status.ACTIVE)
        for name, active in self.filters.items():
            value = chosen.get(name)
            if value not in (None, "", False):
                rows = active.filter(rows, value)
        return rows

    def in_industry(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(industry_clause(value))

    def of_size(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(SIZES[value][1])

    def of_status(self, rows: Any, name: str, value: str) -> Any:
        return rows if value == ANY_STATUS else rows.filter(status=value)

    def near(self, rows: Any, name: str, value: str) -> Any:
        """Within the chosen distance of the place. An unknown place is said at the field and narrows nothing."""
        self.place = places.find_place(value)
        if self.place is None:
            self.form.add_error("sted", _("Vi kender ikke stedet. Skriv et postnummer eller en by."))
            return rows
        metres = self._metres
        return (
            rows.filter(within(self.place, metres))
            .annotate(apart=squared_distance(self.place))
            .filter(apart__lte=metres * metres)
        )

    @property
    def _metres(self) -> float:
        return float(self.chosen.get("km") or DEFAULT_KM) * 1000

    def closer(self, rows: Any) -> Any:
        """Of rows near the place, those within a third of the distance. All of them are nearer than the others."""
        assert self.place is not None
        metres = self._metres / 3
        return rows.filter(within(self.place, metres), apart__lte=metres * metres)

    def with_tag(self, rows: Any, name: str, value: Tag) -> Any:
        return rows.filter(
            pk__in=Organisation.tags.through.objects.filter(tag=value).values("organisation_id")
        )

    def with_listings(self, rows: Any, name: str, value: bool) -> Any:
        """Those with something on offer or sought. Only for consultants and heads, who may see every listing."""
        listings: Any = Organisation._meta.get_field("listings").related_model
        current = listings.objects.filter(organisation=OuterRef("pk"), status="active")
        return rows.filter(Exists(current))

    def with_use(self, rows: Any, name: str, value: str) -> Any:
        """Those that have, or never have, talked with the office, had or needed anything, or whatever else counts."""
        assert self.operator is not None
        found = usage.has_used if value == "ja" else usage.has_not_used
        return rows.filter(found(self.operator))

    def nothing(self, rows: Any, name: str, value: Any) -> Any:
        return rows


def _municipality_choices(operator: Operator | None) -> list[tuple[str, Any]]:
    """The operator's own municipalities first."""
    own, others = _municipalities(tuple(operator.municipality_codes) if operator else ())
    groups: list[tuple[str, Any]] = [("", _("Alle kommuner"))]
    if own:
        groups.append((_("Jeres kommuner"), own))
    return [*groups, (_("Andre kommuner"), others)]


@lru_cache(maxsize=64)
def _municipalities(served: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Code and name of those that an operator serves, and of the others."""
    own = [(place.code, place.name) for place in municipalities() if place.code in served]
    others = [(place.code, place.name) for place in municipalities() if place.code not in served]
    return own, others
