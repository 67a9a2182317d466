# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Business councils and steering groups: members, meetings, recommendations and what became of them."""
