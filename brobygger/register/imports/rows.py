# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows written to a table thousands at a time, without a model's saving and without asking the database for each key.

Keys are reserved first, so that what points at the new rows can be written without reading them back. On PostgreSQL the
rows go in by COPY, on SQLite by one prepared statement. Call within a transaction (on SQLite one that writes, which is
what ours begin as: nobody else can then reserve the same keys).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models

Convert = Callable[[Any], Any]
_AS_IT_IS = (models.IntegerField, models.FloatField, models.BooleanField, models.ForeignKey)


def reserve(model: type[models.Model], count: int) -> range | list[int]:
    """So many primary keys that nobody else will use."""
    key: Any = model._meta.pk
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{table}"', key.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def write(model: type[models.Model], fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, one for each of the fields."""
    converts = [converter(field) for field in fields]
    ready = ([convert(value) for convert, value in zip(converts, row, strict=True)] for row in rows)
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(ready))  # noqa: S608
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in ready:
                copy.write_row(row)


def update(model: type[models.Model], fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """Set the fields of rows that are there: each the primary key, and a value for each of the fields."""
    converts = [converter(field) for field in fields]
    ready = [
        (*(convert(value) for convert, value in zip(converts, values, strict=True)), key)
        for key, *values in rows
    ]
    if not ready:
        return
    key: Any = model._meta.pk
    quote = connection.ops.quote_name
    table, sets = quote(model._meta.db_table), ", ".join(f"{quote(field.column)} = %s" for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE {quote(key.column)} = %s", ready)  # noqa: S608


def converter(field: Any) -> Convert:
    """How a value of the field is written. Values that repeat (the time of an import, a founding date) are converted
    once."""
    if isinstance(field, _AS_IT_IS):
        return _same
    if isinstance(field, models.CharField | models.TextField):
        return _text
    if isinstance(field, models.JSONField):  # its values can be no key
        return lambda value: field.get_db_prep_save(value, connection)
    known: dict[Any, Any] = {None: None}

    def convert(value: Any) -> Any:
        if value not in known:
            if len(known) > 10_000:
                known.clear()
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return convert


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str | None:
    return value if value is None or type(value) is str else str(value)
