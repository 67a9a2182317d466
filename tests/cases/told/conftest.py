# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm, who acts for it, and its case with an officer."""

from __future__ import annotations

import pytest

from brobygger.accounts.models import Operator, User
from brobygger.cases.models import Case
from brobygger.register.models import Organisation
from tests.cases.made import opened
from tests.factories import firm_user


@pytest.fixture
def owner(firm: Organisation) -> User:
    return firm_user(firm)


@pytest.fixture
def case(operator: Operator, firm: Organisation, consultant: User) -> Case:
    return opened(operator, organisation=firm, values={"amount": 400_000}, officer=consultant)
