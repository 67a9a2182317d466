# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The tile server of the settings is one that pages may fetch pictures from."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
from brobygger.config import settings
print(*settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"])
"""


@pytest.mark.parametrize(
    ("tiles", "allowed"),
    [
        ("https://tile.example.invalid/{z}/{x}/{y}.png", "https://tile.example.invalid"),
        ("https://{s}.tile.example.invalid/{z}/{x}/{y}.png", "https://*.tile.example.invalid"),
        ("https://kort.example.invalid/wmts/topo/{z}/{y}/{x}.png?token=1", "https://kort.example.invalid"),
        ("", "blob:"),
    ],
)
def test_pictures_may_come_from_the_tile_server_whatever_its_address_looks_like(
    tiles: str, allowed: str
) -> None:
    environment = {**os.environ, "DATABASE_URL": "sqlite://:memory:", "MAP_TILES": tiles}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[-1] == allowed
