# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Mailings and booked talks as workbooks: the list that is on the screen, without anybody's name or address."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Role
from brobygger.base.models import Letter
from brobygger.outreach.models import Bounce
from brobygger.outreach.services import mailings
from tests.factories import user_as
from tests.outreach import booked, made

pytestmark = pytest.mark.django_db


def rows_of(answer) -> list[list[object]]:
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_mailings_with_how_many_were_in_left_out_and_came_back(as_consultant, operator, consultant):
    for name, protected in (("Bryggeriet", False), ("Gården", True)):
        firm = made.firm(operator, name=name, ad_protected=protected)
        made.consent(firm, consultant, f"{len(name)}@example.invalid")
    made.firm(operator, name="Tavs")
    sent = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    mailings.carry_out(sent, made.unwatched)
    letter = Letter.objects.first()
    for number, hard in enumerate((True, True, False)):  # told twice, it came back once
        Bounce.objects.create(
            operator=operator, letter=letter, email="x@y.dk", hard=hard, message_id=str(number)
        )
    made.draft(operator, consultant)
    neighbour = user_as(Role.CONSULTANT)
    made.draft(neighbour.memberships.get().operator, neighbour)
    heading, *rows = rows_of(as_consultant.get(reverse("outreach:export_mailings")))
    assert heading[-3:] == ["Modtagere", "Ikke med", "Kom tilbage"]
    assert [row[-3:] for row in rows] == [[None] * 3, [2, 1, 1]]
    assert [row[3] for row in rows] == ["Kladde", "Sendt"]
    assert not any("@" in str(cell) for row in rows for cell in row)
    assert AuditEntry.objects.filter(action="export", operator=operator, about="Udsendelser").exists()
    assert (
        reverse("outreach:export_mailings")
        in as_consultant.get(reverse("outreach:mailings")).content.decode()
    )


def test_booked_talks_as_they_are_listed(as_consultant, operator, consultant, head):
    firm = made.firm(operator, name="Bryggeriet")
    mine = booked.booked(operator, consultant, 1, organisation=firm)
    booked.over(booked.booked(operator, consultant, 2))
    booked.booked(operator, head)
    address = reverse("outreach:export_talks")
    [row] = rows_of(as_consultant.get(address))[1:]
    assert row[0] == timezone.make_naive(mine.starts_at)
    assert (row[2], row[4], row[6], row[7]) == ("Bryggeriet", str(consultant), "Vi vil gerne vokse", "Aftalt")
    assert "Bodil" not in f"{row}"
    assert "bodil@" not in f"{row}"
    assert len(rows_of(as_consultant.get(address, {"hvem": "alle"}))) == 3
    assert len(rows_of(as_consultant.get(address, {"vis": "tidligere"}))) == 2
    page = as_consultant.get(reverse("outreach:times"), {"hvem": "alle"}).content.decode()
    assert f'href="{address}?hvem=alle"' in page


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER, Role.ADMIN])
def test_they_are_the_consultants_and_heads(operator, sign_in, role):
    client = sign_in(user_as(role, operator))
    for name in ("export_mailings", "export_talks"):
        assert client.get(reverse(f"outreach:{name}")).status_code == 403


def test_a_neighbour_gets_no_talk_of_ours(operator, consultant, sign_in):
    booked.booked(operator, consultant)
    assert (
        len(rows_of(sign_in(user_as(Role.HEAD)).get(reverse("outreach:export_talks"), {"hvem": "alle"}))) == 1
    )
