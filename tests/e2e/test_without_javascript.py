# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The product with JavaScript switched off: everything works, and what a map or chart shows stands in text beside it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from brobygger.market.models import Match, Suggestion

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONSULTANT = "konsulent@demo.invalid"
OFF = {"java_script_enabled": False}


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).first.click()


def test_a_consultant_writes_a_listing_for_a_firm_and_chooses_a_suggestion(small_demo, signed_in):
    page = signed_in(CONSULTANT, **OFF)
    page.goto("/har-og-mangler/ny/?retning=have")
    page.get_by_label("Find virksomheden").fill("Herslev Bryghus")
    page.get_by_label("Skriv det med én sætning").fill("2 tons mask hver uge, kan hentes i gården")
    press(page, "Videre")
    if page.get_by_label("Skriv det med én sætning").count():
        page.get_by_role("radio", name=re.compile("Herslev Bryghus")).check()
        press(page, "Videre")
    assert page.get_by_label("Mængde").input_value() == "2"
    press(page, "Gem")
    expect(page.get_by_role("heading", name="Hvem kan bruge det?")).to_be_visible()
    page.get_by_role("article").first.get_by_role("link").first.click()
    chosen = Suggestion.objects.get(pk=re.search(r"[0-9a-f-]{36}", page.url).group())
    press(page, "Vælg: de skal mødes")
    assert Match.objects.get().suggestion == chosen


def test_the_register_is_searched_and_paged(small_demo, signed_in):
    page = signed_in(CONSULTANT, **OFF)
    page.goto("/virksomheder/")
    page.get_by_label("Søg", exact=True).fill("bryghusset herslev")
    press(page, "Søg")
    expect(page.get_by_role("link", name="Herslev Bryghus")).to_be_visible()
    page.goto("/har-og-mangler/")
    first = page.get_by_role("article").first.inner_text()
    page.get_by_role("navigation", name="Sider").get_by_role("link", name="Næste").click()
    expect(page.get_by_text(re.compile(r"^Side 2 af \d+$"))).to_be_visible()
    assert page.get_by_role("article").first.inner_text() != first


def test_what_maps_and_charts_show_stands_in_text_beside_them(office_lived_in, signed_in):
    page = signed_in(CONSULTANT, **OFF)
    running = Match.objects.filter(agreements__deliveries__isnull=False).first()
    page.goto(running.get_absolute_url())
    assert page.get_by_role("region", name="Leveret pr. måned").get_by_role("row").count() > 2
    page.goto("/kredsloeb/")
    assert page.get_by_role("main").get_by_role("table").first.get_by_role("row").count() > 1
    page.goto("/virksomheder/")
    assert page.get_by_role("main").get_by_role("table").first.get_by_role("row").count() > 5
    page.goto("/har-og-mangler/")
    assert page.get_by_role("main").get_by_role("article").count() > 5
