# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of prospectuses: making one, reading one, the PDF, sending it, and the investor's own page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import PUBLIC, STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import pdf
from brobygger.base.errors import UserError
from brobygger.cases.enquiry import queries, services
from brobygger.cases.enquiry.forms import MakeForm, SendForm
from brobygger.cases.enquiry.models import ProspectusVersion
from brobygger.cases.enquiry.scope import TYPE
from brobygger.cases.models import Case
from brobygger.register.views.common import form_page


@access(STAFF)
def make(request: Request, case_pk: int) -> HttpResponse:
    """Compute a new version."""
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related("operator"), pk=case_pk, type_key=TYPE
    )
    newest = case.prospectuses.first()
    form = MakeForm(request.POST or None, initial={"introduction": newest.introduction if newest else ""})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make(case, introduction=form.cleaned_data["introduction"], user=request.user)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Prospektet er regnet ud."))
            return redirect("enquiry:prospectus", made.pk)
    context = {
        "heading": _("Nyt prospekt"),
        "crumbs": [(str(case), case.get_absolute_url()), (_("Nyt prospekt"), None)],
        "form": form,
        "back": case.get_absolute_url(),
        "yes": _("Regn prospektet ud"),
        "lead": _(
            "Tallene hentes fra registret, fra det, virksomhederne har og mangler, og fra aftalerne, som de ser ud i dag."
        ),
    }
    return render(request, "register/form.html", context)


def _one(request: Request, pk: int) -> ProspectusVersion:
    rows = ProspectusVersion.objects.visible_to(request.user).select_related("case__operator", "made_by")
    return get_object_or_404(rows, pk=pk)


@access(STAFF)
def prospectus(request: Request, pk: int) -> HttpResponse:
    """One version, as the investor will see it, with what the office can do."""
    version = _one(request, pk)
    versions = version.case.prospectuses.only("pk", "number", "made_at", "sent_at", "case_id")
    context = {
        "heading": queries.title(version),
        "crumbs": [
            (str(version.case), version.case.get_absolute_url()),
            (_("Prospekt, version %(number)s") % {"number": version.number}, None),
        ],
        "version": version,
        "versions": versions,
        "is_newest": not version.case.prospectuses.filter(number__gt=version.number).exists(),
        **_content(version),
    }
    return render(request, "enquiry/prospectus.html", context)


def _content(version: ProspectusVersion) -> dict[str, object]:
    body = queries.shown(version)
    return {"body": body, "chart": queries.chart(version) if len(body["groups"]) > 1 else None}


@access(STAFF)
def choose(request: Request, pk: int) -> HttpResponse:
    """Which lines are in it, before it is sent."""
    version = _one(request, pk)
    if request.method == "POST":
        try:
            made = services.choose(version, set(request.POST.getlist("linje")), user=request.user)
        except UserError as error:
            messages.error(request, str(error))
            return redirect("enquiry:prospectus", pk)
        messages.success(request, _("Linjerne er valgt."))
        return redirect("enquiry:prospectus", made.pk)
    context = {
        "heading": _("Vælg linjer i prospektet"),
        "crumbs": [
            (str(version.case), version.case.get_absolute_url()),
            (
                _("Prospekt, version %(number)s") % {"number": version.number},
                reverse("enquiry:prospectus", args=[pk]),
            ),
            (_("Linjer"), None),
        ],
        "version": version,
        "parts": queries.lines(version),
    }
    return render(request, "enquiry/lines.html", context)


@access(STAFF)
def as_pdf(request: Request, pk: int) -> HttpResponse:
    """The version as a file."""
    return _file(_one(request, pk))


def _file(version: ProspectusVersion) -> HttpResponse:
    answer = HttpResponse(queries.as_pdf(version), content_type=pdf.CONTENT_TYPE)
    name = f"prospekt-{version.case.number}-{version.number}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@access(STAFF)
def send(request: Request, pk: int) -> HttpResponse:
    """Send the version to the investor."""
    version = _one(request, pk)
    case = version.case
    first = {"to": case.value("investor_email") or "", "message": _first_message(request, version)}
    form = SendForm(request.POST or None, initial=first)
    return form_page(
        request,
        form,
        lambda: services.send(version, user=request.user, **form.cleaned_data),
        heading=_("Send prospektet"),
        path=[(str(case), case.get_absolute_url()), (_("Send prospektet"), None)],
        back=reverse("enquiry:prospectus", args=[pk]),
        done=_("Prospektet er på vej."),
        yes=_("Send"),
        lead=_("Prospektet følger med som PDF."),
    )


def _first_message(request: Request, version: ProspectusVersion) -> str:
    return _(
        "Tak for jeres henvendelse. Her er et prospekt for %(title)s.\n\nRing eller skriv endelig, hvis I vil vide mere.\n\nVenlig hilsen\n%(name)s\n%(office)s"
    ) % {"title": queries.title(version), "name": request.user.name, "office": version.case.operator.name}


def _sent(token: uuid.UUID) -> ProspectusVersion:
    """A version that was sent, while its office's public site is on."""
    version = get_object_or_404(
        ProspectusVersion.objects.select_related("case__operator").filter(sent_at__isnull=False), token=token
    )
    if not version.case.operator.portal_open:
        raise Http404
    return version


@access(PUBLIC)
def public(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """What the investor opens from the letter."""
    version = _sent(token)
    context = {"heading": queries.title(version), "version": version, **_content(version)}
    answer = render(request, "enquiry/public.html", context)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@access(PUBLIC)
def public_pdf(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """The same as a file."""
    return _file(_sent(token))
