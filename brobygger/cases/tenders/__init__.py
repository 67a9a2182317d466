# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Challenges and tenders: market dialogue, questions answered to all, and bids that nobody can read before the deadline.

Sources: the catalogue of good practice, case 12 Spinderihallerne (departments post challenges) and case 13 Silkeborg
Valley (members are shown tenders below the threshold first); circular municipalities (003): market dialogue in public
procurement.
"""
