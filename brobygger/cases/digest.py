# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What waits for somebody in the cases: what is new, what is due. A confidential case is told by its number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.digest import MOST_LINES, Line, part
from brobygger.cases.queries import lists
from brobygger.cases.services.news import name_of


@part(gettext_lazy("Nyt i sager"), order=8)
def news(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """What applicants and parties did that is not read, and new cases that nobody has."""
    for case in lists.with_news(user, operator, mine=True, most=MOST_LINES + 1):
        yield Line(f"{name_of(case)}: {case.news_words}", case.get_absolute_url())


@part(gettext_lazy("Sager med frist"), order=12)
def deadlines(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """Deadlines that are close or have passed, the person's own cases and nobody's."""
    for case in lists.waiting_for(user, operator, day, mine=True, most=MOST_LINES + 1):
        if case.due_on:
            due = formats.date_format(case.due_on, "j. F")
            when = _("fristen var den %(day)s") if case.is_late else _("frist den %(day)s")
            yield Line(f"{name_of(case)}: {when % {'day': due}}", case.get_absolute_url())


@part(gettext_lazy("Skal gøres i sager"), order=13)
def duties(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """What the office itself should have done by today."""
    for duty in lists.duties_of_office(user, operator, day, mine=True, most=MOST_LINES + 1):
        yield Line(f"{duty.title}: {name_of(duty.case)}", reverse("cases:duty", args=[duty.case_id, duty.pk]))
