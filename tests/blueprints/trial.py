# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A kind of definition that only the tests know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from brobygger.blueprints import kinds
from brobygger.blueprints.kinds import Blueprint, Part


class Gate(Part):
    name: str
    days: int = 0


class Trial(Blueprint):
    gates: list[Gate]


TRIAL = """\
key: proeve
title: En prøve
gates:
  - name: Modtaget
    days: 3
  - name: Afgjort
"""


@pytest.fixture
def trial() -> Iterator[None]:
    kinds.kind("trial", Trial, label="Prøve")
    yield
    kinds._registry.pop("trial")
