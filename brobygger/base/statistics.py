# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What SQLite knows of its tables. PostgreSQL keeps such knowledge by itself; SQLite only counts when it is told to.

Without it a join begins at the wrong table: with 200,000 listings the worklist took five seconds instead of a tenth, after a
migration had made the listings' table anew and so forgotten what was known of it, while the rest was remembered.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, connections
from django_tasks import task

from brobygger.base.schedule import daily

LOOKED_AT = 1000
"""Rows of each index that are looked at: a second's work, however large the tables."""


def count_anew(using: str = "default") -> bool:
    """Let SQLite look at its tables again. Returns whether it was SQLite."""
    chosen = connections[using]
    if chosen.vendor != "sqlite":
        return False
    with chosen.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        cursor.execute("ANALYZE")
    return True


def after_migrating(using: str = "default", **named: Any) -> None:
    """A migration that changes a table makes it anew. A database that was never counted is left so: to know something of a
    few tables and nothing of the others is worse than to know nothing."""
    if _is_counted(using):
        count_anew(using)


def _is_counted(using: str) -> bool:
    if connections[using].vendor != "sqlite":
        return False
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        return cursor.fetchone() is not None


@task()
def every_night() -> bool:
    """As the tables grow."""
    return count_anew(connection.alias)


daily(every_night, hour=3)
