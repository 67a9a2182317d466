# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What happenings of a case type's own are called. Its code says so in its `case_rules.py`, and a test finds one without::

    calls({"loan_agreed": _("Lånet er aftalt")}, to_applicant={"loan_agreed": _("Lånet er aftalt")})

What the applicant is told of without a word of its own is called the same as to the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_office: dict[str, Any] = {}
_applicant: dict[str, Any] = {}


def calls(words: Mapping[str, Any], *, to_applicant: Mapping[str, Any] | None = None) -> None:
    """Register what events of kind »other« are called, by their name."""
    _office.update(words)
    _applicant.update(to_applicant or {})


def known() -> frozenset[str]:
    """The names that have words."""
    return frozenset(_office)


def called(name: str) -> str:
    """What the office reads; empty where nobody has said it."""
    return str(_office.get(name, ""))


def called_to_applicant(name: str) -> str:
    """What the applicant reads; empty where nobody has said it."""
    return str(_applicant.get(name, _office.get(name, "")))
