# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading suggestions: an office's list, one, and those of a listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from brobygger.accounts.models import STAFF, Operator, User
from brobygger.base import search
from brobygger.base.paging import counted
from brobygger.base.prepared import padded, prepared
from brobygger.market.models import Listing, Suggestion
from brobygger.register.models import Organisation
from brobygger.register.rights import acts_for_key

State = Suggestion.State
MOST_COUNTED = 1000
"""Beyond this nobody turns pages."""
MOST_ORGANISATIONS = 50
"""So many organisations of a name are looked at."""
NOT_SHOWN = ("parts", "precedents", "decline_facts", "factor_source")
"""What a line about a suggestion does not show."""
SORTS = {"score": "-score", "kroner": "-dkk_year", "tons": "-tonnes_year", "nyeste": "-found_at"}
BEST, TAKERS_ON_A_PAGE = 10, 5
WEAK = 0.3
"""A taker below this score is shown only when somebody asks; `suggestion_words` calls it weak."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked of the list. Empty means all."""

    state: str = State.NEW
    kind: str = ""
    thing: str = ""
    least: float = 0.0
    words: str = ""
    organisation: int | None = None
    order: str = "score"


class ShortPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than `MOST_COUNTED`."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return counted(rows.values("pk"), MOST_COUNTED)


class SuggestionPages(ShortPaginator):
    """Pages of the office's list. Keys are put in order, and only one page's rows are read with their sides."""

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        end = number * self.per_page
        return Page(shown(list(self.object_list[end - self.per_page : end])), number, self)


def of_office(operator: Any) -> QuerySet[Suggestion]:
    """What consultants and heads of an operator see: the rule of `visible_to` in a form that an index answers."""
    ours, shown = Q(have__operator=operator), Q(need=None) | Q(need__operator=operator)
    open_have = Q(have__visibility=Listing.Visibility.OPEN, have__status=Listing.Status.ACTIVE)
    open_need = Q(need__visibility=Listing.Visibility.OPEN, need__status=Listing.Status.ACTIVE)
    return Suggestion.objects.filter(ours | open_have, shown | open_need, operator=operator)


def office_list(operator: Operator, wanted: Wanted) -> QuerySet[Any]:
    """Keys of the office's suggestions as asked for, in order. By kroner and tonnes only those where it is known."""
    rows = of_office(operator).filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.thing:
        rows = rows.filter(have__kind=wanted.thing)
    if wanted.least:
        rows = rows.filter(score__gte=wanted.least)
    if wanted.organisation is not None:
        rows = rows.filter(pk__in=_about(operator, [wanted.organisation]))
    if wanted.words:
        rows = rows.filter(pk__in=_about(operator, _named(operator, wanted.words)))
    if wanted.order == "kroner":
        rows = rows.filter(dkk_year__isnull=False)
    if wanted.order == "tons":
        rows = rows.filter(tonnes_year__isnull=False)
    return rows.order_by(SORTS[wanted.order], "pk").values_list("pk", flat=True)


def shown(keys: Sequence[Any]) -> list[Suggestion]:
    """These suggestions in this order, with everything that a line about one shows."""
    rows = {row.pk: row for row in _lines(*padded(keys))} if keys else {}
    return [rows[key] for key in keys if key in rows]


def whole(keys: Sequence[Any]) -> list[Suggestion]:
    """The same with everything there is."""
    rows = with_sides(Suggestion.objects.all()).in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


@prepared
def _lines(*keys: Any) -> QuerySet[Suggestion]:
    return with_sides(Suggestion.objects.defer(*NOT_SHOWN)).filter(pk__in=keys).order_by()


def with_sides(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """With everything that a line about a suggestion shows."""
    return rows.select_related("have__organisation", "need__organisation", "organisation")


def _named(operator: Operator, words: str) -> list[int]:
    """Ids of the operator's organisations by that name, forgiving typing errors."""
    found = search.find("organisation", words, scopes=[str(operator.pk)], limit=MOST_ORGANISATIONS)
    by_number = Organisation.objects.filter(operator=operator, cvr=words.replace(" ", ""))
    return [*map(int, found.keys), *by_number.values_list("pk", flat=True)[:1]]


def _about(operator: Operator, organisations: list[int]) -> list[Any]:
    """Ids of the operator's suggestions with one of the organisations on either side. Three narrow questions."""
    mine = Suggestion.objects.filter(operator=operator)
    found: list[Any] = []
    for role in ("have__organisation_id__in", "need__organisation_id__in", "organisation_id__in"):
        found += mine.filter(**{role: organisations}).values_list("pk", flat=True)[:MOST_COUNTED]
    return found


def one(user: Any, pk: Any) -> Suggestion | None:
    """A suggestion that the person may see, with its sides; None whether it is forbidden or not there."""
    return next(iter(_one(user, pk)), None)


@prepared
def _one(user: Any, pk: Any) -> QuerySet[Suggestion]:
    rows = with_sides(Suggestion.objects.visible_to(user)).filter(pk=pk)
    return rows.select_related("decided_by", "operator", "match")


@dataclass(frozen=True, slots=True)
class OfListing:
    """A listing's suggestions as one person may see them."""

    pairs: list[Suggestion]
    takers: Page[Any]
    """Those who posted nothing, a page at a time, the best first and the very weak (`WEAK`) among the last."""
    more: bool
    """There are more pairs than are shown."""

    @property
    def likely(self) -> list[Suggestion]:
        """Takers worth reading at once."""
        return [taker for taker in self.takers if taker.score >= WEAK]

    @property
    def weak(self) -> list[Suggestion]:
        """Takers that little speaks for: shown when somebody asks."""
        return [taker for taker in self.takers if taker.score < WEAK]


def of_listing(
    listing: Listing, user: User, operator: Operator | None, takers_page: str | int | None = None
) -> OfListing:
    """The best pairs, then a page of takers that posted nothing (for consultants and heads only).

    The office of the listing and its owner see the office's suggestions; another office sees its own with it.
    """
    nothing = OfListing([], _pages([]).get_page(1), False)
    if not user.is_authenticated:
        return nothing
    owner = acts_for_key(user, listing.organisation_id)
    if user.is_staff_of(listing.operator_id) or owner:
        office_id: int | None = listing.operator_id
    else:
        office_id = operator.pk if operator and operator.pk in user.operators_as(STAFF) else None
    if office_id is None:
        return nothing
    rows = _pairs(user, listing.pk, office_id, side=str(listing.side))
    takers = _Takers(user, listing, office_id)
    return OfListing(rows[:BEST], _pages(takers).get_page(takers_page), len(rows) > BEST)


def _shown(user: Any, listing: Any, office: Any, side: str) -> QuerySet[Suggestion]:
    rows = with_sides(Suggestion.objects.visible_to(user)).filter(**{side: listing}, operator_id=office)
    return rows.order_by("-score", "distance_m", "pk")


@prepared
def _pairs(user: Any, listing: Any, office: Any, *, side: str) -> QuerySet[Suggestion]:
    states = [State.NEW, State.PUT_OFF, State.ACCEPTED]
    return _shown(user, listing, office, side).filter(kind=Suggestion.Kind.PAIR, state__in=states)[: BEST + 1]


@prepared
def _takers(
    user: Any, listing: Any, office: Any, *, side: str, first: int, last: int
) -> QuerySet[Suggestion]:
    rows = _shown(user, listing, office, side)
    return rows.filter(kind=Suggestion.Kind.TAKER, state__in=[State.NEW, State.PUT_OFF])[first:last]


@prepared
def _taker_keys(user: Any, listing: Any, office: Any, *, side: str) -> QuerySet[Any]:
    rows = Suggestion.objects.visible_to(user).filter(**{side: listing}, operator_id=office)
    takers = rows.filter(kind=Suggestion.Kind.TAKER, state__in=[State.NEW, State.PUT_OFF])
    return takers.order_by().values_list("kind", flat=True)[:MOST_COUNTED]


class _Takers:
    """Takers of a listing, as a paginator asks for them: how many (no further than `MOST_COUNTED`), and a page of them."""

    def __init__(self, user: User, listing: Listing, office: int) -> None:
        self._given = (user, listing.pk, office)
        self._side = str(listing.side)

    def __len__(self) -> int:
        return len(_taker_keys(*self._given, side=self._side))

    def __getitem__(self, part: slice) -> list[Suggestion]:
        return _takers(*self._given, side=self._side, first=part.start, last=part.stop)


def _pages(takers: Sequence[Suggestion] | _Takers) -> Paginator[Any]:
    return Paginator(takers, TAKERS_ON_A_PAGE)  # type: ignore[arg-type]
