# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Histories are cheap to look at, and each is that of its own record."""

from tests.factories import ListingFactory, OrganisationFactory


def test_histories_share_their_class_and_each_is_its_records_own(operator):
    brewery, farm = (OrganisationFactory(operator=operator, name=name) for name in ("Bryg", "Gård"))
    assert type(brewery.history) is type(farm.history)
    assert [row.name for row in brewery.history.all()] == ["Bryg"]
    assert [row.name for row in farm.history.all()] == ["Gård"]
    listing = ListingFactory(organisation=farm, operator=operator)
    assert listing.history.get().id == listing.pk
    assert {row.name for row in type(farm).history.all()} == {"Bryg", "Gård"}
