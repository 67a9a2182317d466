# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can be wrong with a definition, with the place in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the line (from 1), where in the definition (`gates.2.name`), and what, in Danish."""

    line: int
    where: str
    what: str


class BadDefinition(UserError):
    """A file that cannot be adopted. `faults` names every place; the message names the first ones."""

    MOST_TOLD = 5

    def __init__(self, file: str, faults: Sequence[Fault]) -> None:
        self.file, self.faults = file, list(faults)
        told = [f"{file}, linje {fault.line}: {fault.what}" for fault in self.faults[: self.MOST_TOLD]]
        if (more := len(self.faults) - self.MOST_TOLD) > 0:
            told.append(_("Og %(more)s fejl mere.") % {"more": more})
        super().__init__("\n".join(told))


class NotAdopted(UserError):
    """The office has not adopted a definition of that key."""

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        super().__init__(_("Kontoret har ikke taget »%(key)s« i brug.") % {"key": key})


class MayNotAdopt(UserError):
    """Heads and administrators decide which definitions their office uses."""

    def __init__(self) -> None:
        super().__init__(_("Det kan kun kontorets chef eller administrator gøre."))


class AdoptedMeanwhile(UserError):
    """Somebody took another version into use after this person opened the text. `current` is what stands now."""

    def __init__(self, current: Any) -> None:
        self.current = current
        super().__init__(
            _(
                "En anden har taget version %(version)s i brug, mens du skrev. Se forskellen herunder og gem igen, hvis din tekst skal gælde."
            )
            % {"version": current.version}
        )


class KeyTaken(UserError):
    """A new definition has the key of one that the office already has."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            _("Kontoret har allerede en opskrift med nøglen »%(key)s«. Ret den, eller vælg en anden nøgle.")
            % {"key": key}
        )
