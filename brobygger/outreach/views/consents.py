# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of consents: the office's list, a firm's own choice, and the link that takes one back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from brobygger.accounts.access import PUBLIC, SIGNED_IN, STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.outreach.forms.consents import ConsentFilters, ConsentForm, PurposeForm
from brobygger.outreach.models import Consent, Interest, MailAddress, Purpose
from brobygger.outreach.queries import consents as queries
from brobygger.outreach.services import bounces
from brobygger.outreach.services import consents as services
from brobygger.outreach.views.common import crumbs, form_page, own_firm, page_of
from brobygger.register.models import Organisation

MOST_OWN = 20


@access(STAFF)
def consents(request: Request) -> HttpResponse:
    """Who has said yes to what."""
    filters = ConsentFilters(request.GET, operator=request.operator)
    rows = queries.of_operator(request.operator, filters.cleaned_data)
    context = {
        "heading": _("Samtykker"),
        "crumbs": crumbs((_("Samtykker"), None)),
        "here": "consents",
        "filters": filters,
        "page": page_of(request, queries.as_listed(rows)),
        "purposes": queries.purposes(request.operator),
        "interests": queries.interests(request.operator),
        "returned": queries.dead_addresses(request.operator)[:MOST_OWN],
    }
    return render(request, "outreach/consents.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook."""
    filters = ConsentFilters(request.GET, operator=request.operator)
    rows = queries.of_operator(request.operator, filters.cleaned_data)
    return as_workbook(request, _("Samtykker"), "samtykker", queries.HEADINGS, queries.export_rows(rows))


@access(STAFF)
def new(request: Request, pk: int) -> HttpResponse:
    """Note that somebody in a firm said yes."""
    firm = own_firm(request, pk)
    form = ConsentForm(request.POST or None, organisation=firm)

    def save() -> Any:
        chosen = form.cleaned_data
        return services.give(
            firm,
            chosen["purpose"],
            form.address,
            source=chosen["source"],
            user=request.user,
            person=chosen["person"],
            interests=list(chosen.get("interests", ())),
            given_on=chosen["given_on"],
            note=chosen["source_note"],
        )

    return form_page(
        request,
        form,
        save,
        back=firm.get_absolute_url(),
        done=_("Samtykket er noteret."),
        heading=_("Notér et samtykke"),
        crumbs=[(firm.name, firm.get_absolute_url()), (_("Samtykke"), None)],
        lead=None
        if queries.purposes(request.operator).exists()
        else format_html(
            '{} <a href="{}">{}</a>',
            _("Der er endnu ikke noget at sige ja til."),
            reverse("outreach:new_purpose"),
            _("Opret først et formål"),
        ),
    )


@access(STAFF)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Note that somebody took a yes back, after asking."""
    found = get_object_or_404(
        Consent.objects.visible_to(request.user).select_related("organisation", "purpose"), pk=pk
    )
    return ask(
        request,
        lambda: services.withdraw(found, how=Consent.Withdrawal.OFFICE, user=request.user),
        back=found.organisation.get_absolute_url(),
        done=_("Samtykket er trukket tilbage."),
        heading=_("Træk samtykket tilbage?"),
        crumbs=[(found.organisation.name, found.organisation.get_absolute_url()), (_("Samtykke"), None)],
        question=str(found),
        consequence=_(
            "Der sendes ikke mere til adressen om det. At der har været et samtykke, bliver stående som bevis."
        ),
        yes=_("Ja, træk det tilbage"),
    )


# What can be said yes to ---------------------------------------------------------------------------


@access(STAFF)
def new_purpose(request: Request) -> HttpResponse:
    """Something more that can be said yes to."""
    return _purpose(request, None)


@access(STAFF)
def edit_purpose(request: Request, pk: int) -> HttpResponse:
    """Correct a purpose, or take it out of use."""
    return _purpose(request, get_object_or_404(Purpose.objects.visible_to(request.user), pk=pk))


def _purpose(request: Request, found: Purpose | None) -> HttpResponse:
    form = PurposeForm(request.POST or None, instance=found)

    def save() -> Purpose:
        chosen = form.cleaned_data
        stored = Purpose.objects.get(pk=found.pk) if found else None
        return services.save_purpose(
            request.operator,
            chosen["name"],
            chosen["description"],
            user=request.user,
            purpose=stored,
            active=chosen["active"],
        )

    return form_page(
        request,
        form,
        save,
        back=reverse("outreach:consents"),
        done=_("Formålet er gemt."),
        heading=_("Ret formålet") if found else _("Nyt formål"),
        crumbs=crumbs((_("Samtykker"), reverse("outreach:consents")), (_("Formål"), None)),
    )


@access(STAFF)
@require_POST
def shipped_purposes(request: Request) -> HttpResponse:
    """The common purposes at one press."""
    services.create_shipped_purposes(request.operator, user=request.user)
    messages.success(request, _("De almindelige formål er oprettet. Ret dem, så de passer til jer."))
    return redirect("outreach:consents")


@access(STAFF)
@require_POST
def add_interest(request: Request) -> HttpResponse:
    """One more subject to choose."""
    try:
        services.add_interest(request.operator, request.POST.get("interest", ""), user=request.user)
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Emnet er tilføjet."))
    return redirect("outreach:consents")


@access(STAFF)
def delete_interest(request: Request, pk: int) -> HttpResponse:
    """Delete a subject, after asking."""
    found = get_object_or_404(Interest.objects.visible_to(request.user), pk=pk)
    return ask(
        request,
        lambda: services.delete_interest(found, user=request.user),
        back=reverse("outreach:consents"),
        done=_("Emnet er slettet."),
        heading=_("Slet emnet?"),
        crumbs=crumbs((_("Samtykker"), reverse("outreach:consents")), (_("Slet emne"), None)),
        question=found.name,
        consequence=_("Samtykkerne bliver; de mister kun emnet. Segmenter, der bruger emnet, skal rettes."),
        yes=_("Ja, slet emnet"),
    )


@access(STAFF)
def revive(request: Request, pk: int) -> HttpResponse:
    """Say that an address works again, after asking."""
    found = get_object_or_404(MailAddress.objects.visible_to(request.user), pk=pk)
    return ask(
        request,
        lambda: bounces.revive(found, user=request.user),
        back=reverse("outreach:consents"),
        done=_("Adressen bruges igen."),
        heading=_("Virker adressen igen?"),
        crumbs=crumbs((_("Samtykker"), reverse("outreach:consents")), (_("Adresse"), None)),
        question=found.email,
        consequence=_("Seneste grund: %(reason)s") % {"reason": found.last_reason or _("ikke oplyst")},
        yes=_("Ja, skriv til den igen"),
        harmless=True,
    )


# The firm itself -----------------------------------------------------------------------------------


@access(SIGNED_IN)
def own(request: Request) -> HttpResponse:
    """What a firm's own people have said yes to on its behalf, and may change."""
    firms = list(Organisation.objects.acted_for_by(request.user).order_by("sort_name")[:MOST_OWN])
    standing: dict[tuple[int, int], Consent] = {
        (consent.organisation_id, consent.purpose_id): consent
        for consent in Consent.objects.filter(
            organisation__in=firms, withdrawn_at=None, email=request.user.email.lower()
        )
    }
    offices = {firm.operator_id for firm in firms}
    offered = list(Purpose.objects.filter(operator_id__in=offices, active=True))
    lines = [
        {
            "firm": firm,
            "choices": [
                (purpose, standing.get((firm.pk, purpose.pk)))
                for purpose in offered
                if purpose.operator_id == firm.operator_id
            ],
        }
        for firm in firms
    ]
    context = {"heading": _("Hvad må kontoret skrive til jer om?"), "lines": lines}
    return render(request, "outreach/own_consents.html", context)


@access(SIGNED_IN)
@require_POST
def own_change(request: Request, pk: int, purpose_pk: int) -> HttpResponse:
    """Say yes, or take it back, on behalf of one's own firm."""
    firm = get_object_or_404(Organisation.objects.acted_for_by(request.user), pk=pk)
    purpose = get_object_or_404(Purpose, pk=purpose_pk, operator_id=firm.operator_id)
    standing = Consent.objects.filter(
        organisation=firm, purpose=purpose, email=request.user.email.lower(), withdrawn_at=None
    ).first()
    try:
        if request.POST.get("svar") == "ja" and standing is None:
            services.give(
                firm, purpose, request.user.email, source=Consent.Source.FORM, user=request.user,
                person=request.user.people.filter(affiliations__organisation=firm).first(),
                note=_("Af den, der er logget ind"),
            )  # fmt: skip
        elif request.POST.get("svar") == "nej" and standing is not None:
            services.withdraw(standing, how=Consent.Withdrawal.FIRM, user=request.user)
        messages.success(request, _("Gemt."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect("outreach:own_consents")


@csrf_exempt  # a mail program posts here by itself (RFC 8058): the token is what lets it
@access(PUBLIC)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One button, no sign-in, no questions. Pressed twice it is done."""
    if request.method == "POST":
        consent = services.unsubscribe(token)
    else:
        consent = Consent.objects.select_related("purpose", "operator").filter(token=token).first()
    if consent is None:
        raise Http404
    context = {
        "heading": _("Afmeld"),
        "consent": consent,
        "done": request.method == "POST" or not consent.stands,
    }
    response = render(request, "outreach/unsubscribe.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
