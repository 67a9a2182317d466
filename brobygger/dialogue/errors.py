# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong in the dialogue, told in plain Danish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from brobygger.base import moments
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


class NotInUse(UserError):
    """The office does not use that definition (any more)."""

    def __init__(self, title: str) -> None:
        super().__init__(_("»%(title)s« er ikke i brug.") % {"title": title})


class Closed(UserError):
    """The action plan is closed."""

    def __init__(self) -> None:
        super().__init__(_("Handlingsplanen er afsluttet."))


class OnlyHeads(UserError):
    """The head of the office decides it."""

    def __init__(self) -> None:
        super().__init__(_("Det kan kun kontorets chef eller administrator gøre."))


class AlreadyInPortfolio(UserError):
    """The firm is in the portfolio already."""

    def __init__(self, firm: str) -> None:
        super().__init__(_("%(firm)s er allerede i porteføljen.") % {"firm": firm})


class NoSuchLevel(UserError):
    """The funnel has no such level, or the firm is on it already."""

    def __init__(self) -> None:
        super().__init__(_("Vælg et andet niveau end det, virksomheden er på."))


class NeedsKeyAccount(UserError):
    """Nobody comes to that level without a key account."""

    def __init__(self, level: str) -> None:
        super().__init__(
            _("En virksomhed på »%(level)s« skal have en nøglekonsulent. Vælg først, hvem det er.")
            % {"level": level}
        )


class NoReason(UserError):
    """A reason must be given."""

    def __init__(self) -> None:
        super().__init__(_("Skriv, hvorfor."))


class MovedMeanwhile(UserError):
    """Somebody has moved the firm meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("En anden har flyttet virksomheden i mellemtiden. Se på den igen."))


class FullWeek(UserError):
    """The consultant has no more room that week."""

    def __init__(self, who: str, most: int) -> None:
        super().__init__(
            _("%(who)s har ikke plads til flere besøg den uge (højst %(most)s).") % {"who": who, "most": most}
        )


class VisitPlanned(UserError):
    """The firm has a planned visit already."""

    def __init__(self, firm: str) -> None:
        super().__init__(_("%(firm)s har allerede et planlagt besøg.") % {"firm": firm})


class VisitSettled(UserError):
    """The visit has been paid or was skipped."""

    def __init__(self) -> None:
        super().__init__(_("Besøget er allerede afgjort."))


class PastWeek(UserError):
    """The week is over."""

    def __init__(self) -> None:
        super().__init__(_("Vælg denne uge eller en senere, højst et år frem."))


class TimeTaken(UserError):
    """The consultant has something else at that time."""

    def __init__(self, who: str, starts_at: datetime, ends_at: datetime) -> None:
        told = {"who": who, "when": moments.from_to(starts_at, ends_at)}
        super().__init__(_("%(who)s er optaget %(when)s. Vælg en anden tid.") % told)


class UndoneAlready(UserError):
    """It was undone before."""

    def __init__(self) -> None:
        super().__init__(_("Det er allerede fortrudt."))
