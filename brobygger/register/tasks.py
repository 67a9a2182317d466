# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work of the register that is done in the background."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.urls import reverse
from django_tasks import task

from brobygger.accounts.models import Operator, User
from brobygger.base import jobs
from brobygger.base.errors import UserError
from brobygger.base.schedule import daily
from brobygger.register import duplicates
from brobygger.register.imports import runs, taking_back
from brobygger.register.models import ImportRun

log = structlog.get_logger("brobygger.register")


@task()
def carry_out_run(job_id: str, run_pk: int) -> None:
    """An import or a sync that somebody asked for. Progress is shown on the job's page."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        run = ImportRun.objects.select_related("operator", "started_by").get(pk=run_pk)
        report = runs.carry_out(run, runs.progress_of(job))
        return {**report.counts(), "url": run.get_absolute_url()}

    jobs.run(job_id, body)


@task()
def take_back_run(job_id: str, run_pk: int, user_id: int) -> None:
    """An import that somebody takes back as a whole."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        run = ImportRun.objects.select_related("operator").get(pk=run_pk)
        taken = taking_back.take_back(run, by=User.objects.get(pk=user_id), progress=runs.progress_of(job))
        return {"taken_back": taken, "url": run.get_absolute_url()}

    jobs.run(job_id, body)


@task()
def sync_every_office() -> int:
    """Once a day, where the live CVR service is set up: queue a sync for each office. Returns how many."""
    if not settings.CVR_URL:
        return 0
    queued = 0
    for operator in Operator.objects.order_by("pk"):
        try:
            runs.sync_now(operator, by=None)
        except UserError as error:
            log.info("no sync", operator=operator.pk, why=str(error))
        else:
            queued += 1
    return queued


@task()
def forget_import_files() -> int:
    """Once a day: delete uploaded files that were only tried."""
    return runs.forget_files()


@task()
def find_duplicates(job_id: str, operator_id: int) -> None:
    """Look an operator's register through for organisations that are one, because somebody asked."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        operator = Operator.objects.get(pk=operator_id)
        found = duplicates.find(operator, lambda done, total: job.progress(done, total))
        return {"found": found, "url": reverse("register:duplicates")}

    jobs.run(job_id, body)


@task()
def find_duplicates_everywhere() -> int:
    """Once a day: every operator's register. One that fails does not stop the others. Returns how many pairs wait."""
    found = 0
    for operator in Operator.objects.order_by("pk"):
        try:
            found += duplicates.find(operator)
        except Exception:
            log.exception("duplicates not found", operator=operator.pk)
    return found


daily(find_duplicates_everywhere, hour=5)
daily(sync_every_office, hour=4)
daily(forget_import_files, hour=2)
