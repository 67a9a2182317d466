# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The product with the keyboard alone: where one stands can be seen, and everything can be reached and pressed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONSULTANT = "konsulent@demo.invalid"
MOST_STOPS = 120
FOCUS_SHOWS = """() => {
    const style = getComputedStyle(document.activeElement);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== 'none';
}"""
WORDS = "() => (document.activeElement.innerText || document.activeElement.value || '').trim()"


def stops(page: Page) -> list[str]:
    """Tab through the page once: the words on each stop. Fails on a stop that does not show that it has the focus."""
    found = []
    page.evaluate("document.activeElement.blur()")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return found
        found.append(page.evaluate(WORDS))
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(FOCUS_SHOWS), f"fokus kan ikke ses på {where}"
    return found


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus is on something with exactly these words."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(WORDS) == words:
            return
    raise AssertionError(f"tasten Tab når aldrig »{words}«")


def test_the_first_stop_skips_to_the_content(visitor, transactional_db):
    page = visitor()
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Gå til indholdet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_signing_in_and_out_needs_no_mouse(small_demo, visitor):
    from tests.e2e.conftest import PASSWORD

    page = visitor()
    page.goto("/konto/login/")
    page.get_by_label("E-mail").focus()
    page.keyboard.type(CONSULTANT)
    page.get_by_label("Adgangskode").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("I dag")
    tab_to(page, "Log af")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Log ind", exact=True)).to_be_visible()


def test_the_menu_of_a_phone_opens_and_leads_on(small_demo, signed_in):
    page = signed_in(CONSULTANT, viewport={"width": 390, "height": 844})
    entry = page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Plan", exact=True)
    expect(entry).to_be_hidden()
    tab_to(page, "Menu")
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    tab_to(page, "Plan")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/plan/"))


def test_the_focus_can_be_seen_on_every_stop_of_the_main_pages(small_demo, signed_in):
    page = signed_in(CONSULTANT)
    for address, action in (
        ("/i-dag/", "Se alle forslag"),
        ("/har-og-mangler/", "Vi har …"),
        ("/virksomheder/", "Opret virksomhed"),
    ):
        page.goto(address)
        assert action in stops(page), f"{action} kan ikke nås på {address}"


def test_a_suggestion_is_chosen_with_the_keyboard(small_demo, signed_in):
    page = signed_in(CONSULTANT)
    page.goto("/forslag/")
    page.get_by_role("article").first.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/forslag/[0-9a-f-]{36}/"))
    tab_to(page, "Vælg: de skal mødes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("Skriv introduktionen|Gå til matchet"))).to_be_visible()
