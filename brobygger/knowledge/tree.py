# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The tree of resource types, read from `resource_types/*.csv` (one file per branch) and checked.

Sources: the names are everyday Danish; waste codes are those of the European list of waste (Commission
Decision 2014/955/EU, in Denmark "EAK-koder"), densities are rounded, customary values for loose goods.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from brobygger.engine.facts import Kind, ResourceType
from brobygger.engine.units import UNITS

FOLDER = Path(__file__).parent / "resource_types"
COLUMNS = (
    "id", "parent", "kind", "name", "name_en", "synonyms", "ewc", "unit", "density", "traits",
    "food_byproduct", "hazardous",
)  # fmt: skip
KINDS: frozenset[str] = frozenset(get_args(Kind))

TRAITS: Mapping[str, str] = MappingProxyType(
    {
        # food and feed value
        "protein": "protein", "fibre": "kostfibre", "starch": "stivelse", "sugar": "sukker", "fat": "fedt",
        "alcohol": "alkohol", "yeast": "gær", "edible": "spiseligt", "feed": "egnet til foder",
        # origin
        "plant": "fra planter", "animal": "fra dyr", "fish": "fra fisk og skaldyr", "dairy": "fra mælk",
        "grain": "fra korn", "fruit": "frugt og bær", "vegetable": "grøntsager", "marine": "fra havet",
        # plant nutrients and soil
        "nitrogen": "kvælstof", "phosphorus": "fosfor", "potassium": "kalium", "sulphur": "svovl",
        "calcium": "kalk", "carbon": "kulstof", "organic": "organisk", "compostable": "kan komposteres",
        # state
        "wet": "vådt", "dry": "tørt", "liquid": "flydende", "gas": "gas", "powder": "pulver eller støv",
        "water": "vand", "combustible": "kan brænde", "reusable": "kan bruges igen",
        # energy
        "energy": "energi", "heat": "varme", "cold": "kulde", "steam": "damp", "electricity": "strøm",
        # fibres
        "wood": "træ", "cellulose": "cellulose", "paper": "papirfibre", "straw": "strå",
        "textile": "tekstil", "wool": "uld", "cotton": "bomuld", "linen": "hør og hamp", "down": "dun og fjer",
        "synthetic": "kunstfibre", "leather": "læder",
        # plastics and rubber
        "plastic": "plast", "pe": "PE", "pp": "PP", "pet": "PET", "pvc": "PVC", "ps": "PS", "pa": "nylon (PA)",
        "pu": "PUR", "pc": "PC", "abs": "ABS", "pmma": "akryl (PMMA)", "composite": "komposit",
        "rubber": "gummi",
        # metals
        "metal": "metal", "ferrous": "jern og stål", "copper": "kobber", "aluminium": "aluminium",
        "zinc": "zink", "lead": "bly", "precious": "ædelmetal", "battery": "batterier",
        # minerals
        "mineral": "mineralsk", "glass": "glas", "concrete": "beton", "clay": "tegl og ler",
        "gypsum": "gips", "stone": "sten", "sand": "sand", "soil": "jord", "silica": "kisel", "ash": "aske",
        "slag": "slagge", "bitumen": "asfalt", "insulation": "isolering", "abrasive": "slibende",
        "ceramic": "keramik",
        # chemistry
        "acid": "syre", "alkaline": "base", "solvent": "opløsningsmiddel", "salt": "salt", "oil": "olie",
        "pigment": "farve", "adhesive": "lim og fuge", "detergent": "sæbe", "pharma": "lægemidler",
        "asbestos": "asbest", "pcb": "PCB", "mercury": "kviksølv", "toxic": "giftigt",
        # things
        "electronic": "elektronik", "furniture": "inventar", "packaging": "emballage",
        "component": "bygningsdel", "vehicle": "køretøj",
    }
)  # fmt: skip
"""Trait → Danish label: everything that a type may be said to consist of or be good for."""

_ID = re.compile(r"[a-z][a-z0-9_]*")
_EWC = re.compile(r"[0-9]{6}")


class TreeError(ValueError):
    """A row of the tree is wrong; the message names file, line and what was expected."""


def load_types(folder: Path = FOLDER) -> dict[str, ResourceType]:
    """Every resource type by id, parents before children as in the files (files in name order).

    Raises `TreeError`, naming file and line, for unknown columns, double ids, unknown parents, cycles and
    values outside the vocabularies. The shipped tree is read once per process.
    """
    return dict(_load(folder))


@lru_cache(maxsize=4)
def _load(folder: Path) -> Mapping[str, ResourceType]:
    types: dict[str, ResourceType] = {}
    places: dict[str, str] = {}
    for path in sorted(folder.glob("*.csv")):
        for place, row in _rows(path):
            node = _node(place, row)
            if node.id in types:
                raise TreeError(f"{place}: id '{node.id}' is already used at {places[node.id]}")
            types[node.id], places[node.id] = node, place
    _check_parents(types, places)
    return MappingProxyType(types)


def _rows(path: Path) -> Iterable[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise TreeError(f"{path.name}:1: expected the columns {','.join(COLUMNS)}")
        for row in reader:
            place = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise TreeError(f"{place}: expected {len(COLUMNS)} values")
            yield place, {key: value.strip() for key, value in row.items()}


def _node(place: str, row: dict[str, str]) -> ResourceType:
    if not _ID.fullmatch(row["id"]):
        raise TreeError(f"{place}: id '{row['id']}' must be lower-case ASCII letters, digits and _")
    if not row["name"]:
        raise TreeError(f"{place}: '{row['id']}' has no Danish name")
    ewc, traits = tuple(row["ewc"].split()), tuple(row["traits"].split())
    for code in ewc:
        if not _EWC.fullmatch(code):
            raise TreeError(f"{place}: waste code '{code}' must be six digits")
    _expect(place, "kind", (row["kind"],), KINDS)
    _expect(place, "unit", (row["unit"],), UNITS)
    _expect(place, "trait", traits, TRAITS.keys())
    return ResourceType(
        id=row["id"],
        parent=row["parent"] or None,
        kind=row["kind"],  # type: ignore[arg-type]
        name=row["name"],
        name_en=row["name_en"],
        synonyms=tuple(word.strip() for word in row["synonyms"].split(";") if word.strip()),
        ewc=ewc,
        unit=row["unit"],
        density=_density(place, row["density"]),
        traits=traits,
        food_byproduct=_flag(place, "food_byproduct", row["food_byproduct"]),
        hazardous=_flag(place, "hazardous", row["hazardous"]),
    )


def _expect(place: str, what: str, values: Iterable[str], allowed: Iterable[str]) -> None:
    known = set(allowed)
    for value in values:
        if value not in known:
            raise TreeError(f"{place}: unknown {what} '{value}'; expected one of {', '.join(sorted(known))}")


def _density(place: str, text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise TreeError(f"{place}: density '{text}' is not a number (tonnes per m3)") from None
    if not 0.005 <= value <= 12:
        raise TreeError(f"{place}: density {value} t/m3 is outside 0.005 to 12")
    return value


def _flag(place: str, column: str, text: str) -> bool:
    if text not in ("", "1"):
        raise TreeError(f"{place}: {column} must be 1 or empty, not '{text}'")
    return text == "1"


def _check_parents(types: Mapping[str, ResourceType], places: Mapping[str, str]) -> None:
    for node in types.values():
        if node.parent is not None and node.parent not in types:
            raise TreeError(f"{places[node.id]}: '{node.id}' has the unknown parent '{node.parent}'")
    for node in types.values():
        seen, current = {node.id}, node.parent
        while current is not None:
            if current in seen:
                raise TreeError(f"{places[node.id]}: '{node.id}' is its own ancestor through '{current}'")
            seen.add(current)
            current = types[current].parent
