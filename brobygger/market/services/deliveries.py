# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What really moved under an agreement: reported by the office or by the firms themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.base.errors import IsItRight, UserError
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.engine.units import convert, per_year
from brobygger.knowledge import resource_types
from brobygger.market.models import Agreement, Delivery, Listing, Match
from brobygger.market.services.matches import NotTheirs, acts_for, enter_because, is_office
from brobygger.market.services.matching.permits import check_may_receive
from brobygger.market.services.reporting import (
    DELIVERING,
    MANY_TIMES,
    MUCH_OF_ANY,
    LooksLikeAnotherDay,
    LooksTooMuch,
    known_unit,
    may_report,
    on_timeline,
    tonnes_of,
    written_day,
)
from brobygger.market.wording import unit_label

MUCH_AT_ONCE = Decimal(10_000)
"""Tonnes of a delivery that are asked about where nothing was agreed about how much."""


class LooksLikeDuplicate(IsItRight):
    """The same weight on the same day was reported already, or somebody else has reported that day: the load that one side
    sends is the load that the other receives. `earlier` is that delivery."""

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


class NotDelivering(UserError):
    """Deliveries need an agreement that was not called off."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a person typed about a delivery. `again`: it is one more, although it looks like an earlier one. `sure`:
    it is so much, although it is far more than agreed. `day_sure`: it was that day, although the agreement was over."""

    on: date
    quantity: Decimal
    unit: str
    note: str = ""
    again: bool = False
    sure: bool = False
    day_sure: bool = False


def is_delivering(match: Match) -> bool:
    """Whether deliveries may be reported: under what was agreed, and late also where something moved before it fell
    through."""
    fell = match.stage == Match.Stage.FELL_THROUGH
    return match.stage in DELIVERING or (fell and Delivery.objects.filter(agreement__match=match).exists())


@transaction.atomic
def report_delivery(agreement: Agreement, report: DeliveryReport, user: Any) -> Delivery:
    """Report what moved; the first delivery sets an agreed match running.

    Raises `NotTheirs`, `NotDelivering`, `NeedsPermit`, `LooksTooMuch` (unless `report.sure`), `LooksLikeAnotherDay` (unless
    `report.day_sure`), `LooksLikeDuplicate` (unless `report.again`), and `UserError` on a date in the future or before the agreement, a quantity that is not above
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
    _ask_of_day(agreement, report)
    if not report.again and (earlier := _earlier(agreement, report, user)):
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
    if report.on != delivery.on:
        _ask_of_day(delivery.agreement, report)
    claim(delivery, version)
    before = _in_words(delivery)
    _write_report(delivery, report, user)
    if before != _in_words(delivery):
        on_timeline(
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
    on_timeline(match, user, _("Leverance slettet: %(what)s.") % {"what": words})


def has_moved(listing: Listing) -> bool:
    """Whether anything of what the listing offers has been delivered."""
    return Delivery.objects.filter(agreement__match__have=listing).exists()


def weigh_again(listing: Listing, user: Any) -> None:
    """What the listing offers turned out to be another thing: tonnes that come from its density are reckoned anew, and the
    timeline of the match says so. The caller has a transaction. Raises `UserError` where they come to more than can be true.
    """
    matches: dict[Any, Match] = {}
    for delivery in Delivery.objects.filter(agreement__match__have=listing).select_related(
        "agreement__match"
    ):
        tonnes = tonnes_of(delivery.quantity, delivery.unit, listing.resource_type)
        if tonnes == delivery.tonnes:
            continue
        delivery.tonnes = tonnes
        delivery.version += 1  # whoever has the delivery open is told
        delivery._history_user = user  # type: ignore[attr-defined]
        delivery.save()
        matches[delivery.agreement.match_id] = delivery.agreement.match
    for match in matches.values():
        on_timeline(
            match, user, _("Leverancernes vægt er regnet om: det er en anden slags end først skrevet.")
        )


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
            _("Aftalen begynder først den %(day)s. Ret datoen, eller få aftalen rettet.")
            % {"day": written_day(agreement.starts_on)}
        )
    if report.quantity <= 0:
        raise UserError(_("Mængden skal være større end nul."))


def _ask_of_amount(agreement: Agreement, report: DeliveryReport, corrected: Delivery | None = None) -> None:
    """Raises `LooksTooMuch` on far more than was agreed since the delivery before; where nothing was agreed about
    how much, on more than is usual at once."""
    have = agreement.match.have
    tonnes = tonnes_of(report.quantity, known_unit(report.unit), have.resource_type)
    if report.sure or (corrected and report.quantity <= corrected.quantity and report.unit == corrected.unit):
        return
    due = _agreed_since_last(agreement, report, corrected)
    much = (
        report.quantity > MANY_TIMES * due
        if due is not None
        else (tonnes or 0) > MUCH_AT_ONCE or report.quantity > MUCH_OF_ANY
    )
    if much:
        raise LooksTooMuch(f"{number(report.quantity)} {unit_label(known_unit(report.unit))}")


def _ask_of_day(agreement: Agreement, report: DeliveryReport) -> None:
    """Raises `LooksLikeAnotherDay` on a day when the agreement was over."""
    if agreement.ends_on is not None and report.on > agreement.ends_on and not report.day_sure:
        raise LooksLikeAnotherDay(
            _("Aftalen holdt op den %(day)s.") % {"day": written_day(agreement.ends_on)}
        )


def _agreed_since_last(
    agreement: Agreement, report: DeliveryReport, corrected: Delivery | None
) -> Decimal | None:
    """What should have moved since the delivery before, at least one time's worth, in the unit of the report;
    None where it was not agreed, or in a unit that cannot be compared."""
    if agreement.quantity is None or not agreement.unit:
        return None
    node = resource_types().get(agreement.match.have.resource_type)
    once = convert(
        agreement.quantity, agreement.unit, known_unit(report.unit), density=node.density if node else None
    )
    if once is None or agreement.period == Listing.Period.ONCE:
        return once
    before = agreement.deliveries.filter(on__lt=report.on)
    if corrected:
        before = before.exclude(pk=corrected.pk)
    last = before.order_by("-on").values_list("on", flat=True).first() or agreement.starts_on
    times = Decimal((report.on - last).days) * per_year(1, agreement.period) / 365
    return once * max(times, Decimal(1))


def _earlier(agreement: Agreement, report: DeliveryReport, user: Any) -> Delivery | None:
    unit = known_unit(report.unit)
    tonnes = tonnes_of(report.quantity, unit, agreement.match.have.resource_type)
    same = Q(quantity=report.quantity, unit=unit)
    if tonnes is not None:
        same |= Q(tonnes=tonnes)
    by_another = Q(reported_by=None) | ~Q(reported_by=user)
    that_day = Delivery.objects.filter(agreement__match=agreement.match_id, on=report.on)
    return that_day.filter(same | by_another).select_related("reported_by").first()


def _write_report(delivery: Delivery, report: DeliveryReport, user: Any) -> None:
    delivery.on, delivery.quantity, delivery.unit = report.on, report.quantity, known_unit(report.unit)
    delivery.note = " ".join(clean_text(report.note).split())[:300]
    delivery.tonnes = tonnes_of(report.quantity, delivery.unit, delivery.agreement.match.have.resource_type)
    delivery._history_user = user  # type: ignore[attr-defined]
    delivery.save()


def _in_words(delivery: Delivery) -> str:
    note = f" ({delivery.note})" if delivery.note else ""
    return f"{number(delivery.quantity)} {unit_label(delivery.unit)}, {written_day(delivery.on)}{note}"
