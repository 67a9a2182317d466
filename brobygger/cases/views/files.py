# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Documents of a case, and the case as an archive."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.cases import rights
from brobygger.cases.forms.office import ArchiveForm, DocumentForm, ReasonForm
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.queries.one import may_read
from brobygger.cases.services import archiving, documents
from brobygger.cases.views.common import crumbs, form_page, handled


@access(SIGNED_IN)
def document(request: Request, pk: int) -> HttpResponse | FileResponse:
    """A document, as a download. One that is held back by the scanner is given to nobody."""
    found = get_object_or_404(
        CaseDocument.objects.select_related("case__definition", "case__operator"), pk=pk, removed_at=None
    )
    case = found.case
    one = Case.objects.filter(pk=case.pk)
    seen = one.visible_to(request.user).exists() or one.own_of(request.user).exists()
    if not seen or found.is_held_back or not may_read(found, rights.roles_of(request.user, case)):
        raise Http404
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type
    )


@access(STAFF)
def add(request: Request, pk: int) -> HttpResponse:
    """Keep a file in the case; `erstat` is the document that it is a newer version of."""
    case = handled(request, pk)
    asked = request.POST.get("erstat") or request.GET.get("erstat", "")
    older = (
        case.documents.filter(pk=int(asked), removed_at=None).first()
        if asked.isdecimal() and len(asked) < 15
        else None
    )
    form = DocumentForm(request.POST or None, request.FILES or None, case=case)
    if older:
        del form.fields["kind"], form.fields["for_applicant"]
    return form_page(
        request,
        form,
        lambda: documents.add(
            case, form.cleaned_data["file"], kind=form.cleaned_data.get("kind", ""), user=request.user,
            for_applicant=form.cleaned_data.get("for_applicant", older.for_applicant if older else False), replaces=older,
        ),
        heading=_("Ny version af %(name)s") % {"name": older.name} if older else _("Læg et dokument på sagen"),
        path=crumbs(case, _("Dokument")),
        back=case.get_absolute_url() + "#dokumenter",
        done=_("Dokumentet er gemt."),
        upload=True,
        hidden=[("erstat", older.pk)] if older else [],
    )  # fmt: skip


@access(STAFF)
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a document out of its case, all versions; asks why."""
    found = get_object_or_404(CaseDocument.objects.filter(removed_at=None), pk=pk)
    case = handled(request, found.case_id)
    form = ReasonForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: documents.remove(found, user=request.user, reason=form.cleaned_data["reason"]),
        heading=_("Fjern %(name)s?") % {"name": found.name},
        path=crumbs(case, _("Fjern")),
        back=case.get_absolute_url() + "#dokumenter",
        done=_("Dokumentet er fjernet."),
        lead=_(
            "Filen slettes i alle versioner og kan ikke hentes tilbage. At den har ligget på sagen, kan stadig ses."
        ),
        yes=_("Ja, fjern det"),
    )


@access(STAFF)
@require_POST
def export(request: Request, pk: int) -> HttpResponse:
    """The case as one zip for the municipality's own archive."""
    case = handled(request, pk)
    try:
        packed = archiving.export(case, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
        return redirect(case.get_absolute_url())
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(case.number)}.zip"
    return response


@access(STAFF)
def archive(request: Request, pk: int) -> HttpResponse:
    """The gate of archiving: fetch the file, hand it over, write the receipt."""
    case = handled(request, pk)
    form = ArchiveForm(request.POST or None, initial={"opened_version": case.version})
    return form_page(
        request,
        form,
        lambda: archiving.archive(
            case, reference=form.cleaned_data["reference"], user=request.user, expected=form.expected_version
        ),
        heading=_("Aflever til kommunens arkiv"),
        path=crumbs(case, _("Arkiv")),
        back=case.get_absolute_url(),
        done=_("Sagen er noteret som afleveret."),
        yes=_("Sagen er afleveret"),
    )


@access({Role.HEAD})
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a case after the gate of archiving and its time; asks first."""
    case = handled(request, pk)
    return ask(
        request,
        lambda: archiving.delete(case, user=request.user),
        heading=_("Slet sagen?"),
        crumbs=crumbs(case, _("Slet")),
        question=str(case),
        consequence=_(
            "Oplysninger, dokumenter, stemmer og historik slettes og kan ikke hentes tilbage. At sagen er slettet, "
            "og af hvem, står i revisionssporet."
        ),
        yes=_("Ja, slet sagen"),
        back=case.get_absolute_url(),
        done=_("Sagen er slettet."),
        after=reverse("cases:cases"),
    )
