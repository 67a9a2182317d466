# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The programme on the case's pages: the analysis, the course days, the list of customers."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.base.panels import panel
from brobygger.cases import rights
from brobygger.cases.barriers.case_rules import analysis_of, days_wanted
from brobygger.cases.barriers.case_words import INSTRUMENT, SHARED, TYPE
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.models import Case


@panel("cases.case", order=20)
def on_case(request: HttpRequest, case: Case) -> str:
    """For the office: all of it, with the ways to correct it."""
    return _shown(request, case, office=True)


@panel("cases.own_case", order=20)
def on_own_case(request: HttpRequest, case: Case) -> str:
    """For the firm: its days, and its list from the day it is handed over."""
    return _shown(request, case, office=False)


def _shown(request: HttpRequest, case: Case, *, office: bool) -> str:
    if case.type_key != TYPE or case.organisation_id is None:
        return ""
    officer = office and rights.is_officer(request.user, case)  # type: ignore[arg-type]
    shared = office or case.stage in SHARED
    rows = PotentialCustomer.objects.filter(case=case).listed()
    context = {
        "case": case,
        "customers": rows.select_related("organisation", "suggestion__need") if shared else [],
        "shared": shared,
        "days": case.course_days.all(),
        "wanted": days_wanted(case),
        "analysis": analysis_of(case) if officer else None,
        "instrument": INSTRUMENT,
        "office": office,
        "officer": officer,
        "may_change": officer and case.is_open,
    }
    return render_to_string("barriers/_panel.html", context, request)
