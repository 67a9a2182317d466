# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Files go to a folder of the test's own; a firm to have cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from brobygger.accounts.models import Operator
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Herslev Prøvebryg", email="firma@example.invalid")
