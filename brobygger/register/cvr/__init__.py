# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The central business register (CVR): its documents read, kept up to date here, by file or from the live service."""

CHANGED_BY = "CVR"
"""How history names a change that came from CVR."""
