# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A source may be one long word, and a phone is narrow."""

from __future__ import annotations

import pytest

from brobygger.demo.actors import OFFICE
from brobygger.market.models import Suggestion

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_address_of_a_source_stays_within_a_narrow_page(small_demo, signed_in):
    found = Suggestion.objects.filter(operator__slug=OFFICE, state=Suggestion.State.NEW).first()
    source = "https://example.invalid/" + "grise_restprodukter_foder_" * 6
    Suggestion.objects.filter(pk=found.pk).update(precedents=[{"text": "Mask til foder", "source": source}])
    page = signed_in("konsulent@demo.invalid")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(found.get_absolute_url())
    assert source in page.get_by_role("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
