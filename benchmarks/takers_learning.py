# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Learns how evidence becomes probability in `takers` (``engine/ranking.py``) and what each division's prior is.

Cases are the documented exchanges of ``takers_cases``, each asked of a knowledge without its own source, with text alone
and with its codes. Blind sets are left alone. Printed: how well what was learned without a fold of sources does on
that fold. With ``--write`` the priors go to ``brobygger/knowledge/taker_prior.csv``; the weight of the evidence is printed
and belongs in ``engine/ranking.py``.

    .venv/bin/python -m benchmarks.takers_learning [--write]
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.takers_cases import seen_sources
from brobygger.engine.evidence import Evidence
from brobygger.engine.facts import Knowledge
from brobygger.engine.listing import Residual
from brobygger.knowledge import load
from brobygger.knowledge.tables import HERE

FOLDS = 8
DRAWN_TO_ZERO = 0.25
"""How strongly the priors are drawn towards zero. From 2 (hardly any prior) down to 0.1 the figures on sources left
out change by a point or two; 0.25 was chosen on their mean."""
STEPS, RATE = 400, 0.05
WRITTEN_FROM = 0.05
Vector = Any


@dataclass(frozen=True)
class Asked:
    """The evidence (as its logarithm) for every division for one residue, the place of the true one, and where the case comes from."""

    features: Vector
    truth: int
    group: str
    fold: int


def asked(index: Evidence, residual: Residual, taker: str, group: str, fold: int) -> Asked:
    """Features in the order of `index.divisions.names`."""
    types = index._types(residual, "")
    strength = index.strength(residual, types, {}) + index.weights.popularity * index._popularity
    features = index.divisions.features(strength)
    return Asked(features, index.divisions.names.index(taker[:2]), group, fold)


def everything(knowledge: Knowledge) -> list[Asked]:
    """Every case without and with codes; a fold holds whole sources."""
    found = []
    read: dict[str, Vector] = {}
    for place, (rest, cases) in enumerate(seen_sources(knowledge)):
        index = Evidence(replace(knowledge, uses=rest), read=read)
        for case in cases:
            for coded in (False, True):
                residual = case.residual(coded)
                found.append(asked(index, residual, case.taker_nace, case.group, place % FOLDS))
    return found


def learn(cases: Sequence[Asked]) -> tuple[Vector, Vector]:
    """The weight of the evidence and the prior of each division, by gradient ascent (Adam) on the log-likelihood."""
    features = np.stack([c.features for c in cases])
    truth = np.zeros(features.shape[:2])
    truth[np.arange(len(cases)), [c.truth for c in cases]] = 1.0
    parts = [np.ones(1), np.zeros(features.shape[1])]
    first, second = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts]
    for step in range(1, STEPS + 1):
        error = (softmax(features * parts[0] + parts[1]) - truth) / len(cases)
        slopes = [
            np.array([(error * features).sum()]) + 0.01 * parts[0],
            error.sum(0) + 0.1 * DRAWN_TO_ZERO * parts[1],
        ]
        for i, slope in enumerate(slopes):
            first[i] = 0.9 * first[i] + 0.1 * slope
            second[i] = 0.99 * second[i] + 0.01 * slope * slope
            parts[i] -= RATE * (first[i] / (1 - 0.9**step)) / (np.sqrt(second[i] / (1 - 0.99**step)) + 1e-8)
    return parts[0], parts[1]


def softmax(utility: Vector) -> Vector:
    """Rows that sum to 1."""
    share = np.exp(utility - utility.max(-1, keepdims=True))
    return share / share.sum(-1, keepdims=True)


def figures(case: Asked, learned: tuple[Vector, Vector]) -> tuple[float, float, float, float]:
    """Division first, within five, reciprocal rank, log probability."""
    chances = softmax(case.features * learned[0] + learned[1])
    rank = 1 + int((chances > chances[case.truth]).sum())
    return rank == 1, rank <= 5, 1 / rank, float(np.log(chances[case.truth]))


def main() -> None:
    """Prints what was learned and how it does on sources left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    knowledge = load()
    cases = everything(knowledge)
    found = defaultdict(list)
    for fold in range(FOLDS):
        learned = learn([c for c in cases if c.fold != fold])
        for c in cases:
            if c.fold == fold:
                found[c.group].append(figures(c, learned))
    for group, rows in sorted(found.items()):
        print(f"{group:12} {len(rows):4}", np.round(np.mean(rows, 0), 3))
    together, prior = learn(cases)
    print(f"TOGETHER = {together[0]:.2f}")
    names = Evidence(knowledge).divisions.names
    kept = [
        (name, round(float(p), 2)) for name, p in zip(names, prior, strict=True) if abs(p) >= WRITTEN_FROM
    ]
    print(kept)
    if arguments.write:
        with (HERE / "taker_prior.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(("division", "prior"))
            writer.writerows(kept)


if __name__ == "__main__":
    main()
