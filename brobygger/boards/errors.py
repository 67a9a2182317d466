# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong with boards, told in plain Danish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from brobygger.base import moments
from brobygger.base.errors import IsItRight, UserError


class BadValues(UserError):
    """Values that cannot be stored. `faults`: field → what is wrong, in Danish."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


class NotYourBoard(UserError):
    """Only the office's consultants and heads keep its boards."""

    def __init__(self) -> None:
        super().__init__(_("Det kan kun erhvervskontoret gøre."))


class MembersBusy(IsItRight):
    """Some who have a seat have something else at the time. `taken`: name, and from when until when."""

    answer = "anyway"

    def __init__(self, taken: Sequence[tuple[str, datetime, datetime]]) -> None:
        told = " ".join(
            _("%(who)s er optaget %(when)s.") % {"who": who, "when": moments.from_to(starts_at, ends_at)}
            for who, starts_at, ends_at in taken
        )
        super().__init__(_("%(told)s Vælg en anden tid, eller sæt kryds og gem igen.") % {"told": told})


class MinutesApproved(UserError):
    """Approved minutes are not changed."""

    def __init__(self) -> None:
        super().__init__(
            _("Referatet er godkendt og kan ikke ændres. Skriv rettelsen i næste mødes referat.")
        )


class StillInUse(UserError):
    """Something hangs on it."""
