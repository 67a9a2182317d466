# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""CVR documents out of a file, one at a time, whatever the file's size.

Read are: answers of the distribution's Elasticsearch scroll (one page, or many after each other), lists of hits or of
documents, NDJSON with a document, a hit or a page on each line, single documents, and each of these packed with gzip.
Only one document is in memory at a time (one line of NDJSON).
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from brobygger.register.imports.errors import BadFile

COMPANY, SITE = "Vrvirksomhed", "VrproduktionsEnhed"
IGNORED = "Vrdeltagerperson"
"""People: passed by, not stored."""
BLOCK = 1 << 18
MOST_LINE = 64 * 1024 * 1024
"""A page of 3,000 documents on one line is some 30 MB."""
MOST_DOCUMENT = 16 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_BULK_ACTIONS = frozenset({"index", "create", "update", "delete"})
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the register. `line`: the line (NDJSON) or which document of the file it is, from 1.

    `kind` is `COMPANY` or `SITE`, or empty where `fault` says why the document cannot be read.
    """

    line: int
    kind: str = ""
    body: dict[str, Any] | None = None
    fault: str = ""


def read_documents(path: Path, name: str = "", progress: Progress | None = None) -> Iterator[Document]:
    """The companies and establishments in a file; people are passed by. `progress` is told the bytes read of the file.

    Raises BadFile when the file holds none and is something else.
    """
    name = name or path.name
    reached = 1
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            source: Any = gzip.GzipFile(fileobj=raw) if packed else raw
            start = _start(source, name)
            told = (lambda: progress(raw.tell())) if progress else (lambda: None)
            source.seek(0)
            documents = _by_line(source, told) if _is_ndjson(start) else _by_scanning(source, told)
            for document in _checked(documents, name):
                reached = document.line + 1
                yield document
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadFile(name, _("Den pakkede fil er beskadiget eller klippet over."), line=reached) from error
    except OSError as error:
        raise BadFile(
            name, _("Filen kan ikke læses (%(why)s).") % {"why": error.strerror or error}
        ) from error


def _start(source: BinaryIO, name: str) -> bytes:
    """The first part of the text. Raises BadFile when it is no JSON at all."""
    start = source.read(1 << 20)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise BadFile(name, _("Filen er tom."), line=1)
    if text[:1] not in (b"{", b"["):
        raise BadFile(
            name,
            _(
                "Der blev ventet JSON fra CVR's distribution: søgesvar (scroll), NDJSON eller enkelte dokumenter."
            ),
            line=1,
        )
    return start


def _is_ndjson(start: bytes) -> bool:
    """Whether the text has a whole document on each line."""
    lines = [line.strip() for line in start.removeprefix(b"\xef\xbb\xbf").split(b"\n", 2)]
    if len(lines) < 2 or not (lines[0].startswith(b"{") and lines[0].endswith(b"}")):
        return False
    try:
        json.loads(lines[0])
    except ValueError:
        return lines[1].startswith(b"{")
    return True


def _checked(documents: Iterator[Document], name: str) -> Iterator[Document]:
    """Raises BadFile at the end when not one document could be read."""
    found, fault = False, None
    for document in documents:
        found = found or not document.fault
        fault = fault or (document if document.fault else None)
        if document.kind != IGNORED:
            yield document
    if not found and fault is not None:
        raise BadFile(name, fault.fault, line=fault.line)
    if not found:
        raise BadFile(
            name,
            _("Filen indeholder ingen virksomheder (%(company)s) eller produktionsenheder (%(site)s).")
            % {"company": COMPANY, "site": SITE},
            line=1,
        )


# A document on each line ----------------------------------------------------------------------------


def _by_line(source: BinaryIO, told: Callable[[], None]) -> Iterator[Document]:
    number = 0
    while line := source.readline(MOST_LINE):
        number += 1
        if number % 500 == 0:
            told()
        if len(line) >= MOST_LINE and not line.endswith(b"\n"):
            yield Document(number, fault=_("Linjen er for lang til at være et dokument fra CVR."))
            while (line := source.readline(MOST_LINE)) and not line.endswith(b"\n"):
                pass
            continue
        line = line.removeprefix(b"\xef\xbb\xbf").strip()
        if line:
            yield from _line_documents(number, line)


def _line_documents(number: int, line: bytes) -> Iterator[Document]:
    try:
        value = json.loads(line)
    except UnicodeDecodeError:
        yield Document(number, fault=_("Linjen er ikke skrevet med UTF-8."))
    except (ValueError, RecursionError):
        yield Document(number, fault=_("Linjen er ikke gyldig JSON."))
    else:
        yield from _unpacked(number, value)


def _unpacked(number: int, value: Any) -> Iterator[Document]:
    """The documents of a line: a document, a hit, a page of hits, a list, or a bulk action (nothing)."""
    if isinstance(value, list):
        for part in value:
            yield from _unpacked(number, part)
    elif not isinstance(value, dict):
        yield Document(number, fault=_("Linjen er ikke et dokument fra CVR."))
    elif isinstance(value.get("hits"), (dict, list)):
        hits = value["hits"]
        yield from _unpacked(number, hits.get("hits", []) if isinstance(hits, dict) else hits)
    elif not (len(value) == 1 and next(iter(value)) in _BULK_ACTIONS):
        yield document_of(number, value)


def document_of(number: int, value: Any) -> Document:
    """A document of a source or hit, with a fault where it is neither company nor establishment."""
    if isinstance(value, dict) and isinstance(value.get("_source"), dict):
        value = value["_source"]
    if isinstance(value, dict):
        for kind in (COMPANY, SITE, IGNORED):
            body = value.get(kind)
            if isinstance(body, dict):
                return Document(number, kind, body)
    return Document(
        number,
        fault=_("Dokumentet har hverken %(company)s eller %(site)s.") % {"company": COMPANY, "site": SITE},
    )


# Documents anywhere in one long JSON text -----------------------------------------------------------

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|"|[{}\[\]]', re.DOTALL)
_TRIGGERS = {b'"_source"', *(f'"{kind}"'.encode() for kind in (COMPANY, SITE, IGNORED))}


def _by_scanning(source: BinaryIO, told: Callable[[], None]) -> Iterator[Document]:
    """Documents in order of their place: the object after each `_source`, or after a kind's own name.

    Looks only at strings and brackets, and decodes one object at a time.
    """
    scan = _Scan()
    while block := source.read(BLOCK):
        told()
        yield from scan.feed(block)
    yield from scan.finish()


class _Scan:
    """Finds whole objects in a text that comes in pieces."""

    def __init__(self) -> None:
        self.text = b""
        self.count = 0
        self.depth = 0  # within the object being taken; 0 outside
        self.begun = 0
        self.position = 0
        self.last = b""
        self.trigger = b""

    def feed(self, block: bytes) -> Iterator[Document]:
        self.text += block
        for match in _TOKEN.finditer(self.text, self.position):
            token = match.group()
            if token == b'"':  # a string that is cut by the end of the piece waits for the rest
                break
            self.position = match.end()
            if token[:1] == b'"':
                self.last = token
            elif self.depth:
                self.depth += 1 if token in b"{[" else -1
                if self.depth == 0:
                    yield self._take(match.end())
            elif token == b"{" and self.last in _TRIGGERS:
                self.trigger, self.begun, self.depth = self.last, match.start(), 1
            else:
                self.last = b""
        if len(self.text) - (self.begun if self.depth else self.position) > MOST_DOCUMENT:
            yield self._give_up(_("Dokumentet er for stort til at være fra CVR."))
            self.position = len(self.text)
        self._let_go()

    def _let_go(self) -> None:
        kept_from = self.begun if self.depth else self.position
        self.text = self.text[kept_from:]
        self.position -= kept_from
        self.begun = 0

    def _take(self, end: int) -> Document:
        self.count += 1
        self.last = b""
        try:
            value = json.loads(self.text[self.begun : end])
        except (ValueError, RecursionError):
            return Document(self.count, fault=_("Dokumentet er ikke gyldig JSON."))
        if self.trigger == b'"_source"':
            return document_of(self.count, value)
        return Document(self.count, self.trigger.strip(b'"').decode(), value)

    def _give_up(self, fault: str) -> Document:
        self.count += 1
        self.depth, self.last = 0, b""
        return Document(self.count, fault=fault)

    def finish(self) -> Iterator[Document]:
        if self.depth:
            yield self._give_up(_("Filen er klippet over midt i et dokument."))
