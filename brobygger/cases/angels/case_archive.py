# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What was sent to business angels, and their answers, in the case's archive."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.moments import day_in_figures
from brobygger.cases import archive
from brobygger.cases.angels.models import Sending
from brobygger.cases.archive import Page
from brobygger.cases.models import Case


def pages(case: Case, _user: User | None) -> Iterator[Page]:
    """Who was sent what, then each text as it was when it was sent."""
    sent = list(Sending.objects.filter(case=case).select_related("angel__user").order_by("sent_at", "pk"))
    if not sent:
        return
    rows = tuple(
        (day_in_figures(row.sent_at), row.get_what_display(), str(row.angel), row.get_answer_display(), day_in_figures(row.answered_at), row.note)
        for row in sent
    )  # fmt: skip
    columns = (_("Sendt"), _("Hvad"), _("Til"), _("Svar"), _("Svaret"), _("Besked"))
    yield Page(_("Sendt til business angels"), "", columns, rows)
    for what, text in dict.fromkeys((row.get_what_display(), row.text) for row in sent):
        yield Page(_("%(what)s, som sendt") % {"what": what}, text)


archive.holds(Sending, "sendings", of="case", pages=pages)
