# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What votes add up to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from brobygger.cases.definition import Ballot, Majority

YES, NO, ABSTAIN = "yes", "no", "abstain"


class Result(StrEnum):
    OPEN = "open"
    YES = "yes"
    NO = "no"


def result(
    ballot: Ballot, entitled: Collection[int], votes: Mapping[int, str], *, counted: bool = False
) -> Result:
    """Where a ballot stands. `votes`: voter → answer. `counted`: the voting was closed, those who did not vote are not
    waited for. Votes of somebody who is no longer entitled do not count."""
    cast = {voter: answer for voter, answer in votes.items() if voter in set(entitled)}
    yes, no = sum(a == YES for a in cast.values()), sum(a == NO for a in cast.values())
    if ballot.how == Majority.ONE:
        return Result.NO if no else Result.YES if yes else Result.OPEN
    if ballot.how == Majority.UNANIMOUS:
        if no:
            return Result.NO
        return Result.YES if len(entitled) >= ballot.quorum and yes == len(entitled) > 0 else Result.OPEN
    return _majority(ballot, len(entitled), len(cast), yes, no, counted)


def _majority(ballot: Ballot, entitled: int, cast: int, yes: int, no: int, counted: bool) -> Result:
    """More yes than no, once the quorum is there and the rest cannot change it. A tie is no majority."""
    if cast < ballot.quorum:
        return Result.OPEN
    waiting = 0 if counted else entitled - cast
    if yes > no + waiting:
        return Result.YES
    return Result.NO if no >= yes + waiting else Result.OPEN


def together(results: Collection[Result]) -> Result:
    """A decision of several ballots: all must say yes, and one no is a no."""
    if Result.NO in results:
        return Result.NO
    return Result.YES if results and set(results) == {Result.YES} else Result.OPEN
