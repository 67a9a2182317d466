# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What came of a match, and who says so: reported by the office or by the firms themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.base.errors import IsItRight, UserError
from brobygger.base.forms import clean_text
from brobygger.market.models import Match, Outcome
from brobygger.market.services.listing_rules import EARLIEST
from brobygger.market.services.matches import NotTheirs, acts_for, is_office
from brobygger.market.services.matching.value import MOST_TONNES
from brobygger.market.services.reporting import LooksTooMuch, ask_of_day, may_report, on_timeline

OUTCOMES: dict[str, tuple[int, int]] = {
    Outcome.Kind.DKK: (100_000_000, 100_000_000_000),
    Outcome.Kind.CO2E: (100_000_000, 100_000_000_000),
    Outcome.Kind.JOBS: (500, 100_000),
    Outcome.Kind.HOURS: (100_000, 1_000_000_000),
    Outcome.Kind.TONNES: (100_000, int(MOST_TONNES)),
}
"""Kind → what is asked about, and what is refused. Wide: they are there for slips of the keyboard."""


class LooksReportedAlready(IsItRight):
    """The same figure of the same kind on the same day is there: a button pressed twice, or told by both sides."""

    answer = "again"

    def __init__(self, earlier: Outcome) -> None:
        who = str(earlier.reported_by) if earlier.reported_by else _("en anden")
        super().__init__(
            _(
                "%(who)s har allerede skrevet %(what)s for den dag. Er det et udbytte mere, så sæt kryds og gem igen."
            )
            % {"who": who, "what": f"{number(earlier.amount)} {earlier.get_kind_display()}"}
        )


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """What a person typed about an outcome. `sure`: it is so much, although that is rare. `again`: it is one more,
    although it looks like an earlier one. `day_sure`: it was that day, although that is before the match."""

    kind: str
    amount: Decimal
    on: date
    said_by: str
    note: str = ""
    sure: bool = False
    again: bool = False
    day_sure: bool = False


@transaction.atomic
def report_outcome(match: Match, report: OutcomeReport, user: Any) -> Outcome:
    """Record what came of a match, who says so and when. Raises `NotTheirs`, `LooksTooMuch` (unless `report.sure`),
    `LooksLikeAnotherDay` (unless `report.day_sure`), `LooksReportedAlready` (unless `report.again`), `UserError`.

    A firm may report about a match it is part of; the office always.
    """
    match = Match.objects.select_for_update().get(pk=match.pk)  # of two at once the second sees the first
    if not may_report(user, match):
        raise NotTheirs
    if match.stage == Match.Stage.CHOSEN:
        raise UserError(_("De to har ikke hørt om hinanden endnu, så der er intet udbytte at skrive."))
    said_by = " ".join(clean_text(report.said_by).split())[:120]
    if not said_by:
        raise UserError(_("Skriv, hvem der siger det."))
    if report.amount <= 0:
        raise UserError(_("Tallet skal være større end nul."))
    if report.on > timezone.localdate():
        raise UserError(_("Datoen skal være i dag eller før."))
    if report.on < EARLIEST:
        raise UserError(_("Datoen er for langt tilbage i tiden."))
    much, most = OUTCOMES[report.kind]
    if report.amount > most:
        raise UserError(_("Tallet er for stort til at være rigtigt."))
    if report.amount > much and not report.sure:
        raise LooksTooMuch(f"{number(report.amount)} {Outcome.Kind(report.kind).label}")
    if not report.day_sure:
        ask_of_day(match, report.on)
    earlier = match.outcomes.filter(kind=report.kind, amount=report.amount, on=report.on)
    if not report.again and (first := earlier.select_related("reported_by").first()):
        raise LooksReportedAlready(first)
    outcome = Outcome(
        match=match,
        kind=report.kind,
        amount=report.amount,
        on=report.on,
        said_by=said_by,
        note=" ".join(clean_text(report.note).split())[:500],
        reported_by=user,
    )
    outcome._history_user = user  # type: ignore[attr-defined]
    outcome.save()
    return outcome


@transaction.atomic
def delete_outcome(outcome: Outcome, user: Any) -> None:
    """Delete an outcome; the timeline says so. The office, or the person who reported it. Raises `NotTheirs`."""
    match = outcome.match
    own = outcome.reported_by_id == user.pk and acts_for(user, match) is not None
    if not (is_office(user, match) or own):
        raise NotTheirs
    words = f"{number(outcome.amount)} {outcome.get_kind_display()}, {outcome.said_by}"
    outcome._history_user = user  # type: ignore[attr-defined]
    outcome.delete()
    on_timeline(match, user, _("Udbytte slettet: %(what)s.") % {"what": words})
