# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong with boards, told in plain Danish."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


class BadValues(UserError):
    """Values that cannot be stored. `faults`: field → what is wrong, in Danish."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


class NotYourBoard(UserError):
    """Only the office's consultants and heads keep its boards."""

    def __init__(self) -> None:
        super().__init__(_("Det kan kun erhvervskontoret gøre."))


class MinutesApproved(UserError):
    """Approved minutes are not changed."""

    def __init__(self) -> None:
        super().__init__(
            _("Referatet er godkendt og kan ikke ændres. Skriv rettelsen i næste mødes referat.")
        )


class StillInUse(UserError):
    """Something hangs on it."""
