# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""All listings of one side, each in a slot of a few arrays; a slot is used again when its listing has gone."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from brobygger.engine.live.lists import Lists
from brobygger.engine.pair_score import WIDTH, WORDS, X

Array = npt.NDArray[Any]
Types = tuple[tuple[str, float], ...]
ANYBODY = -1
"""In `Rows.office`: the listing may be shown to everybody."""
_FEWEST = 64


class Rows:
    """Listings of one side.

    `facts[slot]` is a row of `pair_score.facts`; `office[slot]` the only office that may be shown it, or `ANYBODY`;
    `names[slot]` its id in UTF-8 padded with zeros, whose order is that of the ids; its word stems, as numbers, stand in
    `words` from `first_word[slot]` on, as many as its facts say. `by_type`: type number → slots, ascending in x, with
    how certain the type is. `by_word`: word number → slots; `untyped_by_word` those of unknown type among them.
    """

    def __init__(self) -> None:
        self.facts: Array = np.zeros((_FEWEST, WIDTH), dtype=np.float64)
        self.office: Array = np.zeros(_FEWEST, dtype=np.int32)
        self.names: Array = np.zeros((_FEWEST, 8), dtype=np.uint8)
        self.first_word: Array = np.zeros(_FEWEST, dtype=np.int64)
        self.words: Array = np.zeros(_FEWEST, dtype=np.int32)
        self.types: list[Types] = []
        self.slot_of: dict[str, int] = {}
        places = {"slot": np.int32, "x": np.float64, "y": np.float64, "sure": np.float64}
        self.by_type = Lists(places, sort_by="x")
        self.by_word = Lists({"slot": np.int32})
        self.untyped_by_word = Lists({"slot": np.int32})
        self._free: list[int] = []
        self._last_word = 0

    def __len__(self) -> int:
        return len(self.slot_of)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays, and an estimate for the ids."""
        own = (self.facts, self.office, self.names, self.first_word, self.words)
        lists = (self.by_type, self.by_word, self.untyped_by_word)
        ids = sum(150 + len(name) for name in list(self.slot_of)[:1]) * len(self.slot_of)
        return sum(a.nbytes for a in own) + sum(part.nbytes for part in lists) + ids + 8 * len(self.types)

    def take(
        self, ids: list[str], facts: Array, offices: Array, types: list[Types], words: list[Array]
    ) -> Array:
        """Give new listings their slots, without their lists. Returns the slots."""
        count = len(ids)
        reused = [self._free.pop() for _ in range(min(count, len(self._free)))]
        fresh = range(len(self.types), len(self.types) + count - len(reused))
        self.types += [()] * len(fresh)
        slots = np.array([*reused, *fresh], dtype=np.int64)
        encoded = [name.encode("utf-8", "surrogatepass") for name in ids]
        self._grow(len(self.types), max(map(len, encoded), default=0))
        self.facts[slots] = facts
        self.office[slots] = offices
        width = self.names.shape[1]
        padded = b"".join(name.ljust(width, b"\0") for name in encoded)
        self.names[slots] = np.frombuffer(padded, dtype=np.uint8).reshape(count, width)
        self._keep_words(slots, words)
        for slot, name, own in zip(slots.tolist(), ids, types, strict=True):
            self.types[slot] = own
            self.slot_of[name] = slot
        return slots

    def let_go(self, name: str) -> int:
        """Free the listing's slot (its lists are the caller's). Raises KeyError."""
        slot = self.slot_of.pop(name)
        self.types[slot] = ()
        self._free.append(slot)
        return slot

    def words_of(self, slot: int) -> Array:
        """The numbers of the listing's word stems."""
        first = int(self.first_word[slot])
        return self.words[first : first + int(self.facts[slot, WORDS])]

    def name_of(self, slot: int) -> str:
        """The id of the listing in the slot."""
        return str(self.names[slot].tobytes().rstrip(b"\0"), "utf-8", "surrogatepass")

    def place_of(self, slot: int) -> tuple[float, float]:
        """x and y, NaN where unknown."""
        return float(self.facts[slot, X]), float(self.facts[slot, X + 1])

    def settle(self) -> None:
        """Put what waits in the lists in its place."""
        for part in (self.by_type, self.by_word, self.untyped_by_word):
            part.settle()

    def _keep_words(self, slots: Array, words: list[Array]) -> None:
        total = sum(map(len, words))
        if self._last_word + total > len(self.words):
            self._tidy_words(total)
        first = self._last_word + np.cumsum([0, *map(len, words)])[:-1]
        self.first_word[slots] = first
        if total:
            self.words[self._last_word : self._last_word + total] = np.concatenate(words)
        self._last_word += total

    def _tidy_words(self, more: int) -> None:
        """Leave out the words of listings that have gone; room for a quarter more."""
        living = np.fromiter(self.slot_of.values(), dtype=np.int64, count=len(self.slot_of))
        lengths = self.facts[living, WORDS].astype(np.int64)
        firsts = np.cumsum(lengths) - lengths
        where = np.arange(lengths.sum()) + np.repeat(self.first_word[living] - firsts, lengths)
        kept = self.words[where]
        self.words = np.zeros((len(kept) + more) * 5 // 4 + _FEWEST, dtype=np.int32)
        self.words[: len(kept)] = kept
        self.first_word[living] = firsts
        self._last_word = len(kept)

    def _grow(self, slots: int, width: int) -> None:
        have = len(self.office)
        wider = max(self.names.shape[1], -(-width // 8) * 8)
        if slots <= have and wider == self.names.shape[1]:
            return
        size = max(have, slots * 5 // 4) if slots > have else have
        for name in ("facts", "office", "first_word"):
            old = getattr(self, name)
            new = np.zeros((size, *old.shape[1:]), dtype=old.dtype)
            new[:have] = old
            setattr(self, name, new)
        names = np.zeros((size, wider), dtype=np.uint8)
        names[:have, : self.names.shape[1]] = self.names
        self.names = names
