# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which listings are searched together, so that each list is found whole in one part and the parts are equally much work.

Listings are sorted by what they may be: their type where one was chosen, else the types read from the text; those of
unknown type come last. A part is some of one side with everybody on the other side whom they could meet: through the
same type, up and down the tree, through a conversion or a given compatibility; and by words alone, which is how a listing
of unknown type meets anybody with a text. No list is ever put together from two parts, so nothing is merged by score.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from brobygger.engine.facts import Knowledge

Pattern = tuple[str, ...]
"""The types that a listing may be, the surest first; none where nothing is known."""
Span = tuple[int, int]
"""Places first:last of a sorted side."""

LOADING = 0.75
"""Work of reading one listing of the other side, where looking for one listing's best among a few is 1."""
WORDS_PER_WORK = 10_000
"""Listings with a text that one unit of work compares by words alone."""
PIECES = 4
"""Parts for each worker and direction, so that the quick ones take over from the slow."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Listings of one pattern, at `first:last` of their sorted side; from `texted` on they have a text."""

    pattern: Pattern
    first: int
    texted: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Part:
    """Find the best of `mine` (needs, or haves where `backward`) among `theirs`."""

    backward: bool
    mine: tuple[Span, ...]
    theirs: tuple[Span, ...]
    work: float


def tree_order(patterns: Iterable[Pattern], knowledge: Knowledge) -> list[Pattern]:
    """Patterns by their place in the tree of types, so that neighbours meet the same listings; the unknown last."""

    def place(pattern: Pattern) -> tuple[bool, tuple[str, ...], Pattern]:
        path = (*reversed(knowledge.ancestors(pattern[0])), pattern[0]) if pattern else ()
        return not pattern, path, pattern

    return sorted(patterns, key=place)


def parts(
    needs: Sequence[Pile],
    haves: Sequence[Pile],
    accepts: Callable[[str], Iterable[str]],
    workers: int,
    both: bool,
) -> list[Part]:
    """All parts, the most work first. `accepts`: type of need → the types of have that serve it."""
    holders: dict[str, list[int]] = {}
    for number, pile in enumerate(haves):
        for type_ in pile.pattern:
            holders.setdefault(type_, []).append(number)
    forward: list[set[int]] = []
    backward: list[set[int]] = [set() for _ in haves]
    for number, pile in enumerate(needs):
        met = {h for type_ in pile.pattern for have in accepts(type_) for h in holders.get(have, ())}
        forward.append(met)
        for have_pile in met:
            backward[have_pile].add(number)
    made = _packed(needs, haves, forward, workers, backward=False)
    if both:
        made += _packed(haves, needs, backward, workers, backward=True)
    return sorted(made, key=lambda part: -part.work)


def _packed(
    mine: Sequence[Pile], theirs: Sequence[Pile], met: Sequence[set[int]], workers: int, *, backward: bool
) -> list[Part]:
    """Large piles cut up, small ones put together with their neighbours."""
    searches = [_search(pile, _spans(pile, theirs, meets)) for pile, meets in zip(mine, met, strict=True)]
    share = max(sum(searches) / max(workers * PIECES, 1), 1.0)
    made: list[Part] = []
    spans: list[Span] = []
    there: list[Span] = []
    work = 0.0

    def close() -> None:
        nonlocal work
        if spans:
            others = _merged(there)
            total = work + LOADING * sum(last - first for first, last in others)
            made.append(Part(backward, _merged(spans), others, total))
        spans.clear()
        there.clear()
        work = 0.0

    for pile, meets, search in zip(mine, met, searches, strict=True):
        others = _spans(pile, theirs, meets)
        loading = LOADING * sum(last - first for first, last in others)
        cuts = min(max(math.ceil(search / max(share, loading)), 1), max(len(pile), 1))
        for cut in range(cuts):
            if work and work + search / cuts > share:
                close()
            edges = [pile.first + len(pile) * k // cuts for k in (cut, cut + 1)]
            spans.append((edges[0], edges[1]))
            there += others
            work += search / cuts
    close()
    return made


def _spans(pile: Pile, theirs: Sequence[Pile], met: set[int]) -> list[Span]:
    """Where the others stand whom a pile could meet: by type, and by words where one of the two is of unknown type."""
    if not pile.pattern:
        return [(other.texted, other.last) for other in theirs if other.last > other.texted]
    spans = [(theirs[number].first, theirs[number].last) for number in sorted(met)]
    return spans + [(other.texted, other.last) for other in theirs if not other.pattern]


def _search(pile: Pile, others: Sequence[Span]) -> float:
    """Work of finding the best of every listing of a pile."""
    among = sum(last - first for first, last in others)
    each = math.log2(1 + among) / 16 if pile.pattern else among / WORDS_PER_WORK
    return len(pile) * (1.0 + each)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same places, each once, in order."""
    out: list[Span] = []
    for first, last in sorted(spans):
        if first == last:
            continue
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(last, out[-1][1]))
        else:
            out.append((first, last))
    return tuple(out)


def balance(parts: Sequence[Part], workers: int) -> Mapping[str, float]:
    """How much work there is in all, the largest part, and what the busiest worker gets when each takes the next part."""
    busy = [0.0] * max(workers, 1)
    for part in parts:
        busy[busy.index(min(busy))] += part.work
    return {
        "total": sum(busy),
        "largest": max((part.work for part in parts), default=0.0),
        "busiest": max(busy),
    }
