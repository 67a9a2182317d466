# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of segments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base import jobs
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.form_pages import opened_anew, tell
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue.views import taking_in
from brobygger.outreach.errors import BrokenSegment
from brobygger.outreach.forms.mailings import SegmentForm
from brobygger.outreach.models import Segment
from brobygger.outreach.queries import segments as queries
from brobygger.outreach.services import segments as services
from brobygger.outreach.tasks import fill_portfolio
from brobygger.outreach.views.common import crumbs, page_of
from brobygger.register import export
from brobygger.register.queries import MOST_COUNTED

MOST_SHOWN = 10


@access(STAFF)
def segments(request: Request) -> HttpResponse:
    """The office's saved choices of firms."""
    rows = Segment.objects.filter(operator=request.operator).select_related("created_by")
    context = {
        "heading": _("Segmenter"),
        "crumbs": crumbs((_("Segmenter"), None)),
        "here": "segments",
        "page": page_of(request, rows),
    }
    return render(request, "outreach/segments.html", context)


def _one(request: Request, pk: int) -> Segment:
    return get_object_or_404(Segment.objects.visible_to(request.user).select_related("operator"), pk=pk)


@access(STAFF)
def count(request: Request, pk: int) -> HttpResponse:
    """How many firms are in it now. An extra of the list: the segment's own page says it too."""
    found = _one(request, pk)
    context: dict[str, Any] = {"segment": found, "most_counted": MOST_COUNTED}
    try:
        context["count"] = queries.firms_of(found, request.user).count
    except BrokenSegment:
        context["broken"] = True
    return render(request, "outreach/_count.html", context)


@access(STAFF)
def segment(request: Request, pk: int) -> HttpResponse:
    """Who is in it now."""
    found = _one(request, pk)
    context: dict[str, Any] = {
        "heading": found.name,
        "crumbs": crumbs((_("Segmenter"), reverse("outreach:segments")), (found.name, None)),
        "here": "segments",
        "segment": found,
        "most_counted": MOST_COUNTED,
    }
    try:
        chosen = queries.firms_of(found, request.user)
    except BrokenSegment as error:
        context["broken"] = str(error)
    else:
        rows = chosen.firms.order_by("sort_name", "pk")
        context |= {
            "page": page_of(request, _Counted(rows, chosen.count)),
            "count": chosen.count,
            "chosen": queries.in_words(found, chosen.filter),
        }
    return render(request, "outreach/segment.html", context)


class _Counted:
    """A list that is counted no further than it was."""

    def __init__(self, rows: Any, count: int) -> None:
        self.rows, self._count = rows, count

    def count(self) -> int:
        return self._count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> Any:
        return list(self.rows[part])


@access(STAFF)
def new(request: Request) -> HttpResponse:
    """Choose firms and save the choice. Filters may come from the register's own list."""
    return _writing(request, None, request.GET)


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Another choice or another name."""
    found = _one(request, pk)
    return _writing(request, found, found.asked)


def _writing(request: Request, found: Segment | None, asked: Any) -> HttpResponse:
    form = SegmentForm(request.POST or None, instance=found)
    conflict: list[tuple[str, str, str]] = []
    told = ""
    chosen = queries.choose(request.operator, request.user, request.POST or asked)
    if request.method == "POST" and "vis" not in request.POST and form.is_valid():
        try:
            saved = _save(request, found, form, chosen.filter.asked)
        except EditedMeanwhile as error:
            conflict, told = opened_anew(form, error), str(error)
        except UserError as error:
            tell(form, error)
        else:
            messages.success(request, _("Segmentet er gemt."))
            return redirect(saved)
    elif "vis" in request.POST:
        form = SegmentForm(instance=found, initial=request.POST.dict())
    heading = _("Ret segmentet") if found else _("Nyt segment")
    rows = chosen.firms.order_by("sort_name", "pk")
    context = {
        "heading": heading,
        "crumbs": crumbs((_("Segmenter"), reverse("outreach:segments")), (heading, None)),
        "here": "segments",
        "form": form,
        "told": told,
        "conflict": conflict,
        "filter": chosen.filter,
        "count": chosen.count,
        "most_counted": MOST_COUNTED,
        "sample": list(rows[:MOST_SHOWN]),
        "back": found.get_absolute_url() if found else reverse("outreach:segments"),
    }
    return render(request, "outreach/segment_form.html", context, status=409 if told else 200)


def _save(request: Request, found: Segment | None, form: SegmentForm, asked: dict[str, str]) -> Segment:
    name, note = form.cleaned_data["name"], form.cleaned_data["note"]
    if found is None:
        return services.save(request.operator, name, asked, note=note, user=request.user)
    return services.change(found, name, asked, note=note, user=request.user, expected=form.expected_version)


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a segment, after asking."""
    found = _one(request, pk)
    return ask(
        request,
        lambda: services.delete(found, user=request.user),
        back=found.get_absolute_url(),
        after=reverse("outreach:segments"),
        done=_("Segmentet er slettet."),
        heading=_("Slet segmentet?"),
        crumbs=crumbs((_("Segmenter"), reverse("outreach:segments")), (_("Slet"), None)),
        question=found.name,
        consequence=_(
            "Virksomhederne bliver. Udsendelser, der er sendt til segmentet, husker, hvordan det så ud."
        ),
        yes=_("Ja, slet segmentet"),
    )


@access(STAFF)
def to_portfolio(request: Request, pk: int) -> HttpResponse:
    """Take the segment's firms into the portfolio."""
    found = _one(request, pk)
    try:
        firms = queries.firms_of(found, request.user).firms
    except UserError as error:
        messages.error(request, str(error))
        return redirect(found)

    def start(title: str, why: str, who: int | None) -> Any:
        return jobs.start(
            fill_portfolio,
            kind="portfolio",
            title=title,
            operator=request.operator,
            user=request.user,
            segment_id=found.pk,
            user_id=request.user.pk,
            why=why,
            key_account_id=who,
        )

    return taking_in.page(
        request, firms, start, asked=found.name, back=found.get_absolute_url(), why=found.name
    )


@access(STAFF)
def export_segment(request: Request, pk: int) -> HttpResponse:
    """The firms as an Excel file. Recorded in the audit trail."""
    found = _one(request, pk)
    try:
        rows = export.rows(queries.firms_of(found, request.user).firms)
    except UserError as error:
        messages.error(request, str(error))
        return redirect(found)
    return as_workbook(
        request, _("Virksomheder"), f"segment-{found.pk}", export.HEADINGS, rows, about=found.name, name_first=True
    )  # fmt: skip
