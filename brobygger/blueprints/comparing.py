# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Two texts of a definition line by line: what was taken out, what came in, and three lines around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison. `sign`: "+" came in, "-" was taken out, "" stands, "…" some lines are left out."""

    sign: str
    before: int | None
    after: int | None
    text: str


def compare(before: str, after: str) -> list[Line]:
    """The lines that differ with what stands around them; empty when the texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    groups = list(SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND))
    found: list[Line] = []
    for number, group in enumerate(groups):
        if number:
            found.append(Line("…", None, None, ""))
        for tag, i1, i2, j1, j2 in group:
            found += _lines(tag, old, new, (i1, i2), (j1, j2))
    return found


def _lines(
    tag: str, old: list[str], new: list[str], was: tuple[int, int], now: tuple[int, int]
) -> Iterator[Line]:
    if tag == "equal":
        for i, j in zip(range(*was), range(*now), strict=True):
            yield Line("", i + 1, j + 1, old[i])
        return
    for i in range(*was):
        yield Line("-", i + 1, None, old[i])
    for j in range(*now):
        yield Line("+", None, j + 1, new[j])
