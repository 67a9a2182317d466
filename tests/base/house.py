# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A house of its own for tests that kill processes: a database that others can open, and workers to start."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from tests import database

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A copy of the house's porter at work."""

    def __init__(self, porter: Porter, kind: str, what: str | tuple[str, ...]) -> None:
        self._porter = porter
        self._said = porter.folder / f"said-{uuid.uuid4().hex}"
        self._pid = porter.ask(kind, what, str(self._said))
        self.code: int | None = None

    def kill(self) -> None:
        """`kill -9`: nothing can be tidied up."""
        if self.code is None:
            os.kill(self._pid, signal.SIGKILL)

    def wait(self, seconds: float = 180) -> int:
        """Its exit code, when it has ended."""
        if self.code is None:
            self.code = self._porter.ask("end", self._pid, seconds=seconds)
        return self.code

    def said(self) -> str:
        return self._said.read_text().strip()


class Porter:
    """Has started Django, see `tests/base/porter.py`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.base.porter"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, *what: Any, seconds: float = 120) -> int:
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps(what) + "\n")
        asked.flush()
        ready, _, _ = select.select([answers], [], [], seconds)
        assert ready, f"no answer to {what}"
        return int(answers.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


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
        self._workers: list[Process] = []

    @cached_property
    def _porter(self) -> Porter:
        """Started at the first thing asked, with the environment as it is then."""
        return Porter(self.folder, self.environment)

    def ask(self, script: str) -> str:
        """Run a few lines of Python in the house; what they print, without the line break."""
        return self._done(self.begin(script))

    def begin(self, script: str) -> Process:
        """Start a few lines of Python and leave them running."""
        return Process(self._porter, "python", script)

    def manage(self, *arguments: str) -> None:
        """Run a command to its end."""
        self._done(Process(self._porter, "manage", arguments))

    def _done(self, process: Process) -> str:
        assert process.wait() == 0, process.said()
        return process.said()

    def worker(self) -> Process:
        """Start a worker and leave it running."""
        self._workers.append(Process(self._porter, "manage", ("worker", "--interval", "0.1")))
        return self._workers[-1]

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
        if "_porter" in vars(self):
            self._porter.close()


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
