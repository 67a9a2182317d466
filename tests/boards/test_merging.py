# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Firms that members come from, laid together: the seats follow, the page says so, and it can be undone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Operator, User
from brobygger.boards.models import Seat
from brobygger.register.models import Organisation
from brobygger.register.services_merge import merge, undo
from tests.boards.made import board, day, seat
from tests.factories import OrganisationFactory


@pytest.fixture
def firms(operator: Operator) -> list[Organisation]:
    return [
        OrganisationFactory(operator=operator, name=name, cvr=None)
        for name in ("Bryggeriet", "Bryggeriet igen")
    ]


def test_a_seat_follows_its_firm_and_goes_back(
    operator: Operator, firms: list[Organisation], consultant: User
) -> None:
    on = board(operator)
    mine, theirs = (seat(on, organisation=firm) for firm in firms)
    record = merge(*firms, chosen={}, expected=(firms[0].version, firms[1].version), user=consultant)
    assert list(Seat.objects.order_by("pk").values_list("pk", "organisation")) == [
        (mine.pk, firms[0].pk),
        (theirs.pk, firms[0].pk),
    ]
    undo(record, expected=record.version, user=consultant)
    assert Seat.objects.get(pk=theirs.pk).organisation.name == "Bryggeriet igen"


def test_the_page_says_that_one_firm_gets_two_seats_on_a_board(
    as_consultant: Client, operator: Operator, firms: list[Organisation]
) -> None:
    on, other = board(operator, name="Erhvervsrådet"), board(operator, name="Havnerådet")
    page = reverse("register:merge_with", args=[firms[0].pk, firms[1].pk])
    seat(on, organisation=firms[0])
    seat(other, organisation=firms[1])
    seat(on, organisation=firms[1], ends_on=day(-1))  # no longer
    assert "To pladser i samme råd" not in as_consultant.get(page).content.decode()
    seat(on, organisation=firms[1], ends_on=day(1))
    shown = as_consultant.get(page).content.decode()
    assert "Bagefter har Bryggeriet to pladser i Erhvervsrådet" in shown
    assert "Havnerådet" not in shown
