# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The office's pages of a tender."""

from __future__ import annotations

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_file, as_workbook
from brobygger.accounts.http import Request
from brobygger.base import scanning
from brobygger.base.errors import UserError
from brobygger.cases.models import Case
from brobygger.cases.tenders import dialogue, forms, opening, proposing, queries, services, texts
from brobygger.cases.tenders.case_words import DRAFT, PUBLISHED, TYPE
from brobygger.cases.tenders.models import Bid, DialogueMeeting, Question, Tender
from brobygger.cases.views.common import form_page as case_form_page
from brobygger.register.views.common import form_page


def _case(request: Request, case_pk: int) -> Case:
    rows = Case.objects.visible_to(request.user).select_related("operator", "definition")
    return get_object_or_404(rows, pk=case_pk, type_key=TYPE)


def _tender(request: Request, case_pk: int) -> Tender:
    rows = Tender.objects.handled_by(request.user).select_related(
        "case__operator", "case__definition", "first_opener", "second_opener", "winner__organisation"
    )
    return get_object_or_404(rows, case_id=case_pk)


@access(STAFF)
def manage(request: Request, case_pk: int) -> HttpResponse:
    """Everything the office does with a tender. No bid is shown, nor counted, before they are opened."""
    case = _case(request, case_pk)
    tender = (
        Tender.objects.filter(case=case)
        .select_related("first_opener", "second_opener", "winner__organisation")
        .defer("winner__data")
        .first()
    )
    shown: list[dict[str, Any]] = []
    if tender and tender.opened_at:
        try:
            shown = [{"bid": bid, **content} for bid, content in opening.read(tender, user=request.user)]
        except UserError as error:
            messages.error(request, str(error))
    now = timezone.now()
    context = {
        "heading": _("Udbud: %(title)s") % {"title": case.title},
        "crumbs": [(str(case), case.get_absolute_url()), (_("Udbud"), None)],
        "case": case,
        "tender": tender,
        "bids": shown,
        "meetings": tender.meetings.all() if tender else [],
        "questions": tender.questions.all() if tender else [],
        "notices": tender.notices.all() if tender else [],
        "changes": texts.changes(case.type, list(tender.versions.all())) if tender else [],
        "is_draft": case.stage == DRAFT and not (tender and tender.published_at),
        "takes_bids": bool(tender and case.stage == PUBLISHED and tender.takes_bids(now)),
        "may_change": bool(tender and case.is_open and tender.published_at and now <= tender.deadline),
        "may_answer": bool(tender and case.is_open and now <= tender.deadline),
        "may_answer_late": bool(tender and case.is_open and now > tender.deadline),
        "state": queries.state_of(tender) if tender and tender.published_at else None,
        "may_open": bool(
            tender and case.is_open and tender.published_at and not tender.opened_at and now > tender.deadline
        ),
        "proposals": proposing.proposals(case)
        if case.is_open and not (tender and now > tender.deadline)
        else [],
        "told": tender.announcements.count() if tender else 0,
        "is_first": bool(tender and tender.first_opener_id == request.user.pk),
    }
    return render(request, "tenders/manage.html", context)


def _back(case_pk: int) -> str:
    return reverse("tenders:manage", args=[case_pk])


def _form(
    request: Request, case_pk: int, form: Any, act: Callable[..., Any], heading: str, done: str, **more: Any
) -> HttpResponse:
    return form_page(
        request,
        form,
        lambda: act(user=request.user, **form.cleaned_data),
        heading=heading,
        path=[(_("Udbud"), _back(case_pk)), (heading, None)],
        back=_back(case_pk),
        done=done,
        **more,
    )


@access(STAFF)
def set_up(request: Request, case_pk: int) -> HttpResponse:
    """Deadline, and whether members are first."""
    case = _case(request, case_pk)
    tender = Tender.objects.filter(case=case).first()
    first = {"deadline": tender.deadline, "members_days": tender.members_days} if tender else None
    form = forms.SetUpForm(request.POST or None, initial=first)
    return _form(
        request,
        case_pk,
        form,
        lambda **typed: services.set_up(case, **typed),
        _("Frist og medlemmer"),
        _("Gemt."),
    )


@access(STAFF)
def extend(request: Request, case_pk: int) -> HttpResponse:
    """A later deadline, told to all."""
    tender = _tender(request, case_pk)
    form = forms.ExtendForm(request.POST or None)
    return _form(
        request, case_pk, form, lambda **typed: services.extend(tender, **typed), _("Forlæng fristen"),
        _("Fristen er forlænget, og alle får besked."),
    )  # fmt: skip


@access(STAFF)
def change_text(request: Request, case_pk: int) -> HttpResponse:
    """A new version of what is published, told to all."""
    tender = _tender(request, case_pk)
    if tender.published_at is None:
        raise Http404
    form = forms.ChangeTextForm(request.POST or None, case=tender.case)
    return case_form_page(
        request,
        form,
        lambda: texts.change(
            tender, form.typed, reason=form.cleaned_data["reason"], user=request.user, expected=form.expected_version
        ),
        heading=_("Ret opgavens tekst"),
        lead=_("Den tekst, der gjaldt før, bliver stående på opgavens side. Er ændringen væsentlig, så forlæng også fristen."),
        path=[(_("Udbud"), _back(case_pk)), (_("Ret teksten"), None)],
        back=_back(case_pk),
        done=_("Teksten er rettet, og alle får besked."),
        yes=_("Ret teksten, og giv alle besked"),
    )  # fmt: skip


@access(STAFF)
def tell_meeting(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """What was said at a meeting with the market."""
    held = get_object_or_404(DialogueMeeting, pk=pk, tender=_tender(request, case_pk))
    form = forms.TellMeetingForm(request.POST or None, initial={"told": held.told})
    return _form(
        request, case_pk, form, lambda **typed: dialogue.tell_meeting(held, **typed), _("Referat af mødet"),
        _("Referatet kan nu læses af alle."), lead=str(held),
    )  # fmt: skip


@access(STAFF)
def meeting(request: Request, case_pk: int) -> HttpResponse:
    """A meeting with the market."""
    tender = _tender(request, case_pk)
    form = forms.MeetingForm(request.POST or None)
    return _form(
        request, case_pk, form, lambda **typed: dialogue.add_meeting(tender, **typed), _("Møde med markedet"),
        _("Mødet står nu på opgavens side. Er opgaven ude, har de, der følger den, fået en mail."),
    )  # fmt: skip


@access(STAFF)
def answer(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """Answer a question, to all."""
    tender = _tender(request, case_pk)
    question = get_object_or_404(Question, pk=pk, tender=tender)
    form = forms.AnswerForm(request.POST or None, initial={"answer": question.answer})
    return _form(
        request, case_pk, form, lambda **typed: dialogue.answer(question, **typed), _("Svar på spørgsmålet"),
        _("Svaret kan nu læses af alle, og de, der har budt, spurgt eller følger opgaven, får en mail."), lead=question.text,
    )  # fmt: skip


@access(STAFF)
def close(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """Close a question that was overlooked, with a word."""
    tender = _tender(request, case_pk)
    question = get_object_or_404(Question, pk=pk, tender=tender)
    form = forms.CloseForm(request.POST or None, initial={"why": question.closed_why})
    return _form(
        request, case_pk, form, lambda **typed: dialogue.close(question, **typed), _("Luk spørgsmålet"),
        _("Spørgsmålet er lukket, og den, der spurgte, får en mail."), lead=question.text,
    )  # fmt: skip


@access(STAFF)
@require_POST
def open_bids(request: Request, case_pk: int) -> HttpResponse:
    """The first begins, the second confirms."""
    tender = _tender(request, case_pk)
    act = opening.confirm if tender.first_opener_id else opening.begin
    try:
        act(tender, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
    return redirect(_back(case_pk))


@access(STAFF)
def choose(request: Request, case_pk: int) -> HttpResponse:
    """Which bid is chosen."""
    tender = _tender(request, case_pk)
    try:
        standing = [bid.pk for bid in opening.bids(tender, user=request.user)]
    except UserError as error:
        messages.error(request, str(error))
        return redirect(_back(case_pk))
    rows = Bid.objects.filter(pk__in=standing).select_related("organisation")
    form = forms.ChooseForm(
        request.POST or None, bids=rows, initial={"bid": tender.winner_id, "reason": tender.award_reason}
    )
    return _form(
        request, case_pk, form, lambda **typed: opening.choose(tender, **typed), _("Vælg et bud"), _("Valget er gemt.")
    )  # fmt: skip


@access(STAFF)
def export_bids(request: Request, case_pk: int) -> HttpResponse:
    """The opened bids as an Excel workbook. Recorded in the audit trail."""
    tender = _tender(request, case_pk)
    try:
        found = opening.read(tender, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
        return redirect(_back(case_pk))
    headings = [_("Virksomhed"), _("CVR-nummer"), _("Pris uden moms, kr."), _("Løsning"), _("Bilag"), _("Modtaget"),
                _("Fingeraftryk"), _("Valgt")]  # fmt: skip
    rows = [
        [
            bid.organisation.name, bid.organisation.cvr or "", Decimal(content["price"]), content["text"],
            content["file"]["name"] if content["file"] else "", bid.submitted_at, bid.fingerprint,
            _("ja") if bid.pk == tender.winner_id else "",
        ]
        for bid, content in found
    ]  # fmt: skip
    return as_workbook(
        request, _("Bud på %(case)s") % {"case": tender.case}, f"bud-{tender.case.number}", headings, rows
    )


@access(STAFF)
def bid_file(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """The file of an opened bid. Recorded in the audit trail."""
    tender = _tender(request, case_pk)
    bid = get_object_or_404(Bid.objects.select_related("tender"), pk=pk, tender=tender)
    try:
        file = opening.contents(bid, user=request.user)["file"]
    except UserError:
        raise Http404 from None
    if not file:
        raise Http404
    content = base64.b64decode(file["data"])
    if not scanning.is_clean(content):
        messages.error(
            request, _("Filen er ikke hentet: virusscanneren afviser den eller kan ikke nås lige nu.")
        )
        return redirect("tenders:manage", case_pk)
    ending = file["name"].rpartition(".")[2]
    answer = as_file(
        request, content, file["type"], f"bud-{bid.pk}.{ending}", about=str(tender.case),
        operator=tender.case.operator,
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
