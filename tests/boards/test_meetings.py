# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Meetings: agenda, papers, attendance, minutes, and what no longer changes."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from icalendar import Calendar

from brobygger.base import calendar
from brobygger.base.versions import EditedMeanwhile
from brobygger.boards import documents
from brobygger.boards.calendar_feed import entry, meetings
from brobygger.boards.errors import BadValues, MinutesApproved, StillInUse
from brobygger.boards.models import Meeting, Seat
from brobygger.boards.services import meetings as services
from brobygger.dialogue.attachments import AttachmentRefused, checked_attachment
from tests.boards.made import board, day, meeting, partner, seat


def items(of: Meeting) -> list[str]:
    return [f"{item.number} {item.title}" for item in of.items.order_by("number")]


def test_the_agenda_keeps_its_numbers_when_items_are_moved_and_removed(operator, consultant) -> None:
    held = meeting(board(operator))
    made = [
        services.add_item(held, title=title, kind="discussion", text="", user=consultant)
        for title in ("Velkomst", "Byggesager", "Eventuelt")
    ]
    services.move_item(made[2], up=True, user=consultant)
    assert items(held) == ["1 Velkomst", "2 Eventuelt", "3 Byggesager"]
    services.move_item(made[0], up=True, user=consultant)
    services.remove_item(made[2], user=consultant)
    assert items(held) == ["1 Velkomst", "2 Byggesager"]


def test_an_item_with_minutes_is_not_removed(operator, consultant) -> None:
    held = meeting(board(operator))
    item = services.add_item(held, title="Byggesager", kind="decision", text="", user=consultant)
    services.change_item(
        item,
        title=item.title,
        kind="decision",
        text="",
        minutes="Vedtaget.",
        user=consultant,
        expected=item.version,
    )
    with pytest.raises(StillInUse):
        services.remove_item(item, user=consultant)


def test_papers_follow_the_rules_of_attachments(operator, consultant, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    held = meeting(board(operator))
    file = checked_attachment(SimpleUploadedFile("budget.pdf", b"%PDF-1.4 tal"))
    paper = services.add_paper(held, file, item=None, user=consultant)
    assert (paper.name, held.papers.count()) == ("budget.pdf", 1)
    with pytest.raises(AttachmentRefused):
        checked_attachment(SimpleUploadedFile("budget.pdf", b"MZ program"))
    services.remove_paper(paper, user=consultant)
    assert not held.papers.exists()


def test_attendance_is_of_those_who_sit_that_day_and_makes_the_meeting_held(operator, consultant) -> None:
    council = board(operator)
    here, former = seat(council), seat(council, ends_on=day(-30))
    held = meeting(council, starts_at=timezone.now() - timedelta(hours=3))
    services.record_attendance(
        held, {here.pk: "present", former.pk: "present"}, user=consultant, expected=held.version
    )
    assert list(held.attendances.values_list("seat_id", "state")) == [(here.pk, "present")]
    held.refresh_from_db()
    assert held.state == Meeting.State.HELD


def test_nobody_has_attended_a_meeting_that_is_still_to_come_or_called_off(operator, consultant) -> None:
    coming, off = meeting(board(operator)), meeting(board(operator), state="cancelled")
    for held in (coming, off):
        with pytest.raises(BadValues):
            services.record_attendance(held, {}, user=consultant, expected=held.version)


def test_approved_minutes_change_no_more(operator, consultant) -> None:
    held = meeting(board(operator), state=Meeting.State.HELD, starts_at=timezone.now() - timedelta(days=1))
    item = services.add_item(held, title="Byggesager", kind="decision", text="", user=consultant)
    services.approve_minutes(held, user=consultant, expected=held.version)
    held.refresh_from_db()
    with pytest.raises(MinutesApproved):
        services.change_item(
            item, title="X", kind="decision", text="", minutes="", user=consultant, expected=item.version
        )
    with pytest.raises(MinutesApproved):
        services.record_attendance(held, {}, user=consultant, expected=held.version)


def test_the_second_of_two_who_move_a_meeting_is_told(operator, consultant) -> None:
    held = meeting(board(operator))
    values = {"title": "", "place": "Rådhuset", "starts_at": held.starts_at, "ends_at": held.ends_at}
    services.change(held, user=consultant, expected=held.version, **values)
    with pytest.raises(EditedMeanwhile):
        services.change(held, user=consultant, expected=held.version, **values)


@pytest.mark.parametrize(("month", "hour"), [(1, 15), (7, 14)])
def test_a_calendar_has_the_danish_time_in_summer_and_winter(operator, month: int, hour: int) -> None:
    begins = datetime(2026, month, 15, 16, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
    held = meeting(
        board(operator, name="Erhvervsrådet"), starts_at=begins, ends_at=begins + timedelta(hours=2)
    )
    event = Calendar.from_ical(calendar.written("Råd", [entry(held)], host="x.invalid")).walk("VEVENT")[0]
    assert event["DTSTART"].dt.astimezone(ZoneInfo("UTC")).hour == hour
    assert str(event["SUMMARY"]) == "Erhvervsrådet"


def test_a_meeting_called_off_is_called_off_in_the_calendar_too(operator, consultant) -> None:
    held = services.cancel(meeting(board(operator)), user=consultant, expected=1)
    event = Calendar.from_ical(calendar.written("Råd", [entry(held)], host="x.invalid")).walk("VEVENT")[0]
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)


def test_ones_own_calendar_has_the_meetings_of_the_boards_where_one_sits(operator) -> None:
    mine, other = board(operator), board(operator)
    user = partner(mine)
    own = meeting(mine)
    meeting(other)
    found = list(meetings(user, day(-7), day(30)))
    assert [one.uid for one in found] == [f"board-meeting-{own.pk}"]


def test_agenda_and_minutes_are_pdf_with_what_was_typed_as_it_stands(operator, consultant) -> None:
    council = board(operator, name="Erhvervsrådet #1")
    seat(council, role=Seat.Role.CHAIR, name="Åse Prøve")
    held = meeting(council, state=Meeting.State.HELD, starts_at=timezone.now() - timedelta(days=1))
    services.add_item(
        held, title="Kr. 5 * 3 = *15* _og_ #let", kind="decision", text="$x$ [a]", user=consultant
    )
    for content in (documents.agenda(held), documents.minutes(held)):
        assert io.BytesIO(content).read(5) == b"%PDF-"
