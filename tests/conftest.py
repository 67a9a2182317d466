# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Fixtures that every room's tests may use."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from brobygger.accounts.models import Operator, Role, User
from tests import database, factories, put_back
from tests.blueprints.trial import trial as trial

hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
database.copy_into_new_test_databases()
hypothesis.settings.load_profile("steady")  # the same cases every time, however busy the machine is


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is loaded stays: the garbage collector need not look through it while it grows, nor ever again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """A test database on PostgreSQL begins as a copy of a migrated one, too."""
    if connection.vendor == "postgresql":
        settings = connection.settings_dict
        settings["TEST"]["TEMPLATE"] = database.template_on(settings)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A test database that a test committed to is put back as it was."""
    with django_db_blocker.unblock():
        put_back.put_back_what_tests_committed()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What another test left in memory does not count here."""
    caches["process"].clear()


@pytest.fixture
def operator(db: None) -> Operator:
    return factories.OperatorFactory(name="Erhverv Prøvekommune")


@pytest.fixture
def consultant(operator: Operator) -> User:
    return factories.user_as(Role.CONSULTANT, operator, name="Prøve Konsulent")


@pytest.fixture
def head(operator: Operator) -> User:
    return factories.user_as(Role.HEAD, operator, name="Prøve Chef")


@pytest.fixture
def as_consultant(client: Client, consultant: User) -> Client:
    client.force_login(consultant, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def as_head(head: User) -> Client:
    client = Client()
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def sign_in():
    """A function that gives a browser signed in as a user."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make
