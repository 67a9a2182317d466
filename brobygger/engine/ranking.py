# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From evidence for each industry to the probability that it is the taker.

A conditional logit over the two-digit divisions of NACE: the utility of a division is

    ``TOGETHER`` · log(FAINT + sum of evidence) + its prior

and its probability the softmax. Within a division the classes stand by their evidence. The number and the priors
(``knowledge/taker_prior.csv``) are learned from documented exchanges with whole sources left out, the priors drawn
towards zero; ``python -m benchmarks.takers_learning`` learns them again and shows how well they do on sources unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Vector = Any
"""A numpy column with one number per industry or per division."""

TOGETHER = 1.33
"""How much the evidence for a division counts."""
FAINT = 0.006
"""Evidence below this is as good as none."""
WITHIN = 1.0
"""How fast the classes of a division fall behind its strongest one."""


class Divisions:
    """The two-digit divisions of a list of industry codes, with the prior of each."""

    def __init__(self, codes: Sequence[str], prior: Mapping[str, float]) -> None:
        self.names = sorted({code[:2] for code in codes})
        place = {name: i for i, name in enumerate(self.names)}
        self.of = np.array([place[code[:2]] for code in codes], dtype=np.int64)
        self.prior = np.array([prior.get(name, 0.0) for name in self.names])

    def features(self, evidence: Vector) -> Vector:
        """For each division log(FAINT + sum) of the evidence for its classes."""
        together = np.zeros(len(self.names))
        np.add.at(together, self.of, evidence)
        return np.log(FAINT + together)

    def probabilities(self, evidence: Vector) -> Vector:
        """The probability that the taker belongs to each division; sums to 1."""
        utility = TOGETHER * self.features(evidence) + self.prior
        share = np.exp(utility - utility.max())
        return share / share.sum()

    def scores(self, evidence: Vector) -> Vector:
        """For each industry the probability of its division, less the farther its evidence is below the division's best."""
        if not len(self.names):
            return np.zeros(0)
        strongest = np.zeros(len(self.names))
        np.maximum.at(strongest, self.of, evidence)
        best = strongest[self.of]
        share = np.divide(evidence, best, out=np.zeros_like(best), where=best > 0) ** WITHIN
        return self.probabilities(evidence)[self.of] * share
