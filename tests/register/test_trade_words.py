# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm is found by what its trade belongs under, after those who say it themselves, and by no neighbouring trade."""

from __future__ import annotations

import pytest

from brobygger.accounts.models import Operator
from brobygger.base.search import find
from brobygger.knowledge.industries import db25_codes
from brobygger.register import search
from brobygger.register.models import Organisation
from brobygger.register.trade_words import trade_words
from tests.factories import OrganisationFactory


@pytest.fixture
def firms(operator: Operator) -> dict[str, Organisation]:
    trades = {
        "Enghave": "014100",
        "Kutteren": "031100",
        "Toftens": "110500",
        "Drikkevarer fra Kulsø": "692000",
    }
    made = {
        name: OrganisationFactory(operator=operator, name=name, industry=code, street="", city="")
        for name, code in trades.items()
    }
    search.index(made.values())
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("drikkevarer", ["Drikkevarer fra Kulsø", "Toftens"]),
        ("husdyravl", ["Enghave"]),
        ("landbrug", ["Enghave"]),  # »Landbrug, jagt, skovbrug og fiskeri« stands above both
        ("fiskeri", ["Kutteren"]),
        ("jagt", []),
        ("aktiviteter", []),
    ],
)
def test_a_firm_is_found_by_what_its_trade_belongs_under(
    operator: Operator, firms: dict[str, Organisation], asked: str, found: list[str]
) -> None:
    keys = find("organisation", asked, scopes=[str(operator.pk)]).keys
    assert keys == [firms[name].pk for name in found]


def test_a_slip_of_the_keys_in_it_is_mended(operator: Operator, firms: dict[str, Organisation]) -> None:
    keys = find("organisation", "husdyrravl", scopes=[str(operator.pk)]).keys
    assert keys == [firms["Enghave"].pk]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("014100", "husdyravl"),
        ("021000", ""),
        ("110500", "drikkevarer"),  # although a neighbour makes »andre drikkevarer«
        ("477110", ""),  # not »undtagen motorkøretøjer og motorcykler«
        ("561110", "restauration"),  # from »restaurationsaktiviteter«
        ("999999", ""),
        ("", ""),
    ],
)
def test_of_the_titles_above_what_tells_something_is_kept(code: str, words: str) -> None:
    assert trade_words(code) == words


def test_they_are_few() -> None:
    """There is one such text for each of a hundred thousand firms."""
    lengths = [len(trade_words(code).split()) for code in db25_codes()]
    assert sum(lengths) / len(lengths) < 1
    assert max(lengths) <= 8
