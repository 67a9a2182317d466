# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What waits for somebody among the referrals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.digest import MOST_LINES, Line, part
from brobygger.guidance.queries.referrals import waiting


@part(gettext_lazy("Henvisninger, der venter"), order=30)
def referrals_that_wait(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """Referrals to the office that nobody has answered, and its own that have waited two weeks for an answer."""
    incoming, overdue = waiting(operator, mine=user.pk, most=MOST_LINES + 1, reminded=False)
    for referral in incoming:
        yield Line(_("%(what)s (henvist til jer)") % {"what": referral}, referral.get_absolute_url())
    for referral in overdue:
        sent = formats.date_format(referral.sent_on, "j. F")
        yield Line(
            _("%(what)s (intet svar siden %(day)s)") % {"what": referral, "day": sent},
            referral.get_absolute_url(),
        )
