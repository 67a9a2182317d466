# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reads about organisations that were laid together."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, QuerySet

from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.base.prepared import prepared
from brobygger.register.models import Merge, Organisation, PossibleDuplicate
from brobygger.register.search import KIND, scope_of

MOST_HITS = 20


def now_part_of(user: Any, pk: int) -> Organisation | None:
    """The organisation that one which no longer exists was laid together with, if the person may open it."""
    into = Merge.objects.standing().filter(gone_pk=pk).values("kept_id")
    return Organisation.objects.visible_to(user).filter(pk__in=into).first()


def merges_into(organisation: Organisation) -> list[Merge]:
    """The standing merges that made the organisation what it is, the newest first."""
    return _merges_into(organisation.pk)


@prepared
def _merges_into(organisation: Any) -> QuerySet[Merge]:
    return Merge.objects.standing().filter(kept=organisation).select_related("by")


def numbers_given_up(operator: Operator, cvrs: Collection[str]) -> dict[str, int]:
    """CVR number of an organisation that was laid together with another → the one it is part of now.

    So that an import does not make it again. A number that somebody holds is not given up.
    """
    laid = Merge.objects.standing().filter(operator=operator, gone_cvr__in=list(cvrs)).exclude(gone_cvr="")
    other = laid.filter(Q(kept__cvr=None) | ~Q(kept__cvr=F("gone_cvr")))
    return dict(other.order_by("pk").values_list("gone_cvr", "kept_id"))


def others_like(organisation: Organisation, words: str) -> list[Organisation]:
    """What the words find at the same operator, the best first, without the organisation itself."""
    found = search.find(KIND, words, scopes=[scope_of(organisation.operator_id)], limit=MOST_HITS)
    rows = Organisation.objects.filter(pk__in=[key for key in found.keys if key != organisation.pk])
    place = {key: number for number, key in enumerate(found.keys)}
    return sorted(rows, key=lambda row: place[row.pk])


def as_listed(rows: QuerySet[PossibleDuplicate]) -> QuerySet[PossibleDuplicate]:
    """With both organisations as a line shows them."""
    return rows.select_related("first", "second", "decided_by").order_by("-score", "pk")


def waiting_for(organisation: Organisation) -> list[PossibleDuplicate]:
    """What the organisation may be a duplicate of, the likeliest first."""
    return _waiting_for(organisation.pk)


@prepared
def _waiting_for(organisation: Any) -> QuerySet[PossibleDuplicate]:
    named = Q(first=organisation) | Q(second=organisation)
    return as_listed(PossibleDuplicate.objects.waiting().filter(named))[:5]
