# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A booked talk as an entry for somebody's calendar (RFC 5545)."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from brobygger.base.mail import Attachment
from brobygger.outreach.models import Talk

CONTENT_TYPE = "text/calendar"


def entry(talk: Talk, *, cancelled: bool = False) -> Attachment:
    """The talk as a small file. The same entry again, with a higher sequence, moves or removes the first."""
    calendar = Calendar()
    calendar.add("prodid", "-//Brobygger//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_event(talk, cancelled))
    return Attachment("samtale.ics", CONTENT_TYPE, calendar.to_ical())


def _event(talk: Talk, cancelled: bool) -> Event:
    event = Event()
    event.add("uid", f"samtale-{talk.pk}@{settings.SITE_URL.partition('://')[2]}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", talk.starts_at)
    event.add("dtend", talk.ends_at)
    event.add("sequence", talk.sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", _("Samtale med %(who)s") % {"who": talk.operator.name})
    event.add("location", where(talk))
    organizer = vCalAddress(f"MAILTO:{talk.consultant.email}")
    organizer.params["cn"] = vText(str(talk.consultant))
    event["organizer"] = organizer
    return event


def where(talk: Talk) -> str:
    """`Video, https://…` or as much of it as is known."""
    return ", ".join(part for part in (str(talk.get_place_display()), talk.where) if part)
