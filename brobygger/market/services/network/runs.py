# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A run: asked for with its settings, carried out at once or by a worker, and kept with its flows and its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.market.models import Listing, NetworkFlow, NetworkRun, NetworkWish
from brobygger.market.services.network.plan import Moved, Plan, Progress, best_plan
from brobygger.market.services.network.problem import Problem, candidates, problem_of
from brobygger.market.services.network.wishes import OnlyTheOffice

SMALL = 2_000
"""With so many suggestions a run is done while the person waits; with more a worker does it."""
MOST_NAMED = 50
"""So many listings without an amount are named."""
BATCH = 500


def is_small(operator: Operator, least: float) -> bool:
    """Whether a person can wait for the run."""
    return candidates(operator, least).order_by()[: SMALL + 1].count() <= SMALL


def ask_for_run(operator: Operator, user: Any, *, goal: str, least: float) -> NetworkRun:
    """Note that somebody asked for a plan, and with which settings. Raises `OnlyTheOffice`."""
    if not user.is_staff_of(operator.pk):
        raise OnlyTheOffice
    return NetworkRun.objects.create(operator=operator, goal=goal, least=least, by=user)


def carry_out(run: NetworkRun, progress: Progress | None = None) -> NetworkRun:
    """Find the plan and store it. Safe to run again: a run that is done is left as it is."""
    if run.done_at is not None:
        return run
    problem = problem_of(run.operator, run.least)
    plan = best_plan(problem, run.goal, progress)
    with transaction.atomic():
        stored = NetworkRun.objects.select_for_update().get(pk=run.pk)
        if stored.done_at is not None:
            return stored
        NetworkFlow.objects.bulk_create((_flow(run, row) for row in plan.moved), batch_size=BATCH)
        stored.figures, stored.done_at = figures_of(problem, plan, run), timezone.now()
        stored.save(update_fields=["figures", "done_at"])
    return stored


def _flow(run: NetworkRun, row: Moved) -> NetworkFlow:
    pair = row.pair
    return NetworkFlow(
        run=run,
        have_id=pair.have,
        need_id=pair.need,
        taker_id=pair.taker,
        suggestion_id=pair.suggestion,
        match_id=pair.match,
        why=pair.why,
        tonnes=row.tonnes,
        agreed_tonnes=min(pair.agreed, row.tonnes),
        dkk=_times(row.tonnes, pair.dkk, "0.01"),
        co2e_kg=_times(row.tonnes, pair.co2e_kg, "0.001"),
    )


def _times(tonnes: Decimal, per_tonne: float | None, step: str) -> Decimal | None:
    return None if per_tonne is None else (tonnes * Decimal(str(per_tonne))).quantize(Decimal(step))


def figures_of(problem: Problem, plan: Plan, run: NetworkRun) -> dict[str, Any]:
    """What the page says of the run beside its flows: the proof, the curve, and what was left out, as plain JSON."""
    mine = Listing.objects.filter(pk__in=list(problem.unmeasured)[: 4 * MOST_NAMED], operator=run.operator)
    return {
        "worth": round(plan.worth, 2),
        "gap": round(plan.gap, 2),
        "proven": plan.proven,
        "curve": [asdict(point) for point in plan.curve],
        "pairs": len(problem.pairs),
        "haves": len(problem.gives),
        "needs": len(problem.takes),
        "unmeasured": [str(pk) for pk in mine.order_by("pk").values_list("pk", flat=True)[:MOST_NAMED]],
        "unmet": [str(pk) for pk in problem.unmet],
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
