# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Everything the page of one match shows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from brobygger.base import mail
from brobygger.base.prepared import prepared
from brobygger.knowledge import load
from brobygger.knowledge.factors import Worth, elsewhere_told
from brobygger.market.models import Agreement, Delivery, Introduction, Match, Outcome
from brobygger.market.queries.matches import Happening, introductions, timeline
from brobygger.market.queries.results import Month, Totals, chart_of, factors_of, months_of, totals
from brobygger.market.services.letters import MAY_WRITE, Party, parties, what
from brobygger.market.services.matches import owners_to_ask, sides_to_ask
from brobygger.market.wording import unit_label
from brobygger.register.models import Organisation

LATEST = 10
"""Deliveries on the page; all of them are on the page where deliveries are reported."""
HAPPENINGS = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """An introduction and how its letter fares."""

    introduction: Introduction
    unsure: bool

    @property
    def state(self) -> str:
        """waiting, sending, unsure, sent, failed, or gone."""
        letter = self.introduction.letter
        if letter is None:
            return "gone"
        return "unsure" if self.unsure else str(letter.state)

    @property
    def needs_a_person(self) -> bool:
        return self.state in {"unsure", "failed"}


@dataclass(frozen=True, slots=True)
class MatchPage:
    """What the template shows."""

    what: str
    is_young: bool
    to_ask: Sequence[tuple[str, Organisation]]
    parties: Sequence[Party]
    letters: Sequence[Sent]
    agreements: Sequence[Agreement]
    deliveries: Sequence[Delivery]
    moved: Totals
    months: Sequence[Month]
    chart: dict[str, Any] | None
    worth: Worth
    outcomes: Sequence[Outcome]
    timeline: Sequence[Happening]

    @property
    def missing_addresses(self) -> list[Party]:
        """The parties that no letter can reach."""
        return [party for party in self.parties if not party.email]

    @property
    def letters_matter(self) -> bool:
        """Whether the letters still need eyes: the two are being brought together, or one did not get through."""
        return bool(self.letters) and (self.is_young or any(sent.needs_a_person for sent in self.letters))

    @property
    def sources(self) -> list[str]:
        """Where the figures in kroner and CO2e come from."""
        used = [self.worth.climate, self.worth.money]
        return list(dict.fromkeys(factor.source for factor in used if factor is not None))

    @property
    def why_no_co2e(self) -> str:
        """Why there is no figure in CO2e, where one is known for another use."""
        return elsewhere_told(self.worth.elsewhere, load()) if self.worth.elsewhere else ""

    @property
    def outcome_sums(self) -> list[tuple[str, Decimal]]:
        """Reported outcomes added up by kind."""
        sums: dict[str, Decimal] = {}
        for outcome in self.outcomes:
            name = str(outcome.get_kind_display())
            sums[name] = sums.get(name, Decimal(0)) + outcome.amount
        return list(sums.items())


def page_of(match: Match, *, office: bool) -> MatchPage:
    """The page of a match as the office, or as one of its parties, may see it."""
    months = months_of(match)
    unit = unit_label(months[0].unit) if months else ""
    letters = [
        Sent(row, row.letter is not None and mail.is_unsure(row.letter)) for row in introductions(match)
    ]
    delivered = Delivery.objects.filter(agreement__match=match)
    return MatchPage(
        what=what(match),
        is_young=match.stage in MAY_WRITE,
        to_ask=list(zip(sides_to_ask(match), owners_to_ask(match), strict=True)),
        parties=parties(match),
        letters=letters if office else [],
        agreements=_agreements(match.pk),
        deliveries=_deliveries(match.pk),
        moved=totals(delivered),
        months=months,
        chart=chart_of(months, unit, _("Leveret pr. måned")),
        worth=factors_of(match),
        outcomes=_outcomes(match.pk),
        timeline=timeline(match, office=office)[:HAPPENINGS],
    )


@prepared
def _agreements(match: Any) -> QuerySet[Agreement]:
    rows = Agreement.objects.filter(match=match).annotate(reports=Count("deliveries"))
    return rows.order_by("-agreed_on", "-created_at")


@prepared
def _deliveries(match: Any) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(agreement__match=match)
    return rows.select_related("reported_by", "agreement")[:LATEST]


@prepared
def _outcomes(match: Any) -> QuerySet[Outcome]:
    return Outcome.objects.filter(match=match).select_related("reported_by")
