# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Tenders as lists read them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from brobygger.cases.tenders.case_words import PUBLISHED
from brobygger.cases.tenders.models import Bid, Tender
from brobygger.register.models import Organisation


def open_to(user: Any) -> QuerySet[Tender]:
    """What somebody (or nobody signed in) is shown and can still bid on, the nearest deadline first."""
    rows = Tender.objects.visible_to(user).filter(deadline__gte=timezone.now(), case__stage=PUBLISHED)
    return rows.select_related("case__operator").order_by("deadline", "pk")


def open_to_firm(user: Any) -> QuerySet[Tender]:
    """The same, with `has_bid`: whether a firm that the person acts for has a bid standing."""
    own = Organisation.objects.acted_for_by(user).order_by().values("pk")
    mine = Bid.objects.filter(tender=OuterRef("pk"), organisation__in=own, withdrawn_at=None)
    return open_to(user).annotate(has_bid=Exists(mine))
