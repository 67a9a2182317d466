# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The definition's own words that code must know."""

TYPE = "angel_capital"
PROFILE_SENT, PROSPECTUS_SENT = "profile_sent", "prospectus_sent"
ANSWERED_IN = {"profile": PROFILE_SENT, "prospectus": PROSPECTUS_SENT}
"""What was sent → the stage in which it is answered."""
