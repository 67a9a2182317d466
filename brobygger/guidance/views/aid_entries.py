# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Registering a grant, correcting it, taking it out; and which firms share one ceiling."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import search
from brobygger.base.asking import ask
from brobygger.guidance.forms.aid import AidForm, LinkForm
from brobygger.guidance.models import Aid
from brobygger.guidance.queries import aid as queries
from brobygger.guidance.services import aid as services
from brobygger.guidance.views.common import Crumbs, crumbs, own_firm
from brobygger.register.models import Organisation
from brobygger.register.views.common import form_page

MOST_FOUND = 8


def _crumbs(firm: Organisation, here: str) -> Crumbs:
    return crumbs(
        (_("De minimis"), reverse("guidance:aid")),
        (firm.name, reverse("guidance:account", args=[firm.pk])),
        (here, None),
    )


@access(STAFF)
def new(request: Request, organisation_pk: int) -> HttpResponse:
    """Register a grant to a firm."""
    firm = own_firm(request, organisation_pk)
    form = AidForm(request.POST or None, operator=firm.operator, initial={"granted_on": timezone.localdate()})
    return form_page(
        request,
        form,
        lambda: services.register_aid(firm, form.granted, user=request.user),
        heading=_("Registrér støtte til %(firm)s") % {"firm": firm.name},
        path=_crumbs(firm, _("Ny")),
        back=reverse("guidance:account", args=[firm.pk]),
        done=_("Støtten er registreret."),
        template="guidance/aid_form.html",
        account=queries.account(firm),
    )


def _one(request: Request, pk: int) -> Aid:
    rows = Aid.objects.visible_to(request.user).select_related("organisation__operator", "operator")
    return get_object_or_404(rows, pk=pk)


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct a grant."""
    found = _one(request, pk)
    firm = found.organisation
    form = AidForm(request.POST or None, operator=found.operator, aid=found)
    return form_page(
        request,
        form,
        lambda: services.correct_aid(found, form.granted, user=request.user, expected=form.expected_version),
        heading=_("Ret støtte til %(firm)s") % {"firm": firm.name},
        path=_crumbs(firm, _("Ret")),
        back=reverse("guidance:account", args=[firm.pk]),
        done=_("Ændringerne er gemt."),
        template="guidance/aid_form.html",
        account=queries.account(firm, without=found.pk),
        aid=found,
    )


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Take a grant out, after asking."""
    found = _one(request, pk)
    firm = found.organisation
    return ask(
        request,
        lambda: services.delete_aid(found, user=request.user),
        heading=_("Slet den registrerede støtte?"),
        crumbs=_crumbs(firm, _("Slet")),
        question=f"{firm.name}: {found}",
        consequence=_(
            "Så regnes den ikke længere med i virksomhedens tre år. Slet kun, hvad der er registreret ved en fejl. "
            "At den er slettet, og af hvem, står i revisionssporet."
        ),
        yes=_("Ja, slet den"),
        back=reverse("guidance:account", args=[firm.pk]),
        done=_("Støtten er slettet."),
    )


@access(STAFF)
def link(request: Request, organisation_pk: int) -> HttpResponse:
    """Find a firm that is counted together with this one."""
    firm = own_firm(request, organisation_pk)
    words = request.GET.get("q", "")[:200].strip()
    form = LinkForm(request.POST or None, found=_found(firm, words))
    return form_page(
        request,
        form,
        lambda: services.link(firm, form.chosen, basis=form.cleaned_data["basis"], user=request.user),
        heading=_("Hvem regnes %(firm)s sammen med?") % {"firm": firm.name},
        path=_crumbs(firm, _("Forbind")),
        back=reverse("guidance:account", args=[firm.pk]),
        done=_("Virksomhederne regnes nu som én."),
        template="guidance/link.html",
        words=words,
        firm=firm,
    )


def _found(firm: Organisation, words: str) -> list[Organisation]:
    if not words:
        return []
    keys = search.find("organisation", words, scopes=[str(firm.operator_id)], limit=MOST_FOUND).keys
    rows = Organisation.objects.filter(operator_id=firm.operator_id).exclude(pk=firm.pk).in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


@access(STAFF)
def unlink(request: Request, organisation_pk: int) -> HttpResponse:
    """Count the firm alone again, after asking."""
    firm = own_firm(request, organisation_pk)
    return ask(
        request,
        lambda: services.unlink(firm, user=request.user),
        heading=_("Skal %(firm)s regnes for sig selv?") % {"firm": firm.name},
        crumbs=_crumbs(firm, _("Skil ud")),
        question=_("Støtte til de virksomheder, den er forbundet med, regnes så ikke længere med."),
        consequence=_(
            "Det er virksomhedens egne ejerforhold, der afgør det. At det er gjort, står i revisionssporet."
        ),
        yes=_("Ja, regn den for sig selv"),
        back=reverse("guidance:account", args=[firm.pk]),
        done=_("%(firm)s regnes nu for sig selv.") % {"firm": firm.name},
    )
