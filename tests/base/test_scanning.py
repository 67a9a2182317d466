# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every file that somebody hands in passes the scanner, wherever it is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse
from django.utils import timezone

from brobygger.base import scanning
from brobygger.cases.errors import BadValues
from brobygger.cases.tenders.models import Bid
from brobygger.dialogue.attachments import checked_attachment
from brobygger.dialogue.models import Attachment, Interaction, MailFile, ReceivedMail
from brobygger.dialogue.services import interactions
from tests.cases.tenders import made as tender_made

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NOT_HANDED_OUT = {
    "register.ImportRun.file": "read by us and never handed out",
    "outreach.PostFile.file": "made by us",
    "market.Listing.photo": "drawn anew, pixel by pixel",
}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def scanner(settings, code: int) -> None:
    settings.CASE_SCAN = f'{sys.executable} -c "import sys; sys.exit({code})"'


def test_every_model_with_a_file_is_scanned_or_says_why_not() -> None:
    unknown = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("brobygger.")
        and not issubclass(model, scanning.Scanned)
        and not hasattr(model, "instance_type")
        for field in model._meta.local_fields
        if isinstance(field, models.FileField)
    }
    assert unknown <= set(NOT_HANDED_OUT), unknown - set(NOT_HANDED_OUT)


@pytest.fixture
def attachment(operator, consultant, settings) -> Attachment:
    """Handed in while the scanner cannot be reached."""
    scanner(settings, 2)
    talk = Interaction.objects.create(
        operator=operator, kind="call", on=timezone.localdate(), text="Hej", by=consultant
    )
    file = checked_attachment(SimpleUploadedFile("a.pdf", PDF, "application/pdf"))
    return interactions.attach(talk, file, user=consultant)


@pytest.mark.parametrize(("code", "status"), [(0, 200), (1, 404), (2, 404)])
def test_a_talks_file_is_held_back_until_it_is_scanned(
    attachment, as_consultant, settings, code, status
) -> None:
    address = reverse("dialogue:attachment", args=[attachment.pk])
    assert as_consultant.get(address).status_code == 404
    scanner(settings, code)
    assert scanning.scan_what_waits() == (code != 2)
    assert as_consultant.get(address).status_code == status


def test_nothing_is_held_back_where_there_is_no_scanner(operator, consultant) -> None:
    talk = Interaction.objects.create(
        operator=operator, kind="call", on=timezone.localdate(), text="Hej", by=consultant
    )
    file = checked_attachment(SimpleUploadedFile("a.pdf", PDF, "application/pdf"))
    assert interactions.attach(talk, file, user=consultant).state == scanning.ScanState.NOT_SCANNED
    assert scanning.scan_what_waits() == 0


def test_a_new_file_is_queued_for_the_scanner(attachment, settings) -> None:
    scanner(settings, 0)
    scanning.scan_file.func("dialogue.Attachment", attachment.pk)
    attachment.refresh_from_db()
    assert attachment.state == scanning.ScanState.CLEAN
    assert scanning.scan_file.func("dialogue.Attachment", 0) == ""


def test_a_strangers_file_in_the_tray_is_held_back(operator, as_consultant, settings) -> None:
    scanner(settings, 1)
    mail = ReceivedMail.objects.create(
        operator=operator, message_id="a@b", email="x@example.invalid", sent_at=timezone.now()
    )
    file = MailFile(mail=mail, name="a.pdf", content_type="application/pdf", size=len(PDF))
    file.file.save("a.pdf", ContentFile(PDF), save=False)
    file.save()
    assert file.is_held_back
    scanning.scan_what_waits()
    file.refresh_from_db()
    assert file.state == scanning.ScanState.INFECTED
    assert as_consultant.get(reverse("dialogue:mail_file", args=[file.pk])).status_code == 404


def test_a_bid_with_a_file_that_is_refused_is_not_taken(operator, consultant, settings) -> None:
    story = tender_made.published(operator, consultant)
    file = checked_attachment(SimpleUploadedFile("a.pdf", PDF, "application/pdf"))
    scanner(settings, 1)
    with pytest.raises(BadValues, match="Virusscanneren"):
        story.bid(file=file)
    assert not Bid.objects.exists()


def test_a_scanner_that_is_down_keeps_nobody_from_bidding_but_the_file_shut(
    operator, consultant, as_consultant, settings
) -> None:
    story = tender_made.published(operator, consultant)
    file = checked_attachment(SimpleUploadedFile("a.pdf", PDF, "application/pdf"))
    scanner(settings, 2)
    bid = story.bid(file=file)
    story.open()
    address = reverse("tenders:bid_file", args=[story.case.pk, bid.pk])
    assert as_consultant.get(address).status_code == 302
    scanner(settings, 0)
    answer = as_consultant.get(address)
    assert (answer.status_code, b"".join(answer) if answer.streaming else answer.content) == (200, PDF)
