# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Fixtures of the register's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from brobygger.register.imports import organisations
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.imports.report import Report


@pytest.fixture
def bring_in(operator, tmp_path):
    """A function that imports text, bytes or a file."""

    def run(content: Any, name: str = "firmaer.csv", **how: Any) -> Report:
        path = content if isinstance(content, Path) else tmp_path / name
        if not isinstance(content, Path):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return organisations.carry_out(Order(operator, path, path.name, **how), no_progress)

    return run
