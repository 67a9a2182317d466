# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An index of listings that are inserted, changed and removed, and that answers for one listing at once."""

from brobygger.engine.live.index import EVERYTHING as EVERYTHING
from brobygger.engine.live.index import LiveHit as LiveHit
from brobygger.engine.live.index import LiveIndex as LiveIndex
from brobygger.engine.live.index import at_hand as at_hand
from brobygger.engine.live.index import warm_up as warm_up
