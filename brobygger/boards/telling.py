# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters to a board's members about its meetings. Those who cannot sign in get the papers with the letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import calendar, mail
from brobygger.base.mail import Attachment
from brobygger.base.models import Letter
from brobygger.base.moments import day_in_words
from brobygger.boards import documents
from brobygger.boards.calendar_feed import entry
from brobygger.boards.models import Meeting, Paper, Seat, Summons
from brobygger.boards.queries.members import in_order_of_role, seats_on

HELD_BACK = (Paper.State.QUARANTINE, Paper.State.INFECTED)
MOST_WITH_LETTER = 8 * 1024 * 1024
"""Bytes of papers in one letter: most mail servers refuse more than ten or so."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """The holder of a seat. `address` is empty where none is known; `signs_in`: reads agenda and papers here."""

    seat: Seat
    address: str
    signs_in: bool


def receivers(meeting: Meeting) -> list[Receiver]:
    """Those who sit on the board on the day of the meeting, the chair first."""
    seats = seats_on(meeting.board, timezone.localdate(meeting.starts_at)).select_related("person__user")
    return [receiver(seat, meeting) for seat in in_order_of_role(seats)]


def receiver(seat: Seat, meeting: Meeting) -> Receiver:
    """Where the holder of a seat is written to."""
    user = seat.person.user
    signs_in = user is not None and user.is_active and meeting.board.operator_id in user.roles
    return Receiver(seat, user.email if user and signs_in else seat.person.email, signs_in)


def papers_with(meeting: Meeting) -> tuple[list[Paper], list[Paper]]:
    """The papers that go with a letter, in the order of the agenda, and those that are too large to. One
    that the scanner holds back goes with none."""
    with_it: list[Paper] = []
    left: list[Paper] = []
    room = MOST_WITH_LETTER
    for paper in meeting.papers.exclude(state__in=HELD_BACK).order_by("item__number", "pk"):
        (with_it if paper.size <= room else left).append(paper)
        room -= paper.size if paper in with_it else 0
    return with_it, left


def when_and_where(
    meeting: Meeting, starts_at: datetime | None = None, ends_at: datetime | None = None
) -> str:
    """`torsdag den 3. december 2026 kl. 16.00-18.00`."""
    begins, ends = (
        timezone.localtime(starts_at or meeting.starts_at),
        timezone.localtime(ends_at or meeting.ends_at),
    )
    day = day_in_words(begins.date())
    return _("%(day)s kl. %(begins)s-%(ends)s") % {
        "day": day,
        "begins": f"{begins:%H.%M}",
        "ends": f"{ends:%H.%M}",
    }


def summon(
    meeting: Meeting, told: Iterable[Receiver], *, word: str, user: User
) -> list[tuple[Receiver, Letter]]:
    """The summons with agenda, calendar entry, and papers for those who cannot sign in. Those without an address are left out."""
    agenda = Attachment("dagsorden.pdf", "application/pdf", documents.agenda(meeting))
    items = [f"{item.number}. {item.title}" for item in meeting.items.all()]
    with_it, left = papers_with(meeting)
    files = [_file(paper) for paper in with_it]
    written = []
    for one in told:
        if not one.address:
            continue
        parts = [
            _("Du indkaldes til møde i %(board)s.") % {"board": meeting.board.name},
            _facts(meeting),
            word,
            "\n".join([_("Dagsorden:"), *items]) if items else _("Dagsordenen følger."),
        ]
        if not one.signs_in and (with_it or left):
            parts.append("\n".join([_("Bilag:"), *(paper.name for paper in with_it)]) if with_it else "")
            names = ", ".join(paper.name for paper in left)
            parts.append(
                _("For store til en mail, bed os om dem: %(names)s") % {"names": names} if left else ""
            )
        papers = [] if one.signs_in else files
        subject = _("Indkaldelse: %(what)s") % {"what": _name(meeting)}
        letter = _write(meeting, one, subject, parts, user=user, files=[agenda, *papers])
        written.append((one, letter))
    return written


def _file(paper: Paper) -> Attachment:
    with default_storage.open(str(paper.file.name)) as stored:
        return Attachment(paper.name, paper.content_type, stored.read())


def tell_changed(meeting: Meeting, first: str, *, user: User) -> int:
    """Those who were summoned are told of a change, with the entry that replaces the one in their calendar. Returns how many
    letters. Nobody is told of a meeting that is over."""
    if meeting.ends_at <= timezone.now():
        return 0
    rows = Summons.objects.filter(meeting=meeting).select_related("seat__person__user").order_by("pk")
    written = 0
    for summons in rows:
        one = receiver(summons.seat, meeting)
        if not one.address:
            continue
        subject = f"{first}: {_name(meeting)}"
        letter = _write(meeting, one, subject, [f"{first}.", _facts(meeting)], user=user, files=[])
        Summons.objects.filter(pk=summons.pk).update(letter=letter)
        written += 1
    return written


def _write(
    meeting: Meeting,
    one: Receiver,
    subject: str,
    parts: Iterable[str],
    *,
    user: User,
    files: list[Attachment],
) -> Letter:
    office = meeting.board.operator
    link = settings.SITE_URL.rstrip("/") + meeting.get_absolute_url()
    body = "\n\n".join(
        part
        for part in (
            _("Kære %(who)s") % {"who": one.seat.person.name},
            *parts,
            _("Dagsorden og bilag: %(link)s") % {"link": link} if one.signs_in else "",
            _("Venlig hilsen\n%(office)s") % {"office": office.name},
        )
        if part
    )
    content = calendar.written(meeting.board.name, [entry(meeting)], host=urlsplit(settings.SITE_URL).netloc)
    return mail.write(
        to=[one.address], subject=subject, body=body, operator=office, user=user, reply_to=user.email or office.email,
        attachments=[Attachment("moede.ics", "text/calendar", content), *files],
    )  # fmt: skip


def _facts(meeting: Meeting) -> str:
    told = [_("Tid: %(when)s") % {"when": when_and_where(meeting)}]
    if meeting.place:
        told.append(_("Sted: %(place)s") % {"place": meeting.place})
    return "\n".join(told)


def _name(meeting: Meeting) -> str:
    return f"{meeting.board.name}, {meeting.title}" if meeting.title else meeting.board.name
