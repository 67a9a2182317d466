# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What may be attached is decided by what is inside."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from brobygger.base.errors import UserError
from brobygger.dialogue import attachments
from brobygger.dialogue.attachments import AttachmentRefused, checked_attachment


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def packed(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), data)
    return out.getvalue()


def sheet() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def photo() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Hemmeligt kamera"
    Image.new("RGB", (30, 20), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("tilbud.pdf", b"%PDF-1.7 ...", "application/pdf"),
        ("Budget.XLSX", sheet(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("noter.txt", "smørrebrød".encode(), "text/plain; charset=utf-8"),
        ("tal.csv", "navn;beløb\r\nBrød;4".encode("cp1252"), "text/csv; charset=utf-8"),
        (
            "brev.odt",
            packed(mimetype=b"application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_what_a_firm_hands_over_is_taken_as_it_is(name: str, data: bytes, content_type: str) -> None:
    found = checked_attachment(upload(name, data))
    assert found.content_type == content_type
    assert found.content.read() == data
    assert found.size == len(data)
    assert str(found.content.name) != name


def test_a_photo_is_drawn_anew_without_what_the_camera_wrote() -> None:
    found = checked_attachment(upload("IMG.JPEG", photo()))
    drawn = found.content.read()
    assert found.name == "IMG.jpg"
    assert b"Hemmeligt" not in drawn
    assert Image.open(io.BytesIO(drawn)).size == (30, 20)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("virus.exe", b"MZ"),
        ("side.html", b"<script>alert(1)</script>"),
        ("tegning.svg", b"<svg/>"),
        ("tilbud.pdf", b"<html>nej</html>"),
        ("tilbud.pdf", b""),
        ("noter.txt", b"a\x00b"),
        ("noter.txt", b"\xff\x01\x02"),
        ("arkiv.zip", packed(a=b"b")),
        ("brev.docx", packed(a=b"b")),
        ("brev.docx", b"PK\x03\x04 i stykker"),
        ("makro.docx", packed(word__document_xml=b"<w/>", word__vbaProject_bin=b"!")),
        ("brev.odt", packed(mimetype=b"application/x-andet")),
        ("uden-endelse", b"%PDF-1.7"),
        ("billede.png", b"%PDF-1.7"),
    ],
)
def test_what_is_something_else_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(UserError):
        checked_attachment(upload(name, data))


def test_too_large_a_file_and_one_that_unfolds_too_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES", 10)
    with pytest.raises(AttachmentRefused, match="højst"):
        checked_attachment(upload("a.txt", b"x" * 11))
    monkeypatch.undo()
    monkeypatch.setattr(attachments, "MOST_UNPACKED", 1_000)
    with pytest.raises(AttachmentRefused):
        checked_attachment(upload("a.docx", packed(word__document_xml=b"0" * 2_000)))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/plan.pdf", "plan.pdf"),
        ('a"b\r\n;c.pdf', "abc.pdf"),
        ("C:\\Mine\\plan.pdf", "plan.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_the_shown_name_cannot_leave_its_place(given: str, shown: str) -> None:
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    file._name = given
    assert checked_attachment(file).name == shown
