# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Learns how evidence becomes probability in `takers` (``engine/ranking.py``) and what each division's prior is.

Cases are documented exchanges whose own source the engine does not know when it is asked: the shipped uses with each
source left out in turn, and whole blind sets. Each group weighs the same, each case is asked with text alone and with
its codes. Printed: how well what was learned without a group does on that group. With ``--write`` the priors go to
``brobygger/knowledge/taker_prior.csv``; the two weights are printed and belong in ``engine/ranking.py``.

    .venv/bin/python -m benchmarks.takers_learning [--write] [--sets 1 2 3]
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.takers_quality import blind_cases, by_source, residual_of
from brobygger.engine.evidence import Evidence
from brobygger.engine.facts import Knowledge
from brobygger.engine.listing import Residual
from brobygger.knowledge import load
from brobygger.knowledge.tables import HERE

FOLDS = 4
DRAWN_TO_ZERO = 0.5
"""How strongly the priors are drawn towards zero. From 1 (hardly any prior) down to 0.05 the figures on groups left
out change by a few points; 0.5 was chosen on the mean of the groups."""
STEPS, RATE = 400, 0.05
WRITTEN_FROM = 0.05
Vector = Any


@dataclass(frozen=True)
class Case:
    """The features of every division for one residue, and the place of the true one."""

    features: Vector
    truth: int


def case(index: Evidence, residual: Residual, taker: str) -> Case:
    """Features in the order of `index.divisions.names`."""
    types = index._types(residual, "")
    strength = index.strength(residual, types, {}) + index.weights.popularity * index._popularity
    return Case(np.stack(index.divisions.features(strength), 1), index.divisions.names.index(taker[:2]))


def groups(knowledge: Knowledge, sets: Sequence[int]) -> list[list[Case]]:
    """The uses in folds of whole sources, then each blind set."""
    folds: list[list[Case]] = [[] for _ in range(FOLDS)]
    for place, (rest, uses) in enumerate(by_source(knowledge)):
        index = Evidence(replace(knowledge, uses=rest))
        for use in uses:
            folds[place % FOLDS] += [
                case(index, residual_of(use, knowledge, coded), use.taker_nace) for coded in (False, True)
            ]
    index = Evidence(knowledge)
    blind = [
        [
            case(index, row.residual(coded), row.taker_nace)
            for row in blind_cases(n)
            for coded in (False, True)
        ]
        for n in sets
    ]
    return folds + blind


def learn(cases: Sequence[Case], weights: Vector) -> tuple[Vector, Vector]:
    """The two weights and the prior of each division, by gradient ascent (Adam) on the weighted log-likelihood."""
    features = np.stack([c.features for c in cases])
    truth = np.zeros(features.shape[:2])
    truth[np.arange(len(cases)), [c.truth for c in cases]] = 1.0
    share = weights / weights.sum()
    parts = [np.full(2, 0.5), np.zeros(features.shape[1])]
    first, second = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts]
    for step in range(1, STEPS + 1):
        error = (softmax(features @ parts[0] + parts[1]) - truth) * share[:, None]
        slopes = [
            np.einsum("nd,ndk->k", error, features) + 0.01 * parts[0],
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


def figures(cases: Sequence[Case], learned: tuple[Vector, Vector]) -> Vector:
    """Division first, within five, mean reciprocal rank, mean log probability."""
    rows = []
    for c in cases:
        chances = softmax(c.features @ learned[0] + learned[1])
        rank = 1 + int((chances > chances[c.truth]).sum())
        rows.append((rank == 1, rank <= 5, 1 / rank, np.log(chances[c.truth])))
    return np.mean(rows, 0)


def fitted(parts: Sequence[Sequence[Sequence[Case]]]) -> tuple[Vector, Vector]:
    """Learned with the same weight for each of `parts` (the folds of the uses are one part)."""
    cases = [c for part in parts for group in part for c in group]
    weights = [1 / sum(map(len, part)) for part in parts for group in part for _ in group]
    return learn(cases, np.array(weights))


def main() -> None:
    """Prints what was learned and how it does on groups left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sets", type=int, nargs="*", default=[1, 2, 3])
    arguments = parser.parse_args()
    knowledge = load()
    found = groups(knowledge, arguments.sets)
    uses, blind = found[:FOLDS], found[FOLDS:]
    rows = []
    for i, fold in enumerate(uses):
        parts = [[u for j, u in enumerate(uses) if j != i], *([b] for b in blind)]
        rows.append((len(fold), figures(fold, fitted(parts))))
    print("uses left out   ", np.round(sum(n * f for n, f in rows) / sum(n for n, _ in rows), 3))
    for number, group in zip(arguments.sets, blind, strict=True):
        others = [[b] for b in blind if b is not group]
        print(f"set {number} left out  ", np.round(figures(group, fitted([uses, *others])), 3))
    (together, strongest), prior = fitted([uses, *([b] for b in blind)])
    print(f"TOGETHER, STRONGEST = {together:.2f}, {strongest:.2f}")
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
