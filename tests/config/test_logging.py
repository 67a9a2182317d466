# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the log tells: a fault with where it happened, a page that is not there in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import logging
import django
django.setup()
from django.test import Client
Client().get("/kort/findes-ikke/")
try:
    [][0]
except IndexError:
    logging.getLogger("brobygger.trial").exception("noget gik galt")
"""


@pytest.mark.parametrize("as_json", ["0", "1"])
def test_a_fault_is_told_with_its_place_and_a_missing_page_in_one_line(as_json: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "brobygger.config.settings_test",
        "DATABASE_URL": "sqlite://:memory:",
        "LOG_JSON": as_json,
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    lines = done.stderr.strip().splitlines()
    missing, fault = lines[0], "\n".join(lines[1:])
    assert "findes-ikke" in missing
    assert "noget gik galt" in fault
    assert "IndexError: list index out of range" in fault
    if as_json == "1":
        assert all(json.loads(line)["level"] in {"warning", "error"} for line in lines)
