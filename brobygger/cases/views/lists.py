# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of many cases: the list, the board, who has too much, a new one, the workbook."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base.errors import UserError
from brobygger.blueprints.models import Definition
from brobygger.cases.errors import LimitMeanwhile
from brobygger.cases.forms.many import CaseFilters, LimitsForm, NewCaseForm
from brobygger.cases.kinds.grant import for_scheme
from brobygger.cases.queries import lists
from brobygger.cases.services import limits
from brobygger.cases.services.opening import open_case
from brobygger.cases.views.common import crumbs, form_page, tell
from brobygger.market.forms.who import WhoForm
from brobygger.register.models import Organisation


@access(STAFF)
def cases(request: Request) -> HttpResponse:
    """The office's cases: open ones first thing, narrowed and searched."""
    types = lists.types_of(request.operator)
    filters = CaseFilters(request.GET, operator=request.operator, types=types)
    wanted = filters.wanted
    hits = lists.of_office(request.user, request.operator, wanted)
    pages = hits.pages
    page = pages.get_page(request.GET.get("side"))
    firms = Organisation.objects.filter(operator=request.operator)
    context = {
        "heading": _("Sager"),
        "filters": filters,
        "hits": hits,
        "page": page,
        "rows": lists.fetch(list(page.object_list)),
        "most_counted": pages.most,
        "types": types,
        "about": firms.filter(pk=wanted.organisation).first() if wanted.organisation else None,
        "tabs": _tabs("list"),
    }
    return render(request, "cases/cases.html", context)


def _tabs(here: str) -> list[tuple[str, str, bool]]:
    pages = (
        ("list", _("Liste"), "cases:cases"), ("board", _("Tavle"), "cases:board"), ("load", _("Hvem har hvad"), "cases:load"),
        ("building", _("Byggesager"), "cases:building"), ("grants", _("Støtte"), "cases:grants"),
    )  # fmt: skip
    return [(label, reverse(name), key == here) for key, label, name in pages]


tabs = _tabs


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail."""
    filters = CaseFilters(request.GET, operator=request.operator, types=lists.types_of(request.operator))
    hits = lists.of_office(request.user, request.operator, filters.wanted)
    return as_workbook(request, _("Sager"), "sager", lists.HEADINGS, lists.export_rows(hits.rows))


@access(STAFF)
def board(request: Request) -> HttpResponse:
    """The open cases of a type, a column for each stage."""
    types = lists.types_of(request.operator)
    chosen = next((row for row in types if row.key == request.GET.get("type")), types[0] if types else None)
    mine = request.GET.get("vis") == "mine"
    columns = (
        lists.board(request.user, request.operator, chosen, officer=request.user.pk if mine else None)
        if chosen
        else []
    )
    context = {
        "heading": _("Sager: tavle"),
        "crumbs": crumbs(None, _("Tavle")),
        "types": types,
        "chosen": chosen,
        "columns": columns,
        "mine": mine,
        "tabs": _tabs("board"),
    }
    return render(request, "cases/board.html", context)


@access(STAFF)
def load(request: Request) -> HttpResponse:
    """How many open cases each of the office's people has, and how many of them are late."""
    rows = lists.load(request.user, request.operator)
    context = {
        "heading": _("Hvem har hvad"),
        "crumbs": crumbs(None, _("Hvem har hvad")),
        "rows": rows,
        "most": max((max(row.open, row.limit or 0) for row in rows), default=0),
        "may_set": Role.HEAD in request.user.roles.get(request.operator.pk, frozenset()),
        "tabs": _tabs("load"),
    }
    return render(request, "cases/load.html", context)


@access(STAFF)
def export_load(request: Request) -> HttpResponse:
    """The same as an Excel workbook. Recorded in the audit trail."""
    headings = [
        _("Hvem"), _("Åbne"), _("Loft"), _("Over loftet"), _("For sent"), _("Nærmer sig"), _("Venter på andre"),
        _("Opfølgninger"), _("Match"),
    ]  # fmt: skip
    lines = (
        [
            str(row.officer or _("Ingen endnu")), row.open, row.limit, row.over, row.late, row.close, row.waiting,
            row.follow_ups, row.matches,
        ]
        for row in lists.load(request.user, request.operator)
    )  # fmt: skip
    return as_workbook(request, _("Hvem har hvad"), "hvem-har-hvad", headings, lines)


@access({Role.HEAD})
def set_limits(request: Request) -> HttpResponse:
    """How many open cases each of the office's people should have at most."""
    form = LimitsForm(request.POST or None, operator=request.operator)

    def save() -> None:
        try:
            limits.set_limits(request.operator, form.limits, opened=form.opened, user=request.user)
        except LimitMeanwhile as error:
            form.set_meanwhile(error.now)
            raise

    return form_page(
        request,
        form,
        save,
        heading=_("Hvor mange åbne sager er for mange?"),
        path=crumbs(None, _("Loft")),
        back=reverse("cases:load"),
        done=_("Lofterne er gemt."),
        lead=_("Et tomt felt er intet loft."),
    )


@access(STAFF)
def new(request: Request) -> HttpResponse:
    """Choose the type, then say what it is about."""
    types = lists.types_of(request.operator)
    asked = request.POST.get("type") or request.GET.get("type", "")
    chosen = next((row for row in types if row.key == asked), None)
    if chosen is None:
        context = {
            "heading": _("Ny sag"),
            "crumbs": crumbs(None, _("Ny")),
            "types": types,
            "firm": request.GET.get("virksomhed", ""),
        }
        return render(request, "cases/choose_type.html", context)
    given = request.GET.get("virksomhed", "")
    scheme_title, first = for_scheme(chosen.content, request.operator, request.GET.get("ordning", ""))
    if request.method != "POST":
        form = NewCaseForm(
            kind=chosen.content,
            operator=request.operator,
            initial={"officer": request.user.pk, "title": scheme_title},
        )
        return _new_page(
            request, chosen, form, WhoForm(user=request.user, operator=request.operator, given=given)
        )
    form = NewCaseForm(request.POST, kind=chosen.content, operator=request.operator)
    who = WhoForm(request.POST, user=request.user, operator=request.operator)
    nobody = (
        bool(request.POST.get("applicant_name", "").strip())
        and not request.POST.get("organisation_search", "").strip()
    )
    if not (form.is_valid() & (nobody or who.is_valid())):
        return _new_page(request, chosen, form, who)
    typed: dict[str, Any] = {**form.cleaned_data, "subtype": form.cleaned_data.get("subtype", "")}
    try:
        made = open_case(
            request.operator,
            chosen.key,
            user=request.user,
            organisation=None if nobody else who.cleaned_data["chosen"],
            values=first,
            **typed,
        )
    except UserError as error:
        tell(form, error)
        return _new_page(request, chosen, form, who)
    messages.success(request, _("Sagen er oprettet."))
    return redirect(made.get_absolute_url())


def _new_page(request: Request, chosen: Definition, form: NewCaseForm, who: WhoForm) -> HttpResponse:
    context = {
        "heading": _("Ny sag: %(type)s") % {"type": chosen.title},
        "crumbs": crumbs(None, _("Ny")),
        "chosen": chosen,
        "form": form,
        "who": who,
        "letter": chosen.content.letter(chosen.content.opened_letter)
        if chosen.content.opened_letter
        else None,
    }
    return render(request, "cases/new.html", context)
