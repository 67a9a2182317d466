# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the market can measure for the plan, each figure with the records behind it.

Every figure takes `branch` (a resource type and everything below it), `kind` (a kind of listing) and `open_only` (leave out what
rests on a confidential listing). A record about a confidential listing never names its parties: a plan is read by
more people than the office's consultants. What cannot be counted is left out and told in `Reading.missing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from brobygger.base.danish import number
from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.market.models import Delivery, Listing, Match, MatchNote, Outcome
from brobygger.market.queries import results
from brobygger.market.queries.results import deliveries_in, matches_of, outcomes_in
from brobygger.market.queries.worklist import agreed_in
from brobygger.market.wording import unit_label

Stage = Match.Stage
PARAMETERS = {
    "branch": gettext_noop("Kun denne ressourcetype og alt under den (id i ressourcetræet)"),
    "kind": gettext_noop(
        "Kun denne slags: residue, material, equipment, premises, land, competence, labour …"
    ),
    "open_only": gettext_noop("Sand: udelad det, der hviler på fortrolige tilbud og behov"),
}
"""Parameter → what it does, for the person who sets a goal."""
KILO = Decimal(1000)


def _matches(operator: Any, parameters: dict[str, Any]) -> QuerySet[Match]:
    return matches_of(
        operator,
        branch=str(parameters.get("branch") or ""),
        kind=str(parameters.get("kind") or ""),
        open_only=bool(parameters.get("open_only")),
    )


def _named(match: Match) -> str:
    """The parties, or that they are confidential."""
    needs = [match.need] if match.need else []
    if any(listing.visibility == Listing.Visibility.BROKER for listing in (match.have, *needs)):
        return _("Fortrolig udveksling")
    return f"{match.giver} → {match.taker}"


_WITH_PARTIES = ("giver", "taker", "have", "need")


def _counted(matches: Iterable[tuple[Match, date]]) -> Reading:
    records = [Record(_named(match), day, Decimal(1), match.get_absolute_url()) for match, day in matches]
    return Reading(Decimal(len(records)), records)


def _moments(period: Period) -> tuple[datetime, datetime]:
    """The period from its first midnight to the midnight after its last day, Copenhagen time."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(period.start, time.min, tzinfo=zone)
    return first, datetime.combine(period.end + timedelta(days=1), time.min, tzinfo=zone)


@indicator(
    "market.matches_introduced",
    label=gettext_noop("Virksomheder sat i forbindelse med hinanden (antal match)"),
    unit="match",
    parameters=PARAMETERS,
)
def matches_introduced(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Matches whose two parties were first brought together in the period."""
    first, after = _moments(period)
    matches = (
        _matches(operator, parameters)
        .annotate(introduced_first=Min("notes__at", filter=Q(notes__stage=Stage.INTRODUCED)))
        .filter(introduced_first__gte=first, introduced_first__lt=after)
        .select_related(*_WITH_PARTIES)
        .order_by("introduced_first", "pk")
    )
    return _counted((match, timezone.localdate(match.introduced_first)) for match in matches)


@indicator(
    "market.matches_agreed",
    label=gettext_noop("Aftaler mellem virksomheder, der er sat i forbindelse (antal match)"),
    unit="match",
    parameters=PARAMETERS,
)
def matches_agreed(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Matches whose first agreement was made in the period; each counts once, whatever becomes of it later."""
    matches = agreed_in(period, _matches(operator, parameters)).select_related(*_WITH_PARTIES)
    return _counted((match, match.agreed_first) for match in matches)


def _deliveries(period: Period, operator: Any, parameters: dict[str, Any]) -> QuerySet[Delivery]:
    related = [f"agreement__match__{name}" for name in _WITH_PARTIES]
    return (
        deliveries_in(period, _matches(operator, parameters))
        .select_related("agreement", *related)
        .order_by("on", "pk")
    )


def _delivered(delivery: Delivery, amount: Decimal, how: str = "") -> Record:
    match = delivery.agreement.match
    quantity = f"{number(delivery.quantity)} {unit_label(delivery.unit)}"
    label = ", ".join(part for part in (_named(match), quantity, how) if part)
    return Record(label, delivery.on, amount, match.get_absolute_url())


def _value(delivery: Delivery) -> results.Value:
    agreement = delivery.agreement
    return results.value_of(
        delivery.quantity,
        delivery.unit,
        delivery.tonnes,
        price=agreement.price,
        priced_unit=agreement.unit,
        resource_type=agreement.match.have.resource_type,
    )


def _summed(records: list[Record], missing: str) -> Reading:
    return Reading(sum((record.amount for record in records), Decimal(0)), records, missing)


@indicator(
    "market.tonnes", label=gettext_noop("Tons leveret mellem virksomheder"), unit="t", parameters=PARAMETERS
)
def tonnes(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Tonnes of the deliveries in the period. Deliveries that cannot be weighed are left out and told."""
    records, unknown = [], 0
    for delivery in _deliveries(period, operator, parameters):
        if delivery.tonnes is None:
            unknown += 1
        else:
            records.append(_delivered(delivery, delivery.tonnes))
    return _summed(records, _left_out(unknown, _("fordi de ikke kan regnes om til tons")))


@indicator(
    "market.co2e",
    label=gettext_noop("CO2e sparet ved leverancer, beregnet"),
    unit="t CO2e",
    parameters=PARAMETERS,
)
def co2e(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Tonnes of CO2e avoided: delivered tonnes times the shipped factor of the resource type, with its source."""
    records, unknown = [], 0
    for delivery in _deliveries(period, operator, parameters):
        saved = _value(delivery).co2e_kg
        if saved is None:
            unknown += 1
        else:
            records.append(_delivered(delivery, saved / KILO))
    return _summed(records, _left_out(unknown, _("fordi der ikke er en CO2-faktor med kilde for dem")))


@indicator(
    "market.dkk_computed",
    label=gettext_noop("Værdi af leverancer, beregnet"),
    unit="kr.",
    parameters=PARAMETERS,
)
def dkk_computed(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Kroner: delivered quantity times the agreed price where there is one, else tonnes times the shipped factor."""
    hows = {results.BY_PRICE: _("efter aftalt pris"), results.BY_FACTOR: _("efter faktor")}
    records, unknown = [], 0
    for delivery in _deliveries(period, operator, parameters):
        value = _value(delivery)
        if value.dkk is None:
            unknown += 1
        else:
            records.append(_delivered(delivery, value.dkk, hows[value.how]))
    return _summed(records, _left_out(unknown, _("fordi hverken pris eller faktor er kendt")))


def _left_out(count: int, why: str) -> str:
    if not count:
        return ""
    told = ngettext("%(count)s leverance er ikke med", "%(count)s leverancer er ikke med", count)
    return f"{told % {'count': number(count)}}, {why}."


def _reported(
    period: Period, operator: Any, parameters: dict[str, Any], kind: str, divisor: int = 1
) -> Reading:
    outcomes = (
        outcomes_in(period, _matches(operator, parameters), kind)
        .select_related(*(f"match__{name}" for name in _WITH_PARTIES))
        .order_by("on", "pk")
    )
    return _summed([_told(outcome, divisor) for outcome in outcomes], "")


def _told(outcome: Outcome, divisor: int) -> Record:
    match = outcome.match
    named = _named(match)
    secret = named == _("Fortrolig udveksling")
    label = (
        named if secret else _("%(who)s, oplyst af %(said_by)s") % {"who": named, "said_by": outcome.said_by}
    )
    return Record(label, outcome.on, outcome.amount / divisor, match.get_absolute_url())


@indicator(
    "market.dkk",
    label=gettext_noop("Udbytte i kroner, som virksomhederne oplyser"),
    unit="kr.",
    parameters=PARAMETERS,
)
def dkk(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Kroner that somebody said came of matches. The computed value of deliveries is another figure."""
    return _reported(period, operator, parameters, Outcome.Kind.DKK)


@indicator(
    "market.co2e_reported",
    label=gettext_noop("CO2e sparet, som virksomhederne oplyser"),
    unit="t CO2e",
    parameters=PARAMETERS,
)
def co2e_reported(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Tonnes of CO2e that somebody said were saved. Not to be added to `market.co2e`."""
    return _reported(period, operator, parameters, Outcome.Kind.CO2E, divisor=1000)


@indicator(
    "market.jobs",
    label=gettext_noop("Arbejdspladser, som virksomhederne oplyser"),
    unit="arbejdspladser",
    parameters=PARAMETERS,
)
def jobs(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Jobs that somebody said came of matches."""
    return _reported(period, operator, parameters, Outcome.Kind.JOBS)


@indicator(
    "market.hours",
    label=gettext_noop("Timer, som virksomhederne oplyser"),
    unit="timer",
    parameters=PARAMETERS,
)
def hours(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Hours that somebody said were worked or saved in matches."""
    return _reported(period, operator, parameters, Outcome.Kind.HOURS)


@indicator(
    "market.tonnes_reported",
    label=gettext_noop("Tons ud over leverancerne, som virksomhederne oplyser"),
    unit="t",
    parameters=PARAMETERS,
)
def tonnes_reported(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Tonnes that somebody said moved outside the reported deliveries."""
    return _reported(period, operator, parameters, Outcome.Kind.TONNES)


@indicator(
    "market.firms",
    label=gettext_noop("Virksomheder med en udveksling i gang"),
    unit="virksomheder",
    parameters=PARAMETERS,
)
def firms(period: Period, operator: Any, **parameters: Any) -> Reading:
    """Distinct organisations with a match that was running at some time in the period. Each counts once."""
    found: dict[int, Record] = {}
    for match, day in sorted(_running(period, operator, parameters), key=lambda pair: pair[1]):
        secret = _named(match) == _("Fortrolig udveksling")
        for organisation in (match.giver, match.taker):
            label = _("Fortrolig virksomhed") if secret else organisation.name
            found.setdefault(organisation.pk, Record(label, day, Decimal(1), match.get_absolute_url()))
    return Reading(Decimal(len(found)), list(found.values()))


def _running(period: Period, operator: Any, parameters: dict[str, Any]) -> list[tuple[Match, date]]:
    """Matches that were running in the period, with the day it began (the first day of the period at the earliest)."""
    first, after = _moments(period)
    matches = _matches(operator, parameters).filter(Q(notes__stage=Stage.RUNNING) | Q(stage=Stage.RUNNING))
    found = {match.pk: match for match in matches.select_related(*_WITH_PARTIES).distinct()}
    changes: dict[Any, list[tuple[datetime, str]]] = {}
    notes = MatchNote.objects.filter(match__in=list(found)).exclude(stage="").order_by("at", "pk")
    for match_id, at, stage in notes.values_list("match_id", "at", "stage"):
        changes.setdefault(match_id, []).append((at, stage))
    out = []
    for pk, match in found.items():
        spells = _spells(changes.get(pk, []), match)
        starts = [
            max(start, first) for start, end in spells if start < after and (end is None or end >= first)
        ]
        if starts:
            out.append((match, timezone.localdate(min(starts))))
    return out


def _spells(changes: list[tuple[datetime, str]], match: Match) -> list[tuple[datetime, datetime | None]]:
    """From when to when a match was running, read from its changes of stage."""
    if not any(stage == Stage.RUNNING for _at, stage in changes):
        return [(match.stage_at, None)] if match.stage == Stage.RUNNING else []
    ends = [at for at, _stage in changes[1:]] + [None]
    return [(start, end) for (start, stage), end in zip(changes, ends, strict=True) if stage == Stage.RUNNING]
