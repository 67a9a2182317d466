# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The definition's own words that code must know."""

TYPE = "challenge"
DRAFT, PUBLISHED, EVALUATION = "draft", "published", "evaluation"
AWARDED, DROPPED = "awarded", "dropped"
INDUSTRIES = "industries"
"""The field with the industries that could do it; empty is all."""
TEXTS = ("department", "challenge", "criteria")
"""The fields that everybody reads, beside the title."""
