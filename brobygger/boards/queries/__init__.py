# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every read of the boards worth naming."""

from brobygger.boards.queries.members import members_on as members_on
from brobygger.boards.queries.members import seats_on as seats_on
from brobygger.boards.queries.members import voters_on as voters_on
