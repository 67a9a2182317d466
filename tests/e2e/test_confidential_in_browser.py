# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A broker-only listing, looked for in a browser by everybody who must not find it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from brobygger.demo.actors import OFFICE, data
from brobygger.market.models import Listing, Suggestion

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = data("invented")["confidential"]["text"].split("{q}")[0].strip(" ,")


@pytest.fixture
def secret(small_demo) -> Listing:
    return Listing.objects.get(visibility=Listing.Visibility.BROKER)


def everywhere(page: Page, secret: Listing) -> str:
    """All words and links of the pages where it could have slipped out, as this person sees them."""
    met = Suggestion.objects.filter(have=secret).first()
    looked_at = []
    for address in (
        "/", "/i-dag/", "/min-side/", "/forslag/", "/kredsloeb/", "/match/", "/plan/",
        f"/har-og-mangler/?q={WORDS}", f"/har-og-mangler/?q={WORDS}&kontor=andre", f"/aabne/?q={WORDS}",
        f"/virksomheder/{secret.organisation_id}/", secret.get_absolute_url(), met.get_absolute_url() if met else "/",
    ):  # fmt: skip
        page.goto(address)
        main = page.get_by_role("main")
        looked_at.append(main.inner_text())
        looked_at += main.locator("a").evaluate_all("links => links.map(link => link.href)")
    api = (f"/api/v1/har-og-mangler?q={WORDS}", "/api/v1/forslag")
    looked_at += [page.request.get(address).text() for address in api]
    return "\n".join(looked_at)


def test_its_own_consultant_sees_it(secret, signed_in):
    page = signed_in("konsulent@demo.invalid")
    page.goto(f"/har-og-mangler/?q={WORDS}")
    expect(page.get_by_role("main").get_by_role("link", name=secret.title)).to_be_visible()
    page.goto(secret.get_absolute_url())
    expect(page.get_by_role("main")).to_contain_text("Fortrolig")
    assert secret.operator.slug == OFFICE


@pytest.mark.parametrize(
    "who", ["virksomhed@demo.invalid", "nabokonsulent@demo.invalid", "admin@demo.invalid", None]
)
def test_nobody_else_finds_a_trace_of_it(who, secret, signed_in, visitor):
    page = signed_in(who) if who else visitor()
    seen = everywhere(page, secret)
    assert secret.title not in seen
    assert str(secret.pk) not in seen
    assert len(seen) > 1000, "siderne var tomme"
