# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The coordinator: sort both sides into the shared folder, send the parts out, read the rows back in the needs' order.

A part whose worker is lost is given to another by Dask; a part that costs three more workers their lives ends the run.
"""

from __future__ import annotations

import importlib
import logging
import pickle
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from brobygger.engine.cli_listings import Listings
from brobygger.engine.cluster import work
from brobygger.engine.cluster.plan import Pattern, Pile, parts, tree_order
from brobygger.engine.compatibility import Compatibility
from brobygger.engine.facts import Knowledge
from brobygger.engine.match_tables import NEEDS_AT_A_TIME, schema

TEXTS_AT_A_TIME = 2_000
PATIENCE = 30
"""Seconds to find the scheduler, and at least one worker."""


class ClusterError(RuntimeError):
    """The cluster cannot be reached, or could not do the work."""


@contextmanager
def suggesting(
    address: str,
    listings: tuple[Listings, Listings],
    knowledge: Knowledge,
    *,
    compat: Mapping[tuple[str, str], float] | None,
    top: int,
    both: bool,
    shared: Path,
) -> Iterator[Iterator[pl.DataFrame]]:
    """The tables that `match_tables.tables` would give for (haves, needs), found by the workers at `address`.

    `shared`: a folder that coordinator and workers see under the same name; what is put there is gone afterwards.
    Raises ClusterError.
    """
    haves, needs = listings
    with (
        _client(address) as client,
        tempfile.TemporaryDirectory(dir=shared, prefix=".cluster-", suffix=".part") as folder,
    ):
        (Path(folder) / work.KNOWLEDGE).write_bytes(pickle.dumps(knowledge))
        workers = _workers(client, folder)
        yield in_parts(
            client, workers, folder, haves.frame, needs.frame, knowledge, compat=compat, top=top, both=both
        )


def in_parts(
    client: Any,
    workers: int,
    folder: str,
    haves: pl.DataFrame,
    needs: pl.DataFrame,
    knowledge: Knowledge,
    *,
    compat: Mapping[tuple[str, str], float] | None,
    top: int,
    both: bool,
) -> Iterator[pl.DataFrame]:
    """The tables, when all parts are done. The folder holds the knowledge; `client` submits and gathers as Dask's does."""
    have_piles = _sorted(haves, folder, work.HAVES, knowledge, client)
    need_piles = _sorted(needs, folder, work.NEEDS, knowledge, client)
    made = parts(need_piles, have_piles, Compatibility(knowledge, compat).accepts, workers, both)
    futures = [
        client.submit(work.search_part, folder, number, part, top, compat, pure=False, priority=-number)
        for number, part in enumerate(made)
    ]
    _gathered(client, futures)
    return _in_order(Path(folder), needs.height, both)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise ClusterError(
            'this needs Dask on this machine and the workers: pip install "brobygger[cluster]"'
        ) from error
    logging.getLogger("distributed").setLevel(logging.ERROR)
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise ClusterError(f"no scheduler answers at {address}") from error
    try:
        yield client
    finally:
        client.close(timeout=PATIENCE)


def _workers(client: Any, folder: str) -> int:
    """How many parts can be searched at once. Raises ClusterError where nobody can, or the folder is not shared."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise ClusterError("the scheduler has no workers") from error
    for worker, sees in client.run(work.sees, folder, on_error="return").items():
        if isinstance(sees, BaseException):
            raise ClusterError(f"worker {worker} cannot run this version of the engine ({sees!r})")
        if not sees:
            raise ClusterError(
                f"worker {worker} does not see the folder {folder}; name a shared one (--shared)"
            )
    return sum(client.nthreads().values())


def _sorted(frame: pl.DataFrame, folder: str, name: str, knowledge: Knowledge, client: Any) -> list[Pile]:
    """Write the side, sorted by what its listings may be, and tell where each pile of them stands."""
    patterns = _patterns(frame, folder, client)
    distinct = tree_order(patterns.values(), knowledge)
    place = {pattern: number for number, pattern in enumerate(dict.fromkeys(distinct))}
    keys = pl.DataFrame(
        {
            "type": [key[0] for key in patterns],
            "text": [key[1] for key in patterns],
            "lang": [key[2] for key in patterns],
            "pile": [place[pattern] for pattern in patterns.values()],
        },
        schema={"type": pl.String, "text": pl.String, "lang": pl.String, "pile": pl.Int64},
    )
    chosen = pl.col("type") != ""
    sided = (
        frame.with_row_index("row")
        .with_columns(_text=pl.when(chosen).then(pl.lit("")).otherwise("text"))
        .with_columns(_lang=pl.when(chosen).then(pl.lit("")).otherwise("lang"), texted=pl.col("text") != "")
        .join(keys, left_on=["type", "_text", "_lang"], right_on=["type", "text", "lang"], how="left")
        .sort("pile", "texted", "row")
    )
    piles = (
        sided.group_by("pile", maintain_order=True)
        .agg(pl.len().alias("all"), pl.col("texted").sum())
        .with_columns(last=pl.col("all").cum_sum())
    )
    sided.drop("pile", "texted", "_text", "_lang").write_parquet(Path(folder) / name, row_group_size=20_000)
    named = list(place)
    return [
        Pile(named[pile], last - count, last - texted, last)
        for pile, count, texted, last in piles.select("pile", "all", "texted", "last").rows()
    ]


def _patterns(frame: pl.DataFrame, folder: str, client: Any) -> dict[tuple[str, str, str], Pattern]:
    """(type, "", "") or ("", text, language) → what such a listing may be; the texts are read by the workers."""
    types = frame["type"].unique(maintain_order=True).to_list()
    found: dict[tuple[str, str, str], Pattern] = {(t, "", ""): (t,) for t in types if t}
    texts = frame.filter(pl.col("type") == "").select("text", "lang").unique(maintain_order=True).rows()
    chunks = [texts[start : start + TEXTS_AT_A_TIME] for start in range(0, len(texts), TEXTS_AT_A_TIME)]
    read = [client.submit(work.patterns_of, folder, chunk, pure=False) for chunk in chunks]
    for chunk, patterns in zip(chunks, _gathered(client, read), strict=True):
        found |= {("", *text): pattern for text, pattern in zip(chunk, patterns, strict=True)}
    return found


def _gathered(client: Any, futures: list[Any]) -> list[Any]:
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    try:
        done: list[Any] = client.gather(futures)
    except KilledWorker as error:
        raise ClusterError(f"one part was given up: every worker that tried it was lost ({error})") from error
    except (FutureCancelledError, OSError, RuntimeError) as error:
        told = " ".join(str(error).split())[:300]
        raise ClusterError(f"the cluster was lost on the way, or runs another version ({told})") from error
    return done


def _in_order(folder: Path, needs: int, both: bool) -> Iterator[pl.DataFrame]:
    """The rows of all parts as one machine would have written them, some thousand needs at a time."""
    columns = list(schema(both))
    forward, backward = (sorted(folder.glob(f"{name}-*.parquet")) for name in ("forward", "backward"))
    for first in range(0, max(needs, 1), NEEDS_AT_A_TIME):
        last = min(first + NEEDS_AT_A_TIME, needs)
        found = _between(forward, first, last)
        if both:
            found = _with_backward(found, _between(backward, first, last))
        yield found.sort("need_row", maintain_order=True).select(columns)


def _between(files: list[Path], first: int, last: int) -> pl.DataFrame:
    if not files:
        empty = schema(True) | {"need_row": pl.UInt32, "have_row": pl.UInt32}
        return pl.DataFrame(schema=empty)
    return pl.scan_parquet(files).filter(pl.col("need_row").is_between(first, last, closed="left")).collect()


def _with_backward(forward: pl.DataFrame, backward: pl.DataFrame) -> pl.DataFrame:
    """The needs' rows with the haves' ranks, then by score, distance and id the rows that only a have ranks."""
    pair = ["need_row", "have_row"]
    ranks = backward.select(*pair, "have_rank")
    ranked = (
        forward.drop("have_rank")
        .join(ranks, on=pair, how="left", maintain_order="left")
        .with_columns(pl.col("have_rank").fill_null(0))
    )
    alone = backward.join(forward, on=pair, how="anti").sort(
        "need_row", "score", "metres", "have", descending=[False, True, False, False], nulls_last=True
    )
    return pl.concat([ranked, alone.select(ranked.columns)])
