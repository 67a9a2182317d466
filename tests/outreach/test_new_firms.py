# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""New firms: found in their quarter, passed over and taken along."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from brobygger.outreach.errors import AlreadyWelcomed, NobodyNew
from brobygger.outreach.models import Welcome
from brobygger.outreach.queries import new_firms
from brobygger.outreach.services import welcome
from tests.factories import user_as
from tests.outreach import made

pytestmark = pytest.mark.django_db
Q1 = made.Q1


def names(operator, quarter=Q1):
    return sorted(new_firms.firms(operator, quarter).values_list("name", flat=True))


def test_firms_that_began_in_the_quarter_in_our_municipalities_are_new(operator):
    made.new_firm(operator, "2026-01-01", name="Første dag")
    made.new_firm(operator, "2026-03-31", name="Sidste dag", kind="sole_trader")
    made.new_firm(operator, "2025-12-31", name="For tidligt")
    made.new_firm(operator, "2026-04-01", name="For sent")
    made.new_firm(operator, name="Andetsteds", municipality_code="0101")
    made.new_firm(operator, name="Ophørt", status="dissolved")
    made.new_firm(operator, name="Foreningen", kind="association")
    made.new_firm(user_as("consultant").memberships.get().operator, name="Naboens")
    assert names(operator) == ["Første dag", "Sidste dag"]


def moved(firm, to, on):
    firm.municipality_code = to
    firm.save()
    moment = datetime.fromisoformat(on).replace(tzinfo=timezone.get_default_timezone())
    row = firm.history.first()
    row.history_date = moment
    row.save()


def test_a_firm_that_moved_in_is_new_and_one_that_only_moved_is_not(operator):
    arrived = made.new_firm(operator, "2020-01-01", name="Tilflyttet", municipality_code="0101")
    inside = made.new_firm(operator, "2020-01-01", name="Flyttet internt")
    earlier = made.new_firm(operator, "2020-01-01", name="Flyttet ind før", municipality_code="0101")
    left = made.new_firm(operator, "2020-01-01", name="Fraflyttet")
    for firm in (arrived, inside, earlier, left):
        firm.history.update(history_date=datetime(2020, 1, 2, tzinfo=timezone.get_default_timezone()))
    moved(arrived, "0350", "2026-02-10")
    inside.street = "Ny vej 1"
    moved(inside, "0350", "2026-02-10")
    moved(earlier, "0350", "2025-11-10")
    moved(left, "0101", "2026-02-10")
    assert names(operator) == ["Tilflyttet"]


def test_an_old_firm_that_cvr_brings_to_a_register_long_in_use_has_moved_in(operator):
    zone = timezone.get_default_timezone()
    known = made.new_firm(operator, "2019-01-01", name="Har været her", source="cvr")
    known.history.update(history_date=datetime(2025, 6, 1, tzinfo=zone))
    came = made.new_firm(operator, "2019-01-01", name="Kom fra CVR", source="cvr")
    typed = made.new_firm(operator, "2019-01-01", name="Skrevet ind", source="manual")
    for firm in (came, typed):
        firm.history.update(history_date=datetime(2026, 2, 1, tzinfo=zone))
    assert names(operator) == ["Kom fra CVR"]


def test_while_the_register_is_first_filled_nobody_has_moved_in(operator):
    zone = timezone.get_default_timezone()
    for number in range(3):
        firm = made.new_firm(operator, "2019-01-01", source="cvr")
        firm.history.update(history_date=datetime(2026, 1, 10 + number, tzinfo=zone))
    assert names(operator) == []


def test_a_firm_is_passed_over_and_taken_back(operator, consultant, letter):
    firm = made.new_firm(operator)
    welcome.skip(firm, user=consultant)
    with pytest.raises(AlreadyWelcomed):
        welcome.skip(firm, user=consultant)
    with pytest.raises(NobodyNew):
        welcome.start(operator, Q1, by_mail=False, user=consultant)
    welcome.unskip(firm, user=consultant)
    made.written(operator, consultant)
    with pytest.raises(AlreadyWelcomed):
        welcome.skip(firm, user=consultant)
    welcome.unskip(firm, user=consultant)
    assert Welcome.objects.filter(organisation=firm, skipped=False).exists()


def test_a_firm_is_passed_over_in_the_browser(as_consultant, operator, letter):
    firm = made.new_firm(operator)
    page = reverse("outreach:skip_welcome", args=[firm.pk])
    as_consultant.post(page, {"kvartal": "2026-1"})
    assert Welcome.objects.get().skipped
    as_consultant.post(page, {"kvartal": "2026-1", "fortryd": "1"})
    assert not Welcome.objects.exists()


def test_the_quarters_new_firms_are_taken_along_without_the_addresses_of_the_protected(
    as_consultant, operator, letter
):
    made.new_firm(operator, name="Bryggeriet", email="bryg@example.invalid")
    made.new_firm(operator, name="Gården", ad_protected=True, email="gaard@example.invalid")
    file = as_consultant.get("/kontakt/nye-virksomheder/regneark/?kvartal=2026-1")
    rows = list(load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True))
    assert {(row[0], row[5], row[7]) for row in rows[1:]} == {
        ("Bryggeriet", "bryg@example.invalid", None),
        ("Gården", None, "ja"),
    }
