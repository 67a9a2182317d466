# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whether a text says organic."""

import pytest

from brobygger.knowledge.organic import organic_in


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Vi har økologisk mask", True),
        ("Vi mangler foder til høns, gerne økologisk", True),
        ("300 øko-æg om ugen", True),
        ("We need organic apples", True),
        ("Konventionelt dyrket byg", False),
        ("Ikke økologisk", False),
        ("Det er ikke helt økologisk", False),
        ("Mask fra ølbrygning", None),
        ("Det behøver ikke være økologisk", None),
        ("Det er ikke et krav, at det er økologisk", None),
        ("Økologiske og konventionelle gulerødder", None),
        ("Hjælp til økonomi", None),
        ("Organic waste from the kitchen", None),
        ("", None),
    ],
)
def test_organic_is_said_denied_or_not_mentioned(text, said):
    assert organic_in(text) is said
