# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The loops of a run as a person may see them today: those that run side by side, and those that had to give way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, User
from brobygger.knowledge import load
from brobygger.market.models import Listing, Match, NetworkRun, Suggestion
from brobygger.market.queries.loops import Link, Path
from brobygger.register.models import Organisation


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Links (their numbers, from 1) whose tonnes the same loops use; no loops where a whole load is lacking.

    `others`: loops that are not shown use them too.
    """

    links: tuple[int, ...]
    loops: tuple[int, ...]
    others: bool = False

    @property
    def users(self) -> list[str]:
        """The loops as they are said: their numbers, and that there are others."""
        return [*map(str, self.loops), *([_("andre")] if self.others else [])]


@dataclass(frozen=True, slots=True)
class Ring(Path):
    """A loop of a run. `number`: its place among those side by side (0 for one that gave way); `share`: 0 to 1."""

    number: int = 0
    share: float = 0.0
    planned: int = 0
    """How many of its links the plan uses too."""
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Rings:
    """What may be shown. `count` is how many run side by side in all, also beyond those listed."""

    together: list[Ring]
    gave_way: list[Ring]
    count: int
    proven: bool

    @property
    def dkk(self) -> Decimal:
        return sum((ring.dkk or Decimal(0) for ring in self.together), Decimal(0))

    @property
    def co2e_kg(self) -> Decimal:
        return sum((ring.co2e_kg or Decimal(0) for ring in self.together), Decimal(0))


def rings_of(user: User, run: NetworkRun, about: UUID | None = None) -> Rings:
    """The run's loops, without those of which a listing may not be shown any more.

    `about`: only those that run, that this listing has part in, and that can run today. A run from before sets were proven in whole loads has no `best`, and is not called the best.
    """
    kept: Mapping[str, Any] = run.figures.get("loops") or {}
    numbered = dict(enumerate(kept.get("together", []), start=1))
    others = kept.get("gave_way", [])
    if about is not None:
        numbered, others = {n: row for n, row in numbered.items() if _has(row, str(about))}, []
    if not numbered and not others:
        return Rings([], [], kept.get("count", 0), kept.get("best", False))
    reader = _Reader(user, [link for row in [*numbered.values(), *others] for link in row["links"]])
    shown = {n: row for n, row in numbered.items() if reader.may_show(row)}
    if about is not None:
        shown = {n: row for n, row in shown.items() if reader.can_run(row)}
    together = [reader.ring(row, number, shown) for number, row in shown.items()]
    gave_way = [reader.ring(row, 0, shown) for row in others if reader.may_show(row)]
    return Rings(together, gave_way, kept.get("count", 0), kept.get("best", False))


def _has(row: Mapping[str, Any], listing: str) -> bool:
    return any(listing in (link["have"], link["need"]) for link in row["links"])


class _Reader:
    """Everything the loops name, read in as many questions however many loops there are."""

    def __init__(self, user: User, links: Iterable[Mapping[str, Any]]) -> None:
        rows = list(links)
        offices = list(user.operators_as(STAFF))
        ids = {row["have"] for row in rows} | {row["need"] for row in rows if row["need"]}
        shown = Q(operator_id__in=offices) | Q(visibility=Listing.Visibility.OPEN)
        found = Listing.objects.filter(shown, pk__in=ids).select_related("organisation")
        self._listings = {str(listing.pk): listing for listing in found}
        self._takers = Organisation.objects.in_bulk({row["taker"] for row in rows})
        proposed = Suggestion.objects.filter(pk__in={row["suggestion"] for row in rows if row["suggestion"]})
        self._suggestions = {str(one.pk): one for one in proposed.only("pk", "process", "score")}
        chosen = Match.objects.filter(pk__in={row["match"] for row in rows if row["match"]})
        self._matches = {str(pk): pk for pk in chosen.values_list("pk", flat=True)}

    def may_show(self, row: Mapping[str, Any]) -> bool:
        return all(
            link["have"] in self._listings
            and (link["need"] is None or link["need"] in self._listings)
            and link["taker"] in self._takers
            for link in row["links"]
        )

    def can_run(self, row: Mapping[str, Any]) -> bool:
        """Whether what is not chosen yet is still had and needed. Asked after `may_show`."""
        return all(
            self._listings[key].status == Listing.Status.ACTIVE
            for link in row["links"]
            if link["match"] is None
            for key in (link["have"], link["need"])
        )

    def ring(self, row: Mapping[str, Any], number: int, shown: Collection[int]) -> Ring:
        links = tuple(self._link(link) for link in row["links"])
        return Ring(
            links,
            True,
            number,
            row["share"],
            sum(link["planned"] for link in row["links"]),
            _obstacles(row["in_the_way"], shown),
        )

    def _link(self, row: Mapping[str, Any]) -> Link:
        have, need = self._listings[row["have"]], self._listings.get(row["need"] or "")
        node = load().types.get(have.resource_type)
        suggestion = self._suggestions.get(row["suggestion"] or "")
        return Link(
            suggestion=suggestion.pk if suggestion else None,
            giver=have.organisation_id,
            giver_name=have.organisation.name,
            taker=row["taker"],
            taker_name=self._takers[row["taker"]].name,
            what=node.name if node else have.title,
            process=suggestion.process if suggestion else "",
            score=suggestion.score if suggestion else 1.0,
            tonnes=Decimal(str(row["tonnes"])),
            dkk=None if row["dkk"] is None else Decimal(str(row["dkk"])),
            co2e_kg=None if row["co2e_kg"] is None else Decimal(str(row["co2e_kg"])),
            chosen=row["match"] is not None,
            confidential=have.is_confidential or bool(need and need.is_confidential),
            match=self._matches.get(row["match"] or ""),
        )


def _obstacles(in_the_way: Iterable[tuple[int, list[int]]], shown: Collection[int]) -> tuple[Obstacle, ...]:
    """Links that the same loops stand in the way of are told together. `shown`: the loops that are, by number."""
    places: dict[tuple[int, ...], list[int]] = {}
    for place, loops in in_the_way:
        places.setdefault(tuple(loops), []).append(place + 1)
    return tuple(
        Obstacle(tuple(links), tuple(n for n in loops if n in shown), any(n not in shown for n in loops))
        for loops, links in places.items()
    )
