# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What must hold for a listing, whoever writes it: a person in a form, a file or the API.

`normal` brings values into the stored form; `faults` tells everything that is wrong with them, by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from brobygger.base.forms import clean_text
from brobygger.engine.units import UNITS, per_year
from brobygger.knowledge import load, resource_types
from brobygger.knowledge.geography import postal_code as known_postal_code
from brobygger.knowledge.waste_codes import waste_codes
from brobygger.market.models import Listing
from brobygger.market.services.matching.value import MOST_TONNES, tonnes_of

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MOST_QUANTITY = Decimal("99999999999.999")
MOST_PRICE = Decimal("9999999999.99")
FURTHEST_KM = 1000
"""From one end of Denmark to the other, with room to spare."""
GOODS = frozenset({Listing.Kind.RESIDUE, Listing.Kind.MATERIAL})
PLACES = frozenset({Listing.Kind.PREMISES, Listing.Kind.LAND})
TEXTS = {
    "text": 2000,
    "quality": 300,
    "photo_alt": 200,
    "equipment": 1000,
    "approvals": 300,
    "opening_hours": 300,
    "terms": 2000,
}
"""Free text → the most characters, as in the model."""
_CHOICES = {
    "side": Listing.Side,
    "kind": Listing.Kind,
    "period": Listing.Period,
    "price_kind": Listing.Price,
    "visibility": Listing.Visibility,
}


def normal(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored: clean text, bare codes, and hazardous where type or waste code says so."""
    out = dict(values)
    for name in TEXTS:
        if name in out:
            out[name] = clean_text(str(out[name] or ""))
    if "waste_code" in out:
        out["waste_code"] = "".join((out["waste_code"] or "").replace("*", "").split())
    if "postal_code" in out:
        out["postal_code"] = (out["postal_code"] or "").strip().upper().removeprefix("DK-")
    if out.get("price_kind") == Listing.Price.FREE:
        out["price"] = None
    if _is_hazardous(out):
        out["hazardous"] = True
    return out


def _is_hazardous(values: Mapping[str, Any]) -> bool:
    node = resource_types().get(values.get("resource_type") or "")
    code = waste_codes().get(values.get("waste_code") or "")
    return bool((node and node.hazardous) or (code and code.hazardous))


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Field → what is wrong, in Danish. Empty when the values can be stored. Takes what `normal` returned."""
    found: dict[str, str] = {}
    for check in (_choices, _texts, _codes, _quantity, _lot, _window, _price, _kind_fields):
        for field, message in check(values).items():
            found.setdefault(field, message)
    return found


def _choices(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: _("»%(value)s« kan ikke vælges her.") % {"value": str(values[name])[:40]}
        for name, choices in _CHOICES.items()
        if name in values and values[name] not in choices.values
    }


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    if not values.get("text"):
        found["text"] = _("Skriv med jeres egne ord, hvad I har eller mangler.")
    for name, most in TEXTS.items():
        length = len(values.get(name) or "")
        if length > most:
            found[name] = _("Teksten er på %(length)s tegn. Den må højst være på %(most)s.") % {
                "length": length,
                "most": most,
            }
    return found


def _codes(values: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    if values.get("resource_type") and values["resource_type"] not in resource_types():
        found["resource_type"] = _(
            "Den ressourcetype kender vi ikke. Søg efter en anden, eller vælg »ved ikke«."
        )
    if values.get("waste_code") and values["waste_code"] not in waste_codes():
        found["waste_code"] = _(
            "Affaldskoden findes ikke. En EAK-kode er på seks cifre, for eksempel 02 07 04."
        )
    if values.get("unit") and values["unit"] not in UNITS:
        found["unit"] = _("Den enhed kender vi ikke. Brug for eksempel kg, t, m3 eller stk.")
    if values.get("postal_code") and known_postal_code(values["postal_code"]) is None:
        found["postal_code"] = _(
            "Postnummeret findes ikke. Et postnummer er på fire cifre, for eksempel 4320."
        )
    return found


def _quantity(values: Mapping[str, Any]) -> dict[str, str]:
    quantity: Decimal | None = values.get("quantity")
    if quantity is None:
        return {}
    if not quantity.is_finite() or quantity <= 0:
        return {
            "quantity": _("Mængden skal være et tal over 0. Lad feltet stå tomt, hvis I ikke kender den.")
        }
    if quantity > MOST_QUANTITY:
        return {"quantity": _("Mængden er for stor til at være rigtig.")}
    if not values.get("unit"):
        return {"unit": _("Vælg en enhed til mængden, for eksempel tons eller stk.")}
    if _weighs_too_much(values, _in_a_year(quantity, values.get("period"))):
        return {"quantity": _("Mængden er for stor til at være rigtig.")}
    return {}


def _weighs_too_much(values: Mapping[str, Any], amount: Decimal) -> bool:
    unit = values.get("unit")
    if unit not in UNITS:
        return False
    tonnes = tonnes_of(amount, unit, values.get("resource_type") or "", load())
    return tonnes is not None and tonnes > MOST_TONNES


def _lot(values: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    quantity, lot, share = (values.get(name) for name in ("quantity", "lot", "least_share"))
    if share is not None and not 1 <= share <= 100:
        found["least_share"] = _("Andelen skal være mellem 1 og 100 procent.")
    elif share is not None and quantity is None:
        found["least_share"] = _("Skriv mængden, så det er en andel af noget.")
    if lot is None:
        return found
    if not lot.is_finite() or lot <= 0:
        found["lot"] = _("Et læs skal være et tal over 0. Lad feltet stå tomt, hvis mængden kan deles frit.")
    elif not values.get("unit"):
        found["unit"] = _("Vælg en enhed til læsset, for eksempel tons eller stk.")
    elif lot > _in_a_year(quantity, values.get("period")):
        found["lot"] = _("Et læs kan ikke være større end det, der er i alt på et år.")
    elif _weighs_too_much(values, lot):
        found["lot"] = _("Mængden er for stor til at være rigtig.")
    return found


def _in_a_year(quantity: Decimal | None, period: Any) -> Decimal:
    known = quantity is not None and quantity.is_finite() and period in Listing.Period.values
    return per_year(quantity, period) if known and quantity is not None else MOST_QUANTITY


def _window(values: Mapping[str, Any]) -> dict[str, str]:
    found, first, last = {}, values.get("starts_on"), values.get("ends_on")
    for name, day in (("starts_on", first), ("ends_on", last)):
        if day is not None and not EARLIEST <= day <= LATEST:
            found[name] = _("Datoen skal ligge mellem år 2000 og 2100.")
    if not found and first and last and last < first:
        found["ends_on"] = _("Slutdatoen ligger før startdatoen.")
    reach = values.get("reach_km")
    if reach is not None and not 0 < reach <= FURTHEST_KM:
        found["reach_km"] = _("Afstanden skal være mellem 1 og %(most)s km.") % {"most": FURTHEST_KM}
    return found


def _price(values: Mapping[str, Any]) -> dict[str, str]:
    price: Decimal | None = values.get("price")
    if price is not None and (not price.is_finite() or price < 0):
        return {"price": _("Prisen kan ikke være under 0.")}
    if price is not None and price > MOST_PRICE:
        return {"price": _("Prisen er for høj til at være rigtig.")}
    if price is None and values.get("price_kind") == Listing.Price.FIXED:
        return {"price": _("Skriv prisen, eller vælg »Efter aftale«.")}
    return {}


def _kind_fields(values: Mapping[str, Any]) -> dict[str, str]:
    found, kind = {}, values.get("kind")
    if values.get("waste_code") and kind not in GOODS:
        found["waste_code"] = _(
            "En affaldskode hører kun til restprodukter og materialer. Slet koden, eller ret slagsen."
        )
    area = values.get("area_m2")
    if area is not None and kind not in PLACES:
        found["area_m2"] = _("Areal hører kun til lokaler og jord. Slet tallet, eller ret slagsen.")
    if area is not None and not 0 < area <= 1_000_000_000:
        found["area_m2"] = _("Arealet skal være mellem 1 og 1.000.000.000 m².")
    return found
