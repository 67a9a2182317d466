# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What happened to an account, for rooms that connect it to their own records."""

from django.dispatch import Signal

office_opened = Signal()
"""Arguments: operator. Sent inside the transaction that made the office, for rooms to give it what it begins with."""

invitation_accepted = Signal()
"""Arguments: user, invitation. Sent inside the transaction that made the account."""

membership_ended = Signal()
"""Arguments: user, operator, role. Sent inside the transaction that took the role away."""

address_changed = Signal()
"""Arguments: user, old. Sent inside the transaction that gave the account another e-mail address."""
