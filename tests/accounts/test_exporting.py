# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every list is taken along in one way: the same file, the same name, the same line in the audit trail."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from openpyxl import load_workbook

import brobygger
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.models import AuditEntry, Operator, User
from tests.factories import OperatorFactory


@pytest.fixture
def request_of(rf: RequestFactory, operator: Operator) -> Any:
    def made(user: Any) -> HttpRequest:
        request = rf.get("/liste/", {"q": "brød"})
        request.user, request.operator = user, operator  # type: ignore[attr-defined]
        return request

    return made


def test_a_list_is_named_after_the_day_and_recorded(
    request_of: Any, operator: Operator, consultant: User
) -> None:
    rows = iter([["Brød", 1], ["=1+1", 2]])
    answer = as_workbook(request_of(consultant), "Varer", "varer", ["Hvad", "Antal"], rows)
    assert answer["Content-Disposition"] == f'attachment; filename="varer-{timezone.localdate()}.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert list(sheet.values) == [("Hvad", "Antal"), ("Brød", 1), ("=1+1", 2)]
    assert sheet["A3"].data_type == "s"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.user, entry.operator, entry.about) == (
        "export", consultant, operator, "Varer",
    )  # fmt: skip
    assert entry.detail == {"asked": "q=br%C3%B8d", "rows": 2}


def test_a_list_of_something_else_than_today_and_the_office_says_so(
    request_of: Any, consultant: User
) -> None:
    other = OperatorFactory()
    answer = as_workbook(
        request_of(consultant), "Plan", "plan", ["Dag"], [], about="Lån 7", operator=other, on=date(2026, 3, 1)
    )  # fmt: skip
    assert answer["Content-Disposition"].endswith('"plan-2026-03-01.xlsx"')
    entry = AuditEntry.objects.get()
    assert (entry.operator, entry.about, entry.detail["rows"]) == (other, "Lån 7", 0)


def test_nobody_is_recorded_where_nobody_is_signed_in(request_of: Any) -> None:
    answer = as_workbook(request_of(AnonymousUser()), "Udbud", "udbud", ["Hvad"], [["Bro"]])
    assert (answer.status_code, AuditEntry.objects.exists()) == (200, False)


def test_signs_that_no_workbook_can_hold_are_left_out(request_of: Any, consultant: User) -> None:
    answer = as_workbook(request_of(consultant), "Varer", "varer", ["Hvad"], [["A\x0bB"], ["x" * 40_000]])
    (_heading, (first,), (long,)) = load_workbook(io.BytesIO(answer.content)).active.values
    assert (first, len(long)) == ("AB", 32_000)


def test_no_room_writes_a_workbook_by_itself() -> None:
    root = Path(brobygger.__file__).parent
    writers = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ("import Workbook", "base.spreadsheet import"))
    }
    assert writers == {"accounts/exporting.py", "base/spreadsheet.py"}
