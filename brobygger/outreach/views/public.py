# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages without sign-in, by links that nobody guesses: book a talk, move or cancel it, say how it was."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from brobygger.accounts.access import PUBLIC, SIGNED_IN, access
from brobygger.accounts.http import Request
from brobygger.accounts.models import Operator
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.form_pages import tell
from brobygger.base.secret_links import by_secret_link
from brobygger.outreach.calendars.writing import where
from brobygger.outreach.errors import AlreadyAnswered
from brobygger.outreach.forms.booking import BookForm, FeedbackForm
from brobygger.outreach.models import BookingLink, Talk
from brobygger.outreach.queries import booking as queries
from brobygger.outreach.services import booking, talks
from brobygger.outreach.services.talk_letters import when
from brobygger.outreach.slots import Slot
from brobygger.register.models import Organisation

MOST_DAYS = 10
"""So many days with free times are shown at once; the rest is a press away."""


@access(PUBLIC)
@by_secret_link
def book(request: HttpRequest, code: str) -> HttpResponse:
    """Free times, and a form to book one."""
    link = queries.link(code.lower())
    if link is None:
        raise Http404
    firm = link.organisation
    return _booking_page(request, link.operator, link, firm, {})


@access(SIGNED_IN)
def book_as_firm(request: Request, pk: int) -> HttpResponse:
    """The same for a firm that is signed in: with its own office's consultants."""
    firm = get_object_or_404(
        Organisation.objects.acted_for_by(request.user).select_related("operator"), pk=pk
    )
    known = {"name": request.user.name, "email": request.user.email}
    return _booking_page(request, firm.operator, None, firm, known)


def _booking_page(
    request: HttpRequest,
    operator: Operator,
    link: BookingLink | None,
    firm: Organisation | None,
    known: dict[str, str],
) -> HttpResponse:
    form = BookForm(request.POST) if request.method == "POST" else BookForm.fresh(**known)
    if request.method == "POST" and form.is_valid():
        try:
            booked = booking.book(
                operator,
                form.cleaned_data["tid"],
                form.guest,
                link=link,
                organisation=firm,
                entry_key=form.cleaned_data["entry_key"],
            )
        except UserError as error:
            tell(form, error)
        else:
            return redirect("outreach:booked", token=booked.token)
    among = queries.profiles(operator, link.user_id if link else None)
    context: dict[str, Any] = {
        "heading": _("Book en samtale"),
        "office": operator,
        "firm": firm,
        "form": form,
        "chosen": form.data.get("tid") if form.is_bound else "",
        **_days(request, queries.free_slots(among)),
        "people": {profile.user_id: profile for profile in among},
    }
    return render(request, "outreach/book.html", context)


def _days(request: HttpRequest, slots: list[Slot]) -> dict[str, Any]:
    days = queries.by_day(slots, request.POST.get("tid", ""))
    shown = days if request.GET.get("vis") == "alle" else days[:MOST_DAYS]
    return {"days": shown, "more": len(days) - len(shown)}


@access(PUBLIC)
@by_secret_link
def booked(request: HttpRequest, token: str) -> HttpResponse:
    """One's booked talk: when, where, and how to move or cancel it."""
    found = _talk(token=token)
    context = {
        "heading": _("Jeres samtale"),
        "talk": found,
        "when": when(found),
        "where": where(found),
        "may_change": found.is_booked and not found.is_past,
    }
    return render(request, "outreach/booked.html", context)


def _talk(**key: str) -> Talk:
    rows = Talk.objects.select_related("operator", "consultant", "link", "organisation")
    found: Talk = get_object_or_404(rows, **key)
    return found


@access(PUBLIC)
@by_secret_link
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Choose another time."""
    found = _talk(token=token)
    told = ""
    if request.method == "POST":
        try:
            booking.move(found, request.POST.get("tid", ""), phone=request.POST.get("phone", ""))
        except UserError as error:
            told = str(error)
        else:
            messages.success(request, _("Samtalen er flyttet. I får en ny bekræftelse på mail."))
            return redirect("outreach:booked", token=token)
    if not found.is_booked or found.is_past:
        return redirect("outreach:booked", token=token)
    among = queries.profiles(found.operator, found.link.user_id if found.link else None)
    context = {
        "heading": _("Flyt samtalen"),
        "talk": found,
        "when": when(found),
        "told": told,
        **_days(request, queries.free_slots(among, but=found)),
        "people": {profile.user_id: profile for profile in among},
    }
    return render(request, "outreach/move.html", context)


@access(PUBLIC)
@by_secret_link
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel, after asking."""
    found = _talk(token=token)
    return ask(
        request,
        lambda: booking.cancel(found),
        heading=_("Aflys samtalen?"),
        question=when(found)[:1].upper() + when(found)[1:],
        consequence=_("Konsulenten får besked, og tiden bliver ledig for andre."),
        yes=_("Ja, aflys"),
        back=f"/samtale/aftale/{token}/",
        done=_("Samtalen er aflyst. Konsulenten har fået besked."),
    )


@access(PUBLIC)
@by_secret_link
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """How was it? One answer, no sign-in."""
    found = _talk(feedback_token=token)
    answered = hasattr(found, "feedback")
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not answered:
        try:
            talks.answer(found, form.cleaned_data["score"], form.cleaned_data["comment"])
        except AlreadyAnswered:
            answered = True
        except UserError as error:
            tell(form, error)
        else:
            answered = True
    context = {
        "heading": _("Hvordan var samtalen?"),
        "office": found.operator,
        "form": form,
        "answered": answered,
        "is_held": found.state == Talk.State.HELD,
    }
    return render(request, "outreach/feedback.html", context)
