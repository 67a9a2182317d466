# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of agreements, deliveries and outcomes. The firms report from their phones; the office corrects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.danish import number
from brobygger.base.errors import UserError
from brobygger.base.form_pages import form_page, tell
from brobygger.market.forms.results import AgreementForm, DeliveryForm, OutcomeForm
from brobygger.market.models import Agreement, Delivery, Match, Outcome
from brobygger.market.services import agreements, deliveries, outcomes, reporting
from brobygger.market.services.matches import is_office
from brobygger.market.views.match_pages import crumbs, match_url, office_match, seen_match
from brobygger.market.wording import unit_label

PAGE = 25
TERMS = ("agreed_on", "starts_on", "ends_on", "quantity", "unit", "period", "price", "terms")


# Agreements -------------------------------------------------------------------------------------


@access(STAFF)
def new_agreement(request: Request, pk: UUID) -> HttpResponse:
    """Write down what the two agreed."""
    match = office_match(request, pk)
    if not agreements.can_be_agreed(match):
        messages.error(request, _("Sæt dem først i forbindelse med hinanden. Så kan aftalen skrives."))
        return redirect(match_url(match))
    have = match.have
    measured = have.unit != "kr"  # money is not delivered: it stands in the terms, and in the outcome
    initial = {
        "quantity": have.quantity if measured else None,
        "unit": have.unit if measured else "",
        "period": have.period,
        "price": have.price,
        "terms": have.terms,
        "starts_on": timezone.localdate(),
        "agreed_on": timezone.localdate(),
        "opened_version": match.version,
    }
    form = AgreementForm(request.POST or None, initial=initial)
    heading = _("Hvad har de aftalt?")
    return form_page(
        request,
        form,
        lambda: agreements.record_agreement(match, form.typed, request.user, form.expected_version),
        template="market/agreement_form.html",
        yes=_("Gem aftalen"),
        back=match_url(match),
        done=_("Aftalen er gemt."),
        heading=heading,
        crumbs=crumbs(match, heading),
        match=match,
        fresh=True,
    )


def _agreement(request: Request, pk: UUID) -> Agreement:
    agreement = get_object_or_404(Agreement.objects.select_related("match"), pk=pk)
    agreement.match = office_match(request, agreement.match_id)
    return agreement


@access(STAFF)
def change_agreement(request: Request, pk: UUID) -> HttpResponse:
    """Correct an agreement."""
    agreement = _agreement(request, pk)
    initial = {name: getattr(agreement, name) for name in TERMS} | {"opened_version": agreement.version}
    form = AgreementForm(request.POST or None, initial=initial)
    heading = _("Ret aftalen")
    return form_page(
        request,
        form,
        lambda: agreements.change_agreement(agreement, form.typed, request.user, form.expected_version),
        template="market/agreement_form.html",
        yes=_("Gem aftalen"),
        back=match_url(agreement.match),
        done=_("Aftalen er rettet."),
        heading=heading,
        crumbs=crumbs(agreement.match, heading),
        match=agreement.match,
        agreement=agreement,
    )


@access(STAFF)
def delete_agreement(request: Request, pk: UUID) -> HttpResponse:
    """Ask, then delete an agreement that nothing moved under."""
    agreement = _agreement(request, pk)
    return _delete(
        request,
        agreement.match,
        lambda: agreements.delete_agreement(agreement, request.user),
        heading=_("Slet aftalen?"),
        question=_("Vil du slette aftalen fra den %(day)s?")
        % {"day": agreement.agreed_on.strftime("%d.%m.%Y")},
        yes=_("Ja, slet aftalen"),
        deleted=_("Aftalen er slettet."),
    )


# Deliveries -------------------------------------------------------------------------------------


@access(SIGNED_IN)
def report_delivery(request: Request, pk: UUID) -> HttpResponse:
    """One small form for what moved, and the earlier deliveries below it."""
    match = seen_match(request, pk)
    agreement = agreements.agreement_on(match, timezone.localdate())
    if not reporting.may_report(request.user, match):
        raise Http404
    if agreement is None or not deliveries.is_delivering(match):
        messages.error(request, _("Der er ingen aftale i kraft, så der kan ikke indberettes leverancer."))
        return redirect(match_url(match))
    initial = {
        "on": timezone.localdate(),
        "quantity": agreement.quantity,
        "unit": agreement.unit or match.have.unit or "t",
    }
    form = DeliveryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            held = agreements.agreement_on(match, form.typed.on) or agreement
            delivery = deliveries.report_delivery(held, form.typed, request.user)
        except UserError as error:
            tell(form, error)
        else:
            messages.success(request, _thanks(delivery))
            return redirect("market:report_delivery", pk=match.pk)
    earlier = Delivery.objects.filter(agreement__match=match).select_related("reported_by", "agreement")
    page = Paginator(earlier, PAGE).get_page(request.GET.get("side"))
    context = {
        "heading": _("Indberet en leverance"),
        "crumbs": crumbs(match, _("Leverancer")),
        "form": form,
        "match": match,
        "agreement": agreement,
        "page": page,
        "may_change": deliveries.changeable(request.user, match, page),
        "back": match_url(match),
    }
    return render(request, "market/delivery_form.html", context)


def _thanks(delivery: Delivery) -> str:
    told = _("Tak. %(amount)s er indberettet.") % {
        "amount": f"{number(delivery.quantity)} {unit_label(delivery.unit)}"
    }
    if delivery.tonnes is None:
        told += " " + _("Vi kender ikke vægten, så leverancen tæller ikke med i tons.")
    return told


def _delivery(request: Request, pk: UUID) -> tuple[Delivery, Match]:
    delivery = get_object_or_404(Delivery.objects.select_related("agreement__match__have"), pk=pk)
    match = seen_match(request, delivery.agreement.match_id)
    if not deliveries.may_change(request.user, match, delivery):
        raise Http404
    return delivery, match


@access(SIGNED_IN)
def correct_delivery(request: Request, pk: UUID) -> HttpResponse:
    """Correct a delivery; what it said before stays in the history."""
    delivery, match = _delivery(request, pk)
    initial = {name: getattr(delivery, name) for name in ("on", "quantity", "unit", "note")}
    initial["opened_version"] = delivery.version
    form = DeliveryForm(request.POST or None, initial=initial)
    heading = _("Ret leverancen")
    return form_page(
        request,
        form,
        lambda: deliveries.correct_delivery(delivery, form.typed, request.user, form.expected_version),
        template="market/match_form.html",
        back=match_url(match),
        done=_("Leverancen er rettet."),
        heading=heading,
        crumbs=crumbs(match, heading),
        match=match,
    )


@access(SIGNED_IN)
def delete_delivery(request: Request, pk: UUID) -> HttpResponse:
    """Ask, then delete a delivery."""
    delivery, match = _delivery(request, pk)
    question = _("Vil du slette leverancen på %(amount)s den %(day)s?") % {
        "amount": f"{number(delivery.quantity)} {unit_label(delivery.unit)}",
        "day": delivery.on.strftime("%d.%m.%Y"),
    }
    return _delete(
        request,
        match,
        lambda: deliveries.delete_delivery(delivery, request.user),
        heading=_("Slet leverancen?"),
        question=question,
        yes=_("Ja, slet leverancen"),
        deleted=_("Leverancen er slettet."),
    )


# Outcomes ---------------------------------------------------------------------------------------


@access(SIGNED_IN)
def new_outcome(request: Request, pk: UUID) -> HttpResponse:
    """Record what came of a match, and who says so."""
    match = seen_match(request, pk)
    if not reporting.may_report(request.user, match):
        raise Http404
    said_by = "" if is_office(request.user, match) else str(request.user)
    form = OutcomeForm(request.POST or None, initial={"said_by": said_by, "on": timezone.localdate()})
    heading = _("Hvad er der kommet ud af det?")
    return form_page(
        request,
        form,
        lambda: outcomes.report_outcome(match, form.typed, request.user),
        template="market/match_form.html",
        back=match_url(match),
        done=_("Udbyttet er gemt."),
        heading=heading,
        crumbs=crumbs(match, _("Udbytte")),
        lead=_(
            "Skriv kun tal, som nogen står bag. Kroner og CO2e af leverancerne regner Brobygger selv ud ved siden af."
        ),
        match=match,
    )


@access(SIGNED_IN)
def delete_outcome(request: Request, pk: UUID) -> HttpResponse:
    """Ask, then delete an outcome."""
    outcome = get_object_or_404(Outcome.objects.select_related("match"), pk=pk)
    match = seen_match(request, outcome.match_id)
    if not (is_office(request.user, match) or outcome.reported_by_id == request.user.pk):
        raise Http404
    return _delete(
        request,
        match,
        lambda: outcomes.delete_outcome(outcome, request.user),
        heading=_("Slet udbyttet?"),
        question=_("Vil du slette %(what)s, som %(who)s har oplyst?")
        % {"what": f"{number(outcome.amount)} {outcome.get_kind_display()}", "who": outcome.said_by},
        yes=_("Ja, slet udbyttet"),
        deleted=_("Udbyttet er slettet."),
    )


def _delete(request: Request, match: Match, do: Any, *, deleted: str, **context: Any) -> HttpResponse:
    """Ask first; then delete, or say why not."""
    told = _("Det står i historikken og på tidslinjen, at den er slettet, og af hvem.")
    return ask(request, do, consequence=told, back=match_url(match), done=deleted, **context)
