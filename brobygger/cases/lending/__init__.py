# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The concept loan's agreement, rates, repayments and reports, on top of its case and the pure plan in `cases.loan`."""
