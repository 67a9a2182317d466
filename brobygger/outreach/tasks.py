# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work of the room that is done in the background."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from brobygger.base import jobs
from brobygger.outreach.models import Mailing
from brobygger.outreach.services import mailings


@task()
def send_mailing(job_id: str, mailing_id: int) -> None:
    """The letters of a mailing. Safe to run again: who has a letter gets no second."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        mailing = Mailing.objects.select_related("operator", "purpose", "sent_by").get(pk=mailing_id)
        written = mailings.carry_out(mailing, lambda done, total: job.progress(done, total))
        return {"letters": written, "url": mailing.get_absolute_url()}

    jobs.run(job_id, body)
