# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Settings from the environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

SCRIPT = """
from brobygger.config import settings
print(settings.DATABASES["default"]["ENGINE"], settings.SITE_URL, *settings.ALLOWED_HOSTS)
"""


def test_the_secret_that_another_process_is_just_making_is_waited_for(tmp_path: Path) -> None:
    """Web server and worker start at once, the first time, with the same empty data folder."""
    (tmp_path / "secret_key").touch()
    environment = {**os.environ, "SECRET_KEY": "", "BROBYGGER_DATA": str(tmp_path)}
    script = "from brobygger.config import settings; print(settings.SECRET_KEY)"
    with subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE) as started:
        time.sleep(1)
        (tmp_path / "secret_key").write_text("hemmeligt")
        told, _errors = started.communicate(timeout=60)
    assert told.decode().strip() == "hemmeligt"


def test_the_secret_is_made_once_and_kept_for_oneself(tmp_path: Path) -> None:
    environment = {**os.environ, "SECRET_KEY": "", "BROBYGGER_DATA": str(tmp_path)}
    script = "from brobygger.config import settings; print(settings.SECRET_KEY)"
    started = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE)
        for _number in range(3)
    ]
    told = {process.communicate(timeout=60)[0] for process in started}
    assert len(told) == 1
    assert len(told.pop()) > 40
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


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
