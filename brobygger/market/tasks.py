# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work of the market that is done in the background."""

from __future__ import annotations

from typing import Any

import structlog
from django.urls import reverse
from django_tasks import task

from brobygger.accounts.models import Operator
from brobygger.base import jobs
from brobygger.base.schedule import daily
from brobygger.market.models import NetworkRun
from brobygger.market.services import matching, network

log = structlog.get_logger("brobygger.market")


@task()
def refresh_suggestions(job_id: str, operator_id: int) -> None:
    """Every suggestion of an operator, because somebody asked for it. Progress is shown on the job's page."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        operator = Operator.objects.get(pk=operator_id)
        matching.wake()
        done = matching.refresh_all(operator, lambda done, total: job.progress(done, total))
        return {"listings": done, "url": reverse("market:suggestions")}

    jobs.run(job_id, body)


@task()
def plan_network(job_id: str, run_id: str) -> None:
    """The best plan for an operator's whole network. Progress is shown on the job's page."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        run = NetworkRun.objects.select_related("operator").get(pk=run_id)
        done = network.carry_out(run, job.progress)
        return {"url": done.get_absolute_url()}

    jobs.run(job_id, body)


@task()
def nightly() -> dict[str, int]:
    """Once a day: wake what was put off until today, and find every operator's suggestions anew.

    An operator that fails does not stop the others; safe to run again.
    """
    woken, refreshed, failed = matching.wake(), 0, 0
    for operator in Operator.objects.order_by("pk"):
        try:
            refreshed += matching.refresh_all(operator)
        except Exception:
            failed += 1
            log.exception("nightly refresh failed", operator=operator.pk)
    return {"woken": woken, "refreshed": refreshed, "failed": failed}


daily(nightly, hour=3)
