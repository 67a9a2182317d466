# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which schemes fit a firm and why, for the office and for the firm itself; and what the firm says."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base.errors import UserError
from brobygger.blueprints.models import Definition
from brobygger.guidance import applications
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.forms.schemes import OfferForm
from brobygger.guidance.queries import aid, schemes
from brobygger.guidance.services import schemes as services
from brobygger.guidance.views.common import Crumbs, crumbs, own_firm, own_scheme
from brobygger.register.models import Organisation
from brobygger.register.rights import acts_for
from brobygger.register.views.common import form_page


@access(SIGNED_IN)
def of_firm(request: Request, organisation_pk: int) -> HttpResponse:
    """The schemes that are open now, asked of one firm: those that fit, those that perhaps do, and why the rest do not."""
    firm = _firm(request, organisation_pk)
    office = request.user.is_staff_of(firm.operator_id)
    offers = schemes.offers_of(firm)
    account = aid.account(firm)
    way = applications.way_for(request.user, firm.operator)
    fits = [
        (found, found.scheme.content, offers.get(found.scheme.key), way(found.scheme, firm) if way else "")
        for found in schemes.fits_of(firm, account=account)
    ]
    context = {
        "heading": _("Ordninger for %(firm)s") % {"firm": firm.name},
        "crumbs": _crumbs(firm, office),
        "firm": firm,
        "groups": [
            (_("Passer"), [row for row in fits if row[0].outcome == schemes.FITS]),
            (_("Måske: noget skal afklares"), [row for row in fits if row[0].outcome == schemes.PERHAPS]),
            (_("Passer ikke"), [row for row in fits if row[0].outcome == schemes.NOT]),
        ],
        "none": not fits,
        "account": account,
        "office": office,
        "own": not office,
    }
    return render(request, "guidance/firm_schemes.html", context)


def _firm(request: Request, pk: int) -> Organisation:
    """An organisation of one's own office, or one's own; an administrator has no part in the guidance of firms."""
    rows = Organisation.objects.visible_to(request.user).select_related("operator")
    firm = get_object_or_404(rows, pk=pk)
    if request.user.is_staff_of(firm.operator_id) or acts_for(request.user, firm):
        return firm
    return get_object_or_404(Organisation.objects.none(), pk=pk)


def _crumbs(firm: Organisation, office: bool) -> Crumbs:
    here = (_("Ordninger"), None)
    if office:
        return [
            (_("Virksomheder"), reverse("register:organisations")),
            (firm.name, firm.get_absolute_url()),
            here,
        ]
    return [(_("Min side"), reverse("portal:own")), here]


@access({Role.FIRM, Role.PARTNER})
def own(request: Request) -> HttpResponse:
    """A firm's way to its schemes: straight there with one firm, else a choice."""
    firms = list(Organisation.objects.acted_for_by(request.user).order_by("sort_name")[:50])
    if len(firms) == 1:
        return redirect("guidance:firm_schemes", firms[0].pk)
    context = {
        "heading": _("Ordninger der passer"),
        "crumbs": [(_("Min side"), reverse("portal:own")), (_("Ordninger"), None)],
        "firms": firms,
    }
    return render(request, "guidance/own_schemes.html", context)


@access(STAFF)
def mark(request: Request, pk: int, organisation_pk: int) -> HttpResponse:
    """One scheme asked of one firm, and what the firm says."""
    scheme, firm = own_scheme(request, pk), own_firm(request, organisation_pk)
    if firm.operator_id != scheme.operator_id:
        firm = get_object_or_404(Organisation.objects.none(), pk=organisation_pk)
    offer = schemes.offers_of(firm).get(scheme.key)
    first = {"state": offer.state, "why": offer.why} if offer else {}
    form = OfferForm(request.POST or None, initial=first)
    return form_page(
        request,
        form,
        lambda: services.mark(firm, scheme, user=request.user, **form.values),
        heading=_("%(scheme)s og %(firm)s") % {"scheme": scheme.title, "firm": firm.name},
        path=crumbs(
            (_("Ordninger"), reverse("guidance:schemes")),
            (scheme.title, reverse("guidance:scheme", args=[pk])),
            (firm.name, None),
        ),
        back=reverse("guidance:firm_schemes", args=[firm.pk]),
        done=_("Svaret er noteret."),
        template="guidance/mark.html",
        scheme=scheme,
        firm=firm,
        fit=schemes.fit(firm, scheme),
        offer=offer,
        apply_at=_apply_at(request, scheme, firm),
    )


def _apply_at(request: Request, scheme: Definition, firm: Organisation) -> str:
    way = applications.way_for(request.user, firm.operator)
    return way(scheme, firm) if way else ""


@access(SIGNED_IN)
@require_POST
def show_interest(request: Request, pk: int, organisation_pk: int) -> HttpResponse:
    """The firm itself says that it wants to hear more."""
    firm = _firm(request, organisation_pk)
    rows = Definition.objects.current().filter(kind=KIND, operator_id=firm.operator_id)
    scheme = get_object_or_404(rows, pk=pk)
    try:
        services.show_interest(firm, scheme, user=request.user)
        messages.success(request, _("Tak. Erhvervskontoret kontakter jer om ordningen."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect("guidance:firm_schemes", firm.pk)
