# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More angels, and more that was sent: see tests/config/test_queries_of_every_page.py."""

from __future__ import annotations

from typing import Any

from brobygger.accounts.models import Role
from brobygger.blueprints import services as blueprints
from brobygger.cases.angels import services
from brobygger.cases.angels.models import Sending
from brobygger.cases.services import opening
from tests.factories import user_as


class Grows:
    def __init__(self, region: Any) -> None:
        self.region = region
        blueprints.adopt_shipped(region.operator, "case_type", "angel_capital", user=None)
        self.angel: Any = None

    def grow(self, times: int) -> None:
        for _ in range(times):
            case = opening.open_case(self.region.operator, "angel_capital", title="Kapital", user=None)
            self.angel = services.join(
                self.region.operator, user_as(Role.PARTNER, self.region.operator), user=None
            )
            Sending.objects.create(case=case, angel=self.angel, what="profile", title="x", text="x")

    def keys(self) -> dict[str, dict[str, Any]]:
        return {"business-angels/": {"pk": self.angel.pk}}
