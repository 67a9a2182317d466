# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A consultant's own bookable times, and the office's booked talks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.form_pages import tell
from brobygger.base.indicators import Period
from brobygger.market.forms.who import WhoForm
from brobygger.outreach.forms.booking import ExceptionForm, ProfileForm, RuleForm
from brobygger.outreach.models import BookingException, BookingProfile, BookingRule, Talk
from brobygger.outreach.queries import booking as queries
from brobygger.outreach.queries import feedback
from brobygger.outreach.services import booking, profiles, talks
from brobygger.outreach.views.common import crumbs, form_page, page_of


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return crumbs((_("Samtaletider"), reverse("outreach:times")), *more)


def _this_year() -> Period:
    today = timezone.localdate()
    return Period(date(today.year, 1, 1), today)


@access(STAFF)
def times(request: Request) -> HttpResponse:
    """Booked talks, those that wait to be marked, and how satisfied the firms were."""
    page = page_of(request, queries.talks(request.operator, request.GET.dict(), request.user))
    year = _this_year()
    context = {
        "heading": _("Samtaletider"),
        "crumbs": crumbs((_("Samtaletider"), None)),
        "here": "booking",
        "page": page,
        "to_mark": queries.to_mark(
            request.operator, None if request.GET.get("hvem") == "alle" else request.user
        ),
        "earlier": request.GET.get("vis") == "tidligere",
        "everybodys": request.GET.get("hvem") == "alle",
        "satisfaction": feedback.satisfaction(request.operator, year),
        "comments": feedback.comments(request.operator, year),
        "fewest": feedback.FEWEST,
        "year": year.start.year,
    }
    return render(request, "outreach/times.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list of talks as an Excel workbook. Recorded in the audit trail."""
    lines = queries.export_rows(queries.talks(request.operator, request.GET.dict(), request.user))
    return as_workbook(request, _("Bookede samtaler"), "bookede-samtaler", queries.HEADINGS, lines)


@access(STAFF)
def own_times(request: Request) -> HttpResponse:
    """When oneself can be booked."""
    profile = BookingProfile.objects.filter(operator=request.operator, user=request.user).first()
    link = queries.own_link(profile) if profile else None
    context: dict[str, Any] = {
        "heading": _("Mine samtaletider"),
        "crumbs": _crumbs((_("Mine tider"), None)),
        "here": "booking",
        "profile": profile,
        "link": link,
        "rules": profile.rules.all() if profile else (),
        "exceptions": profile.exceptions.filter(last_day__gte=timezone.localdate()) if profile else (),
        "rule_form": RuleForm(initial={"minutes": 45}),
        "exception_form": ExceptionForm(),
        "feeds": settings.CALENDAR_FEEDS,
        "free": len(queries.free_slots([profile])) if profile and profile.is_open else 0,
    }
    return render(request, "outreach/own_times.html", context)


def _profile(request: Request) -> BookingProfile:
    return get_object_or_404(BookingProfile, operator=request.operator, user=request.user)


@access(STAFF)
@require_POST
def open_times(request: Request) -> HttpResponse:
    """Begin to be bookable."""
    profiles.open_for(request.operator, request.user)
    return redirect("outreach:own_times")


@access(STAFF)
def edit_profile(request: Request) -> HttpResponse:
    """What holds for all of one's times."""
    profile = _profile(request)
    form = ProfileForm(request.POST or None, instance=_profile(request))

    def save() -> BookingProfile:
        chosen = form.cleaned_data
        return profiles.change(
            profile,
            is_open=chosen["is_open"],
            about=chosen["about"],
            notice_hours=chosen["notice_hours"],
            horizon_days=chosen["horizon_days"],
            calendar_url=chosen["calendar_url"],
            user=request.user,
            expected=form.expected_version,
        )

    return form_page(
        request,
        form,
        save,
        back=reverse("outreach:own_times"),
        done=_("Gemt."),
        heading=_("Ret dine samtaletider"),
        crumbs=_crumbs((_("Mine tider"), reverse("outreach:own_times")), (_("Ret"), None)),
        lead=None
        if settings.CALENDAR_FEEDS
        else _("Kalendere hentes ikke her endnu: den, der driver Brobygger, skal slå det til."),
    )


@access(STAFF)
def new_rule(request: Request) -> HttpResponse:
    """A stretch of the week that can be booked."""
    profile = _profile(request)
    form = RuleForm(request.POST or None, initial={"minutes": 45})
    return form_page(
        request,
        form,
        lambda: profiles.add_rule(profile, profiles.Weekly(**form.cleaned_data), user=request.user),
        back=reverse("outreach:own_times"),
        done=_("Tiden er tilføjet."),
        heading=_("Ny fast samtaletid"),
        crumbs=_crumbs((_("Mine tider"), reverse("outreach:own_times")), (_("Ny"), None)),
    )


@access(STAFF)
def remove_rule(request: Request, pk: int) -> HttpResponse:
    """Not bookable then any more, after asking."""
    found = get_object_or_404(
        BookingRule, pk=pk, profile__user=request.user, profile__operator=request.operator
    )
    return ask(
        request,
        lambda: profiles.remove_rule(found, user=request.user),
        back=reverse("outreach:own_times"),
        done=_("Tiden er fjernet."),
        heading=_("Fjern den faste tid?"),
        crumbs=_crumbs((_("Mine tider"), reverse("outreach:own_times")), (_("Fjern"), None)),
        question=str(found),
        consequence=_("Samtaler, der allerede er booket, bliver stående."),
        yes=_("Ja, fjern den"),
    )


@access(STAFF)
def new_exception(request: Request) -> HttpResponse:
    """Days on which the weekly times do not hold."""
    profile = _profile(request)
    form = ExceptionForm(request.POST or None)

    def save() -> BookingException:
        chosen = form.cleaned_data
        return profiles.add_exception(
            profile,
            chosen["first_day"],
            chosen["last_day"] or chosen["first_day"],
            starts=chosen["starts"],
            ends=chosen["ends"],
            why=chosen["why"],
            user=request.user,
        )

    return form_page(
        request,
        form,
        save,
        back=reverse("outreach:own_times"),
        done=_("Gemt. Samtaler, der allerede er booket, bliver stående."),
        heading=_("Dage, hvor du ikke kan bookes"),
        crumbs=_crumbs((_("Mine tider"), reverse("outreach:own_times")), (_("Undtagelse"), None)),
    )


@access(STAFF)
def remove_exception(request: Request, pk: int) -> HttpResponse:
    """The weekly times hold on those days after all, after asking."""
    found = get_object_or_404(
        BookingException, pk=pk, profile__user=request.user, profile__operator=request.operator
    )
    return ask(
        request,
        lambda: profiles.remove_exception(found, user=request.user),
        back=reverse("outreach:own_times"),
        done=_("Undtagelsen er fjernet."),
        heading=_("Fjern undtagelsen?"),
        crumbs=_crumbs((_("Mine tider"), reverse("outreach:own_times")), (_("Fjern"), None)),
        question=str(found),
        consequence=_("De faste tider gælder igen de dage."),
        yes=_("Ja, fjern den"),
    )


@access(STAFF)
def renew_link(request: Request) -> HttpResponse:
    """Another link to hand out, after asking."""
    profile = _profile(request)
    return ask(
        request,
        lambda: profiles.renew_link(profile, user=request.user),
        back=reverse("outreach:own_times"),
        done=_("Du har fået et nyt link."),
        heading=_("Nyt link?"),
        crumbs=_crumbs((_("Mine tider"), reverse("outreach:own_times")), (_("Nyt link"), None)),
        question=_("Skal dit link til samtaletider skiftes ud?"),
        consequence=_("Det gamle link holder op med at virke. Bookede samtaler bliver stående."),
        yes=_("Ja, giv mig et nyt"),
    )


# One talk ------------------------------------------------------------------------------------------


def _talk(request: Request, pk: int) -> Talk:
    rows = Talk.objects.visible_to(request.user).select_related("operator", "consultant", "organisation")
    found: Talk = get_object_or_404(rows, pk=pk)
    return found


@access(STAFF)
def talk(request: Request, pk: int) -> HttpResponse:
    """One booked talk, and what became of it. Which firm it was with can be said here."""
    found = _talk(request, pk)
    who = WhoForm(request.POST or None, user=request.user, operator=request.operator)
    if request.method == "POST" and who.is_valid():
        try:
            talks.connect(found, who.cleaned_data["chosen"], user=request.user)
        except UserError as error:
            tell(who, error)
        else:
            messages.success(request, _("Samtalen er knyttet til virksomheden."))
            return redirect(found)
    context = {
        "heading": str(found),
        "crumbs": _crumbs((str(found), None)),
        "here": "booking",
        "talk": found,
        "who": who,
    }
    return render(request, "outreach/talk.html", context)


@access(STAFF)
@require_POST
def mark(request: Request, pk: int) -> HttpResponse:
    """It was held, or nobody came."""
    found = _talk(request, pk)
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isdecimal() else 0
    try:
        if request.POST.get("hvad") == "holdt":
            talks.mark_held(found, user=request.user, expected=version)
            messages.success(request, _("Markeret som holdt. Vi har spurgt, hvor tilfredse de var."))
        else:
            talks.mark_missed(found, user=request.user, expected=version)
            messages.success(request, _("Markeret som udeblivelse."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(found)


@access(STAFF)
def cancel(request: Request, pk: int) -> HttpResponse:
    """The office cancels, after asking. The guest is told."""
    found = _talk(request, pk)
    return ask(
        request,
        lambda: booking.cancel(found, user=request.user),
        back=found.get_absolute_url(),
        done=_("Samtalen er aflyst, og gæsten har fået besked."),
        heading=_("Aflys samtalen?"),
        crumbs=_crumbs((str(found), found.get_absolute_url()), (_("Aflys"), None)),
        question=str(found),
        consequence=_("Gæsten får en mail om det. Tiden bliver ledig igen."),
        yes=_("Ja, aflys"),
    )
