# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Tables of networks straight to arrays and back: no row of a million ever becomes a Python object."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from brobygger.engine.allocate import check_amounts, network_of, status_of
from brobygger.engine.errors import InputError, shown
from brobygger.engine.flow import optimum
from brobygger.engine.loops import Graph, graph_of, loops_in
from brobygger.engine.pair import WHY, LeftOver, Market, left_over, matched, total_score
from brobygger.engine.promises import conflict
from brobygger.engine.tables import Table

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MOST_NAMED = 5
"""Of those left over for one reason, so many are named in the printed summary."""


def positions(file: str, column: str, ids: pl.Series, known: pl.Series, expected: str) -> Integers:
    """The place of each id among those known (which are unique). Raises InputError for the first that is not."""
    codes = (
        ids.cast(pl.Enum(known), strict=False).to_physical()
        if len(known)
        else pl.repeat(None, len(ids), eager=True)
    )
    if codes.null_count():
        row = int(codes.is_null().arg_max() or 0)
        raise InputError(file, row + 1, column, f"{expected}, found {shown(ids[row])}")
    return codes.to_numpy().astype(np.int64)


def allocated(nodes: Table, edges: Table) -> tuple[dict[str, Any], str]:
    """The columns of the plan (have, need, flow, value) and its proof in words.

    Raises InputError on unknown and repeated ids and on numbers out of range, Impossible on minimums that clash.
    """
    side, ids = nodes.series("side"), nodes.series("id")
    is_have = (side == "have").to_numpy().astype(np.bool_)
    have_ids, need_ids = (_unique(ids, is_have, "have"), _unique(ids, ~is_have, "need"))
    amounts = nodes.numbers("amount"), _or_none(nodes, "minimum"), _or_none(nodes, "share")
    check_amounts(*amounts)
    haves, needs = edges.series("have"), edges.series("need")
    tail = positions("edges", "have", haves, have_ids, "the id of a have in nodes")
    head = positions("edges", "need", needs, need_ids, "the id of a need in nodes") + len(have_ids)
    capacity = np.nan_to_num(edges.numbers("capacity"), nan=np.inf)
    least = _or_none(edges, "minimum")
    network = network_of(is_have, *amounts, tail, head, edges.numbers("value"), capacity, least)
    found = optimum(network)
    if len(found.missing):
        listed = [*have_ids.to_list(), *need_ids.to_list()]
        raise conflict(network, found.missing, listed, haves.to_list(), needs.to_list())
    used = np.flatnonzero(found.flow > 0)
    moved = found.flow[used]
    columns = {"have": haves[used], "need": needs[used], "flow": moved, "value": moved * network.value[used]}
    gap = max(0.0, found.bound - found.value)
    proof = "exact" if found.exact else "rounded"
    return columns, (
        f"status={status_of(found)} value={found.value!r} bound={found.bound!r} gap={gap!r} "
        f"flows={len(used)} proof={proof}"
    )


def _or_none(table: Table, column: str) -> Floats:
    return np.nan_to_num(table.numbers(column), nan=0.0)


def _unique(ids: pl.Series, own: npt.NDArray[np.bool_], side: str) -> pl.Series:
    mine = ids.filter(pl.Series(own))
    repeated = ~mine.is_first_distinct()
    if repeated.any():
        row = int(np.flatnonzero(own)[repeated.arg_max() or 0])
        raise InputError("nodes", row + 1, "id", f"each {side} once, found {shown(ids[row])} again")
    return mine


def looped(edges: Table, max_length: int, top: int) -> dict[str, Any]:
    """The columns of the best loops: rank, length, nodes, value and flow. Raises InputError on ids with >."""
    graph = _graph(edges)
    found = loops_in(graph, max_length, top)
    names = [">".join(graph.ids[node] for node in row if node >= 0) for row in found.nodes.tolist()]
    ranks = np.arange(1, len(names) + 1)
    return {"rank": ranks, "length": found.length, "nodes": names, "value": found.value, "flow": found.flow}


def _graph(edges: Table) -> Graph:
    for column in ("from", "to"):
        odd = edges.series(column).str.contains(">", literal=True)
        if odd.any():
            row = int(odd.arg_max() or 0)
            raise InputError(
                "edges", row + 1, column, f"an id without >, found {shown(edges.series(column)[row])}"
            )
    from_, to = edges.series("from"), edges.series("to")
    ids = pl.concat([from_.unique(), to.unique()]).unique().sort()
    tail = positions("edges", "from", from_, ids, "an id")
    head = positions("edges", "to", to, ids, "an id")
    return graph_of(ids, tail, head, edges.numbers("value"), edges.numbers("capacity"))


def paired(
    left: Table, right: Table, wishes: Table, method: str, best_for: Literal["left", "right"]
) -> tuple[dict[str, Any], str]:
    """The columns of the pairs (left, right) and a summary: how many, their total, who is left over and why."""
    market = Market(
        left.series("id"),
        left.series("capacity").cast(pl.Int64).to_numpy(),
        right.series("id"),
        right.series("capacity").cast(pl.Int64).to_numpy(),
        positions("wishes", "left", wishes.series("left"), left.series("id"), "an id in left"),
        positions("wishes", "right", wishes.series("right"), right.series("id"), "an id in right"),
        *(wishes.numbers(name).astype(np.float64) for name in ("left_rank", "right_rank", "score")),
    )
    made = matched(market, method, best_for)
    pairs = pl.DataFrame({"left": wishes.series("left")[made], "right": wishes.series("right")[made]}).sort(
        "left", "right"
    )
    rest = left_over(market, made, method, best_for)
    said = f"method={method} pairs={len(made)} total={total_score(market, made)!r} with_room_left={len(rest)}"
    return {"left": pairs["left"], "right": pairs["right"]}, said + _reasons(rest)


def _reasons(rest: list[LeftOver]) -> str:
    """A line for each side and reason: how many, why, and some of their ids."""
    lines = ""
    for (side, reason), count in Counter((one.side, one.reason) for one in rest).items():
        some = [one.id for one in rest if (one.side, one.reason) == (side, reason)][:MOST_NAMED]
        more = " …" if count > len(some) else ""
        lines += f"\n{side} {reason} {count}: {WHY[reason]}: {', '.join(some)}{more}"
    return lines
