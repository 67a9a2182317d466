# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Takers that posted nothing: firms of the operator whose industry is known to use what is offered.

Industries are NACE Rev. 2 in the engine and DB25 in the register; `knowledge.industries` leads from one to the
other where that is certain. A firm that has itself asked for such a thing is a pair, never a taker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.engine.listing import Candidate, FirmRow
from brobygger.engine.parts import HALF_WAY, UNKNOWN
from brobygger.engine.takers import DISTANCE_SHARE, HALF_SIZE, SIZE_SHARE, takers_among
from brobygger.knowledge import load
from brobygger.knowledge.industries import db25_codes, to_nace2
from brobygger.market.models import Listing, Suggestion
from brobygger.market.services.matching.candidates import current, fits_of
from brobygger.market.services.matching.left import Left, left_of
from brobygger.market.services.matching.memory import Memory, recall
from brobygger.market.services.matching.permits import is_hazardous
from brobygger.market.services.matching.precedents import precedents
from brobygger.market.services.matching.tables import candidate_row, listing_row
from brobygger.market.services.matching.value import value_of
from brobygger.register.models import Organisation

TOP = 10
LOOK = 60
"""So many firms are looked at more closely: those with the best scores before anybody is left out."""
LEAST_PLAUSIBLE = 0.25
"""An industry less plausible than this, of the likeliest one, is noise."""
EATEN_AS_FOOD, FEED = ("10", "11", "46", "47", "55", "56"), "109"
"""Divisions that make, sell or serve food, and the group that makes feed. Nobody who offers food is told to burn it or to give it
to cattle that nobody asked for: people come first in the waste hierarchy for food (directive 2008/98/EC, article 9)."""
OFFERED_KINDS = (Listing.Kind.RESIDUE, Listing.Kind.MATERIAL)
State = Suggestion.State


def refresh_takers(listing: Listing, is_current: bool) -> int:
    """Find the firms that could take what is offered, and store the ten best. Returns how many were found.

    Only for residues and materials on offer; anything else, and a listing that is not current, loses its new ones.
    """
    if listing.side != Listing.Side.HAVE:
        return 0
    left = left_of([listing])
    offered = is_current and listing.kind in OFFERED_KINDS and not is_hazardous(listing)
    offered = offered and left.get(listing.pk) != 0
    found = firms_for(listing) if offered else []
    organisations = Organisation.objects.in_bulk([int(row.organisation) for row in found])
    memory = recall(listing.operator_id, [listing], organisations)
    with transaction.atomic():
        list(Operator.objects.select_for_update(no_key=True).filter(pk=listing.operator_id))
        return _settle(listing, found, organisations, memory, left)


def firms_for(listing: Listing) -> list[FirmRow]:
    """Firms of the operator that could take the listing's residue, the best first, without those that asked for it."""
    knowledge = load()
    offer = listing_row(listing)
    giver = to_nace2(listing.organisation.industry) or ""
    plausible = _plausible_industries(listing, giver)
    firms = _nearest_and_likeliest(listing, plausible)
    asked = _have_asked(listing, (firm.pk for firm in firms))
    silent = [candidate_row(firm) for firm in firms if firm.pk not in asked]
    return takers_among(offer, silent, knowledge, giver_nace=giver, top=TOP * 2)


def _plausible_industries(listing: Listing, giver: str) -> dict[str, float]:
    """NACE class → how plausible the engine finds it, 0..1 of the likeliest."""
    knowledge = load()
    offer = listing_row(listing)
    rows = takers_among(offer, _one_of_each_industry(), knowledge, giver_nace=giver, top=100)
    plausible = {row.nace: row.industry for row in rows if row.industry >= LEAST_PLAUSIBLE}
    if not _is_food(listing):
        return plausible
    return {
        nace: share
        for nace, share in plausible.items()
        if nace.startswith(EATEN_AS_FOOD) and not nace.startswith(FEED)
    }


def _is_food(listing: Listing) -> bool:
    """Whether it is made to be eaten, not left over: `rødbedeketchup`, not `usolgt brød`."""
    node = load().types.get(listing.resource_type)
    return node is not None and node.kind == "material" and "edible" in node.traits


@lru_cache(maxsize=1)
def _one_of_each_industry() -> tuple[Candidate, ...]:
    return tuple(Candidate(id=f"nace {code}", nace=(code,)) for code in load().industries)


@lru_cache(maxsize=1)
def _db25_of() -> Mapping[str, tuple[str, ...]]:
    """NACE Rev. 2 class → the DB25 codes that certainly belong to it."""
    found: dict[str, list[str]] = {}
    for code in db25_codes():
        nace = to_nace2(code, "db25")
        if nace:
            found.setdefault(nace, []).append(code)
    return {nace: tuple(codes) for nace, codes in found.items()}


def _nearest_and_likeliest(listing: Listing, plausible: Mapping[str, float]) -> list[Organisation]:
    """The firms with the best score by the engine's formula, chosen from positions and industries alone."""
    industry = {code: share for nace, share in plausible.items() for code in _db25_of().get(nace, ())}
    firms = Organisation.objects.filter(
        operator_id=listing.operator_id,
        industry__in=list(industry),
        status=Organisation.Status.ACTIVE,
    ).exclude(pk=listing.organisation_id)
    if listing.reach_km is not None and listing.x is not None and listing.y is not None:
        reach = listing.reach_km * 1000.0
        inside = Q(
            x__range=(listing.x - reach, listing.x + reach), y__range=(listing.y - reach, listing.y + reach)
        )
        firms = firms.filter(inside | Q(x=None))
    rows = list(firms.values_list("pk", "industry", "x", "y", "employees"))
    if not rows:
        return []
    score = _scores(listing, rows, industry)
    best = [rows[i][0] for i in np.argsort(-score, kind="stable")[:LOOK]]
    return list(Organisation.objects.filter(pk__in=best).order_by("pk"))


def _scores(
    listing: Listing,
    rows: list[tuple[int, str, float | None, float | None, int | None]],
    industry: Mapping[str, float],
) -> np.ndarray:
    def column(position: int) -> np.ndarray:
        return np.array(
            [np.nan if row[position] is None else row[position] for row in rows], dtype=np.float64
        )

    here = [np.nan if value is None else value for value in (listing.x, listing.y)]
    metres = np.hypot(column(2) - here[0], column(3) - here[1])
    near = np.where(np.isnan(metres), UNKNOWN, 1.0 / (1.0 + metres / HALF_WAY))
    employees = column(4)
    size = np.where(np.isnan(employees), UNKNOWN, employees / (employees + HALF_SIZE))
    share = np.array([industry[row[1]] for row in rows])
    return np.asarray(share * (DISTANCE_SHARE * near + SIZE_SHARE * size))


def _have_asked(listing: Listing, organisations: Iterable[int]) -> set[int]:
    """Those of the organisations that seek such a thing themselves."""
    asked = Listing.objects.filter(
        current(),
        organisation_id__in=list(organisations),
        side=Listing.Side.NEED,
        resource_type__in=list(fits_of(listing)),
    )
    return set(asked.values_list("organisation_id", flat=True))


def _settle(
    listing: Listing,
    found: list[FirmRow],
    organisations: Mapping[int, Organisation],
    memory: Memory,
    left: Left,
) -> int:
    existing = {
        row.organisation_id: row
        for row in Suggestion.objects.filter(
            have=listing, operator_id=listing.operator_id, kind=Suggestion.Kind.TAKER
        )
    }
    now = timezone.now()
    allowed = [
        row
        for row in found
        if int(row.organisation) in organisations
        and not memory.forbids(listing, organisations[int(row.organisation)])
    ][:TOP]
    for rank, row in enumerate(allowed, 1):
        firm = organisations[int(row.organisation)]
        suggestion = existing.pop(firm.pk, None) or Suggestion(
            operator_id=listing.operator_id, kind=Suggestion.Kind.TAKER, have=listing, organisation=firm
        )
        if suggestion.state == State.ACCEPTED:
            continue
        if suggestion.state in (State.STALE, State.DECLINED):
            suggestion.state, suggestion.found_at = State.NEW, now
        _describe(suggestion, listing, firm, row, rank, left)
        suggestion.refreshed_at = now
        suggestion.save()
    gone = [row.pk for row in existing.values() if row.state == State.NEW]
    Suggestion.objects.filter(pk__in=gone).update(state=State.STALE, have_rank=None, refreshed_at=now)
    return len(allowed)


def _describe(
    suggestion: Suggestion, listing: Listing, taker: Organisation, row: FirmRow, rank: int, left: Left
) -> None:
    value = value_of(listing, None, load(), taker, left)
    suggestion.score = row.score
    suggestion.parts = {
        "industry": row.industry,
        "distance": row.distance if row.metres is not None else None,
        "size": row.size,
    }
    suggestion.reason = row.reason
    suggestion.confidence = row.confidence
    suggestion.via = "industry"
    suggestion.precedents = precedents(row.precedent_ids, "")
    suggestion.distance_m = row.metres
    suggestion.tonnes_year = value.tonnes
    suggestion.dkk_year = value.dkk
    suggestion.co2e_kg_year = value.co2e_kg
    suggestion.factor_source = value.source
    suggestion.have_rank = rank
