# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which records an archive holds, and in which order they can be read back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any

from django.apps import apps
from django.core.serializers import sort_dependencies
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

LEFT_OUT = {"contenttypes", "sessions", "axes"}
MADE_ANEW = {"base.searchdocument", "base.searchword", "base.worker", "auth.permission"}
"""Made anew, or of no use later. Permissions point at content types, whose numbers are each database's own."""


class Exact(DjangoJSONEncoder):
    """Moments to the microsecond: Django's own way of writing keeps thousandths only."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime | time) else super().default(o)


def stored_models() -> list[type[models.Model]]:
    """Every managed model whose records are worth keeping, those that others point at first."""
    configs: Any = [(config, None) for config in apps.get_app_configs() if config.label not in LEFT_OUT]
    return [
        model
        for model in sort_dependencies(configs)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in MADE_ANEW
    ]


def records(model: type[models.Model]) -> Iterator[models.Model]:
    """All records of a model, a batch at a time."""
    return model._base_manager.order_by("pk").iterator(chunk_size=2000)


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is as it stood at the beginning, and nobody waits for it. Within it, nothing is written.

    PostgreSQL: one picture for the whole transaction, not one for each question. SQLite: a transaction that only reads
    (ours otherwise begin as writing ones); others write beside it in the log (WAL). Inside somebody's transaction, that
    transaction's view is the picture.
    """
    if connection.in_atomic_block:
        yield
        return
    wrapper: Any = connection
    usual = getattr(wrapper, "transaction_mode", None)
    if connection.vendor == "sqlite":
        wrapper.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute(
                    "SELECT count(*) FROM django_migrations"
                )  # the first question takes the picture
            yield
    finally:
        if connection.vendor == "sqlite":
            wrapper.transaction_mode = usual
