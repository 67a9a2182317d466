# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who never used the office (catalogue of good practice, case 4: the analysis of non-users), by industry and size against the register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.dialogue import priorities
from brobygger.dialogue.queries.visits import settings_of
from brobygger.knowledge.industries import industry_title
from brobygger.register import usage
from brobygger.register.filters import SIZES
from brobygger.register.models import Organisation


@dataclass(slots=True)
class Tally:
    """Firms in the register and those that have used the office."""

    firms: int = 0
    used: int = 0
    url: str = ""
    """The register's list of those that never have."""

    @property
    def never(self) -> int:
        return self.firms - self.used

    @property
    def share(self) -> float | None:
        """Of the firms, how many have used the office."""
        return self.used / self.firms if self.firms else None


@dataclass(slots=True)
class Division:
    """An industry division (two digits) by size group."""

    code: str
    title: str
    priority: bool
    whole: Tally = field(default_factory=Tally)
    sizes: dict[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Analysis:
    """Divisions with most non-users first, and the sums."""

    divisions: list[Division]
    sizes: dict[str, Tally]
    whole: Tally


def analysis(operator: Operator, *, municipality: str = "", priority_only: bool = False) -> Analysis:
    """Every active organisation of the register, counted. Two questions to the database."""
    settings = settings_of(operator)
    rows = Organisation.objects.filter(operator=operator, status=Organisation.Status.ACTIVE)
    if municipality:
        rows = rows.filter(municipality_code=municipality)
    if priority_only:
        rows = rows.filter(priorities.clause(settings.priority_industries))
    starts = priorities.beginnings(settings.priority_industries)
    found: dict[str, Division] = {}
    for division, size, firms in _counted(rows):
        _add(found, division, size, starts).firms += firms
    for division, size, used in _counted(rows.filter(usage.has_used(operator))):
        _add(found, division, size, starts).used += used
    return _summed(found, municipality)


def _counted(rows: Any) -> Iterator[tuple[str, str, int]]:
    """(division, size group, organisations)."""
    sizes = [When(clause, then=Value(key)) for key, (_label, clause) in SIZES.items()]
    grouped = (
        rows.annotate(
            division=Substr("industry", 1, 2),
            size=Case(*sizes, default=Value("?"), output_field=CharField(max_length=4)),
        )
        .order_by()
        .values("division", "size")
        .annotate(count=Count("pk"))
    )
    yield from grouped.values_list("division", "size", "count")


def _add(found: dict[str, Division], code: str, size: str, starts: tuple[str, ...]) -> Tally:
    if code not in found:
        title = (industry_title(code) if code else "") or _("Branche ikke kendt")
        is_priority = any(code.startswith(start) or start.startswith(code) for start in starts if code)
        found[code] = Division(code, title, is_priority)
    return found[code].sizes.setdefault(size, Tally())


def _summed(found: dict[str, Division], municipality: str) -> Analysis:
    totals: dict[str, Tally] = {size: Tally(url=_url("", size, municipality)) for size in SIZES}
    whole = Tally(url=_url("", "", municipality))
    for division in found.values():
        division.whole.url = _url(division.code, "", municipality)
        for size, count in division.sizes.items():
            count.url = _url(division.code, size, municipality)
            for total in (division.whole, totals[size], whole):
                total.firms += count.firms
                total.used += count.used
    ordered = sorted(found.values(), key=lambda one: (-one.whole.never, one.code))
    return Analysis(ordered, totals, whole)


def _url(division: str, size: str, municipality: str) -> str:
    """The register's list of the same organisations that never used the office."""
    asked = {"brugt": "nej", "branche": division, "ansatte": size, "kommune": municipality}
    return f"{reverse('register:organisations')}?{urlencode({k: v for k, v in asked.items() if v})}"


HEADINGS = (
    gettext_lazy("Branche"), gettext_lazy("Titel"), gettext_lazy("Størrelse"), gettext_lazy("Virksomheder"),
    gettext_lazy("Har brugt os"), gettext_lazy("Har aldrig"),
)  # fmt: skip


def export_rows(found: Analysis) -> Iterator[list[Any]]:
    """One row for each division and size group."""
    for division in found.divisions:
        for size in SIZES:
            if size in division.sizes:
                count = division.sizes[size]
                label = str(SIZES[size][0])
                yield [division.code, division.title, label, count.firms, count.used, count.never]
