# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses for lists are those that Django would give."""

from uuid import UUID, uuid4

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from brobygger.base.addresses import address, address_of


@pytest.mark.parametrize(
    ("name", "key"),
    [("register:organisation", 1), ("register:organisation", 7_777_777_777), ("plan:goal", 1234567),
     ("market:listing", uuid4()), ("market:match", UUID(int=0)), ("market:suggestion", uuid4())],
)  # fmt: skip
def test_an_address_is_the_one_that_django_gives(name: str, key: int | UUID) -> None:
    assert address_of(name, key) == reverse(name, args=[key])


def test_a_site_below_a_folder_has_its_own_addresses() -> None:
    assert address_of("market:match", UUID(int=5)).startswith("/match/")
    assert address("market:matches") == reverse("market:matches") == "/match/"
    set_script_prefix("/brobygger/")
    try:
        assert address_of("market:match", UUID(int=5)) == f"/brobygger/match/{UUID(int=5)}/"
        assert address("market:matches") == "/brobygger/match/"
    finally:
        set_script_prefix("/")


def test_a_record_that_is_not_stored_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        address_of("market:match", None)  # type: ignore[arg-type]
