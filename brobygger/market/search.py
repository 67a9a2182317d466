# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What of a listing can be searched, and by whom.

A document's scope is a letter for who may see it and the operator's number: ``o12`` open, ``m12`` members,
``x12`` only operator 12's consultants and heads (confidential, paused or closed). Owners find their own
confidential ones by plain text (`queries.listings`), so their words are never in an index that others search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from brobygger.base import search
from brobygger.knowledge import resource_types
from brobygger.market.models import Listing

KIND = "listing"


def documents(pks: Sequence[Any]) -> Iterable[search.Document]:
    """The documents of those listings that exist, in one query."""
    for listing in Listing.objects.filter(pk__in=pks).select_related("organisation"):
        yield search.Document(
            pk=listing.pk,
            scope=scope_of(listing),
            name=listing.text,
            facts=" ".join(
                (_type_words(listing.resource_type), listing.organisation.name, listing.postal_code,
                 listing.organisation.city, listing.waste_code)
            ),
            body=" ".join((listing.quality, listing.equipment, listing.approvals, listing.terms)),
        )  # fmt: skip


def scope_of(listing: Listing) -> str:
    """Who may find it."""
    if listing.status != Listing.Status.ACTIVE or listing.visibility == Listing.Visibility.BROKER:
        return f"x{listing.operator_id}"
    letter = "o" if listing.visibility == Listing.Visibility.OPEN else "m"
    return f"{letter}{listing.operator_id}"


def open_scopes(operator_ids: Iterable[int]) -> list[str]:
    """What everybody may search."""
    return [f"o{operator_id}" for operator_id in operator_ids]


def scopes_for(user: Any, operator_id: int) -> list[str]:
    """What a person may search at an operator where they have a role."""
    letters = "omx" if user.is_staff_of(operator_id) else "om" if operator_id in user.roles else "o"
    return [f"{letter}{operator_id}" for letter in letters]


def _type_words(type_id: str) -> str:
    node = resource_types().get(type_id)
    return " ".join((node.name, *node.synonyms[:6])) if node else ""


search.register(search.Kind(KIND, model=Listing, build=documents))
