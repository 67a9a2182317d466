# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a worker does: read some texts, or search one part and leave its rows as a file in the shared folder.

Everything comes from that folder and goes back to it under a name of its own, complete or not at all. So a part that
was half done when its worker was lost is simply done again, by anybody.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from brobygger.engine.cli_listings import given_of
from brobygger.engine.cluster.plan import Part, Span
from brobygger.engine.columns import Side, Vocabulary, read_given, types_in
from brobygger.engine.facts import Knowledge
from brobygger.engine.match_tables import table
from brobygger.engine.matches import match, match_haves

KNOWLEDGE = "knowledge.pickle"
NEEDS, HAVES = "needs.parquet", "haves.parquet"
ROWS_AT_A_TIME = 200_000


def sees(folder: str) -> bool:
    """Whether this worker sees the shared folder."""
    return (Path(folder) / KNOWLEDGE).is_file()


def patterns_of(folder: str, texts: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The types that each text (with its language) speaks of."""
    knowledge = _knowledge(folder)
    return [tuple(type_ for type_, _ in types_in(text, knowledge, lang)) for text, lang in texts]


def search_part(
    folder: str, number: int, part: Part, top: int, compat: Mapping[tuple[str, str], float] | None
) -> int:
    """Search a part; its rows are `part-NUMBER.parquet`, with `need_row` and `have_row`. Returns how many."""
    knowledge, vocabulary = _knowledge(folder), Vocabulary()
    mine, theirs = (NEEDS, HAVES)[:: -1 if part.backward else 1]
    frames = {
        mine: read_spans(Path(folder) / mine, part.mine),
        theirs: read_spans(Path(folder) / theirs, part.theirs),
    }
    haves, needs = (_side(frames[name], knowledge, vocabulary) for name in (HAVES, NEEDS))
    find = match_haves if part.backward else match
    found = find(haves, needs, knowledge, compat=compat, top=top, threads=1)
    pairs = found.pairs
    tables = []
    for start in range(0, max(len(found), 1), ROWS_AT_A_TIME):
        end = min(start + ROWS_AT_A_TIME, len(found))
        rows = {
            "need_row": frames[NEEDS]["row"].gather(pairs.need[start:end]),
            "have_row": frames[HAVES]["row"].gather(pairs.have[start:end]),
            "have_rank": pl.Series(pairs.have_rank[start:end], dtype=pl.Int64),
        }
        tables.append(table(found, start, end).with_columns(**rows))
    _write(pl.concat(tables).sort("need_row", maintain_order=True), Path(folder) / name_of(part, number))
    return len(found)


def name_of(part: Part, number: int) -> str:
    """The file of a part."""
    return f"{'backward' if part.backward else 'forward'}-{number:05}.parquet"


def read_spans(path: Path, spans: Sequence[Span]) -> pl.DataFrame:
    """The listings at these places of a sorted side, in the order of the file they came from."""
    scan = pl.scan_parquet(path)
    pieces = [scan.slice(first, last - first) for first, last in spans] or [scan.slice(0, 0)]
    return pl.concat(pieces).collect().sort("row")


def _side(frame: pl.DataFrame, knowledge: Knowledge, vocabulary: Vocabulary) -> Side:
    return read_given(given_of(frame), knowledge, vocabulary)


def _write(frame: pl.DataFrame, path: Path) -> None:
    half = path.with_name(f".{path.name}.{os.uname().nodename}.{os.getpid()}.half")
    try:
        frame.write_parquet(half, row_group_size=50_000)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _knowledge(folder: str) -> Knowledge:
    knowledge = pickle.loads((Path(folder) / KNOWLEDGE).read_bytes())  # noqa: S301, written by our own coordinator
    assert isinstance(knowledge, Knowledge)
    return knowledge
