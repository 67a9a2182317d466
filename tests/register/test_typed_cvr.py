# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A CVR number is typed in many ways, and read alike in every form."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from brobygger.register.forms import cvr_in, typed_cvr


@pytest.mark.parametrize(
    "typed", ["99217771", "99 21 77 71", "DK99217771", "dk-99.21.77.71", " DK 99217771 "]
)
def test_the_same_number_however_it_is_typed(typed: str) -> None:
    assert typed_cvr(typed) == "99217771"


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_nothing_is_no_number(typed: str | None) -> None:
    assert typed_cvr(typed) is None


@pytest.mark.parametrize("typed", ["9921777", "992177711", "SE99217771", "٩٩٢١٧٧٧١", "Bryggeriet", "-"])
def test_anything_else_is_refused(typed: str) -> None:
    assert cvr_in(typed) is None
    with pytest.raises(ValidationError, match="otte cifre"):
        typed_cvr(typed)
