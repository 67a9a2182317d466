# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The portfolio as pages read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.blueprints.models import Definition
from brobygger.dialogue import priorities
from brobygger.dialogue.models import (
    Assessment,
    FunnelPlace,
    Interaction,
    OutreachSettings,
    PlannedVisit,
    PortfolioFirm,
)
from brobygger.dialogue.models.interaction import TALKS
from brobygger.dialogue.queries.visits import interval_days
from brobygger.knowledge.industries import industry_title
from brobygger.register.models import Organisation
from brobygger.register.search import KIND, scope_of

MOST_FIRMS = 300
"""Firms that typed words may stand for, the best first."""
MOST_EXPORTED = 20_000
NOBODY = "ingen"
SORTS: dict[str, tuple[Any, ...]] = {
    "": ("organisation__sort_name", "pk"),
    "laengst": (F("last_talk").asc(nulls_first=True), "organisation__sort_name", "pk"),
    "lovende": (F("promise").desc(nulls_last=True), "organisation__sort_name", "pk"),
    "stoerst": (F("organisation__employees").desc(nulls_last=True), "organisation__sort_name", "pk"),
}
HEADINGS = (
    _("Virksomhed"), _("CVR-nummer"), _("Branche"), _("By"), _("Ansatte"), _("Niveau"), _("Nøglekonsulent"),
    _("Sidste samtale"), _("Næste planlagte besøg"), _("Hvorfor i porteføljen"), _("Opdigtet"),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a person asked of the list. Empty means all. `key_account`: a user's key, or `NOBODY`."""

    words: str = ""
    level: str = ""
    key_account: str = ""
    due: bool = False
    priority: bool = False
    order: str = ""


def members(
    operator: Operator, wanted: Wanted, settings: OutreachSettings, funnel: Definition | None
) -> QuerySet[PortfolioFirm]:
    """The portfolio as asked for, in the order asked for."""
    rows: QuerySet[PortfolioFirm] = PortfolioFirm.objects.filter(operator=operator)
    if wanted.words:
        found = search.find(KIND, wanted.words, scopes=[scope_of(operator.pk)], limit=MOST_FIRMS)
        rows = rows.filter(organisation__in=found.keys)
    if wanted.level and funnel:
        places = FunnelPlace.objects.filter(operator=operator, funnel_key=funnel.key, level=wanted.level)
        rows = rows.filter(organisation__in=places.values("organisation_id"))
    if wanted.key_account == NOBODY:
        rows = rows.filter(key_account=None)
    elif wanted.key_account:
        rows = rows.filter(key_account=int(wanted.key_account))
    if wanted.due:
        rows = rows.exclude(organisation__in=_talked_since(operator, due_before(settings)))
    if wanted.priority:
        firms = Organisation.objects.filter(operator=operator).filter(
            priorities.clause(settings.priority_industries)
        )
        rows = rows.filter(organisation__in=firms.order_by().values("pk"))
    return rows.alias(**_facts()).order_by(*SORTS.get(wanted.order, SORTS[""]))


def due_before(settings: OutreachSettings) -> date:
    """A firm whose last talk was on this day or earlier is to be offered one."""
    return timezone.localdate() - timedelta(days=interval_days(settings))


def _talked_since(operator: Operator, day: date) -> Any:
    links = Interaction.organisations.through.objects.filter(
        interaction__operator=operator, interaction__kind__in=sorted(TALKS), interaction__on__gt=day
    )
    return links.values("organisation_id")


def _facts() -> dict[str, Subquery]:
    talks = Interaction.objects.filter(
        organisations=OuterRef("organisation_id"), kind__in=sorted(TALKS)
    ).order_by("-on")
    judged = Assessment.objects.filter(
        organisation_id=OuterRef("organisation_id"), main_result__isnull=False
    ).order_by("-on", "-pk")
    return {
        "last_talk": Subquery(talks.values("on")[:1]),
        "promise": Subquery(judged.values("main_result")[:1]),
    }


def as_listed(rows: QuerySet[PortfolioFirm]) -> QuerySet[PortfolioFirm]:
    """With what a line shows: `last_talk`, `promise`, the firm, its key account, its levels, its open planned visit."""
    visits = PlannedVisit.objects.filter(state__in=PlannedVisit.OPEN).select_related("consultant")
    return (
        rows.annotate(**_facts())
        .select_related("organisation", "key_account")
        .prefetch_related(
            Prefetch("organisation__planned_visits", queryset=visits, to_attr="open_visits"),
            Prefetch("organisation__funnel_places", queryset=FunnelPlace.objects.all(), to_attr="places"),
        )
    )


def fetch(keys: Sequence[int]) -> list[PortfolioFirm]:
    """These members, in this order, as listed. Sorting keys first asks for one page's talks and assessments only."""
    found = {one.pk: one for one in as_listed(PortfolioFirm.objects.filter(pk__in=keys))}
    return [found[key] for key in keys if key in found]


@dataclass(frozen=True, slots=True)
class Line:
    """A firm of the portfolio as a list shows it."""

    member: Any
    industry: str
    level: str
    is_due: bool
    is_priority: bool
    visit: PlannedVisit | None


def lines(found: Any, settings: OutreachSettings, funnel: Definition | None) -> list[Line]:
    """Members of `as_listed` as lines."""
    limit, starts = due_before(settings), priorities.beginnings(settings.priority_industries)
    return [_line(one, limit, starts, funnel) for one in found]


def _line(one: Any, limit: date, starts: tuple[str, ...], funnel: Definition | None) -> Line:
    firm = one.organisation
    levels = {place.funnel_key: place.level for place in firm.places}
    level = funnel.content.name_of(levels[funnel.key]) if funnel and funnel.key in levels else ""
    return Line(
        member=one,
        industry=(industry_title(firm.industry) or "") if firm.industry else "",
        level=level,
        is_due=one.last_talk is None or one.last_talk <= limit,
        is_priority=priorities.is_priority(firm.industry, starts),
        visit=firm.open_visits[0] if firm.open_visits else None,
    )


def export_rows(
    rows: QuerySet[PortfolioFirm], settings: OutreachSettings, funnel: Definition | None
) -> Iterator[list[Any]]:
    """One row a firm, in the order of `HEADINGS`."""
    for line in lines(as_listed(rows)[:MOST_EXPORTED], settings, funnel):
        firm = line.member.organisation
        yield [
            firm.name, firm.cvr or "", line.industry, firm.city, firm.employees, line.level,
            str(line.member.key_account or ""), line.member.last_talk, line.visit.week if line.visit else None,
            line.member.why, "ja" if firm.invented else "",
        ]  # fmt: skip


def key_accounts(operator: Operator) -> list[User]:
    """Everybody who is a key account here now, also somebody who has left, by name."""
    keys = PortfolioFirm.objects.filter(operator=operator, key_account__isnull=False)
    return list(User.objects.filter(pk__in=keys.values("key_account_id")).order_by("name"))


def member_page(user: Any, pk: int) -> QuerySet[PortfolioFirm]:
    """One firm of the portfolio, if the person may see it."""
    rows: QuerySet[PortfolioFirm] = PortfolioFirm.objects.visible_to(user).filter(pk=pk)
    return rows.select_related("organisation", "operator", "key_account", "added_by")


def to_hand_over(operator: Operator) -> Q:
    """Users who hold something that can be handed over: key accounts, open follow-ups, open planned visits."""
    return (
        Q(
            pk__in=PortfolioFirm.objects.filter(operator=operator, key_account__isnull=False).values(
                "key_account"
            )
        )
        | Q(follow_ups__operator=operator, follow_ups__done_at=None)
        | Q(planned_visits__operator=operator, planned_visits__state__in=PlannedVisit.OPEN)
    )
