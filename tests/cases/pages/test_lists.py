# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The list of cases, its workbook and the board."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client

from brobygger.accounts.models import AuditEntry, Operator, User
from brobygger.cases.models import Case
from brobygger.cases.queries import lists
from brobygger.cases.services import contents, waiting
from brobygger.cases.services.moving import move
from tests.cases.made import day, opened, shown


@pytest.mark.parametrize("address", ["/sager/", "/sager/tavle/", "/sager/ny/"])
def test_a_new_office_is_shown_the_way_to_its_first_case_type(
    operator: Operator, as_head: Client, as_consultant: Client, address: str
) -> None:
    for browser, word in (
        (as_head, "Vælg dem, I skal bruge"),
        (as_consultant, "Kontorets chef tager dem i brug"),
    ):
        page = shown(browser, address)
        assert word in page
        assert 'href="/opskrifter/"' in page


def test_the_list_is_searched_and_narrowed(
    operator: Operator, case: Case, consultant: User, as_consultant: Client
) -> None:
    other = opened(operator, title="Vaskehal i Hvalsø", subtype="large", officer=consultant)
    page = shown(as_consultant, "/sager/")
    assert case.title in page
    assert other.title in page
    assert other.title not in shown(as_consultant, "/sager/?q=bryggeriet")
    assert case.title in shown(as_consultant, "/sager/?q=prøvebryg")
    assert case.title in shown(as_consultant, f"/sager/?q={case.number}")
    assert case.title not in shown(as_consultant, f"/sager/?hvem={consultant.pk}")
    assert other.title not in shown(as_consultant, "/sager/?hvem=nobody")
    assert case.title not in shown(as_consultant, "/sager/?type=trial&trin=ready")
    assert case.title not in shown(as_consultant, "/sager/?status=closed")
    assert case.title not in shown(as_consultant, "/sager/?haster=late")
    assert shown(as_consultant, "/sager/?hvem=x&type=nej&trin=nej&haster=nej&virksomhed=-1")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads the bare column as well")
@pytest.mark.parametrize("hurry", [lists.LATE, lists.CLOSE])
def test_open_cases_that_hurry_are_looked_up_by_an_index_that_knows_who_is_open(
    operator: Operator, consultant: User, hurry: str
) -> None:
    rows = lists.of_office(consultant, operator, lists.Wanted(hurry=hurry)).rows
    assert "is_open=?" in rows.explain()


def test_late_and_waiting_cases_are_found(operator, case, consultant, as_consultant) -> None:
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    early = opened(operator, on=day(-70), values={"amount": 1}, title="Gammel sag")
    early = contents.tick(early, ["read"], user=consultant, expected=early.version)
    move(early, "complete", user=consultant, expected=early.version, on=day(-60), reason="Post")
    waiting.pause(case, "authority", user=consultant)
    assert "Gammel sag" in shown(as_consultant, "/sager/?haster=late")
    assert case.title not in shown(as_consultant, "/sager/?haster=late")
    assert case.title in shown(as_consultant, "/sager/?haster=waiting")
    page = shown(as_consultant, "/sager/hvem-har-hvad/")
    assert "Ingen endnu" in page
    assert "Gammel sag" in shown(as_consultant, "/i-dag/")


def test_the_list_is_an_excel_workbook_and_that_is_recorded(case: Case, as_consultant: Client) -> None:
    answer = as_consultant.get("/sager/regneark/")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert AuditEntry.objects.filter(action="export", about="Sager").exists()


def test_the_board_has_a_column_for_each_stage(case: Case, as_consultant: Client) -> None:
    page = shown(as_consultant, "/sager/tavle/")
    assert page.index("Modtaget") < page.index(case.title) < page.index("Til afgørelse")
    assert case.title not in shown(as_consultant, "/sager/tavle/?vis=mine&type=trial")


def test_who_is_partial_sees_the_case_on_no_board_and_in_no_count(
    case: Case, consultant: User, as_consultant: Client
) -> None:
    assert case.title in shown(as_consultant, "/sager/tavle/")
    assert [row.open for row in lists.load(consultant, case.operator) if row.officer is None] == [1]
    contents.recuse(case, consultant, user=consultant, reason="Min bror ejer firmaet")
    assert case.title not in shown(as_consultant, "/sager/tavle/")
    assert sum(row.open for row in lists.load(consultant, case.operator)) == 0
    assert lists.waiting_for(consultant, case.operator, date(2100, 1, 1), mine=False, most=5) == []


def test_pages_without_a_case_type_say_what_to_do(as_consultant: Client) -> None:
    for address in (
        "/sager/",
        "/sager/tavle/",
        "/sager/ny/",
        "/sager/byggesager/",
        "/sager/byggesager/import/",
        "/sager/stoette/",
    ):
        assert "bb-empty" in shown(as_consultant, address), address
