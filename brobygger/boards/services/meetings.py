# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with a board's meetings: plan, agenda, papers, attendance, minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base.busy import taken
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.boards import telling
from brobygger.boards.busy import UID
from brobygger.boards.errors import BadValues, MembersBusy, MinutesApproved, StillInUse
from brobygger.boards.models import AgendaItem, Attendance, Board, Meeting, Paper, Seat
from brobygger.boards.queries.members import seats_on
from brobygger.boards.services.boards import office_only
from brobygger.dialogue.attachments import Checked

MOST_ITEMS, MOST_PAPERS = 60, 60
_TIME = ("title", "starts_at", "ends_at", "place")


@transaction.atomic
def plan(
    board: Board,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    user: User,
    anyway: bool = False,
) -> Meeting:
    """Plan a meeting. Raises BadValues, MembersBusy (unless `anyway`), NotYourBoard."""
    office_only(user, board.operator_id)
    meeting = Meeting(board=board)
    _fill(meeting, title=title, starts_at=starts_at, ends_at=ends_at, place=place)
    if not anyway:
        _must_be_free(meeting)
    meeting.save()
    return meeting


@transaction.atomic
def change(
    meeting: Meeting,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    user: User,
    expected: int,
    anyway: bool = False,
) -> Meeting:
    """Move or rename a meeting. Those who were summoned are told of another time or place.

    Raises EditedMeanwhile, MinutesApproved, BadValues, MembersBusy on a new time (unless `anyway`), NotYourBoard.
    """
    stored = claimed(meeting, user, expected)
    before = [getattr(stored, name) for name in _TIME]
    _fill(stored, title=title, starts_at=starts_at, ends_at=ends_at, place=place)
    after = [getattr(stored, name) for name in _TIME]
    if before[1:3] != after[1:3] and stored.state == Meeting.State.PLANNED and not anyway:
        _must_be_free(stored)
    if before != after:
        stored.calendar_sequence += 1
    stored.save()
    if before[1:] != after[1:] and stored.state == Meeting.State.PLANNED:
        moved = before[1:3] != after[1:3]
        first = _("Mødet er flyttet til et nyt tidspunkt") if moved else _("Mødet har fået et nyt sted")
        telling.tell_changed(stored, first, user=user)
    return stored


def _fill(meeting: Meeting, *, title: str, starts_at: datetime, ends_at: datetime, place: str) -> None:
    title, place = " ".join(clean_text(title).split()), " ".join(clean_text(place).split())
    faults = {}
    if len(title) > 120:
        faults["title"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": 120}
    if len(place) > 200:
        faults["place"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": 200}
    if ends_at <= starts_at:
        faults["ends_at"] = _("Mødet slutter, før det begynder.")
    elif (ends_at - starts_at).days >= 3:
        faults["ends_at"] = _("Et møde varer højst tre dage.")
    if faults:
        raise BadValues(faults)
    meeting.title, meeting.place, meeting.starts_at, meeting.ends_at = title, place, starts_at, ends_at


def _must_be_free(meeting: Meeting) -> None:
    """Hold those who have a seat on the day until the transaction ends, as when a visit or a talk gets its time. Raises
    MembersBusy; never of a meeting that is over and is only written down."""
    if meeting.ends_at <= timezone.now():
        return
    seats = seats_on(meeting.board, timezone.localdate(meeting.starts_at))
    names = {seat.person.user_id: seat.person.name for seat in seats if seat.person.user_id}
    list(User.objects.select_for_update(no_key=True).filter(pk__in=list(names)).order_by("pk"))
    own = UID.format(pk=meeting.pk)
    spans = taken(names, meeting.starts_at, meeting.ends_at, but=own)
    if busy := [(names[user], *found[0]) for user, found in spans.items() if found]:
        raise MembersBusy(busy)


@transaction.atomic
def cancel(meeting: Meeting, *, user: User, expected: int) -> Meeting:
    """It is called off, which those who were summoned are told; it stays on record. Raises EditedMeanwhile, StillInUse, NotYourBoard."""
    stored = claimed(meeting, user, expected)
    if stored.state == Meeting.State.HELD:
        raise StillInUse(_("Mødet er holdt."))
    if stored.state == Meeting.State.CANCELLED:
        return stored
    stored.state = Meeting.State.CANCELLED
    stored.calendar_sequence += 1
    stored.save()
    telling.tell_changed(stored, _("Mødet er aflyst"), user=user)
    return stored


@transaction.atomic
def restore(meeting: Meeting, *, user: User, expected: int, anyway: bool = False) -> Meeting:
    """It takes place after all, which those who were summoned are told. Raises EditedMeanwhile, MembersBusy (unless `anyway`),
    NotYourBoard."""
    stored = claimed(meeting, user, expected)
    if stored.state == Meeting.State.CANCELLED:
        if not anyway:
            _must_be_free(stored)
        stored.state = Meeting.State.PLANNED
        stored.calendar_sequence += 1
        stored.save()
        telling.tell_changed(stored, _("Mødet holdes alligevel"), user=user)
    return stored


@transaction.atomic
def add_item(meeting: Meeting, *, title: str, kind: str, text: str, user: User) -> AgendaItem:
    """Put an item on the agenda, as the last. Raises BadValues, MinutesApproved, NotYourBoard."""
    held = _held(meeting, user)
    last = held.items.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_ITEMS:
        raise BadValues({"title": _("Der kan højst være %(most)s punkter.") % {"most": MOST_ITEMS}})
    item = AgendaItem(meeting=held, number=last + 1)
    _fill_item(item, title=title, kind=kind, text=text, minutes="")
    item.save()
    return item


@transaction.atomic
def change_item(
    item: AgendaItem, *, title: str, kind: str, text: str, minutes: str, user: User, expected: int
) -> AgendaItem:
    """Correct an item, or write what was said and decided. Raises EditedMeanwhile, BadValues, MinutesApproved, NotYourBoard."""
    stored = AgendaItem.objects.get(pk=item.pk)
    _held(stored.meeting, user)
    claim(stored, expected)
    _fill_item(stored, title=title, kind=kind, text=text, minutes=minutes)
    stored.save()
    return stored


def _fill_item(item: AgendaItem, *, title: str, kind: str, text: str, minutes: str) -> None:
    title, text, minutes = " ".join(clean_text(title).split()), clean_text(text), clean_text(minutes)
    faults = {}
    if not 0 < len(title) <= 200:
        faults["title"] = _("Skriv punktet med højst 200 tegn.")
    if kind not in AgendaItem.Kind.values:
        faults["kind"] = _("Vælg arten.")
    if len(text) > 10_000:
        faults["text"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": "10.000"}
    if len(minutes) > 20_000:
        faults["minutes"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": "20.000"}
    if faults:
        raise BadValues(faults)
    item.title, item.kind, item.text, item.minutes = title, kind, text, minutes


@transaction.atomic
def move_item(item: AgendaItem, *, up: bool, user: User) -> None:
    """Move an item one place. Raises MinutesApproved, NotYourBoard."""
    meeting = _held(item.meeting, user)
    items = list(meeting.items.order_by("number", "pk"))
    at = next(place for place, one in enumerate(items) if one.pk == item.pk)
    to = at - 1 if up else at + 1
    if 0 <= to < len(items):
        items[at], items[to] = items[to], items[at]
    _number(items)


@transaction.atomic
def remove_item(item: AgendaItem, *, user: User) -> None:
    """Take an item off the agenda; its papers stay with the meeting. Raises MinutesApproved, StillInUse, NotYourBoard."""
    meeting = _held(item.meeting, user)
    stored = AgendaItem.objects.get(pk=item.pk)
    if stored.minutes or stored.recommendations.exists():
        raise StillInUse(_("Punktet har et referat eller en anbefaling. Det kan ikke fjernes."))
    stored.delete()
    _number(list(meeting.items.order_by("number", "pk")))


def _number(items: list[AgendaItem]) -> None:
    for number, item in enumerate(items, 1):
        if item.number != number:
            item.number = number
            item.save()


@transaction.atomic
def add_paper(meeting: Meeting, file: Checked, *, item: AgendaItem | None, user: User) -> Paper:
    """Attach a checked file. Raises BadValues, MinutesApproved, NotYourBoard."""
    held = _held(meeting, user)
    if item and item.meeting_id != held.pk:
        raise BadValues({"item": _("Vælg et af mødets egne punkter.")})
    if held.papers.count() >= MOST_PAPERS:
        raise BadValues({"file": _("Der kan højst være %(most)s bilag til et møde.") % {"most": MOST_PAPERS}})
    paper = Paper(
        meeting=held, item=item, name=file.name, content_type=file.content_type, size=file.size, added_by=user
    )
    paper.file.save(str(file.content.name), file.content, save=False)
    paper.save()
    return paper


@transaction.atomic
def remove_paper(paper: Paper, *, user: User) -> None:
    """Delete a paper; that it was done is in the audit trail. Raises MinutesApproved, NotYourBoard."""
    meeting = _held(paper.meeting, user)
    name = paper.file.name
    audit.record(
        "board_paper_deleted", user=user, operator=meeting.board.operator, about=f"{paper.name}: {meeting}"
    )
    paper.delete()
    if name:
        transaction.on_commit(partial(default_storage.delete, name))


@transaction.atomic
def record_attendance(meeting: Meeting, states: Mapping[int, str], *, user: User, expected: int) -> Meeting:
    """Who came: seat → present or absent; a seat that is not named is not recorded. The meeting has then been held.

    Raises EditedMeanwhile, BadValues, MinutesApproved, NotYourBoard.
    """
    stored = claimed(meeting, user, expected)
    if stored.state == Meeting.State.CANCELLED:
        raise BadValues({"attendance": _("Mødet er aflyst.")})
    day = timezone.localdate(stored.starts_at)
    if stored.starts_at > timezone.now():
        raise BadValues({"attendance": _("Mødet har ikke været endnu.")})
    seats = set(Seat.objects.held_on(day).filter(board_id=stored.board_id).values_list("pk", flat=True))
    wanted = {pk: state for pk, state in states.items() if pk in seats and state in Attendance.State.values}
    Attendance.objects.filter(meeting=stored).exclude(seat_id__in=wanted).delete()
    for pk, state in sorted(wanted.items()):
        Attendance.objects.update_or_create(meeting=stored, seat_id=pk, defaults={"state": state})
    stored.state = Meeting.State.HELD
    stored.save()
    return stored


@transaction.atomic
def approve_minutes(meeting: Meeting, *, user: User, expected: int) -> Meeting:
    """The minutes are approved and no longer change. Raises EditedMeanwhile, BadValues, MinutesApproved, NotYourBoard."""
    stored = claimed(meeting, user, expected)
    if stored.state != Meeting.State.HELD:
        raise BadValues({"minutes": _("Skriv først, hvem der kom.")})
    stored.minutes_approved_on = timezone.localdate()
    stored.save()
    audit.record("board_minutes_approved", user=user, operator=stored.board.operator, about=str(stored))
    return stored


@transaction.atomic
def delete(meeting: Meeting, *, user: User) -> None:
    """Delete a meeting that was planned by mistake. Raises StillInUse, MinutesApproved, NotYourBoard."""
    stored = _held(meeting, user)
    if stored.state == Meeting.State.HELD or stored.recommendations.exists():
        raise StillInUse(_("Mødet er holdt eller har anbefalinger. Det kan ikke slettes."))
    if stored.state == Meeting.State.PLANNED and stored.summons.exists():
        raise StillInUse(_("Medlemmerne er indkaldt. Aflys mødet, så de får besked."))
    names = [paper.file.name for paper in stored.papers.all()]
    audit.record("board_meeting_deleted", user=user, operator=stored.board.operator, about=str(stored))
    stored.delete()
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name))


def _held(meeting: Meeting, user: User) -> Meeting:
    """The meeting, held until the transaction ends. Raises MinutesApproved, NotYourBoard."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("board__operator")
    stored = rows.get(pk=meeting.pk)
    office_only(user, stored.board.operator_id)
    if stored.is_locked:
        raise MinutesApproved
    return stored


def claimed(meeting: Meeting, user: User, expected: int) -> Meeting:
    """The meeting, held, at its next version. Raises EditedMeanwhile, MinutesApproved, NotYourBoard."""
    stored = _held(meeting, user)
    claim(stored, expected)
    return stored
