# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Files that belong to a talk: what may be one is decided by what is inside, never by what the file calls itself.

Photos are drawn anew as in `market.photos`. Other files are kept as they are and only ever handed out as downloads.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.base.errors import UserError
from brobygger.market.photos import checked_photo

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
"""Of one talk."""
LONGEST_NAME = 150
MOST_UNPACKED = 200 * 1024 * 1024
"""What an office document may unfold to when somebody opens it."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
ACCEPT = ",".join(f".{ending}" for ending in (*KINDS, "jpeg"))
_PHOTOS = frozenset({"jpg", "jpeg", "png", "webp"})
_INSIDE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


class AttachmentRefused(UserError):
    """The file cannot be attached."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored. `name` is what the person sees; the stored name is ours."""

    name: str
    content_type: str
    content: ContentFile[bytes]
    size: int


def checked_attachment(upload: Any) -> Checked:
    """The uploaded file, checked. Raises `AttachmentRefused`, and `PhotoError` for a photo that cannot be one."""
    if upload.size > MOST_BYTES:
        raise AttachmentRefused(
            _("Filen fylder %(size)s MB. Den må højst fylde %(most)s MB.")
            % {"size": number(upload.size / 1024**2, 1), "most": MOST_BYTES // 1024**2}
        )
    if not upload.size:
        raise AttachmentRefused(_("Filen er tom."))
    name = _shown_name(str(upload.name or ""))
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending in _PHOTOS:
        return _photo(upload, name)
    upload.seek(0)
    data: bytes = upload.read()
    if ending not in KINDS or not _is_what_it_says(ending, data):
        raise AttachmentRefused(
            _(
                "Filen kan ikke vedhæftes. Brug PDF, Word, Excel, PowerPoint, OpenDocument, tekst eller et billede."
            )
        )
    return Checked(name, KINDS[ending], ContentFile(data, name=f"{uuid.uuid4().hex}.{ending}"), len(data))


def _photo(upload: Any, name: str) -> Checked:
    drawn = checked_photo(upload)
    ending = PurePath(str(drawn.name)).suffix.lstrip(".")
    return Checked(f"{PurePath(name).stem}.{ending}", KINDS[ending], drawn, drawn.size)


def _shown_name(given: str) -> str:
    """The last part of the name, without signs that could change a header or a path."""
    bare = re.split(r"[\\/]", given)[-1]
    kept = "".join(sign for sign in bare if sign.isprintable() and sign not in '"<>|*?:;').strip(" .")
    path = PurePath(kept or "bilag")
    return f"{path.stem[: LONGEST_NAME - len(path.suffix[:10])]}{path.suffix[:10]}"


def _is_what_it_says(ending: str, data: bytes) -> bool:
    if ending == "pdf":
        return data[:1024].lstrip().startswith(b"%PDF-")
    if ending in ("txt", "csv"):
        return _is_text(data)
    return _is_office_document(ending, data)


def _is_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return all(
            byte >= 0xA0 or 0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in data
        )  # Windows-1252 letters
    return True


def _is_office_document(ending: str, data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = {entry.filename: entry for entry in packed.infolist()}
            if sum(entry.file_size for entry in entries.values()) > MOST_UNPACKED:
                return False
            if any(name.endswith("vbaProject.bin") for name in entries):
                return False  # macros
            if ending in _INSIDE:
                return _INSIDE[ending] in entries
            kind = entries.get("mimetype")
            return (
                kind is not None
                and kind.file_size < 200
                and packed.read(kind).decode("ascii") == KINDS[ending]
            )
    except (zipfile.BadZipFile, UnicodeDecodeError, RuntimeError, NotImplementedError, OSError, ValueError):
        return False
