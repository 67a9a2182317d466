# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Tables of networks straight to arrays and back: no row of a million ever becomes a Python object."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from brobygger.engine.allocate import check_amounts, check_worth, network_of, status_of
from brobygger.engine.errors import InputError, shown
from brobygger.engine.flow import Optimum, optimum
from brobygger.engine.loops import Found, Graph, graph_of, loops_in
from brobygger.engine.pair import LeftOver, Market, left_over, matched, total_score, why
from brobygger.engine.promises import conflict
from brobygger.engine.tables import Table
from brobygger.engine.trade_off import corners

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


class Plans:
    """The network of two files, checked; its best plan, and the curve between two currencies.

    Raises InputError on unknown and repeated ids and on numbers out of range, Impossible on minimums that clash.
    """

    def __init__(self, nodes: Table, edges: Table) -> None:
        side, ids = nodes.series("side"), nodes.series("id")
        is_have = (side == "have").to_numpy().astype(np.bool_)
        have_ids, need_ids = (_unique(ids, is_have, "have"), _unique(ids, ~is_have, "need"))
        amounts = nodes.numbers("amount"), _or_none(nodes, "minimum"), _or_none(nodes, "share")
        check_amounts(*amounts)
        self._haves, self._needs = edges.series("have"), edges.series("need")
        tail = positions("edges", "have", self._haves, have_ids, "the id of a have in nodes")
        head = positions("edges", "need", self._needs, need_ids, "the id of a need in nodes") + len(have_ids)
        capacity = np.nan_to_num(edges.numbers("capacity"), nan=np.inf)
        limits = capacity, _or_none(edges, "minimum"), _or_none(edges, "lot")
        self._network = network_of(is_have, *amounts, tail, head, edges.numbers("value"), *limits)
        self._co2e = _or_none(edges, "co2e")
        self._ids = have_ids, need_ids

    def best(self, co2e_price: float | None = None) -> tuple[dict[str, Any], str]:
        """The columns of the plan (have, need, flow, value) and its proof in words.

        With a price, the plan worth most in kroner and CO2e at that price, and the CO2e of each flow besides. Raises
        InputError where the two together come beyond the limit of a value.
        """
        worth = self._network.value + (co2e_price or 0.0) * self._co2e
        check_worth(worth)
        found = optimum(replace(self._network, value=worth))
        if len(found.missing):
            raise self._clash(found)
        used = np.flatnonzero(found.flow > 0)
        moved = found.flow[used]
        columns = {"have": self._haves[used], "need": self._needs[used], "flow": moved}
        columns |= {"value": moved * self._network.value[used]}
        told = ""
        if co2e_price is not None:
            saved = moved * self._co2e[used]
            columns |= {"co2e": saved}
            told = f" kroner={float(np.dot(moved, self._network.value[used]))!r} co2e={float(saved.sum())!r}"
        gap = max(0.0, found.bound - found.value)
        proof = "exact" if found.exact else "rounded"
        return columns, (
            f"status={status_of(found)} value={found.value!r} bound={found.bound!r} gap={gap!r} "
            f"flows={len(used)} proof={proof}{told}"
        )

    def curve(self) -> dict[str, Any]:
        """The columns of the curve from most kroner to most CO2e: point, kroner, co2e, price, flows."""
        found = corners(self._network, self._co2e)
        if not found:
            raise self._clash(optimum(self._network))
        return {
            "point": list(range(1, len(found) + 1)),
            "kroner": [corner.first for corner in found],
            "co2e": [corner.second for corner in found],
            "price": [corner.price for corner in found],
            "flows": [int(np.count_nonzero(corner.flow > 0)) for corner in found],
        }

    def _clash(self, found: Optimum) -> Exception:
        listed = [*self._ids[0].to_list(), *self._ids[1].to_list()]
        return conflict(self._network, found.missing, listed, self._haves.to_list(), self._needs.to_list())


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
    return _loop_columns(graph, loops_in(graph, max_length, top))


def looped_together(edges: Table, max_length: int) -> tuple[dict[str, Any], str]:
    """The columns of the best set of loops that use no tonne twice, and its proof in words. Raises as `looped`."""
    from brobygger.engine.loop_sets import together

    graph = _graph(edges)
    best = together(graph, max_length)
    gap = max(0.0, best.bound - best.value)
    return _loop_columns(graph, best.found), (
        f"status={best.status} value={best.value!r} bound={best.bound!r} gap={gap!r} loops={len(best.found.value)}"
    )


def _loop_columns(graph: Graph, found: Found) -> dict[str, Any]:
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
    rest = left_over(market, made, method)
    said = f"method={method} pairs={len(made)} total={total_score(market, made)!r} with_room_left={len(rest)}"
    return {"left": pairs["left"], "right": pairs["right"]}, said + _reasons(rest)


def _reasons(rest: list[LeftOver]) -> str:
    """A line for each side and reason: how many, why, and some of their ids."""
    lines = ""
    for (side, reason), count in Counter((one.side, one.reason) for one in rest).items():
        some = [one.id for one in rest if (one.side, one.reason) == (side, reason)][:MOST_NAMED]
        more = " …" if count > len(some) else ""
        lines += f"\n{side} {reason} {count}: {why(reason)}: {', '.join(some)}{more}"
    return lines
