# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Takers that posted nothing, on a listing's page: the likely ones first, the weak behind a click, a page at a time."""

from __future__ import annotations

import re

import pytest

from brobygger.market.models import Listing, Suggestion
from brobygger.market.queries.suggestions import TAKERS_ON_A_PAGE
from tests.factories import ListingFactory, OrganisationFactory, firm_user


@pytest.fixture
def listing(operator) -> Listing:
    return ListingFactory(organisation__operator=operator)


def taker(listing: Listing, score: float, name: str) -> Suggestion:
    return Suggestion.objects.create(
        operator=listing.operator,
        kind=Suggestion.Kind.TAKER,
        have=listing,
        organisation=OrganisationFactory(operator=listing.operator, name=name),
        score=score,
        reason="Branchen bruger den slags.",
    )


def parts(page: str) -> tuple[str, str]:
    """The page without what is folded away among the takers, and that."""
    section = page[page.index('id="aftagere"') :]
    folded = re.search(r"<details.*?</details>", section, re.DOTALL)
    return section.replace(folded[0], "") if folded else section, folded[0] if folded else ""


def test_weak_takers_are_folded_away_with_their_score_and_how_many(as_consultant, listing):
    taker(listing, 0.62, "Oplagt Gård")
    taker(listing, 0.21, "Svag Gård")
    taker(listing, 0.12, "Svagere Gård")
    shown, folded = parts(as_consultant.get(listing.get_absolute_url()).content.decode())
    assert "Oplagt Gård" in shown
    assert "Svag Gård" not in shown
    assert "Vis også 2 svage forslag" in folded
    assert "Svagt · 21 %" in folded
    assert "<details open" not in folded


def test_only_weak_takers_are_still_offered(as_consultant, listing):
    taker(listing, 0.2, "Svag Gård")
    shown, folded = parts(as_consultant.get(listing.get_absolute_url()).content.decode())
    assert "<table" not in shown
    assert "Vis også 1 svagt forslag" in folded


def test_many_takers_come_a_page_at_a_time_the_best_first(as_consultant, listing):
    for number in range(TAKERS_ON_A_PAGE + 2):
        taker(listing, 0.9 - number / 100, f"Gård nummer {number}")
    first = as_consultant.get(listing.get_absolute_url()).content.decode()
    assert "Gård nummer 0" in first
    assert f"Gård nummer {TAKERS_ON_A_PAGE}<" not in first
    assert 'href="?aftagere=2#aftagere"' in first
    second = as_consultant.get(f"{listing.get_absolute_url()}?aftagere=2").content.decode()
    assert f"Gård nummer {TAKERS_ON_A_PAGE}<" in second
    assert "Gård nummer 0<" not in second
    assert as_consultant.get(f"{listing.get_absolute_url()}?aftagere=findes-ikke").status_code == 200


def test_the_owner_sees_no_takers_on_any_page(sign_in, listing):
    for number in range(TAKERS_ON_A_PAGE + 2):
        taker(listing, 0.9, f"Gård nummer {number}")
    browser = sign_in(firm_user(listing.organisation))
    for query in ("", "?aftagere=2"):
        assert "Gård nummer" not in browser.get(listing.get_absolute_url() + query).content.decode()


def test_my_page_says_the_distance_once(sign_in, listing):
    need = ListingFactory(
        organisation__operator=listing.operator, side="need", text="Vi søger foder", kind="material"
    )
    Suggestion.objects.create(
        operator=listing.operator, kind="pair", have=listing, need=need, score=0.8, distance_m=3400.0,
        reason="Mask bruges som kvægfoder. 3,4 km væk.", have_rank=1, need_rank=1,
    )  # fmt: skip
    page = sign_in(firm_user(listing.organisation)).get("/min-side/").content.decode()
    assert page.count("3,4 km") == 1
