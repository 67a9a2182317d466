# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Named rules: tested code that a definition switches on and parameterises."""

from brobygger.cases.rules import shipped as shipped
from brobygger.cases.rules.registry import rule as rule
