# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What waits for somebody in the tenders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.digest import MOST_LINES, Line, part
from brobygger.cases.tenders import queries


@part(gettext_lazy("Udbud"), order=20)
def waiting(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """Questions that nobody has answered, and bids to open: the person's own tenders and those that nobody has."""
    found = queries.waiting_for(user, operator, timezone.now(), mine=True, most=MOST_LINES + 1)
    for tender in found.to_open:
        text = _("%(title)s: fristen er gået, og buddene skal åbnes") % {"title": tender.case.title}
        yield Line(text, reverse("tenders:manage", args=[tender.case_id]))
    for question in found.questions:
        about = {"title": question.tender.case.title, "question": question.text[:80]}
        path = reverse("tenders:answer", args=[question.tender.case_id, question.pk])
        yield Line(_("%(title)s: spørgsmål uden svar: %(question)s") % about, path)
