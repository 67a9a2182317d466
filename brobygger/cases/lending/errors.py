# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong with a loan, in plain Danish."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from brobygger.base.danish import kroner
from brobygger.base.errors import UserError
from brobygger.cases.loan import BadTerms, Fault


class NotGranted(UserError):
    """A loan is agreed on when bank and steering group have said yes, and not before."""

    def __init__(self) -> None:
        super().__init__(_("Lånet kan først aftales, når både bank og styregruppe har sagt ja."))


class AgreedAlready(UserError):
    """One loan a case."""

    def __init__(self) -> None:
        super().__init__(_("Lånet er allerede aftalt."))


class MoreThanGranted(UserError):
    """The loan is at most what was decided, whatever stands in the case by now."""

    def __init__(self, granted: Decimal) -> None:
        super().__init__(
            _("Lånet kan ikke være større end de %(most)s, der er bevilget.") % {"most": kroner(granted)}
        )


class BadLoan(UserError):
    """Terms that make no sense."""

    def __init__(self, error: BadTerms) -> None:
        self.fault = error.fault
        words = {
            Fault.PRINCIPAL: _("Lånebeløbet skal være over 0 kr."),
            Fault.YEARS: _("Årene uden afdrag skal være færre end lånets år."),
            Fault.PER_YEAR: _("Vælg terminer hvert kvartal eller hver måned."),
            Fault.RATES: _("Renten skal gælde fra den dag, lånet udbetales, og kun én sats fra samme dag."),
            Fault.REPAYMENT: _("Afdraget skal ligge i lånets løbetid og være over 0 kr."),
            Fault.REPAID_TOO_MUCH: _("Der kan ikke betales mere tilbage, end der skyldes."),
        }
        super().__init__(words[error.fault])


class RateTaken(UserError):
    """One rate a day."""

    def __init__(self) -> None:
        super().__init__(_("Der er allerede en sats fra den dag."))


class PaidOut(UserError):
    """Terms of a loan that is paid out are corrected, not removed."""

    def __init__(self) -> None:
        super().__init__(_("Lånet er udbetalt. Tag udbetalingen tilbage først, eller ret vilkårene."))


class HasEntries(UserError):
    """Repayments and reports belong to the loan."""

    def __init__(self) -> None:
        super().__init__(_("Der er skrevet afdrag eller rapporter på lånet. Fjern dem først."))


class PutRightSince(UserError):
    """What is to be corrected is there no longer."""

    def __init__(self) -> None:
        super().__init__(_("Det er allerede fjernet. Se, hvad der står nu."))


class NotPaidOut(UserError):
    """Reports belong to a loan that runs."""

    def __init__(self) -> None:
        super().__init__(_("Lånet er ikke udbetalt, eller det er afsluttet."))
