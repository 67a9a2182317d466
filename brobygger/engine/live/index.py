# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The index of listings that answers while they change: one listing's best among a million in well under a millisecond.

It holds numbers, not listings: `best` gives ids with the score and its parts, exactly those of `suggest`, whose rows
(with reasons) are one call away for the few that are shown.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.columns import read_side
from brobygger.engine.compatibility import Compat, Compatibility, Link
from brobygger.engine.facts import Knowledge
from brobygger.engine.listing import InvalidListing, Listing
from brobygger.engine.live import plain
from brobygger.engine.live.rows import ANYBODY, Rows, Types
from brobygger.engine.pair_score import Y, facts, weights_array
from brobygger.engine.parts import checked_weights

Array = npt.NDArray[Any]
Side = Literal["have", "need"]
EVERYTHING = -2
"""`seen_by`: whatever anybody may be shown."""
_OTHER: dict[Side, Side] = {"have": "need", "need": "have"}
_TEXT_LINK = Link(0.0, "text")
_A_DAY_LONG_AGO = -np.inf


class LiveHit(NamedTuple):
    """A listing on the other side: its id, the score and its parts (0..1), metres (NaN unknown), and by what way."""

    id: str
    score: float
    type: float
    text: float
    quantity: float
    time: float
    distance: float
    conditions: float
    metres: float
    link: Link


class _Read(NamedTuple):
    """One listing as numbers."""

    facts: Array
    types: Types
    words: Array


class LiveIndex:
    """Haves and needs that come, change and go. Safe to use from several threads: one at a time gets in."""

    def __init__(self, knowledge: Knowledge, compat: Compat | None = None) -> None:
        """`compat` replaces the knowledge of which types serve which, as in `suggest`."""
        self._knowledge = knowledge
        self._compatibility = Compatibility(knowledge, compat)
        self._sides: dict[Side, Rows] = {"have": Rows(), "need": Rows()}
        self._type_numbers: dict[str, int] = {}
        self._word_numbers: dict[str, int] = {}
        self._organisations: dict[str, int] = {}
        self._serves: dict[str, dict[str, Link]] = {}
        self._links: dict[tuple[Side, Types], tuple[int, tuple[Array, Array, Array], list[Link]]] = {}
        self._marks: Array = np.zeros(64, dtype=np.uint8)
        self._counts: Array = np.zeros(64, dtype=np.int16)
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return sum(map(len, self._sides.values()))

    def __contains__(self, listing_id: object) -> bool:
        return any(listing_id in rows.slot_of for rows in self._sides.values())

    @property
    def nbytes(self) -> int:
        """What it takes in memory, nearly: the arrays, and an estimate for ids and words."""
        words = 120 * (len(self._word_numbers) + len(self._organisations))
        return sum(rows.nbytes for rows in self._sides.values()) + words

    def put(self, side: Side, listing: Listing, office: int | None = None) -> None:
        """Insert the listing, or replace the one with its id. `office`: the only one that may be shown it, else all may.

        Raises InvalidListing; the index is then as it was.
        """
        self.put_many(side, [listing], [office])

    def put_many(
        self, side: Side, listings: Sequence[Listing], offices: Sequence[int | None] | None = None
    ) -> None:
        """Insert or replace many of one side. Raises InvalidListing; the index is then as it was."""
        given = offices if offices is not None else [None] * len(listings)
        if not listings:
            return
        with self._lock:
            read = self._read(listings)
            rows = self._sides[side]
            for listing in listings:
                self._remove(side, listing.id)
            seen = np.array([ANYBODY if office is None else office for office in given], dtype=np.int32)
            slots = rows.take([listing.id for listing in listings], *_apart(read, seen))
            self._list(rows, slots, read)
            if len(listings) == 1:
                rows.settle()

    def remove(self, side: Side, listing_id: str) -> bool:
        """Take the listing out. Whether it was there."""
        with self._lock:
            return self._remove(side, listing_id)

    def best(
        self,
        side: Side,
        listing: Listing,
        top: int = 10,
        *,
        weights: Mapping[str, float] | None = None,
        seen_by: int | None = EVERYTHING,
        on: date | None = None,
        compiled: bool | None = None,
    ) -> list[LiveHit]:
        """The `top` best on the other side for a listing of `side`, as `suggest` would rank them.

        The listing need not be in the index. `seen_by`: only what may be shown to everybody, and to that office (None: no
        office). `on`: only those that have not ended by that day. `compiled`: whether to use the compiled kernel; by
        default it is used when it is at hand, and nobody waits for a compiler. Raises InvalidListing, ValueError.
        """
        if top < 1:
            raise ValueError("top skal være mindst 1")
        shares = checked_weights(weights)
        with self._lock:
            return self._best(side, self._read([listing])[0], top, shares, seen_by, on, compiled)

    def _best(
        self,
        side: Side,
        me: _Read,
        top: int,
        weights: Mapping[str, float],
        seen_by: int | None,
        on: date | None,
        compiled: bool | None,
    ) -> list[LiveHit]:
        theirs = self._sides[_OTHER[side]]
        theirs.settle()
        numbers, links = self._links_of(side, me.types)
        office = ANYBODY if seen_by is None else seen_by
        today = _A_DAY_LONG_AGO if on is None else float(on.toordinal())
        if at_hand() if compiled is None else compiled:
            found = self._by_kernel(side, me, theirs, numbers, weights_array(weights), office, today, top)
        else:
            found = plain.best(
                theirs, me.facts, side == "need", me.words, numbers, bool(me.types), dict(weights), office, today, top
            )  # fmt: skip
        slots, codes, measured = found
        return [
            LiveHit._make((theirs.name_of(slot), *row, links[code] if code >= 0 else _TEXT_LINK))
            for slot, code, row in zip(slots.tolist(), codes.tolist(), measured.tolist(), strict=True)
        ]

    def _by_kernel(
        self,
        side: Side,
        me: _Read,
        theirs: Rows,
        numbers: tuple[Array, Array, Array],
        weights: Array,
        office: int,
        today: float,
        top: int,
    ) -> tuple[Array, Array, Array]:
        from brobygger.engine.live import kernels

        if len(self._marks) < len(self._word_numbers):
            self._marks = np.zeros(len(self._word_numbers) * 5 // 4, dtype=np.uint8)
        if len(self._counts) < len(theirs.types):
            self._counts = np.zeros(len(theirs.types) * 5 // 4, dtype=np.int16)
        self._marks[me.words] = 1
        by_word = theirs.untyped_by_word if me.types else theirs.by_word
        entry = theirs.by_type.columns
        try:
            return kernels.best(
                me.facts, side == "need", me.words, self._marks, *numbers, theirs.by_type.starts,
                theirs.by_type.lengths, entry["slot"], entry["x"], entry["y"], entry["sure"], by_word.starts,
                by_word.lengths, by_word.columns["slot"], theirs.facts, theirs.office, theirs.names,
                theirs.first_word, theirs.words, self._counts, weights, office, today, top,
            )  # fmt: skip
        finally:
            self._marks[me.words] = 0

    def _read(self, listings: Sequence[Listing]) -> list[_Read]:
        for listing in listings:
            if "\0" in listing.id:
                raise InvalidListing(listing.id, "id", "må ikke indeholde et nultegn")
        side = read_side(listings, self._knowledge, self._organisations)
        numbers = self._word_numbers
        words = [
            np.array(sorted(numbers.setdefault(t, len(numbers)) for t in own), dtype=np.int32)
            for own in side.tokens
        ]
        return [_Read(*row) for row in zip(facts(side.columns), side.types, words, strict=True)]

    def _list(self, rows: Rows, slots: Array, read: list[_Read]) -> None:
        """Enter new listings in the lists of their types and words."""
        kinds = [(i, self._type_number(t), sure) for i, row in enumerate(read) for t, sure in row.types]
        table = np.stack([row.facts for row in read])
        if kinds:
            at = np.array([i for i, _, _ in kinds])
            rows.by_type.add_many(
                np.array([number for _, number, _ in kinds]),
                slot=slots[at],
                x=table[at, 0],
                y=table[at, Y],
                sure=np.array([sure for _, _, sure in kinds]),
            )
        holders = np.repeat(slots, [len(row.words) for row in read])
        all_words = np.concatenate([row.words for row in read])
        rows.by_word.add_many(all_words, slot=holders)
        untyped = np.repeat([not row.types for row in read], [len(row.words) for row in read])
        rows.untyped_by_word.add_many(all_words[untyped], slot=holders[untyped])

    def _remove(self, side: Side, listing_id: str) -> bool:
        rows = self._sides[side]
        slot = rows.slot_of.get(listing_id)
        if slot is None:
            return False
        x, _ = rows.place_of(slot)
        for type_id, _ in rows.types[slot]:
            rows.by_type.remove(self._type_numbers[type_id], slot, x)
        for word in rows.words_of(slot).tolist():
            rows.by_word.remove(word, slot)
            if not rows.types[slot]:
                rows.untyped_by_word.remove(word, slot)
        rows.let_go(listing_id)
        return True

    def _type_number(self, type_id: str) -> int:
        """A new type is also looked up as a need, so that haves find it."""
        number = self._type_numbers.get(type_id)
        if number is None:
            number = self._type_numbers[type_id] = len(self._type_numbers)
            for have, link in self._compatibility.accepts(type_id).items():
                self._serves.setdefault(have, {})[type_id] = link
        return number

    def _links_of(self, side: Side, types: Types) -> tuple[tuple[Array, Array, Array], list[Link]]:
        """(list numbers, fits, codes), best first, and the links that the codes stand for."""
        known = self._links.get((side, types))
        if known is not None and known[0] == len(self._type_numbers):
            return known[1], known[2]
        links: list[Link] = []
        found: list[tuple[float, int, int]] = []
        for type_id, certainty in types:
            ways = self._compatibility.accepts(type_id) if side == "need" else self._serves.get(type_id, {})
            for other, link in sorted(ways.items()):
                if other in self._type_numbers:
                    found.append((link.fit * certainty, self._type_numbers[other], len(links)))
                    links.append(link)
        found.sort(key=lambda way: (-way[0], way[2]))
        arrays = (
            np.array([number for _, number, _ in found], dtype=np.int64),
            np.array([fit for fit, _, _ in found], dtype=np.float64),
            np.array([code for _, _, code in found], dtype=np.int64),
        )
        if len(self._links) > 10_000:
            self._links.clear()
        self._links[side, types] = (len(self._type_numbers), arrays, links)
        return arrays, links


def _apart(read: Iterable[_Read], offices: Array) -> tuple[Array, Array, list[Types], list[Array]]:
    rows = list(read)
    return (
        np.stack([row.facts for row in rows]),
        offices,
        [row.types for row in rows],
        [row.words for row in rows],
    )


_ready = False


def at_hand() -> bool:
    """Whether the compiled kernel can answer now: compiled in this process, or kept on disk by another."""
    global _ready
    if not _ready:
        from brobygger.engine.jit import on_disk
        from brobygger.engine.live import kernels

        _ready = on_disk(kernels.best)
    return _ready


def warm_up() -> None:
    """Compile the kernel, or read it from disk, now: some ten seconds the first time on a machine, then a tenth of one."""
    global _ready
    index = LiveIndex(Knowledge(types={}))
    mask = Listing("a", type="a", text="a")
    index.put("have", mask)
    index.best("need", mask, compiled=True)
    _ready = True
