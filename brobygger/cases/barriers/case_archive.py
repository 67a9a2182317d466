# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The barrier programme in its case's archive: potential customers and course days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.danish import kroner
from brobygger.base.moments import day_in_figures
from brobygger.cases import archive
from brobygger.cases.archive import Page
from brobygger.cases.barriers.models import CourseDay, PotentialCustomer
from brobygger.cases.models import Case


def pages(case: Case, _user: User | None) -> Iterator[Page]:
    customers = PotentialCustomer.objects.filter(case=case).select_related("organisation", "suggestion__need")
    rows = tuple(
        (
            str(row.organisation), f"{row.get_origin_display()}\n{row.why}".strip(),
            f"{row.get_state_display()} {day_in_figures(row.state_on)}".strip(), row.note, kroner(row.dkk) if row.dkk else "",
            day_in_figures(row.removed_at),
        )
        for row in customers
    )  # fmt: skip
    if rows:
        columns = (
            _("Mulig kunde"), _("Hvorfor"), _("Hvor langt"), _("Bemærkning"), _("Ordrer"), _("Taget af listen"),
        )  # fmt: skip
        yield Page(_("Mulige kunder"), "", columns, rows, (4,))
    days = tuple((day_in_figures(row.on), row.title) for row in CourseDay.objects.filter(case=case))
    if days:
        yield Page(_("Kursusdage"), "", (_("Dato"), _("Hvad")), days)


def told(row: Any, _user: User | None) -> dict[str, Any]:
    return {"why": row.why}


archive.holds(PotentialCustomer, "potential_customers", of="case", pages=pages, told=told)
archive.holds(CourseDay, "course_days", of="case")
