# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of the funnels: who is ready to move, moving a firm, declining to, bringing it in and taking it out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.blueprints.models import Definition
from brobygger.dialogue.blueprints import FUNNEL
from brobygger.dialogue.forms.portfolio import MoveForm, ReasonForm
from brobygger.dialogue.models import FunnelPlace
from brobygger.dialogue.queries import funnels as queries
from brobygger.dialogue.readiness import facts_of, towards
from brobygger.dialogue.services import funnels as services
from brobygger.dialogue.views.common import own_firm
from brobygger.dialogue.views.portfolio import crumbs
from brobygger.register.views.common import form_page


@access(STAFF)
def ready(request: Request) -> HttpResponse:
    """Firms that the rules say are ready to move up or down, each with the rules and what they were measured to."""
    funnels = queries.in_use(request.operator)
    funnel = _asked_for(request, funnels)
    found = queries.suggestions(request.operator, funnel) if funnel else []
    context = {
        "heading": _("Klar til at rykke"),
        "crumbs": crumbs((_("Klar til at rykke"), None)),
        "funnels": funnels,
        "funnel": funnel,
        "levels": queries.counts(request.operator, funnel) if funnel else [],
        "page": Paginator(found, settings.PAGE_SIZE).get_page(request.GET.get("side")),
        "total": len(found),
    }
    return render(request, "dialogue/ready.html", context)


def _asked_for(request: Request, funnels: list[Definition]) -> Definition | None:
    """The funnel of `tragt`; without one that is in use, the first."""
    asked = request.GET.get("tragt", "")
    return next((one for one in funnels if one.key == asked), funnels[0] if funnels else None)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail."""
    funnel = _asked_for(request, queries.in_use(request.operator))
    if funnel is None:
        raise Http404
    rows = queries.export_rows(queries.suggestions(request.operator, funnel))
    about = _("Klar til at rykke: %(funnel)s") % {"funnel": funnel.title}
    return as_workbook(
        request, _("Klar til at rykke"), "klar-til-at-rykke", queries.HEADINGS, rows, about=about
    )


def _place(request: Request, pk: int) -> tuple[FunnelPlace, Definition]:
    """The place, and the version of its funnel in use; else not found."""
    rows = FunnelPlace.objects.visible_to(request.user).select_related("organisation", "operator")
    place: FunnelPlace = get_object_or_404(rows, pk=pk)
    tools = Definition.objects.current().filter(operator=place.operator, kind=FUNNEL)
    return place, get_object_or_404(tools, key=place.funnel_key)


def _path(place: FunnelPlace, here: str) -> list[tuple[str, str | None]]:
    firm = place.organisation
    return crumbs((firm.name, firm.get_absolute_url()), (here, None))


@access(STAFF)
def move(request: Request, pk: int) -> HttpResponse:
    """Move a firm to another level; `til` is the one proposed. The rules and what they say stand beside."""
    place, funnel = _place(request, pk)
    suggested = queries.suggestion_for(place, funnel)
    to_level = (
        request.POST.get("to_level") or request.GET.get("til") or (suggested.to_level if suggested else "")
    )
    form = MoveForm(
        request.POST or None,
        funnel=funnel.content,
        level=place.level,
        initial={"to_level": to_level, "opened_version": place.version},
    )
    facts = facts_of(place.operator, [place.organisation_id], funnel.content, timezone.localdate())
    return form_page(
        request,
        form,
        lambda: services.move(
            place,
            form.cleaned_data["to_level"],
            reason=form.cleaned_data["reason"],
            user=request.user,
            expected=form.expected_version,
        ),
        heading=_("Ryk %(firm)s") % {"firm": place.organisation.name},
        path=_path(place, _("Ryk")),
        back=place.organisation.get_absolute_url(),
        done=_("Virksomheden er rykket."),
        template="dialogue/move.html",
        lead=f"{funnel.title}: {funnel.content.name_of(place.level)}",
        place=place,
        to_name=funnel.content.name_of(to_level) if to_level else "",
        verdicts=towards(funnel.content, place.level, to_level, place.organisation_id, facts),
        yes=_("Ryk"),
    )


@access(STAFF)
def decline(request: Request, pk: int) -> HttpResponse:
    """Leave a firm where it is although the rules suggest a move."""
    place, funnel = _place(request, pk)
    form = ReasonForm(request.POST or None, initial={"opened_version": place.version})
    months = funnel.content.ask_again_months
    return form_page(
        request,
        form,
        lambda: services.decline(
            place,
            reason=form.cleaned_data["reason"],
            user=request.user,
            expected=form.expected_version,
        ),
        heading=_("Lad %(firm)s blive") % {"firm": place.organisation.name},
        path=_path(place, _("Bliver")),
        back=reverse("dialogue:ready"),
        done=_("Det er noteret. Forslaget kommer ikke igen før om %(months)s måneder.") % {"months": months},
        lead=f"{funnel.title}: {funnel.content.name_of(place.level)}",
        yes=_("Lad den blive"),
    )


@access(STAFF)
@require_POST
def enter(request: Request, organisation_pk: int, key: str) -> HttpResponse:
    """Bring a firm into a funnel, on its first level."""
    firm = own_firm(request, organisation_pk)
    tools = Definition.objects.current().filter(operator=firm.operator, kind=FUNNEL)
    funnel = get_object_or_404(tools, key=key)
    try:
        services.enter(firm, funnel, user=request.user)
        messages.success(request, _("Virksomheden er med i »%(funnel)s«.") % {"funnel": funnel.title})
    except UserError as error:
        messages.error(request, str(error))
    return redirect(firm)


@access(STAFF)
def leave(request: Request, pk: int) -> HttpResponse:
    """Take a firm out of a funnel, after asking why."""
    place, funnel = _place(request, pk)
    form = ReasonForm(request.POST or None, initial={"opened_version": place.version})
    return form_page(
        request,
        form,
        lambda: services.leave(place, user=request.user, reason=form.cleaned_data["reason"]),
        heading=_("Tag %(firm)s ud af »%(funnel)s«?")
        % {"firm": place.organisation.name, "funnel": funnel.title},
        path=_path(place, _("Ud")),
        back=place.organisation.get_absolute_url(),
        done=_("Virksomheden er ude af tragten."),
        lead=_("Det, der er besluttet om den, bliver stående."),
        yes=_("Ja, tag den ud"),
    )
