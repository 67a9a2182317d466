# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Settings from the environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

SCRIPT = """
from brobygger.config import settings
print(settings.DATABASES["default"]["ENGINE"], settings.SITE_URL, *settings.ALLOWED_HOSTS)
"""


def test_a_variable_that_is_set_to_nothing_is_as_if_it_were_not_set(tmp_path: Path) -> None:
    """As compose files hand them over: `DATABASE_URL=${DATABASE_URL:-}`."""
    read = Path(settings.ROOT / "brobygger/config/settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', read)) - {"BROBYGGER_DATA"}
    assert {"DATABASE_URL", "EMAIL_URL", "LOGIN_FAILURES"} <= names
    environment = {**os.environ, **dict.fromkeys(names, ""), "BROBYGGER_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[:3] == ["django.db.backends.sqlite3", "http://localhost:8000", "localhost"]
