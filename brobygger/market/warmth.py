# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a process reads and compiles before it serves anybody."""

from __future__ import annotations

from brobygger import knowledge
from brobygger.engine import live, suggest
from brobygger.engine.allocate import Edge, Node, allocate
from brobygger.engine.listing import Listing
from brobygger.engine.loops import chains, loops
from brobygger.market.services.matching import candidates


def warm_up() -> None:
    """Word lists, the index of types, and the compiled searches (kept on disk after the first time)."""
    knowledge.warm_up()
    candidates.warm_up()
    live.warm_up()
    have, need = (Listing(side, type="mask", text="mask", x=0.0, y=0.0) for side in ("have", "need"))
    for both in (False, True):
        suggest([have], [need], knowledge.load(), both=both)
    edges = [("a", "b", 1.0, 1.0), ("b", "a", 1.0, 1.0)]
    loops(edges, 5, 1)
    chains(edges, 5, 1)
    allocate([Node("a", "have", 1.0), Node("x", "need", 1.0)], [Edge("a", "x", 1.0)])
