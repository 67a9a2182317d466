# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an import did: counts, what was wrong, and what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_PROBLEMS = 1000
MOST_DIFFERENCES = 50
LONGEST = 300


@dataclass
class Report:
    """Every row that was read is counted once: created, changed, unchanged, skipped or outside.

    `problems`: {line, column, value, message, skipped}, the first thousand; `skipped` False is a remark on a row that
    went in all the same. `differences`: {name, what, details}, the first fifty.
    """

    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    outside: int = 0
    """Not in the municipalities that were asked for."""
    remarks: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)

    def skip(self, line: int, message: str, *, column: str = "", value: Any = "") -> None:
        """A row that was left out, and why."""
        self.skipped += 1
        self._tell(line, column, value, message, skipped=True)

    def remark(self, line: int, message: str, *, column: str = "", value: Any = "") -> None:
        """Something on a row that went in without it."""
        self.remarks += 1
        self._tell(line, column, value, message, skipped=False)

    def differ(self, name: str, what: str, details: Callable[[], list[str]]) -> None:
        """A record that is created or changed. `details` is asked for the first of them only."""
        if len(self.differences) < MOST_DIFFERENCES:
            self.differences.append({"name": name, "what": what, "details": details()[:20]})

    def counts(self) -> dict[str, int]:
        """The counts by name, as `ImportRun` has them."""
        names = ("read", "created", "changed", "unchanged", "skipped", "outside")
        return {name: getattr(self, name) for name in names}

    def _tell(self, line: int, column: str, value: Any, message: str, *, skipped: bool) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            shown = "".join(c if c.isprintable() else " " for c in str(value))[:LONGEST]
            self.problems.append(
                {
                    "line": line,
                    "column": column,
                    "value": shown,
                    "message": message[:LONGEST],
                    "skipped": skipped,
                }
            )
