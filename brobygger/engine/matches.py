# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Two sides matched, as columns: what `suggest` gives as rows and the command writes to a file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brobygger.engine.amounts import measure_unit
from brobygger.engine.columns import Array, Side
from brobygger.engine.compatibility import Compat, Compatibility, Link
from brobygger.engine.facts import Knowledge
from brobygger.engine.identify import Remembered
from brobygger.engine.listing import SuggestionRow
from brobygger.engine.parts import STEPS, checked_weights
from brobygger.engine.reasons import Facts, Wording, wording

if TYPE_CHECKING:
    from brobygger.engine.index_kernels import Found, Index, Links
    from brobygger.engine.pairs_kernels import Pairs

_COMPATIBILITIES: Remembered[Compatibility] = Remembered()
_TEXT_LINK = Link(0.0, "text")


@dataclass(frozen=True, slots=True)
class Block:
    """Some of the matches in full: one value per row, scores and parts 0..1, `metres` NaN where unknown."""

    need: Array
    have: Array
    rank: Array
    have_rank: Array
    score: Array
    type: Array
    text: Array
    quantity: Array
    time: Array
    distance: Array
    conditions: Array
    metres: Array
    link: Array
    broker_only: Array
    wording: Wording


@dataclass(frozen=True, slots=True)
class Matches:
    """Ranked pairs of two sides, in the needs' order. Parts and words are worked out for the rows that are asked for."""

    haves: Side
    needs: Side
    pairs: Pairs
    links: list[Link]
    """By number; the last stands for -1, words alone."""
    names: list[str]
    both: bool
    indexes: tuple[Index, Index]
    """The needs' and the haves'."""

    def __len__(self) -> int:
        return len(self.pairs.need)

    def block(self, start: int, end: int) -> Block:
        """The rows start:end in full."""
        from brobygger.engine.pairs_kernels import measured

        pairs = self.pairs
        need, have, link = (np.ascontiguousarray(c[start:end]) for c in (pairs.need, pairs.have, pairs.link))
        out = np.empty((len(need), 6))
        measured(*self.indexes, need, have, link, out, 0, len(need))
        text, quantity, time, distance, conditions, metres = out.T
        type_part = pairs.fit[start:end] / STEPS
        facts = Facts(need, have, link, type_part, text, quantity, time, metres)
        return Block(
            need=need,
            have=have,
            rank=pairs.rank[start:end],
            have_rank=pairs.have_rank[start:end],
            score=pairs.score[start:end] / STEPS,
            type=type_part,
            text=text,
            quantity=quantity,
            time=time,
            distance=distance,
            conditions=conditions,
            metres=metres,
            link=link,
            broker_only=self.needs.given.broker_only[need] | self.haves.given.broker_only[have],
            wording=wording(facts, self.needs, self.haves, self.links[:-1], self.names),
        )

    def rows(self) -> list[SuggestionRow]:
        """Every match as a row."""
        if not len(self):
            return []
        block = self.block(0, len(self))
        needs, haves = self.needs.columns, self.haves.columns
        same = needs.measure[block.need] == haves.measure[block.have]
        words = block.wording
        columns: dict[str, list[Any]] = {
            name: getattr(block, name).tolist()
            for name in (
                "rank", "score", "type", "text", "quantity", "time", "distance", "conditions", "broker_only"
            )
        }  # fmt: skip
        columns |= {
            "need": [self.needs.given.ids[i] for i in block.need.tolist()],
            "have": [self.haves.given.ids[i] for i in block.have.tolist()],
            "confidence": [words.confidence.values[c] for c in words.confidence.codes.tolist()],
            "confidence_reason": [words.because.values[c] for c in words.because.codes.tolist()],
            "reason": [words.sentence(row) for row in range(len(self))],
            "metres": _known(block.metres),
            "have_per_year": _known(_either(same, haves, block.have)),
            "need_per_year": _known(_either(same, needs, block.need)),
            "unit": [
                measure_unit(code) if alike else "t"
                for code, alike in zip(needs.measure[block.need].tolist(), same.tolist(), strict=True)
            ],
            "have_rank": block.have_rank.tolist() if self.both else [None] * len(self),
        }
        links = [self.links[number] for number in block.link.tolist()]
        columns |= {
            name: [getattr(link, name) for link in links] for name in ("via", "process", "precedents")
        }
        return [
            SuggestionRow(**dict(zip(columns, row, strict=True)))
            for row in zip(*columns.values(), strict=True)
        ]


def match(
    haves: Side,
    needs: Side,
    knowledge: Knowledge,
    *,
    compat: Compat | None = None,
    top: int = 10,
    both: bool = False,
    weights: Mapping[str, float] | None = None,
    threads: int | None = None,
) -> Matches:
    """The best of each need (with `both` of each have too). The sides must share one vocabulary. See `suggest`."""
    from brobygger.engine import pairs_kernels

    search = _Search(haves, needs, knowledge, compat, top, weights, threads)
    forward, links = search.for_needs()
    if not both:
        return search.told(pairs_kernels.one_way(forward), links, False)
    backward, more = search.for_haves()
    pairs = pairs_kernels.both_ways(forward, backward, len(links), search.need_index, search.have_index)
    return search.told(pairs, links + more, True)


def match_haves(
    haves: Side,
    needs: Side,
    knowledge: Knowledge,
    *,
    compat: Compat | None = None,
    top: int = 10,
    weights: Mapping[str, float] | None = None,
    threads: int | None = None,
) -> Matches:
    """The best needs of each have alone, in the haves' order: rows have a `have_rank`, and `rank` 0. Else as `match`."""
    from brobygger.engine.pairs_kernels import Pairs

    search = _Search(haves, needs, knowledge, compat, top, weights, threads)
    found, links = search.for_haves()
    have, place = np.nonzero(np.arange(found.other.shape[1])[None, :] < found.size[:, None])
    have_rank: Array = (place + 1).astype(np.int32)
    columns = (column[have, place] for column in (found.score, found.fit, found.link))
    none, ranked = np.zeros_like(have_rank), have.astype(np.int32)
    pairs = Pairs(found.other[have, place], ranked, none, have_rank, *columns)
    return search.told(pairs, links, True)


class _Search:
    """Two sides indexed, to be searched from either."""

    def __init__(
        self,
        haves: Side,
        needs: Side,
        knowledge: Knowledge,
        compat: Compat | None,
        top: int,
        weights: Mapping[str, float] | None,
        threads: int | None,
    ) -> None:
        from brobygger.engine import search_index
        from brobygger.engine.pair_score import weights_array

        if top < 1:
            raise ValueError("top skal være mindst 1")
        self._haves, self._needs, self._knowledge = haves, needs, knowledge
        self._top, self._threads = top, threads
        self._shares = weights_array(checked_weights(weights))
        self._compatibility = _compatibility(knowledge, compat)
        bounds, types = search_index.bounds_of(haves, needs), len(needs.vocabulary.types)
        nowhere = bool(np.isnan(haves.columns.x).any() or np.isnan(needs.columns.x).any())
        self.have_index, self.need_index = (
            search_index.build_index(side, types, bounds, by_id=nowhere) for side in (haves, needs)
        )

    def for_needs(self) -> tuple[Found, list[Link]]:
        """The best haves of each need, and the links that their numbers stand for."""
        from brobygger.engine.search_index import links_between

        ways, links = links_between(self._needs, self._haves, self._compatibility.accepts)
        return self._best(self.need_index, self.have_index, ways, self._haves, False), links

    def for_haves(self) -> tuple[Found, list[Link]]:
        """The best needs of each have, and the links that their numbers stand for."""
        from brobygger.engine.search_index import links_between

        serves = _serves(self._compatibility, self._haves, self._needs)
        ways, links = links_between(self._haves, self._needs, serves)
        return self._best(self.have_index, self.need_index, ways, self._needs, True), links

    def _best(self, mine: Index, theirs: Index, links: Links, other: Side, flip: bool) -> Found:
        from brobygger.engine.search_index import best_of, postings_of

        return best_of(
            mine, theirs, links, postings_of(other), self._shares, min(self._top, max(len(other), 1)),
            flip=flip, none_needed=bool((self._needs.columns.amount == 0.0).any()), threads=self._threads,
        )  # fmt: skip

    def told(self, pairs: Pairs, links: list[Link], both: bool) -> Matches:
        """The pairs found, with what their numbers stand for."""
        names, indexes = _names(self._needs, self._knowledge), (self.need_index, self.have_index)
        return Matches(self._haves, self._needs, pairs, [*links, _TEXT_LINK], names, both, indexes)


def _names(side: Side, knowledge: Knowledge) -> list[str]:
    """What each numbered type is called; an unknown one by its id."""
    nodes = ((name, knowledge.types.get(name)) for name in side.vocabulary.types)
    return [node.name if node else name for name, node in nodes]


def _serves(compatibility: Compatibility, haves: Side, needs: Side) -> Any:
    """Have type → the need types that are there and that it serves."""
    names = list(needs.vocabulary.types)
    there = {names[t] for t in np.unique(haves.type_lists.values).tolist()}
    serves: dict[str, dict[str, Link]] = {}
    for t in np.unique(needs.type_lists.values).tolist():
        for have_type, link in compatibility.accepts(names[t]).items():
            if have_type in there:
                serves.setdefault(have_type, {})[names[t]] = link
    return lambda have_type: serves.get(have_type, {})


def _compatibility(knowledge: Knowledge, compat: Compat | None) -> Compatibility:
    if compat is not None:
        return Compatibility(knowledge, compat)
    kept = _COMPATIBILITIES.get(knowledge)
    return kept if kept is not None else _COMPATIBILITIES.keep(knowledge, Compatibility(knowledge))


def _either(same: Array, columns: Any, index: Array) -> Array:
    """The amounts in the measure they share, else in tonnes."""
    return np.where(same, columns.amount[index], columns.tonnes[index])


def _known(values: Array) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]
