# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Long work: started by a person, done by a worker, watched on a page, and done once even when a worker dies.

A room defines its work as a task that hands its body to `run`::

    @task()
    def import_register(job_id: str, path: str) -> None:
        run(job_id, lambda job: read_everything(path, job))   # job.progress(done, total, "Læser virksomheder")

and starts it with `start(import_register, kind="cvr", title=…, operator=…, user=…, path=…)`. What the body returns
is kept as the job's result. A body must be safe to run again from the start: a worker may die half-way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from brobygger.base.errors import UserError
from brobygger.base.models import Job, Worker

log = structlog.get_logger("brobygger.jobs")

SILENT_AFTER = timedelta(seconds=60)
"""A worker that has not been heard from for this long is taken to be dead."""
MOST_ATTEMPTS = 5
"""Work that so many workers died of is given up: it is the work that kills them."""
REPORT_EVERY = 0.5  # seconds between two writes of progress


class RunningJob:
    """Handle that a task body uses to tell how far it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._reported = 0.0

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Record how far the work is; writes at most twice a second."""
        now = time.monotonic()
        if now - self._reported < REPORT_EVERY and done != total:
            return
        self._reported = now
        Job.objects.filter(pk=self.job.pk).update(
            done=done, total=total, message=message[:300], beat_at=timezone.now()
        )


def start(
    task: Any, *, kind: str, title: str, operator: Any = None, user: Any = None, **arguments: Any
) -> Job:
    """Queue `task(job_id, **arguments)` and return the job to watch. The task starts after the transaction commits."""
    job = Job.objects.create(kind=kind, title=title[:200], operator=operator, started_by=user)
    transaction.on_commit(lambda: task.enqueue(str(job.pk), **arguments))
    return job


def run(job_id: str, body: Callable[[RunningJob], dict[str, Any] | None]) -> None:
    """Run a task's body as the job: running, then done with its result, or failed with a message a person can read.

    A job that an earlier attempt finished is left alone.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.is_over:
            return
        job.state, job.started_at, job.beat_at = Job.State.RUNNING, timezone.now(), timezone.now()
        job.save(update_fields=["state", "started_at", "beat_at"])
    try:
        result = body(RunningJob(job)) or {}
    except Exception as error:
        shown = (
            str(error)
            if isinstance(error, UserError)
            else _("Der skete en uventet fejl. Den er skrevet i loggen.")
        )
        _finish(job, Job.State.FAILED, shown, {})
        log.exception("job failed", job=str(job_id), kind=job.kind)
        raise
    _finish(job, Job.State.DONE, "", result)


def _finish(job: Job, state: str, message: str, result: dict[str, Any]) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, message=message[:300], finished_at=timezone.now(), result=result
    )


def heartbeat(worker_id: str) -> None:
    """A worker says that it is alive."""
    Worker.objects.update_or_create(pk=worker_id, defaults={"beat_at": timezone.now()})


def take_up_abandoned() -> int:
    """Queue again what a dead worker left running. Returns how many tasks.

    A task that `MOST_ATTEMPTS` workers died of is marked as failed instead, and so is its job.
    """
    alive = set(
        Worker.objects.filter(beat_at__gte=timezone.now() - SILENT_AFTER).values_list("pk", flat=True)
    )
    taken = 0
    for result in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        if result.worker_ids and result.worker_ids[-1] in alive:
            continue
        if len(result.worker_ids) >= MOST_ATTEMPTS:
            _give_up(result)
            continue
        taken += DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.READY, started_at=None
        )
        log.warning("taking up abandoned work", task=result.task_path, id=str(result.pk))
    Worker.objects.filter(~Q(pk__in=alive), beat_at__lt=timezone.now() - timedelta(days=1)).delete()
    return taken


def _give_up(result: Any) -> None:
    given_up = DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now()
    )
    if not given_up:
        return
    log.error("given up work that every worker died of", task=result.task_path, id=str(result.pk))
    arguments = result.args_kwargs["args"]
    shown = _("Arbejdet blev afbrudt hver gang, det blev forsøgt, og er opgivet. Det er skrevet i loggen.")
    if arguments and _is_id(arguments[0]):
        Job.objects.filter(pk=arguments[0], state=Job.State.RUNNING).update(
            state=Job.State.FAILED, message=shown, finished_at=timezone.now()
        )


def _is_id(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def queue_answers() -> bool:
    """Whether the work queue can be asked. Raises the database's error when it cannot."""
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists()
    return True
