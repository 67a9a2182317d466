# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Thousands of lists that grow and shrink, in a few arrays: what a compiled kernel can walk through without Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
FEW = 256
"""From so many waiting entries on, laying all lists out anew is quicker than putting each in its place."""


class Lists:
    """Numbered lists. Entry `i` of list `n` stands at ``starts[n] + i`` of every column; there are ``lengths[n]``.

    With `sort_by`, each list is ascending in that column, NaN last. A list that outgrows its room moves to the end, and
    when more than half of the arrays is abandoned room, all are laid out anew.
    """

    def __init__(self, columns: Mapping[str, Any], sort_by: str = "") -> None:
        """`columns`: name → dtype. One of them is ``slot``."""
        self.columns: dict[str, Array] = {name: np.zeros(0, dtype=dtype) for name, dtype in columns.items()}
        self.sort_by = sort_by
        self.starts: Array = np.zeros(0, dtype=np.int64)
        self.lengths: Array = np.zeros(0, dtype=np.int64)
        self._room: Array = np.zeros(0, dtype=np.int64)
        self._end = 0
        self._waiting: list[tuple[Array, dict[str, Array]]] = []

    def __len__(self) -> int:
        """How many lists there are."""
        return len(self.starts)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        fixed = self.starts.nbytes + self.lengths.nbytes + self._room.nbytes
        return fixed + sum(column.nbytes for column in self.columns.values())

    def entries(self, number: int) -> dict[str, Array]:
        """The columns of one list (views; nothing where there is no such list)."""
        if number >= len(self.starts):
            return {name: column[:0] for name, column in self.columns.items()}
        a = int(self.starts[number])
        b = a + int(self.lengths[number])
        return {name: column[a:b] for name, column in self.columns.items()}

    def add(self, number: int, **values: float) -> None:
        """One entry, in its place."""
        self.settle()
        self._make_room(number)
        a, size = int(self.starts[number]), int(self.lengths[number])
        at = a + size
        if self.sort_by:
            key = self.columns[self.sort_by][a:at]
            at = a + int(np.searchsorted(key, values[self.sort_by], side="right"))
        for name, column in self.columns.items():
            column[at + 1 : a + size + 1] = column[at : a + size]
            column[at] = values[name]
        self.lengths[number] = size + 1

    def remove(self, number: int, slot: int, key: float = np.nan) -> None:
        """The entry of `slot`; `key` is its value in `sort_by`. Raises KeyError when it is not there."""
        self.settle()
        a, size = int(self.starts[number]), int(self.lengths[number])
        low, high = 0, size
        if self.sort_by:
            keys = self.columns[self.sort_by][a : a + size]
            low, high = (int(np.searchsorted(keys, key, side=side)) for side in ("left", "right"))
        found = np.flatnonzero(self.columns["slot"][a + low : a + high] == slot)
        if not len(found):
            raise KeyError(slot)
        at = a + low + int(found[0])
        for column in self.columns.values():
            if self.sort_by:
                column[at : a + size - 1] = column[at + 1 : a + size]
            else:
                column[at] = column[a + size - 1]
        self.lengths[number] = size - 1

    def add_many(self, numbers: Array, **values: Array) -> None:
        """Entries of many lists; they are put in their places before the lists are next read through `settle`."""
        if len(numbers):
            self._waiting.append((np.asarray(numbers, dtype=np.int64), values))

    def settle(self) -> None:
        """Put what waits in its place."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        if sum(len(numbers) for numbers, _ in waiting) < FEW:
            for numbers, values in waiting:
                for i, number in enumerate(numbers.tolist()):
                    self.add(number, **{name: column[i] for name, column in values.items()})
            return
        self._lay_out(waiting)

    def _lay_out(self, more: list[tuple[Array, dict[str, Array]]]) -> None:
        """All lists anew, with what came; an eighth of each is room to grow."""
        numbers = np.concatenate(
            [np.repeat(np.arange(len(self.starts)), self.lengths), *(n for n, _ in more)]
        )
        here = np.arange(self.lengths.sum()) + np.repeat(
            self.starts - np.concatenate([[0], np.cumsum(self.lengths)[:-1]])
            if len(self.starts)
            else self.starts,
            self.lengths,
        )
        whole = {
            name: np.concatenate(
                [column[here.astype(np.int64)], *(values[name].astype(column.dtype) for _, values in more)]
            )
            for name, column in self.columns.items()
        }
        count = max(len(self.starts), int(numbers.max()) + 1 if len(numbers) else 0)
        order = (
            np.lexsort((whole[self.sort_by], numbers)) if self.sort_by else np.argsort(numbers, kind="stable")
        )
        self.lengths = np.bincount(numbers, minlength=count).astype(np.int64)
        self._room = self.lengths + self.lengths // 8
        self.starts = np.concatenate([[0], np.cumsum(self._room)[:-1]]).astype(np.int64)
        self._end = int(self._room.sum())
        firsts = np.cumsum(self.lengths) - self.lengths
        places = np.arange(len(numbers)) + np.repeat(self.starts - firsts, self.lengths)
        for name, column in whole.items():
            laid = np.zeros(self._end, dtype=column.dtype)
            laid[places] = column[order]
            self.columns[name] = laid

    def _make_room(self, number: int) -> None:
        """Room for one more entry in the list, which may be a new one."""
        if number >= len(self.starts):
            more = max(number + 1, len(self.starts) * 5 // 4) - len(self.starts)
            self.starts, self.lengths, self._room = (
                np.concatenate([old, np.zeros(more, dtype=np.int64)])
                for old in (self.starts, self.lengths, self._room)
            )
        size = int(self.lengths[number])
        if size < self._room[number]:
            return
        if self._end > 2 * int(self.lengths.sum()) + 1_000_000:
            self._lay_out([])
        room = size + size // 2 + 4
        a = int(self.starts[number])
        whole = len(self.columns["slot"])
        if self._end + room > whole:
            longer = (self._end + room) * 5 // 4
            for name, column in self.columns.items():
                grown = np.zeros(longer, dtype=column.dtype)
                grown[:whole] = column
                self.columns[name] = grown
        for column in self.columns.values():
            column[self._end : self._end + size] = column[a : a + size]
        self.starts[number], self._room[number] = self._end, room
        self._end += room
