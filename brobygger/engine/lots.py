# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best plan where some deliveries go in whole lots: lorry loads, or a machine that cannot be shared.

Where all deliveries of a party are in lots of one size, what it can move is a whole number of them, and the flow
through such numbers comes out in whole lots by itself. What is left goes to CP-SAT, part by part, whole numbers
throughout, with its bound; so the proof is as good as without lots, or the gap is told.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

from brobygger.engine.flow import Floats, Integers, Network, Optimum, optimum, parted

SEED = 2026
MOST_DECIMALS = 6
LIMIT = 2.0**58
ROUGH_LIMIT = 2.0**50
"""What values with too many digits are scaled up to: finer than any proof needs, and no burden to the search."""


class _Part:
    """The plan of one part, what it is worth, what no plan of it can exceed."""

    def __init__(self, flow: Floats | None, bound: float, exact: bool) -> None:
        self.flow, self.bound, self.exact = flow, bound, exact


def optimum_in_lots(network: Network, seconds: float) -> Optimum:
    """As `flow.optimum`, where edges with a `lot` carry whole multiples of it. Prices are those without lots."""
    lot = network.lot
    assert lot is not None
    tight = tightened(network, lot)
    relaxed = optimum(replace(tight, lot=None))
    if len(relaxed.missing):
        return relaxed
    parts = parted(len(network.amount), network.tail, network.head)
    of_edge = parts.of_node[network.tail]
    broken = np.unique(of_edge[~_whole(relaxed.flow, lot)])
    flow, bound, exact = relaxed.flow.copy(), relaxed.bound, relaxed.exact
    missing = [relaxed.missing]
    for part in broken.tolist():
        rows = parts.edges[parts.edge_start[part] : parts.edge_start[part + 1]]
        before = float(np.sum(relaxed.flow[rows] * network.value[rows]))
        found = _searched(tight, lot, rows, relaxed.flow[rows], before, seconds / len(broken))
        if found.flow is None:
            missing.append(parts.nodes[parts.node_start[part] : parts.node_start[part + 1]])
            continue
        flow[rows] = found.flow
        bound += found.bound - before
        exact = exact and found.exact
    value = float(np.sum(flow * network.value))
    if exact:
        bound = value
    lacking = np.concatenate(missing).astype(np.int64)
    return Optimum(flow, relaxed.price, value, max(bound, value), exact, lacking)


def _whole(flow: Floats, lot: Floats) -> npt.NDArray[np.bool_]:
    """Which edges carry a whole number of lots (those without a lot always do)."""
    count = np.divide(flow, lot, out=np.zeros_like(flow), where=lot > 0)
    whole: npt.NDArray[np.bool_] = np.abs(count - np.rint(count)) <= 1e-9 * np.maximum(count, 1.0)
    return whole


def _down(amount: Floats, lot: Floats) -> Floats:
    """The largest whole number of lots within each amount."""
    count = np.floor(amount / lot * (1 + 1e-12) + 1e-12)
    return np.minimum(np.round(count * lot, 12), amount)


def _up(amount: Floats, lot: Floats) -> Floats:
    """The smallest whole number of lots that reaches each amount."""
    count = np.ceil(amount / lot * (1 - 1e-12) - 1e-12)
    return np.maximum(np.round(count * lot, 12), amount)


def tightened(network: Network, lot: Floats) -> Network:
    """The same plans in tighter limits: whole lots on each edge, and on each node whose edges share one lot."""
    capacity, minimum = network.capacity.copy(), network.minimum.copy()
    reach = network.reach
    rows = lot > 0
    capacity[rows] = _down(reach[rows], lot[rows])
    minimum[rows] = _up(minimum[rows], lot[rows])
    least = np.full(len(network.amount), np.inf)
    most = np.zeros(len(network.amount))
    for ends in (network.tail, network.head):
        np.minimum.at(least, ends, lot)
        np.maximum.at(most, ends, lot)
    same = (least == most) & (most > 0)
    amount, needed = network.amount.copy(), network.needed.copy()
    amount[same] = _down(amount[same], most[same])
    needed[same] = np.where(needed[same] > 0, _up(needed[same], most[same]), 0.0)
    return replace(network, amount=amount, needed=needed, capacity=capacity, minimum=minimum)


def _scale(numbers: Floats) -> tuple[float, bool]:
    """The smallest power of ten that makes all numbers whole, and whether it does."""
    for decimals in range(MOST_DECIMALS + 1):
        unit = 10.0**decimals
        if np.all(np.round(numbers * unit) / unit == numbers):
            return unit, True
    return 10.0**MOST_DECIMALS, False


def _searched(
    network: Network, lot: Floats, rows: Integers, hint: Floats, relaxed: float, seconds: float
) -> _Part:
    """The best plan of one part. Numbers with too many digits are rounded to the safe side, and the gap told."""
    tail, head = network.tail[rows], network.head[rows]
    reach, least, lots = network.reach[rows], network.minimum[rows], lot[rows]
    if (least > reach).any():
        return _Part(None, relaxed, True)
    value = np.where(reach > 0, network.value[rows], 0.0)  # what carries nothing is worth nothing
    nodes = np.unique(np.concatenate([tail, head]))
    unit, even = _scale(np.concatenate([network.amount[nodes], network.needed[nodes], reach, least, lots]))
    worth, evenly_valued = _scale(value)
    total = float(np.sum(np.abs(value) * reach)) * unit
    if total and (not evenly_valued or total * worth > LIMIT):
        worth, evenly_valued = 2.0 ** np.floor(np.log2(ROUGH_LIMIT / total)), False
    cp = cp_model.CpModel()
    size = np.where(lots > 0, np.ceil(np.round(lots * unit, 3)), 1).astype(np.int64)
    low = np.ceil(np.round(least * unit / size, 6)).astype(np.int64)
    high = np.floor(np.round(reach * unit / size, 6)).astype(np.int64)
    if (low > high).any():
        return _Part(None, relaxed, even)
    counts = [cp.new_int_var(a, b, "") for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    for count, carried, step in zip(counts, hint.tolist(), size.tolist(), strict=True):
        cp.add_hint(count, int(carried * unit // step))
    at: dict[int, list[int]] = {node: [] for node in nodes.tolist()}
    for row, (a, b) in enumerate(zip(tail.tolist(), head.tolist(), strict=True)):
        at[a].append(row)
        at[b].append(row)
    for node, own in at.items():
        moved = cp_model.LinearExpr.weighted_sum([counts[r] for r in own], [int(size[r]) for r in own])
        most = int(np.floor(np.round(network.amount[node] * unit, 3)))
        cp.add_linear_constraint(moved, int(np.ceil(np.round(network.needed[node] * unit, 3))), most)
    gain = [int(g) for g in np.round(value * worth).astype(np.int64) * size]
    cp.maximize(cp_model.LinearExpr.weighted_sum(counts, gain))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    solver.parameters.random_seed = SEED
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _Part(None, relaxed, status == cp_model.INFEASIBLE)
    carried = np.array([solver.value(count) for count in counts], dtype=np.float64)
    flow = np.where(lots > 0, np.round(carried * lots, 12), carried / unit)
    exact = status == cp_model.OPTIMAL and even and evenly_valued
    rounded_off = float(np.sum(np.abs(value - np.round(value * worth) / worth) * reach))
    bound = min(solver.best_objective_bound / (worth * unit) + rounded_off, relaxed) if even else relaxed
    return _Part(flow, bound, exact)
