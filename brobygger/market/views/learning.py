# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The page of how suggestions are weighted: what is in use, what would be learned and why, and the way back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import jobs
from brobygger.base.errors import UserError
from brobygger.engine.learning import BOUNDS, FEWEST, FEWEST_OF_EACH, Part
from brobygger.engine.parts import WEIGHTS
from brobygger.market.models import WeightSwitch, WeightVersion
from brobygger.market.queries.learning import LOOKED_AT, TOP
from brobygger.market.services import learning as service
from brobygger.market.services.learning import MAY_SWITCH
from brobygger.market.suggestion_words import part_label
from brobygger.market.tasks import refresh_suggestions

SHOWN_MOVES = 10
MOST_SWITCHES = 30
HELPS = 0.005
"""A smaller difference in the check is none that can be told."""


@dataclass(frozen=True, slots=True)
class WeightLine:
    """One part with its weights, as shares of the whole, and why."""

    label: str
    shipped: float
    in_use: float
    learned: float
    least: float
    most: float
    why: str


@access(MAY_SWITCH)
def weights(request: Request) -> HttpResponse:
    """How suggestions are weighted. An administrator sees figures only, no firms."""
    proposal = service.propose(request.operator)
    office = bool(request.roles & STAFF)
    switches = list(
        WeightSwitch.objects.filter(operator=request.operator).select_related("version__made_by", "by")[
            :MOST_SWITCHES
        ]
    )
    context = {
        "heading": _("Sådan vægtes forslagene"),
        "crumbs": [(_("Forslag"), reverse("market:suggestions")), (_("Sådan vægtes forslagene"), None)]
        if office
        else [],
        "proposal": proposal,
        "lines": [_line(part, proposal) for part in proposal.learned.parts],
        "looked_at": json.dumps(proposal.learned.weights),
        "helps": _helps(proposal),
        "moves": proposal.rows[:SHOWN_MOVES] if office and proposal.is_new else [],
        "switches": switches,
        "in_use": switches[0].version if switches else None,
        "fewest": FEWEST,
        "fewest_of_each": FEWEST_OF_EACH,
        "best": LOOKED_AT,
        "top": TOP,
        "office": office,
    }
    return render(request, "market/weights.html", context)


def _line(part: Part, proposal: service.Proposal) -> WeightLine:
    least, most = BOUNDS[part.name]
    return WeightLine(
        label=part_label(part.name),
        shipped=WEIGHTS[part.name],
        in_use=proposal.in_use[part.name],
        learned=part.after,
        least=least,
        most=most,
        why=_why(part, proposal) if proposal.learned.enough else "",
    )


def _why(part: Part, proposal: service.Proposal) -> str:
    """Which way, and the figures it rests on."""
    if part.after > part.before:
        way = _("Vejer mere end leveret.")
    elif part.after < part.before:
        way = _("Vejer mindre end leveret.")
    else:
        way = _("Vejer som leveret.")
    averages = _("I snit %(yes)s %% ved ja og %(no)s %% ved nej.") % {
        "yes": round(part.yes * 100),
        "no": round(part.no * 100),
    }
    named = _("%(named)s nej handlede om det.") % {"named": part.named} if part.named else ""
    return " ".join(text for text in (way, averages, named) if text)


def _helps(proposal: service.Proposal) -> str:
    """`yes`, `no` or `same`, by answers that the weights were not learned from; empty where it cannot be told."""
    check = proposal.learned.check
    if check is None:
        return ""
    if check.learned > check.shipped + HELPS:
        return "yes"
    return "no" if check.learned < check.shipped - HELPS else "same"


@access(MAY_SWITCH)
@require_POST
def use_weights(request: Request) -> HttpResponse:
    """Take what is learned into use, and find all suggestions anew."""
    try:
        version = service.take_into_use(request.operator, request.user, _looked_at(request))
    except UserError as error:
        messages.error(request, str(error))
        return redirect("market:weights")
    messages.success(
        request,
        _("Version %(number)s er taget i brug. Forslagene beregnes igen.") % {"number": version.number},
    )
    return _find_anew(request)


def _looked_at(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(request.POST.get("vaegte", ""))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@access(MAY_SWITCH)
@require_POST
def restore_weights(request: Request, number: int) -> HttpResponse:
    """Use the shipped weights (0) or an earlier version again."""
    if number > 2**31:
        raise Http404
    try:
        service.go_back(request.operator, request.user, number)
    except WeightVersion.DoesNotExist as error:
        raise Http404 from error
    except UserError as error:
        messages.error(request, str(error))
        return redirect("market:weights")
    done = (
        _("Version %(number)s er i brug igen. Forslagene beregnes igen.") % {"number": number}
        if number
        else _("De leverede vægte er i brug igen. Forslagene beregnes igen.")
    )
    messages.success(request, done)
    return _find_anew(request)


def _find_anew(request: Request) -> HttpResponse:
    jobs.start(
        refresh_suggestions,
        kind="suggestions",
        title=_("Opdatér alle forslag"),
        operator=request.operator,
        user=request.user,
        operator_id=request.operator.pk,
    )
    return redirect("market:weights")
