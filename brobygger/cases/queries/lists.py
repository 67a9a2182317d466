# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Cases as lists: narrowed, on a board by gate, by who has too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Membership, Operator, Role, User
from brobygger.base import search
from brobygger.base.among import among
from brobygger.base.paging import QuickPaginator
from brobygger.base.prepared import padded, prepared
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import of_kind
from brobygger.cases.definition import CaseType, Stage
from brobygger.cases.definition.gates import APPLICANT
from brobygger.cases.models import Case, CaseDuty, CaseLimit, CaseParty
from brobygger.cases.models.case import CaseQuerySet, is_open
from brobygger.cases.search import KIND, scope_of
from brobygger.dialogue.models import FollowUp
from brobygger.market.models import Listing, Match
from brobygger.market.queries.marks import kept_until_written
from brobygger.register.models import Organisation

DEFINITIONS = "case_type"
LATE, CLOSE, WAITING, NOBODY, NEWS = "late", "close", "waiting", "nobody", "news"
MOST_CARDS = 12
"""Shown in each column of the board; the list has the rest."""
MOST_EXPORTED = 20_000
MATCHES_KEPT_FOR = 10 * 60
"""Seconds that each one's running matches are kept while nothing is written about them."""
HEADINGS = (
    _("Sagsnummer"), _("Sagstype"), _("Titel"), _("Slags"), _("Ansøger"), _("CVR-nummer"), _("Trin"), _("Udfald"),
    _("Modtaget"), _("Uret begyndte"), _("Afgjort"), _("Dage brugt"), _("Servicemål, dage"), _("Frist"),
    _("Sagsbehandler"), _("Beløb, kr."), _("Journalnummer"), _("KLE"), _("Opdigtet"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the list is narrowed."""

    words: str = ""
    type_key: str = ""
    stage: str = ""
    officer: int | None = None
    nobody: bool = False
    state: str = "open"
    """`open`, `closed`, `news` (something is unread) or empty: all."""
    hurry: str = ""
    """`late`, `close` or `waiting`."""
    topic: str = ""
    organisation: int | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    rows: QuerySet[Case]
    corrected: str = ""
    some_words: bool = False
    searched: search.Narrowed | None = None

    @property
    def pages(self) -> QuickPaginator:
        """Their keys, page by page."""
        if self.searched:
            return search.Pages(self.searched, settings.PAGE_SIZE)
        return QuickPaginator(self.rows.values_list("pk", flat=True), settings.PAGE_SIZE)


def of_office(user: User, operator: Operator, wanted: Wanted) -> Hits:
    """The operator's cases that the person may handle. Late ones first where they are asked for, else the newest."""
    rows = Case.objects.filter(operator=operator).without_conflict(user)
    plain = {"type_key": wanted.type_key, "stage": wanted.stage, "topic": wanted.topic,
             "officer_id": wanted.officer, "organisation_id": wanted.organisation}  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if wanted.nobody:
        rows = rows.filter(officer=None)
    if wanted.state == NEWS:
        rows = rows.filter(news__isnull=False)
    elif wanted.state:
        rows = rows.filter(is_open(wanted.state == "open"))
    order: tuple[str, ...] = ("-opened_on", "-pk")
    if wanted.hurry:
        rows = rows.filter(hurry(wanted.hurry))
        order = ("due_on", "-opened_on", "-pk") if wanted.hurry != WAITING else ("stage_at", "pk")
    rows = rows.order_by(*order)
    if not wanted.words:
        return Hits(rows)
    scopes = [scope_of(operator.pk)]
    found = search.find_all(KIND, wanted.words, scopes=scopes)
    searched = search.Narrowed(rows, KIND, found, scopes=scopes, along=not wanted.hurry)
    return Hits(searched.every, found.corrected, found.some_words, searched)


def hurry(which: str) -> Q:
    """Late, close to its deadline, or waiting for somebody else."""
    today = timezone.localdate()
    if which == LATE:
        return Q(is_open(True), due_on__lt=today)
    if which == CLOSE:
        return Q(is_open(True), due_on__gte=today, warn_on__lte=today)
    return Q(is_open(True), is_paused=True)


def as_listed(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With what a line shows. Call `with_types` on the page's rows."""
    return rows.select_related("organisation", "officer").defer("values", "checks")


def shown(rows: QuerySet[Case], first: int, last: int) -> list[Case]:
    """These places of a list, ready to be shown. Keys are put in order first: to sort whole cases with their firms costs far more."""
    return fetch(list(rows.values_list("pk", flat=True)[first:last]))


def fetch(keys: Sequence[Any]) -> list[Case]:
    """The cases in this order, ready to be shown."""
    found = {case.pk: case for case in as_listed(Case.objects.filter(pk__in=keys).order_by())}
    return as_lines([found[key] for key in keys if key in found])


def with_types(cases: Iterable[Case]) -> list[Case]:
    """The same cases, sharing one object for each definition: one query."""
    found = list(cases)
    if not found:
        return found
    kinds = {kind.pk: kind for kind in _definitions(*padded({case.definition_id for case in found}))}
    for case in found:
        case.definition = kinds[case.definition_id]
    return found


@prepared
def _definitions(*keys: Any) -> QuerySet[Definition]:
    return Definition.objects.filter(pk__in=keys).defer("text").order_by()


def as_lines(cases: Iterable[Case]) -> list[Case]:
    """As `with_types`, and with the names of applicants who stand in no register: a citizen who builds, a firm that an import
    only had the name of. Two queries at most."""
    found = with_types(cases)
    by_key = {case.pk: case for case in found if case.organisation_id is None}
    if not by_key:
        return found
    rows = CaseParty.objects.filter(case__in=list(by_key), role=APPLICANT, ended_at=None, organisation=None)
    for party in rows.select_related("person", "user").order_by("-pk"):
        by_key[party.case_id].unregistered = str(party)
    return found


def types_of(operator: Operator) -> list[Definition]:
    """The office's current case types, by title."""
    return _types_of(operator.pk)


@prepared
def _types_of(operator: Any) -> QuerySet[Definition]:
    return of_kind(operator, DEFINITIONS).defer("text")


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with its first cards."""

    stage: Stage
    count: int
    late: int
    cards: list[Case]

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def _handled_by(user: User) -> CaseQuerySet:
    """`without_conflict` for pages that ask several times: the cases in question, most often none, are read once."""
    kept = list(CaseParty.objects.cases_of_interest(user))
    return Case.objects.exclude(pk__in=among(Case, kept)) if kept else Case.objects.all()


def board(
    user: User, operator: Operator, definition: Definition, *, officer: int | None = None
) -> list[Column]:
    """The open cases of a type by stage: those with the nearest deadline first. As many questions as the type has stages."""
    kind: CaseType = definition.content
    rows = _handled_by(user).open().filter(operator=operator, type_key=kind.key)
    if officer:
        rows = rows.filter(officer_id=officer)
    today = timezone.localdate()
    counted = (
        rows.order_by()
        .values("stage")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    )
    counts = {row["stage"]: (row["count"], row["late"]) for row in counted}
    columns = []
    for stage in kind.stages:
        if not stage.moves:
            continue
        count, late = counts.get(stage.key, (0, 0))
        here = rows.filter(stage=stage.key).order_by(F("due_on").asc(nulls_last=True), "opened_on", "pk")
        cards = shown(here, 0, MOST_CARDS)
        columns.append(Column(stage, count, late, cards))
    return columns


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has."""

    officer: User | None
    open: int
    late: int
    close: int
    waiting: int
    limit: int | None
    """Open cases that are the most the office wants them to have."""
    follow_ups: int
    matches: int

    @property
    def over(self) -> int:
        """Open cases above the limit."""
        return max(0, self.open - self.limit) if self.limit is not None else 0


_COUNTED = ("open", "late", "close", "waiting")


def load(user: User, operator: Operator) -> list[Load]:
    """How much each of the office's people has, those above their limit first, then the most late; also those who have
    nothing, and what nobody has. A fixed number of questions."""
    rows = _handled_by(user).open().filter(operator=operator)
    counted: Any = (
        rows.order_by()
        .values("officer")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=hurry(LATE)),
            close=Count("pk", filter=hurry(CLOSE)),
            waiting=Count("pk", filter=hurry(WAITING)),
        )
    )
    found: dict[Any, dict[str, int]] = {
        row["officer"]: {name: row[name] for name in _COUNTED} for row in counted
    }
    people = {person.pk: person for person in officers(operator)}
    people |= User.objects.in_bulk([pk for pk in found if pk and pk not in people])
    most = limits(operator)
    promised = _per_person(FollowUp.objects.filter(operator=operator).open(), "assignee")
    running = Match.objects.of_office(operator).exclude(stage__in=Match.OVER)
    matched = kept_until_written(
        "cases.matches",
        operator,
        (Match, Listing),
        lambda: _per_person(running, "consultant"),
        seconds=MATCHES_KEPT_FOR,
    )

    def of(pk: int | None, who: User | None) -> Load:
        limit = most.get(pk, most.get(None)) if pk else None
        counts = found.get(pk, dict.fromkeys(_COUNTED, 0))
        return Load(who, **counts, limit=limit, follow_ups=promised.get(pk, 0), matches=matched.get(pk, 0))

    loads = [of(pk, person) for pk, person in people.items()]
    loads.sort(key=lambda row: (-row.over, -row.late, -row.open, str(row.officer)))
    nobody = of(None, None)
    return [*([nobody] if nobody.open or nobody.follow_ups or nobody.matches else []), *loads]


def _per_person(rows: Any, whose: str) -> dict[int | None, int]:
    counted = rows.order_by().values_list(whose).annotate(Count("pk"))
    return dict(counted)


def limits(operator: Operator) -> dict[int | None, int]:
    """How many open cases each should have at most; under None what holds for those without a limit of their own."""
    return dict(CaseLimit.objects.filter(operator=operator).values_list("officer", "most"))


def officers(operator: Operator, *, also: int | None = None) -> QuerySet[User]:
    """The operator's consultants and heads, by name; `also` somebody who has left but stands on the record."""
    here = Membership.objects.filter(operator=operator, role__in=sorted(STAFF)).values("user_id")
    return User.objects.filter(Q(pk__in=here, is_active=True) | Q(pk=also or 0)).order_by("name")


def waiting_for(user: User, operator: Operator, day: date, *, mine: bool, most: int) -> list[Case]:
    """Cases that hurry: late or close to the deadline, the nearest first; with `mine` the person's own and nobody's."""
    return with_types(_waiting_for(user, operator.pk, day, mine=mine, most=most))


@prepared
def _waiting_for(user: Any, operator: Any, day: Any, *, mine: bool, most: int) -> QuerySet[Case]:
    rows = Case.objects.open().filter(operator=operator, warn_on__lte=day).without_conflict(user)
    if mine:
        rows = rows.filter(Q(officer=user) | Q(officer=None))
    return as_listed(rows.order_by("due_on", "pk"))[:most]


def with_news(user: User, operator: Operator, *, mine: bool, most: int) -> list[Case]:
    """Cases where somebody outside the office did something that is not read, the newest first; with `mine` the person's own
    and nobody's. Three questions at most."""
    return as_lines(_with_news(user, operator.pk, mine=mine, most=most))


@prepared
def _with_news(user: Any, operator: Any, *, mine: bool, most: int) -> QuerySet[Case]:
    rows = Case.objects.filter(operator=operator, news__isnull=False).without_conflict(user)
    if mine:
        rows = rows.filter(Q(officer=user) | Q(officer=None))
    return as_listed(rows.select_related("news__by").order_by("-news_id"))[:most]


def duties_of_office(user: User, operator: Operator, day: date, *, mine: bool, most: int) -> list[CaseDuty]:
    """What the office itself should have done in its open cases by the day, the longest overdue first. Two questions."""
    found = list(_duties_of_office(user, operator.pk, day, mine=mine, most=most))
    with_types([duty.case for duty in found])
    return found


@prepared
def _duties_of_office(user: Any, operator: Any, day: Any, *, mine: bool, most: int) -> QuerySet[CaseDuty]:
    cases = Case.objects.open().filter(operator=operator).without_conflict(user)
    if mine:
        cases = cases.filter(Q(officer=user) | Q(officer=None))
    rows = CaseDuty.objects.filter(
        Exists(cases.filter(pk=OuterRef("case_id"))), done_on=None, of_applicant=False, due_on__lte=day
    )  # asked of the few duties that are due, not of every case
    return rows.select_related("case__officer").order_by("due_on", "pk")[:most]


@prepared
def _newest_of(user: Any, organisation: Any, *, most: int) -> QuerySet[Case]:
    rows = Case.objects.visible_to(user).filter(organisation=organisation)
    return as_listed(rows.order_by("-opened_on", "-pk"))[:most]


def of_firm(user: User, organisation: Organisation, most: int) -> list[Case]:
    """The newest cases of an organisation, that the person may see."""
    found = with_types(_newest_of(user, organisation.pk, most=most * 3))
    head = Role.HEAD in user.roles.get(organisation.operator_id, frozenset())
    return [case for case in found if head or not case.type.confidential or case.officer_id == user.pk][:most]


def to_decide(user: User) -> list[Case]:
    """Open cases where the person is a deciding or advising party, outside their own office."""
    rows = (
        Case.objects.visible_to(user).exclude(operator_id__in=user.operators_as(STAFF)).filter(is_open=True)
    )
    return with_types(as_listed(rows.order_by("stage_at", "pk"))[:50])


def export_rows(rows: QuerySet[Case]) -> Iterator[Sequence[Any]]:
    """One row a case, in the order of `HEADINGS`."""
    for case in as_lines(
        rows.select_related("organisation", "officer").defer("values", "checks")[:MOST_EXPORTED]
    ):
        firm = case.organisation
        yield [
            case.number, case.type.title, case.title, case.subtype_name, case.applicant_name, firm.cvr if firm else "",
            case.at_stage.name, case.outcome_word, case.opened_on, case.clock_started_on, case.decided_on, case.days_used,
            case.goal_days, case.due_on, str(case.officer or ""), case.amount, case.external_ref, case.kle,
            "ja" if case.invented else "",
        ]  # fmt: skip
