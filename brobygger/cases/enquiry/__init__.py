# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Answering somebody who thinks of settling here: a prospectus of an industry, computed from what the product knows.

Source: the catalogue of good practice, case 15, Fødevaresatsning i Vejen Kommune.
"""
