# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The whole network: the best plan beside today's agreements, what it proves, and what people demand of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base import jobs
from brobygger.base.errors import UserError
from brobygger.market.forms.network import PlanForm
from brobygger.market.forms.suggestions import DeclineForm
from brobygger.market.models import NetworkRun, Suggestion
from brobygger.market.network_pictures import DRAWN, curve, sankey, spoken
from brobygger.market.network_sheet import network_sheet
from brobygger.market.queries import network as queries
from brobygger.market.queries.loops import Path
from brobygger.market.queries.rings import Rings, rings_of
from brobygger.market.queries.suggestions import MOST_COUNTED, ShortPaginator, one
from brobygger.market.services import network as service
from brobygger.market.services.network.curve import Point, price_within
from brobygger.market.tasks import plan_network
from brobygger.market.views.loops import PICTURED, picture
from brobygger.market.wording import price_range

IN_GRAPH = 8
"""So many deliveries are drawn as a graph of organisations; the Sankey shows more."""
MOST_WISHES = 50
Goal = NetworkRun.Goal


@access(STAFF)
def network(request: Request) -> HttpResponse:
    """The newest plan that is done, and the way to a new one."""
    runs = queries.runs_of(request.user, request.operator)
    return _page(request, runs.filter(done_at__isnull=False).first())


@access(STAFF)
def network_run(request: Request, pk: UUID) -> HttpResponse:
    """One plan."""
    found = _run(request, pk)
    if found.done_at is None:
        return redirect("job", pk=found.job_id) if found.job_id else redirect("market:network")
    return _page(request, found)


def _run(request: Request, pk: UUID) -> NetworkRun:
    return get_object_or_404(queries.runs_of(request.user, request.operator), pk=pk)


def _asked(run: NetworkRun | None) -> dict[str, Any]:
    """The form as it was filled in for a run."""
    if run is None:
        return {}
    price = None if run.co2e_price is None else Decimal(str(round(run.co2e_price, 2)))
    return {"maal": run.goal, "mindst": f"{run.least:g}", "pris": price}


def _page(request: Request, run: NetworkRun | None, form: PlanForm | None = None) -> HttpResponse:
    runs = queries.runs_of(request.user, request.operator)
    context: dict[str, Any] = {
        "heading": _("Hele netværket"),
        "run": run,
        "form": form or PlanForm(initial=_asked(run)),
        "runs": list(runs.filter(done_at__isnull=False)[: queries.EARLIER]),
        "waiting": runs.filter(
            done_at=None, job__finished_at=None, job__isnull=False, by=request.user
        ).first(),
        "wishes": list(queries.wishes_of(request.user, request.operator)[:MOST_WISHES]),
    }
    if run is not None:
        context |= _plan(request, run)
    return render(request, "market/network.html", context, status=422 if form is not None else 200)


def _plan(request: Request, run: NetworkRun) -> dict[str, Any]:
    """What the page shows of a plan. Nothing summed at the time of the run is told when something in it may not be
    shown any more."""
    shown = queries.flows_of(request.user, run)
    whole = queries.is_whole(run, shown)
    today, best = queries.totals(shown)
    links = [queries.link_of(flow) for flow in shown[:DRAWN]]
    rings = rings_of(request.user, run)
    points = run.figures.get("curve", []) if whole else []
    here = {"co2e_kg": float(best.co2e_kg), "dkk": float(best.dkk)}
    return {
        "page": ShortPaginator(shown, settings.PAGE_SIZE).get_page(request.GET.get("side")),
        "most_counted": MOST_COUNTED,
        "whole": whole,
        "changed": queries.changed_since(run),
        "today": today,
        "best": best,
        "more": best.minus(today),
        "figures": run.figures,
        "gap_share": _gap_share(run) if whole else None,
        "sankey": sankey(links),
        "graph": picture([Path(tuple(links[:IN_GRAPH]), False)]) if links else None,
        "drawn": len(links),
        "in_graph": min(IN_GRAPH, len(links)),
        "rings": rings,
        "ring_picture": picture(_chosen(request, rings)) if rings.together or rings.gave_way else None,
        "points": [_told(point, here) for point in points],
        "curve": curve(points, here) if len(points) > 1 else None,
        "curve_says": spoken(points),
        "unmeasured": queries.without_amount(request.user, run),
        "broken": queries.broken_promises(request.user, run),
    }


def _told(point: dict[str, Any], here: dict[str, float]) -> dict[str, Any]:
    """A point of the curve for the table: whether it is this plan, and for which prices of CO2e it is the best."""
    near = all(abs(point[name] - here[name]) <= max(1.0, 1e-6 * abs(here[name])) for name in here)
    low = point.get("from_price")
    prices = "" if low is None else price_range(low, point.get("to_price"))
    return point | {"here": near, "prices": prices}


def _chosen(request: Request, rings: Rings) -> list[Path]:
    """The loop that was asked to be drawn (`?vis=k2` is the second, `v1` the first that gave way), else those that run."""
    asked = request.GET.get("vis", "")
    among: list[Path] = list({"k": rings.together, "v": rings.gave_way}.get(asked[:1], []))
    number = int(asked[1:]) if asked[1:].isdecimal() and len(asked) < 6 else 0
    if 1 <= number <= len(among):
        return [among[number - 1]]
    return list((rings.together or rings.gave_way)[:PICTURED])


def _gap_share(run: NetworkRun) -> float:
    worth, gap = run.figures.get("worth", 0.0), run.figures.get("gap", 0.0)
    return float(gap / (worth + gap)) if worth + gap > 0 else 0.0


@access(STAFF)
@require_POST
def plan(request: Request) -> HttpResponse:
    """Make a new plan: at once where the network is small, by a worker where it is not."""
    form = PlanForm(request.POST)
    if not form.is_valid():
        if "maal" in form.errors or "mindst" in form.errors:
            messages.error(request, _("Vælg, hvad planen skal give mest af."))
        runs = queries.runs_of(request.user, request.operator)
        return _page(request, runs.filter(done_at__isnull=False).first(), form)
    asked = form.cleaned_data
    price = None if asked["pris"] is None else float(asked["pris"])
    return _start(request, goal=asked["maal"], least=float(asked["mindst"]), co2e_price=price)


@access(STAFF)
@require_POST
def choose(request: Request, pk: UUID) -> HttpResponse:
    """Make the plan of a point on a run's curve (`punkt` counts from 0)."""
    run = _run(request, pk)
    points = run.figures.get("curve", [])
    asked = request.POST.get("punkt", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 4 else len(points)
    if number >= len(points) or points[number].get("from_price") is None:
        messages.error(request, _("Vælg et punkt på kurven."))
        return redirect(run)
    price = price_within(Point(**points[number]))
    return _start(request, goal=Goal.PRICE, least=run.least, co2e_price=price)


def _start(request: Request, **asked: Any) -> HttpResponse:
    """Carry the run out at once where the network is small, and have a worker do it where it is not."""
    run = service.ask_for_run(request.operator, request.user, **asked)
    if service.is_small(request.operator, run.least):
        service.carry_out(run)
        messages.success(request, _("Planen er lagt."))
        return redirect(run)
    job = jobs.start(
        plan_network,
        kind="network",
        title=_("Læg en plan for hele netværket"),
        operator=request.operator,
        user=request.user,
        run_id=str(run.pk),
    )
    NetworkRun.objects.filter(pk=run.pk).update(job=job)
    return redirect("job", pk=job.pk)


@access(STAFF)
def export(request: Request, pk: UUID) -> HttpResponse:
    """The plan's deliveries as an Excel file."""
    run = _run(request, pk)
    sheet = network_sheet(queries.flows_of(request.user, run))
    return as_workbook(request, _("Hele netværket"), "netvaerk", *sheet, on=timezone.localdate(run.asked_at))


def _suggestion(request: Request, pk: UUID) -> Suggestion:
    found = one(request.user, pk)
    if found is None or found.operator_id != request.operator.pk:
        raise Http404
    return found


@access(STAFF)
@require_POST
def pin(request: Request, pk: UUID) -> HttpResponse:
    """The pair must be in the plan."""
    try:
        service.pin(_suggestion(request, pk), request.user)
        messages.success(request, _("Noteret: de to skal med. Læg planen igen for at se, hvad det ændrer."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect("market:network")


@access(STAFF)
def forbid(request: Request, pk: UUID) -> HttpResponse:
    """The pair must not be in the plan, and why."""
    found = _suggestion(request, pk)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.forbid(found, request.user, form.cleaned_data["reason"], form.cleaned_data["note"])
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Noteret: de to må ikke være med. Læg planen igen for at se, hvad det ændrer.")
            )
            return redirect("market:network")
    context = {
        "heading": _("Hold de to ude af planen"),
        "crumbs": [
            (_("Hele netværket"), reverse("market:network")),
            (_("Hold de to ude af planen"), None),
        ],
        "suggestion": found,
        "form": form,
        "explanation": _(
            "Det gælder kun planen for hele netværket. Forslaget selv bliver stående, og ønsket kan ophæves igen."
        ),
        "yes": _("Hold dem ude"),
    }
    return render(request, "market/suggestion_answer.html", context, status=422 if form.errors else 200)


@access(STAFF)
@require_POST
def lift(request: Request, pk: UUID) -> HttpResponse:
    """A wish no longer holds."""
    wish = get_object_or_404(queries.wishes_of(request.user, request.operator), pk=pk)
    try:
        service.lift(wish, request.user)
        messages.success(request, _("Ønsket er ophævet. Læg planen igen for at se, hvad det ændrer."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect("market:network")
