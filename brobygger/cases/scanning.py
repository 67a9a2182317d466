# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Virus scanning of documents, by whatever the operator has: a command or a function, named in the setting `CASE_SCAN`.

A command is run with the file's path as its last argument: 0 means nothing was found, 1 that something was (as clamdscan
does); anything else that it could not be told, and the document stays held back and is tried again. A function is named as
`python:module.function`, gets the path, and returns True (clean) or False.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from brobygger.cases.models import CaseDocument

log = structlog.get_logger("brobygger.cases")
PATIENCE = 120  # seconds that a scan may take


def is_set_up() -> bool:
    """Whether documents are scanned here."""
    return bool(settings.CASE_SCAN)


def queue(document: CaseDocument) -> None:
    """Have a new document scanned when it is stored."""
    if document.state == CaseDocument.State.QUARANTINE:
        from brobygger.cases.tasks import scan_document

        transaction.on_commit(lambda: scan_document.enqueue(document.pk))


def scan(document: CaseDocument) -> str:
    """Scan a document that is held back, and store what came of it. Its state afterwards."""
    if document.state != CaseDocument.State.QUARANTINE or not document.file:
        return str(document.state)
    try:
        clean = _scanner()(document.file.path)
    except Exception as error:
        log.error("document could not be scanned", document=document.pk, error=str(error))
        return str(document.state)
    document.state = CaseDocument.State.CLEAN if clean else CaseDocument.State.INFECTED
    document.save(update_fields=["state"])
    if not clean:
        log.warning("document refused by the scanner", document=document.pk, case=document.case_id)
    return str(document.state)


def _scanner() -> Callable[[str], bool]:
    named: str = settings.CASE_SCAN
    if named.startswith("python:"):
        found: Any = import_string(named.removeprefix("python:"))
        return lambda path: bool(found(path))
    return lambda path: _run([*shlex.split(named), path])


def _run(command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"scanner answered {done.returncode}: {done.stderr[:200]!r}")
    return done.returncode == 0
