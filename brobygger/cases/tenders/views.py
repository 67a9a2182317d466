# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What everybody reads of tenders, and what firms do: ask, bid, take a bid back."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import PUBLIC, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base.errors import UserError
from brobygger.cases.tenders import dialogue, forms, queries, services, telling, texts
from brobygger.cases.tenders.case_words import TEXTS
from brobygger.cases.tenders.models import Bid, Follower, Tender, Version
from brobygger.register.models import Organisation
from brobygger.register.views.common import form_page

FIRMS = frozenset({Role.FIRM})


@access(PUBLIC)
def tenders(request: HttpRequest) -> HttpResponse:
    """Tasks that firms can bid on, the nearest deadline first."""
    page = Paginator(queries.open_to(request.user), settings.PAGE_SIZE).get_page(request.GET.get("side"))
    return render(request, "tenders/tenders.html", {"heading": _("Udbud og udfordringer"), "page": page})


@access(FIRMS)
def own(request: Request) -> HttpResponse:
    """What one has bid on, and what became of it."""
    page = Paginator(queries.bid_on_by(request.user), settings.PAGE_SIZE).get_page(request.GET.get("side"))
    return render(request, "tenders/own.html", {"heading": _("Opgaver, I har budt på"), "page": page})


@access(PUBLIC)
def export(request: HttpRequest) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail where somebody is signed in."""
    headings = [
        _("Opgave"), _("Kontor"), _("Forvaltning"), _("Frist for bud"), _("Offentliggjort"), _("Hvad mangler de"),
        _("Sådan vælger de"), _("Adresse"),
    ]  # fmt: skip
    rows = queries.open_to(request.user).prefetch_related(
        Prefetch("versions", Version.objects.order_by("-number"), "newest")
    )
    return as_workbook(request, _("Udbud"), "udbud", headings, (_as_row(row) for row in rows))


def _as_row(row: Tender) -> list[Any]:
    newest: Version = row.newest[0]  # type: ignore[attr-defined]
    said = [newest.texts.get(key, "") for key in TEXTS]
    return [
        newest.title, row.case.operator.name, said[0], row.deadline, row.published_at, *said[1:],
        settings.SITE_URL + row.get_absolute_url(),
    ]  # fmt: skip


def _one(request: HttpRequest, token: uuid.UUID) -> Tender:
    rows = (
        Tender.objects.visible_to(request.user)
        .select_related("case__operator", "case__definition", "winner__organisation")
        .defer("winner__data")
    )
    return get_object_or_404(rows, token=token)


@access(PUBLIC)
def tender(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """One task: what is wanted, the meetings, the answers, the deadline."""
    found = _one(request, token)
    own: list[int] = []
    if request.user.is_authenticated:
        own = list(Organisation.objects.acted_for_by(request.user).values_list("pk", flat=True)[:50])
    versions = list(found.versions.all())
    state = queries.state_of(found)
    questions = found.questions.filter(
        Q(answered_at__isnull=False) | Q(closed_at__isnull=False) | Q(organisation_id__in=own)
    )
    title = versions[-1].title if versions else found.case.title
    context = {
        "heading": title,
        "crumbs": [(_("Udbud"), reverse("tenders:tenders")), (title, None)],
        "tender": found,
        "text": versions[-1] if versions else None,
        "first": versions[0] if len(versions) > 1 else None,
        "changes": texts.changes(found.case.type, versions),
        "follows": request.user.is_authenticated
        and Follower.objects.filter(tender=found, user=request.user).exists(),
        "first_parts": texts.parts(found.case.type, versions[0]) if len(versions) > 1 else [],
        "meetings": found.meetings.all(),
        "questions": questions,
        "notices": found.notices.all(),
        "state": state,
        "takes_bids": state.key == "open",
        "may_bid": bool(own),
        "mine": Bid.objects.filter(tender=found, organisation_id__in=own)
        .select_related("organisation")
        .defer("data"),
    }
    return render(request, "tenders/tender.html", context)


@access(FIRMS)
@require_POST
def follow(request: Request, token: uuid.UUID) -> HttpResponse:
    """Be written to when it changes, or no longer."""
    found = _one(request, token)
    try:
        if request.POST.get("stop"):
            telling.stop_following(found, user=request.user)
            messages.success(
                request, _("Vi skriver ikke længere til dig om opgaven, medmindre I byder eller spørger.")
            )
        else:
            telling.follow(found, user=request.user)
            messages.success(request, _("Vi skriver til dig, hvis opgaven eller fristen ændres."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(found)


@access(FIRMS)
def ask(request: Request, token: uuid.UUID) -> HttpResponse:
    """A firm asks."""
    found = _one(request, token)
    form = forms.AskForm(request.POST or None, user=request.user)
    return form_page(
        request,
        form,
        lambda: dialogue.ask(found, user=request.user, **form.cleaned_data),
        heading=_("Stil et spørgsmål"),
        lead=_("Spørgsmål og svar kan læses af alle, uden at jeres navn står der."),
        path=[(found.case.title, found.get_absolute_url()), (_("Spørgsmål"), None)],
        back=found.get_absolute_url(),
        yes=_("Send spørgsmålet"),
        done=_("Spørgsmålet er sendt. Svaret kommer på opgavens side, og I får det i en mail."),
    )


@access(FIRMS)
def bid(request: Request, token: uuid.UUID) -> HttpResponse:
    """Hand in a sealed bid."""
    found = _one(request, token)
    form = forms.BidForm(request.POST or None, request.FILES or None, user=request.user)
    return form_page(
        request,
        form,
        lambda: services.submit(found, user=request.user, **form.cleaned_data),
        heading=_("Byd på opgaven"),
        lead=_(
            "Buddet forsegles. Ingen kan læse det, før to personer åbner alle bud efter fristen. Byder I igen, gælder det nye."
        ),
        path=[(found.case.title, found.get_absolute_url()), (_("Bud"), None)],
        back=found.get_absolute_url(),
        done=_("Buddet er modtaget og forseglet."),
        template="tenders/bid.html",
    )


@access(FIRMS)
def withdraw(request: Request, token: uuid.UUID, organisation_pk: int) -> HttpResponse:
    """Ask, then take one's bid back."""
    found = _one(request, token)
    own = get_object_or_404(Organisation.objects.acted_for_by(request.user), pk=organisation_pk)
    context = {
        "heading": _("Træk buddet tilbage?"),
        "question": own.name,
        "consequence": _("Buddet bliver ikke åbnet. I kan byde igen indtil fristen."),
        "yes": _("Ja, træk det tilbage"),
        "back": found.get_absolute_url(),
    }
    if request.method == "POST":
        try:
            services.withdraw(found, own, user=request.user)
        except UserError as error:
            return render(request, "base/confirm.html", {**context, "consequence": str(error)}, status=409)
        return redirect(found)
    return render(request, "base/confirm.html", context)
