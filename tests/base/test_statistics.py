# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""SQLite looks at its tables again after a migration and every night."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate

from brobygger.accounts.models import Operator
from brobygger.base.statistics import count_anew, every_night
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def known_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def forgotten(operator: Operator) -> None:
    """A filled table of which nothing is known, as a migration leaves it."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does it by itself")
    OrganisationFactory.create_batch(3, operator=operator)
    count_anew()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'register_organisation'")


def test_after_migrating_the_tables_are_known(forgotten: None) -> None:
    assert "register_organisation" not in known_tables()
    base = apps.get_app_config("base")
    post_migrate.send(sender=base, app_config=base, using="default", verbosity=0, interactive=False)
    assert "register_organisation" in known_tables()


def test_every_night_they_are_counted_again(forgotten: None) -> None:
    assert every_night.call() is True
    assert "register_organisation" in known_tables()


def test_postgresql_is_left_to_itself() -> None:
    assert count_anew() is (connection.vendor == "sqlite")
