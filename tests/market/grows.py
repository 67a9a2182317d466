# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Plans for the whole network with more and more in them, for the test that counts every page's questions to the database."""

from __future__ import annotations

from typing import Any

from brobygger.market.models import Listing, NetworkRun
from brobygger.market.services import network
from tests.factories import ListingFactory, OrganisationFactory, SuggestionFactory


class Grows:
    """Loops through the firm whose pages are opened, and a plan that finds them."""

    def __init__(self, region: Any) -> None:
        self.region = region
        self.run: NetworkRun | None = None

    def grow(self, times: int) -> None:
        for _ in range(times):
            other = OrganisationFactory(operator=self.region.operator)
            self._proposed(self.region.have, other)
            back = ListingFactory(organisation=other)
            self._proposed(back, self.region.firm)
        asked = network.ask_for_run(self.region.operator, self.region.consultant, goal="dkk", least=0.1)
        self.run = network.carry_out(asked)

    def _proposed(self, have: Listing, taker: Any) -> None:
        need = ListingFactory(organisation=taker, side=Listing.Side.NEED, text="Vi søger mask", quantity=1)
        SuggestionFactory(have=have, need=need, operator=self.region.operator)

    def keys(self) -> dict[str, dict[str, Any]]:
        assert self.run is not None
        return {"netvaerk/": {"pk": self.run.pk}}
