# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What loops are made of: the most valuable pair between two organisations, and what several pairs draw on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from brobygger.engine.loop_sets import Store
from brobygger.market.services.network.amounts import in_whole_lots
from brobygger.market.services.network.plan import TIE
from brobygger.market.services.network.problem import Pair, Problem

MOST_LINKS = 4_000
"""Of the most valuable. With more, a dense network's best set of loops takes minutes."""


class Links:
    """The links as the engine's edges, and the listings that several of them draw on as its stores.

    `every`: no link was left out for being worth too little.
    """

    def __init__(self, problem: Problem, values: Sequence[float]) -> None:
        gives, takes = problem.left()
        best: dict[tuple[int, int], tuple[float, Pair, Decimal]] = {}
        for pair, value in zip(problem.pairs, values, strict=True):
            left = min(gives[str(pair.have)], takes[pair.other])
            most = pair.least or in_whole_lots(left, pair.lot)
            worth = float(most) * (value + TIE * pair.score)
            ends = (pair.giver, pair.taker)
            if most > 0 and pair.giver != pair.taker and (ends not in best or worth > best[ends][0]):
                best[ends] = (worth, pair, most)
        chosen = sorted(best.values(), key=lambda row: -row[0])[:MOST_LINKS]
        self.every = len(chosen) == len(best)
        self.pairs = [pair for _worth, pair, _most in chosen]
        self.most = [most for _worth, _pair, most in chosen]
        self.edges = [(str(pair.giver), str(pair.taker), worth, 1.0) for worth, pair, _most in chosen]
        self.number = {edge[:2]: n for n, edge in enumerate(self.edges)}
        self.stores = self._stores(gives, takes)
        self.stores_of: list[list[int]] = [[] for _ in self.edges]
        for n, store in enumerate(self.stores):
            for edge in store.edges:
                self.stores_of[edge].append(n)

    def _stores(self, gives: dict[str, Decimal], takes: dict[str, Decimal]) -> list[Store]:
        drawn: dict[tuple[str, str], list[int]] = {}
        for n, pair in enumerate(self.pairs):
            if not pair.least:
                drawn.setdefault(("give", str(pair.have)), []).append(n)
                drawn.setdefault(("take", pair.other), []).append(n)
        stores = []
        for (side, node), edges in drawn.items():
            amount = float((gives if side == "give" else takes)[node])
            tonnes = [float(self.most[n]) for n in edges]
            if sum(tonnes) > amount:
                stores.append(Store(amount, edges, tonnes))
        return stores

    def loads(self, edge: int) -> int:
        """How many whole loads the link could move; 0 where it moves any amount, or what two have agreed."""
        pair = self.pairs[edge]
        return int(self.most[edge] // pair.lot) if pair.lot and not pair.least else 0

    def along(self, nodes: Sequence[str]) -> list[int]:
        """The links of a loop through these organisations."""
        return [self.number[ends] for ends in zip(nodes, [*nodes[1:], nodes[0]], strict=True)]
