# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Suggestions in the API, for consultants and heads: a list and one, with the parts of the score and the reason."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from brobygger.market.models import Suggestion
from brobygger.market.queries.suggestions import MOST_COUNTED, Wanted, office_list, one, whole

router = Router()
MOST = 100


class PrecedentOut(Schema):
    """A documented exchange of the same kind."""

    text: str
    source: str


class SuggestionOut(Schema):
    """A have and a need that should meet, or (`taker`) a firm that posted nothing.

    `score` and `parts` are 0..1; a part that is null is not known. Amounts are what can move at most in a year; null
    is unknown, never zero.
    """

    id: UUID
    kind: Literal["pair", "taker"]
    have: UUID = Field(..., alias="have_id")
    need: UUID | None = Field(None, alias="need_id")
    giver: str = Field(..., alias="have.organisation.name")
    taker: str
    score: float
    parts: dict[str, float | None]
    reason: str
    confidence: str
    via: str
    process: str
    precedents: list[PrecedentOut]
    distance_m: float | None
    tonnes_year: Decimal | None
    dkk_year: Decimal | None
    co2e_kg_year: Decimal | None
    factor_source: str
    confidential: bool
    state: str
    put_off_until: date | None
    decline_reason: str
    decline_note: str
    found_at: datetime
    refreshed_at: datetime

    @staticmethod
    def resolve_taker(row: Suggestion) -> str:
        return row.need.organisation.name if row.need else str(row.organisation)

    @staticmethod
    def resolve_confidential(row: Suggestion) -> bool:
        return row.have.is_confidential or bool(row.need and row.need.is_confidential)


class SuggestionPage(Schema):
    """Some suggestions, and where the next ones begin."""

    items: list[SuggestionOut]
    next_offset: int | None


class SuggestionQuery(Schema):
    """What to list. Without anything: the new ones, the most obvious first."""

    state: Literal["new", "put_off", "accepted", "declined"] = "new"
    kind: Literal["", "pair", "taker"] = ""
    least_score: float = Field(0.0, ge=0, le=1)
    organisation: int | None = Field(None, ge=1, le=2**62)
    order: Literal["score", "kroner", "tons", "nyeste"] = "score"
    offset: int = Field(0, ge=0, le=MOST_COUNTED)
    limit: int = Field(25, ge=1, le=MOST)


@router.get("/forslag", response=SuggestionPage, summary="Forslag: hvem skal møde hvem, og hvorfor")
def suggestions(request: HttpRequest, asked: Query[SuggestionQuery]) -> dict[str, Any]:
    """The suggestions of the operator the person works for. Only consultants and heads; others get none."""
    person: Any = request
    if not person.user.is_staff_of(person.operator.pk):
        return {"items": [], "next_offset": None}
    wanted = Wanted(
        state=asked.state,
        kind=asked.kind,
        least=asked.least_score,
        organisation=asked.organisation,
        order=asked.order,
    )
    end = asked.offset + asked.limit
    keys = list(office_list(person.operator, wanted)[asked.offset : end + 1])
    more = len(keys) > asked.limit and end <= MOST_COUNTED
    return {"items": whole(keys[: asked.limit]), "next_offset": end if more else None}


@router.get("/forslag/{uuid:pk}", response=SuggestionOut, summary="Ét forslag")
def suggestion(request: HttpRequest, pk: UUID) -> Suggestion:
    """One suggestion of an operator where the person is consultant or head; otherwise not found."""
    person: Any = request
    found = one(person.user, pk)
    if found is None or not person.user.is_staff_of(found.operator_id):
        raise Http404
    return found
