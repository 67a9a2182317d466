# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows are stored a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

BATCH = 2_000


def batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """The numbers in order, at most `BATCH` at a time."""
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
