# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a server has compiled, or read from disk, before it serves anybody."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import importlib, pkgutil
import django
django.setup()
from brobygger import engine
from brobygger.market.services.network import curve, plan
from brobygger.market.queries import loops
from brobygger.market.warmth import warm_up

def kernels():
    for module in pkgutil.walk_packages(engine.__path__, "brobygger.engine."):
        if module.name.endswith("kernels"):
            for name, one in vars(importlib.import_module(module.name)).items():
                if hasattr(one, "signatures"):
                    yield f"{module.name}.{name}", len(one.signatures)

warm_up()
before = dict(kernels())
nodes = [("a", "have", 3.0, 1.0), ("b", "have", 2.0, 0.0), ("x", "need", 4.0, 0.0), ("y", "need", 1.0, 0.0)]
edges = [("a", "x", 3.0, 2.0), ("b", "x", 2.0), ("a", "y", 1.0), ("b", "y", -1.0)]
nodes = [plan.Node(*one) for one in nodes]
edges = [plan.Edge(*one) for one in edges]
plan.allocate(nodes, edges)
plan.keepable(nodes, edges)
curve.trade_off(nodes, edges, [1.0, 5.0, 2.0, 3.0], 4)
ring = [("a", "b", 1.0, 1.0), ("b", "c", 2.0, 3.0), ("c", "a", 1.0, 1.0)]
loops.engine_loops(ring, 5, 3)
loops.engine_chains(ring, 5, 3)
print(sorted(name for name, count in kernels() if count != before[name]))
"""


def test_nobody_who_plans_a_network_waits_for_the_compiler() -> None:
    ran = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
