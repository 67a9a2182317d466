# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How quantities, resource types, waste codes and the law about them are said on screen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.danish import kroner, number
from brobygger.engine.units import UNITS, per_year
from brobygger.knowledge import resource_types
from brobygger.knowledge.waste_codes import WasteCode, waste_codes
from brobygger.market.models import Listing, NetworkRun

UNIT_LABELS = {
    "t": gettext_lazy("tons"),
    "kg": gettext_lazy("kg"),
    "g": gettext_lazy("gram"),
    "m3": gettext_lazy("m³"),
    "l": gettext_lazy("liter"),
    "stk": gettext_lazy("stk."),
    "palle": gettext_lazy("paller"),
    "bigbag": gettext_lazy("bigbags"),
    "m": gettext_lazy("meter"),
    "m2": gettext_lazy("m²"),
    "ha": gettext_lazy("hektar"),
    "kWh": gettext_lazy("kWh"),
    "MWh": gettext_lazy("MWh"),
    "GJ": gettext_lazy("GJ"),
    "timer": gettext_lazy("timer"),
    "dage": gettext_lazy("dage"),
    "kr": gettext_lazy("kr."),
    "pladser": gettext_lazy("pladser"),
}
"""Unit key of the engine → what is written after a figure."""
OF_ONE = {
    "t": gettext_lazy("ton"),
    "palle": gettext_lazy("palle"),
    "bigbag": gettext_lazy("bigbag"),
    "timer": gettext_lazy("time"),
    "dage": gettext_lazy("dag"),
    "pladser": gettext_lazy("plads"),
}
"""Those that are called something else where there is one of them."""

FOOD_BYPRODUCT = gettext_lazy(
    "Rester fra fødevareproduktion, som skal bruges til foder eller mad, er som regel biprodukter og ikke affald. Det "
    "kræver, at det er sikkert, at de bliver brugt, at de kan bruges uden anden bearbejdning end den, der er normal i "
    "branchen, at de opstår som en del af produktionen, og at brugen er lovlig (affaldsdirektivet 2008/98/EF, artikel 5). "
    "Rester, der skal bruges som fodermiddel og ikke indeholder animalske biprodukter, er undtaget fra affaldsdirektivet, "
    "når de er dækket af foderreglerne (artikel 2, stk. 2, litra e). Den, der leverer foder, skal være registreret som "
    "foderstofvirksomhed (forordning 183/2005, artikel 9). Kommunen afgør i tvivlstilfælde, om noget er affald."
)
HAZARDOUS = gettext_lazy(
    "Farligt affald må kun gå til en modtager med tilladelse til at tage imod det. Brobygger foreslår det derfor kun til "
    "virksomheder, der har en gyldig tilladelse i registret."
)


def unit_label(unit: str) -> str:
    """`t` → tons. An unknown key is shown as it is."""
    return str(UNIT_LABELS.get(unit, unit))


def unit_of_one(unit: str) -> str:
    """`t` → ton: after 1, and after "pr."."""
    return str(OF_ONE.get(unit) or unit_label(unit))


def unit_choices() -> list[tuple[str, Any]]:
    """For a select: every unit of the engine, and none."""
    return [("", _("ingen enhed")), *((key, UNIT_LABELS.get(key, key)) for key in UNITS)]


def amount(quantity: Decimal | None, unit: str, period: str = "") -> str:
    """`2,5 tons om ugen`, with the decimals that were typed; empty where no quantity is known. Once is not mentioned."""
    if quantity is None:
        return ""
    exponent = quantity.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    how_often = "" if period in {"", Listing.Period.ONCE} else str(Listing.Period(period).label)
    called = unit_of_one(unit) if quantity == 1 else unit_label(unit)
    return " ".join(part for part in (number(quantity, decimals), called, how_often) if part)


def lot_text(listing: Listing) -> str:
    """`kun i hele læs à 12 tons`, or that it cannot be divided; empty where it can be divided freely."""
    if listing.lot is None:
        return ""
    if listing.quantity is not None and listing.lot >= per_year(listing.quantity, listing.period):
        return _("kun samlet, til én")
    return _("kun i hele læs à %(amount)s") % {"amount": amount(listing.lot, listing.unit)}


def goal_text(run: NetworkRun) -> str:
    """`flest kroner`, `flest kroner, når et ton CO2e er 750 kr. værd` … as it stands after "Giver"."""
    goal = NetworkRun.Goal
    if run.goal == goal.PRICE:
        price = run.co2e_price or 0.0
        shown = kroner(round(price) if price >= 10 else round(price, 2))
        return _("flest kroner, når et ton CO2e er %(price)s værd") % {"price": shown}
    return {
        goal.DKK: _("flest kroner"),
        goal.CO2E: _("mest CO2e"),
        goal.BOTH: _("lige meget kroner og CO2e"),
    }[goal(run.goal)]


def price_range(low: float, high: float | None) -> str:
    """For which prices of a tonne of CO2e: `under 400 kr.`, `400 til 1.250 kr.`, `omkring 88 kr.`, `over 1.250 kr.`."""
    if high is None:
        return _("over %(low)s") % {"low": kroner(round(low))} if low else _("alle priser")
    if not low:
        return _("under %(high)s") % {"high": kroner(round(high))}
    if round(low) == round(high):
        return _("omkring %(price)s") % {"price": kroner(round(high))}
    return _("%(low)s til %(high)s") % {"low": number(round(low)), "high": kroner(round(high))}


def price_text(listing: Listing) -> str:
    """`Gratis`, `350 kr. pr. ton` … as a person says it."""
    kind = str(listing.get_price_kind_display())
    if listing.price is None or listing.price_kind == Listing.Price.FREE:
        return kind
    if not listing.unit:
        return f"{kind}: {kroner(listing.price)}"
    return _("%(kind)s: %(price)s pr. %(unit)s") % {
        "kind": kind, "price": kroner(listing.price), "unit": unit_of_one(listing.unit),
    }  # fmt: skip


def type_name(type_id: str) -> str:
    """The Danish name of a resource type; empty for none, the id where the tree no longer has it."""
    if not type_id:
        return ""
    node = resource_types().get(type_id)
    return node.name if node else type_id


def type_path(type_id: str) -> str:
    """`Rester fra fødevarer og drikke → Rester fra bryggeri → Mask`: which of two types with alike names is meant."""
    types = resource_types()
    names: list[str] = []
    node = types.get(type_id)
    while node is not None and len(names) < 10:
        names.append(node.name)
        node = types.get(node.parent) if node.parent else None
    return " → ".join(reversed(names))


def waste_code(code: str) -> WasteCode | None:
    """The EAK code with its title, or None."""
    return waste_codes().get(code)


def waste_code_text(code: str) -> str:
    """`02 07 04 Materialer, der er uegnet til forbrug …`; a star marks hazardous, as the list itself writes it."""
    entry = waste_code(code)
    spaced = f"{code[:2]} {code[2:4]} {code[4:]}".strip()
    if entry is None:
        return spaced
    return f"{spaced}{'*' if entry.hazardous else ''} {entry.title}"


def is_food_byproduct(type_id: str) -> bool:
    """Whether the tree says that this comes from food production and need not be waste."""
    node = resource_types().get(type_id)
    return bool(node and node.food_byproduct)
