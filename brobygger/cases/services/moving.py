# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Going through a gate: alone where the definition lets one person, by votes where it does not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.cases import deciding, rights, seats
from brobygger.cases.deciding import Result
from brobygger.cases.definition import Ballot, Majority, Move
from brobygger.cases.errors import (
    BadVote,
    Conflicted,
    MustBeDecided,
    NeedsReason,
    NoSuchWay,
    NotReady,
    NotYours,
    StagePassed,
    VotedAlready,
)
from brobygger.cases.gates import missing
from brobygger.cases.models import Case, CaseEvent, Vote
from brobygger.cases.services.derive import locked, moment, record
from brobygger.cases.services.letters import send
from brobygger.cases.timeline import grants


@transaction.atomic
def move(
    case: Case,
    key: str,
    *,
    user: User | None,
    expected: int,
    on: date | datetime | None = None,
    reason: str = "",
) -> Case:
    """Take a way out of the stage where the case stands.

    Raises NoSuchWay, MustBeDecided, NotYours, Conflicted, NotReady, NeedsReason, OutOfOrder, EditedMeanwhile.
    """
    stored = locked(case, expected)
    way = _way(stored, key)
    if way.ballots and user is not None:
        raise MustBeDecided([ballot.name for ballot in way.ballots])
    _may_take(stored, way, user)
    at = moment(on, not_before=stored.stage_at, reason=reason, user=user)
    _must_be_ready(stored, way, user, at)
    if way.needs_reason and not reason.strip():
        raise NeedsReason
    go(stored, way, way.to, name=way.key, user=user, at=at, reason=reason)
    return stored


@transaction.atomic
def vote(
    case: Case, key: str, answer: str, *, user: User, round: int, reason: str = "", of: str = ""
) -> Case:
    """Answer in a decision. When that settles it the case moves at once.

    `round`: that of the page the person voted on. Raises StagePassed, NoSuchWay, NotYours, Conflicted, NotReady, BadVote,
    VotedAlready, NeedsReason.
    """
    stored = locked(case)
    if stored.round != round:
        raise StagePassed
    way = _way(stored, key)
    seats.fill(stored)
    ballot = _ballot_of(stored, way, user, of)
    _must_be_ready(stored, way, user, timezone.now())
    _check_answer(ballot, answer, reason)
    if Vote.objects.filter(case=stored, round=round, move=way.key, voter=user).exists():
        raise VotedAlready
    Vote.objects.create(
        case=stored,
        round=round,
        move=way.key,
        ballot=ballot.of,
        voter=user,
        answer=answer,
        reason=reason[:1000],
    )
    _settle(stored, way, user, reason if answer == Vote.Answer.NO else "")
    return stored


@transaction.atomic
def count(case: Case, key: str, *, user: User, round: int) -> Case:
    """Close the voting: those who have not answered a majority's ballot are no longer waited for, if the quorum is there. Also
    where the votes already decide it, because somebody who was waited for has stepped out. The gate asks for the same as when
    somebody votes. Raises StagePassed, NoSuchWay, NotYours, Conflicted, NotReady, BadVote."""
    stored = locked(case)
    if stored.round != round:
        raise StagePassed
    if not rights.is_officer(user, stored):
        raise Conflicted if user.is_staff_of(stored.operator_id) else NotYours
    way = _way(stored, key)
    seats.fill(stored)
    _must_be_ready(stored, way, None, timezone.now())
    if not _settle(stored, way, user, "", counted=True):
        raise BadVote(_("Der er ikke stemmer nok til at afgøre det."))
    return stored


def standing(case: Case, way: Move, *, counted: bool = False) -> dict[str, Result]:
    """Ballot → where it stands in this round."""
    cast: dict[str, dict[int, str]] = {}
    for given in Vote.objects.filter(case=case, round=case.round, move=way.key):
        cast.setdefault(given.ballot, {})[given.voter_id] = given.answer
    return {
        ballot.of: deciding.result(
            ballot,
            [user.pk for user in rights.electorate(case, ballot.of)],
            cast.get(ballot.of, {}),
            counted=counted,
        )
        for ballot in way.ballots
    }


def _settle(case: Case, way: Move, user: User, reason: str, *, counted: bool = False) -> bool:
    """Move the case when the votes decide it. Whether they did."""
    match deciding.together(list(standing(case, way, counted=counted).values())):
        case Result.YES:
            go(case, way, way.to, name=way.key, user=user, at=timezone.now(), data={"voted": case.round})
        case Result.NO if way.otherwise:
            go(
                case, way, way.otherwise, name=f"not_{way.key}"[:40], user=user, at=timezone.now(), reason=reason,
                data={"voted": case.round}, letter=way.letter_otherwise,
            )  # fmt: skip
        case Result.NO:
            case.round += 1
            record(
                case,
                CaseEvent.Kind.FAILED,
                user=user,
                name=way.key,
                reason=reason,
                data={"voted": case.round - 1},
            )
        case _:
            return False
    return True


def go(
    case: Case, way: Move, to: str, *, name: str, user: User | None, at: datetime, reason: str = "",
    data: dict[str, object] | None = None, letter: str | None = None,
) -> CaseEvent:  # fmt: skip
    """Write the move of a case that is locked and may go there, send its letter, run its hooks."""
    case.round += 1
    fields = moved(case, to, name=name, reason=reason, data=data)
    event = record(case, CaseEvent.Kind.MOVED, user=user, at=at, for_applicant=True, **fields)
    wanted = way.letter if letter is None else letter
    if wanted and user is not None:  # what comes from another system was told there
        send(case, wanted, user=user, reason=reason)
    return event


def moved(
    case: Case, to: str, *, name: str, reason: str, data: dict[str, object] | None = None
) -> dict[str, Any]:
    """What the event of a move holds, before the case has moved."""
    data = {"from": case.stage, "to": to, **_decided(case, to), **(data or {})}
    return {"name": name, "reason": reason[:1000], "data": data}


def _decided(case: Case, to: str) -> dict[str, object]:
    """The amount that a decision is about goes into its event: nothing written in the case later changes it."""
    field = case.type.amount_field
    if field and grants(case.outcome, case.at_stage, case.type.stage(to)):
        return {"amount": case.value(field)}
    return {}


def _way(case: Case, key: str) -> Move:
    found = case.type.move(case.stage, key)
    if found is None:
        raise NoSuchWay
    return found


def _may_take(case: Case, way: Move, user: User | None) -> None:
    if user is None:
        return
    held = rights.roles_of(user, case)
    if not held & set(way.by):
        raise (
            Conflicted if rights.has_conflict(user, case) and user.is_staff_of(case.operator_id) else NotYours
        )


def _must_be_ready(case: Case, way: Move, user: User | None, at: datetime) -> None:
    if lacking := missing(case, way, user, at):
        raise NotReady(lacking)


def _ballot_of(case: Case, way: Move, user: User, of: str) -> Ballot:
    """The ballot where the person has a seat. Whoever has one in two chooses which."""
    if not way.ballots:
        raise NoSuchWay
    mine = [b for b in way.ballots if user.pk in {found.pk for found in rights.electorate(case, b.of)}]
    chosen = next((ballot for ballot in mine if of in ("", ballot.of)), None)
    if chosen is None:
        raise Conflicted if rights.has_conflict(user, case) else NotYours
    return chosen


def _check_answer(ballot: Ballot, answer: str, reason: str) -> None:
    if answer not in Vote.Answer.values:
        raise BadVote(_("Svar ja eller nej."))
    if answer == Vote.Answer.ABSTAIN and ballot.how != Majority.MAJORITY:
        raise BadVote(_("Her skal der svares ja eller nej."))
    if answer == Vote.Answer.NO and not reason.strip():
        raise NeedsReason
