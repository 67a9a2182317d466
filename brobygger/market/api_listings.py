# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Listings in the API: a list and one, each scoped to the person asking. Contact persons are not part of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from brobygger.market.models import Listing
from brobygger.market.queries import listings as queries
from brobygger.market.wording import type_name

router = Router()
MOST = 100
FURTHEST = queries.MOST_COUNTED


class ListingOut(Schema):
    """One have or need."""

    id: UUID
    side: str
    kind: str
    resource_type: str
    resource_type_name: str
    text: str
    quantity: Decimal | None
    unit: str
    period: str
    lot: Decimal | None
    least_share: int | None
    starts_on: date | None
    ends_on: date | None
    postal_code: str
    reach_km: int | None
    food_grade: bool
    hazardous: bool
    waste_code: str
    price_kind: str
    price: Decimal | None
    visibility: str
    status: str
    organisation: str = Field(..., alias="organisation.name")
    operator: str = Field(..., alias="operator.name")
    invented: bool
    created_at: datetime

    @staticmethod
    def resolve_resource_type_name(listing: Listing) -> str:
        return type_name(listing.resource_type)


class ListingPage(Schema):
    """Some listings, and where the next ones begin."""

    items: list[ListingOut]
    next_offset: int | None


class ListingQuery(Schema):
    """What to list. Without anything: the active ones of one's own operator."""

    q: str = Field("", max_length=200)
    side: str = Field("", pattern="^(|have|need)$")
    kind: str = Field("", max_length=12)
    branch: str = Field("", max_length=60)
    status: str = Field("", max_length=10)
    visibility: str = Field("", max_length=8)
    others: bool = False
    limit: int = Field(25, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=FURTHEST)


@router.get("/har-og-mangler", response=ListingPage, summary="Har og mangler")
def list_listings(request: HttpRequest, asked: Query[ListingQuery]) -> dict[str, Any]:
    """The listings that the person may see, newest first."""
    user: Any = request.user
    operator = request.operator  # type: ignore[attr-defined]
    wanted = queries.Wanted(
        words=asked.q,
        side=asked.side,
        kind=asked.kind,
        branch=asked.branch,
        status=asked.status,
        visibility=asked.visibility,
        others=asked.others,
    )
    hits = queries.sought(user, operator, wanted)
    keys = list(hits.listings.values_list("pk", flat=True)[asked.offset : asked.offset + asked.limit + 1])
    more = len(keys) > asked.limit
    return {
        "items": queries.fetch(keys[: asked.limit]),
        "next_offset": asked.offset + asked.limit if more else None,
    }


@router.get("/har-og-mangler/{uuid:pk}", response=ListingOut, summary="Én har eller mangler")
def get_listing(request: HttpRequest, pk: UUID) -> Listing:
    """One listing, if the person may see it; 404 otherwise, whether or not it exists."""
    return get_object_or_404(queries.one(request.user, pk))
