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
            self.rate = services.new_rate(
                self.loan, from_on=TODAY + timedelta(days=self.steps), percent=Decimal(3), user=officer
            )
            self.repaid = services.repay(self.loan, on=TODAY, amount=Decimal(100), user=officer)
            self.report = services.report(
                self.loan, new_jobs=Decimal(self.steps), text="Det går", user=officer
            )

    def keys(self) -> dict[str, dict[str, Any]]:
        loan = {"case_pk": self.story.case.pk}
        return {
            "sager/<int:case_pk>/laan": loan,
            "sager/<int:case_pk>/laan/rente/<int:pk>": loan | {"pk": self.rate.pk},
            "sager/<int:case_pk>/laan/afdrag/<int:pk>": loan | {"pk": self.repaid.pk},
            "sager/<int:case_pk>/laan/rapport/<int:pk>": loan | {"pk": self.report.pk},
        }
