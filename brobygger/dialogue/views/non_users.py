# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The page of those who never used the office, and the same as a spreadsheet."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.dialogue.forms.portfolio import NonUserFilters
from brobygger.dialogue.pictures import bars
from brobygger.dialogue.queries import non_users as queries
from brobygger.dialogue.views.portfolio import crumbs
from brobygger.register import usage
from brobygger.register.filters import SIZES

DRAWN = 15
"""So many industries are drawn; the table has all."""


@access(STAFF)
def non_users(request: Request) -> HttpResponse:
    """Who never used us, by industry and size, against the whole register."""
    filters = NonUserFilters(request.GET, operator=request.operator)
    found = queries.analysis(request.operator, **filters.chosen)
    sizes = [(key, label) for key, (label, _clause) in SIZES.items() if found.sizes[key].firms]
    drawn = found.divisions[:DRAWN]
    picture = bars(
        [f"{one.code} {one.title}".strip() for one in drawn],
        {
            _("Har aldrig brugt os"): [one.whole.never for one in drawn],
            _("Har brugt os"): [one.whole.used for one in drawn],
        },
    )
    context = {
        "heading": _("Ikke-brugere"),
        "crumbs": crumbs((_("Ikke-brugere"), None)),
        "filters": filters,
        "found": found,
        "sizes": sizes,
        "rows": [(one, [(label, one.sizes.get(key)) for key, label in sizes]) for one in found.divisions],
        "totals": [(label, found.sizes[key]) for key, label in sizes],
        "picture": picture if drawn else None,
        "ways": [str(way.label) for way in usage.every()],
    }
    return render(request, "dialogue/non_users.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same as an Excel workbook. Recorded in the audit trail."""
    filters = NonUserFilters(request.GET, operator=request.operator)
    found = queries.analysis(request.operator, **filters.chosen)
    rows = queries.export_rows(found)
    return as_workbook(request, _("Ikke-brugere"), "ikke-brugere", queries.HEADINGS, rows)
