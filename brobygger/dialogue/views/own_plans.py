# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An action plan as the firm reads it: the page for its own users, and the PDF for them and for the office."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import SIGNED_IN, access
from brobygger.accounts.http import Request
from brobygger.base import pdf
from brobygger.dialogue import documents
from brobygger.dialogue.queries.assessments import plan_to_read


@access(SIGNED_IN)
def own_plan(request: Request, pk: int) -> HttpResponse:
    """A plan that the office shares with the person's firm."""
    plan = get_object_or_404(plan_to_read(request.user, pk))
    steps = documents.steps_of(plan)
    context = {
        "heading": plan.goal,
        "crumbs": [(_("Min side"), reverse("portal:own")), (_("Handlingsplan"), None)],
        "plan": plan,
        "steps": steps,
        "kept": documents.figures_of(plan),
        "done": sum(step.is_done for step in steps),
    }
    return render(request, "dialogue/own_plan.html", context)


@access(SIGNED_IN)
def as_pdf(request: Request, pk: int) -> HttpResponse:
    """The plan to print or hand over: the same for the firm and for the office."""
    plan = get_object_or_404(plan_to_read(request.user, pk))
    response = HttpResponse(documents.action_plan(plan), content_type=pdf.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="handlingsplan-{plan.made_on:%Y-%m-%d}.pdf"'
    return response
