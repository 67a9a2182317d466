# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of the network: the office's list of angels, and what an angel was sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.cases.angels import services
from brobygger.cases.angels.case_words import ANSWERED_IN
from brobygger.cases.angels.forms import AngelForm, AnswerForm, JoinForm
from brobygger.cases.angels.models import Angel, Sending
from brobygger.register.views.common import form_page

SENT_TO_ME = frozenset({Role.PARTNER})


@access(STAFF)
def angels(request: Request) -> HttpResponse:
    """The office's network of angels."""
    context = {
        "heading": _("Business angels"),
        "page": Paginator(_network(request), settings.PAGE_SIZE).get_page(request.GET.get("side")),
    }
    return render(request, "angels/angels.html", context)


def _network(request: Request) -> QuerySet[Angel]:
    rows = Angel.objects.visible_to(request.user).filter(operator=request.operator).select_related("user")
    yes = Q(sendings__answer=Sending.Answer.YES)
    return rows.annotate(times=Count("sendings"), yes=Count("sendings", filter=yes)).order_by(
        "user__name", "pk"
    )


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The network as an Excel workbook. Recorded in the audit trail."""
    headings = [
        _("Navn"), _("E-mail"), _("Brancher"), _("Fra, kr."), _("Til, kr."), _("Baggrund"), _("Fået tilsendt"),
        _("Sagt ja til"), _("Med nu"),
    ]  # fmt: skip
    rows: Any = _network(request)
    lines = (
        [
            str(row.user), row.user.email, row.industry_names or _("alle"), row.least, row.most, row.background, row.times,
            row.yes, _("ja") if row.active else _("nej"),
        ]
        for row in rows
    )  # fmt: skip
    return as_workbook(request, _("Business angels"), "business-angels", headings, lines)


@access(STAFF)
def join(request: Request) -> HttpResponse:
    """Somebody joins."""
    form = JoinForm(request.POST or None, operator=request.operator)
    back = reverse("angels:angels")
    return form_page(
        request,
        form,
        lambda: services.join(
            request.operator, form.cleaned_data["person"], user=request.user, **form.values
        ),
        heading=_("Ny business angel"),
        lead=_("Personen skal have adgang som partner. Inviter fra siden Kontoret, hvis navnet ikke er der."),
        path=[(_("Business angels"), back), (_("Ny"), None)],
        back=back,
        done=_("Personen er med i netværket."),
    )


@access(STAFF)
def angel(request: Request, pk: int) -> HttpResponse:
    """What an angel looks for."""
    rows = Angel.objects.visible_to(request.user).select_related("operator", "user")
    found = get_object_or_404(rows, pk=pk)
    form = AngelForm(request.POST or None, instance=found)
    back = reverse("angels:angels")
    return form_page(
        request,
        form,
        lambda: services.change(
            get_object_or_404(rows, pk=pk), user=request.user, expected=form.expected_version, **form.values
        ),
        heading=str(found.user),
        path=[(_("Business angels"), back), (str(found.user), None)],
        back=back,
        done=_("Ændringerne er gemt."),
    )


@access(SENT_TO_ME)
def sent_to_me(request: Request) -> HttpResponse:
    """Everything the person was sent, newest first."""
    rows = Sending.objects.sent_to(request.user).defer("text")
    context = {
        "heading": _("Sendt til dig"),
        "page": Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side")),
    }
    return render(request, "angels/sent_to_me.html", context)


@access(SENT_TO_ME)
def export_sent(request: Request) -> HttpResponse:
    """The same as an Excel workbook. Recorded in the audit trail."""
    headings = [_("Titel"), _("Hvad"), _("Sendt"), _("Åbnet"), _("Svar"), _("Svaret den"), _("Besked")]
    rows = Sending.objects.sent_to(request.user).defer("text")
    lines = (
        [
            row.title, row.get_what_display(), row.sent_at, row.opened_at, row.get_answer_display(), row.answered_at,
            row.note,
        ]
        for row in rows
    )  # fmt: skip
    return as_workbook(request, _("Sendt til mig"), "sendt-til-mig", headings, lines)


@access(SENT_TO_ME)
def sending(request: Request, pk: int) -> HttpResponse:
    """One thing, exactly as it was sent, and the answer."""
    rows = Sending.objects.sent_to(request.user).select_related("case", "angel__operator")
    found = get_object_or_404(rows, pk=pk)
    services.opened(found, user=request.user)
    may_answer = found.case.stage == ANSWERED_IN[found.what]
    form = AnswerForm(request.POST or None, initial={"answer": found.answer, "note": found.note})
    back = reverse("angels:sent_to_me")
    return form_page(
        request,
        form,
        lambda: services.answer(found, user=request.user, **form.cleaned_data),
        heading=found.title,
        path=[(_("Sendt til dig"), back), (found.title, None)],
        back=back,
        done=_("Tak for svaret."),
        template="angels/sending.html",
        sending=found,
        may_answer=may_answer,
    )
