# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case as a party that decides or advises has it: read it, answer, leave a remark, attach a document."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import SIGNED_IN, access
from brobygger.accounts.http import Request
from brobygger.base import panels
from brobygger.cases import rights
from brobygger.cases.definition.gates import APPLICANT, OFFICER
from brobygger.cases.forms.office import DocumentForm, NoteForm
from brobygger.cases.models import Case
from brobygger.cases.queries import one
from brobygger.cases.services import contents, documents
from brobygger.cases.services.anew import last_anew
from brobygger.cases.views.common import Crumbs, form_page, visible

PANELS = "cases.case"


def page(request: Request, found: Case, held: frozenset[str]) -> HttpResponse:
    """The case for somebody in these roles."""
    ways = [way for way in one.ways(found, request.user, held) if way.ballots or way.may_take]
    context = {
        "heading": found.title,
        "crumbs": _crumbs(found),
        "case": found,
        "stage": found.at_stage,
        "ways": ways,
        "again": last_anew(found) if any(way.ballots for way in ways) else "",
        "values": one.values_of(found, held),
        "documents": one.documents_of(found, held),
        "remarks": one.remarks_of(found, held),
        "may_write": found.is_open and rights.writes_as(request.user, found) is not None,
        "may_attach": found.is_open and _may_attach(found, held),
        "panels": panels.render(PANELS, request, found),
    }
    return render(request, "cases/case_for_party.html", context)


def _crumbs(found: Case, *more: str) -> Crumbs:
    here = found.get_absolute_url() if more else None
    return [
        (_("Jeres sager"), reverse("cases:own_cases")),
        (found.number, here),
        *((word, None) for word in more),
    ]


def _may_attach(found: Case, held: frozenset[str]) -> bool:
    return any(held & set(sort.by_parties) for sort in found.type.document_types)


def _as_party(request: Request, pk: int) -> tuple[Case, frozenset[str]]:
    """The case and the roles that the person has in it beside the office's and the applicant's; else not found."""
    found = visible(request, pk)
    held = rights.roles_of(request.user, found)
    if OFFICER in held or not held - {APPLICANT}:
        raise Http404
    return found, held - {APPLICANT}


@access(SIGNED_IN)
def remark(request: Request, pk: int) -> HttpResponse:
    """Leave a remark."""
    found, _held = _as_party(request, pk)
    role = rights.writes_as(request.user, found)
    if role is None or not found.is_open:
        raise Http404
    form = NoteForm(request.POST or None)
    form.fields["text"].label = _("Bemærkning")
    names = {sort.key: sort.name for sort in found.type.roles}
    readers = ", ".join([_("kontoret"), *(names[key] for key in role.remarks_seen_by)])
    return form_page(
        request,
        form,
        lambda: contents.remark(
            found, form.cleaned_data["text"], user=request.user, entry_key=form.cleaned_data["entry_key"]
        ),
        heading=_("Skriv en bemærkning"),
        path=_crumbs(found, _("Bemærkning")),
        back=found.get_absolute_url(),
        done=_("Bemærkningen er gemt."),
        lead=_("Læses af: %(who)s.") % {"who": readers},
    )


@access(SIGNED_IN)
def attach(request: Request, pk: int) -> HttpResponse:
    """Attach a document of a sort that the role may add."""
    found, held = _as_party(request, pk)
    if not (found.is_open and _may_attach(found, held)):
        raise Http404
    form = DocumentForm(request.POST or None, request.FILES or None, case=found, parties=held)
    return form_page(
        request,
        form,
        lambda: documents.add(
            found, form.cleaned_data["file"], kind=form.cleaned_data["kind"], user=request.user
        ),
        heading=_("Læg et dokument på sagen"),
        path=_crumbs(found, _("Dokument")),
        back=found.get_absolute_url(),
        done=_("Dokumentet er gemt."),
        upload=True,
    )
