# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The plan of the demo office: tracks, initiatives and some targets from Lejre Kommune's action plan for 2026. Their values
come from what the rooms publish in `indicators.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.demo.moments import then
from brobygger.plan.models import Plan
from brobygger.plan.services import add_goal, add_initiative, add_track, create_plan

FROM_PLAN, INVENTED = "plan", "invented"


@dataclass(frozen=True)
class Aim:
    """A goal. `source`: where its target is from."""

    name: str
    indicator: str
    target: int
    source: str = INVENTED
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Effort:
    """An initiative of the plan, in its words."""

    name: str
    text: str
    aims: tuple[Aim, ...]


CLIMATE = Effort(
    "Klima- eller ressourcepartnerskaber",
    "Lejre Kommune afdækker erfaringer med og opbakning til at danne klima- eller ressourcepartnerskaber "
    "mellem virksomheder og mellem virksomheder og kommunen.",
    (
        Aim("Aftaler mellem virksomheder, som kontoret har bragt sammen", "market.matches_agreed", 4),
        Aim("Tons restprodukter, der er flyttet i stedet for smidt ud", "market.tonnes", 120),
        Aim("Sparet CO2e ved det, der er flyttet", "market.co2e", 40),
        Aim("Kroner, virksomhederne selv siger, det har givet dem", "market.dkk", 45_000),
    ),
)
STARTERS = Effort(
    "Sparringsmøder med iværksættere",
    "Hver tredje måned udsender borgmester og erhvervschef brev med velkomst og relevant information til nye virksomheder.",
    (
        Aim("Nye virksomheder, der har fået velkomstbrev", "outreach.welcomed", 18),
        Aim("Sparringsmøder, som virksomhederne selv har booket", "outreach.talks_booked", 16),
        Aim("Tilfredse eller meget tilfredse med vejledningen", "outreach.satisfied", 80, FROM_PLAN),
    ),
)
FUNDS = Effort(
    "Flere udviklingsmidler",
    "Erhverv Lejre skal sikre, at virksomhederne i Lejre Kommune får bedre kendskab og motiveres til mulighederne for "
    "rådgivning og udviklingsforløb i Erhvervshus Sjælland.",
    (
        Aim("Tilsagn om støtte til virksomheder i kommunen", "cases.support_granted", 3_000_000, FROM_PLAN),
        Aim("Henvisninger til partnere og ordninger", "guidance.referrals", 38),
    ),
)
BUILDING = Effort(
    "Hurtig og dialogbaseret sagsbehandling",
    "Den virksomhedsrettede sagsbehandling ved myndighedsgodkendelser på byggeområdet prioriteres først og skal være "
    "dialogbaseret, løsningsorienteret og gennemføres effektivt og med hurtige afklaringer.",
    (
        Aim("Fyldestgørende byggesager, der er afgjort inden for 50 dage",
            "cases.building_share_within_goal", 80, FROM_PLAN, {"days": 50}),
    ),
)  # fmt: skip
MAYOR = Effort(
    "Borgmesterbesøg hos virksomheder",
    "Erhverv Lejre og borgmesteren besøger gennem året virksomheder i Lejre Kommune med henblik på at drøfte den kommunale "
    "erhvervsservice.",
    (
        Aim("Besøg hos virksomheder med borgmesteren", "dialogue.mayor_visits", 6, FROM_PLAN),
        Aim("Virksomheder, vi har talt med", "dialogue.firms", 60),
    ),
)
TRACKS = (
    ("Klimaomstilling", (CLIMATE,)),
    ("Iværksættere", (STARTERS,)),
    ("Erhvervsservice", (FUNDS, BUILDING, MAYOR)),
)


def create_goals(operator: Operator, head: User) -> None:
    """Three tracks of the action plan for 2026 with goals for this year."""
    today = timezone.localdate()
    with then((today - today.replace(month=1, day=1)).days):
        plan = create_plan(
            operator, name=f"Handlingsplan {today.year} (demo)", year_from=today.year, year_to=today.year,
            introduction="Spor og indsatser er fra Lejre Kommunes handlingsplan for 2026. Ved hver indsats står, hvilke måltal der også er.",
        )  # fmt: skip
        for name, efforts in TRACKS:
            _add_track(plan, name, efforts, head)


def _add_track(plan: Plan, name: str, efforts: tuple[Effort, ...], head: User) -> None:
    track = add_track(plan, name=name)
    for effort in efforts:
        initiative = add_initiative(track, name=effort.name, text=_text(effort), responsible=head)
        for aim in effort.aims:
            add_goal(
                initiative, name=aim.name, indicator=aim.indicator, target=Decimal(aim.target), parameters=dict(aim.parameters),
                starts_on=date(plan.year_from, 1, 1), ends_on=date(plan.year_from, 12, 31),
            )  # fmt: skip


def _text(effort: Effort) -> str:
    """The plan's words, and which of the targets are the plan's too."""
    named = [f"»{aim.name}«" for aim in effort.aims if aim.source == FROM_PLAN]
    told = f"Måltallet for {'; '.join(named)} står i planen. " if named else ""
    rest = "Andre måltal er opdigtede." if named else "Måltallene er opdigtede."
    return f"{effort.text}\n\n{told}{rest if len(named) < len(effort.aims) else ''}".rstrip()
