# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More rates, repayments and reports of a loan: see tests/config/test_queries_of_every_page.py."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from brobygger.cases.lending import services
from tests.cases.lending import made

TODAY = timezone.localdate()


class Grows:
    def __init__(self, region: Any) -> None:
        paid_out = TODAY - timedelta(days=300)
        self.story, self.loan = made.running(region.operator, region.consultant, on=paid_out)
        self.steps = 0

    def grow(self, times: int) -> None:
        officer = self.story.officer
        for _ in range(times):
            self.steps += 1
            services.new_rate(
                self.loan, from_on=TODAY + timedelta(days=self.steps), percent=Decimal(3), user=officer
            )
            services.repay(self.loan, on=TODAY, amount=Decimal(100), user=officer)
            services.report(self.loan, new_jobs=Decimal(self.steps), text="Det går", user=officer)

    def keys(self) -> dict[str, dict[str, Any]]:
        return {"sager/<int:case_pk>/laan": {"case_pk": self.story.case.pk}}
