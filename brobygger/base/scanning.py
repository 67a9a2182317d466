# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Virus scanning of every file that somebody hands us, by whatever the operator has: a command or a function, named in the
setting `CASE_SCAN`.

A record with such a file is a `Scanned`: when it is saved for the first time it is held back and queued, whoever wrote it.
A file that is kept in no such record (sealed in a bid) is asked about with `is_clean`, before and after it was sealed.

A command is run with the file's path as its last argument: 0 means nothing was found, 1 that something was (as clamdscan
does); anything else that it could not be told, and the file stays held back and is tried again. A function is named as
`python:module.function`, gets the path, and returns True (clean) or False.
"""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_tasks import task

log = structlog.get_logger("brobygger.base")
PATIENCE = 120  # seconds that a scan may take


class ScanState(models.TextChoices):
    """How far the scanner has come with a file."""

    QUARANTINE = "quarantine", _("Venter på virusscanning")
    CLEAN = "clean", _("Scannet uden fund")
    NOT_SCANNED = "unscanned", _("Ikke scannet")
    INFECTED = "infected", _("Afvist af virusscanneren")


class Scanned(models.Model):
    """A record whose `file` somebody handed us."""

    State = ScanState
    file: Any
    state = models.CharField(
        _("tilstand"), max_length=10, choices=ScanState.choices, default=ScanState.NOT_SCANNED
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new file waits for the scanner, where there is one."""
        is_new = self._state.adding
        if is_new and self.state == ScanState.NOT_SCANNED and is_set_up():
            self.state = ScanState.QUARANTINE
        super().save(*args, **kwargs)
        if is_new and self.state == ScanState.QUARANTINE:
            transaction.on_commit(partial(scan_file.enqueue, self._meta.label, self.pk))

    @property
    def is_held_back(self) -> bool:
        """Nobody opens it: it has not been scanned yet, or something was found."""
        return self.state in {ScanState.QUARANTINE, ScanState.INFECTED}


def is_set_up() -> bool:
    """Whether files are scanned here."""
    return bool(settings.CASE_SCAN)


def models_with_files() -> list[type[Scanned]]:
    """Every model whose files are scanned."""
    return [model for model in apps.get_models() if issubclass(model, Scanned)]


@task()
def scan_file(label: str, pk: int) -> str:
    """Scan one file of a record of that model."""
    found = apps.get_model(label)._default_manager.filter(pk=pk).first()
    return scan(found) if isinstance(found, Scanned) else ""


def scan_what_waits() -> int:
    """Try again with everything that is still held back. Returns how many are not any more."""
    if not is_set_up():
        return 0
    waiting = (
        row
        for model in models_with_files()
        for row in model._default_manager.filter(state=ScanState.QUARANTINE).order_by("pk")
    )
    return sum(scan(row) != ScanState.QUARANTINE for row in waiting)


def scan(row: Scanned) -> str:
    """Scan a file that is held back, and store what came of it. Its state afterwards."""
    if row.state != ScanState.QUARANTINE or not row.file:
        return str(row.state)
    try:
        clean = _scanner()(row.file.path)
    except Exception as error:
        log.error("file could not be scanned", model=row._meta.label, pk=row.pk, error=str(error))
        return str(row.state)
    row.state = ScanState.CLEAN if clean else ScanState.INFECTED
    row.save(update_fields=["state"])
    if not clean:
        log.warning("file refused by the scanner", model=row._meta.label, pk=row.pk)
    return str(row.state)


def is_clean(content: bytes) -> bool | None:
    """What the scanner says of bytes that lie in no file of ours; None when it cannot be told. True where there is none."""
    if not is_set_up():
        return True
    with tempfile.NamedTemporaryFile(prefix="brobygger-scan-") as file:
        file.write(content)
        file.flush()
        try:
            return _scanner()(file.name)
        except Exception as error:
            log.error("bytes could not be scanned", error=str(error))
            return None


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
