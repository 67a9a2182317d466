# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The office's own details: changed by its administrators, never over somebody else's change."""

from __future__ import annotations

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, Role, User
from tests.factories import user_as

PAGE = "/kontor/oplysninger/"


@pytest.fixture
def admin(operator: Operator) -> User:
    return user_as(Role.ADMIN, operator)


def typed(**changes: object) -> dict[str, object]:
    return {
        "name": "Erhverv Prøvekommune", "email": "kontor@example.invalid", "phone": "", "municipality_codes": ["0101", "0147"],
        "opened_version": 1,
    } | changes  # fmt: skip


def test_two_administrators_at_once_the_second_is_told_and_keeps_what_was_typed(admin: User, sign_in) -> None:
    browser: Client = sign_in(admin)
    operator = Operator.objects.get()
    browser.post(PAGE, typed(phone="11 11 11 11", opened_version=operator.version))
    told = browser.post(
        PAGE, typed(phone="22 22 22 22", municipality_codes=["0101"], opened_version=operator.version)
    )
    operator.refresh_from_db()
    assert operator.phone == "11 11 11 11"
    assert set(operator.municipalities.values_list("code", flat=True)) == {"0101", "0147"}
    assert told.status_code == 409
    assert told.context["conflict"] == [
        ("Telefon", "22 22 22 22", "11 11 11 11"),
        ("Kommuner, kontoret betjener", "København", "København og Frederiksberg"),
    ]
    assert "En anden har gemt" in told.content.decode()
    form = told.context["form"]
    assert (form["phone"].value(), form["municipality_codes"].value()) == ("22 22 22 22", ["0101"])
    browser.post(PAGE, typed(phone="22 22 22 22", opened_version=form["opened_version"].value()))
    operator.refresh_from_db()
    assert operator.phone == "22 22 22 22"


def test_who_changed_the_office_can_be_read(admin: User, sign_in) -> None:
    browser: Client = sign_in(admin)
    browser.post(PAGE, typed(phone="11 11 11 11", opened_version=Operator.objects.get().version))
    assert "telefon: fra (tom) til »11 11 11 11«" in browser.get(PAGE).content.decode()


def test_municipalities_stand_in_danish_order_and_the_way_back_is_at_the_top(admin: User, sign_in) -> None:
    page = sign_in(admin).get(PAGE)
    names = [name for _code, name in page.context["form"].fields["municipality_codes"].choices]
    assert (names[0], names[-1]) == ("Albertslund", "Aarhus")
    assert 'href="/kontor/">Kontoret</a>' in page.content.decode()
