# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A run: asked for with its settings, carried out at once or by a worker, and kept with its flows and its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator
from brobygger.market.models import NetworkFlow, NetworkRun
from brobygger.market.services.network.curve import MOST_ASKED, curve
from brobygger.market.services.network.figures import figures_of
from brobygger.market.services.network.plan import Moved, Network, best_plan, goal_values
from brobygger.market.services.network.problem import candidates, problem_of
from brobygger.market.services.network.rings import rings_of
from brobygger.market.services.network.wishes import OnlyTheOffice

SMALL = 1_000
"""With so many suggestions a run is done while the person waits; with more a worker does it."""
BATCH = 500
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """The longest searches in seconds: for the plan and each point of its curve in whole loads, and for the loops."""

    plan: float
    point: float
    loops: float


WHILE_WAITING = Patience(plan=5.0, point=0.5, loops=3.0)
BY_A_WORKER = Patience(plan=60.0, point=5.0, loops=60.0)


def is_small(operator: Operator, least: float) -> bool:
    """Whether a person can wait for the run."""
    return candidates(operator, least).order_by()[: SMALL + 1].count() <= SMALL


def ask_for_run(
    operator: Operator, user: Any, *, goal: str, least: float, co2e_price: float | None = None
) -> NetworkRun:
    """Note that somebody asked for a plan, and with which settings. Raises `OnlyTheOffice`.

    `co2e_price`: kroner for a tonne of CO2e, where that is the goal.
    """
    if not user.is_staff_of(operator.pk):
        raise OnlyTheOffice
    price = co2e_price if goal == NetworkRun.Goal.PRICE else None
    return NetworkRun.objects.create(operator=operator, goal=goal, least=least, co2e_price=price, by=user)


def carry_out(run: NetworkRun, progress: Progress | None = None) -> NetworkRun:
    """Find the plan and store it. Safe to run again: a run that is done is left as it is."""
    if run.done_at is not None:
        return run
    said, patience = progress or (lambda done, total, words: None), BY_A_WORKER if progress else WHILE_WAITING
    total = MOST_ASKED + 5
    said(0, total, _("Læser, hvem der har og mangler"))
    problem = problem_of(run.operator, run.least)
    said(1, total, _("Finder den bedste plan"))
    network = Network(problem)
    values = goal_values(network, run.goal, run.co2e_price, patience.plan)
    plan = best_plan(network, values, patience.plan)
    said(2, total, _("Tegner kurven mellem kroner og CO2e"))
    points = curve(
        network,
        patience.point,
        lambda asked: said(
            2 + min(asked, MOST_ASKED),
            total,
            _("Tegner kurven mellem kroner og CO2e: plan %(n)s") % {"n": asked},
        ),
    )
    said(MOST_ASKED + 3, total, _("Finder kredsløb, der kan køre side om side"))
    rings = rings_of(problem, values, patience.loops)
    said(MOST_ASKED + 4, total, _("Gemmer planen"))
    with transaction.atomic():
        stored = NetworkRun.objects.select_for_update().get(pk=run.pk)
        if stored.done_at is not None:
            return stored
        NetworkFlow.objects.bulk_create(
            (_flow(run, place, row) for place, row in enumerate(plan.moved, start=1)), batch_size=BATCH
        )
        stored.figures = figures_of(run, problem, plan, points, rings, network.broken)
        stored.done_at = timezone.now()
        stored.save(update_fields=["figures", "done_at"])
    said(total, total, "")
    return stored


def _flow(run: NetworkRun, place: int, row: Moved) -> NetworkFlow:
    pair = row.pair
    return NetworkFlow(
        run=run,
        place=place,
        have_id=pair.have,
        need_id=pair.need,
        taker_id=pair.taker,
        suggestion_id=pair.suggestion,
        match_id=pair.match,
        why=pair.why,
        tonnes=row.tonnes,
        lot_tonnes=pair.lot or None,
        agreed_tonnes=min(pair.agreed, row.tonnes),
        dkk=_times(row.tonnes, pair.dkk, "0.01"),
        co2e_kg=_times(row.tonnes, pair.co2e_kg, "0.001"),
    )


def _times(tonnes: Decimal, per_tonne: float | None, step: str) -> Decimal | None:
    return None if per_tonne is None else (tonnes * Decimal(str(per_tonne))).quantize(Decimal(step))
