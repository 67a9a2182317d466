# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What agreements, deliveries and outcomes share: units and tonnes, what is asked about, and the word on the timeline."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base.errors import IsItRight, UserError
from brobygger.engine.units import UnknownUnit, canonical
from brobygger.knowledge import load
from brobygger.market.models import Match, MatchNote
from brobygger.market.services.matches import acts_for, is_office
from brobygger.market.services.matching.value import MOST_TONNES
from brobygger.market.services.matching.value import tonnes_of as weight_of

DELIVERING = frozenset({Match.Stage.AGREED, Match.Stage.RUNNING, Match.Stage.ENDED})
"""Deliveries are reported in these stages; also afterwards, because reports come late."""
MILLI = Decimal("0.001")
MANY_TIMES = 5
"""More than so many times what was offered or agreed is asked about."""
MUCH_OF_ANY = Decimal(1_000_000)
"""The figure in any unit that is asked about where nothing was offered or agreed about how much."""


class LooksTooMuch(IsItRight):
    """Far more than what was agreed, or than what one match brings."""

    def __init__(self, what: str) -> None:
        super().__init__(
            _("Er det rigtigt? %(what)s er meget. Er det rigtigt, så sæt kryds og gem igen.") % {"what": what}
        )


class LooksLikeAnotherDay(IsItRight):
    """A day before there was anything to tell about, or when it was over: often a slip in the year."""

    answer = "day_sure"

    def __init__(self, why: str) -> None:
        super().__init__(
            _("Er datoen rigtig? %(why)s Er den rigtig, så sæt kryds og gem igen.") % {"why": why}
        )


def ask_of_day(match: Match, day: date) -> None:
    """Raises `LooksLikeAnotherDay` on a day before the match was there, and before anything was agreed in it."""
    agreed = match.agreements.values_list("agreed_on", "starts_on")
    since = min([timezone.localdate(match.created_at), *chain.from_iterable(agreed)])
    if day < since:
        why = _("%(day)s er før, der var noget mellem de to her: det begyndte %(since)s.")
        raise LooksLikeAnotherDay(why % {"day": written_day(day), "since": written_day(since)})


def tonnes_of(quantity: Decimal, unit: str, resource_type: str) -> Decimal | None:
    """Tonnes, from a weight or through the density of the resource type; None when neither is known.

    Raises `UserError` on an unknown unit, and on more than can be true.
    """
    tonnes = weight_of(quantity, known_unit(unit), resource_type, load())
    if tonnes is not None and tonnes > MOST_TONNES:
        raise UserError(_("Mængden er for stor til at være rigtig."))
    return None if tonnes is None else tonnes.quantize(MILLI, ROUND_HALF_UP)


def may_report(user: Any, match: Match) -> bool:
    """Whether the person may report deliveries: the office, and either party."""
    return is_office(user, match) or acts_for(user, match) is not None


def known_unit(unit: str) -> str:
    """The unit's key. Raises `UserError` on one that the engine does not know."""
    try:
        return canonical(unit)
    except UnknownUnit as error:
        raise UserError(_("»%(unit)s« er ikke en enhed, vi kender.") % {"unit": unit[:40]}) from error


def on_timeline(match: Match, user: Any, text: str) -> None:
    """Write what somebody did where both firms read it."""
    MatchNote.objects.create(match=match, by=user, text=text[:4000], private=False)


def written_day(day: date) -> str:
    """As it stands in what people read."""
    return formats.date_format(day, "SHORT_DATE_FORMAT")
