# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the dialogue can count for the plan: talks, visits, mayor's visits, firms talked with, and the portfolio's share.

The result contract in case 4 of the catalogue of good practice counts 175 entrepreneurs and 230 established firms a year, in two municipalities. A
record says which kind of talk and where, never with whom: a plan is read by more people than the office's consultants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from brobygger.base.danish import join, number
from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.dialogue.models import Interaction, PortfolioFirm
from brobygger.dialogue.models.interaction import TALKS, VISITS
from brobygger.dialogue.queries.visits import interval_days, settings_of
from brobygger.dialogue.readiness import back
from brobygger.knowledge.geography import municipality as municipality_of

ENTREPRENEUR_YEARS = 3
"""A firm is an entrepreneur's for so many years after its start. The case does not say; our own choice."""
MUNICIPALITY = {
    "municipality": gettext_noop("Kun virksomheder i denne kommune (kode på fire cifre, fx 0350)")
}
KIND = {"kind": gettext_noop("Kun denne art: call, meeting, visit eller mayor_visit")}
GROUP = {
    "group": gettext_noop(
        "start: kun virksomheder, der er højst tre år gamle den dag; established: kun de ældre"
    )
}


@dataclass(frozen=True, slots=True)
class With:
    """A firm that a talk was with."""

    key: int
    municipality: str
    founded_on: date | None


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk on a day, with the firms."""

    key: int
    kind: str
    on: date
    firms: tuple[With, ...]


def _talks(period: Period, operator: Any) -> list[Talk]:
    """Talks of the period, the earliest first. Two questions to the database."""
    rows = Interaction.objects.filter(
        operator=operator, kind__in=sorted(TALKS), on__range=(period.start, period.end)
    )
    links = Interaction.organisations.through.objects.filter(interaction__in=rows.order_by().values("pk"))
    firms: dict[int, list[With]] = defaultdict(list)
    for talk, key, where, founded in links.values_list(
        "interaction_id", "organisation_id", "organisation__municipality_code", "organisation__founded_on"
    ):
        firms[talk].append(With(key, where, founded))
    listed = rows.order_by("on", "pk").values_list("pk", "kind", "on")
    return [Talk(key, kind, on, tuple(firms[key])) for key, kind, on in listed]


def _wanted(
    rows: Iterable[Talk], period: Period, kinds: frozenset[Any], parameters: dict[str, Any]
) -> list[Talk]:
    """Talks of the kinds in the period with at least one firm that the parameters ask for; only those firms."""
    kind, group = str(parameters.get("kind") or ""), str(parameters.get("group") or "")
    where = str(parameters.get("municipality") or "")
    found = []
    for talk in rows:
        right_kind = talk.kind in kinds and kind in ("", talk.kind)
        if not (right_kind and period.start <= talk.on <= period.end):
            continue
        firms = [
            firm
            for firm in talk.firms
            if where in ("", firm.municipality) and _in_group(firm, talk.on, group)
        ]
        if firms or not (where or group):
            found.append(Talk(talk.key, talk.kind, talk.on, tuple(firms)))
    return found


def _in_group(firm: With, on: date, group: str) -> bool:
    """Whether the firm was an entrepreneur's, or established, on the day. One of unknown age is established."""
    if not group:
        return True
    young = firm.founded_on is not None and firm.founded_on > back(on, 12 * ENTREPRENEUR_YEARS)
    return young if group == "start" else not young


def _record(talk: Talk) -> Record:
    word = str(Interaction.Kind(talk.kind).label)
    return Record(
        _where(word, talk.firms), talk.on, Decimal(1), reverse("dialogue:interaction", args=[talk.key])
    )


def _where(word: str, firms: Sequence[With]) -> str:
    codes = sorted({firm.municipality for firm in firms if firm.municipality})
    names = [found.name for code in codes if (found := municipality_of(code))]
    return f"{word}, {join(names)}" if names else word


def _counted(
    rows: Iterable[Talk], period: Period, kinds: frozenset[Any], parameters: dict[str, Any]
) -> Reading:
    records = [_record(talk) for talk in _wanted(rows, period, kinds, parameters)]
    return Reading(Decimal(len(records)), records)


@indicator(
    "dialogue.talks", label=gettext_noop("Samtaler med virksomheder"), unit="samtaler",
    parameters=KIND | MUNICIPALITY | GROUP, of=_talks,
)  # fmt: skip
def talks(rows: Sequence[Talk], period: Period, **parameters: Any) -> Reading:
    """Calls, meetings and visits of the period. A talk with three firms is one talk."""
    return _counted(rows, period, frozenset(TALKS), parameters)


@indicator(
    "dialogue.visits", label=gettext_noop("Besøg hos virksomheder"), unit="besøg",
    parameters=MUNICIPALITY | GROUP, of=_talks,
)  # fmt: skip
def visits(rows: Sequence[Talk], period: Period, **parameters: Any) -> Reading:
    """Visits of the period, the mayor's among them (catalogue of good practice, case 2: about 400 a year)."""
    return _counted(rows, period, frozenset(VISITS), parameters)


@indicator(
    "dialogue.mayor_visits", label=gettext_noop("Borgmesterbesøg"), unit="besøg",
    parameters=MUNICIPALITY, of=_talks,
)  # fmt: skip
def mayor_visits(rows: Sequence[Talk], period: Period, **parameters: Any) -> Reading:
    """The mayor's visits of the period (001: six a year)."""
    return _counted(rows, period, frozenset({Interaction.Kind.MAYOR_VISIT}), parameters)


@indicator(
    "dialogue.firms", label=gettext_noop("Virksomheder, vi har talt med"), unit="virksomheder",
    parameters=KIND | MUNICIPALITY | GROUP, of=_talks,
)  # fmt: skip
def firms(rows: Sequence[Talk], period: Period, **parameters: Any) -> Reading:
    """Distinct firms talked with in the period; each counts once, on the day of the first talk."""
    found: dict[int, Record] = {}
    for talk in _wanted(rows, period, frozenset(TALKS), parameters):
        for firm in talk.firms:
            label = _where(_("Virksomhed"), [firm])
            url = reverse("dialogue:interaction", args=[talk.key])
            found.setdefault(firm.key, Record(label, talk.on, Decimal(1), url))
    return Reading(Decimal(len(found)), list(found.values()))


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The firms in it now (key, municipality), and their talks (firm, day, key), the oldest first."""

    members: list[tuple[int, str]]
    talks: list[tuple[int, date, int]]
    interval: int
    """Days between two talks, as the office has settled."""


def _portfolio(span: Period, operator: Any) -> list[Portfolio]:
    firms = PortfolioFirm.objects.filter(operator=operator)
    talks = Interaction.organisations.through.objects.filter(
        organisation__in=firms.values("organisation_id"),
        interaction__kind__in=sorted(TALKS),
        interaction__on__lte=span.end,
    ).order_by("interaction__on", "interaction_id")
    return [
        Portfolio(
            list(firms.values_list("organisation_id", "organisation__municipality_code")),
            list(talks.values_list("organisation_id", "interaction__on", "interaction_id")),
            interval_days(settings_of(operator)),
        )
    ]


@indicator(
    "dialogue.portfolio_reached",
    label=gettext_noop("Andel af porteføljen, der har haft en samtale inden for den aftalte tid"),
    unit="%",
    parameters={
        **MUNICIPALITY,
        "months": gettext_noop("Inden for så mange måneder; ellers kontorets eget tal (36 fra start)"),
    },
    of=_portfolio,
)
def portfolio_reached(rows: Sequence[Portfolio], period: Period, **parameters: Any) -> Reading:
    """Of the firms that are in the portfolio now, the share talked with in the months up to the end of the period."""
    portfolio = rows[0]
    where = str(parameters.get("municipality") or "")
    members = {firm: code for firm, code in portfolio.members if not where or code == where}
    count = len(members)
    if not count:
        return Reading(None, [])
    months = parameters.get("months")
    since = back(period.end, int(months)) if months else period.end - timedelta(days=portfolio.interval)
    last: dict[int, Record] = {}
    for firm, on, talk in portfolio.talks:
        if firm in members and since < on <= period.end:
            label = _where(_("Virksomhed"), [With(firm, members[firm], None)])
            last[firm] = Record(label, on, Decimal(1), reverse("dialogue:interaction", args=[talk]))
    share = (Decimal(100 * len(last)) / count).quantize(Decimal("0.1"))
    left = count - len(last)
    missing = (
        ngettext(
            "%(count)s virksomhed i porteføljen har ikke haft en samtale.",
            "%(count)s virksomheder i porteføljen har ikke haft en samtale.",
            left,
        )
        % {"count": number(left)}
        if left
        else ""
    )
    return Reading(share, list(last.values()), missing)
