# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is done to a case: going on, deciding, waiting, putting dates right, parties, payments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.danish import kroner
from brobygger.base.errors import UserError
from brobygger.cases import hooks, rights
from brobygger.cases.definition import Move
from brobygger.cases.forms.office import (
    MarkForm,
    PartyForm,
    PauseForm,
    PaymentForm,
    ReasonForm,
    RecuseForm,
    RedateForm,
    ResumeForm,
    VoteForm,
    WayForm,
)
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.queries import one
from brobygger.cases.services import contents, moving, waiting
from brobygger.cases.services.correcting import redate as put_date_right
from brobygger.cases.services.correcting import take_back as undo
from brobygger.cases.views.common import attempt, crumbs, form_page, handled, opened_version, tell, visible
from brobygger.market.forms.who import WhoForm


def _way(case: Case, key: str) -> Move:
    found = case.type.move(case.stage, key)
    if found is None:
        raise Http404
    return found


@access(SIGNED_IN)
def move(request: Request, pk: int, way: str) -> HttpResponse:
    """Take a way out of the stage: asks for the date and a reason first."""
    found = visible(request, pk)
    taken = found.type.move(found.stage, way)
    if taken is None:
        messages.error(request, _("Sagen er i mellemtiden gået videre. Se, hvor den står nu."))
        return redirect(found.get_absolute_url())
    office = rights.is_officer(request.user, found)
    form = WayForm(
        request.POST or None,
        way=taken,
        told=found.type.tells_the_reason(taken.letter),
        dated=office,
        initial={"opened_version": found.version},
    )
    return form_page(
        request,
        form,
        lambda: moving.move(
            found, way, user=request.user, expected=form.expected_version,
            on=form.cleaned_data.get("on"), reason=form.cleaned_data["reason"],
        ),
        heading=taken.name,
        path=crumbs(found, taken.name) if office else [],
        back=found.get_absolute_url(),
        done=_("Sagen står nu ved »%(stage)s«.") % {"stage": found.type.stage(taken.to).name},
        yes=taken.name,
        lead=str(found),
        letter=found.type.letter(taken.letter) if taken.letter else None,
    )  # fmt: skip


@access(SIGNED_IN)
def vote(request: Request, pk: int, way: str) -> HttpResponse:
    """Answer in a decision."""
    found = visible(request, pk)
    decision = _way(found, way)
    mine = one.my_ballots(found, decision, request.user)
    if not mine:
        raise Http404
    told = found.type.tells_the_reason(decision.letter_otherwise)
    form = VoteForm(request.POST or None, case=found, mine=mine, told=told)
    return form_page(
        request,
        form,
        lambda: moving.vote(
            found, way, form.cleaned_data["answer"], user=request.user, round=form.cleaned_data["round"],
            reason=form.cleaned_data["reason"], of=form.cleaned_data.get("of", ""),
        ),
        heading=decision.name,
        path=[],
        back=found.get_absolute_url(),
        done=_("Dit svar er gemt."),
        yes=_("Afgiv svar"),
        lead=str(found),
    )  # fmt: skip


@access(STAFF)
@require_POST
def count(request: Request, pk: int, way: str) -> HttpResponse:
    """Close the voting."""
    found = handled(request, pk)
    typed = request.POST.get("round", "")
    turn = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    attempt(
        request, lambda: moving.count(found, way, user=request.user, round=turn), _("Stemmerne er talt op.")
    )
    return redirect(found.get_absolute_url())


@access(STAFF)
def pause(request: Request, pk: int) -> HttpResponse:
    """Let the clock stand: ask the applicant, or wait for somebody else."""
    found = handled(request, pk)
    if not found.type.pauses:
        raise Http404
    form = PauseForm(request.POST or None, kind=found.type, initial={"key": request.GET.get("hvad")})
    return form_page(
        request,
        form,
        lambda: waiting.pause(
            found, form.cleaned_data["key"], user=request.user, text=form.cleaned_data["text"],
            on=form.cleaned_data["on"], reason=form.cleaned_data["reason"],
        ),
        heading=_("Sagen skal vente"),
        path=crumbs(found, _("Vent")),
        back=found.get_absolute_url(),
        done=_("Noteret. Uret står stille fra i morgen, til svaret er her."),
    )  # fmt: skip


def _event(case: Case, pk: int) -> CaseEvent:
    return get_object_or_404(CaseEvent, pk=pk, case=case)


@access(STAFF)
def resume(request: Request, pk: int, event: int) -> HttpResponse:
    """The answer came, or the waiting is over."""
    found = handled(request, pk)
    paused = _event(found, event)
    form = ResumeForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: waiting.resume(
            found, paused, user=request.user, text=form.cleaned_data["text"], on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        heading=_("Ventetiden er slut"),
        path=crumbs(found, _("Svar")),
        back=found.get_absolute_url(),
        done=_("Noteret. Uret løber igen."),
        lead=paused.text,
    )  # fmt: skip


@access(STAFF)
def mark(request: Request, pk: int) -> HttpResponse:
    """Note that something has happened that the type asks for."""
    found = handled(request, pk)
    if not found.type.marks:
        raise Http404
    form = MarkForm(request.POST or None, kind=found.type)
    return form_page(
        request,
        form,
        lambda: waiting.mark(
            found, form.cleaned_data["key"], user=request.user, text=form.cleaned_data["text"],
            on=form.cleaned_data["on"], reason=form.cleaned_data["reason"],
        ),
        heading=_("Notér en hændelse"),
        path=crumbs(found, _("Notér")),
        back=found.get_absolute_url(),
        done=_("Noteret."),
    )  # fmt: skip


@access(STAFF)
def redate(request: Request, pk: int, event: int) -> HttpResponse:
    """Put a date right."""
    found = handled(request, pk)
    happened = _event(found, event)
    form = RedateForm(request.POST or None, initial={"on": happened.on, "opened_version": found.version})
    return form_page(
        request,
        form,
        lambda: put_date_right(
            found, happened, form.cleaned_data["on"], reason=form.cleaned_data["reason"], user=request.user,
            expected=form.expected_version,
        ),
        heading=_("Ret datoen"),
        path=crumbs(found, _("Ret dato")),
        back=found.get_absolute_url(),
        done=_("Datoen er rettet, og alle frister er regnet om."),
        lead=_("Det, der stod før, kan stadig ses."),
    )  # fmt: skip


@access(STAFF)
def take_back(request: Request, pk: int, event: int) -> HttpResponse:
    """Something did not happen after all."""
    found = handled(request, pk)
    happened = _event(found, event)
    form = ReasonForm(request.POST or None, initial={"opened_version": found.version})
    form.fields["reason"].help_text = hooks.who_reads_why(found, happened)
    return form_page(
        request,
        form,
        lambda: undo(
            found,
            happened,
            reason=form.cleaned_data["reason"],
            user=request.user,
            expected=form.expected_version,
        ),
        heading=_("Tag tilbage"),
        path=crumbs(found, _("Tag tilbage")),
        back=found.get_absolute_url(),
        done=_("Det er taget tilbage, og alle frister er regnet om."),
        lead=str(happened),
        yes=_("Tag tilbage"),
    )


@access(STAFF)
def add_party(request: Request, pk: int) -> HttpResponse:
    """Give somebody a role."""
    found = handled(request, pk)
    posted = request.method == "POST"
    form = PartyForm(request.POST if posted else None, case=found)
    who = WhoForm(request.POST if posted else None, user=request.user, operator=found.operator)
    if posted and form.is_valid():
        other = form.cleaned_data["user"] or form.cleaned_data["name"]
        if other or who.is_valid():
            try:
                contents.add_party(
                    found, form.cleaned_data["role"], user=request.user, party_user=form.cleaned_data["user"],
                    name=form.cleaned_data["name"], organisation=None if other else who.cleaned_data["chosen"],
                )  # fmt: skip
            except UserError as error:
                tell(form, error)
            else:
                messages.success(request, _("Parten er tilføjet."))
                return redirect(found.get_absolute_url())
    context: dict[str, Any] = {
        "heading": _("Tilføj part"), "crumbs": crumbs(found, _("Part")), "form": form, "who": who, "back": found.get_absolute_url(),
    }  # fmt: skip
    return render(request, "cases/party.html", context)


@access(STAFF)
@require_POST
def add_wished(request: Request, pk: int, role: str) -> HttpResponse:
    """Give a role to whom the applicant wished for it: one press."""
    found = handled(request, pk)
    attempt(
        request,
        lambda: contents.add_wished(found, role, user=request.user, expected=opened_version(request)),
        _("Parten er tilføjet."),
    )
    return redirect(found.get_absolute_url())


@access(STAFF)
def end_party(request: Request, pk: int, party: int) -> HttpResponse:
    """Somebody has a role no longer; asks first."""
    found = handled(request, pk)
    ended = get_object_or_404(found.parties.filter(ended_at=None), pk=party)
    return ask(
        request,
        lambda: contents.end_party(found, ended, user=request.user),
        heading=_("Træder parten ud?"),
        crumbs=crumbs(found, _("Part")),
        question=str(ended),
        consequence=_("Det, parten har gjort i sagen, bliver stående."),
        yes=_("Lad parten træde ud"),
        back=found.get_absolute_url(),
        done=_("Parten er trådt ud."),
    )


@access(SIGNED_IN)
def recuse(request: Request, pk: int) -> HttpResponse:
    """Somebody is partial: the office says so, or they do themselves."""
    found = visible(request, pk)
    office = rights.is_officer(request.user, found)
    form = RecuseForm(request.POST or None, case=found, user=request.user, office=office)
    return form_page(
        request,
        form,
        lambda: contents.recuse(
            found, form.cleaned_data["person"], user=request.user, reason=form.cleaned_data["reason"]
        ),
        heading=_("Inhabil"),
        path=crumbs(found, _("Inhabil")) if office else [],
        back=found.get_absolute_url(),
        done=_("Noteret. Personen ser ikke længere sagen og stemmer ikke.")
        if office
        else _("Noteret. Du ser ikke længere sagen og stemmer ikke i den."),
        lead=_(
            "Den, der selv eller gennem sin virksomhed har en interesse i sagen, må ikke behandle den (forvaltningsloven § 3)."
        ),
        yes=_("Notér"),
        goes_to=lambda made: "/" if made.user_id == request.user.pk else found.get_absolute_url(),
    )


@access(STAFF)
def pay(request: Request, pk: int) -> HttpResponse:
    """Note money that was paid."""
    found = handled(request, pk)
    granted = found.granted
    if granted is None:
        raise Http404
    form = PaymentForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: contents.pay(
            found,
            form.cleaned_data["amount"],
            on=form.cleaned_data["on"],
            text=form.cleaned_data["text"],
            user=request.user,
            entry_key=form.cleaned_data["entry_key"],
        ),
        heading=_("Notér udbetaling"),
        lead=_("Der er bevilget %(granted)s, og %(paid)s er udbetalt.")
        % {"granted": kroner(granted.amount), "paid": kroner(found.paid)},
        path=crumbs(found, _("Udbetaling")),
        back=found.get_absolute_url(),
        done=_("Udbetalingen er noteret."),
    )
