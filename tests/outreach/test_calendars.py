# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consultants' own calendars: fetched from a real server within limits, and worked out with repeating events."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from brobygger.outreach import tasks
from brobygger.outreach.calendars import fetching
from brobygger.outreach.calendars.fetching import CalendarUnavailable, checked, fetch
from brobygger.outreach.calendars.reading import busy_times
from brobygger.outreach.models import BookingProfile, BusyTime
from tests.outreach.booked import bookable, slots


def calendar(*events: str) -> bytes:
    parts = "".join(
        f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT\n" for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{parts}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def busy(*events: str, since: str = "2026-03-01", until: str = "2026-05-01") -> list[str]:
    """Busy times as `MM-DD HH:MM-HH:MM` Danish time."""
    spans = busy_times(
        calendar(*events),
        datetime.fromisoformat(since).replace(tzinfo=UTC),
        datetime.fromisoformat(until).replace(tzinfo=UTC),
    )
    return [
        f"{timezone.localtime(start):%m-%d %H:%M}-{timezone.localtime(end):%H:%M}" for start, end in spans
    ]


DANISH = "TZID=Europe/Copenhagen"


def test_a_meeting_is_busy_in_whatever_zone_it_is_written():
    assert busy("DTSTART:20260304T080000Z\nDTEND:20260304T090000Z") == ["03-04 09:00-10:00"]
    assert busy(f"DTSTART;{DANISH}:20260304T090000\nDTEND;{DANISH}:20260304T100000") == ["03-04 09:00-10:00"]
    assert busy("DTSTART;TZID=America/New_York:20260304T090000\nDURATION:PT30M") == ["03-04 15:00-15:30"]
    assert busy("DTSTART:20260304T090000\nDURATION:PT1H") == ["03-04 09:00-10:00"]


def test_what_brobygger_wrote_in_the_calendar_is_not_read_back(settings):
    settings.SITE_URL = "https://brobygger.example"
    told = calendar("DTSTART:20260304T080000Z\nDTEND:20260304T090000Z")
    span = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    for uid, known in [
        (b"planned-visit-7@brobygger.example", True),
        (b"samtale-7@brobygger.example", True),
        (b"samtale-7@another.example", False),
        (b"board-meeting-7@brobygger.example", True),
    ]:
        assert (busy_times(told.replace(b"UID:0", b"UID:" + uid), *span) == []) is known


def test_a_weekly_meeting_stays_at_nine_when_the_clock_is_moved():
    found = busy(f"DTSTART;{DANISH}:20260318T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4")
    assert found == [f"{day} 09:00-10:00" for day in ("03-18", "03-25", "04-01", "04-08")]


def test_a_meeting_that_repeats_in_utc_moves_an_hour_on_a_danish_wall():
    found = busy("DTSTART:20260325T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2")
    assert found == ["03-25 09:00-10:00", "04-01 10:00-11:00"]


def test_times_that_were_taken_out_added_or_moved_are_as_they_were_said():
    series = f"DTSTART;{DANISH}:20260302T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4"
    without = f"{series}\nEXDATE;{DANISH}:20260303T090000\nRDATE;{DANISH}:20260310T120000"
    assert busy(without) == [
        "03-02 09:00-10:00",
        "03-04 09:00-10:00",
        "03-05 09:00-10:00",
        "03-10 12:00-13:00",
    ]
    moved = calendar(series).replace(
        b"END:VCALENDAR",
        b"BEGIN:VEVENT\r\nUID:0\r\nRECURRENCE-ID;TZID=Europe/Copenhagen:20260304T090000\r\n"
        b"DTSTART;TZID=Europe/Copenhagen:20260304T140000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    spans = busy_times(moved, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert [timezone.localtime(start).strftime("%d %H") for start, _end in spans] == [
        "02 09",
        "03 09",
        "04 14",
        "05 09",
    ]


@pytest.mark.parametrize("ends", ["UNTIL=20260304T080000Z", "UNTIL=20260304", "COUNT=3"])
def test_a_series_ends_when_it_says(ends):
    found = busy(f"DTSTART;{DANISH}:20260302T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;{ends}")
    assert found == ["03-02 09:00-10:00", "03-03 09:00-10:00", "03-04 09:00-10:00"]


def test_a_series_that_began_long_ago_is_worked_out_where_it_is_asked_for():
    found = busy(
        f"DTSTART;{DANISH}:20110303T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=TU,TH",
        since="2026-03-02",
        until="2026-03-09",
    )
    assert found == ["03-03 09:00-10:00", "03-05 09:00-10:00"]


def test_a_whole_day_is_busy_from_midnight_to_midnight_also_when_it_has_23_hours():
    assert busy("DTSTART;VALUE=DATE:20260304") == ["03-04 00:00-00:00"]
    spans = busy_times(
        calendar("DTSTART;VALUE=DATE:20260329\nDTEND;VALUE=DATE:20260330"),
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 5, 1, tzinfo=UTC),
    )
    ((start, end),) = spans
    assert (end - start).total_seconds() == 23 * 3600


@pytest.mark.parametrize(
    "word", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
)
def test_what_takes_no_time_is_not_busy(word):
    assert busy(f"DTSTART:20260304T080000Z\nDURATION:PT1H\n{word}") == []


def test_overlapping_meetings_are_one_busy_time():
    assert busy("DTSTART:20260304T080000Z\nDURATION:PT1H", "DTSTART:20260304T083000Z\nDURATION:PT1H") == [
        "03-04 09:00-10:30"
    ]


def test_free_busy_is_read_without_its_free_times():
    raw = (
        b"BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20260304T080000Z/PT1H\r\n"
        b"FREEBUSY;FBTYPE=FREE:20260304T100000Z/PT1H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    )
    spans = busy_times(raw, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert [start.hour for start, _end in spans] == [8]


def test_one_event_that_cannot_be_read_hides_none_of_the_others():
    assert busy("SUMMARY:uden tid", "DTSTART:20260304T080000Z\nDURATION:PT1H") == ["03-04 09:00-10:00"]


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"]
)
def test_a_series_without_end_or_sense_ends_the_reading(rule):
    assert busy(f"DTSTART:20100101T080000Z\nDURATION:PT1H\nRRULE:{rule}") == []


@pytest.mark.parametrize(
    "content", [b"", b"<html>ikke en kalender</html>", b"\xff\xfe", b"BEGIN:VCALENDAR\r\n"]
)
def test_what_is_no_calendar_is_refused_or_empty(content):
    with contextlib.suppress(CalendarUnavailable):
        assert busy_times(content, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)) == []


# Fetching --------------------------------------------------------------------------------------------------


class Server(BaseHTTPRequestHandler):
    """Says what the address asks for."""

    def do_GET(self) -> None:
        answers = {
            "/ok": (200, calendar("DTSTART:20260304T080000Z\nDURATION:PT1H"), {}),
            "/tom": (200, calendar(), {}),
            "/stor": (200, b"x" * 4000, {}),
            "/fejl": (500, b"", {}),
            "/videre": (302, b"", {"Location": "/ok"}),
            "/rundt": (302, b"", {"Location": "/rundt"}),
            "/ind": (302, b"", {"Location": "http://169.254.169.254/latest"}),
            "/fil": (302, b"", {"Location": "file:///etc/passwd"}),
        }
        if self.path == "/langsom":
            self.send_response(200)
            self.end_headers()
            for _ in range(20):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
            return
        code, body, headers = answers.get(self.path, (404, b"", {}))
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Silence."""


@pytest.fixture
def server(settings) -> Iterator[str]:
    settings.CALENDAR_PRIVATE_ADDRESSES = True
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://localhost:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_a_calendar_is_fetched_also_where_it_has_moved(server):
    assert b"VEVENT" in fetch(f"{server}/ok")
    assert b"VEVENT" in fetch(f"{server}/videre")


@pytest.mark.parametrize("path", ["/fejl", "/findes-ikke", "/rundt", "/fil"])
def test_what_does_not_answer_rightly_is_told(server, path):
    with pytest.raises(CalendarUnavailable):
        fetch(f"{server}{path}")


def test_no_more_is_read_than_a_calendar_may_be(server, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST", 1000)
    with pytest.raises(CalendarUnavailable, match="for stor"):
        fetch(f"{server}/stor")


def test_a_server_that_drips_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(fetching, "LONGEST", 0.2)
    with pytest.raises(CalendarUnavailable, match="for langsomt"):
        fetch(f"{server}/langsom")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x",
        "http://localhost:8000/x",
        "http://10.0.0.5/x",
        "http://192.168.1.1/x",
        "http://172.16.3.4/x",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/x",
        "http://0.0.0.0/x",
        "http://[::1]/x",
        "http://[fe80::1]/x",
        "http://[fd00::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://[64:ff9b::7f00:1]/x",
        "http://224.0.0.1/x",
        "http://2130706433/x",
        "http://0x7f.1/x",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "gopher://example.com/",
        "https://bruger:kode@example.com/x",
        "https://",
        "ikke en adresse",
        "http://example.com:99999/x",
    ],
)
def test_no_address_leads_behind_the_firewall_or_out_of_http(settings, address):
    settings.CALENDAR_PRIVATE_ADDRESSES = False
    with pytest.raises(CalendarUnavailable):
        checked(address)


def test_a_name_that_answers_with_a_closed_address_among_open_ones_is_refused(settings, monkeypatch):
    settings.CALENDAR_PRIVATE_ADDRESSES = False
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: answers)
    with pytest.raises(CalendarUnavailable):
        checked("https://kalender.invalid/x")


def test_the_connection_goes_to_the_very_address_that_was_checked(settings, monkeypatch):
    settings.CALENDAR_PRIVATE_ADDRESSES = False
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: answers)
    target = checked("webcal://kalender.invalid/a?b=c")
    assert (str(target.url), target.host) == ("https://93.184.216.34/a?b=c", "kalender.invalid")


def test_a_redirection_behind_the_firewall_is_refused(server, settings, monkeypatch):
    settings.CALENDAR_PRIVATE_ADDRESSES = False
    monkeypatch.setattr(fetching, "_is_public", lambda address: not address.startswith("169.254."))
    with pytest.raises(CalendarUnavailable, match="lukket netværk"):
        fetch(f"{server}/ind")


# By the worker ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_busy_times_of_ones_calendar_are_no_longer_offered(
    operator, consultant, server, settings, monkeypatch
):
    settings.CALENDAR_FEEDS = True
    profile = bookable(operator, consultant)
    first = slots(operator)[0]
    content = calendar(f"SUMMARY:Hemmeligt møde\nDTSTART:{first.starts_at:%Y%m%dT%H%M%SZ}\nDURATION:PT30M")
    monkeypatch.setattr(tasks, "fetch", lambda url: content)
    BookingProfile.objects.update(calendar_url=f"{server}/ok")
    assert tasks.fetch_calendar.func(profile.pk) == 1
    assert first.key not in {slot.key for slot in slots(operator)}
    tasks.fetch_calendar.func(profile.pk)
    assert BusyTime.objects.count() == 1
    assert {field.name for field in BusyTime._meta.get_fields()} == {"id", "profile", "starts_at", "ends_at"}


@pytest.mark.django_db
def test_what_was_known_stays_when_the_calendar_does_not_answer(operator, consultant, server, settings):
    settings.CALENDAR_FEEDS = True
    profile = bookable(operator, consultant)
    BookingProfile.objects.update(calendar_url=f"{server}/fejl")
    now = timezone.now()
    BusyTime.objects.create(profile=profile, starts_at=now, ends_at=now + timezone.timedelta(hours=1))
    assert tasks.fetch_calendar.func(profile.pk) == 0
    assert BusyTime.objects.count() == 1
    profile.refresh_from_db()
    assert "fejl 500" in profile.fetch_error


@pytest.mark.django_db
def test_nothing_is_fetched_unless_it_was_switched_on(operator, consultant, server, settings):
    settings.CALENDAR_FEEDS = False
    profile = bookable(operator, consultant)
    BookingProfile.objects.update(calendar_url=f"{server}/ok")
    assert tasks.fetch_calendar.func(profile.pk) == 0
    assert tasks.fetch_calendars.func() == 0
    profile.refresh_from_db()
    assert profile.fetched_at is None
