# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented matches for the measured region, with their notes, agreements and deliveries."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from benchmarks.batches import BATCH
from brobygger.accounts.models import Operator, User
from brobygger.market.models import Agreement, Delivery, Listing, Match, MatchNote, Suggestion


def fill(office: Operator, consultant: User, count: int, chance: random.Random) -> None:
    """Matches in every stage; those that run have an agreement and a delivery each week."""
    pairs = Suggestion.objects.filter(
        operator=office, kind=Suggestion.Kind.PAIR, have__operator=office, need__operator=office
    )
    chosen = list(pairs.select_related("have", "need").order_by("pk")[:count])
    now, today = timezone.now(), timezone.localdate()
    matches = []
    for suggestion in chosen:
        stage = chance.choices(Match.Stage.values, (10, 15, 15, 10, 25, 15, 10))[0]
        needed: Any = suggestion.need
        since = now - timedelta(days=chance.randrange(120))
        matches.append(
            Match(
                operator=office,
                suggestion=suggestion,
                have=suggestion.have,
                need=needed,
                giver_id=suggestion.have.organisation_id,
                taker_id=needed.organisation_id,
                have_shown=True,
                need_shown=True,
                stage=stage,
                why_not=Suggestion.Decline.PRICE if stage == Match.Stage.FELL_THROUGH else "",
                consultant=consultant if chance.random() < 0.2 else None,
                follow_up_on=today + timedelta(days=chance.randrange(-5, 60))
                if chance.random() < 0.4
                else None,
                created_at=since,
                stage_at=since,
            )
        )
    Match.objects.bulk_create(matches, batch_size=BATCH)
    Match.history.bulk_history_create(matches, batch_size=BATCH)
    Suggestion.objects.filter(pk__in=Match.objects.values("suggestion_id")).update(
        state=Suggestion.State.ACCEPTED
    )
    MatchNote.objects.bulk_create(
        [MatchNote(match=row, by=consultant, text="Talt i telefon.", at=row.stage_at) for row in matches for _ in range(2)],
        batch_size=BATCH,
    )  # fmt: skip
    running = [row for row in matches if row.stage in (Match.Stage.RUNNING, Match.Stage.ENDED)]
    agreements = Agreement.objects.bulk_create(
        [
            Agreement(match=row, agreed_on=row.stage_at.date(), starts_on=row.stage_at.date(), quantity=4, unit="t",
                      period=Listing.Period.WEEK, price=chance.choice((None, Decimal(50), Decimal(100))))
            for row in running
        ],
        batch_size=BATCH,
    )  # fmt: skip
    Delivery.objects.bulk_create(
        [
            Delivery(
                agreement=row, on=row.starts_on + timedelta(days=7 * week), quantity=4, unit="t", tonnes=4
            )
            for row in agreements
            for week in range(10)
        ],
        batch_size=BATCH,
    )
