# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the market can measure for the plan, each figure with the records behind it.

Every figure takes `branch` (a resource type and everything below it), `kind` (a kind of listing) and `open_only` (leave out what
rests on a confidential listing). A record about a confidential listing never names its parties: a plan is read by
more people than the office's consultants. What cannot be counted is left out and told in `Reading.missing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from brobygger.base.danish import number
from brobygger.base.indicators import Period, Reading, Record, Records, indicator
from brobygger.market.models import Delivery, Listing, Match, MatchNote, Outcome
from brobygger.market.queries import results
from brobygger.market.queries.results import branch_of, deliveries_in, matches_of, outcomes_in
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
Spell = tuple[datetime, datetime | None]
"""From when to when something ran; None: it still does."""
Row = TypeVar("Row")
_WITH_PARTIES = ("giver", "taker", "have", "need")


def _moments(period: Period) -> tuple[datetime, datetime]:
    """The period from its first midnight to the midnight after its last day, Copenhagen time."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(period.start, time.min, tzinfo=zone)
    return first, datetime.combine(period.end + timedelta(days=1), time.min, tzinfo=zone)


# What the figures are computed from --------------------------------------------------------------


def _introduced(period: Period, operator: Any) -> list[tuple[Match, date]]:
    """Matches with the day their two parties were first brought together."""
    first, after = _moments(period)
    matches = (
        matches_of(operator)
        .annotate(introduced_first=Min("notes__at", filter=Q(notes__stage=Stage.INTRODUCED)))
        .filter(introduced_first__gte=first, introduced_first__lt=after)
        .select_related(*_WITH_PARTIES)
        .order_by("introduced_first", "pk")
    )
    return [(match, timezone.localdate(match.introduced_first)) for match in matches]


def _agreed(period: Period, operator: Any) -> list[tuple[Match, date]]:
    """Matches with the day of their first agreement."""
    matches = agreed_in(period, matches_of(operator)).select_related(*_WITH_PARTIES)
    return [(match, match.agreed_first) for match in matches]


def _broken_off(period: Period, operator: Any) -> list[tuple[Match, date]]:
    """Matches that ran and fell through before their time, with the day they did."""
    first, after = _moments(period)
    ran = MatchNote.objects.filter(match=OuterRef("pk"), stage=Stage.RUNNING, at__lte=OuterRef("stage_at"))
    matches = (
        matches_of(operator)
        .filter(Exists(ran), stage=Stage.FELL_THROUGH, stage_at__gte=first, stage_at__lt=after)
        .select_related(*_WITH_PARTIES)
        .order_by("stage_at", "pk")
    )
    return [(match, timezone.localdate(match.stage_at)) for match in matches]


def _deliveries(period: Period, operator: Any) -> list[Delivery]:
    related = [f"agreement__match__{name}" for name in _WITH_PARTIES]
    found = deliveries_in(period, matches_of(operator)).select_related("agreement", *related)
    return list(found.order_by("on", "pk"))


def _outcomes(period: Period, operator: Any) -> list[Outcome]:
    found = outcomes_in(period, matches_of(operator))
    return list(found.select_related(*(f"match__{name}" for name in _WITH_PARTIES)).order_by("on", "pk"))


def _runs(period: Period, operator: Any) -> list[tuple[Match, list[Spell]]]:
    """Matches that have been running at some time, with when. All of them: what ran in a period may have begun long
    before it."""
    running = Q(notes__stage=Stage.RUNNING) | Q(stage=Stage.RUNNING)
    matches = matches_of(operator).filter(running).select_related(*_WITH_PARTIES).distinct()
    notes = MatchNote.objects.filter(match__in=matches.order_by().values("pk")).exclude(stage="")
    changes: dict[Any, list[tuple[datetime, str]]] = {}
    for match_id, at, stage in notes.order_by("at", "pk").values_list("match_id", "at", "stage"):
        changes.setdefault(match_id, []).append((at, stage))
    return [(match, _spells(changes.get(match.pk, []), match)) for match in matches]


# What every figure leaves out -----------------------------------------------------------------------


def _is_secret(match: Match) -> bool:
    """Whether either side is a confidential listing."""
    needs = [match.need] if match.need else []
    return any(listing.visibility == Listing.Visibility.BROKER for listing in (match.have, *needs))


def _wanted(
    rows: Iterable[Row], match_of: Callable[[Row], Match], parameters: Mapping[str, Any]
) -> list[Row]:
    """The rows whose match the figure's parameters ask for."""
    branch, kind = str(parameters.get("branch") or ""), str(parameters.get("kind") or "")
    types = set(branch_of(branch)) if branch else None
    open_only = bool(parameters.get("open_only"))

    def is_wanted(match: Match) -> bool:
        return (
            (types is None or match.have.resource_type in types)
            and (not kind or match.have.kind == kind)
            and not (open_only and _is_secret(match))
        )

    return [row for row in rows if is_wanted(match_of(row))]


def _named(match: Match) -> str:
    """The parties, or that they are confidential."""
    return _("Fortrolig udveksling") if _is_secret(match) else f"{match.giver} → {match.taker}"


def _within(day: date, period: Period) -> bool:
    return period.start <= day <= period.end


# The figures ------------------------------------------------------------------------------------------


def _figure(
    key: str, label: str, unit: str, of: Records
) -> Callable[[Callable[..., Reading]], Callable[..., Reading]]:
    """Publish a figure of the market; every one of them may be narrowed in the same ways."""
    return indicator(f"market.{key}", label=label, unit=unit, parameters=PARAMETERS, of=of)


def _counted(rows: Iterable[tuple[Match, date]], period: Period, parameters: Mapping[str, Any]) -> Reading:
    records = [
        Record(_named(match), day, Decimal(1), match.get_absolute_url())
        for match, day in _wanted(rows, itemgetter(0), parameters)
        if _within(day, period)
    ]
    return Reading(Decimal(len(records)), records)


@_figure(
    "matches_introduced",
    gettext_noop("Virksomheder sat i forbindelse med hinanden (antal match)"),
    "match",
    _introduced,
)
def matches_introduced(rows: Sequence[tuple[Match, date]], period: Period, **parameters: Any) -> Reading:
    """Matches whose two parties were first brought together in the period."""
    return _counted(rows, period, parameters)


@_figure(
    "matches_agreed",
    gettext_noop("Aftaler mellem virksomheder, der er sat i forbindelse (antal match)"),
    "match",
    _agreed,
)
def matches_agreed(rows: Sequence[tuple[Match, date]], period: Period, **parameters: Any) -> Reading:
    """Matches whose first agreement was made in the period; each counts once, whatever becomes of it later."""
    return _counted(rows, period, parameters)


@_figure(
    "matches_broken_off",
    gettext_noop("Udvekslinger, der holdt op før tid (antal match)"),
    "match",
    _broken_off,
)
def matches_broken_off(rows: Sequence[tuple[Match, date]], period: Period, **parameters: Any) -> Reading:
    """Matches that were running and fell through in the period. Those that ended as planned are not among them, nor
    those that never came to anything."""
    return _counted(rows, period, parameters)


Worth = tuple[Decimal | None, str]
"""What a delivery adds to a figure (None: nobody can know) and how that was found."""


def _moved(
    rows: Iterable[Delivery],
    period: Period,
    parameters: Mapping[str, Any],
    worth_of: Callable[[Delivery], Worth],
    why_left_out: str,
) -> Reading:
    """The sum over the deliveries of the period. What cannot be counted is left out and told."""
    records, unknown = [], 0
    for delivery in _wanted(rows, attrgetter("agreement.match"), parameters):
        if not _within(delivery.on, period):
            continue
        amount, how = worth_of(delivery)
        if amount is None:
            unknown += 1
        else:
            records.append(_delivered(delivery, amount, how))
    return _summed(records, _left_out(unknown, why_left_out))


def _delivered(delivery: Delivery, amount: Decimal, how: str) -> Record:
    match = delivery.agreement.match
    quantity = f"{number(delivery.quantity)} {unit_label(delivery.unit)}"
    label = ", ".join(part for part in (_named(match), quantity, how) if part)
    return Record(label, delivery.on, amount, match.get_absolute_url())


def _summed(records: list[Record], missing: str) -> Reading:
    return Reading(sum((record.amount for record in records), Decimal(0)), records, missing)


def _left_out(count: int, why: str) -> str:
    if not count:
        return ""
    told = ngettext("%(count)s leverance er ikke med", "%(count)s leverancer er ikke med", count)
    return f"{told % {'count': number(count)}}, {why}."


def _value(delivery: Delivery) -> results.Value:
    agreement = delivery.agreement
    return results.value_of(
        delivery.quantity,
        delivery.unit,
        delivery.tonnes,
        price=agreement.price,
        priced_unit=agreement.unit,
        resource_type=agreement.match.have.resource_type,
        known=results.factors_of(agreement.match),
    )


@_figure("tonnes", gettext_noop("Tons leveret mellem virksomheder"), "tons", _deliveries)
def tonnes(rows: Sequence[Delivery], period: Period, **parameters: Any) -> Reading:
    """Tonnes of the deliveries in the period."""
    why = _("fordi de ikke kan regnes om til tons")
    return _moved(rows, period, parameters, lambda delivery: (delivery.tonnes, ""), why)


@_figure("co2e", gettext_noop("CO2e sparet ved leverancer, beregnet"), "tons CO2e", _deliveries)
def co2e(rows: Sequence[Delivery], period: Period, **parameters: Any) -> Reading:
    """Tonnes of CO2e avoided: delivered tonnes times the shipped factor of the resource type in that use, with its source."""

    def saved(delivery: Delivery) -> Worth:
        kilos = _value(delivery).co2e_kg
        return (None if kilos is None else kilos / KILO), ""

    return _moved(
        rows, period, parameters, saved, _("fordi der ikke er en CO2-faktor med kilde for den brug")
    )


@_figure("dkk_computed", gettext_noop("Værdi af leverancer, beregnet"), "kr.", _deliveries)
def dkk_computed(rows: Sequence[Delivery], period: Period, **parameters: Any) -> Reading:
    """Kroner: delivered quantity times the agreed price where there is one, else tonnes times the shipped factor."""
    hows = {results.BY_PRICE: _("efter aftalt pris"), results.BY_FACTOR: _("efter faktor")}

    def worth(delivery: Delivery) -> Worth:
        value = _value(delivery)
        return value.dkk, hows.get(value.how, "")

    return _moved(rows, period, parameters, worth, _("fordi hverken pris eller faktor er kendt"))


def _told(outcome: Outcome, divisor: int) -> Record:
    match = outcome.match
    label = _named(match)
    if not _is_secret(match):
        label = _("%(who)s, oplyst af %(said_by)s") % {"who": label, "said_by": outcome.said_by}
    return Record(label, outcome.on, outcome.amount / divisor, match.get_absolute_url())


def _reported(key: str, label: str, unit: str, kind: str, divisor: int = 1) -> None:
    """Publish what somebody said came of matches, in one kind of outcome. Never to be added to what is computed."""

    @_figure(key, label, unit, _outcomes)
    def reported(rows: Sequence[Outcome], period: Period, **parameters: Any) -> Reading:
        found = _wanted(rows, attrgetter("match"), parameters)
        return _summed(
            [_told(row, divisor) for row in found if row.kind == kind and _within(row.on, period)], ""
        )


_reported("dkk", gettext_noop("Udbytte i kroner, som virksomhederne oplyser"), "kr.", Outcome.Kind.DKK)
_reported(
    "co2e_reported",
    gettext_noop("CO2e sparet, som virksomhederne oplyser"),
    "tons CO2e",
    Outcome.Kind.CO2E,
    1000,
)
_reported(
    "jobs", gettext_noop("Arbejdspladser, som virksomhederne oplyser"), "arbejdspladser", Outcome.Kind.JOBS
)
_reported("hours", gettext_noop("Timer, som virksomhederne oplyser"), "timer", Outcome.Kind.HOURS)
_reported(
    "tonnes_reported",
    gettext_noop("Tons ud over leverancerne, som virksomhederne oplyser"),
    "tons",
    Outcome.Kind.TONNES,
)


@_figure("firms", gettext_noop("Virksomheder med en udveksling i gang"), "virksomheder", _runs)
def firms(rows: Sequence[tuple[Match, list[Spell]]], period: Period, **parameters: Any) -> Reading:
    """Distinct organisations with a match that was running at some time in the period. Each counts once."""
    found: dict[int, Record] = {}
    for match, day in sorted(_running(_wanted(rows, itemgetter(0), parameters), period), key=itemgetter(1)):
        for organisation in (match.giver, match.taker):
            label = _("Fortrolig virksomhed") if _is_secret(match) else organisation.name
            found.setdefault(organisation.pk, Record(label, day, Decimal(1), match.get_absolute_url()))
    return Reading(Decimal(len(found)), list(found.values()))


def _running(rows: Iterable[tuple[Match, list[Spell]]], period: Period) -> Iterator[tuple[Match, date]]:
    """Matches that ran in the period, with the day it began (the first day of the period at the earliest)."""
    first, after = _moments(period)
    for match, spells in rows:
        starts = [
            max(start, first) for start, end in spells if start < after and (end is None or end >= first)
        ]
        if starts:
            yield match, timezone.localdate(min(starts))


def _spells(changes: list[tuple[datetime, str]], match: Match) -> list[Spell]:
    """From when to when a match was running, read from its changes of stage."""
    if not any(stage == Stage.RUNNING for _at, stage in changes):
        return [(match.stage_at, None)] if match.stage == Stage.RUNNING else []
    ends = [at for at, _stage in changes[1:]] + [None]
    return [(start, end) for (start, stage), end in zip(changes, ends, strict=True) if stage == Stage.RUNNING]
