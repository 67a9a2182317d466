# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Importing the engine."""

from __future__ import annotations

import subprocess
import sys

VERBS = ["allocate", "compose", "loops", "pair"]


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_importing_the_engine_loads_none_of_the_heavy_libraries() -> None:
    heavy = "{'numpy', 'numba', 'polars', 'ortools', 'django', 'brobygger.knowledge'}"
    assert run(f"import sys, brobygger.engine; print({heavy} & set(sys.modules))").strip() == "set()"


def test_a_verb_is_a_function_even_where_its_module_was_imported_first() -> None:
    for verb in VERBS:
        code = f"import brobygger.engine.{verb}; from brobygger.engine import {verb}; print(callable({verb}))"
        assert run(code).strip() == "True"


def test_six_verbs_and_nothing_else_are_public() -> None:
    import brobygger.engine

    assert sorted(brobygger.engine.__all__) == ["allocate", "compose", "loops", "pair", "suggest", "takers"]


def test_the_six_verbs_are_there_before_a_solver_is() -> None:
    code = "import sys; from brobygger.engine import suggest, takers, allocate, pair, compose, loops"
    assert run(f"{code}; print({{'ortools', 'pandas', 'polars'}} & set(sys.modules))").strip() == "set()"
