# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Talks as lists and pages read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Membership, Operator, User
from brobygger.base import search
from brobygger.base.danish import join
from brobygger.base.paging import QuickPaginator
from brobygger.base.prepared import prepared
from brobygger.dialogue.models import Attachment, Interaction
from brobygger.dialogue.search import KIND, scope_of
from brobygger.register.models import Affiliation, Organisation, Person

MOST_FIRMS = 200
"""Firms that typed words may stand for, the best first."""
MOST_EXPORTED = 20_000
LONGEST_CELL = 32_000
HEADINGS = (
    _("Dato"), _("Klokken"), _("Art"), _("Virksomheder"), _("Fra kontoret"), _("Andre deltagere"), _("Tekst"),
    _("Referat"), _("Kun for kontoret"), _("Opdigtet"),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a person asked of the list. Empty means all."""

    words: str = ""
    firm_words: str = ""
    organisation: int | None = None
    kind: str = ""
    by: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Hits:
    """The talks as asked for, newest first. `corrected`: the words as they were understood, when they were mended."""

    rows: QuerySet[Interaction]
    corrected: str = ""
    some_words: bool = False
    searched: search.Narrowed | None = None

    def pages(self, per_page: int) -> QuickPaginator:
        """Their keys, page by page."""
        if self.searched:
            return search.Pages(self.searched, per_page)
        return QuickPaginator(self.rows.values_list("pk", flat=True), per_page)


def of_operator(operator: Operator, wanted: Wanted) -> Hits:
    """One operator's talks, narrowed. The caller has made sure that the person is one of its consultants or heads."""
    rows: QuerySet[Interaction] = Interaction.objects.of_office(operator)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.by:
        rows = rows.filter(by_id=wanted.by)
    if wanted.since:
        rows = rows.filter(on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(on__lte=wanted.until)
    if wanted.organisation:
        rows = rows.filter(pk__in=_with([wanted.organisation]))
    if wanted.firm_words:
        found = search.find(
            "organisation", wanted.firm_words, scopes=[scope_of(operator.pk)], limit=MOST_FIRMS
        )
        rows = rows.filter(pk__in=_with(found.keys))
    rows = rows.order_by("-on", "-pk")
    if not wanted.words:
        return Hits(rows)
    scopes = [scope_of(operator.pk)]
    found = search.find_all(KIND, wanted.words, scopes=scopes)
    searched = search.Narrowed(rows, KIND, found, scopes=scopes)
    return Hits(searched.every, found.corrected, found.some_words, searched)


def _with(organisations: Iterable[int]) -> Any:
    links = Interaction.organisations.through.objects.filter(organisation_id__in=list(organisations))
    return links.values("interaction_id")


def as_listed(rows: QuerySet[Interaction]) -> QuerySet[Interaction]:
    """With what a line of a list shows: the firms by name, who it was, how many files.

    The files are counted for the lines that are shown: to join and group would read every talk before the first is known.
    """
    firms = Organisation.objects.only("pk", "name")
    files = Attachment.objects.filter(interaction=OuterRef("pk")).order_by().values("interaction")
    return (
        rows.select_related("by")
        .prefetch_related(Prefetch("organisations", queryset=firms))
        .annotate(files=Coalesce(Subquery(files.annotate(so_many=Count("pk")).values("so_many")), 0))
        .defer("minutes")
    )


def fetch(keys: Sequence[int]) -> list[Interaction]:
    """These talks, in this order, with what a line shows."""
    found = as_listed(Interaction.objects.filter(pk__in=keys)).in_bulk()
    return [found[key] for key in keys if key in found]


def page_of_one(user: Any, pk: int) -> QuerySet[Interaction]:
    """One talk with everything its page shows, if the person may see it."""
    return (
        Interaction.objects.visible_to(user)
        .filter(pk=pk)
        .select_related("by", "operator")
        .prefetch_related(
            "organisations", "people", "attachments", "follow_ups__assignee", "follow_ups__done_by"
        )
    )


def with_organisation(user: Any, organisation: Organisation, most: int) -> list[Interaction]:
    """The organisation's newest talks that this person may see."""
    return _newest_with(user, organisation.pk, most=most)


@prepared
def _newest_with(user: Any, organisation: Any, *, most: int) -> QuerySet[Interaction]:
    links = Interaction.organisations.through.objects.filter(organisation_id=organisation)
    rows = Interaction.objects.visible_to(user).filter(pk__in=links.values("interaction_id"))
    return as_listed(rows).order_by("-on", "-pk")[:most]


def colleagues(operator: Operator, *, also: int | None = None) -> QuerySet[User]:
    """The operator's consultants and heads, by name; `also` somebody who has left but stands on the record."""
    here = Membership.objects.filter(operator=operator, role__in=sorted(STAFF)).values("user_id")
    return User.objects.filter(Q(pk__in=here, is_active=True) | Q(pk=also or 0)).order_by("name")


def people_of(organisations: Iterable[Organisation], *, also: Iterable[int] = ()) -> QuerySet[Person]:
    """Those who are in one of the organisations now; `also` others who stand on the record."""
    now = Affiliation.objects.filter(organisation__in=list(organisations), ended_on=None)
    return Person.objects.filter(Q(pk__in=now.values("person_id")) | Q(pk__in=list(also))).order_by("name")


def export_rows(rows: QuerySet[Interaction]) -> Iterator[list[Any]]:
    """One row a talk, in the order of `HEADINGS`. Without the firms' people: a file leaves the house."""
    listed = rows.select_related("by").prefetch_related(
        Prefetch("organisations", queryset=Organisation.objects.only("pk", "name"))
    )
    for row in listed[:MOST_EXPORTED]:
        yield [
            row.on, row.clock, str(row.get_kind_display()), join([found.name for found in row.organisations.all()]),
            str(row.by or ""), row.participants[:LONGEST_CELL], row.text[:LONGEST_CELL], row.minutes[:LONGEST_CELL],
            "ja" if row.private else "", "ja" if row.invented else "",
        ]  # fmt: skip
