# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which listings could meet a listing at all, found in the database and cut to those that can still be among the best.

The compatibility index says which types serve which; the database gives type and position of everyone who is
current, allowed and inside reach; the best score still possible (type fit, distance, and full marks for the rest) is
an upper bound of the engine's formula, so leaving out those below loses nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Q, QuerySet
from django.utils import timezone

from brobygger.engine.columns import listing_types
from brobygger.engine.compatibility import Compatibility
from brobygger.engine.parts import HALF_WAY, UNKNOWN, WEIGHTS
from brobygger.engine.suggest import TEXT_ONLY_FIT
from brobygger.knowledge import load
from brobygger.market.models import Listing
from brobygger.market.services.matching.tables import listing_row

MOST_WORDED = 200
"""So many listings are compared by their words alone, the newest first."""
_OTHER = {Listing.Side.HAVE: Listing.Side.NEED, Listing.Side.NEED: Listing.Side.HAVE}


def current(today: date | None = None) -> Q:
    """On offer or sought now: active, and not past its last day."""
    day = today or timezone.localdate()
    return Q(status=Listing.Status.ACTIVE) & (Q(ends_on=None) | Q(ends_on__gte=day))


def serving(type_id: str, side: str) -> Mapping[str, float]:
    """Types on the other side that go with this type → how well (0..1), by the engine's compatibility index."""
    return _accepted_by(type_id) if side == Listing.Side.NEED else _served_by().get(type_id, {})


@lru_cache(maxsize=1)
def _compatibility() -> Compatibility:
    return Compatibility(load())


@lru_cache(maxsize=4096)
def _accepted_by(need_type: str) -> Mapping[str, float]:
    return {have: link.fit for have, link in _compatibility().accepts(need_type).items()}


@lru_cache(maxsize=1)
def _served_by() -> Mapping[str, Mapping[str, float]]:
    """Have type → need type → fit: the same index read the other way."""
    found: dict[str, dict[str, float]] = {}
    for need_type in load().types:
        for have_type, fit in _accepted_by(need_type).items():
            found.setdefault(have_type, {})[need_type] = fit
    return found


def warm_up() -> None:
    """Build the index now, so that the first person to save a listing does not wait for it (about a second)."""
    _served_by()


def fits_of(listing: Listing) -> dict[str, float]:
    """Types on the other side → the best fit with any type that the listing has, or that its text speaks of."""
    found: dict[str, float] = {}
    for type_id, certainty in listing_types(listing_row(listing), load()):
        found.setdefault(type_id, certainty)
        for other, fit in serving(type_id, listing.side).items():
            found[other] = max(found.get(other, 0.0), fit * certainty)
    return found


def reachable(listing: Listing, **which: Any) -> QuerySet[Listing]:
    """Current listings on the other side, inside its reach, that some operator may see beside this one.

    An open listing may meet a neighbour's confidential one: then only that neighbour gets the suggestion.
    """
    found = Listing.objects.filter(current(), side=_OTHER[Listing.Side(listing.side)], **which).exclude(
        organisation_id=listing.organisation_id
    )
    if listing.visibility != Listing.Visibility.OPEN:
        found = found.filter(Q(operator_id=listing.operator_id) | Q(visibility=Listing.Visibility.OPEN))
    return found.filter(_inside(listing)) if listing.reach_km is not None else found


def _inside(listing: Listing) -> Q:
    """Inside the square around the listing's reach, or of unknown place. The engine draws the circle."""
    if listing.x is None or listing.y is None or listing.reach_km is None:
        return Q()
    reach = listing.reach_km * 1000.0
    return Q(x=None) | Q(
        x__range=(listing.x - reach, listing.x + reach), y__range=(listing.y - reach, listing.y + reach)
    )


def most_promising(
    listing: Listing, most: int, weights: Mapping[str, float] = WEIGHTS
) -> tuple[list[UUID], float]:
    """Ids of the `most` candidates with the best score still possible, and the best possible of those left out.

    Those to be compared by their words are among them too, the newest `MOST_WORDED`: the ones without a type, and
    where the listing itself speaks of nothing known, the ones of its kind. The second figure is not about them.
    """
    fits = fits_of(listing)
    rows = list(reachable(listing, resource_type__in=list(fits)).values_list("pk", "resource_type", "x", "y"))
    bound = _best_possible(listing, rows, fits, weights["distance"])
    order = np.argsort(-bound, kind="stable")
    chosen = [rows[i][0] for i in order[:most]]
    left_out = float(bound[order[most]]) if len(rows) > most else 0.0
    worded = reachable(listing, resource_type="") if fits else reachable(listing, kind=listing.kind)
    newest = worded.order_by("-created_at").values_list("pk", flat=True)[:MOST_WORDED]
    return list(dict.fromkeys([*chosen, *newest])), left_out


def _best_possible(listing: Listing, rows: list[Any], fits: Mapping[str, float], of_distance: float) -> Any:
    fit = np.array([max(fits[row[1]], TEXT_ONLY_FIT if not listing.resource_type else 0.0) for row in rows])
    x = np.array([np.nan if row[2] is None else row[2] for row in rows], dtype=np.float64)
    y = np.array([np.nan if row[3] is None else row[3] for row in rows], dtype=np.float64)
    here = [np.nan if value is None else value for value in (listing.x, listing.y)]
    metres = np.hypot(x - here[0], y - here[1])
    distance = np.where(np.isnan(metres), UNKNOWN, 1.0 / (1.0 + metres / HALF_WAY))
    return fit * (of_distance * distance + (1.0 - of_distance))
