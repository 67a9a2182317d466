# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of action plans: the office's, one of them with its steps, a new one, closing it."""

from __future__ import annotations

from datetime import timedelta

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
from brobygger.dialogue.errors import BadValues
from brobygger.dialogue.forms.assessments import ActionPlanForm, CloseForm, StepForm
from brobygger.dialogue.models import ActionPlan, ActionStep, Assessment
from brobygger.dialogue.queries import assessments as queries
from brobygger.dialogue.services import action_plans as services
from brobygger.dialogue.views.assessments import crumbs
from brobygger.dialogue.views.common import own_firm
from brobygger.market.forms.matches import OpenedForm
from brobygger.market.queries.listings import QuickPaginator
from brobygger.register.views.common import form_page

IN_A_MONTH = timedelta(days=30)


@access(STAFF)
def action_plans(request: Request) -> HttpResponse:
    """The office's action plans: open, or closed with what came of them."""
    closed = _are_closed(request)
    rows = queries.plans_of_office(request.operator, closed=closed)
    context = {
        "heading": _("Handlingsplaner"),
        "crumbs": [(_("Portefølje"), reverse("dialogue:portfolio")), (_("Handlingsplaner"), None)],
        "page": QuickPaginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side")),
        "closed": closed,
    }
    return render(request, "dialogue/action_plans.html", context)


def _are_closed(request: Request) -> bool:
    return request.GET.get("afsluttet") == "1"


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail."""
    rows = queries.plans_of_office(request.operator, closed=_are_closed(request))
    lines = queries.export_plans(rows)
    return as_workbook(request, _("Handlingsplaner"), "handlingsplaner", queries.PLAN_HEADINGS, lines)


@access(STAFF)
def new(request: Request, organisation_pk: int) -> HttpResponse:
    """A plan for a firm; `vurdering` says from which assessment."""
    firm = own_firm(request, organisation_pk)
    asked = request.GET.get("vurdering", "")
    source = (
        Assessment.objects.visible_to(request.user).filter(organisation=firm, pk=asked).first()
        if asked.isdecimal()
        else None
    )
    form = ActionPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make(firm, goal=form.cleaned_data["goal"], assessment=source, user=request.user)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Planen er lagt. Tilføj det første skridt."))
            return redirect(made)
    context = {
        "heading": _("Ny handlingsplan"),
        "lead": f"{firm.name} · {source}" if source else firm.name,
        "crumbs": crumbs(firm, (_("Ny handlingsplan"), None)),
        "form": form,
        "back": source.get_absolute_url() if source else firm.get_absolute_url(),
    }
    return render(request, "register/form.html", context)


def _one(request: Request, pk: int) -> ActionPlan:
    return get_object_or_404(queries.plan_page(request.user, pk))


def _path(plan: ActionPlan, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    here = (_("Handlingsplan"), plan.get_absolute_url() if more else None)
    return crumbs(plan.organisation, here, *more)


@access(STAFF)
def action_plan(request: Request, pk: int) -> HttpResponse:
    """One plan with its steps, and the form for the next one."""
    plan = _one(request, pk)
    instrument = plan.assessment.instrument.content if plan.assessment else None
    first = {"due_on": timezone.localdate() + IN_A_MONTH, "assignee": request.user.pk}
    form = StepForm(request.POST or None, operator=plan.operator, instrument=instrument, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_step(plan, form.step, user=request.user)
        except BadValues as error:
            tell(form, error)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Skridtet er tilføjet og står også under opfølgninger."))
            return redirect(plan)
    steps = list(plan.steps.all())
    named = (*instrument.parameters, *instrument.figures) if instrument else ()
    names = {one.key: one.name for one in named}
    context = {
        "heading": plan.goal,
        "crumbs": _path(plan),
        "plan": plan,
        "steps": [(step, names.get(step.parameter, "")) for step in steps],
        "done": sum(step.follow_up.is_done for step in steps),
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "dialogue/action_plan.html", context)


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Word the goal anew."""
    plan = _one(request, pk)
    form = ActionPlanForm(request.POST or None, instance=plan)
    return form_page(
        request,
        form,
        lambda: services.change(
            plan, goal=form.cleaned_data["goal"], user=request.user, expected=form.expected_version
        ),
        heading=_("Ret målet"),
        path=_path(plan, (_("Ret"), None)),
        back=plan.get_absolute_url(),
        done=_("Ændringerne er gemt."),
        lead=plan.organisation.name,
    )


@access(STAFF)
def close(request: Request, pk: int) -> HttpResponse:
    """Say what came of a plan."""
    plan = _one(request, pk)
    form = CloseForm(request.POST or None, initial={"opened_version": plan.version, "outcome": plan.outcome})
    return form_page(
        request,
        form,
        lambda: services.close(
            plan, outcome=form.cleaned_data["outcome"], user=request.user, expected=form.expected_version
        ),
        heading=_("Afslut handlingsplanen"),
        path=_path(plan, (_("Afslut"), None)),
        back=plan.get_absolute_url(),
        done=_("Planen er afsluttet."),
        lead=plan.goal,
        yes=_("Afslut planen"),
    )


@access(STAFF)
@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    """It was not over after all."""
    plan = _one(request, pk)
    form = OpenedForm(request.POST)
    try:
        services.reopen(plan, user=request.user, expected=form.expected_version if form.is_valid() else 0)
        messages.success(request, _("Planen er taget op igen."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(plan)


@access(STAFF)
def share(request: Request, pk: int) -> HttpResponse:
    """Let the firm read the plan, or stop it, after telling what it sees."""
    plan = _one(request, pk)
    is_shared = plan.shared_at is not None
    form = OpenedForm(request.POST or None, initial={"opened_version": plan.version})
    if request.method == "POST" and form.is_valid():
        change = services.stop_sharing if is_shared else services.share
        try:
            change(plan, user=request.user, expected=form.expected_version)
        except UserError as error:
            messages.error(request, str(error))
        else:
            done = (
                _("Planen deles ikke længere.")
                if is_shared
                else _("Virksomheden kan nu læse planen på »Min side«.")
            )
            messages.success(request, done)
        return redirect(plan)
    reads = _(
        "De ser målet, skridtene med frist og hvem, og til sidst hvad der kom ud af det, også det, du tilføjer senere. "
        "De ser ikke vurderingen, samtalerne eller jeres egne noter."
    )
    nobody = _(
        "Ingen fra virksomheden kan logge ind endnu. Inviter dem fra virksomhedens side, eller giv dem PDF'en."
    )
    context = {
        "heading": _("Hold op med at dele planen?") if is_shared else _("Del planen med virksomheden?"),
        "crumbs": _path(plan, (_("Del"), None)),
        "question": f"{plan.organisation}: {plan.goal}",
        "consequence": _(
            "Virksomheden kan ikke længere se den på »Min side«. Det, de allerede har hentet, har de."
        )
        if is_shared
        else (reads if queries.has_readers(plan.organisation) else f"{reads} {nobody}"),
        "yes": _("Ja, stop delingen") if is_shared else _("Ja, del planen"),
        "back": plan.get_absolute_url(),
        "form": form,
    }
    return render(request, "base/confirm.html", context)


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a plan, after asking."""
    plan = _one(request, pk)
    return ask(
        request,
        lambda: services.delete(plan, user=request.user),
        heading=_("Slet handlingsplanen?"),
        crumbs=_path(plan, (_("Slet"), None)),
        question=f"{plan.organisation}: {plan.goal}",
        consequence=_("Skridtene bliver stående som almindelige opfølgninger."),
        yes=_("Ja, slet planen"),
        back=plan.get_absolute_url(),
        done=_("Handlingsplanen er slettet."),
        after=plan.organisation.get_absolute_url(),
    )


@access(STAFF)
def drop_step(request: Request, pk: int, step_pk: int) -> HttpResponse:
    """Take a step out of a plan, after asking."""
    plan = _one(request, pk)
    step = get_object_or_404(ActionStep.objects.filter(plan=plan).select_related("follow_up"), pk=step_pk)
    return ask(
        request,
        lambda: services.drop_step(step, user=request.user),
        heading=_("Fjern skridtet?"),
        crumbs=_path(plan, (_("Fjern skridt"), None)),
        question=str(step),
        consequence=_("Opfølgningen slettes også. Er skridtet gjort, så lad det stå: så kan det ses."),
        yes=_("Ja, fjern det"),
        back=plan.get_absolute_url(),
        done=_("Skridtet er fjernet."),
    )
