# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The tray of mail that waits for somebody to say which firm it is about, and the door that mail comes in by."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from brobygger.accounts.access import PUBLIC, STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import inbound, search
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.paging import QuickPaginator
from brobygger.base.raw_mail import LARGEST
from brobygger.dialogue.models import InboundAddress, MailFile, ReceivedMail
from brobygger.dialogue.services import mail as services
from brobygger.register.models import Organisation

MOST_HITS = 8
_STATES = {"lagt": ReceivedMail.State.PLACED, "kasseret": ReceivedMail.State.DISCARDED}
_ADDRESS = re.compile(r"[^\s<>@,;]{1,64}@[^\s<>@,;]{1,190}")


@access(STAFF)
def tray(request: Request) -> HttpResponse:
    """What waits, the newest first; or what was placed or discarded."""
    chosen = request.GET.get("vis", "")
    state = _STATES.get(chosen, ReceivedMail.State.TRAY)
    rows = ReceivedMail.objects.filter(operator=request.operator, state=state)
    rows = rows.select_related("user", "handled_by", "interaction").defer("recipients")
    context = {
        "heading": _("Indbakke"),
        "crumbs": [(_("Samtaler"), reverse("dialogue:interactions")), (_("Indbakke"), None)],
        "page": QuickPaginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side")),
        "chosen": chosen if chosen in _STATES else "",
        "address": InboundAddress.objects.filter(operator=request.operator)
        .select_related("operator")
        .first(),
        "is_on": bool(settings.INBOUND_DOMAIN),
    }
    return render(request, "dialogue/tray.html", context)


@access(STAFF)
@require_POST
def new_address(request: Request) -> HttpResponse:
    """Make the office's inbound address, or another one."""
    services.new_address(request.operator, user=request.user)
    messages.success(request, _("Adressen er lavet. En tidligere adresse virker ikke mere."))
    return redirect("dialogue:tray")


def _one(request: Request, pk: int) -> ReceivedMail:
    rows = ReceivedMail.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("operator", "user", "handled_by", "interaction"), pk=pk)


@access(STAFF)
def mail(request: Request, pk: int) -> HttpResponse:
    """One mail, and what to do with it."""
    return _page(request, _one(request, pk), "")


def _page(request: Request, found: ReceivedMail, fault: str) -> HttpResponse:
    words = request.GET.get("q", "")[:200]
    hits = (
        search.find("organisation", words, scopes=[str(found.operator_id)], limit=MOST_HITS)
        if words
        else None
    )
    keys = list(hits.keys) if hits else []
    firms = {
        firm.pk: firm for firm in Organisation.objects.filter(operator_id=found.operator_id, pk__in=keys)
    }
    context: dict[str, Any] = {
        "heading": str(found),
        "crumbs": [
            (_("Samtaler"), reverse("dialogue:interactions")),
            (_("Indbakke"), reverse("dialogue:tray")),
            (str(found)[:60], None),
        ],
        "mail": found,
        "files": list(found.files.all()),
        "proposed": list(found.proposed.order_by("sort_name")) if found.is_waiting else [],
        "words": words,
        "hits": [firms[key] for key in keys if key in firms],
        "fault": fault,
    }
    return render(request, "dialogue/mail.html", context, status=200 if not fault else 409)


@access(STAFF)
@require_POST
def place(request: Request, pk: int) -> HttpResponse:
    """Lay it with a firm; the sender is entered there when that is ticked."""
    found = _one(request, pk)
    key = request.POST.get("virksomhed", "")
    firms = Organisation.objects.filter(operator_id=found.operator_id)
    firm = get_object_or_404(firms, pk=int(key) if key.isdecimal() and len(key) < 15 else 0)
    new_person = request.POST.get("navn", "").strip() if request.POST.get("ny_person") else ""
    try:
        talk = services.place(
            found, firm, user=request.user, expected=_version(request), new_person=new_person
        )
    except UserError as error:
        return _page(request, _one(request, pk), str(error))
    messages.success(request, _("Mailen er lagt hos %(name)s.") % {"name": firm.name})
    return redirect(talk)


@access(STAFF)
def discard(request: Request, pk: int) -> HttpResponse:
    """It is none of ours, after asking."""
    found = _one(request, pk)
    return ask(
        request,
        lambda: services.discard(found, user=request.user, expected=found.version),
        heading=_("Kassér mailen?"),
        crumbs=[(_("Indbakke"), reverse("dialogue:tray")), (_("Kassér"), None)],
        question=str(found),
        consequence=_(
            "Tekst og bilag slettes og kan ikke hentes tilbage. At den er kasseret, og af hvem, står tilbage."
        ),
        yes=_("Ja, kassér den"),
        back=found.get_absolute_url(),
        done=_("Mailen er kasseret."),
        after=reverse("dialogue:tray"),
    )


def _version(request: Request) -> int:
    typed = request.POST.get("opened_version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


@access(STAFF)
def mail_file(request: Request, pk: int) -> FileResponse:
    """A file of a mail in the tray, as a download."""
    mails = ReceivedMail.objects.visible_to(request.user).order_by().values("pk")
    file = get_object_or_404(MailFile, pk=pk, mail__in=mails)
    stored = str(file.file.name)
    if file.is_held_back or not default_storage.exists(stored):
        raise Http404
    return FileResponse(
        default_storage.open(stored), as_attachment=True, filename=file.name, content_type=file.content_type
    )


@csrf_exempt
@access(PUBLIC)
def hook(request: HttpRequest) -> HttpResponse:
    """A mail service hands a raw message over: POST it, with the shared secret in `X-Inbound-Secret` and the address it
    was sent to in `X-Envelope-To`. 404 as long as no secret is set, and for a wrong one."""
    given = request.headers.get("X-Inbound-Secret", "")
    if not settings.INBOUND_SECRET or not secrets.compare_digest(
        given.encode(), settings.INBOUND_SECRET.encode()
    ):
        raise Http404
    if request.method != "POST":
        return HttpResponse(status=405)
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return JsonResponse({"told": _("Mailen er for stor.")}, status=413)
    raw = request.read(LARGEST + 1)
    envelope = request.headers.get("X-Envelope-To", "")
    if _ADDRESS.fullmatch(envelope):
        raw = f"X-Envelope-To: {envelope}\r\n".encode() + raw
    try:
        told = inbound.take_in(raw)
    except UserError as error:
        return JsonResponse({"told": str(error)}, status=422)
    return JsonResponse({"told": told}, status=200 if told else 202)
