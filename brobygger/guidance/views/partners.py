# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Partners with their figures, and what was agreed with each."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.guidance.forms.partners import AgreementForm, PartnerFilters, PartnerForm
from brobygger.guidance.models import Partner, PartnerAgreement
from brobygger.guidance.queries import referrals as queries
from brobygger.guidance.services import partners as services
from brobygger.guidance.views.common import Crumbs, crumbs
from brobygger.register.views.common import form_page

MOST_REFERRALS = 25


@access(STAFF)
def partners(request: Request) -> HttpResponse:
    """Whom the office refers firms to, and what came of it."""
    filters = PartnerFilters(request.GET)
    rows = queries.partners(request.operator, **filters.wanted)
    page = Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    agreed = queries.running_agreements(request.operator)
    listed: list[Any] = list(page.object_list)
    page.object_list = listed
    context = {
        "heading": _("Partnere"),
        "crumbs": crumbs((_("Partnere"), None)),
        "filters": filters,
        "page": page,
        "rows": [(row, row.pk in agreed, queries.days(row.waited)) for row in listed],
    }
    return render(request, "guidance/partners.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same figures as an Excel workbook."""
    rows = queries.partners(request.operator, **PartnerFilters(request.GET).wanted)
    return as_workbook(
        request,
        _("Partnere"),
        "partnere",
        queries.PARTNER_HEADINGS,
        queries.export_partners(request.operator, rows),
    )


def _one(request: Request, pk: int) -> Partner:
    rows = Partner.objects.visible_to(request.user).select_related("operator", "organisation", "office")
    return get_object_or_404(rows, pk=pk)


def _crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return crumbs((_("Partnere"), reverse("guidance:partners")), *more)


@access(STAFF)
def partner(request: Request, pk: int) -> HttpResponse:
    """One partner: what they can help with, what was agreed, and what became of the referrals."""
    found = _one(request, pk)
    figures: Any = queries.with_figures(Partner.objects.filter(pk=pk)).get()
    rows = found.referrals.select_related("scheme", "partner", "consultant").order_by("-sent_on", "-pk")
    context = {
        "heading": found.name,
        "crumbs": _crumbs((found.name, None)),
        "partner": found,
        "figures": figures,
        "waited": queries.days(figures.waited),
        "agreements": [(row, row.is_running_on(timezone.localdate())) for row in found.agreements.all()[:50]],
        "referrals": list(rows[:MOST_REFERRALS]),
    }
    return render(request, "guidance/partner.html", context)


@access(STAFF)
def new(request: Request) -> HttpResponse:
    """Enter a partner."""
    form = PartnerForm(request.POST or None, operator=request.operator)
    return form_page(
        request,
        form,
        lambda: services.add_partner(request.operator, form.values, user=request.user),
        heading=_("Ny partner"),
        path=_crumbs((_("Ny"), None)),
        back=reverse("guidance:partners"),
        done=_("Partneren er oprettet."),
    )


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct a partner, or take it out of use."""
    found = _one(request, pk)
    form = PartnerForm(request.POST or None, operator=found.operator, partner=found)
    return form_page(
        request,
        form,
        lambda: services.change_partner(
            found, form.values, user=request.user, expected=form.expected_version
        ),
        heading=_("Ret %(name)s") % {"name": found.name},
        path=_crumbs((found.name, found.get_absolute_url()), (_("Ret"), None)),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
    )


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a partner that nothing points at, after asking."""
    found = _one(request, pk)
    return ask(
        request,
        lambda: services.delete_partner(found, user=request.user),
        heading=_("Slet partneren?"),
        crumbs=_crumbs((found.name, found.get_absolute_url()), (_("Slet"), None)),
        question=found.name,
        consequence=_(
            "Aftaler med partneren slettes også. At den er slettet, og af hvem, står i revisionssporet."
        ),
        yes=_("Ja, slet partneren"),
        back=found.get_absolute_url(),
        done=_("Partneren er slettet."),
        after=reverse("guidance:partners"),
    )


@access(STAFF)
def new_agreement(request: Request, pk: int) -> HttpResponse:
    """Note what was agreed with a partner."""
    found = _one(request, pk)
    form = AgreementForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.add_agreement(found, user=request.user, **form.values),
        heading=_("Ny aftale med %(name)s") % {"name": found.name},
        path=_crumbs((found.name, found.get_absolute_url()), (_("Ny aftale"), None)),
        back=found.get_absolute_url(),
        done=_("Aftalen er gemt."),
    )


def _agreement(request: Request, pk: int) -> PartnerAgreement:
    rows = PartnerAgreement.objects.visible_to(request.user).select_related("partner", "operator")
    return get_object_or_404(rows, pk=pk)


@access(STAFF)
def edit_agreement(request: Request, pk: int) -> HttpResponse:
    """Correct an agreement, or give it an end."""
    found = _agreement(request, pk)
    form = AgreementForm(request.POST or None, agreement=found)
    back = found.partner.get_absolute_url()
    return form_page(
        request,
        form,
        lambda: services.change_agreement(
            found, user=request.user, expected=form.expected_version, **form.values
        ),
        heading=_("Ret aftalen med %(name)s") % {"name": found.partner.name},
        path=_crumbs((found.partner.name, back), (_("Ret aftalen"), None)),
        back=back,
        done=_("Ændringerne er gemt."),
    )


@access(STAFF)
def delete_agreement(request: Request, pk: int) -> HttpResponse:
    """Delete an agreement, after asking."""
    found = _agreement(request, pk)
    back = found.partner.get_absolute_url()
    return ask(
        request,
        lambda: services.delete_agreement(found, user=request.user),
        heading=_("Slet aftalen?"),
        crumbs=_crumbs((found.partner.name, back), (_("Slet aftalen"), None)),
        question=str(found),
        consequence=_(
            "Er aftalen udløbet, så giv den i stedet en slutdato. Sletningen står i revisionssporet."
        ),
        yes=_("Ja, slet aftalen"),
        back=back,
        done=_("Aftalen er slettet."),
    )
