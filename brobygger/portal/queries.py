# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the public site and a firm's own page show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from brobygger.accounts.models import Operator, ServedMunicipality, User
from brobygger.base.danish import join
from brobygger.knowledge.geography import municipality
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.register.models import Organisation

MOST_LISTINGS = 100
MOST_WAITING = 10
MOST_NAMED = 4
ANSWERED_BY_FIRM = (Suggestion.State.NEW, Suggestion.State.PUT_OFF)


def open_operators() -> list[Operator]:
    """The offices whose public site is on."""
    return list(Operator.objects.filter(portal_open=True).order_by("name"))


def area_name(operators: list[Operator]) -> str:
    """`Lejre og Roskilde`: the municipalities they serve; empty when there are too many to name."""
    codes = ServedMunicipality.objects.filter(operator__in=operators).values_list("code", flat=True)
    names = [place.name for code in sorted(set(codes)) if (place := municipality(code))]
    return join(names) if len(names) <= MOST_NAMED else ""


@dataclass
class OwnListing:
    """One of the firm's listings, and how many it may meet."""

    listing: Listing
    suggestions: int = 0
    matches: int = 0


@dataclass
class OwnOrganisation:
    """An organisation that the person acts for."""

    organisation: Organisation
    listings: list[OwnListing] = field(default_factory=list)


@dataclass(frozen=True)
class OwnPage:
    """Everything on `Min side`. Every count is of what this person may see."""

    organisations: list[OwnOrganisation]
    suggestions: list[Suggestion]
    introduced: list[Match]
    running: list[Match]

    @property
    def nothing_waits(self) -> bool:
        return not (self.suggestions or self.introduced or self.running)


def own_page(user: User) -> OwnPage:
    """The person's organisations, their listings, and what waits for an answer. A fixed number of queries."""
    organisations = {row.pk: OwnOrganisation(row) for row in Organisation.objects.acted_for_by(user)}
    listings = (
        Listing.objects.visible_to(user)
        .filter(organisation_id__in=organisations)
        .exclude(status=Listing.Status.WITHDRAWN)
        .order_by("status", "-created_at")[:MOST_LISTINGS]
    )
    met, matched = _suggestion_counts(user, organisations), _match_counts(user, organisations)
    for listing in listings:
        row = OwnListing(listing, met[listing.pk], matched[listing.pk])
        organisations[listing.organisation_id].listings.append(row)
    matches = (
        Match.objects.visible_to(user)
        .filter(Q(giver_id__in=organisations) | Q(taker_id__in=organisations))
        .select_related("giver", "taker", "have", "need")
        .order_by("-stage_at")
    )
    return OwnPage(
        list(organisations.values()),
        _waiting_suggestions(user, organisations),
        list(matches.filter(stage__in=[Match.Stage.INTRODUCED, Match.Stage.DIALOGUE])[:MOST_WAITING]),
        list(matches.filter(stage__in=[Match.Stage.AGREED, Match.Stage.RUNNING])[:MOST_WAITING]),
    )


def _mine(organisations: dict[int, OwnOrganisation]) -> Q:
    return Q(have__organisation_id__in=organisations) | Q(need__organisation_id__in=organisations)


def _unanswered(user: User, organisations: dict[int, OwnOrganisation]) -> QuerySet[Suggestion]:
    """Of the firm's own office only: a neighbouring office may hold the same pair as a suggestion of its own."""
    offices = {own.organisation.operator_id for own in organisations.values()}
    return Suggestion.objects.visible_to(user).filter(
        _mine(organisations),
        operator_id__in=offices,
        kind=Suggestion.Kind.PAIR,
        state__in=ANSWERED_BY_FIRM,
    )


def _waiting_suggestions(user: User, organisations: dict[int, OwnOrganisation]) -> list[Suggestion]:
    rows = _unanswered(user, organisations).select_related("have__organisation", "need__organisation")
    return list(rows[:MOST_WAITING])


def _suggestion_counts(user: User, organisations: dict[int, OwnOrganisation]) -> Counter[Any]:
    return _by_listing(_unanswered(user, organisations))


def _match_counts(user: User, organisations: dict[int, OwnOrganisation]) -> Counter[Any]:
    return _by_listing(Match.objects.visible_to(user).filter(_mine(organisations)))


def _by_listing(rows: Any) -> Counter[Any]:
    """Listing → how many rows have it on either side."""
    counts: Counter[Any] = Counter()
    for side in ("have_id", "need_id"):
        for pk, number in rows.order_by().values_list(side).annotate(Count("pk")):
            if pk is not None:
                counts[pk] += number
    return counts
