# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case's documents and its archive."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from brobygger.accounts.models import AuditEntry, Role, User
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.services import documents
from brobygger.cases.services.moving import move
from tests.cases.made import day, fresh, press, shown
from tests.cases.pages import files
from tests.factories import firm_user, user_as


def test_documents_are_versioned_and_given_to_those_who_may_read_them(
    operator, case, firm, as_consultant, sign_in
) -> None:
    address = f"/sager/{case.pk}/dokument/"
    shown(as_consultant, address)
    press(as_consultant, address, file=files.upload(), kind="budget")
    press(as_consultant, address, file=files.upload("internt.pdf"), kind="")
    first, inner = CaseDocument.objects.get(kind="budget"), CaseDocument.objects.get(kind="")
    press(as_consultant, f"{address}?erstat={first.pk}", file=files.upload("budget2.pdf"), erstat=first.pk)
    assert [
        (d.number, d.superseded) for d in CaseDocument.objects.filter(series=first.series).order_by("number")
    ] == [(1, True), (2, False)]
    client = sign_in(firm_user(firm))
    page = shown(client, f"/sager/mine/{case.pk}/")
    assert "budget2.pdf" in page
    assert "internt.pdf" not in page
    assert client.get(f"/sager/dokument/{first.pk}/").status_code == 200
    assert client.get(f"/sager/dokument/{inner.pk}/").status_code == 404
    assert sign_in(user_as(Role.CONSULTANT)).get(f"/sager/dokument/{first.pk}/").status_code == 404
    press(as_consultant, f"/sager/dokument/{inner.pk}/fjern/", reason="Forkert sag")
    assert as_consultant.get(f"/sager/dokument/{inner.pk}/").status_code == 404
    assert AuditEntry.objects.filter(action="case_document_deleted").exists()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (files.upload("budget.txt", b"tekst"), "skal være PDF, XLSX"),
        (files.upload("budget.pdf", b"intet"), "kan ikke vedhæftes"),
        (files.upload("budget.pdf", files.PDF + b"x" * (2 * 1024 * 1024)), "må højst fylde 2 MB"),
    ],
)
def test_a_document_that_does_not_fit_is_refused(case: Case, as_consultant: Client, file, told: str) -> None:
    assert told in press(as_consultant, f"/sager/{case.pk}/dokument/", file=file, kind="budget")
    assert not CaseDocument.objects.exists()


def test_a_case_is_archived_before_it_is_deleted(
    case: Case, consultant: User, as_consultant: Client, as_head: Client
) -> None:
    documents.add(case, files.upload(), kind="budget", user=consultant)
    answer = as_consultant.post(f"/sager/{case.pk}/arkivfil/")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"sag.pdf", "sag.json", "opskrift.yaml"} < set(names)
    assert any(name.endswith("budget.pdf") for name in names)
    assert "ikke afsluttet" in press(
        as_consultant, f"/sager/{case.pk}/arkiv/", reference="A-1", opened_version=fresh(case).version
    )
    case = move(fresh(case), "withdraw", user=consultant, expected=fresh(case).version, reason="Fortrudt")
    assert as_consultant.get(f"/sager/{case.pk}/slet/").status_code == 403
    assert "skal gemmes til" in press(as_head, f"/sager/{case.pk}/slet/")
    wanted = {"reference": "A-1", "opened_version": fresh(case).version}
    assert "efter at arkivfilen blev hentet" in press(as_consultant, f"/sager/{case.pk}/arkiv/", **wanted)
    assert as_consultant.post(f"/sager/{case.pk}/arkivfil/").status_code == 200
    press(as_consultant, f"/sager/{case.pk}/arkiv/", **wanted)
    assert fresh(case).archived_at
    Case.objects.filter(pk=case.pk).update(closed_on=day(-365 * 6))
    archived = fresh(case).archived_at
    Case.objects.filter(pk=case.pk).update(archived_at=None)
    assert "afleveres til kommunens arkiv" in press(as_head, f"/sager/{case.pk}/slet/")
    Case.objects.filter(pk=case.pk).update(archived_at=archived)
    press(as_head, f"/sager/{case.pk}/slet/")
    assert not Case.objects.exists()
    assert AuditEntry.objects.filter(action="case_deleted", about__contains=case.number).exists()


def test_a_wrong_journal_number_is_told_of(case: Case, as_consultant: Client) -> None:
    address = f"/sager/{case.pk}/ret/"
    page = press(
        as_consultant, address, title="Nyt", subtype="large", kle="2.34", opened_version=case.version
    )
    assert "KLE-nummer skrives som" in page
    press(
        as_consultant,
        address,
        title="Nyt",
        subtype="large",
        kle="02.34.02",
        external_ref="24/123",
        opened_version=case.version,
    )
    assert (fresh(case).kle, fresh(case).external_ref, fresh(case).goal_days) == ("02.34.02", "24/123", 60)
