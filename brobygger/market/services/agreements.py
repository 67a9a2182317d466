# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the two of a match agreed: written by the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.errors import IsItRight, UserError
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.engine.units import convert, per_year
from brobygger.knowledge import resource_types
from brobygger.market.models import Agreement, Listing, Match
from brobygger.market.services.following import agreed_anew
from brobygger.market.services.listing_rules import EARLIEST, LATEST
from brobygger.market.services.matches import (
    NEXT,
    NotTheirs,
    back_to_dialogue,
    enter_because,
    is_office,
)
from brobygger.market.services.matching.permits import check_may_receive
from brobygger.market.services.reporting import (
    DELIVERING,
    MANY_TIMES,
    MUCH_OF_ANY,
    LooksLikeAnotherDay,
    LooksTooMuch,
    ask_of_day,
    known_unit,
    on_timeline,
    tonnes_of,
    written_day,
)
from brobygger.market.wording import amount

MUCH_A_YEAR = Decimal(100_000)
"""Tonnes of an agreement that are asked about where nothing was offered about how much."""
FAR_AHEAD = timedelta(days=730)
"""An agreement that begins later than this is asked about."""


class LooksAgreedAlready(IsItRight):
    """The very same is written down: a button pressed twice, or a page that was gone back to."""

    answer = "again"

    def __init__(self, earlier: Agreement) -> None:
        who = str(earlier.created_by) if earlier.created_by else _("en anden")
        super().__init__(
            _(
                "%(who)s har allerede skrevet den aftale. Er det en aftale mere med de samme vilkår, så sæt kryds og gem igen."
            )
            % {"who": who}
        )


class StillRuns(IsItRight):
    """Another agreement of the two holds at the same time: both count, and often the new one was to replace it."""

    answer = "again"

    def __init__(self, earlier: Agreement) -> None:
        super().__init__(
            _(
                "Aftalen fra %(day)s løber stadig, og så tæller begge med. Afløser den nye den gamle, så sæt først en slutdato på "
                "den gamle. Er det en aftale mere, så sæt kryds og gem igen."
            )
            % {"day": written_day(earlier.agreed_on)}
        )


class HasDeliveries(UserError):
    """An agreement under which something moved is part of the record."""


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """What a person typed about an agreement. `sure`: it is so much, although it is far more than was offered.
    `day_sure`: it is from that day, although that is before the match or years ahead. `again`: it is one more, although the
    same is written down."""

    agreed_on: date
    starts_on: date
    ends_on: date | None
    quantity: Decimal | None
    unit: str
    period: str
    price: Decimal | None
    terms: str
    sure: bool = False
    day_sure: bool = False
    again: bool = False


@transaction.atomic
def record_agreement(match: Match, terms: AgreementTerms, user: Any, version: int) -> Agreement:
    """Write down what was agreed; a match in dialogue becomes agreed.

    Raises `StageNotReachable` from a stage that cannot become agreed, `NotTheirs`, `NeedsPermit`, `EditedMeanwhile`,
    `LooksTooMuch` (unless `terms.sure`), `LooksLikeAnotherDay` (unless `terms.day_sure`),
    `LooksAgreedAlready` and `StillRuns` (unless `terms.again`), `UserError`.
    """
    if not terms.again and is_office(user, match) and (earlier := _the_same(match, terms)):
        raise LooksAgreedAlready(earlier)  # before the version: that has gone up by the first of the two
    claim(match, version)
    if not is_office(user, match):
        raise NotTheirs
    _check_terms(terms, match.have.resource_type)
    _ask_of_terms(terms, match.have)
    _ask_of_days(terms, match)
    if not terms.again and (running := _beside(match, terms)):
        raise StillRuns(running)
    check_may_receive(match.have, match.taker, max(terms.starts_on, timezone.localdate()))
    agreement = Agreement(match=match, created_by=user)
    _write_terms(agreement, terms, user)
    if match.stage not in DELIVERING:
        enter_because(match, Match.Stage.AGREED, user)
    agreed_anew(match)
    return agreement


@transaction.atomic
def change_agreement(agreement: Agreement, terms: AgreementTerms, user: Any, version: int) -> Agreement:
    """Correct an agreement. Raises `NotTheirs`, `EditedMeanwhile`, `LooksTooMuch` (unless `terms.sure`),
    `LooksLikeAnotherDay` (unless `terms.day_sure`), `UserError`."""
    claim(agreement, version)
    if not is_office(user, agreement.match):
        raise NotTheirs
    _check_terms(terms, agreement.match.have.resource_type)
    if (terms.quantity, terms.unit, terms.period) != (agreement.quantity, agreement.unit, agreement.period):
        _ask_of_terms(terms, agreement.match.have)
    if (terms.agreed_on, terms.starts_on) != (agreement.agreed_on, agreement.starts_on):
        _ask_of_days(terms, agreement.match)
    if agreement.deliveries.filter(on__lt=terms.starts_on).exists():
        raise UserError(_("Der er indberettet en leverance før den dag. Lad aftalen begynde tidligere."))
    _write_terms(agreement, terms, user)
    agreed_anew(agreement.match)
    return agreement


@transaction.atomic
def delete_agreement(agreement: Agreement, user: Any) -> None:
    """Delete an agreement that nothing moved under. Where it was the only one, nothing is agreed and the two are in
    dialogue again. Raises `HasDeliveries`, `NotTheirs`."""
    match = Match.objects.select_for_update().get(pk=agreement.match_id)
    if not is_office(user, match):
        raise NotTheirs
    if agreement.deliveries.exists():
        raise HasDeliveries(
            _("Der er leverancer under aftalen, så den kan ikke slettes. Sæt i stedet en slutdato på den.")
        )
    agreement._history_user = user  # type: ignore[attr-defined]
    agreement.delete()
    on_timeline(match, user, _("Aftalen fra %(day)s er slettet.") % {"day": written_day(agreement.agreed_on)})
    if match.stage in DELIVERING and not match.agreements.exists():
        claim(match, match.version)
        back_to_dialogue(match, user)
    agreed_anew(match)


def _the_same(match: Match, terms: AgreementTerms) -> Agreement | None:
    names = ("agreed_on", "starts_on", "ends_on", "quantity", "period", "price")
    same = {name: getattr(terms, name) for name in names}
    unit = known_unit(terms.unit) if terms.unit else ""
    found = match.agreements.filter(unit=unit, terms=clean_text(terms.terms)[:4000], **same)
    return found.select_related("created_by").first()


def _beside(match: Match, terms: AgreementTerms) -> Agreement | None:
    """An agreement that holds on some day on which the new one does."""
    found = match.agreements.filter(Q(ends_on=None) | Q(ends_on__gte=terms.starts_on))
    if terms.ends_on is not None:
        found = found.filter(starts_on__lte=terms.ends_on)
    return found.order_by("starts_on").first()


def _check_terms(terms: AgreementTerms, resource_type: str) -> None:
    if terms.agreed_on > timezone.localdate():
        raise UserError(_("Aftalens dato ligger ude i fremtiden."))
    if min(terms.agreed_on, terms.starts_on) < EARLIEST:
        raise UserError(_("Datoen er for langt tilbage i tiden."))
    if max(terms.starts_on, terms.ends_on or terms.starts_on) > LATEST:
        raise UserError(_("Datoen skal ligge mellem år 2000 og 2100."))
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise UserError(_("Aftalen slutter, før den begynder. Byt om på datoerne, eller ret den ene."))
    if terms.quantity is not None and terms.quantity <= 0:
        raise UserError(_("Mængden skal være større end nul."))
    if terms.quantity is not None and not terms.unit:
        raise UserError(_("Vælg, hvilken enhed mængden er i."))
    if terms.quantity is not None:
        tonnes_of(per_year(terms.quantity, terms.period), terms.unit, resource_type)
    if terms.price is not None and terms.price < 0:
        raise UserError(_("Prisen kan ikke være under nul."))
    if terms.price is not None and not terms.unit:
        raise UserError(_("Vælg, hvilken enhed prisen gælder for."))


def _ask_of_terms(terms: AgreementTerms, have: Listing) -> None:
    """Raises `LooksTooMuch` on far more a year than was offered; where that was not said, on more than is usual."""
    if terms.sure or terms.quantity is None:
        return
    unit, a_year = known_unit(terms.unit), per_year(terms.quantity, terms.period)
    offered = _offered_a_year(have, unit, terms.period)
    much = (
        a_year > MANY_TIMES * offered
        if offered is not None
        else (tonnes_of(a_year, unit, have.resource_type) or 0) > MUCH_A_YEAR or terms.quantity > MUCH_OF_ANY
    )
    if much:
        raise LooksTooMuch(amount(terms.quantity, unit, terms.period))


def _ask_of_days(terms: AgreementTerms, match: Match) -> None:
    """Raises `LooksLikeAnotherDay` on an agreement from before the match, and on one that begins in years."""
    if terms.day_sure:
        return
    ask_of_day(match, min(terms.agreed_on, terms.starts_on))
    if terms.starts_on > timezone.localdate() + FAR_AHEAD:
        raise LooksLikeAnotherDay(
            _("Aftalen begynder først %(day)s.") % {"day": written_day(terms.starts_on)}
        )


def _offered_a_year(have: Listing, unit: str, period: str) -> Decimal | None:
    """In the agreement's unit; None where it was not said, cannot be compared, or was about one time only."""
    once = have.period == Listing.Period.ONCE and period != Listing.Period.ONCE
    if have.quantity is None or not have.unit or once:
        return None
    node = resource_types().get(have.resource_type)
    offered = convert(have.quantity, have.unit, unit, density=node.density if node else None)
    return None if offered is None else per_year(offered, have.period)


def _write_terms(agreement: Agreement, terms: AgreementTerms, user: Any) -> None:
    agreement.agreed_on, agreement.starts_on, agreement.ends_on = (
        terms.agreed_on,
        terms.starts_on,
        terms.ends_on,
    )
    agreement.quantity, agreement.price, agreement.period = terms.quantity, terms.price, terms.period
    agreement.unit = known_unit(terms.unit) if terms.unit else ""
    agreement.terms = clean_text(terms.terms)[:4000]
    agreement._history_user = user  # type: ignore[attr-defined]
    agreement.save()


def agreement_on(match: Match, day: date) -> Agreement | None:
    """The agreement that held on a day: the one that began last before it, else the first; None without any."""
    agreements = list(match.agreements.order_by("starts_on", "created_at"))
    begun = [agreement for agreement in agreements if agreement.starts_on <= day]
    if begun:
        return begun[-1]
    return agreements[0] if agreements else None


def can_be_agreed(match: Match) -> bool:
    """Whether an agreement may be written down now."""
    return match.stage in DELIVERING or Match.Stage.AGREED in NEXT[match.stage]
