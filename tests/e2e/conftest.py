# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A real browser against a running site. Chromium comes from the system, see .ci/run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page

from brobygger.demo import actors
from brobygger.market.models import Listing
from brobygger.market.services.matching import refresh_all
from brobygger.register.models import Organisation
from tests import put_back
from tests.e2e.lived_in import live_in

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in the test's own thread
PASSWORD = "prøve-kodeord-123"
PATIENCE = (
    90_000  # milliseconds: the engine's kernels are compiled the first time, on a machine that may be busy
)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite in a file, as in the product: the server, the worker and the test each have their own connection."""
    if connection.vendor == "sqlite":
        process = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / f"browser-tests-{process}.sqlite3")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "da-DK", "viewport": {"width": 1280, "height": 900}}


_stories: dict[str, tuple[dict[str, Organisation], Callable[[], None]]] = {}


def told_once(key: str, tell: Callable[[], dict[str, Organisation]]) -> dict[str, Organisation]:
    """The firms of a story: the first test of a process tells it, the others find the database as it was then."""
    if key in _stories:
        _stories[key][1]()
    else:
        _stories[key] = (tell(), put_back.kept())
    made = _stories[key][0]
    now = Organisation.objects.in_bulk([one.pk for one in made.values()])
    return {name: now[one.pk] for name, one in made.items()}


@pytest.fixture
def small_demo(transactional_db: None) -> dict[str, Organisation]:
    """The actors of the source documents with a few invented firms, matched."""
    return told_once("small", _small)


@pytest.fixture
def office_lived_in(transactional_db: None) -> dict[str, Organisation]:
    """The same, after a year in which everything happened at least once."""

    def tell() -> dict[str, Organisation]:
        made = told_once("small", _small)
        live_in(made)
        return made

    return told_once("lived in", tell)


def _small() -> dict[str, Organisation]:
    offices = actors.create_offices()
    people = actors.create_people(offices, PASSWORD)
    made = actors.create_actors(offices, people)
    actors.create_invented_firms(offices, 12)
    for office in offices.values():
        refresh_all(office)
    assert Listing.objects.exists()
    return made


@pytest.fixture
def visitor(browser: Browser, browser_context_args: dict, live_server) -> Iterator[Callable[..., Page]]:
    """A function that gives an empty page in a browser of its own, with the options of a Playwright context."""
    contexts: list[BrowserContext] = []

    def visit(**options: object) -> Page:
        contexts.append(
            browser.new_context(**{**browser_context_args, "base_url": live_server.url, **options})
        )
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(visitor: Callable[..., Page]) -> Callable[..., Page]:
    """A function that signs a demo person in, in a browser of their own, and gives the page they land on."""

    def sign_in(email: str, **options: object) -> Page:
        page = visitor(**options)
        page.goto("/konto/login/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Adgangskode").fill(PASSWORD)
        page.get_by_role("button", name="Log ind", exact=True).click()
        page.wait_for_load_state()
        return page

    return sign_in


@pytest.fixture
def work_done() -> Callable[[], None]:
    """A function that lets a worker do everything that waits."""
    return lambda: call_command("worker", batch=True, interval=0)
