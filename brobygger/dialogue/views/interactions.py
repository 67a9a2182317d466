# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of talks: the list, one of them, correcting it, its files, deleting it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.form_pages import form_page
from brobygger.base.moments import day_in_words
from brobygger.dialogue.attachments import checked_attachment
from brobygger.dialogue.forms.interactions import AttachmentForm, InteractionFilters, InteractionForm
from brobygger.dialogue.models import Attachment, Interaction, ReceivedMail
from brobygger.dialogue.queries import interactions as queries
from brobygger.dialogue.reading import mentioned, read_note
from brobygger.dialogue.services import interactions as services
from brobygger.register.models import Organisation

MANY = 100
"""Talks on a page, for whoever would rather read on than turn pages."""


@access(STAFF)
def interactions(request: Request) -> HttpResponse:
    """What the office has talked with firms about, newest first."""
    filters = InteractionFilters(request.GET, operator=request.operator)
    wanted = filters.wanted
    hits = queries.of_operator(request.operator, wanted)
    per_page = MANY if request.GET.get("antal") == str(MANY) else settings.PAGE_SIZE
    pages = hits.pages(per_page)
    page = pages.get_page(request.GET.get("side"))
    page.object_list = queries.fetch(list(page.object_list))
    firms = Organisation.objects.filter(operator=request.operator)
    context = {
        "heading": _("Samtaler"),
        "filters": filters,
        "hits": hits,
        "page": page,
        "most_counted": pages.most,
        "many": per_page == MANY,
        "waiting_mail": ReceivedMail.objects.filter(operator=request.operator).waiting().count(),
        "about": firms.filter(pk=wanted.organisation).first() if wanted.organisation else None,
    }
    return render(request, "dialogue/interactions.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail."""
    filters = InteractionFilters(request.GET, operator=request.operator)
    hits = queries.of_operator(request.operator, filters.wanted)
    rows = queries.export_rows(hits.rows)
    return as_workbook(request, _("Samtaler"), "samtaler", queries.HEADINGS, rows)


def _one(request: Request, pk: int) -> Interaction:
    """The talk, of an office where the person is consultant or head; else not found."""
    found = get_object_or_404(queries.page_of_one(request.user, pk))
    if not request.user.is_staff_of(found.operator_id):
        raise Http404
    return found


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Samtaler"), reverse("dialogue:interactions")), *more]


@access(STAFF)
def interaction(request: Request, pk: int) -> HttpResponse:
    """One talk: what was said, by whom, the files, and what comes next. `laest=1` shows what we read out of the text."""
    found = _one(request, pk)
    return _interaction_page(request, found, AttachmentForm())


def _interaction_page(request: Request, found: Interaction, form: AttachmentForm) -> HttpResponse:
    read = None
    if request.GET.get("laest"):
        read = {
            "note": read_note(found.text, timezone.localdate(found.created_at)),
            "mentioned": mentioned(found.text),
        }
    organisations = list(found.organisations.all())
    context: dict[str, Any] = {
        "heading": _("%(kind)s %(day)s") % {"kind": found.get_kind_display(), "day": day_in_words(found.on)},
        "crumbs": _crumbs((str(found), None)),
        "interaction": found,
        "organisations": organisations,
        "first": organisations[0] if organisations else None,
        "read": read,
        "today": timezone.localdate(),
        "attachment_form": form,
    }
    return render(request, "dialogue/interaction.html", context)


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct a talk. When somebody else saved meanwhile, both versions are shown and nothing is lost."""
    found = _one(request, pk)
    path = _crumbs((str(found), found.get_absolute_url()), (_("Ret"), None))
    form = InteractionForm(request.POST or None, instance=found, operator=found.operator)
    return form_page(
        request,
        form,
        lambda: services.correct(found, form.note, user=request.user, expected=form.expected_version),
        template="register/form.html",
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
        heading=_("Ret samtalen"),
        crumbs=path,
    )


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a talk, after asking."""
    found = _one(request, pk)
    return ask(
        request,
        lambda: services.delete(found, user=request.user),
        heading=_("Slet samtalen?"),
        crumbs=_crumbs((str(found), found.get_absolute_url()), (_("Slet"), None)),
        question=services.named(found),
        consequence=_(
            "Teksten, bilagene og historikken slettes og kan ikke hentes tilbage. Opfølgninger bliver. "
            "At samtalen er slettet, og af hvem, står i revisionssporet."
        ),
        yes=_("Ja, slet samtalen"),
        back=found.get_absolute_url(),
        done=_("Samtalen er slettet."),
        after=reverse("dialogue:interactions"),
    )


@access(STAFF)
@require_POST
def attach(request: Request, pk: int) -> HttpResponse:
    """Attach a file."""
    found = _one(request, pk)
    form = AttachmentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.attach(found, checked_attachment(form.cleaned_data["file"]), user=request.user)
        except UserError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("Filen er vedhæftet."))
            return redirect("dialogue:interaction", pk=pk)
    return _interaction_page(request, found, form)


def _attachment(request: Request, pk: int) -> Attachment:
    rows = Attachment.objects.visible_to(request.user).select_related("interaction__operator")
    return get_object_or_404(rows, pk=pk)


@access(SIGNED_IN)
def attachment(request: Request, pk: int) -> FileResponse:
    """A file as a download, never shown inside the site: to whoever may read the talk."""
    found = _attachment(request, pk)
    stored = str(found.file.name)
    if found.is_held_back or not default_storage.exists(stored):
        raise Http404
    return FileResponse(
        default_storage.open(stored),
        as_attachment=True,
        filename=found.name,
        content_type=found.content_type,
    )


@access(STAFF)
def detach(request: Request, pk: int) -> HttpResponse:
    """Delete a file, after asking."""
    found = _attachment(request, pk)
    talk = found.interaction
    if not request.user.is_staff_of(talk.operator_id):
        raise Http404
    return ask(
        request,
        lambda: services.detach(found, user=request.user),
        heading=_("Slet filen?"),
        crumbs=_crumbs((str(talk), talk.get_absolute_url()), (_("Slet fil"), None)),
        question=found.name,
        consequence=_("Filen kan ikke hentes tilbage. At den er slettet, står i revisionssporet."),
        yes=_("Ja, slet filen"),
        back=talk.get_absolute_url(),
        done=_("Filen er slettet."),
    )
