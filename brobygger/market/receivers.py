# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the market does when something happens elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.dispatch import receiver

from brobygger.market.models import Listing
from brobygger.market.services.following import find_again, follow, seek_again
from brobygger.register.models import Organisation
from brobygger.register.signals import moved_or_renamed, organisations_merged, permits_changed


@receiver(moved_or_renamed)
def listings_follow(
    sender: Any,
    organisations: Mapping[int, str],
    establishments: Collection[int],
    in_bulk: bool,
    **kwargs: Any,
) -> None:
    """What a firm has and needs is where the firm is."""
    follow(organisations, establishments, find_suggestions=not in_bulk)


@receiver(organisations_merged)
def suggestions_follow(
    sender: Any, kept: Organisation, other_pk: int, touched: Mapping[Any, Collection[Any]], **kwargs: Any
) -> None:
    """Whoever was laid together with another, or separated again, meets others anew."""
    find_again([kept.pk, other_pk], touched.get(Listing, ()))


@receiver(permits_changed)
def needs_follow(sender: Any, organisation_id: int, **kwargs: Any) -> None:
    """Whoever may receive other things than before meets others anew."""
    seek_again(organisation_id)
