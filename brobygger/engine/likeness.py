# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is documented of residues that the same industries take in, though they are other residues.

The material classes say who *could* take a residue; documented uses of residues whose classes name much the same divisions say
who of them *did*. Such a use counts the more the liker its residue is, and a source that tells of many counts for fewer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from brobygger.engine.facts import Use

Vector = Any
"""A numpy column with one number per industry or per division."""

LIKE = 0.85
"""From this likeness on (the cosine of the evidence for each division) a documented use speaks."""
ENOUGH = 30.0
"""So many uses of just the same kind would count as much as the rules."""
NOTHING = 0.02
"""A division with less than this share of the evidence has its documented takers alone to divide its share among."""


class Likeness:
    """The documented uses by who takes in residues of their kind, ready to correct the evidence for another residue."""

    def __init__(
        self,
        uses: Sequence[Use],
        position: Mapping[str, int],
        division: Vector,
        ruled: Callable[[Use], Vector],
    ) -> None:
        """`division`: the division of each industry; `ruled`: what the rules say for each industry of a use's residue."""
        self._division, self._divisions = division, int(division.max(initial=-1)) + 1
        told = Counter(use.source for use in uses)
        self._weights = np.array([told[use.source] ** -0.5 for use in uses])
        self._takers = np.array([position[use.taker_nace] for use in uses], dtype=np.int64)
        kinds = [self._kind(ruled(use)) for use in uses]
        self._kinds = np.array(kinds).reshape(len(uses), self._divisions)

    def corrected(self, evidence: Vector, ruled: Vector) -> Vector:
        """The evidence for each industry, drawn towards the divisions that took in residues of this kind.

        Its sum stays. `ruled`: the rules' part of it, which says of which kind the residue is.
        """
        near = np.clip((self._kinds @ self._kind(ruled) - LIKE) / (1.0 - LIKE), 0.0, 1.0) * self._weights
        found, total = near.sum(), evidence.sum()
        if not found or not total:
            return evidence
        known = self._by_division(evidence)
        takers = np.bincount(self._takers, near, len(evidence))
        wanted = self._by_division(takers)[self._division]
        inside = np.divide(evidence, known[self._division], out=np.zeros_like(evidence), where=evidence > 0)
        spread = np.where(known[self._division] > NOTHING * total, wanted * inside, takers)
        return (ENOUGH * evidence + total * spread) / (ENOUGH + found)

    def _by_division(self, evidence: Vector) -> Vector:
        return np.bincount(self._division, evidence, self._divisions)

    def _kind(self, ruled: Vector) -> Vector:
        """The evidence for each division as a direction; no evidence is like nothing."""
        found = self._by_division(ruled)
        size = float(np.sqrt(found @ found))
        return found / size if size else found
