# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What another system says of a building case."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

COMPLETE = "complete"
DECISIONS = {"grant": "granted", "refuse": "refused", "withdraw": "withdrawn"}
"""Way → stage."""
WAITS = "applicant"


@dataclass(frozen=True, slots=True)
class Pause:
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A row that can be used."""

    ref: str
    received: date
    complete: date | None
    decided: date | None
    outcome: str
    """`grant`, `refuse`, `withdraw` or empty."""
    subtype: str
    pauses: tuple[Pause, ...] = ()
    address: str = ""
    cadastre: str = ""
    title: str = ""
    applicant: str = ""
    cvr: str | None = None
    officer: str = ""

    @property
    def called(self) -> str:
        return self.title or self.address or self.ref

    def values(self) -> dict[str, str]:
        """What goes into the definition's fields; empty cells empty nothing."""
        found = {"address": self.address, "cadastre": self.cadastre}
        return {key: value for key, value in found.items() if value}

    def plain(self) -> Any:
        """As JSON can hold it, for comparing with the last import."""
        found = asdict(self)
        found["pauses"] = [[str(pause.since), str(pause.until)] for pause in self.pauses]
        return {key: str(value) if isinstance(value, date) else value for key, value in found.items()}

    def digest(self) -> str:
        """The same for rows that say the same."""
        return hashlib.sha256(json.dumps(self.plain(), sort_keys=True).encode()).hexdigest()
