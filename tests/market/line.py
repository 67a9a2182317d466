# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A match and the people around it, for the tests of what follows a suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.market.models import Agreement, Listing, Match, Suggestion
from brobygger.market.services.agreements import AgreementTerms, record_agreement
from brobygger.market.services.deliveries import DeliveryReport
from brobygger.market.services.matches import choose
from tests.factories import (
    AgreementFactory,
    ListingFactory,
    OrganisationFactory,
    SuggestionFactory,
    firm_user,
)


@dataclass
class Line:
    """A brewery that has spent grain, a farm that needs feed, the suggestion and the match between them."""

    operator: Operator
    consultant: User
    suggestion: Suggestion
    match: Match

    @property
    def at(self) -> str:
        return f"/match/{self.match.pk}/"

    def fresh(self) -> Match:
        return Match.objects.get(pk=self.match.pk)

    def brewer(self) -> User:
        return firm_user(self.match.giver, name="Prøve Brygger")

    def farmer(self) -> User:
        return firm_user(self.match.taker, name="Prøve Bonde")

    def at_stage(self, stage: str, **fields: Any) -> Match:
        """The match as if it had come so far."""
        if stage != Match.Stage.CHOSEN:
            fields = {"have_shown": True, "need_shown": True} | fields
        Match.objects.filter(pk=self.match.pk).update(stage=stage, **fields)
        self.match = self.fresh()
        return self.match

    def agreed(self, **fields: Any) -> Agreement:
        """The match agreed, with an agreement that began four weeks ago."""
        self.at_stage(Match.Stage.AGREED)
        begun = timezone.localdate() - timedelta(days=28)
        return AgreementFactory(match=self.match, **{"agreed_on": begun, "starts_on": begun} | fields)


def make_line(
    operator: Operator,
    consultant: User,
    *,
    have: dict[str, Any] | None = None,
    need: dict[str, Any] | None = None,
) -> Line:
    """A chosen suggestion. `have` and `need` change the listings."""
    brewery = OrganisationFactory(operator=operator, name="Prøvebryggeriet", email="bryg@example.invalid")
    farm = OrganisationFactory(operator=operator, name="Prøvegården", email="gaard@example.invalid")
    offered = ListingFactory(organisation=brewery, **{"resource_type": "spent_grain"} | (have or {}))
    sought = ListingFactory(
        organisation=farm,
        **{"side": Listing.Side.NEED, "resource_type": "cattle_feed", "text": "Vi søger foder til 120 kvier"}
        | (need or {}),
    )
    suggestion = SuggestionFactory(have=offered, need=sought, distance_m=3400.0)
    return Line(operator, consultant, suggestion, choose(suggestion, consultant))


def make_taker_line(operator: Operator, consultant: User, **taker: Any) -> Line:
    """A chosen suggestion where the taker posted nothing."""
    brewery = OrganisationFactory(operator=operator, name="Prøvebryggeriet", email="bryg@example.invalid")
    farm = OrganisationFactory(
        operator=operator, **{"name": "Prøvegården", "email": "gaard@example.invalid"} | taker
    )
    offered = ListingFactory(organisation=brewery, resource_type="spent_grain")
    suggestion = SuggestionFactory(have=offered, kind=Suggestion.Kind.TAKER, need=None, organisation=farm)
    return Line(operator, consultant, suggestion, choose(suggestion, consultant))


def today(minus: int = 0) -> date:
    """So many days ago."""
    return timezone.localdate() - timedelta(days=minus)


def at_once(fields: dict[str, object]) -> dict[str, object]:
    """With the days worked out when the test runs: it may be midnight since it was collected."""
    return {name: value() if callable(value) else value for name, value in fields.items()}


def report(**fields: Any) -> DeliveryReport:
    """Four tonnes that moved today."""
    return DeliveryReport(**{"on": today(), "quantity": Decimal(4), "unit": "t"} | fields)


def terms(**fields: Any) -> AgreementTerms:
    """What two might agree today."""
    usual: dict[str, Any] = {
        "agreed_on": today(),
        "starts_on": today(),
        "ends_on": None,
        "quantity": Decimal(4),
        "unit": "t",
        "period": Listing.Period.WEEK,
        "price": None,
        "terms": "Hentes hver torsdag.",
    }
    return AgreementTerms(**usual | fields)


def agree(line: Line, **fields: Any) -> Agreement:
    """The two agree, through the service."""
    line.at_stage(Match.Stage.DIALOGUE)
    return record_agreement(line.match, terms(**fields), line.consultant, line.match.version)
