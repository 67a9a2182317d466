# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the office and the firms have said to each other, and what comes next."""

from brobygger.dialogue.models.follow_up import FollowUp as FollowUp
from brobygger.dialogue.models.interaction import Attachment as Attachment
from brobygger.dialogue.models.interaction import Interaction as Interaction
