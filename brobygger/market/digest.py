# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What waits for somebody in the market."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.digest import Line, part
from brobygger.market.queries.worklist import worklist


@part(gettext_lazy("Match"), order=20)
def matches_that_wait(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """Matches to follow up, and those where somebody waits for the office: what "I dag" shows."""
    work = worklist(user, operator, mine=True)
    for match in work.follow_ups:
        due = formats.date_format(match.follow_up_on, "j. F") if match.follow_up_on else ""
        about = f": {match.follow_up_about}" if match.follow_up_about else ""
        yield Line(
            _("Følg op %(day)s: %(match)s%(about)s") % {"day": due, "match": match, "about": about},
            match.get_absolute_url(),
        )
    why = {
        "letter": _("brevet er ikke kommet frem"), "answer": _("virksomheden har skrevet"), "still": _("har stået stille"),
    }  # fmt: skip
    for line in work.waiting:
        yield Line(f"{line.match}: {why[line.why]}", line.match.get_absolute_url())
