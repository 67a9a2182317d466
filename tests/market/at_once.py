# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Several people at the same moment, on any database.

The test database on SQLite is in memory, where one connection at a time may write and the others are refused at once.
In production it is a file, where they wait for each other; so the threads here work on a copy in a file.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections


@contextmanager
def _on_a_file(folder: Path) -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    copy = folder / "at_once.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    with closing(sqlite3.connect(copy)) as database:
        database.execute(
            "PRAGMA journal_mode = WAL"
        )  # as in production; several that switch at once refuse each other
    settings = connections.settings["default"]
    before = settings["NAME"]
    settings["NAME"] = str(copy)
    try:
        yield
    finally:
        settings["NAME"] = before


def at_once(
    folder: Path, work: Sequence[Callable[[], Any]], then: Callable[[], Any]
) -> tuple[list[Exception], Any]:
    """Do all the work at the same moment, and `then` afterwards on the same database. (what failed, `then`'s answer)."""
    faults: list[Exception] = []
    answers: list[Any] = []
    start = threading.Barrier(len(work))

    def run(task: Callable[[], Any], wait: bool) -> None:
        try:
            if wait:
                start.wait()
            answers.append(task())
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    with _on_a_file(folder):
        threads = [threading.Thread(target=run, args=(task, True)) for task in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answers.clear()
        last = threading.Thread(target=run, args=(then, False))
        last.start()
        last.join()
    return faults, answers[0] if answers else None
