# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case type: fields, parties, stages, clocks, documents, letters, numbering, keeping."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from pydantic import Field as Bound
from pydantic import ValidationInfo, model_validator

from brobygger.base import merge_fields
from brobygger.blueprints.kinds import Blueprint, Part
from brobygger.blueprints.reading import WRITTEN
from brobygger.cases.definition.gates import APPLICANT, KEY, OFFICER, Ending, Move, Stage

KLE = r"^$|^\d{2}\.\d{2}\.\d{2}$"
"""KL's classification (KLE): main group, group and subject, two digits each."""
OPENED = "opened"
"""What happens when a case is opened, as clocks call it."""


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    ORGANISATION = "organisation"
    PERSON = "person"
    INDUSTRIES = "industries"
    """Industries, chosen by word or code and kept as codes: `10, 105`."""
    FILE = "file"


class Choice(Part):
    key: str = Bound(pattern=KEY)
    name: str = Bound(min_length=1, max_length=120)


class Field(Part):
    """Something to fill in."""

    key: str = Bound(pattern=KEY)
    label: str = Bound(min_length=1, max_length=120)
    kind: FieldKind = FieldKind.TEXT
    help: str = Bound(default="", max_length=300)
    unit: str = Bound(default="", max_length=20)
    choices: tuple[Choice, ...] = ()
    choices_from: str = Bound(default="", max_length=40)
    """A list that the office keeps elsewhere (`cases.sources`), instead of `choices`."""
    least: Decimal | None = None
    most: Decimal | None = None
    seen_by: tuple[str, ...] = (APPLICANT,)
    """Who beside the office reads it: `applicant` or parties' roles."""

    @model_validator(mode="after")
    def _choices_where_chosen(self) -> Field:
        if (self.kind == FieldKind.CHOICE) != bool(self.choices or self.choices_from):
            raise ValueError(
                "Et felt har »choices« eller »choices_from«, når og kun når dets »kind« er choice."
            )
        return self


class PartyRole(Part):
    """What somebody can be to a case."""

    key: str = Bound(pattern=KEY)
    name: str = Bound(min_length=1, max_length=80)
    many: bool = False
    interested: bool = False
    """Has an interest in the outcome: whoever is such a party neither sees the office's side of the case nor votes."""
    sees: bool = True
    """May open the case (when not interested)."""
    may_write: bool = False
    """May leave remarks in the case."""
    remarks_seen_by: tuple[str, ...] = ()
    """Who beside the office and the role itself reads its remarks: `applicant` or parties' roles."""
    body: str = Bound(default="", max_length=80)
    """A standing body (a board) whose members have the role in every case of the type."""
    proposed_by: str = Bound(default="", max_length=40)
    """The field in which somebody is wished for the role, from a list of those who can have it (`cases.sources`)."""


class Days(StrEnum):
    CALENDAR = "calendar"
    WORKING = "working"


class SubType(Part):
    """A sort of the case type with a service goal of its own."""

    key: str = Bound(pattern=KEY)
    name: str = Bound(min_length=1, max_length=160)
    goal_days: int | None = Bound(default=None, ge=1, le=3660)
    excluded: str = Bound(default="", max_length=300)
    """Why no service goal holds."""


class Pause(Part):
    """A reason for a clock to stand still."""

    key: str = Bound(pattern=KEY)
    name: str = Bound(min_length=1, max_length=120)
    applicant_name: str = Bound(min_length=1, max_length=120)
    waits_for_applicant: bool = False
    """The applicant is asked a question and can answer it themselves."""


class Clock(Part):
    """Counts days between two happenings. A happening is `opened` or the key of a move or a mark."""

    key: str = Bound(pattern=KEY)
    name: str = Bound(min_length=1, max_length=120)
    days: Days = Days.CALENDAR
    starts: tuple[str, ...] = (OPENED,)
    ends: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    goal_days: int | None = Bound(default=None, ge=1, le=3660)
    """The service goal; a sub-type may have its own."""
    warn_days: int = Bound(default=10, ge=0, le=365)
    closed_days: tuple[str, ...] = ()
    """Days beside the public holidays that are no working days: 06-05, 12-24 …"""


class DocumentType(Part):
    key: str = Bound(pattern=KEY)
    name: str = Bound(min_length=1, max_length=120)
    help: str = Bound(default="", max_length=300)
    endings: tuple[str, ...] = ()
    """Kinds of file (pdf, docx …); empty allows all that we take."""
    most_mb: int = Bound(default=10, ge=1, le=25)
    by_applicant: bool = True
    by_parties: tuple[str, ...] = ()
    """Roles that may add it, beside the office."""
    seen_by: tuple[str, ...] = (APPLICANT,)


class LetterTemplate(Part):
    """A letter with merge fields in braces: {sag}, {nummer}, {ansøger}, {status}, {frist}, {link} and the fields' keys."""

    key: str = Bound(pattern=KEY)
    subject: str = Bound(min_length=1, max_length=200)
    body: str = Bound(min_length=1, max_length=10_000)


class Retention(Part):
    """How long a case is kept after it is over, and whether it must be archived before it is deleted."""

    years: int = Bound(default=5, ge=0, le=100)
    archive_first: bool = True


class CaseType(Blueprint):
    """The definition of a kind of case. Named rules and roles are checked against each other when it is adopted."""

    prefix: str = Bound(default="SAG", pattern=r"^[A-ZÆØÅ]{2,6}$")
    """Cases are numbered PREFIX-YEAR-NUMBER, from 1 each year."""
    kle: str = Bound(default="", pattern=KLE)
    applicant_may_open: bool = False
    applicant_intro: str = Bound(default="", max_length=1500)
    """What an applicant reads before they begin: what it is, and what is asked for."""
    opened_letter: str = Bound(default="", max_length=40)
    """Sent to the applicant when the case is opened."""
    confidential: bool = False
    """On a firm's page such cases are told to their officer and the office's heads only."""
    outcome_words: dict[Ending, str] = Bound(default_factory=dict)
    """What an outcome is called here, where the usual word does not fit: a building permit is not granted as money is."""
    topic_field: str = Bound(default="", max_length=40)
    """The field that lists group cases by (a grant's scheme)."""
    amount_field: str = Bound(default="", max_length=40)
    """The field that holds the case's money."""
    paid_by_others: bool = False
    """The money is a bank's or an investor's: the office notes no payments."""
    fields: tuple[Field, ...] = ()
    parties: tuple[PartyRole, ...] = ()
    subtypes: tuple[SubType, ...] = ()
    pauses: tuple[Pause, ...] = ()
    clocks: tuple[Clock, ...] = ()
    documents: tuple[DocumentType, ...] = ()
    letters: tuple[LetterTemplate, ...] = ()
    stages: tuple[Stage, ...] = Bound(min_length=2)
    marks: tuple[Choice, ...] = ()
    """Happenings that the office records without the case moving."""
    retention: Retention = Retention()

    @model_validator(mode="after")
    def _holds_together(self, info: ValidationInfo) -> CaseType:
        from brobygger.cases.definition.checks import first_fault

        if fault := first_fault(self, written=bool((info.context or {}).get(WRITTEN))):
            raise ValueError(fault)
        return self

    @property
    def first(self) -> Stage:
        return self.stages[0]

    def stage(self, key: str) -> Stage:
        return self._stages[key]

    def field(self, key: str) -> Field:
        return self._fields[key]

    def move(self, stage: str, key: str) -> Move | None:
        """The way out of that stage with that key."""
        return next((move for move in self.stage(stage).moves if move.key == key), None)

    def role(self, key: str) -> PartyRole:
        return next(role for role in self.roles if role.key == key)

    def subtype(self, key: str) -> SubType | None:
        return next((sort for sort in self.subtypes if sort.key == key), None)

    def pause(self, key: str) -> Pause:
        return next(pause for pause in self.pauses if pause.key == key)

    def letter(self, key: str) -> LetterTemplate:
        return next(letter for letter in self.letters if letter.key == key)

    def tells_the_reason(self, letter: str) -> bool:
        """Whether the applicant reads in that letter why the way was taken. Empty: no letter is sent."""
        if not letter:
            return False
        sent = self.letter(letter)
        return "begrundelse" in merge_fields.fields_of(f"{sent.subject}{sent.body}")

    def document(self, key: str) -> DocumentType | None:
        return next((sort for sort in self.document_types if sort.key == key), None)

    @cached_property
    def roles(self) -> tuple[PartyRole, ...]:
        """The declared roles; the applicant is always one, and always interested."""
        declared = tuple(role for role in self.parties if role.key != APPLICANT)
        named = next((role.name for role in self.parties if role.key == APPLICANT), "Ansøger")
        return (PartyRole(key=APPLICANT, name=named, interested=True), *declared)

    @cached_property
    def document_types(self) -> tuple[DocumentType, ...]:
        """The declared ones, and one for each field that is a file."""
        files = (
            DocumentType(key=field.key, name=field.label, help=field.help, seen_by=field.seen_by)
            for field in self.fields
            if field.kind == FieldKind.FILE
        )
        return (*self.documents, *files)

    @property
    def filled_in(self) -> Iterator[Field]:
        """Fields that are typed, not uploaded."""
        return (field for field in self.fields if field.kind != FieldKind.FILE)

    def goal_days(self, clock: Clock, subtype: str) -> int | None:
        """The service goal for a case of that sub-type; None where none holds."""
        sort = self.subtype(subtype)
        if sort and sort.excluded:
            return None
        return sort.goal_days if sort and sort.goal_days else clock.goal_days

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.key: stage for stage in self.stages}

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {field.key: field for field in self.fields}

    @cached_property
    def voters(self) -> frozenset[str]:
        """The roles that decide something by votes."""
        ways = (way for stage in self.stages for way in stage.moves)
        return frozenset(ballot.of for way in ways for ballot in way.ballots)

    @cached_property
    def who(self) -> frozenset[str]:
        """Everybody who can be named as acting in the case."""
        return frozenset({OFFICER, *(role.key for role in self.roles)})
