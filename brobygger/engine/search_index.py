# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From two sides that are read to what the compiled search needs, and the search itself over all cores.

Importing this module imports numba; import it where it is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from brobygger.engine.columns import Array, Side
from brobygger.engine.compatibility import Link
from brobygger.engine.index_kernels import Found, Index, Links, Postings, boxes, hilbert
from brobygger.engine.pair_score import WORDS, facts
from brobygger.engine.suggest_kernels import search

_CURVE_BITS = 16
"""Bits of each axis of the Hilbert curve: cells of some metres in a country."""
CHUNK = 512
"""Listings that one thread searches before it takes the next ones."""
WORTH_THREADS = 4 * CHUNK
_PLACELESS = np.uint64(1 << 39)

LinksOf = Callable[[str], Mapping[str, Link]]


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def bounds_of(*sides: Side) -> Array:
    """Least and greatest x and y of nearly everybody; the few far outside stand at the edge of the curve."""
    x, y = (np.concatenate([getattr(side.columns, axis) for side in sides]) for axis in "xy")
    placed = ~np.isnan(x)
    if not placed.any():
        return np.zeros(4)
    step = max(placed.sum() // 10_000, 1)
    few = [axis[placed][::step] for axis in (x, y)]
    return np.array([np.quantile(axis, q) for q in (0.001, 0.999) for axis in few])


def build_index(side: Side, types: int, bounds: Array, *, by_id: bool) -> Index:
    """The side sorted for the search. `types`: how many are numbered; `bounds`: see `bounds_of`, the same for both sides.

    `by_id`: whether somebody on the other side has no place, so that the order by id is needed.
    """
    columns, start = side.columns, side.type_lists.start
    counts = np.diff(start)
    untyped = np.flatnonzero(counts == 0)
    row = np.concatenate([np.repeat(np.arange(len(side)), counts), untyped])
    kind = np.concatenate([side.type_lists.values.astype(np.int64), np.full(len(untyped), types)])
    sure = np.concatenate([side.certainties, np.ones(len(untyped))])
    place_in_list = np.concatenate(
        [np.arange(start[-1]) - np.repeat(start[:-1], counts), np.zeros(len(untyped))]
    )
    nowhere = np.isnan(columns.x)
    key = hilbert(np.nan_to_num(columns.x), np.nan_to_num(columns.y), bounds, _CURVE_BITS)
    key = np.where(nowhere, _PLACELESS | columns.order.astype(np.uint64), key)[row]
    order = np.argsort((kind.astype(np.uint64) << np.uint64(40)) | key, kind="stable")
    row, kind, sure, key = row[order], kind[order], sure[order], key[order]
    edges = np.searchsorted(kind, np.arange(types + 2))
    x, y = columns.x[row], columns.y[row]
    placeless = edges[:-1] + np.bincount(kind[~nowhere[row]], minlength=types + 1)
    box, box_start = boxes(x, y, edges[:-1], placeless)
    entry = np.empty(len(side), dtype=np.int32)
    first = place_in_list[order] == 0
    entry[row[first]] = np.flatnonzero(first)
    ids = columns.order[row]
    return Index(
        facts=facts(columns)[row],
        x=x,
        y=y,
        key=key,
        row=row.astype(np.int32),
        order=ids.astype(np.int32),
        sure=sure,
        by_id=np.lexsort((ids, kind)).astype(np.int32)
        if nowhere.any()
        else np.arange(len(row), dtype=np.int32),
        several=(counts > 1)[row],
        entry=entry,
        first=edges[:-1].astype(np.int64),
        placeless=placeless.astype(np.int64),
        last=edges[1:].astype(np.int64),
        box=box,
        box_start=box_start,
        type_start=start.astype(np.int64),
        type_code=side.type_lists.values.astype(np.int32),
        type_sure=side.certainties,
        word_start=side.word_lists.start.astype(np.int64),
        word=side.word_lists.values.astype(np.int32),
    )


def links_between(mine: Side, theirs: Side, links_of: LinksOf) -> tuple[Links, list[Link]]:
    """My types → theirs, best fit first; and the links by number. Only types that somebody has are in it."""
    names, numbers = list(mine.vocabulary.types), mine.vocabulary.types
    there = np.bincount(theirs.type_lists.values, minlength=len(names)) > 0
    here = np.bincount(mine.type_lists.values, minlength=len(names)) > 0
    start: list[int] = [0]
    rows: list[tuple[int, float, int, int]] = []
    links: list[Link] = []
    for t, name in enumerate(names):
        if here[t]:
            ways = []
            for place, (other, link) in enumerate(sorted(links_of(name).items())):
                if other in numbers and there[numbers[other]]:
                    ways.append((numbers[other], link.fit, place, len(links)))
                    links.append(link)
            rows += sorted(ways, key=lambda way: (-way[1], way[2]))
        start.append(len(rows))
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    kinds: tuple[Any, ...] = (np.int32, np.float64, np.int32, np.int32)
    arrays = [np.array(values, dtype=kind) for values, kind in zip(columns, kinds, strict=True)]
    return Links(np.array(start, dtype=np.int64), *arrays), links


def postings_of(side: Side) -> Postings:
    """Word → listings, for all and for those of unknown type."""
    words, row = side.word_lists.values, np.repeat(np.arange(len(side)), np.diff(side.word_lists.start))
    untyped = (np.diff(side.type_lists.start) == 0)[row] if len(row) else np.zeros(0, dtype=bool)
    number = len(side.vocabulary.words)
    return Postings(*_posted(words, row, number), *_posted(words[untyped], row[untyped], number))


def _posted(words: Array, row: Array, number: int) -> tuple[Array, Array]:
    order = np.argsort(words, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(words, minlength=number))]).astype(np.int64)
    return start, row[order].astype(np.int32)


def best_of(
    mine: Index,
    theirs: Index,
    links: Links,
    postings: Postings,
    weights: Array,
    top: int,
    *,
    flip: bool,
    none_needed: bool,
    threads: int | None = None,
) -> Found:
    """The `top` best of each of my listings. `flip`: mine are the haves.

    The work is shared out in chunks to threads of this call's own (`threads`; every core the process may use where
    None, the calling thread alone for a few listings): compiled code runs without the interpreter's lock, and no
    thread outlives the call, so it is safe in a web process.
    """
    listings, entries = len(mine.entry), len(mine.row)
    other, score, fit, link = (np.empty((listings, top), dtype=np.int32) for _ in range(4))
    found = Found(other, score, fit, link, np.zeros(listings, dtype=np.int32))

    def run(start: int) -> None:
        end = min(start + step, entries)
        search(mine, theirs, links, postings, weights, flip, none_needed, found, start, end)

    wanted = min(threads or cores(), max(entries // CHUNK, 1))
    if wanted == 1 or entries < WORTH_THREADS:
        step = max(entries, 1)
        run(0)
        return found
    by_words = len(mine.word) and (mine.facts[:, WORDS] > 0).any()
    step = CHUNK * (8 if by_words else 1)
    with ThreadPoolExecutor(wanted) as pool:
        list(pool.map(run, range(0, entries, step)))
    return found
