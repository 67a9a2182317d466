# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A long list of keys as one parameter. Django writes `pk__in` with a place for each, which costs more than the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL


def among(model: type[models.Model], keys: Iterable[Any]) -> RawSQL:
    """The primary keys as a condition: `filter(pk__in=among(Organisation, keys))`. None at all matches nothing."""
    pk = model._meta.pk
    stored = [pk.get_db_prep_value(key, connection) for key in keys]
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(stored)])
    return RawSQL(f"SELECT unnest(%s::{pk.rel_db_type(connection)}[])", [stored])  # noqa: S611
