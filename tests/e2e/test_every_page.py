# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every page that each kind of person can reach, on a wide screen and on a phone: it opens, it fits, axe finds nothing."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

from brobygger.accounts.access import may_open, rule_of
from brobygger.accounts.models import Role
from tests.accounts.test_access_walk import every_page
from tests.e2e.lived_in import rich_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
OURS = {"accounts", "register", "market", "plan", "portal"}
DOWNLOADS = {
    "register:export", "register:export_person", "register:import_problems", "market:export_listings", "market:matches_export", "market:network_export",
    "dialogue:export_interactions", "dialogue:attachment", "dialogue:export_portfolio", "dialogue:export_non_users",
    "dialogue:export_action_plans", "dialogue:export_ready", "outreach:export_mailings", "outreach:export_talks",
    "dialogue:export_follow_ups", "boards:export_recommendations", "outreach:export_new_firms",
    "blueprints:export", "cases:export", "cases:export_load", "cases:export_building", "cases:export_grants", "cases:export_own",
    "angels:export", "angels:export_sent", "tenders:export", "tenders:export_bids",
    "accounts:calendar", "mfa_download_recovery_codes", "media", "api:openapi-json",
}  # fmt: skip
ONLY_ANSWERS = {
    "dialogue:read_note", "dialogue:find_firm", "dialogue:attach", "dialogue:finish_follow_up", "dialogue:reopen_follow_up",
    "accounts:switch", "accounts:change_calendar", "register:find_duplicates", "register:not_duplicates",
    "register:duplicates_again", "market:read_sentence", "market:pause_listing", "market:resume_listing", "market:fulfil_listing",
    "market:show_interest", "market:refresh_suggestions", "market:use_weights", "market:restore_weights", "market:network_plan", "market:network_choose",
    "market:network_pin", "market:network_lift", "market:accept_suggestion", "market:reopen_suggestion",
    "market:interested_in_suggestion", "market:match_move", "market:match_note", "market:match_follow_up",
    "market:match_take_over", "market:settle_letter", "register:import_now", "register:sync", "register:points",
}  # fmt: skip
"""Addresses that a form posts to, or that a map asks: there is no page to open."""
NOT_LINKED_HERE = {
    "accounts:accept", "accounts:confirm_address", "market:network_run", "market:network_forbid", "register:take_back_import", "register:merge", "register:merge_with", "register:undo_merge", "register:reactivate", "register:import", "register:import_problems",
    "market:restore_letter_template", "plan:delete_measurement", "plan:measure", "portal:browse", "portal:open_listing",
}  # fmt: skip
"""Pages whose link needs a state that this office is not in; they are opened by their own rooms' tests."""


class Walk:
    """One person's way through the product. `faults` is what was wrong, each with its address."""

    def __init__(self, page: Page, axe_at: tuple[dict[str, int], ...] = (WIDE, NARROW)) -> None:
        self.page = page
        self.axe_at = axe_at
        self.faults: list[str] = []
        self.said: list[str] = []
        self.seen: Counter[str] = Counter()
        page.on(
            "console", lambda message: self.said.append(message.text) if message.type == "error" else None
        )
        page.context.add_init_script(AXE_SCRIPT)  # compiled once, not for each page
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def run(self, first: list[str], *, forgiving: list[str]) -> None:
        """Open `first` and every link from there, one page per address pattern, and `forgiving` where allowed."""
        waiting = deque(
            [*((address, True) for address in forgiving), *((address, False) for address in first)]
        )
        met = set(forgiving) | set(first)
        while waiting:
            address, may_be_closed = waiting.popleft()
            name = route(address)
            if name in DOWNLOADS or (self.seen[name] and not may_be_closed):
                continue
            for link in self.look_at(address, name, may_be_closed):
                if link not in met:
                    met.add(link)
                    waiting.append((link, False))

    def look_at(self, address: str, name: str, may_be_closed: bool) -> list[str]:
        """Open one page at both widths; the addresses it links to."""
        self.said.clear()
        self.page.set_viewport_size(WIDE)
        try:
            answer = self.page.goto(address, wait_until="load")
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            self.seen[name] += 1
            return []
        if answer is None or (may_be_closed and answer.status in {403, 404}):
            return []
        self.seen[name] += 1
        if answer.status >= 400:
            self.faults.append(f"{address} svarer {answer.status}")
            return []
        links = self.links()
        self.check(address, WIDE)
        self.page.set_viewport_size(NARROW)
        self.check(address, NARROW)
        self.faults += [f"{address} i konsollen: {text}" for text in self.said]
        return links

    def links(self) -> list[str]:
        found = self.page.eval_on_selector_all(
            "a[href]", "links => links.map(link => link.getAttribute('href'))"
        )
        return [link.split("#")[0] for link in found if link.startswith("/")]

    def check(self, address: str, size: dict[str, int]) -> None:
        at = f"{address} ved {size['width']} px:"
        width = self.page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"] + 1:
            self.faults.append(f"{at} {width} px bred")
        if size is WIDE:
            if (headings := self.page.locator("h1").count()) != 1:
                self.faults.append(f"{at} {headings} h1")
            if not self.page.title().removesuffix("– Brobygger").strip():
                self.faults.append(f"{at} ingen titel")
        if size not in self.axe_at:
            return
        self.faults += [f"{at} {violation}" for violation in violations(self.judged())]

    def judged(self) -> dict:
        """What axe says of the page as it is now."""
        if not self.page.evaluate("'axe' in window"):  # opened before, or without JavaScript
            self.page.evaluate(AXE_SCRIPT)
        return self.page.evaluate(
            "options => axe.run(options)", {"runOnly": RULES, "resultTypes": ["violations"]}
        )


def violations(response: dict) -> Iterator[str]:
    for found in response["violations"]:
        nodes = "; ".join(node["html"][:160] for node in found["nodes"][:3])
        yield f"{found['id']} ({len(found['nodes'])}): {nodes}"


def route(address: str) -> str:
    """The name of the address pattern."""
    try:
        return resolve(urlsplit(address).path).view_name or address
    except Resolver404:
        return address


def pages_for(role: str) -> set[str]:
    """The names of our own pages that somebody with this role may open."""
    found = set()
    for _route, entry, name, namespace in every_page():
        rule = rule_of(entry.callback, name, namespace)
        if namespace in OURS and name and rule and may_open(rule, {role}):
            found.add(f"{namespace}:{name}")
    return found - DOWNLOADS - ONLY_ANSWERS - NOT_LINKED_HERE


PEOPLE = {
    "konsulent": "konsulent@demo.invalid",
    "chef": "chef@demo.invalid",
    "virksomhed": "virksomhed@demo.invalid",
    "administrator": "admin@demo.invalid",
    "nabokonsulent": "nabokonsulent@demo.invalid",
}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_a_person_can_reach_is_whole_on_a_screen_and_on_a_phone(who, office_lived_in, signed_in):
    meets_both_sizes = who in {"konsulent", "virksomhed"}  # the others meet the same pages with other buttons
    walk = Walk(signed_in(PEOPLE[who]), (WIDE, NARROW) if meets_both_sizes else (WIDE,))
    walk.run(["/"], forgiving=rich_pages())
    assert walk.faults == []
    if who == "konsulent":
        assert pages_for(Role.CONSULTANT) - set(walk.seen) == set(), "ingen link fører hertil"


def test_every_page_of_the_public_site_is_whole(office_lived_in, visitor):
    walk = Walk(visitor())
    walk.run(["/"], forgiving=[])
    for address in ("/findes-ikke/", "/konto/password/reset/", "/konto/signup/"):
        walk.page.goto(address)
        walk.check(address, NARROW)
    assert walk.faults == []
    assert {"portal:front", "portal:browse", "portal:open_listing", "account_login"} <= set(walk.seen)
