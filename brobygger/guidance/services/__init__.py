# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every write of the room. What other rooms may do: register aid that came of a case."""

from brobygger.guidance.services.aid import Granted as Granted
from brobygger.guidance.services.aid import register_aid as register_aid
