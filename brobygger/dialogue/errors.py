# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong in the dialogue, told in plain Danish."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


class BadValues(UserError):
    """Values that cannot be stored. `faults`: field → what is wrong, in Danish."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


class NotYourOffice(UserError):
    """Only the consultants and heads of the firm's own office keep its talks."""

    def __init__(self) -> None:
        super().__init__(_("Det kan kun virksomhedens eget erhvervskontor gøre."))


class TooManyFiles(UserError):
    """A talk has as many files as it may."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Der kan højst være %(most)s bilag til en samtale.") % {"most": most})


class AlreadyDone(UserError):
    """Somebody has already done it."""

    def __init__(self, who: str) -> None:
        super().__init__(_("%(who)s har allerede gjort det.") % {"who": who})


class NotDone(UserError):
    """It is still to be done."""

    def __init__(self) -> None:
        super().__init__(_("Det er ikke gjort endnu."))
