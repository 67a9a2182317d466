# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of the portfolio: the list, one firm of it, its key accounts, the office's figures."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base.danish import number
from brobygger.base.errors import UserError
from brobygger.dialogue import priorities
from brobygger.dialogue.forms.portfolio import (
    KeyAccountForm,
    MemberForm,
    PortfolioFilters,
    ReasonForm,
    SettingsForm,
)
from brobygger.dialogue.models import PortfolioFirm
from brobygger.dialogue.queries import funnels as funnel_queries
from brobygger.dialogue.queries import portfolio as queries
from brobygger.dialogue.queries import visits as visit_queries
from brobygger.dialogue.services import outreach
from brobygger.dialogue.services import portfolio as services
from brobygger.dialogue.views.common import own_firm
from brobygger.market.queries.listings import QuickPaginator
from brobygger.register.views.common import form_page

SAMPLE = 8
MOST_TICKED = 500


def crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Portefølje"), reverse("dialogue:portfolio") if more else None), *more]


@access(STAFF)
def portfolio(request: Request) -> HttpResponse:
    """The firms that the office follows, by level, with who knows them and when they were last talked with."""
    figures = visit_queries.settings_of(request.operator)
    funnel = funnel_queries.portfolio_funnel(request.operator)
    filters = PortfolioFilters(request.GET, operator=request.operator, funnel=funnel)
    keys = queries.members(request.operator, filters.wanted, figures, funnel).values_list("pk", flat=True)
    page = QuickPaginator(keys, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    context = {
        "heading": _("Portefølje"),
        "filters": filters,
        "page": page,
        "kept": [(name, value) for name, value in request.GET.items() if name != "side"],
        "lines": queries.lines(queries.fetch(list(page.object_list)), figures, funnel),
        "funnel": funnel,
        "levels": funnel_queries.counts(request.operator, funnel) if funnel else [],
        "pace": visit_queries.pace(request.operator, figures, timezone.localdate()),
        "figures": figures,
        "years": number(figures.talk_every_months / 12),
    }
    return render(request, "dialogue/portfolio.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail."""
    figures = visit_queries.settings_of(request.operator)
    funnel = funnel_queries.portfolio_funnel(request.operator)
    filters = PortfolioFilters(request.GET, operator=request.operator, funnel=funnel)
    rows = queries.members(request.operator, filters.wanted, figures, funnel)
    lines = queries.export_rows(rows, figures, funnel)
    return as_workbook(request, _("Portefølje"), "portefoelje", queries.HEADINGS, lines)


@access(STAFF)
@require_POST
def add(request: Request, organisation_pk: int) -> HttpResponse:
    """Take one firm in, with oneself as its key account."""
    firm = own_firm(request, organisation_pk)
    try:
        services.add(firm, user=request.user, key_account=request.user)
        messages.success(request, _("Virksomheden er i porteføljen med dig som nøglekonsulent."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(firm)


def _member(request: Request, pk: int) -> PortfolioFirm:
    return get_object_or_404(queries.member_page(request.user, pk))


@access(STAFF)
def member(request: Request, pk: int) -> HttpResponse:
    """One firm of the portfolio: its key account, why it is there, its levels and what was decided about them."""
    found = _member(request, pk)
    form = MemberForm(request.POST or None, member=found)
    firm = found.organisation
    places: list[dict[str, Any]] = [
        {
            "funnel": funnel,
            "place": place,
            "name": funnel.content.name_of(place.level) if place else "",
            "ready": funnel_queries.suggestion_for(place, funnel) if place else None,
        }
        for funnel, place in funnel_queries.places_of(firm)
    ]
    for entry in places:
        ready = entry["ready"]
        entry["to_name"] = entry["funnel"].content.name_of(ready.to_level) if ready else ""
    steps = list(funnel_queries.steps_of(firm)[: settings.PAGE_SIZE])
    return form_page(
        request,
        form,
        lambda: services.set_key_account(
            found,
            form.cleaned_data["key_account"],
            why=form.cleaned_data["why"],
            user=request.user,
            expected=form.expected_version,
        ),
        heading=firm.name,
        path=crumbs((firm.name, None)),
        back=reverse("dialogue:portfolio_firm", args=[pk]),
        done=_("Ændringerne er gemt."),
        template="dialogue/portfolio_firm.html",
        member=found,
        firm=firm,
        places=places,
        steps=[(step, *_named(step)) for step in steps],
        visit=visit_queries.next_with(firm),
    )


def _named(step: Any) -> tuple[str, str]:
    """The names of a step's levels, by the version of the funnel at the time."""
    content = step.funnel.content
    return content.name_of(step.from_level), content.name_of(step.to_level)


@access(STAFF)
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a firm out of the portfolio, after asking why."""
    found = _member(request, pk)
    form = ReasonForm(request.POST or None, initial={"opened_version": found.version})
    return form_page(
        request,
        form,
        lambda: services.remove(found, user=request.user, reason=form.cleaned_data["reason"]),
        heading=_("Tag %(firm)s ud af porteføljen?") % {"firm": found.organisation.name},
        path=crumbs(
            (found.organisation.name, reverse("dialogue:portfolio_firm", args=[pk])), (_("Ud"), None)
        ),
        back=reverse("dialogue:portfolio"),
        done=_("Virksomheden er ude af porteføljen."),
        lead=_("Samtaler, vurderinger og opfølgninger bliver. Planlagte besøg opgives."),
        yes=_("Ja, tag den ud"),
    )


@access(STAFF)
def key_accounts(request: Request) -> HttpResponse:
    """The same key account for the firms that were ticked in the list, or for the whole list as it was narrowed."""
    figures = visit_queries.settings_of(request.operator)
    funnel = funnel_queries.portfolio_funnel(request.operator)
    asked = request.POST if request.method == "POST" else request.GET
    filters = PortfolioFilters(request.GET, operator=request.operator, funnel=funnel)
    rows = queries.members(request.operator, filters.wanted, figures, funnel)
    everyone = asked.get("hvem") == "alle"
    if not everyone:
        rows = rows.filter(pk__in=[key for key in asked.getlist("firma") if key.isdecimal()][:MOST_TICKED])
    keys = list(rows.order_by().values_list("pk", flat=True))
    form = KeyAccountForm(request.POST or None, operator=request.operator)
    if request.method == "POST" and keys and form.is_valid():
        try:
            changed = services.set_key_accounts(
                request.operator, keys, form.cleaned_data["key_account"], user=request.user
            )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            told = ngettext(
                "%(count)s virksomhed har fået ny nøglekonsulent.",
                "%(count)s virksomheder har fået ny nøglekonsulent.",
                changed,
            )
            messages.success(request, told % {"count": number(changed)})
            return redirect("dialogue:portfolio")
    context = {
        "heading": _("Sæt nøglekonsulent"),
        "crumbs": crumbs((_("Sæt nøglekonsulent"), None)),
        "form": form,
        "count": len(keys),
        "everyone": everyone,
        "keys": [] if everyone else keys,
        "sample": list(rows.values_list("organisation__name", flat=True)[:SAMPLE]),
        "back": f"{reverse('dialogue:portfolio')}?{request.GET.urlencode()}",
    }
    return render(request, "dialogue/key_accounts.html", context)


@access({Role.HEAD, Role.ADMIN})
def figures(request: Request) -> HttpResponse:
    """The office's figures for its outreach, how much room each consultant has, and what it gives priority."""
    stored = visit_queries.settings_of(request.operator)
    form = SettingsForm(request.POST or None, operator=request.operator, settings=stored)
    return form_page(
        request,
        form,
        lambda: outreach.save(
            request.operator, form.wanted, user=request.user, expected=form.expected_version
        ),
        heading=_("Tal for det opsøgende arbejde"),
        path=crumbs((_("Tal"), None)) if request.roles & STAFF else [(_("Tal"), None)],
        back=reverse("dialogue:outreach_settings"),
        done=_("Tallene er gemt."),
        template="dialogue/outreach_settings.html",
        chosen=priorities.told(stored.priority_industries),
        stored=stored,
    )
