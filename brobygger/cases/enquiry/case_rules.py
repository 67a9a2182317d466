# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an enquiry's gates ask for, and what follows."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from brobygger.accounts.models import User
from brobygger.blueprints.kinds import Part
from brobygger.cases.enquiry.models import ProspectusVersion
from brobygger.cases.enquiry.scope import TYPE
from brobygger.cases.event_words import calls
from brobygger.cases.hooks import after
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.rules.registry import Asked, rule
from brobygger.cases.services.contents import set_duty

FOLLOW_UP_AFTER = timedelta(days=30)
FOLLOW_UP, ANSWERED = "follow_up", "answered"
"""The duty's key, and the stage in which it is due."""

calls({
    "prospectus": _lazy("Prospektet er lavet"),
    "prospectus_sent": _lazy("Prospektet er sendt"),
})  # fmt: skip


@rule("prospectus_sent")
def prospectus_sent(asked: Asked, _none: Part) -> str | None:
    """An enquiry is answered when a prospectus was sent."""
    sent = ProspectusVersion.objects.filter(case=asked.case, sent_at__isnull=False)
    return None if sent.exists() else _("Der er ikke sendt noget prospekt endnu.")


@after("moved", case_type=TYPE, to=ANSWERED)
def ask_again(case: Case, event: CaseEvent, user: User | None) -> None:
    """A month after the answer the office asks what became of it."""
    due = timezone.localdate(event.at) + FOLLOW_UP_AFTER
    set_duty(case, FOLLOW_UP, title=_("Spørg investoren, hvor langt de er"), due_on=due, of_applicant=False)


@after("voided", case_type=TYPE)
def not_answered(case: Case, event: CaseEvent, user: User | None) -> None:
    """An answer that was taken back leaves nothing to ask about."""
    if case.is_open and case.stage != ANSWERED:
        case.duties.filter(key=FOLLOW_UP, done_on=None).delete()
