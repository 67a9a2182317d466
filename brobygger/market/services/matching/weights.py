# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which weights an office's suggestions are scored with: the shipped ones, or those it has learned and switched on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import OuterRef, Subquery

from brobygger.engine.parts import WEIGHTS, checked_weights
from brobygger.market.models import WeightSwitch

Weights = Mapping[str, float]


def weights_of(operators: Iterable[int]) -> dict[int, Weights]:
    """Operator id → the weights in use there. One query."""
    ids = list(operators)
    newest = WeightSwitch.objects.filter(operator=OuterRef("operator")).order_by("-pk").values("pk")[:1]
    rows = WeightSwitch.objects.filter(operator__in=ids, pk=Subquery(newest), version__isnull=False)
    learned = dict(rows.values_list("operator_id", "version__weights"))
    return {pk: checked_weights(learned.get(pk)) for pk in ids}


def weights_in_use(operator_id: int) -> Weights:
    """The weights in use at one operator."""
    return weights_of([operator_id])[operator_id]


def are_shipped(weights: Weights) -> bool:
    """Whether these are the weights that the product comes with."""
    return dict(weights) == dict(WEIGHTS)
