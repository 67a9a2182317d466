# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The audit trail is read by people."""

from __future__ import annotations

import re
from pathlib import Path

import brobygger
from brobygger.accounts.models import AuditEntry

_RECORDED = re.compile(r"""audit\.record\(\s*"([\w.]+)\"""")


def test_whatever_is_recorded_is_told_in_words() -> None:
    sources = Path(brobygger.__file__).parent.rglob("*.py")
    recorded = {action for path in sources for action in _RECORDED.findall(path.read_text("utf-8"))}
    assert len(recorded) > 30
    assert recorded - set(AuditEntry.WORDS) == set()
