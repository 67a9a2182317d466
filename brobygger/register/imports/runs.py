# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An import from beginning to end: the file received, tried, carried out, and what came of it kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base import jobs
from brobygger.base.errors import UserError
from brobygger.register.cvr import live
from brobygger.register.cvr.client import configured_client
from brobygger.register.imports import importers
from brobygger.register.imports.errors import BadFile, NotAllowed
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report
from brobygger.register.imports.taking_back import remember
from brobygger.register.models import ImportRun

KEPT = timedelta(days=7)
"""An uploaded file that was only tried is kept so long."""


def receive(
    *, operator: Operator, by: User, kind: str, upload: File[bytes], dry_run: bool, own_only: bool = False
) -> ImportRun:
    """Keep an uploaded file, see that it can be read, and queue its import. Raises BadFile."""
    name = Path(upload.name or "fil").name[:200]
    if (upload.size or 0) > settings.MAX_IMPORT_BYTES:
        most = settings.MAX_IMPORT_BYTES // (1024 * 1024)
        raise BadFile(name, _("Filen fylder for meget. Den må højst fylde %(most)s MB.") % {"most": most})
    stored = default_storage.save(f"import/{uuid4().hex}", upload)
    try:
        importers.get(kind).check(Path(default_storage.path(stored)), name)
    except BadFile:
        default_storage.delete(stored)
        raise
    run = ImportRun(
        operator=operator,
        kind=kind,
        file_name=name,
        file=stored,
        started_by=by,
        dry_run=dry_run,
        own_only=own_only,
    )
    return _queue(run, _("Prøver filen %(name)s") if dry_run else _("Importerer %(name)s"))


@transaction.atomic
def import_tried(trial: ImportRun, *, by: User) -> ImportRun:
    """Carry out what a dry run showed. Raises NotAllowed when the file is no longer there, or is being imported."""
    trial = ImportRun.objects.select_for_update(of=("self",)).get(pk=trial.pk)
    if not (trial.dry_run and trial.is_over and trial.file and default_storage.exists(str(trial.file.name))):
        raise NotAllowed(_("Filen er ikke længere hos os. Læg den op igen."))
    run = ImportRun(
        operator=trial.operator, kind=trial.kind, file_name=trial.file_name, file=trial.file.name, started_by=by,
        own_only=trial.own_only,
    )  # fmt: skip
    trial.file = ""
    trial.save(update_fields=["file"])
    return _queue(run, _("Importerer %(name)s"))


def sync_now(operator: Operator, *, by: User | None) -> ImportRun:
    """Queue a sync from the live CVR service. Raises NotAllowed where none is set up, or no municipality is served."""
    if not settings.CVR_URL:
        raise NotAllowed(_("Der er ikke sat en forbindelse til CVR op."))
    if not operator.municipality_codes:
        raise NotAllowed(_("Kontoret har ingen kommuner at hente virksomheder for."))
    run = ImportRun(
        operator=operator, kind=ImportRun.Kind.CVR_LIVE, file_name="CVR", started_by=by, own_only=True
    )
    return _queue(run, _("Henter ændringer fra CVR"))


@transaction.atomic
def _queue(run: ImportRun, title: str) -> ImportRun:
    from brobygger.register.tasks import carry_out_run

    run.save()
    run.job = jobs.start(
        carry_out_run, kind=run.kind, title=title % {"name": run.file_name}, operator=run.operator,
        user=run.started_by, run_pk=run.pk,
    )  # fmt: skip
    run.save(update_fields=["job"])
    return run


def carry_out(run: ImportRun, progress: Progress, path: Path | None = None) -> Report:
    """Do the import now, and keep what came of it. `path` where the file is not an uploaded one.

    May be called again for a run that was interrupted. Raises UserError (BadFile among them), kept as the run's error.
    """
    run.attempts += 1
    run.save(update_fields=["attempts"])
    report = Report()
    try:
        if run.kind == ImportRun.Kind.CVR_LIVE:
            _sync(run, report, progress)
        else:
            importers.get(run.kind).carry_out(_order(run, path, report), progress)
    except UserError as error:
        _close(run, report, str(error))
        raise
    except Exception:
        _close(run, report, _("Der skete en uventet fejl. Den er skrevet i loggen."))
        raise
    _close(run, report)
    if run.file and not run.dry_run:
        _drop_file(run)
    return report


def _sync(run: ImportRun, report: Report, progress: Progress) -> None:
    client = configured_client()
    if client is None:
        raise NotAllowed(_("Der er ikke sat en forbindelse til CVR op."))
    live.sync(run, report, client, progress)


def _order(run: ImportRun, path: Path | None, report: Report) -> Order:
    return Order(
        operator=run.operator,
        path=path or Path(run.file.path),
        name=str(path) if path else run.file_name,
        by=run.started_by,
        dry_run=run.dry_run,
        own_only=run.own_only,
        since=run.started_at if run.attempts > 1 else None,
        report=report,
        made=lambda model, keys, changed: remember(run, model, keys, changed=changed),
    )


def _close(run: ImportRun, report: Report, error: str = "") -> None:
    for name, count in report.counts().items():
        setattr(run, name, count)
    run.problems, run.differences = report.problems, report.differences
    run.error, run.finished_at = error[:500], timezone.now()
    run.save()
    if not run.dry_run:
        audit.record(
            "imported",
            user=run.started_by,
            operator=run.operator,
            about=str(run),
            error=error,
            **report.counts(),
        )


def _drop_file(run: ImportRun) -> None:
    name = str(run.file.name)
    run.file = ""
    run.save(update_fields=["file"])
    default_storage.delete(name)


def forget_files(now: Any = None) -> int:
    """Delete uploaded files that nobody has imported for a week. Returns how many."""
    old = ImportRun.objects.exclude(file="").filter(started_at__lt=(now or timezone.now()) - KEPT)
    runs = list(old)
    for run in runs:
        _drop_file(run)
    return len(runs)


def progress_of(job: jobs.RunningJob) -> Callable[[int, int | None, str], None]:
    """Progress that is shown on the job's page."""
    return lambda done, total, message: job.progress(done, total, message)
