# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The first goals of the demo office: their values come from the market, see `brobygger.market.indicators`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.plan.services import add_goal, add_initiative, add_track, create_plan

GOALS = (
    ("Aftaler mellem virksomheder, som kontoret har bragt sammen", "market.matches_agreed", 6),
    ("Tons restprodukter, der er flyttet i stedet for smidt ud", "market.tonnes", 120),
    ("Sparet CO2e ved det, der er flyttet", "market.co2e", 60),
    ("Kroner, virksomhederne selv siger, det har givet dem", "market.dkk", 75_000),
)


def create_goals(operator: Operator, head: User) -> None:
    """Initiative 4 of the climate track of the action plan for 2026, with invented targets for this year."""
    year = timezone.localdate().year
    plan = create_plan(
        operator,
        name=f"Handlingsplan {year} (demo)",
        year_from=year,
        year_to=year,
        introduction="Spor og indsats er fra Lejre Kommunes handlingsplan for 2026. Måltallene er opdigtede.",
    )
    track = add_track(plan, name="Klimaomstilling")
    initiative = add_initiative(
        track,
        name="Klima- eller ressourcepartnerskaber",
        text="Lejre Kommune afdækker erfaringer med og opbakning til at danne klima- eller ressourcepartnerskaber "
        "mellem virksomheder og mellem virksomheder og kommunen.",
        responsible=head,
    )
    for name, indicator, target in GOALS:
        add_goal(
            initiative, name=name, indicator=indicator, target=Decimal(target),
            starts_on=date(year, 1, 1), ends_on=date(year, 12, 31),
        )  # fmt: skip
