# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is kept of a run beside its flows, as plain JSON: the proof, the curve, the loops, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from brobygger.market.models import Listing, NetworkRun, NetworkWish
from brobygger.market.services.network.curve import Point
from brobygger.market.services.network.plan import Broken, Plan
from brobygger.market.services.network.problem import Pair, Problem
from brobygger.market.services.network.rings import Link, Ring, Rings

MOST_NAMED = 50
"""So many listings without an amount, or with a promise that could not be kept, are named."""


def figures_of(
    run: NetworkRun,
    problem: Problem,
    plan: Plan,
    points: Sequence[Point],
    rings: Rings,
    broken: Sequence[Broken],
) -> dict[str, Any]:
    """All of it. What is read again later stands as ids, so that each reader sees no more than may be seen then."""
    mine = Listing.objects.filter(pk__in=list(problem.unmeasured)[: 4 * MOST_NAMED], operator=run.operator)
    return {
        "worth": round(plan.worth, 2),
        "gap": round(plan.gap, 2),
        "proven": plan.proven,
        "curve": [asdict(point) for point in points],
        "loops": _loops(rings, plan),
        "pairs": len(problem.pairs),
        "haves": len(problem.gives),
        "needs": len(problem.takes),
        "unmeasured": [str(pk) for pk in mine.order_by("pk").values_list("pk", flat=True)[:MOST_NAMED]],
        "unmet": [str(pk) for pk in problem.unmet],
        "broken": [
            {"listing": one.node, "asked": float(one.asked), "kept": float(one.kept)}
            for one in sorted(broken, key=lambda one: (one.kept - one.asked, one.node))[:MOST_NAMED]
        ],
        "too_large_lots": problem.too_large_lots,
        "agreed_without_amount": problem.agreed_without_amount,
        "agreed_unknown": problem.agreed_unknown,
        "wishes": _wishes(run),
    }


def _wishes(run: NetworkRun) -> dict[str, int]:
    kinds: Iterable[str] = NetworkWish.objects.filter(operator=run.operator, lifted_at=None).values_list(
        "kind", flat=True
    )
    counted = list(kinds)
    return {kind: counted.count(kind) for kind in NetworkWish.Kind.values}


def _loops(rings: Rings, plan: Plan) -> dict[str, Any]:
    planned = {_key(row.pair): row.tonnes for row in plan.moved}
    return {
        "count": rings.count,
        "best": rings.proven,
        "together": [_loop(ring, planned) for ring in rings.together],
        "gave_way": [_loop(ring, planned) for ring in rings.gave_way],
    }


def _key(pair: Pair) -> tuple[Any, ...]:
    return pair.have, pair.other


def _loop(ring: Ring, planned: Mapping[tuple[Any, ...], Decimal]) -> dict[str, Any]:
    return {
        "share": round(ring.share, 4),
        "links": [_link(link, planned.get(_key(link.pair))) for link in ring.links],
        "in_the_way": [[place, numbers] for place, numbers in sorted(ring.in_the_way.items())],
    }


def _link(link: Link, planned: Decimal | None) -> dict[str, Any]:
    pair = link.pair
    return {
        "have": str(pair.have),
        "need": str(pair.need) if pair.need else None,
        "taker": pair.taker,
        "suggestion": str(pair.suggestion) if pair.suggestion else None,
        "match": str(pair.match) if pair.match else None,
        "tonnes": float(link.tonnes),
        "dkk": None if pair.dkk is None else round(float(link.tonnes) * pair.dkk, 2),
        "co2e_kg": None if pair.co2e_kg is None else round(float(link.tonnes) * pair.co2e_kg, 3),
        "lot": float(pair.lot),
        "planned": planned is not None,
    }
