# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong when guiding firms, told in plain Danish."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.base.errors import UserError
from brobygger.dialogue.errors import BadValues as BadValues
from brobygger.dialogue.errors import NotYourOffice as NotYourOffice

if TYPE_CHECKING:
    from brobygger.guidance.models import Referral


class OverCeiling(UserError):
    """The amount would take the undertaking over the ceiling for de minimis aid.

    `headroom`: euro left on that day; `free_on`: the first day when there is room, None when there never will be.
    """

    def __init__(self, headroom: Decimal, amount: Decimal, free_on: date | None) -> None:
        self.headroom, self.amount, self.free_on = headroom, amount, free_on
        told = _(
            "Beløbet på %(amount)s euro overskrider loftet for de minimis-støtte: der er plads til %(left)s euro den dag."
        ) % {"amount": number(amount, 2), "left": number(headroom, 2)}
        if free_on:
            told += " " + _("Der er plads fra den %(day)s.") % {
                "day": formats.date_format(free_on, "SHORT_DATE_FORMAT")
            }
        told += " " + _(
            "Er støtten givet efter andre regler, så registrér den som ikke de minimis med begrundelse."
        )
        super().__init__(told)


class KeptFrom(UserError):
    """The entry belongs to something that the person may not handle."""

    def __init__(self) -> None:
        super().__init__(_("Støtten hører til en sag, som du er inhabil i."))


class AlreadyLinked(UserError):
    """The two firms are counted as one undertaking already."""

    def __init__(self) -> None:
        super().__init__(_("De to virksomheder regnes allerede som én."))


class NotReachable(UserError):
    """A referral cannot go from where it stands to there."""

    def __init__(self, now: str, wanted: str) -> None:
        super().__init__(
            _("Henvisningen står som »%(now)s« og kan ikke blive til »%(wanted)s«.")
            % {"now": now, "wanted": wanted}
        )


class ReceiverAnswers(UserError):
    """A referral to another office on the same platform is answered by that office."""

    def __init__(self) -> None:
        super().__init__(_("Det er det andet kontor, der svarer. Svaret kommer her, når de har givet det."))


class StillUsed(UserError):
    """A partner that referrals point at stays, or the figures would lose them."""

    def __init__(self) -> None:
        super().__init__(_("Der er henvisninger til eller fra partneren. Tag den ud af brug i stedet."))


class NoLink(UserError):
    """The receiver has no address, answers as an office of its own, or has nothing left to answer."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Der kan ikke sendes et svarlink: henvisningen er afsluttet, eller modtageren har ingen e-mail her."
            )
        )


class LinkIsOver(UserError):
    """The link is too old, was replaced by a newer one, or the consent behind it was taken back."""

    def __init__(self, referral: Referral | None = None) -> None:
        self.referral = referral
        super().__init__(_("Linket gælder ikke længere."))


class HasAFirm(UserError):
    """The referral is about a firm of the register already, or was sent by this office."""

    def __init__(self) -> None:
        super().__init__(_("Henvisningen ligger allerede hos en virksomhed."))


class ConsentWithdrawn(UserError):
    """Nobody is taken into the register on a consent that was taken back."""

    def __init__(self) -> None:
        super().__init__(_("Samtykket er trukket tilbage, så virksomheden kan ikke tages ind i registret."))
