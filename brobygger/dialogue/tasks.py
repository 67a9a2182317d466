# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work of the dialogue that is done in the background."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django_tasks import task

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base import jobs
from brobygger.dialogue.services import portfolio
from brobygger.register.queries import organisations


@task()
def fill_portfolio(
    job_id: str, operator_id: int, user_id: int, asked: str, why: str, key_account_id: int | None
) -> None:
    """Take a filtered list of the register into the portfolio. Safe to run again: those that are in stay as they are."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        operator = Operator.objects.get(pk=operator_id)
        user = User.objects.get(pk=user_id)
        every = organisations(user, operator, QueryDict(asked)).every
        return fill(job, operator, user, every, asked=asked, why=why, key_account_id=key_account_id)

    jobs.run(job_id, body)


def fill(
    job: jobs.RunningJob,
    operator: Operator,
    user: User,
    firms: Any,
    *,
    asked: str,
    why: str,
    key_account_id: int | None,
) -> dict[str, Any]:
    """Take the firms of a query in, some hundred at a time; what the job answers. Recorded."""
    keys = list(firms.order_by().values_list("pk", flat=True))
    added = portfolio.add_many(
        operator,
        keys,
        user=user,
        why=why,
        key_account=User.objects.filter(pk=key_account_id).first() if key_account_id else None,
        total=len(keys),
        progress=job.progress,
    )
    audit.record("portfolio_filled", user=user, operator=operator, about=why, rows=added, asked=asked[:500])
    return {"added": added, "url": reverse("dialogue:portfolio")}
