# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Business angels: a short profile to the network, a meeting, and a prospectus to those whom it suits (catalogue of good practice, case 5)."""
