# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""When the market was last written in: what is computed from it is kept in memory until then."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import connection, models

from brobygger.base.models import Letter
from brobygger.base.prepared import planned_once
from brobygger.market.models import Agreement, Delivery, Listing, Match, MatchNote, Suggestion

T = TypeVar("T")
FIGURES: Sequence[Any] = (Delivery, Agreement, Listing)
"""What the year's figures rest on."""
WORDS: Sequence[Any] = (Listing, Match, MatchNote, Suggestion, Letter)
"""Where firms write to the office, and what decides whose it is."""
_LAST: dict[Any, tuple[str, bool]] = {
    MatchNote: ("SELECT {text} FROM {table} ORDER BY id DESC LIMIT 1", False),
    Suggestion: ("SELECT {text} FROM {table} WHERE operator_id = %s AND decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT 1", True),
    Letter: ("SELECT {text} FROM {table} WHERE operator_id = %s ORDER BY created_at DESC LIMIT 1", True),
}  # fmt: skip
"""Of a model without history: how its newest row is found, and whether only the operator's count."""
_MOMENT = {MatchNote: ("id", "at"), Suggestion: ("id", "decided_at"), Letter: ("id", "created_at")}
_OF_HISTORY = "SELECT {text} FROM {table} ORDER BY history_id DESC LIMIT 1"


def kept_until_written(
    key: str, operator: Any, rests_on: Sequence[Any], compute: Callable[[], T], *, seconds: int
) -> T:
    """What `compute` gives, from memory when nothing that it rests on has been written since. At most so old."""
    mark = hashlib.sha256(last_written(operator, rests_on).encode()).hexdigest()
    whole = f"{key}:{operator.pk}:{mark}"
    found: T | None = caches["process"].get(whole)
    if found is None:
        found = compute()
        caches["process"].set(whole, found, seconds)
    return found


def last_written(operator: Any, rests_on: Sequence[Any]) -> str:
    """The newest row of each, by key and moment (a key may come again after a rollback). One question, along indexes."""
    sql, operators = _question(tuple(rests_on))
    with planned_once(connection), connection.cursor() as cursor:
        cursor.execute(sql, [operator.pk] * operators)
        row: Any = cursor.fetchone()
    return "/".join(str(mark or "") for mark in row)


@lru_cache
def _question(rests_on: tuple[Any, ...]) -> tuple[str, int]:
    """The SQL, and how many times it wants the operator's key."""
    parts, operators = [], 0
    for model in rests_on:
        sql, per_operator = _LAST.get(model, (_OF_HISTORY, False))
        table: type[models.Model] = model if model in _LAST else model.history.model
        columns = _MOMENT.get(model, ("history_id", "history_date"))
        text = " || ' ' || ".join(f"CAST({column} AS text)" for column in columns)
        parts.append("(" + sql.format(text=text, table=connection.ops.quote_name(table._meta.db_table)) + ")")
        operators += per_operator
    return "SELECT " + ", ".join(parts), operators
