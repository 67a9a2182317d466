# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The barrier programme: what keeps a small firm out of a branch, course days, and a list of customers to go and see."""
