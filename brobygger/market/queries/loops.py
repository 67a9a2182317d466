# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closed loops and chains among the current listings, found by the engine and valued link by link.

An organisation is one node: what it needs leads to what it has, through its own production. A link is a suggestion
or a chosen pair. What moves differs from link to link (eggs one way, carrot tops the other), so a path's worth is
the sum of its links' own, and links whose worth nobody knows are counted, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from brobygger.accounts.models import Operator
from brobygger.engine.loops import chains as engine_chains
from brobygger.engine.loops import loops as engine_loops
from brobygger.knowledge import load
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.queries.suggestions import of_office
from brobygger.register.models import Tag

LONGEST = 5
MOST_LINKS = 4000
"""Of the strongest suggestions; beyond it a picture says nothing."""
MOST_SHOWN = 10
LOOKED_AT = 400
"""So many of the engine's best paths are looked through for those that tell something new."""
_FIELDS = (
    "pk", "score", "process", "tonnes_year", "dkk_year", "co2e_kg_year", "state",
    "have__organisation_id", "have__organisation__name", "have__resource_type", "have__text", "have__visibility",
    "need__organisation_id", "need__organisation__name", "need__visibility",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """Something that goes, or could go, from one organisation to another. `match`: where that is the page to see."""

    suggestion: UUID | None
    giver: int
    giver_name: str
    taker: int
    taker_name: str
    what: str
    process: str
    score: float
    tonnes: Decimal | None
    dkk: Decimal | None
    co2e_kg: Decimal | None
    chosen: bool
    confidential: bool
    match: UUID | None = None

    @property
    def url(self) -> str:
        if self.match is not None:
            return reverse("market:match", args=[self.match])
        return reverse("market:suggestion", args=[self.suggestion]) if self.suggestion else ""


@dataclass(frozen=True, slots=True)
class Path:
    """A closed loop, or an open chain, of links."""

    links: tuple[Link, ...]
    closed: bool

    @property
    def stops(self) -> list[str]:
        """The organisations on the way; a loop ends where it began."""
        return [self.links[0].giver_name, *(link.taker_name for link in self.links)]

    @property
    def dkk(self) -> Decimal | None:
        return _sum(link.dkk for link in self.links)

    @property
    def tonnes(self) -> Decimal | None:
        return _sum(link.tonnes for link in self.links)

    @property
    def co2e_kg(self) -> Decimal | None:
        return _sum(link.co2e_kg for link in self.links)

    @property
    def dkk_known(self) -> int:
        return sum(link.dkk is not None for link in self.links)

    @property
    def co2e_known(self) -> int:
        return sum(link.co2e_kg is not None for link in self.links)

    @property
    def kind(self) -> tuple[str, ...]:
        """The things that move, in their order; of a loop wherever one begins."""
        things = [link.what for link in self.links]
        turned = [tuple(things[at:] + things[:at]) for at in range(len(things) if self.closed else 1)]
        return min(turned)

    @property
    def weakest(self) -> float:
        """The score of the least obvious link: the path is no surer than that."""
        return min(link.score for link in self.links)

    @property
    def confidential(self) -> bool:
        return any(link.confidential for link in self.links)


@dataclass(frozen=True, slots=True)
class Paths:
    """What was found, the most valuable first."""

    loops: list[Path]
    chains: list[Path]
    links: int


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def find_paths(operator: Operator, least: float = 0.3, tag: Tag | None = None) -> Paths:
    """Loops and chains of up to five links for the operator's consultants. `tag`: only among those that bear it."""
    links = best_links(_current(operator, least, tag))
    edges = [(str(giver), str(taker), _rank_value(link), 1.0) for (giver, taker), link in links.items()]
    if not edges:
        return Paths([], [], 0)
    closed = [
        Path(_links(links, [*found.nodes, found.nodes[0]]), True)
        for found in engine_loops(edges, LONGEST, LOOKED_AT)
    ]
    closed = each_kind_first(closed)
    open_ = [Path(_links(links, found.nodes), False) for found in engine_chains(edges, LONGEST, LOOKED_AT)]
    return Paths(closed, _telling(open_, closed), len(links))


def _current(operator: Operator, least: float, tag: Tag | None) -> QuerySet[Suggestion]:
    """Pairs that are proposed or chosen and not over, the most obvious first."""
    rows = of_office(operator).filter(
        Q(state__in=[Suggestion.State.NEW, Suggestion.State.PUT_OFF])
        | Q(state=Suggestion.State.ACCEPTED, match__stage__in=_LIVING_STAGES),
        kind=Suggestion.Kind.PAIR,
        score__gte=least,
    )
    if tag is not None:
        members = tag.organisations.values("pk")
        rows = rows.filter(have__organisation__in=members, need__organisation__in=members)
    return rows.order_by("-score", "pk")


_LIVING_STAGES = [stage for stage in Match.Stage.values if stage not in Match.OVER]


def best_links(rows: QuerySet[Suggestion]) -> dict[tuple[int, int], Link]:
    """(giver, taker) → the most valuable link between them; on equal terms the more obvious."""
    best: dict[tuple[int, int], Link] = {}
    for row in rows.values(*_FIELDS)[:MOST_LINKS]:
        link = _link(row)
        key = (link.giver, link.taker)
        if key not in best or _rank_value(link) > _rank_value(best[key]):
            best[key] = link
    return best


def _link(row: Mapping[str, Any]) -> Link:
    node = load().types.get(row["have__resource_type"])
    broker = Listing.Visibility.BROKER
    return Link(
        suggestion=row["pk"],
        giver=row["have__organisation_id"],
        giver_name=row["have__organisation__name"],
        taker=row["need__organisation_id"],
        taker_name=row["need__organisation__name"],
        what=node.name if node else Listing(text=row["have__text"]).title,
        process=row["process"],
        score=row["score"],
        tonnes=row["tonnes_year"],
        dkk=row["dkk_year"],
        co2e_kg=row["co2e_kg_year"],
        chosen=row["state"] == Suggestion.State.ACCEPTED,
        confidential=broker in (row["have__visibility"], row["need__visibility"]),
    )


def _rank_value(link: Link) -> float:
    """Kroner a year; where they are not known, or equal, the more obvious link counts most."""
    return float(link.dkk or 0) + link.score


def _links(links: Mapping[tuple[int, int], Link], nodes: Sequence[str]) -> tuple[Link, ...]:
    return tuple(links[int(giver), int(taker)] for giver, taker in zip(nodes, nodes[1:], strict=False))


def _telling(found: list[Path], loops: list[Path]) -> list[Path]:
    """Chains that are not part of a loop or of a longer chain already taken, the longest of equals first."""
    taken: list[Path] = []
    covered = [{link.suggestion for link in loop.links} for loop in loops]
    for path in sorted(found, key=lambda path: -len(path.links)):
        own = {link.suggestion for link in path.links}
        if any(own <= other for other in covered):
            continue
        covered.append(own)
        taken.append(path)
    taken.sort(key=lambda path: -sum(_rank_value(link) for link in path.links))
    return each_kind_first(taken)


def each_kind_first(paths: Iterable[Path]) -> list[Path]:
    """At most `MOST_SHOWN`: the best of each kind, then more ways round with the same things. Ten farms that could take the
    same mash hide every other loop otherwise."""
    best: dict[tuple[str, ...], Path] = {}
    again = [path for path in paths if best.setdefault(path.kind, path) is not path]
    return [*best.values(), *again][:MOST_SHOWN]
