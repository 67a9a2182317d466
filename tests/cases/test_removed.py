# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case goes with its files on disk, and with them only when it is really gone."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from brobygger.accounts.models import AuditEntry, Role
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.services import archiving, documents, opening
from brobygger.cases.services.moving import move
from tests.cases.made import day, fresh, opened, trial
from tests.factories import OrganisationFactory, firm_user, user_as

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def draft(operator, _consultant):
    trial(operator)
    firm = OrganisationFactory(operator=operator)
    owner = firm_user(firm)
    case = opening.open_case(
        operator, "trial", title="Vores idé", subtype="small", user=owner, organisation=firm
    )
    with_files(case, owner)
    return partial(opening.discard, case, user=owner), "case_draft_deleted"


def past_its_time(operator, consultant):
    case = opened(operator)
    with_files(case, consultant)
    move(fresh(case), "withdraw", user=consultant, expected=fresh(case).version, reason="Fortrudt")
    archiving.export(case, user=consultant)
    archiving.archive(case, reference="A-1", user=consultant, expected=fresh(case).version)
    Case.objects.filter(pk=case.pk).update(closed_on=day(-365 * 12))
    return partial(archiving.delete, case, user=user_as(Role.HEAD, operator)), "case_deleted"


def with_files(case, user):
    """A document in two versions."""
    first = documents.add(case, SimpleUploadedFile("b.pdf", PDF), kind="budget", user=user)
    documents.add(case, SimpleUploadedFile("b2.pdf", PDF + b"2"), kind="budget", user=user, replaces=first)


class Regret(Exception):
    pass


@transaction.atomic
def regretted(act) -> None:
    act()
    raise Regret


@pytest.mark.parametrize("made", [draft, past_its_time])
def test_the_files_go_with_the_case_and_stay_where_it_stays(
    operator, consultant, made, django_capture_on_commit_callbacks
) -> None:
    remove, action = made(operator, consultant)
    files = [Path(row.file.path) for row in CaseDocument.objects.all()]
    assert len(files) == 2
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Regret):
        regretted(remove)
    assert Case.objects.exists()
    assert all(path.exists() for path in files)
    with django_capture_on_commit_callbacks(execute=True):
        remove()
        assert all(path.exists() for path in files), "not before it is final"
    assert not Case.objects.exists()
    assert not any(path.exists() for path in files)
    assert AuditEntry.objects.filter(action=action).count() == 1
