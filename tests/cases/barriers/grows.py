# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More customers and course days of a firm in the programme: see tests/config/test_queries_of_every_page.py."""

from __future__ import annotations

from typing import Any

from brobygger.cases.barriers import services
from tests.cases.barriers import made
from tests.cases.made import day


class Grows:
    def __init__(self, region: Any) -> None:
        self.case = made.entered(region.operator)
        self.customer: Any = None
        self.day: Any = None
        self.days = 0

    def grow(self, times: int) -> None:
        for _ in range(times):
            made.needing(self.case)
            services.propose(self.case, user=None)
            (self.customer,) = made.listed(self.case, number=1)
            self.days += 1
            self.day = services.note_day(self.case, on=day(-self.days), title="Sikkerhed", user=None)

    def keys(self) -> dict[str, dict[str, Any]]:
        return {
            "sager/<int:case_pk>/kunder/": {"case_pk": self.case.pk},
            "sager/kunder/": {"pk": self.customer.pk},
            "sager/<int:case_pk>/kursusdage/": {"case_pk": self.case.pk},
            "sager/kursusdage/": {"pk": self.day.pk},
        }
