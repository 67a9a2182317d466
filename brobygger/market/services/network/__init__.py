# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best plan for the whole network at once. `problem` reads who could give what to whom, `plan` asks the engine,
`wishes` is what consultants demand of it, `runs` keeps what came out.
"""

from brobygger.market.services.network.runs import ask_for_run as ask_for_run
from brobygger.market.services.network.runs import carry_out as carry_out
from brobygger.market.services.network.runs import is_small as is_small
from brobygger.market.services.network.wishes import forbid as forbid
from brobygger.market.services.network.wishes import lift as lift
from brobygger.market.services.network.wishes import pin as pin
