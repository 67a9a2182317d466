# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""SQLite for the tests: migrated once for each state of the migrations, and copied from then on.

Running all migrations costs half a minute of processor time, and every test process would pay it. The copy is made by the
real `migrate`, so the tests see the schema that the migrations give. PostgreSQL is migrated in each process as always.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3.creation import DatabaseCreation

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(tempfile.gettempdir()) / f"brobygger-tests-{os.getuid()}"
_held: list[sqlite3.Connection] = []
"""A database in memory lives as long as somebody is connected to it."""


def migrated() -> Path:
    """A file with every migration applied, made now unless a process has made it already."""
    KEPT.mkdir(mode=0o700, exist_ok=True)
    made = KEPT / f"{_state()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in KEPT.glob("*.sqlite3"):
                if old.stat().st_mtime < time.time() - 86_400:
                    old.unlink()
            unfinished = KEPT / "unfinished.sqlite3"
            unfinished.unlink(missing_ok=True)
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "brobygger.config.settings_test",
                "DATABASE_URL": f"sqlite:///{unfinished}",
                "PYTHONPATH": str(ROOT),
            }
            command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
            subprocess.run(command, env=environment, check=True)
            with sqlite3.connect(unfinished) as done:
                done.execute("PRAGMA journal_mode=DELETE")
            done.close()
            unfinished.rename(made)
    return made


def _state() -> str:
    """Of the migrations, ours and the libraries'."""
    digest = hashlib.sha256((ROOT / "requirements" / "dev.lock").read_bytes())
    for path in sorted((ROOT / "brobygger").rglob("migrations/*.py")):
        digest.update(f"{path.relative_to(ROOT)}".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def copy_into_new_test_databases() -> None:
    """From now on a new SQLite test database begins as a copy, and `migrate` finds nothing left to do."""
    empty = DatabaseCreation._create_test_db

    def filled(self: Any, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name: str = empty(self, verbosity, autoclobber, keepdb)
        in_memory = self.is_in_memory_db(name)
        target = sqlite3.connect(name, uri=in_memory)
        source = sqlite3.connect(migrated())
        source.backup(target)
        source.close()
        if in_memory:
            _held.append(target)
        else:
            target.close()
        return name

    DatabaseCreation._create_test_db = filled
