# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A house of its own for tests that kill processes: a database that others can open, and workers to start."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from tests import database

ROOT = Path(__file__).resolve().parents[2]
SET_UP = "import django; django.setup()\n"


class House:
    """A database with the product's tables, and processes that work in it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "BROBYGGER_DATA": str(folder),
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "brobygger.config.settings",
            "SECRET_KEY": "only-for-tests",
            "LOG_LEVEL": "ERROR",
        }
        self._workers: list[subprocess.Popen[bytes]] = []

    def ask(self, script: str) -> str:
        """Run a few lines of Python in the house; what they print, without the line break."""
        done = subprocess.run(
            [sys.executable, "-c", SET_UP + script],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def manage(self, *arguments: str) -> None:
        """Run a command to its end."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=180,
        )

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker and leave it running."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--interval", "0.1"], env=self.environment, cwd=ROOT
        )
        self._workers.append(process)
        return process

    def forget_the_dead(self) -> None:
        """As if two minutes had passed since the last sign of life. Without Django: to start it costs seconds."""
        address = self.environment["DATABASE_URL"]
        if address.startswith("sqlite:///"):
            with closing(sqlite3.connect(address.removeprefix("sqlite:///"), timeout=20)) as house, house:
                house.execute("UPDATE base_worker SET beat_at = datetime('now', '-2 minutes')")
            return
        with psycopg.connect(address.replace("postgres://", "postgresql://", 1)) as house:
            house.execute("UPDATE base_worker SET beat_at = now() - interval '2 minutes'")

    def close(self) -> None:
        for process in self._workers:
            process.kill()
            process.wait()


def wait_for(truth: Callable[[], Any], seconds: float = 60) -> None:
    """Until it is true; a failed test after that."""
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


@contextmanager
def a_house(folder: Path) -> Iterator[House]:
    """On the kind of database that the tests run on."""
    with _database(folder) as url:
        house = House(folder, url)
        try:
            yield house
        finally:
            house.close()


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """The address of a migrated database of its own."""
    if connection.vendor == "sqlite":
        shutil.copyfile(database.migrated(), folder / "house.sqlite3")
        yield f"sqlite:///{folder / 'house.sqlite3'}"
        return
    settings = connection.settings_dict
    name = f"bb_house_{os.getpid()}"
    template = database.template_on(settings)
    with psycopg.connect(dbname="postgres", autocommit=True, **database.server_of(settings)) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield database.address_of(settings, name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
