# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm and its case."""

from __future__ import annotations

import pytest

from brobygger.accounts.models import Operator
from brobygger.cases.models import Case
from brobygger.register.models import Organisation
from tests.cases.made import opened


@pytest.fixture
def case(operator: Operator, firm: Organisation) -> Case:
    return opened(
        operator, organisation=firm, values={"amount": 400_000, "secret": "Tvivlsomt", "purpose": "En kedel"}
    )
