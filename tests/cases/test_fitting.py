# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a firm is proposed by are words that name something."""

import pytest

from brobygger.cases import fitting
from brobygger.market.models import Listing
from tests.factories import ListingFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
SAID = "Brugte møbler til rådhuset. Vi vil helst købe brugte møbler og søger nogen, der kan finde dem, stille dem op og tage dem retur."


def test_what_everybody_does_proposes_nobody(operator):
    furniture = OrganisationFactory(operator=operator, industry="310000")
    hens = OrganisationFactory(
        operator=operator, industry="014700", description="Man kan købe æg og tage dem med hjem."
    )
    haulier = OrganisationFactory(operator=operator, industry="494100")
    ListingFactory(organisation=haulier, operator=operator, side="have", text="Tom bil retur fra København")
    found = fitting.fits(SAID, [furniture, hens, haulier], listed=Listing.Side.HAVE)
    assert {key: fit.words for key, fit in found.items()} == {furniture.pk: ("møbler",)}
