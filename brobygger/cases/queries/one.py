# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One case with everything that its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from brobygger.accounts.models import User
from brobygger.cases import deciding, rights
from brobygger.cases.deciding import Result
from brobygger.cases.definition import Ballot, DocumentType, Field, Majority, Move
from brobygger.cases.definition.gates import APPLICANT, OFFICER
from brobygger.cases.gates import missing
from brobygger.cases.models import Case, CaseDocument, CaseEvent, CaseParty, Vote
from brobygger.cases.services.moving import standing
from brobygger.cases.timeline import Reading, readings
from brobygger.cases.values import ORIGINS, names_in, shown
from brobygger.market.models import Listing, Match


@dataclass(frozen=True, slots=True)
class BallotShown:
    """A ballot with who has answered what."""

    ballot: Ballot
    votes: list[Vote]
    entitled: list[User]
    standing: Result
    without_access: list[CaseParty]
    """Where nobody may answer: those who have the role, but for whom nobody can sign in."""

    @property
    def result(self) -> str:
        """`yes`, `no`, or empty while it is open."""
        return "" if self.standing is Result.OPEN else str(self.standing)

    @property
    def needed(self) -> int:
        """So many must answer."""
        return 1 if self.ballot.how == Majority.ONE else self.ballot.quorum

    @property
    def is_impossible(self) -> bool:
        """Fewer may answer than must."""
        return bool(self.entitled) and len(self.entitled) < self.needed

    @property
    def may_be_counted(self) -> bool:
        """The quorum is there, and somebody is still waited for."""
        return self.ballot.how == Majority.MAJORITY and not self.result and len(self.votes) >= self.needed

    @property
    def waiting(self) -> list[User]:
        voted = {vote.voter_id for vote in self.votes}
        return [user for user in self.entitled if user.pk not in voted]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of the stage, as this person sees it."""

    move: Move
    missing: list[str]
    may_take: bool
    ballots: list[BallotShown]
    may_vote: bool
    may_count: bool
    is_settled: bool = False
    """The votes decide it already, and nobody's vote has taken the case on: somebody who was waited for has stepped out."""

    @property
    def is_decision(self) -> bool:
        return bool(self.move.ballots)


def ways(case: Case, user: User, held: frozenset[str]) -> list[Way]:
    """Every way out, with what stands in the way and whether the person may take it."""
    now = timezone.now()
    return [_way(case, move, user, held, missing(case, move, user, now)) for move in case.at_stage.moves]


def _way(case: Case, move: Move, user: User, held: frozenset[str], lacking: list[str]) -> Way:
    if not move.ballots:
        return Way(move, lacking, bool(held & set(move.by)), [], False, False)
    ballots = _ballots(case, move)
    seated = any(user.pk in {found.pk for found in shown_.entitled} for shown_ in ballots)
    voted = any(vote.voter_id == user.pk for shown_ in ballots for vote in shown_.votes)
    settled = deciding.together([shown_.standing for shown_ in ballots]) is not Result.OPEN
    may_count = OFFICER in held and (settled or any(shown_.may_be_counted for shown_ in ballots))
    return Way(move, lacking, False, ballots, seated and not voted, may_count, settled)


def _ballots(case: Case, move: Move) -> list[BallotShown]:
    votes: dict[str, list[Vote]] = {}
    for vote in Vote.objects.filter(case=case, round=case.round, move=move.key).select_related("voter"):
        votes.setdefault(vote.ballot, []).append(vote)
    results = standing(case, move)
    found = []
    for ballot in move.ballots:
        entitled = rights.electorate(case, ballot.of)
        there = [] if entitled else _in_role(case, ballot.of)
        found.append(BallotShown(ballot, votes.get(ballot.of, []), entitled, results[ballot.of], there))
    return found


def _in_role(case: Case, role: str) -> list[CaseParty]:
    rows = case.parties.filter(role=role, ended_at=None)
    return list(rows.select_related("organisation", "person", "user"))


def remarks_of(case: Case, held: frozenset[str]) -> list[tuple[str, CaseEvent]]:
    """What parties have written that somebody in these roles reads, the newest first: from whom in words, and the event."""
    roles = {role.key: role for role in case.type.roles}
    return [
        (roles[row.name].name, row)
        for row in reversed(case.timeline)
        if row.kind == CaseEvent.Kind.REMARK
        and row.name in roles
        and held & {row.name, *roles[row.name].remarks_seen_by}
    ]


def my_ballots(case: Case, move: Move, user: User) -> list[Ballot]:
    """The ballots of a decision where the person has a seat."""
    return [b for b in move.ballots if user.pk in {found.pk for found in rights.electorate(case, b.of)}]


@dataclass(frozen=True, slots=True)
class Value:
    """A field and what stands in it."""

    field: Field
    shown: str
    is_empty: bool


def values_of(case: Case, held: frozenset[str], names: Any = None) -> list[Value]:
    """The fields that somebody in these roles reads. Three questions at most, whatever the fields point at."""
    names = names if names is not None else names_in(case.type, case.values, case.operator)
    return [
        Value(field, shown(field, case.value(field.key), names), case.value(field.key) is None)
        for field in case.type.filled_in
        if (OFFICER in held or held & set(field.seen_by)) and field.key not in ORIGINS.get(case.type_key, ())
    ]


def origins_of(case: Case, user: User) -> list[Listing | Match]:
    """What the case began with, as far as the person may see it."""
    found: list[Listing | Match] = []
    for name in ORIGINS.get(case.type_key, ()):
        try:
            key = UUID(str(case.value(name)))
        except ValueError:
            continue
        rows: Any = Match.objects if name == "match" else Listing.objects
        found += rows.visible_to(user).filter(pk=key)
    return found


@dataclass(frozen=True, slots=True)
class Document:
    """A document as a line: its newest version, how many there are, and what sort it is."""

    row: CaseDocument
    older: list[CaseDocument]
    sort: DocumentType | None


def documents_of(case: Case, held: frozenset[str]) -> list[Document]:
    """The documents that somebody in these roles may know of, with earlier versions. One question."""
    rows = list(case.documents.filter(removed_at=None).order_by("kind", "name", "-number"))
    older: dict[Any, list[CaseDocument]] = {}
    for row in rows:
        if row.superseded:
            older.setdefault(row.series, []).append(row)
    return [
        Document(row, older.get(row.series, []), case.type.document(row.kind) if row.kind else None)
        for row in rows
        if not row.superseded and may_read(row, held)
    ]


def may_read(document: CaseDocument, held: frozenset[str]) -> bool:
    """Whether somebody in these roles may open the document."""
    if OFFICER in held:
        return True
    return (document.for_applicant and APPLICANT in held) or bool(held & set(document.seen_by))


def parties_of(case: Case) -> list[tuple[str, CaseParty]]:
    """Role in words and who, those who have it now."""
    words = {role.key: role.name for role in case.type.roles}
    rows = case.parties.filter(ended_at=None).select_related("organisation", "person", "user")
    return [(words.get(row.role, "Inhabil"), row) for row in rows]


def open_pauses(case: Case) -> list[tuple[str, CaseEvent, bool]]:
    """What the case waits for: words, the event, and whether it is the applicant's to answer."""
    ended = {row.refers_to_id for row in case.timeline if row.kind == "resumed"}
    waiting = [row for row in case.timeline if row.kind == "paused" and row.pk not in ended]
    found = [(case.type.pause(row.name), row) for row in waiting]
    return [(pause.name, row, pause.waits_for_applicant) for pause, row in found]


def unanswered(case: Case) -> CaseEvent | None:
    """What the office last wrote to the applicant, while they have not written since."""
    said = [
        row for row in case.timeline if row.kind == "message" or (row.kind, row.name) == ("letter", "message")
    ]
    return said[-1] if said and said[-1].kind == "letter" else None


def clocks_of(case: Case) -> list[Reading]:
    """The clocks that have begun."""
    return [found for found in readings(case.type, case.subtype, case.timeline) if found.course.started]
