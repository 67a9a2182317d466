# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong with a case, told in plain Danish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from brobygger.base.danish import join
from brobygger.base.errors import UserError


class NotYours(UserError):
    """The person has no part in this that lets them do it."""

    def __init__(self) -> None:
        super().__init__(_("Det kan du ikke gøre i denne sag."))


class Conflicted(UserError):
    """A party to the case, or somebody of a firm that is, does not decide it (forvaltningsloven § 3)."""

    def __init__(self) -> None:
        super().__init__(_("Du er inhabil i sagen og kan ikke behandle den."))


class NoSuchWay(UserError):
    """The case does not stand where that way begins: the gate cannot be skipped, or the stage is passed."""

    def __init__(self) -> None:
        super().__init__(_("Sagen står ikke dér, hvor det kan ske. Se, hvor den er nået til."))


class NotReady(UserError):
    """Something that the gate asks for is not there. `missing`: each in Danish."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = list(missing)
        super().__init__(" ".join(self.missing))


class MustBeDecided(UserError):
    """The way is decided by votes; nobody takes it alone."""

    def __init__(self, who: Sequence[str]) -> None:
        super().__init__(_("Det afgøres af %(who)s. Ingen kan gøre det alene.") % {"who": join(list(who))})


class VotedAlready(UserError):
    """One vote each."""

    def __init__(self) -> None:
        super().__init__(_("Du har allerede stemt i denne afgørelse."))


class StagePassed(UserError):
    """The case was decided, or moved, after the person opened the page."""

    def __init__(self) -> None:
        super().__init__(_("Sagen er i mellemtiden gået videre. Det, du ville gøre, er ikke sket."))


class BadVote(UserError):
    """An answer that this decision does not take."""


class OutOfOrder(UserError):
    """A date that would turn the order of what happened upside down, or that has not come yet."""


class NeedsReason(UserError):
    """What is dated back or corrected must be explained."""

    def __init__(self) -> None:
        super().__init__(_("Skriv en begrundelse."))


class BadValues(UserError):
    """Values that cannot be stored. `faults`: field → what is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


class AnsweredElsewhere(UserError):
    """What is due asks for more than a text."""

    def __init__(self) -> None:
        super().__init__(_("Det skal svares på sin egen side, så tallene kommer med."))


class NotADraft(UserError):
    """The office has begun to handle it."""

    def __init__(self) -> None:
        super().__init__(_("Kontoret er gået i gang med sagen. Træk den tilbage i stedet."))


class NotPaused(UserError):
    """There is nothing to answer or to end."""

    def __init__(self) -> None:
        super().__init__(_("Sagen venter ikke længere på det."))


class CaseIsOver(UserError):
    """Nothing more is written in a case that is closed."""

    def __init__(self) -> None:
        super().__init__(_("Sagen er afsluttet."))


class LimitMeanwhile(UserError):
    """Two heads wrote the same person's limit at once. `now`: officer → what stands, None for no limit."""

    def __init__(self, now: Mapping[int | None, int | None]) -> None:
        self.now = now
        super().__init__(_("En anden har sat loft, mens du skrev. Gem igen, hvis dine tal skal gælde."))


class NotArchived(UserError):
    """A case is deleted only after the gate of archiving and after its time."""


class DocumentRefused(UserError):
    """The file cannot be part of the case."""


class BadKle(UserError):
    """A journal number that is none."""

    def __init__(self) -> None:
        super().__init__(_("Et KLE-nummer skrives som 02.34.02."))
