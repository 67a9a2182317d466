# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Levels of a funnel as pages read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.base.prepared import prepared
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import in_use_of
from brobygger.dialogue.blueprints import FUNNEL
from brobygger.dialogue.funnels import Funnel, Level
from brobygger.dialogue.models import FunnelPlace, FunnelStep
from brobygger.dialogue.readiness import Ready, back, facts_of, readiness
from brobygger.register.models import Organisation

HEADINGS = (
    gettext_lazy("Virksomhed"), gettext_lazy("CVR-nummer"), gettext_lazy("Retning"), gettext_lazy("Fra niveau"),
    gettext_lazy("Til niveau"), gettext_lazy("På niveauet siden"), gettext_lazy("Reglerne, og hvad de er målt til"),
    gettext_lazy("Opdigtet"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A firm that the rules say is ready to move."""

    place: FunnelPlace
    ready: Ready
    from_name: str
    to_name: str


def in_use(operator: Operator) -> list[Definition]:
    """The office's funnels, the one that follows the portfolio first."""
    return sorted(in_use_of(operator, FUNNEL), key=lambda found: (not found.content.portfolio, found.title))


def portfolio_funnel(operator: Operator) -> Definition | None:
    """The first funnel that firms come into with the portfolio."""
    return next((found for found in in_use(operator) if found.content.portfolio), None)


def suggestions(operator: Operator, funnel: Definition, today: date | None = None) -> list[Suggestion]:
    """Firms of the funnel that are ready to move, those up first. A fixed number of questions, however many firms."""
    today = today or timezone.localdate()
    content: Funnel = funnel.content
    places = FunnelPlace.objects.filter(operator=operator, funnel_key=funnel.key)
    facts = facts_of(operator, places.values("organisation_id"), content, today)
    resting = _declined(operator, funnel, today)
    rows = places.order_by("organisation__sort_name", "pk")
    ready: dict[int, Ready] = {}
    for key, firm, level in rows.values_list("pk", "organisation_id", "level"):
        found = readiness(content, level, firm, facts)
        if found and (firm, level, found.to_level) not in resting:
            ready[key] = found
    shown = FunnelPlace.objects.in_bulk(list(ready)) if ready else {}
    firms = Organisation.objects.only("pk", "name", "cvr", "invented", "operator_id").in_bulk(
        [place.organisation_id for place in shown.values()]
    )
    for place in shown.values():
        place.organisation = firms[place.organisation_id]
    listed = [
        Suggestion(shown[key], found, content.name_of(shown[key].level), content.name_of(found.to_level))
        for key, found in ready.items()
        if key in shown
    ]
    return sorted(listed, key=lambda found: not found.ready.up)


def export_rows(found: Iterable[Suggestion]) -> Iterator[list[Any]]:
    """One row a firm, in the order of `HEADINGS`."""
    for one in found:
        firm = one.place.organisation
        rules = [f"{verdict.rule}: {verdict.measured}" for verdict in one.ready.verdicts]
        yield [
            firm.name, firm.cvr or "", _("op") if one.ready.up else _("ned"), one.from_name, one.to_name,
            one.place.since, "\n".join(rules), "ja" if firm.invented else "",
        ]  # fmt: skip


def _declined(operator: Operator, funnel: Definition, today: date) -> set[tuple[int, str, str]]:
    """(firm, from, to) of what was declined lately."""
    rows = FunnelStep.objects.filter(
        operator=operator,
        funnel_key=funnel.key,
        kind=FunnelStep.Kind.DECLINED,
        at__date__gte=back(today, funnel.content.ask_again_months),
    )
    return set(rows.values_list("organisation_id", "from_level", "to_level"))


def suggestion_for(place: FunnelPlace, funnel: Definition) -> Ready | None:
    """What the rules suggest for one firm, unless it was declined lately."""
    today = timezone.localdate()
    facts = facts_of(place.operator, [place.organisation_id], funnel.content, today)
    declined = set(
        FunnelStep.objects.filter(
            organisation_id=place.organisation_id,
            funnel_key=funnel.key,
            kind=FunnelStep.Kind.DECLINED,
            from_level=place.level,
            at__date__gte=back(today, funnel.content.ask_again_months),
        ).values_list("to_level", flat=True)
    )
    found = readiness(funnel.content, place.level, place.organisation_id, facts)
    return None if found is None or found.to_level in declined else found


def counts(operator: Operator, funnel: Definition) -> list[tuple[Level, int]]:
    """(level, firms) from the widest. Firms on a level that this version does not know are in none."""
    rows = FunnelPlace.objects.filter(operator=operator, funnel_key=funnel.key)
    found: Counter[Any] = Counter(rows.order_by().values_list("level", flat=True))
    return [(level, found[level.key]) for level in funnel.content.levels]


def places_of(organisation: Organisation) -> list[tuple[Definition, FunnelPlace | None]]:
    """Each funnel in use with the firm's place in it."""
    there = {place.funnel_key: place for place in _places_of(organisation.pk)}
    return [(funnel, there.get(funnel.key)) for funnel in in_use(organisation.operator)]


@prepared
def _places_of(organisation: Any) -> QuerySet[FunnelPlace]:
    return FunnelPlace.objects.filter(organisation=organisation).select_related("operator")


def steps_of(organisation: Organisation) -> QuerySet[FunnelStep]:
    """Everything decided about a firm's levels, the newest first."""
    rows: QuerySet[FunnelStep] = FunnelStep.objects.filter(organisation=organisation)
    return rows.select_related("funnel", "by").order_by("-at", "-pk")
