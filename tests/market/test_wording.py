# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Amounts and prices as a person says them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from brobygger.market.models import Listing
from brobygger.market.wording import amount, price_text


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [("1", "t", "1 ton om ugen"), ("1.5", "t", "1,5 tons om ugen"), ("1", "pladser", "1 plads om ugen"), ("1", "kg", "1 kg om ugen")],
)  # fmt: skip
def test_one_of_a_thing_is_said_in_the_singular(quantity: str, unit: str, said: str) -> None:
    assert amount(Decimal(quantity), unit, "week") == said


def test_a_price_is_for_one() -> None:
    kind = Listing.Price.FIXED
    assert price_text(Listing(price=Decimal(350), price_kind=kind, unit="t")) == "Fast pris: 350 kr. pr. ton"
    assert price_text(Listing(price=Decimal(350), price_kind=kind)) == "Fast pris: 350 kr."
