# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Stages and the ways between them: who may go, what must be there, and who decides."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field as Bound
from pydantic import model_validator

from brobygger.blueprints.kinds import Part

KEY = r"^[a-z][a-z0-9_]{0,39}$"
OFFICER, APPLICANT = "officer", "applicant"
"""Who may always be named: the office's own people, and those who act for the applicant."""


class Majority(StrEnum):
    """How many of those entitled must say yes."""

    ONE = "one"
    """One of them answers for all (a bank, a head of office)."""
    MAJORITY = "majority"
    """More yes than no among those who voted, and the quorum is there."""
    UNANIMOUS = "unanimous"
    """Everybody entitled says yes."""


class Ballot(Part):
    """A group that must say yes. A decision with several ballots needs all of them."""

    of: str = Bound(pattern=KEY)
    """`officer` or a party's role."""
    name: str = Bound(min_length=1, max_length=120)
    how: Majority = Majority.ONE
    quorum: int = Bound(default=1, ge=1, le=50)
    """So many must have voted before a majority counts."""


class RuleUse(Part):
    """A named rule (`cases/rules`) switched on with its parameters."""

    rule: str = Bound(pattern=KEY)
    parameters: dict[str, Any] = {}


class CheckPoint(Part):
    """Something a person must have ticked off before the case goes on."""

    key: str = Bound(pattern=KEY)
    text: str = Bound(min_length=1, max_length=300)


class Move(Part):
    """A way out of a stage."""

    key: str = Bound(pattern=KEY)
    to: str = Bound(pattern=KEY)
    name: str = Bound(min_length=1, max_length=80)
    """What the button says."""
    applicant_name: str = Bound(default="", max_length=80)
    """What it says to the applicant, where it is theirs too."""
    by: tuple[str, ...] = (OFFICER,)
    """Who may take it; unused where ballots decide."""
    ballots: tuple[Ballot, ...] = ()
    otherwise: str = Bound(default="", max_length=40)
    """Where the case goes when a ballot says no; empty: it stays, and a new round begins."""
    needs_fields: tuple[str, ...] = ()
    needs_documents: tuple[str, ...] = ()
    needs_checks: tuple[str, ...] = ()
    needs_parties: tuple[str, ...] = ()
    needs_reason: bool = False
    reason_help: str = Bound(default="", max_length=300)
    """Beside the reason on the form: who gets to read it."""
    rules: tuple[RuleUse, ...] = ()
    letter: str = Bound(default="", max_length=40)
    """Sent to the applicant when the case has moved."""
    letter_otherwise: str = Bound(default="", max_length=40)

    @model_validator(mode="after")
    def _decided_one_way(self) -> Move:
        if self.ballots and len({ballot.of for ballot in self.ballots}) < len(self.ballots):
            raise ValueError("En afgørelse kan ikke have to afstemninger i samme kreds.")
        if self.otherwise and not self.ballots:
            raise ValueError("»otherwise« hører til en afgørelse med »ballots«.")
        return self


class Ending(StrEnum):
    """What became of a case that is over."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Stage(Part):
    """Where a case can stand. The office and the applicant read different words for it."""

    key: str = Bound(pattern=KEY)
    name: str = Bound(min_length=1, max_length=80)
    applicant_name: str = Bound(min_length=1, max_length=80)
    applicant_text: str = Bound(default="", max_length=600)
    """What happens now and what the applicant should do."""
    ends: Ending | None = None
    """A last stage says what became of the case. A granted case may still have stages after it (paid, reported)."""
    applicant_edits: tuple[str, ...] = ()
    """Fields that the applicant may fill in here."""
    decides_anew: bool = False
    """A granted case stands here while its amount is decided on again: until then what was granted stands."""
    due_days: int | None = Bound(default=None, ge=1, le=3660)
    """A case that stays longer is late."""
    checks: tuple[CheckPoint, ...] = ()
    moves: tuple[Move, ...] = ()
