# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matches and deliveries by API: the office's, and for a firm those it is part of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from brobygger.base.errors import IsItRight, UserError
from brobygger.base.forms import clean_text
from brobygger.market.models import Delivery, Match
from brobygger.market.services import deliveries as service
from brobygger.market.services.agreements import agreement_on

router = Router()
PAGE = 100


class MatchOut(Schema):
    """One match. What is only for the office is not here."""

    id: UUID
    giver: str
    taker: str
    resource_type: str
    kind: str
    stage: str
    stage_since: datetime
    created_at: datetime


class MatchesOut(Schema):
    """A page of matches and whether there are more."""

    items: list[MatchOut]
    more: bool


class DeliveryOut(Schema):
    """One delivery; `tonnes` is null where nobody can know them."""

    id: UUID
    on: date
    quantity: Decimal
    unit: str
    tonnes: Decimal | None
    note: str


class DeliveryIn(Schema):
    """A delivery to report. `again`: it is one more, although the same was reported for that day."""

    on: date
    quantity: Decimal = Field(gt=0, lt=10**9, max_digits=14, decimal_places=3)
    unit: str = Field(max_length=10)
    note: str = Field("", max_length=300)
    again: bool = False
    sure: bool = False
    day_sure: bool = False


class Refusal(Schema):
    """Why it cannot be done."""

    detail: str


@router.get("/match", response=MatchesOut, summary="Match, som den, der spørger, må se")
def matches(
    request: HttpRequest,
    stage: str = "",
    after: UUID | None = None,
) -> dict[str, Any]:
    """At most 100 at a time, in order of id; ask again with `after` set to the last id."""
    user: Any = request.user
    found = Match.objects.visible_to(user).select_related("giver", "taker", "have").order_by("pk")
    if stage:
        found = found.filter(stage=stage)
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found[: PAGE + 1])
    return {"items": [_match(row) for row in rows[:PAGE]], "more": len(rows) > PAGE}


@router.get("/match/{pk}", response=MatchOut, summary="Ét match")
def match(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """Not found where the person may not see it."""
    return _match(_seen(request, pk))


@router.get(
    "/match/{pk}/leverancer", response=list[DeliveryOut], summary="Leverancerne i et match, de nyeste først"
)
def deliveries(request: HttpRequest, pk: UUID) -> Any:
    """At most the 1000 newest."""
    return Delivery.objects.filter(agreement__match=_seen(request, pk))[:1000]


@router.post(
    "/match/{pk}/leverancer",
    response={201: DeliveryOut, 409: Refusal, 422: Refusal},
    summary="Indberet en leverance",
)
def report(request: HttpRequest, pk: UUID, payload: DeliveryIn) -> tuple[int, Any]:
    """409 where it is asked about (the same was reported for that day: `again`; far more than agreed: `sure`; the agreement was over: `day_sure`), 422 where it cannot be reported."""
    found = _seen(request, pk)
    agreement = agreement_on(found, payload.on)
    if agreement is None:
        return 422, {"detail": _("Der er ingen aftale i kraft, så der kan ikke indberettes leverancer.")}
    typed = service.DeliveryReport(
        payload.on,
        payload.quantity,
        payload.unit,
        clean_text(payload.note),
        payload.again,
        payload.sure,
        payload.day_sure,
    )
    try:
        return 201, service.report_delivery(agreement, typed, request.user)
    except IsItRight as error:
        return 409, {"detail": str(error)}
    except UserError as error:
        return 422, {"detail": str(error)}


def _seen(request: HttpRequest, pk: UUID) -> Match:
    user: Any = request.user
    return get_object_or_404(Match.objects.visible_to(user).select_related("giver", "taker", "have"), pk=pk)


def _match(row: Match) -> dict[str, Any]:
    return {
        "id": row.pk,
        "giver": row.giver.name,
        "taker": row.taker.name,
        "resource_type": row.have.resource_type,
        "kind": row.have.kind,
        "stage": row.stage,
        "stage_since": row.stage_at,
        "created_at": row.created_at,
    }
