# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What waits for somebody in the dialogue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.digest import MOST_LINES, Line, part
from brobygger.dialogue.models import ReceivedMail
from brobygger.dialogue.queries import follow_ups


@part(gettext_lazy("Det har I lovet"), order=10)
def due_follow_ups(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """Follow-ups due by today, the person's own and those that nobody has taken."""
    for row in follow_ups.due(operator, day, user=user, most=MOST_LINES + 1):
        late = (
            _(" (skulle være gjort %(day)s)") % {"day": formats.date_format(row.due_on, "j. F")}
            if row.due_on < day
            else ""
        )
        yield Line(f"{row.organisation.name}: {row.about}{late}", row.get_absolute_url())


@part(gettext_lazy("I indbakken"), order=80)
def mail_in_the_tray(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """That mail waits for somebody to choose its firm."""
    waiting = ReceivedMail.objects.filter(operator=operator).waiting().count()
    if waiting:
        yield Line(
            _("%(count)s mails venter på at blive lagt på plads") % {"count": waiting},
            reverse("dialogue:tray"),
        )
