# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The definition's own words that code must know."""

TYPE = "barrier_programme"
INDUSTRIES, SELLS = "customer_industries", "sells"
INSTRUMENT = "barriereanalyse"
SHARED = frozenset({"contact", "connected", "unconnected"})
"""The stages where the firm itself sees its list: from the day the office has corrected it and handed it over."""
LEAST, MOST = 5, 6
"""Each firm gets a list of 5 to 6 possible customers (catalogue of good practice, case 17)."""
