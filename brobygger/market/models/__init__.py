# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Have and need, who should meet whom, and what came of it."""

from brobygger.market.models.learning import WeightSwitch as WeightSwitch
from brobygger.market.models.learning import WeightVersion as WeightVersion
from brobygger.market.models.listing import Listing as Listing
from brobygger.market.models.match import Introduction as Introduction
from brobygger.market.models.match import MailTemplate as MailTemplate
from brobygger.market.models.match import Match as Match
from brobygger.market.models.match import MatchNote as MatchNote
from brobygger.market.models.network import NetworkFlow as NetworkFlow
from brobygger.market.models.network import NetworkRun as NetworkRun
from brobygger.market.models.network import NetworkWish as NetworkWish
from brobygger.market.models.result import Agreement as Agreement
from brobygger.market.models.result import Delivery as Delivery
from brobygger.market.models.result import Outcome as Outcome
from brobygger.market.models.suggestion import Suggestion as Suggestion
