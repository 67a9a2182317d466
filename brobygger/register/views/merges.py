# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages on which two organisations are laid together, and separated again."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import panels
from brobygger.base.errors import UserError
from brobygger.base.paging import QuickPaginator
from brobygger.base.versions import EditedMeanwhile
from brobygger.register import queries_merges, services_merge
from brobygger.register.forms_merges import FindOtherForm, MergeForm
from brobygger.register.merging.preview import moving
from brobygger.register.models import Merge
from brobygger.register.views.common import crumbs, managed

PLACE = "register.merge"
"""Here a room says what a merge means for what it keeps: `@panel("register.merge", order=…)` with (the kept organisation, the
other) as its record."""


@access(STAFF)
def choose(request: Request, pk: int) -> HttpResponse:
    """Find the other record of the same organisation."""
    found = managed(request, pk)
    form = FindOtherForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "heading": _("Læg sammen med en anden"),
        "crumbs": crumbs(found, _("Læg sammen")),
        "organisation": found,
        "form": form,
        "asked": bool(words),
        "duplicates": [] if words else queries_merges.waiting_for(found),
        "others": queries_merges.others_like(found, words or found.name),
    }
    return render(request, "register/merge_choose.html", context)


@access(STAFF)
def merge(request: Request, pk: int, other_pk: int) -> HttpResponse:
    """What a merge would do, which values win, and the button that does it."""
    kept, gone = managed(request, pk), managed(request, other_pk)
    form = MergeForm(request.POST or None, kept=kept, gone=gone)
    told = form.take_over_newer_versions()
    if request.method == "POST" and not told and form.is_valid():
        try:
            services_merge.merge(kept, gone, chosen=form.chosen, expected=form.expected, user=request.user)
        except EditedMeanwhile:
            return redirect("register:merge_with", pk=pk, other_pk=other_pk)  # in the same second
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("De to er lagt sammen. Det kan fortrydes."))
            return redirect(kept)
    context = {
        "heading": _("Læg %(gone)s ind under %(kept)s?") % {"gone": gone.name, "kept": kept.name},
        "crumbs": crumbs(kept, _("Læg sammen")),
        "kept": kept,
        "gone": gone,
        "form": form,
        "told": told,
        "why_not": services_merge.why_not(kept, gone),
        "lines": moving(gone),
        "panels": panels.render(PLACE, request, (kept, gone)),
    }
    return render(request, "register/merge.html", context, status=409 if told else 200)


@access(STAFF)
def merges(request: Request) -> HttpResponse:
    """Everything that was laid together, the newest first."""
    rows = Merge.objects.filter(operator=request.operator).select_related("kept", "by", "undone_by")
    page = QuickPaginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    context = {
        "heading": _("Lagt sammen"),
        "crumbs": [(_("Virksomheder"), reverse("register:organisations")), (_("Lagt sammen"), None)],
        "page": page,
    }
    return render(request, "register/merges.html", context)


def _one(request: Request, pk: int) -> Merge:
    rows = Merge.objects.visible_to(request.user).select_related("kept", "by", "undone_by", "operator")
    return get_object_or_404(rows, pk=pk)


def _crumbs(record: Merge, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    here: list[tuple[str, str | None]] = [
        (_("Virksomheder"), reverse("register:organisations")),
        (_("Lagt sammen"), reverse("register:merges")),
        (record.gone_name, record.get_absolute_url() if more else None),
    ]
    return [*here, *more]


@access(STAFF)
def merged(request: Request, pk: int) -> HttpResponse:
    """One merge: what moved, by whom, and whether it can be undone."""
    record = _one(request, pk)
    context = {
        "heading": _("%(gone)s er lagt ind under %(kept)s")
        % {"gone": record.gone_name, "kept": record.kept_name},
        "crumbs": _crumbs(record),
        "merge": record,
        "why_not": services_merge.why_not_undone(record),
    }
    return render(request, "register/merged.html", context)


@access(STAFF)
def undo(request: Request, pk: int) -> HttpResponse:
    """Separate the two again, after asking."""
    record = _one(request, pk)
    if request.method == "POST":
        try:
            expected = int(request.POST.get("opened_version", "0") or 0)
        except ValueError:
            expected = 0
        try:
            found = services_merge.undo(record, expected=expected, user=request.user)
        except UserError as error:
            messages.error(request, str(error))
            return redirect(record)
        messages.success(request, _("De to er skilt ad igen."))
        if found.changed_since:
            messages.info(request, _("Noget er ændret siden. Det står, som det er nu."))
        return redirect("register:organisation", pk=record.gone_pk)
    context = {
        "heading": _("Skil de to ad igen?"),
        "crumbs": _crumbs(record, (_("Skil ad"), None)),
        "merge": record,
        "why_not": services_merge.why_not_undone(record),
    }
    return render(request, "register/merge_undo.html", context)
