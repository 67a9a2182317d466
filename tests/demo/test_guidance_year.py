# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The demo's year of guidance: invented firms only, no letter to anybody, and pages that mean something."""

from __future__ import annotations

import pytest

from brobygger.base.indicators import Period, read
from brobygger.base.models import Letter
from brobygger.demo import actors, guidance_year
from brobygger.guidance.models import Aid, Offer, Partner, Referral
from brobygger.guidance.queries.schemes import current_schemes
from tests.factories import OrganisationFactory
from tests.guidance.made import day


@pytest.mark.django_db
def test_the_year_is_told_of_invented_firms_and_reaches_nobody() -> None:
    offices = actors.create_offices()
    people = actors.create_people(offices, "prøve-kodeord-123")
    office, neighbour = offices[actors.OFFICE], offices[actors.NEIGHBOUR]
    for number in range(50):
        OrganisationFactory(operator=office, invented=True, employees=number)
    OrganisationFactory(operator=neighbour, invented=True)
    real = OrganisationFactory(operator=office, name="Et rigtigt firma")
    guidance_year.tell(offices, people)
    assert not Letter.objects.exists()
    for model in (Aid, Offer, Referral):
        assert not model.objects.filter(organisation=real).exists()
        assert not model.objects.filter(invented=False).exists()
    assert len(current_schemes(office)) == len(guidance_year.SCHEMES)
    assert Partner.objects.filter(operator=office, invented=False).get().office == neighbour
    assert set(Referral.objects.filter(operator=office).values_list("direction", flat=True)) == {"in", "out"}
    last_year = Period(day(-365), day())
    for key in ("referrals", "referrals_with_result", "firms_guided", "aid_dkk", "firms_with_aid"):
        assert read(f"guidance.{key}", last_year, office).value, key
