# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Numbers for distinct keys, and what is numbered in groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Integers = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]


@compiled
def numbered(keys: Integers) -> tuple[Indices, Integers]:
    """Each key's number among the distinct ones, in order of appearance, and where each distinct one first stands."""
    size = 16
    table = np.full(size, -1, dtype=np.int64)
    firsts = np.empty(size, dtype=np.int64)
    codes = np.empty(len(keys), dtype=np.int32)
    count = 0
    for i in range(len(keys)):
        slot = _slot(keys[i], size)
        while table[slot] >= 0 and keys[firsts[table[slot]]] != keys[i]:
            slot = (slot + 1) & (size - 1)
        if table[slot] < 0:
            table[slot] = count
            firsts[count] = i
            count += 1
        codes[i] = table[slot]
        if 2 * count >= size:
            size *= 4
            longer = np.empty(size, dtype=np.int64)
            longer[:count] = firsts[:count]
            firsts = longer
            table = np.full(size, -1, dtype=np.int64)
            for c in range(count):
                slot = _slot(keys[firsts[c]], size)
                while table[slot] >= 0:
                    slot = (slot + 1) & (size - 1)
                table[slot] = c
    return codes, firsts[:count]


@compiled
def grouped(label: Integers, n_groups: int) -> tuple[Integers, Integers]:
    """Where each group begins (one entry more than groups), and the numbers ordered by group (counting sort)."""
    start = np.zeros(n_groups + 1, np.int64)
    for k in range(len(label)):
        start[label[k] + 1] += 1
    for group in range(n_groups):
        start[group + 1] += start[group]
    at = start[:-1].copy()
    order = np.empty(len(label), np.int64)
    for k in range(len(label)):
        order[at[label[k]]] = k
        at[label[k]] += 1
    return start, order


@compiled
def _slot(key: int, size: int) -> np.int64:
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64((mixed >> np.uint64(20)) & np.uint64(size - 1))
