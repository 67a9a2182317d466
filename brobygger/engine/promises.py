# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Minimums that cannot all be kept in an allocation: which of them clash, and how much of them can be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from brobygger.engine.flow import LONGEST_SEARCH, Floats, Network, optimum, parted

Integers = npt.NDArray[np.int64]

MOST_ASKED = 400
"""Minimums whose clash is looked for one by one. Beyond it, halves are tried first."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """A least amount that was asked for: of a pair (`have` and `need`), or of one party (the other is None)."""

    have: str | None
    need: str | None
    amount: float

    def __str__(self) -> str:
        if self.have is not None and self.need is not None:
            return f"at least {self.amount:g} from {self.have} to {self.need}"
        return f"at least {self.amount:g} " + (
            f"from {self.have}" if self.have is not None else f"to {self.need}"
        )


class Impossible(ValueError):
    """The minimums cannot all be kept. `minimums` already cannot together; leave one out, and the rest can."""

    def __init__(self, minimums: Sequence[Minimum]) -> None:
        super().__init__("these minimums cannot all be kept: " + "; ".join(map(str, minimums)))
        self.minimums = tuple(minimums)


def conflict(
    network: Network, missing: Integers, node_ids: Sequence[str], haves: Sequence[str], needs: Sequence[str]
) -> Impossible:
    """A set of minimums that clash and of which none can be spared. `missing`: nodes of a part that lacks something.

    `node_ids` are the nodes' ids in the network's order; `haves` and `needs` those of the edges' ends.
    """
    parts = parted(len(network.amount), network.tail, network.head)
    part = parts.of_node[missing[0]]
    nodes = np.flatnonzero((parts.of_node == part) & (network.needed > 0))
    edges = np.flatnonzero((parts.of_node[network.tail] == part) & (network.minimum > 0))
    near = network.only(parts.edges[parts.edge_start[part] : parts.edge_start[part + 1]])
    place = {
        int(row): n for n, row in enumerate(parts.edges[parts.edge_start[part] : parts.edge_start[part + 1]])
    }
    asked = [("node", int(node)) for node in nodes] + [("edge", int(edge)) for edge in edges]

    def kept(some: Sequence[tuple[str, int]]) -> bool:
        needed, minimum = np.zeros(len(network.needed)), np.zeros(len(near.tail))
        for kind, number in some:
            if kind == "node":
                needed[number] = network.needed[number]
            else:
                minimum[place[number]] = network.minimum[number]
        return not len(optimum(replace(near, needed=needed, minimum=minimum)).missing)

    while len(asked) > MOST_ASKED and not kept(asked[: len(asked) // 2]):
        asked = asked[: len(asked) // 2]
    needless = 0
    while needless < len(asked):
        rest = asked[:needless] + asked[needless + 1 :]
        if kept(rest):
            needless += 1
        else:
            asked = rest
    told = []
    for kind, number in asked:
        if kind == "edge":
            told.append(Minimum(haves[number], needs[number], float(network.minimum[number])))
        elif number < network.n_haves:
            told.append(Minimum(node_ids[number], None, float(network.needed[number])))
        else:
            told.append(Minimum(None, node_ids[number], float(network.needed[number])))
    return Impossible(told)


def keepable(network: Network, seconds: float = LONGEST_SEARCH) -> Floats:
    """The nodes' least amounts, lowered where they cannot all be reached: as many units in all as possible are kept.

    Where whole lots stand in the way, first the nodes with lots give theirs up, then all of that part. The edges' own
    minimums stand.
    """
    needed = network.needed
    found = optimum(replace(network, lot=None))
    if len(found.missing):
        moved = np.zeros(len(needed))
        for ends in (network.tail, network.head):
            np.add.at(moved, ends, found.flow)
        needed = np.minimum(needed, np.round(moved, 9))
    if network.lot is None or not network.lot.any():
        return needed
    from brobygger.engine.lots import tightened  # CP-SAT is slow to import, and seldom wanted

    needed = np.minimum(needed, tightened(network, network.lot).amount)
    in_lots = np.zeros(len(needed), np.bool_)
    for ends in (network.tail, network.head):
        in_lots[ends[network.lot > 0]] = True
    for gives_up in (in_lots, np.ones(len(needed), np.bool_)):
        clash = optimum(replace(network, needed=needed), seconds).missing
        if not len(clash):
            break
        needed[clash[gives_up[clash]]] = 0.0
    return needed
