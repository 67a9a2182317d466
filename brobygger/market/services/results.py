# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What was agreed, what really moved and what came of it: written by the office or by the firms themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.base.errors import IsItRight, UserError
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.engine.units import UnknownUnit, canonical, convert, per_year
from brobygger.knowledge import load, resource_types
from brobygger.market.models import Agreement, Delivery, Listing, Match, MatchNote, Outcome
from brobygger.market.services.listing_rules import EARLIEST, LATEST
from brobygger.market.services.matches import NEXT, NotTheirs, acts_for, enter_because, is_office
from brobygger.market.services.matching.permits import check_may_receive
from brobygger.market.services.matching.value import MOST_TONNES
from brobygger.market.services.matching.value import tonnes_of as weight_of
from brobygger.market.wording import amount, unit_label

DELIVERING = frozenset({Match.Stage.AGREED, Match.Stage.RUNNING, Match.Stage.ENDED})
"""Deliveries are reported in these stages; also afterwards, because reports come late."""
MILLI = Decimal("0.001")
MANY_TIMES = 5
"""A delivery of more than so many times what was agreed since the one before is asked about, and so is an agreement about
more than so many times what was offered a year."""
MUCH_AT_ONCE, MUCH_OF_ANY = Decimal(10_000), Decimal(1_000_000)
"""Tonnes, and the figure in any unit, that are asked about where nothing was agreed about how much."""
MUCH_A_YEAR = Decimal(100_000)
"""Tonnes of an agreement that are asked about where nothing was offered about how much."""
OUTCOMES: dict[str, tuple[int, int]] = {
    Outcome.Kind.DKK: (100_000_000, 100_000_000_000),
    Outcome.Kind.CO2E: (100_000_000, 100_000_000_000),
    Outcome.Kind.JOBS: (500, 100_000),
    Outcome.Kind.HOURS: (100_000, 1_000_000_000),
    Outcome.Kind.TONNES: (100_000, int(MOST_TONNES)),
}
"""Kind → what is asked about, and what is refused. Wide: they are there for slips of the keyboard."""


class LooksLikeDuplicate(IsItRight):
    """The same quantity on the same day was reported already. `earlier` is that delivery."""

    answer = "again"

    def __init__(self, earlier: Delivery) -> None:
        self.earlier = earlier
        who = str(earlier.reported_by) if earlier.reported_by else _("en anden")
        super().__init__(
            _(
                "%(who)s har allerede indberettet %(what)s for den dag. Er det en leverance mere, så sæt kryds og gem igen."
            )
            % {"who": who, "what": f"{number(earlier.quantity)} {unit_label(earlier.unit)}"}
        )


class LooksTooMuch(IsItRight):
    """Far more than what was agreed, or than what one match brings."""

    def __init__(self, what: str) -> None:
        super().__init__(
            _("Er det rigtigt? %(what)s er meget. Er det rigtigt, så sæt kryds og gem igen.") % {"what": what}
        )


class NotDelivering(UserError):
    """Deliveries need an agreement that was not called off."""


class HasDeliveries(UserError):
    """An agreement under which something moved is part of the record."""


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """What a person typed about an agreement. `sure`: it is so much, although it is far more than was offered."""

    agreed_on: date
    starts_on: date
    ends_on: date | None
    quantity: Decimal | None
    unit: str
    period: str
    price: Decimal | None
    terms: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a person typed about a delivery. `again`: it is one more, although it looks like an earlier one. `sure`:
    it is so much, although it is far more than agreed."""

    on: date
    quantity: Decimal
    unit: str
    note: str = ""
    again: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """What a person typed about an outcome. `sure`: it is so much, although that is rare."""

    kind: str
    amount: Decimal
    on: date
    said_by: str
    note: str = ""
    sure: bool = False


def tonnes_of(quantity: Decimal, unit: str, resource_type: str) -> Decimal | None:
    """Tonnes, from a weight or through the density of the resource type; None when neither is known.

    Raises `UserError` on an unknown unit, and on more than can be true.
    """
    try:
        tonnes = weight_of(quantity, unit, resource_type, load())
    except UnknownUnit as error:
        raise UserError(_("»%(unit)s« er ikke en enhed, vi kender.") % {"unit": unit[:40]}) from error
    if tonnes is not None and tonnes > MOST_TONNES:
        raise UserError(_("Mængden er for stor til at være rigtig."))
    return None if tonnes is None else tonnes.quantize(MILLI, ROUND_HALF_UP)


def is_delivering(match: Match) -> bool:
    """Whether deliveries may be reported: under what was agreed, and late also where something moved before it fell
    through."""
    fell = match.stage == Match.Stage.FELL_THROUGH
    return match.stage in DELIVERING or (fell and Delivery.objects.filter(agreement__match=match).exists())


def may_report(user: Any, match: Match) -> bool:
    """Whether the person may report deliveries: the office, and either party."""
    return is_office(user, match) or acts_for(user, match) is not None


# Agreements -------------------------------------------------------------------------------------


@transaction.atomic
def record_agreement(match: Match, terms: AgreementTerms, user: Any, version: int) -> Agreement:
    """Write down what was agreed; a match in dialogue becomes agreed.

    Raises `StageNotReachable` from a stage that cannot become agreed, `NotTheirs`, `NeedsPermit`, `EditedMeanwhile`,
    `LooksTooMuch` (unless `terms.sure`), `UserError`.
    """
    claim(match, version)
    if not is_office(user, match):
        raise NotTheirs
    _check_terms(terms, match.have.resource_type)
    _ask_of_terms(terms, match.have)
    check_may_receive(match.have, match.taker, max(terms.starts_on, timezone.localdate()))
    agreement = Agreement(match=match, created_by=user)
    _write_terms(agreement, terms, user)
    if match.stage not in DELIVERING:
        enter_because(match, Match.Stage.AGREED, user)
    return agreement


@transaction.atomic
def change_agreement(agreement: Agreement, terms: AgreementTerms, user: Any, version: int) -> Agreement:
    """Correct an agreement. Raises `NotTheirs`, `EditedMeanwhile`, `LooksTooMuch` (unless `terms.sure`), `UserError`."""
    claim(agreement, version)
    if not is_office(user, agreement.match):
        raise NotTheirs
    _check_terms(terms, agreement.match.have.resource_type)
    if (terms.quantity, terms.unit, terms.period) != (agreement.quantity, agreement.unit, agreement.period):
        _ask_of_terms(terms, agreement.match.have)
    if agreement.deliveries.filter(on__lt=terms.starts_on).exists():
        raise UserError(_("Der er indberettet en leverance før den dag. Lad aftalen begynde tidligere."))
    _write_terms(agreement, terms, user)
    return agreement


@transaction.atomic
def delete_agreement(agreement: Agreement, user: Any) -> None:
    """Delete an agreement that nothing moved under. Raises `HasDeliveries`, `NotTheirs`."""
    if not is_office(user, agreement.match):
        raise NotTheirs
    if agreement.deliveries.exists():
        raise HasDeliveries(
            _("Der er leverancer under aftalen, så den kan ikke slettes. Sæt i stedet en slutdato på den.")
        )
    agreement._history_user = user  # type: ignore[attr-defined]
    agreement.delete()
    _note(agreement.match, user, _("Aftalen fra %(day)s er slettet.") % {"day": _day(agreement.agreed_on)})


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
    unit, a_year = _known_unit(terms.unit), per_year(terms.quantity, terms.period)
    offered = _offered_a_year(have, unit, terms.period)
    much = (
        a_year > MANY_TIMES * offered
        if offered is not None
        else (tonnes_of(a_year, unit, have.resource_type) or 0) > MUCH_A_YEAR or terms.quantity > MUCH_OF_ANY
    )
    if much:
        raise LooksTooMuch(amount(terms.quantity, unit, terms.period))


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
    agreement.unit = _known_unit(terms.unit) if terms.unit else ""
    agreement.terms = clean_text(terms.terms)[:4000]
    agreement._history_user = user  # type: ignore[attr-defined]
    agreement.save()


def _known_unit(unit: str) -> str:
    try:
        return canonical(unit)
    except UnknownUnit as error:
        raise UserError(_("»%(unit)s« er ikke en enhed, vi kender.") % {"unit": unit[:40]}) from error


# Deliveries -------------------------------------------------------------------------------------


def agreement_on(match: Match, day: date) -> Agreement | None:
    """The agreement that held on a day: the one that began last before it, else the first; None without any."""
    agreements = list(match.agreements.order_by("starts_on", "created_at"))
    begun = [agreement for agreement in agreements if agreement.starts_on <= day]
    if begun:
        return begun[-1]
    return agreements[0] if agreements else None


@transaction.atomic
def report_delivery(agreement: Agreement, report: DeliveryReport, user: Any) -> Delivery:
    """Report what moved; the first delivery sets an agreed match running.

    Raises `NotTheirs`, `NotDelivering`, `NeedsPermit`, `LooksTooMuch` (unless `report.sure`), `LooksLikeDuplicate` (unless
    `report.again`), and `UserError` on a date in the future or before the agreement, a quantity that is not above
    zero or more than can be true, and an unknown unit.
    """
    match = Match.objects.select_for_update().get(pk=agreement.match_id)
    if not may_report(user, match):
        raise NotTheirs
    if not is_delivering(match):
        raise NotDelivering(_("Der er ingen aftale i kraft, så der kan ikke indberettes leverancer."))
    delivery = Delivery(agreement=agreement, reported_by=user)
    _check_report(agreement, report)
    check_may_receive(match.have, match.taker, report.on)
    _ask_of_amount(agreement, report)
    if not report.again and (earlier := _earlier(agreement, report)):
        raise LooksLikeDuplicate(earlier)
    _write_report(delivery, report, user)
    if match.stage == Match.Stage.AGREED:
        claim(match, match.version)
        enter_because(match, Match.Stage.RUNNING, user)
    return delivery


@transaction.atomic
def correct_delivery(delivery: Delivery, report: DeliveryReport, user: Any, version: int) -> Delivery:
    """Correct a delivery; what it said before stays in its history and on the timeline.

    Raises as `report_delivery`, and `EditedMeanwhile`. A firm corrects only what somebody of its own side reported.
    """
    match = _claimed_match(delivery)
    if not may_change(user, match, delivery):
        raise NotTheirs
    _check_report(delivery.agreement, report)
    _ask_of_amount(delivery.agreement, report, delivery)
    claim(delivery, version)
    before = _in_words(delivery)
    _write_report(delivery, report, user)
    if before != _in_words(delivery):
        _note(
            match,
            user,
            _("Leverance rettet fra %(old)s til %(new)s.") % {"old": before, "new": _in_words(delivery)},
        )
    return delivery


@transaction.atomic
def delete_delivery(delivery: Delivery, user: Any) -> None:
    """Delete a delivery; the timeline and the history say so. Raises `NotTheirs`."""
    match = _claimed_match(delivery)
    if not may_change(user, match, delivery):
        raise NotTheirs
    words = _in_words(delivery)
    delivery._history_user = user  # type: ignore[attr-defined]
    delivery.delete()
    _note(match, user, _("Leverance slettet: %(what)s.") % {"what": words})


def may_change(user: Any, match: Match, delivery: Delivery) -> bool:
    """The office may correct every delivery; a firm those it reported itself."""
    return is_office(user, match) or (
        delivery.reported_by_id == user.pk and acts_for(user, match) is not None
    )


def changeable(user: Any, match: Match, deliveries: Iterable[Delivery]) -> list[Any]:
    """Ids of those that `may_change` allows, of one match."""
    if is_office(user, match):
        return [delivery.pk for delivery in deliveries]
    own = [delivery for delivery in deliveries if delivery.reported_by_id == user.pk]
    return [delivery.pk for delivery in own] if own and acts_for(user, match) else []


def _claimed_match(delivery: Delivery) -> Match:
    return Match.objects.select_for_update().get(pk=delivery.agreement.match_id)


def _check_report(agreement: Agreement, report: DeliveryReport) -> None:
    if report.on > timezone.localdate():
        raise UserError(_("Datoen ligger ude i fremtiden. En leverance indberettes, når den er sket."))
    if report.on < agreement.starts_on:
        raise UserError(
            _("Aftalen begynder først den %(day)s. Ret datoen, eller ret aftalen.")
            % {"day": _day(agreement.starts_on)}
        )
    if report.quantity <= 0:
        raise UserError(_("Mængden skal være større end nul."))


def _ask_of_amount(agreement: Agreement, report: DeliveryReport, corrected: Delivery | None = None) -> None:
    """Raises `LooksTooMuch` on far more than was agreed since the delivery before; where nothing was agreed about
    how much, on more than is usual at once."""
    have = agreement.match.have
    tonnes = tonnes_of(report.quantity, _known_unit(report.unit), have.resource_type)
    if report.sure or (corrected and report.quantity <= corrected.quantity and report.unit == corrected.unit):
        return
    due = _agreed_since_last(agreement, report, corrected)
    much = (
        report.quantity > MANY_TIMES * due
        if due is not None
        else (tonnes or 0) > MUCH_AT_ONCE or report.quantity > MUCH_OF_ANY
    )
    if much:
        raise LooksTooMuch(f"{number(report.quantity)} {unit_label(_known_unit(report.unit))}")


def _agreed_since_last(
    agreement: Agreement, report: DeliveryReport, corrected: Delivery | None
) -> Decimal | None:
    """What should have moved since the delivery before, at least one time's worth, in the unit of the report;
    None where it was not agreed, or in a unit that cannot be compared."""
    if agreement.quantity is None or not agreement.unit:
        return None
    node = resource_types().get(agreement.match.have.resource_type)
    once = convert(
        agreement.quantity, agreement.unit, _known_unit(report.unit), density=node.density if node else None
    )
    if once is None or agreement.period == Listing.Period.ONCE:
        return once
    before = agreement.deliveries.filter(on__lt=report.on)
    if corrected:
        before = before.exclude(pk=corrected.pk)
    last = before.order_by("-on").values_list("on", flat=True).first() or agreement.starts_on
    times = Decimal((report.on - last).days) * per_year(1, agreement.period) / 365
    return once * max(times, Decimal(1))


def _earlier(agreement: Agreement, report: DeliveryReport) -> Delivery | None:
    return (
        agreement.deliveries.filter(on=report.on, quantity=report.quantity, unit=_known_unit(report.unit))
        .select_related("reported_by")
        .first()
    )


def _write_report(delivery: Delivery, report: DeliveryReport, user: Any) -> None:
    delivery.on, delivery.quantity, delivery.unit = report.on, report.quantity, _known_unit(report.unit)
    delivery.note = " ".join(clean_text(report.note).split())[:300]
    delivery.tonnes = tonnes_of(report.quantity, delivery.unit, delivery.agreement.match.have.resource_type)
    delivery._history_user = user  # type: ignore[attr-defined]
    delivery.save()


def _in_words(delivery: Delivery) -> str:
    note = f" ({delivery.note})" if delivery.note else ""
    return f"{number(delivery.quantity)} {unit_label(delivery.unit)}, {_day(delivery.on)}{note}"


# Outcomes ---------------------------------------------------------------------------------------


@transaction.atomic
def report_outcome(match: Match, report: OutcomeReport, user: Any) -> Outcome:
    """Record what came of a match, who says so and when. Raises `NotTheirs`, `LooksTooMuch` (unless `report.sure`),
    `UserError`.

    A firm may report about a match it is part of; the office always.
    """
    if not may_report(user, match):
        raise NotTheirs
    if match.stage == Match.Stage.CHOSEN:
        raise UserError(_("De to har ikke hørt om hinanden endnu, så der er intet udbytte at skrive."))
    said_by = " ".join(clean_text(report.said_by).split())[:120]
    if not said_by:
        raise UserError(_("Skriv, hvem der siger det."))
    if report.amount <= 0:
        raise UserError(_("Tallet skal være større end nul."))
    if not EARLIEST <= report.on <= timezone.localdate():
        raise UserError(_("Datoen skal være i dag eller før."))
    much, most = OUTCOMES[report.kind]
    if report.amount > most:
        raise UserError(_("Tallet er for stort til at være rigtigt."))
    if report.amount > much and not report.sure:
        raise LooksTooMuch(f"{number(report.amount)} {Outcome.Kind(report.kind).label}")
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
    _note(match, user, _("Udbytte slettet: %(what)s.") % {"what": words})


def can_be_agreed(match: Match) -> bool:
    """Whether an agreement may be written down now."""
    return match.stage in DELIVERING or Match.Stage.AGREED in NEXT[match.stage]


def _note(match: Match, user: Any, text: str) -> None:
    MatchNote.objects.create(match=match, by=user, text=text[:4000], private=False)


def _day(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")
