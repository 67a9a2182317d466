# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The pages of the market: listings, suggestions, matches and the worklist."""
