# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of imports: the list, a new one, what came of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import jobs
from brobygger.base.errors import UserError
from brobygger.register.forms_imports import ImportForm, kinds_of
from brobygger.register.imports import importers, runs, taking_back
from brobygger.register.imports.columns import Column
from brobygger.register.imports.tables import write_csv
from brobygger.register.models import ImportRun
from brobygger.register.tasks import take_back_run


def _runs(request: Request) -> Any:
    return ImportRun.objects.visible_to(request.user).filter(operator=request.operator)


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Virksomheder"), reverse("register:organisations")), *more]


@access(STAFF)
def imports(request: Request) -> HttpResponse:
    """Earlier imports, newest first."""
    rows = _runs(request).select_related("started_by", "job").defer("problems", "differences")
    context = {
        "heading": _("Import"),
        "crumbs": _crumbs((_("Import"), None)),
        "page": Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side")),
        "live": bool(settings.CVR_URL),
        "kinds": kinds_of(request.operator),
    }
    return render(request, "register/imports.html", context)


@access(STAFF)
def new_import(request: Request) -> HttpResponse:
    """Choose a file and what it holds (`art`, where a page led here); it is tried first unless the person says otherwise."""
    form = ImportForm(request.POST or None, request.FILES or None, operator=request.operator)
    if request.GET.get("art") in dict(form.kinds):
        form.initial["kind"] = request.GET["art"]
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.receive(
                operator=request.operator,
                by=request.user,
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
                dry_run=form.cleaned_data["dry_run"],
                own_only=form.cleaned_data["own_only"] and form.cleaned_data["kind"] == ImportRun.Kind.CVR,
            )
        except UserError as error:
            form.add_error("file", str(error))
        else:
            return redirect("job", pk=run.job_id)
    context = {
        "heading": _("Importer en fil"),
        "crumbs": _crumbs((_("Import"), reverse("register:imports")), (_("Ny"), None)),
        "form": form,
        "tables": _tables(form),
        "open": form.initial.get("kind"),
    }
    return render(request, "register/import_form.html", context)


def _tables(form: ImportForm) -> list[dict[str, Any]]:
    """For each kind of table: what it is called, and its columns in the order they are told."""
    found = []
    for kind, label in form.kinds:
        columns = getattr(importers.get(kind), "COLUMNS", ())
        if columns:
            found.append({"kind": kind, "label": label, "columns": [_named(column) for column in columns]})
    return found


def _named(column: Column) -> dict[str, Any]:
    return {"label": column.label, "required": column.required, "aliases": ", ".join(column.aliases)}


@access(STAFF)
def import_run(request: Request, pk: int) -> HttpResponse:
    """What an import did, or would do: counts, differences, and what was wrong."""
    run = get_object_or_404(_runs(request).select_related("started_by", "job"), pk=pk)
    context = {
        "heading": str(run),
        "crumbs": _crumbs((_("Import"), reverse("register:imports")), (str(run), None)),
        "run": run,
        "counts": run.counts(),
        "may_import": run.dry_run and run.is_over and bool(run.file) and not run.why_stopped,
        "page": Paginator(run.problems, settings.PAGE_SIZE).get_page(request.GET.get("side")),
        "may_take_back": taking_back.is_offered(run, request.user),
        "left_out": max(0, run.skipped - sum(problem["skipped"] for problem in run.problems)),
    }
    return render(request, "register/import_run.html", context)


@access(STAFF)
def problems(request: Request, pk: int) -> HttpResponse:
    """The rows that were left out or remarked on, as CSV for a spreadsheet."""
    run = get_object_or_404(_runs(request), pk=pk)
    heading = [_("Linje"), _("Kolonne"), _("Værdi"), _("Hvad der er galt"), _("Sprunget over")]
    rows = [
        [
            problem["line"], problem["column"], problem["value"], problem["message"],
            _("ja") if problem["skipped"] else _("nej"),
        ]
        for problem in run.problems
    ]  # fmt: skip
    response = HttpResponse(write_csv([heading, *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="fejl-import-{run.pk}.csv"'
    return response


@access(STAFF)
@require_POST
def import_now(request: Request, pk: int) -> HttpResponse:
    """Carry out what was tried."""
    trial = get_object_or_404(_runs(request), pk=pk)
    try:
        run = runs.import_tried(trial, by=request.user)
    except UserError as error:
        messages.error(request, str(error))
        return redirect("register:import", pk=pk)
    return redirect("job", pk=run.job_id)


@access(STAFF)
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take a whole import back, after saying what goes; or what is in the way."""
    run = get_object_or_404(_runs(request).select_related("operator"), pk=pk)
    if not taking_back.is_offered(run, request.user):
        raise Http404
    obstacles = taking_back.in_the_way(run)
    if request.method == "POST" and not obstacles:
        job = jobs.start(
            take_back_run,
            kind="take_back",
            title=_("Tager %(name)s tilbage") % {"name": run.file_name},
            operator=run.operator,
            user=request.user,
            run_pk=run.pk,
            user_id=request.user.pk,
        )
        return redirect("job", pk=job.pk)
    context = {
        "heading": _("Tag importen tilbage?"),
        "crumbs": _crumbs((_("Import"), reverse("register:imports")), (str(run), run.get_absolute_url())),
        "run": run,
        "obstacles": obstacles,
    }
    return render(request, "register/import_take_back.html", context)


@access(STAFF)
@require_POST
def sync(request: Request) -> HttpResponse:
    """Ask the live CVR service for what changed, now."""
    try:
        run = runs.sync_now(request.operator, by=request.user)
    except UserError as error:
        messages.error(request, str(error))
        return redirect("register:imports")
    return redirect("job", pk=run.job_id)
