# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Long lists of keys as one parameter, for every kind of key, on whatever database the tests run on."""

from __future__ import annotations

from uuid import uuid4

import pytest

from brobygger.base.among import among
from brobygger.market.models import Listing
from brobygger.register.models import Organisation
from tests.factories import ListingFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def test_numbers_and_uuids_find_the_same_as_a_place_for_each(operator):
    firms = [OrganisationFactory(operator=operator) for _ in range(3)]
    keys = [firms[0].pk, firms[2].pk, 10**9]
    assert set(Organisation.objects.filter(pk__in=among(Organisation, keys))) == {firms[0], firms[2]}
    listing = ListingFactory(organisation=firms[0], operator=operator)
    assert list(Listing.objects.filter(pk__in=among(Listing, [listing.pk, uuid4()]))) == [listing]


def test_no_keys_match_nothing(operator):
    OrganisationFactory(operator=operator)
    assert not Organisation.objects.filter(pk__in=among(Organisation, [])).exists()
