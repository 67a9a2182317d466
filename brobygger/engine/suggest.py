# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who should meet whom: for each need the best haves, with every part of the score and a reason in Danish.

Candidates come from an index by resource type (the same type, narrower, broader, sibling, conversion); a
listing whose type nobody chose is read from its text, and one whose text says nothing known is compared by
words alone. The formula is in `parts`, the limits that exclude too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from brobygger.engine.columns import Array, Side, measure_unit, read_side
from brobygger.engine.compatibility import Compat, Compatibility, Link
from brobygger.engine.facts import Knowledge
from brobygger.engine.identify import Remembered
from brobygger.engine.listing import Listing, SuggestionRow
from brobygger.engine.parts import Parts, checked_weights, dice, measure, rounded, score
from brobygger.engine.reasons import Pair, confidence, reason

TEXT_ONLY_FIT = 0.5
"""The type part where no type is known on one side: this times the share of common words."""
FEW_WORDS = 8
"""Looking each candidate's words up one by one pays when the words' own lists are this many times longer."""
_TEXT_LINK = Link(0.0, "text")
_COMPATIBILITIES: Remembered[Compatibility] = Remembered()

Types = tuple[tuple[str, float], ...]
LinksOf = Callable[[str], Mapping[str, Link]]


def suggest(
    haves: Sequence[Listing],
    needs: Sequence[Listing],
    knowledge: Knowledge,
    *,
    compat: Compat | None = None,
    organisations: object = None,
    top: int = 10,
    both: bool = False,
    weights: Mapping[str, float] | None = None,
) -> list[SuggestionRow]:
    """The `top` best haves of each need, in the needs' order; equal scores by distance, then id.

    With `both`, also each have's `top` best needs: rows then carry `have_rank`, and pairs that only the have
    ranks come after the need's own with `rank` 0. `compat` replaces the shipped knowledge of which types
    serve which. `organisations` is accepted for symmetry with the command and not used here: what a firm may
    receive stands on its listing. Broker-only listings are matched and flagged; the caller must hide them.
    `weights` replaces `parts.WEIGHTS` in the formula: the same five names, none negative, summing to 1.

    Raises InvalidListing (repeated id, unknown unit, amounts that make no sense) and ValueError for `top` < 1 or such weights.
    """
    del organisations
    if top < 1:
        raise ValueError("top skal være mindst 1")
    numbers: dict[str, int] = {}
    matcher = _Matcher(
        read_side(haves, knowledge, numbers),
        read_side(needs, knowledge, numbers),
        knowledge,
        compat,
        checked_weights(weights),
    )
    forward = matcher.forward(top)
    if not both:
        return [
            matcher.row(n, hit, rank) for n, hits in enumerate(forward) for rank, hit in enumerate(hits, 1)
        ]
    return matcher.both_ways(forward, matcher.backward(top))


class _Hit(NamedTuple):
    """One candidate that made the list: its position on the other side and what was measured."""

    other: int
    score: float
    type: float
    link: Link
    parts: Parts


class _Candidates(NamedTuple):
    """Positions on the other side, each once and ascending; how well the type serves; by which link."""

    index: Array
    fit: Array
    link: Array
    links: list[Link]


class _Matcher:
    def __init__(
        self,
        haves: Side,
        needs: Side,
        knowledge: Knowledge,
        compat: Compat | None,
        weights: Mapping[str, float],
    ) -> None:
        self.haves, self.needs, self.knowledge, self.weights = haves, needs, knowledge, weights
        self.compatibility = _compatibility(knowledge, compat)
        self._serves: dict[str, dict[str, Link]] = {}

    def forward(self, top: int) -> list[list[_Hit]]:
        """For each need its best haves."""
        return self._rank(self.needs, self.haves, self.compatibility.accepts, top, flip=False)

    def backward(self, top: int) -> list[list[_Hit]]:
        """For each have its best needs."""
        for need_type in self.needs.by_type:
            for have_type, link in self.compatibility.accepts(need_type).items():
                if have_type in self.haves.by_type:
                    self._serves.setdefault(have_type, {})[need_type] = link
        return self._rank(self.haves, self.needs, self._links_of_have, top, flip=True)

    def _links_of_have(self, type_id: str) -> dict[str, Link]:
        return self._serves.get(type_id, {})

    def _rank(self, mine: Side, theirs: Side, links_of: LinksOf, top: int, *, flip: bool) -> list[list[_Hit]]:
        out: list[list[_Hit]] = [[] for _ in mine.listings]
        groups: dict[Types, list[int]] = {}
        for i, types in enumerate(mine.types):
            groups.setdefault(types, []).append(i)
        for types, members in groups.items():
            typed = _typed_candidates(types, theirs, links_of)
            block = theirs.columns.take(typed.index)
            position = np.full(len(theirs.listings), -1, dtype=np.int64)
            position[typed.index] = np.arange(len(typed.index))
            for i in members:
                candidates, columns = typed, block
                worded = _by_words_only(types, mine.tokens[i], theirs)
                shared = _shared_words(mine.tokens[i], theirs, typed.index, position)
                if len(worded.index):
                    candidates, shared = _joined(typed, worded, shared, mine.tokens[i], theirs)
                    columns = theirs.columns.take(candidates.index)
                if not len(candidates.index):
                    continue
                me = mine.columns.take(i)
                by_words = candidates.link == (len(candidates.links) - 1 if len(worded.index) else -1)
                need, have = (columns, me) if flip else (me, columns)
                parts = measure(need, have, shared, ~by_words)
                fit = candidates.fit
                if len(worded.index):
                    words = dice(shared, me.words, columns.words)
                    fit = np.where(by_words, TEXT_ONLY_FIT * words, fit)
                fit = rounded(fit)
                whole = score(fit, parts, self.weights)
                out[i] = _best(candidates, fit, parts, whole, columns.order, top)
        return out

    def row(self, need: int, hit: _Hit, rank: int, have_rank: int | None = None) -> SuggestionRow:
        """A row of the result, with its confidence and its reason."""
        mine, other = self.needs.listings[need], self.haves.listings[hit.other]
        parts = hit.parts
        have_type = self.haves.types[hit.other]
        need_type = self.needs.types[need]
        chosen = bool(mine.type and other.type)
        pair = Pair(
            need=mine,
            have=other,
            need_type=self._name(need_type),
            have_type=self._name(have_type),
            link=hit.link,
            chosen=chosen,
            certain=chosen or hit.type >= float(rounded(np.float64(hit.link.fit))) > 0,
            parts=parts,
        )
        word, because = confidence(pair)
        same = self.needs.columns.measure[need] == self.haves.columns.measure[hit.other]
        column = "amount" if same else "tonnes"
        return SuggestionRow(
            need=mine.id,
            have=other.id,
            rank=rank,
            score=hit.score,
            type=hit.type,
            text=parts.text,
            quantity=parts.quantity,
            time=parts.time,
            distance=parts.distance,
            conditions=parts.conditions,
            via=hit.link.via,
            process=hit.link.process,
            precedents=hit.link.precedents,
            confidence=word,
            confidence_reason=because,
            reason=reason(pair),
            metres=_known(parts.metres),
            have_per_year=_known(getattr(self.haves.columns, column)[hit.other]),
            need_per_year=_known(getattr(self.needs.columns, column)[need]),
            unit=measure_unit(int(self.needs.columns.measure[need])) if same else "t",
            broker_only="broker_only" in (mine.visibility, other.visibility),
            have_rank=have_rank,
        )

    def _name(self, types: Types) -> str:
        if not types:
            return ""
        node = self.knowledge.types.get(types[0][0])
        return node.name if node else types[0][0]

    def both_ways(self, forward: list[list[_Hit]], backward: list[list[_Hit]]) -> list[SuggestionRow]:
        """The needs' rows with the haves' ranks, then the rows that only a have ranks."""
        seen_from_have = {
            (hit.other, have): (rank, hit)
            for have, hits in enumerate(backward)
            for rank, hit in enumerate(hits, 1)
        }
        extra: dict[int, list[tuple[int, int, _Hit]]] = {}
        listed = {(need, hit.other) for need, hits in enumerate(forward) for hit in hits}
        for (need, have), (rank, hit) in seen_from_have.items():
            if (need, have) not in listed:
                extra.setdefault(need, []).append((rank, have, hit._replace(other=have)))
        rows = []
        for need, hits in enumerate(forward):
            for rank, hit in enumerate(hits, 1):
                back = seen_from_have.get((need, hit.other))
                rows.append(self.row(need, hit, rank, back[0] if back else 0))
            order = self.haves.columns.order
            for rank, have, hit in sorted(
                extra.get(need, []),
                key=lambda e: (-e[2].score, _distance_key(e[2].parts.metres), order[e[1]]),
            ):
                rows.append(self.row(need, hit._replace(other=have), 0, rank))
        return rows


def _compatibility(knowledge: Knowledge, compat: Compat | None) -> Compatibility:
    if compat is not None:
        return Compatibility(knowledge, compat)
    kept = _COMPATIBILITIES.get(knowledge)
    return kept if kept is not None else _COMPATIBILITIES.keep(knowledge, Compatibility(knowledge))


def _typed_candidates(types: Types, theirs: Side, links_of: LinksOf) -> _Candidates:
    """Everyone whose type fits; of several ways to one listing the best, on equal terms the first."""
    links: list[Link] = []
    index: list[Array] = []
    fit: list[Array] = []
    code: list[Array] = []
    for type_id, certainty in types:
        for other_type, link in sorted(links_of(type_id).items()):
            if other_type in theirs.by_type:
                where, sureness = theirs.by_type[other_type]
                index.append(where)
                fit.append(link.fit * certainty * sureness)
                code.append(np.full(len(where), len(links), dtype=np.int64))
                links.append(link)
    if not index:
        nothing = np.zeros(0, dtype=np.int64)
        return _Candidates(nothing, np.zeros(0), nothing, links)
    all_index, all_fit, all_code = np.concatenate(index), np.concatenate(fit), np.concatenate(code)
    order = np.lexsort((all_code, -all_fit, all_index))
    all_index, all_fit, all_code = all_index[order], all_fit[order], all_code[order]
    first = np.ones(len(all_index), dtype=bool)
    first[1:] = all_index[1:] != all_index[:-1]
    return _Candidates(all_index[first], all_fit[first], all_code[first], links)


def _by_words_only(types: Types, tokens: frozenset[str], theirs: Side) -> _Candidates:
    """Listings that share a word where the type of one side is unknown."""
    touched = [theirs.postings[t] for t in sorted(tokens) if t in theirs.postings]
    nothing = np.zeros(0, dtype=np.int64)
    if not touched or (types and not len(theirs.untyped)):
        return _Candidates(nothing, np.zeros(0), nothing, [])
    index = np.unique(np.concatenate(touched))
    if types:
        index = index[np.isin(index, theirs.untyped, assume_unique=True)]
    return _Candidates(index, np.zeros(len(index)), np.zeros(len(index), dtype=np.int64), [_TEXT_LINK])


def _shared_words(tokens: frozenset[str], theirs: Side, index: Array, position: Array) -> Array:
    """How many words each candidate shares with this listing; `position` is where each stands in `index`."""
    shared = np.zeros(len(index), dtype=np.int64)
    postings = [theirs.postings[token] for token in tokens if token in theirs.postings]
    if sum(map(len, postings)) > FEW_WORDS * len(index):
        for at, other in enumerate(index.tolist()):
            shared[at] = len(tokens & theirs.tokens[other])
        return shared
    for where in postings:
        at = position[where]
        shared[at[at >= 0]] += 1
    return shared


def _joined(
    typed: _Candidates, worded: _Candidates, shared: Array, tokens: frozenset[str], theirs: Side
) -> tuple[_Candidates, Array]:
    """Typed and word-only candidates (never the same listing) in one list; the text link comes last."""
    position = np.full(len(theirs.listings), -1, dtype=np.int64)
    position[worded.index] = np.arange(len(worded.index))
    more = _shared_words(tokens, theirs, worded.index, position)
    return (
        _Candidates(
            np.concatenate([typed.index, worded.index]),
            np.concatenate([typed.fit, worded.fit]),
            np.concatenate([typed.link, np.full(len(worded.index), len(typed.links), dtype=np.int64)]),
            [*typed.links, _TEXT_LINK],
        ),
        np.concatenate([shared, more]),
    )


def _best(
    candidates: _Candidates, fit: Array, parts: Parts, total: Array, order: Array, top: int
) -> list[_Hit]:
    """The `top` allowed candidates with a score above zero."""
    chosen = np.flatnonzero(parts.allowed & (total > 0))
    if len(chosen) > 4 * top:
        cut = -np.partition(-total[chosen], top - 1)[top - 1]
        chosen = chosen[total[chosen] >= cut]
    metres = np.where(np.isnan(parts.metres), np.inf, parts.metres)[chosen]
    chosen = chosen[np.lexsort((order[chosen], metres, -total[chosen]))][:top]
    shown = [
        values[chosen] if name in ("metres", "allowed") else rounded(values[chosen])
        for name, values in _named(parts)
    ]
    return [
        _Hit(index, whole, type_part, candidates.links[code], Parts(*measured))
        for index, whole, type_part, code, *measured in zip(
            candidates.index[chosen].tolist(),
            total[chosen].tolist(),
            fit[chosen].tolist(),
            candidates.link[chosen].tolist(),
            *(values.tolist() for values in shown),
            strict=True,
        )
    ]


def _named(parts: Parts) -> list[tuple[str, Array]]:
    return list(zip(Parts._fields, parts, strict=True))


def _distance_key(metres: float) -> float:
    return math.inf if math.isnan(metres) else metres


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
