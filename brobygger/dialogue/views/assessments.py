# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of assessments: score a firm, see the wheel, compare two dates, correct, delete."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.form_pages import form_page
from brobygger.blueprints.models import Definition
from brobygger.dialogue import figures
from brobygger.dialogue.blueprints import INSTRUMENT
from brobygger.dialogue.forms.assessments import AssessmentForm
from brobygger.dialogue.instruments import read
from brobygger.dialogue.models import Assessment
from brobygger.dialogue.pictures import trend, wheel
from brobygger.dialogue.queries import assessments as queries
from brobygger.dialogue.services import assessments as services
from brobygger.dialogue.views.common import own_firm
from brobygger.register.models import Organisation

Crumbs = list[tuple[str, str | None]]


def crumbs(firm: Organisation, *more: tuple[str, str | None]) -> Crumbs:
    return [
        (_("Virksomheder"), reverse("register:organisations")),
        (firm.name, firm.get_absolute_url()),
        *more,
    ]


def _of_firm(firm: Organisation) -> tuple[str, str | None]:
    return _("Vurderinger"), reverse("dialogue:assessments_of", args=[firm.pk])


@access(STAFF)
def of_firm(request: Request, organisation_pk: int) -> HttpResponse:
    """A firm's assessments by instrument: the latest wheel, the results over time, every date."""
    firm = own_firm(request, organisation_pk)
    series = queries.by_instrument(queries.of_firm(firm))
    order = {one.instrument.key: place for place, one in enumerate(series)}
    shown = [
        {
            "series": one,
            "content": one.instrument.content,
            "wheel": wheel(one.instrument.content, one.assessments[:2]),
            "wheel_id": f"hjul-{one.latest.pk}",
            "trend": trend(one.instrument.content, one.assessments) if len(one.assessments) > 1 else None,
            "trend_id": f"forloeb-{one.latest.pk}",
            "rows": queries.rows_of(one.latest, one.assessments[1] if len(one.assessments) > 1 else None),
            "table": [
                (
                    assessment,
                    [
                        (result.name, assessment.results.get(result.key))
                        for result in one.instrument.content.results
                    ],
                )
                for assessment in one.assessments
            ],
        }
        for one in series
    ]
    context = {
        "heading": _("Vurderinger af %(firm)s") % {"firm": firm.name},
        "crumbs": crumbs(firm, (_("Vurderinger"), None)),
        "firm": firm,
        "shown": shown,
        "instruments": sorted(
            queries.instruments(firm.operator), key=lambda tool: order.get(tool.key, len(order))
        ),
        "plans": queries.plans_of(firm),
    }
    return render(request, "dialogue/assessments_of.html", context)


@access(STAFF)
def new(request: Request, organisation_pk: int, key: str) -> HttpResponse:
    """Score a firm by one of the office's instruments."""
    firm = own_firm(request, organisation_pk)
    tools = Definition.objects.current().filter(operator=firm.operator, kind=INSTRUMENT)
    tool = get_object_or_404(tools, key=key)
    form = AssessmentForm(request.POST or None, instrument=tool.content)
    return form_page(
        request,
        form,
        lambda: services.assess(
            firm, tool, form.answers, user=request.user, entry_key=form.cleaned_data["entry_key"]
        ),
        template="dialogue/assessment_form.html",
        back=firm.get_absolute_url(),
        done=_("Vurderingen er gemt."),
        goes_to=Assessment.get_absolute_url,
        heading=tool.title,
        lead=firm.name,
        crumbs=crumbs(firm, _of_firm(firm), (_("Ny"), None)),
        tool=tool,
    )


def _one(request: Request, pk: int) -> Assessment:
    rows = Assessment.objects.visible_to(request.user)
    found: Assessment = get_object_or_404(
        rows.select_related("organisation", "operator", "instrument", "by"), pk=pk
    )
    return found


@access(STAFF)
def assessment(request: Request, pk: int) -> HttpResponse:
    """One assessment: wheel, answers, results with their formulas; beside another date with `med`."""
    found = _one(request, pk)
    others = queries.others_of(found)
    asked = request.GET.get("med", "")
    before = next((one for one in others if str(one.pk) == asked), None)
    drawn = [found, before] if before else [found]
    firm = found.organisation
    context: dict[str, Any] = {
        "heading": str(found.instrument),
        "crumbs": crumbs(firm, _of_firm(firm), (f"{found.on:%d.%m.%Y}", None)),
        "assessment": found,
        "content": found.instrument.content,
        "firm": firm,
        "others": others,
        "before": before,
        "wheel": wheel(found.instrument.content, drawn),
        "rows": queries.rows_of(found, before),
        "outcomes": queries.outcomes_of(found, before),
        "reading": read(found.instrument.content, found.scores),
        "answered": len(found.scores),
        "figures": figures.lines(found.instrument.content, found.figures),
        "sums": figures.sums(found.instrument.content, found.figures) if found.figures else [],
        "plans": [plan for plan in queries.plans_of(firm) if plan.assessment_id == found.pk],
    }
    return render(request, "dialogue/assessment.html", context)


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct an assessment. When somebody saved meanwhile, both versions are shown and nothing is lost."""
    found = _one(request, pk)
    form = AssessmentForm(request.POST or None, instrument=found.instrument.content, assessment=found)
    return form_page(
        request,
        form,
        lambda: services.correct(found, form.answers, user=request.user, expected=form.expected_version),
        template="dialogue/assessment_form.html",
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
        heading=_("Ret vurderingen"),
        lead=found.organisation.name,
        crumbs=crumbs(found.organisation, (str(found), found.get_absolute_url()), (_("Ret"), None)),
        tool=found.instrument,
    )


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete an assessment, after asking."""
    found = _one(request, pk)
    firm = found.organisation
    return ask(
        request,
        lambda: services.delete(found, user=request.user),
        heading=_("Slet vurderingen?"),
        crumbs=crumbs(firm, (str(found), found.get_absolute_url()), (_("Slet"), None)),
        question=f"{firm}: {found}",
        consequence=_(
            "Svarene og historikken slettes og kan ikke hentes tilbage. Handlingsplaner bliver. At vurderingen er "
            "slettet, og af hvem, står i revisionssporet."
        ),
        yes=_("Ja, slet vurderingen"),
        back=found.get_absolute_url(),
        done=_("Vurderingen er slettet."),
        after=reverse("dialogue:assessments_of", args=[firm.pk]),
    )
