# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A booked talk as an entry for somebody's calendar (RFC 5545)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from brobygger.base import calendar
from brobygger.base.mail import Attachment
from brobygger.outreach.busy import UID
from brobygger.outreach.models import Talk


def entry(talk: Talk, *, for_consultant: bool, cancelled: bool = False) -> Attachment:
    """The talk as a small file. The same entry again, with a higher sequence, moves or removes the first."""
    written = calendar.written(
        talk.operator.name,
        [entry_of(talk, for_consultant=for_consultant, cancelled=cancelled)],
        host=urlsplit(settings.SITE_URL).netloc,
    )
    return Attachment("samtale.ics", "text/calendar", written)


def entry_of(talk: Talk, *, for_consultant: bool, cancelled: bool = False, url: str = "") -> calendar.Entry:
    """The talk in the words of whoever's calendar it is."""
    other = talk.name if for_consultant else talk.operator.name
    text = [talk.about, talk.phone] if for_consultant else [str(talk.consultant)]
    return calendar.Entry(
        uid=UID.format(pk=talk.pk),
        title=_("Samtale med %(who)s") % {"who": other},
        start=talk.starts_at,
        end=talk.ends_at,
        place=where(talk),
        text="\n".join(part for part in text if part),
        url=url,
        cancelled=cancelled,
        sequence=talk.sequence,
    )


def where(talk: Talk) -> str:
    """`Video, https://…` or as much of it as is known."""
    return ", ".join(part for part in (str(talk.get_place_display()), talk.where) if part)
