# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong when the office writes to firms, told in plain Danish."""

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
    """Only the consultants and heads of the office itself do this."""

    def __init__(self) -> None:
        super().__init__(_("Det kan kun erhvervskontorets egne medarbejdere gøre."))


class ConsentStands(UserError):
    """The same address has already said yes to the same."""

    def __init__(self, email: str, purpose: str) -> None:
        super().__init__(
            _("%(email)s har allerede sagt ja til »%(purpose)s«.") % {"email": email, "purpose": purpose}
        )


class BrokenSegment(UserError):
    """A filter of the segment cannot be read any more; leaving it out would let more firms in than were meant."""

    def __init__(self, name: str, faults: str) -> None:
        super().__init__(
            _("Segmentet »%(name)s« kan ikke bruges, som det står: %(faults)s Ret det først.")
            % {"name": name, "faults": faults}
        )


class SegmentInUse(UserError):
    """A draft is to be sent to the segment."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            _("Kladden »%(subject)s« skal sendes til segmentet. Ret eller slet den først.")
            % {"subject": subject}
        )


class AlreadySent(UserError):
    """What was sent stays as it was."""

    def __init__(self) -> None:
        super().__init__(_("Udsendelsen er allerede sendt og kan ikke ændres."))


class NotBeingSent(UserError):
    """The mailing turned out to reach nobody and is a draft again."""

    def __init__(self) -> None:
        super().__init__(_("Udsendelsen er en kladde igen. Se, hvem der får den, og send den så."))


class NothingToGoOnWith(UserError):
    """Only work that stopped is taken up again."""

    def __init__(self) -> None:
        super().__init__(_("Udsendelsen er i gang eller færdig. Der er ikke noget at tage op igen."))


class LettersNotReady(UserError):
    """The letters of a round are still being made."""

    def __init__(self) -> None:
        super().__init__(_("Brevene er ikke færdige endnu. Vent et øjeblik, og prøv igen."))


class NoNumbers(UserError):
    """Digital Post goes to CVR numbers."""

    def __init__(self) -> None:
        super().__init__(_("Ingen af virksomhederne har et CVR-nummer."))


class NoSegment(UserError):
    """A mailing without receivers."""

    def __init__(self) -> None:
        super().__init__(_("Vælg først, hvilket segment udsendelsen skal til."))


class TooManyFirms(UserError):
    """More than one mailing should hold."""

    def __init__(self, most: str) -> None:
        super().__init__(
            _("Segmentet er for stort til én udsendelse: højst %(most)s virksomheder. Snævr det ind.")
            % {"most": most}
        )


class NobodyToSendTo(UserError):
    """None of the segment's firms may be written to."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Ingen i segmentet har sagt ja til formålet, så der er ingen at sende til. Se hvorfor i listen."
            )
        )


class AlreadyWelcomed(UserError):
    """A firm gets one letter of a series, or was passed over."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s har allerede fået brevet eller er sprunget over.") % {"name": name})


class NobodyNew(UserError):
    """No firm of the quarter is left to write to."""

    def __init__(self) -> None:
        super().__init__(_("Alle kvartalets nye virksomheder har fået brevet eller er sprunget over."))


class NoAddressToTest(UserError):
    """A test goes to oneself."""

    def __init__(self) -> None:
        super().__init__(_("Din egen konto har ingen e-mail, en prøve kan sendes til."))


class TimeTaken(UserError):
    """Somebody else was quicker, or the time is not offered."""

    def __init__(self) -> None:
        super().__init__(_("Tiden er ikke længere ledig. Vælg en anden."))


class TooManyTalks(UserError):
    """One visitor may not fill a calendar."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "I har allerede en samtale i vente. Flyt eller aflys den, eller ring til kontoret, hvis I har brug for flere."
            )
        )


class NotBooked(UserError):
    """The talk was held or cancelled already."""

    def __init__(self) -> None:
        super().__init__(_("Samtalen er allerede holdt eller aflyst."))


class TooLate(UserError):
    """The talk has begun."""

    def __init__(self) -> None:
        super().__init__(_("Samtalen er begyndt eller overstået og kan ikke flyttes eller aflyses her."))


class NotHeldYet(UserError):
    """A talk is marked as held when it has begun."""

    def __init__(self) -> None:
        super().__init__(_("Samtalen er ikke begyndt endnu."))


class AlreadyAnswered(UserError):
    """One answer per talk."""

    def __init__(self) -> None:
        super().__init__(_("Tak, I har allerede svaret."))


class AlreadyBookable(UserError):
    """The consultant has the times already."""

    def __init__(self) -> None:
        super().__init__(_("Tiderne findes allerede: to faste tider må ikke overlappe hinanden."))
