# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Databases for the tests: migrated once for each state of the migrations, and copied from then on.

Running all migrations costs a minute of processor time, and every test process would pay it. The copy is made by the
real `migrate`, so the tests see the schema that the migrations give.

`python -m tests.database` makes the one of `DATABASE_URL` beforehand.
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
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django
import psycopg
from django.db import connection
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
            _migrate(f"sqlite:///{unfinished}")
            with sqlite3.connect(unfinished) as done:
                done.execute("PRAGMA journal_mode=DELETE")
            done.close()
            unfinished.rename(made)
    return made


def template_on(settings: Mapping[str, Any]) -> str:
    """The name of a migrated PostgreSQL database on the server of these settings, made now unless it is there."""
    name = f"bb_migrated_{_state()}"
    with psycopg.connect(dbname="postgres", autocommit=True, **server_of(settings)) as server:
        server.execute("SELECT pg_advisory_lock(20261127)")  # let go when the connection closes
        there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not there:
            server.execute(f"DROP DATABASE IF EXISTS {name}_unfinished WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}_unfinished")
            _migrate(address_of(settings, f"{name}_unfinished"))
            server.execute(f"ALTER DATABASE {name}_unfinished RENAME TO {name}")
    return name


def server_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What psycopg needs to reach the server."""
    return {
        "host": settings["HOST"],
        "port": settings["PORT"] or 5432,
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }


def address_of(settings: Mapping[str, Any], name: str) -> str:
    """The `DATABASE_URL` of another database on the same server."""
    secret = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    return f"postgres://{settings['USER']}{secret}@{settings['HOST']}:{settings['PORT'] or 5432}/{name}"


def _migrate(address: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "brobygger.config.settings_test",
        "DATABASE_URL": address,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)


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


def make_beforehand() -> None:
    """The database to copy, and beside the one of SQLite the engine's compiled kernels, which no database changes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings_test")
    django.setup()
    if connection.vendor == "postgresql":
        template_on(connection.settings_dict)
        return
    migrated()
    from brobygger.market.warmth import warm_up

    warm_up()


if __name__ == "__main__":
    make_beforehand()
