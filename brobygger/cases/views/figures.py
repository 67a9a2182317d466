# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of figures: building cases against their goal, grants summed, and the import of building cases."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.cases import rights
from brobygger.cases.building.importing import offered
from brobygger.cases.building.rows import COLUMNS
from brobygger.cases.forms.office import ImportForm
from brobygger.cases.queries import figures, lists
from brobygger.cases.views.common import crumbs
from brobygger.cases.views.lists import tabs
from brobygger.register.imports import runs
from brobygger.register.models import ImportRun

KIND = "building_cases"
GOAL = 80
"""Percent: Lejres handlingsplan 2026, spor 1, indsats 3 (001)."""
BY = {"ordning": "topic", "virksomhed": "organisation", "aar": "year"}


def _months_back(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)


@access(STAFF)
def building(request: Request) -> HttpResponse:
    """Complete applications decided within their goal, month by month, and the cases that come close to it now."""
    kind, sort, rows, months = _year_of_building(request)
    sorts = kind.content.subtypes if kind else ()
    decided, within = sum(m.decided for m in months), sum(m.within for m in months)
    counted = figures.by_subtype(rows)
    context = {
        "heading": _("Byggesager inden for servicemålet"),
        "crumbs": crumbs(None, _("Byggesager")),
        "tabs": tabs("building"),
        "kind": kind,
        "months": months,
        "decided": decided,
        "within": within,
        "share": within / decided if decided else None,
        "goal": GOAL,
        "sorts": [(found, *counted.get(found.key, (0, 0, 0))) for found in sorts],
        "sort": sort,
        "chart": _chart(months),
        **_behind(request, rows, months),
        "late": lists.shown(_hurrying(request), 0, 10),
    }
    return render(request, "cases/building.html", context)


def _behind(request: Request, rows: Any, months: list[figures.Month]) -> dict[str, Any]:
    """The cases behind a month's figure (`maaned=2026-05`), or behind a sort's of the whole year (`slags` with `vis=sager`)."""
    asked = request.GET.get("maaned", "")
    month = next((found for found in months if f"{found.first:%Y-%m}" == asked), None)
    if month is None and not (request.GET.get("slags") and request.GET.get("vis") == "sager"):
        return {}
    if month:
        rows = rows.filter(decided_on__year=month.first.year, decided_on__month=month.first.month)
    kept = rights.partial_in(request.user)
    withheld = rows.filter(pk__in=kept).count() if kept else 0
    listed = lists.as_listed(rows.exclude(pk__in=kept)).order_by("decided_on", "pk")
    page = Paginator(listed, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    return {
        "month": month,
        "page": page,
        "behind": lists.with_types(page.object_list),
        "withheld": rights.withheld(withheld) if withheld else "",
    }


def _year_of_building(request: Request) -> tuple[Any, str, Any, list[figures.Month]]:
    """The type, the sort that is asked for, and what was decided in the last twelve months, also month by month."""
    today = timezone.localdate()
    since = _months_back(today, 11)
    kind = next((row for row in lists.types_of(request.operator) if row.key == figures.BUILDING), None)
    sort = request.GET.get("slags", "")
    if sort not in {found.key for found in (kind.content.subtypes if kind else ())}:
        sort = ""
    rows = figures.decided_building_cases(request.operator, since, today, subtype=sort)
    return kind, sort, rows, figures.by_month(rows, since, today)


@access(STAFF)
def export_building(request: Request) -> HttpResponse:
    """The months as an Excel workbook. Recorded in the audit trail."""
    headings = [_("Måned"), _("Afgjort"), _("Inden for målet"), _("Andel, %"), _("Dage i snit")]
    lines = (
        [
            month.first,
            month.decided,
            month.within,
            None if month.share is None else round(month.share * 100, 1),
            None if month.average is None else round(month.average, 1),
        ]
        for month in _year_of_building(request)[-1]
    )
    return as_workbook(request, _("Byggesager"), "byggesager", headings, lines)


def _hurrying(request: Request) -> Any:
    wanted = lists.Wanted(type_key=figures.BUILDING)
    rows = lists.of_office(request.user, request.operator, wanted).rows
    return rows.filter(warn_on__lte=timezone.localdate()).order_by("due_on", "pk")


def _chart(months: list[figures.Month]) -> dict[str, Any]:
    names = [str(formats.date_format(month.first, "N Y")) for month in months]
    shares = [None if month.share is None else round(month.share * 100, 1) for month in months]
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"bottom": 0},
        "grid": {"left": 48, "right": 16, "top": 24, "bottom": 64},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0, "max": 100, "name": "%"},
        "series": [
            {"type": "bar", "name": _("Inden for servicemålet (%)"), "data": shares, "itemStyle": {"color": "#17524c"}},
            {
                "type": "line", "name": _("Mål (%)"), "data": [GOAL] * len(months), "symbol": "none",
                "lineStyle": {"color": "#8a5100", "type": "dashed"}, "itemStyle": {"color": "#8a5100"},
            },
        ],
    }  # fmt: skip


@access(STAFF)
def import_building(request: Request) -> HttpResponse:
    """Bring in building cases from the case system's file; tried first unless the person says otherwise."""
    form = ImportForm(request.POST or None, request.FILES or None)
    adopted = offered(request.operator)
    if request.method == "POST" and form.is_valid() and adopted:
        try:
            run = runs.receive(
                operator=request.operator, by=request.user, kind=KIND, upload=form.cleaned_data["file"],
                dry_run=form.cleaned_data["dry_run"],
            )  # fmt: skip
        except UserError as error:
            form.add_error("file", str(error))
        else:
            return redirect("job", pk=run.job_id)
    earlier = ImportRun.objects.visible_to(request.user).filter(operator=request.operator, kind=KIND)
    context = {
        "heading": _("Importer byggesager"),
        "crumbs": [*crumbs(), (_("Byggesager"), reverse("cases:building")), (_("Import"), None)],
        "form": form,
        "adopted": adopted,
        "columns": COLUMNS,
        "runs": earlier.select_related("started_by").defer("problems", "differences")[:10],
    }
    return render(request, "cases/import.html", context)


@access(STAFF)
def grants(request: Request) -> HttpResponse:
    """What applications brought: by scheme, firm or year."""
    by = BY.get(request.GET.get("efter", ""), "topic")
    year = _year(request)
    rows = figures.grants_by(request.user, request.operator, by, year=None if by == "year" else year)
    page = Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    context = {
        "heading": _("Støtte til virksomheder"),
        "crumbs": crumbs(None, _("Støtte")),
        "tabs": tabs("grants"),
        "by": by,
        "year": year,
        "years": range(timezone.localdate().year, timezone.localdate().year - 6, -1),
        "page": page,
        "applications": sum(row.applications for row in rows),
        "granted": sum(row.granted for row in rows),
        "amount": sum(row.amount for row in rows),
        "paid": sum(row.paid for row in rows),
        "left_out": _left_out(request),
    }
    return render(request, "cases/grants.html", context)


def _left_out(request: Request) -> str:
    """What whoever is partial in an application is told of the sums."""
    if not figures.leaves_out(request.user, request.operator):
        return ""
    return _("Sager, som du er inhabil i, er ikke talt med.")


def _year(request: Request) -> int | None:
    typed = request.GET.get("aar", "")
    return int(typed) if typed.isdecimal() and len(typed) == 4 else None


@access(STAFF)
def export_grants(request: Request) -> HttpResponse:
    """The same sums as an Excel workbook. Recorded in the audit trail."""
    by = BY.get(request.GET.get("efter", ""), "topic")
    rows = figures.grants_by(
        request.user, request.operator, by, year=None if by == "year" else _year(request)
    )
    headings = [_("Hvad"), _("Ansøgninger"), _("Bevilget, antal"), _("Bevilget, kr."), _("Udbetalt, kr.")]
    lines = ([row.name, row.applications, row.granted, row.amount, row.paid] for row in rows)
    return as_workbook(request, _("Støtte"), "stoette", headings, lines, note=_left_out(request))
