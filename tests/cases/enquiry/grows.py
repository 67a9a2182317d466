# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More of what prospectuses are made of, and more versions: see tests/config/test_queries_of_every_page.py."""

from __future__ import annotations

from typing import Any

from brobygger.blueprints import services as blueprints
from brobygger.cases.enquiry import services
from brobygger.cases.services import opening
from tests.factories import ListingFactory


class Grows:
    def __init__(self, region: Any) -> None:
        self.region = region
        blueprints.adopt_shipped(region.operator, "case_type", "investor_enquiry", user=None)
        values = {"industries": "11"}
        self.case = opening.open_case(
            region.operator, "investor_enquiry", title="Bryggeri", user=None, values=values
        )
        self.version: Any = None

    def grow(self, times: int) -> None:
        for _ in range(times):
            ListingFactory(organisation=self.region.new_firm(), kind="premises", resource_type="", area_m2=9)
            self.version = services.make(self.case, introduction="", user=self.region.consultant)
        self.version.sent_at = self.version.made_at
        self.version.save()

    def keys(self) -> dict[str, dict[str, Any]]:
        return {
            "sager/<int:case_pk>/prospekt": {"case_pk": self.case.pk},
            "sager/prospekt/": {"pk": self.version.pk},
            "prospekt/": {"token": self.version.token},
        }
