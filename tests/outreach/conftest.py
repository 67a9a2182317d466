# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an office that writes to its new firms has."""

from __future__ import annotations

import pytest

from brobygger.blueprints.services import adopt_shipped


@pytest.fixture
def letter(operator):
    return adopt_shipped(operator, "letter", "velkomstbrev", user=None)
