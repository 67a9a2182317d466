# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What waits for somebody in the room, in the morning's letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.digest import MOST_LINES, Line, part
from brobygger.outreach.queries import booking, new_firms


@part(gettext_lazy("Dagens bookede samtaler"), order=5)
def talks_today(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """The person's talks of the day."""
    for talk in booking.soon(operator, user, MOST_LINES + 1, days=1):
        start = timezone.localtime(talk.starts_at)
        if start.date() == day:
            yield Line(f"{start.hour}.{start:%M} {booking.who(talk)}", talk.get_absolute_url())


@part(gettext_lazy("Blev samtalen holdt?"), order=60)
def talks_to_mark(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """The person's talks that nobody has said were held."""
    for talk in booking.to_mark(operator, user, MOST_LINES + 1):
        yield Line(booking.who(talk), talk.get_absolute_url())


@part(gettext_lazy("Velkomstbrev"), order=70)
def letters_due(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """That last quarter's new firms wait for their letter."""
    quarter = new_firms.due(operator, day)
    if quarter:
        text = _("Nye virksomheder fra %(quarter)s venter på brevet") % {"quarter": quarter}
        yield Line(text, f"{reverse('outreach:new_firms')}?kvartal={quarter.key}")
