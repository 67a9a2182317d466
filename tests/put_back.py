# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Test databases put back: as they were migrated, after a test that committed, or as a long story once left them.

Django empties every table and then makes its content types and permissions again: a second or more after each test that
commits. On PostgreSQL it truncates, and each table and index is written anew: seconds more of waiting for the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import TransactionTestCase

from tests import database

OF_MIGRATING = ("django_content_type", "auth_permission")
"""What `migrate` itself writes on PostgreSQL, and a flush takes."""
_migrated_rows: dict[str, bytes] = {}


def put_back_what_tests_committed() -> None:
    """From now on, where Django would empty the test database. To be called when that is new."""
    _delete_instead_of_truncating()
    if connection.vendor == "postgresql":
        _migrated_rows.update(_rows_of(OF_MIGRATING))
    TransactionTestCase._fixture_teardown = lambda self: _as_migrated()


def kept() -> Callable[[], None]:
    """Keep all that is committed now; what puts it back in a test database that is as it was migrated."""
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        _open().backup(copy)
        return lambda: copy.backup(_open())
    rows = _rows_of(_filled(set(_tables()) - set(OF_MIGRATING)))
    return lambda: _write(rows)  # numbers go on where the story left them: a sequence is never set back


def _as_migrated() -> None:
    ContentType.objects.clear_cache()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(database.migrated())) as source:
            source.backup(_open())
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), _tables()):
            cursor.execute(statement)
        _write(_migrated_rows)


def _open() -> sqlite3.Connection:
    connection.ensure_connection()
    return connection.connection


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _filled(tables: Iterable[str]) -> list[str]:
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quoted(table)})" for table in tables
            )
        )
        return [table for (table,) in cursor.fetchall()]


def _rows_of(tables: Iterable[str]) -> dict[str, bytes]:
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT (FORMAT BINARY)") as out:
                rows[table] = b"".join(out)
    return rows


def _write(rows: Mapping[str, bytes]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, held in rows.items():
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} FROM STDIN (FORMAT BINARY)") as into:
                into.write(held)


def _delete_instead_of_truncating() -> None:
    truncated = DatabaseOperations.sql_flush

    def deleted(self: Any, style: Any, tables: Sequence[str], **how: bool) -> list[str]:
        if any(how.values()) or not tables:
            return truncated(self, style, tables, **how)
        return [f"DELETE FROM {self.quote_name(table)}" for table in _filled(tables)]

    DatabaseOperations.sql_flush = deleted
