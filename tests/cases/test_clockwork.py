# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What happens by itself: warnings, reminders and scans, each once."""

from __future__ import annotations

import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brobygger.base import scanning
from brobygger.base.models import Letter
from brobygger.cases.models import CaseDocument
from brobygger.cases.services import contents, documents
from brobygger.cases.services.correcting import redate
from brobygger.cases.services.moving import move
from brobygger.cases.tasks import remind, warn
from tests.cases.made import day, fresh, opened
from tests.factories import OrganisationFactory

PDF = b"%PDF-1.4\n%%EOF\n"
WHY = "Post"


def running(operator, consultant, days: int):
    case = opened(operator, on=day(-days), values={"amount": 1}, officer=consultant)
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    return move(case, "complete", user=consultant, expected=case.version, on=day(-days), reason=WHY)


@pytest.mark.parametrize(("days", "warned"), [(29, 0), (30, 1), (40, 1), (41, 1), (55, 0)])
def test_the_officer_is_warned_ten_days_before_the_deadline_and_when_it_has_just_passed(
    operator, consultant, days: int, warned: int
) -> None:
    running(operator, consultant, days)
    assert warn(day()) == warned
    assert Letter.objects.filter(to=[consultant.email]).count() == warned


def test_a_warning_is_sent_once_and_again_only_for_another_deadline(operator, consultant) -> None:
    case = running(operator, consultant, 35)
    assert (warn(day()), warn(day())) == (1, 0)
    event = case.events.get(kind="moved")
    redate(fresh(case), event, day(-25), reason=WHY, user=consultant, expected=fresh(case).version)
    assert warn(day()) == 0, "the deadline has moved away"
    assert Letter.objects.count() == 1


def test_a_duty_is_reminded_of_in_time_once_a_fortnight_until_it_is_done(operator, consultant) -> None:
    firm = OrganisationFactory(operator=operator, email="firma@example.invalid")
    case = opened(operator, organisation=firm)
    duty = contents.set_duty(case, "report", title="Rapport", due_on=day(10))
    assert (remind(day(-5)), remind(day(0)), remind(day(1)), remind(day(15))) == (0, 1, 0, 1)
    assert Letter.objects.filter(to=["firma@example.invalid"]).count() == 2
    contents.do_duty(case, duty, text="Sendt", user=consultant)
    assert remind(day(40)) == 0


def added(operator, consultant) -> CaseDocument:
    return documents.add(opened(operator), SimpleUploadedFile("b.pdf", PDF), kind="budget", user=consultant)


@pytest.mark.parametrize(("code", "state"), [(0, "clean"), (1, "infected"), (2, "quarantine")])
def test_a_document_is_held_back_until_the_scanner_has_seen_it(
    operator, consultant, settings, as_consultant, code, state
) -> None:
    settings.CASE_SCAN = f'{sys.executable} -c "import sys; sys.exit({code})"'
    document = added(operator, consultant)
    assert as_consultant.get(f"/sager/dokument/{document.pk}/").status_code == 404
    assert scanning.scan(document) == state
    assert as_consultant.get(f"/sager/dokument/{document.pk}/").status_code == (200 if code == 0 else 404)


def test_a_function_can_scan(operator, consultant, settings) -> None:
    settings.CASE_SCAN = "python:os.path.exists"
    assert scanning.scan(added(operator, consultant)) == CaseDocument.State.CLEAN


def test_a_document_that_waits_for_its_scan_opens_no_gate(operator, consultant, settings) -> None:
    from brobygger.cases.definition import Move
    from brobygger.cases.gates import missing

    settings.CASE_SCAN = "false"
    document = added(operator, consultant)
    way = Move(key="x", to="y", name="X", needs_documents=("budget",))
    assert missing(document.case, way, consultant, document.added_at) == ["Dokumentet »Budget« mangler."]
    CaseDocument.objects.update(state=CaseDocument.State.CLEAN)
    assert missing(document.case, way, consultant, document.added_at) == []
