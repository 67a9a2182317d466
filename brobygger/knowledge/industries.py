# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Industries: NACE Rev. 2 classes and what they take in, Danish DB25 codes, and the way between the two.

CVR has used DB25 (six digits, the first four are a NACE 2.1 class) since 1 January 2025. The documented exchanges
and the engine speak NACE Rev. 2 (four digits), the first four digits of the older DB07. `industry_map.csv` holds
only the steps that are certain; where a class was split or merged in a way that cannot be followed, there is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from brobygger.engine.facts import Industry
from brobygger.knowledge.tables import HERE, read_table, unique

COLUMNS = ("code", "title", "title_en", "takes", "notes")
DB25_COLUMNS = ("code", "title", "nace21")
NACE21_COLUMNS = ("code", "level", "parent", "title", "title_en")
MAP_COLUMNS = ("nace2", "nace21", "forward", "backward")

Standard = Literal["db25", "db07", "nace21", "nace2"]
SECTION, DIVISION, GROUP, CLASS, DB25 = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Db25Code:
    """A Danish industry code of six digits with its title and its NACE 2.1 class (four digits)."""

    code: str
    title: str
    nace21: str


@dataclass(frozen=True, slots=True)
class IndustryNode:
    """A node of the industry tree. `level`: 1 section, 2 division, 3 group, 4 class (NACE 2.1), 5 DB25 code."""

    code: str
    level: int
    title: str
    children: tuple[IndustryNode, ...] = field(default=())


def load_industries(path: Path = HERE / "industries.csv") -> dict[str, Industry]:
    """NACE Rev. 2 class (four digits) → industry. Raises `TableError`."""
    return {
        row.text("code"): Industry(
            code=row.digits("code", 4),
            title=row.required("title"),
            title_en=row.required("title_en"),
            takes=row.many("takes"),
            notes=row.text("notes"),
        )
        for row in unique(read_table(path, COLUMNS), "code")
    }


def read_db25(path: Path = HERE / "db25.csv") -> dict[str, Db25Code]:
    """DB25 code → its title and NACE 2.1 class. Raises `TableError`."""
    return {
        row.text("code"): Db25Code(
            code=row.digits("code", 6), title=row.required("title"), nace21=row.digits("nace21", 4)
        )
        for row in unique(read_table(path, DB25_COLUMNS), "code")
    }


@lru_cache(maxsize=1)
def db25_codes() -> dict[str, Db25Code]:
    """The shipped DB25 codes, in order."""
    return read_db25()


@lru_cache(maxsize=1)
def industries() -> dict[str, Industry]:
    """The shipped NACE Rev. 2 classes."""
    return load_industries()


@lru_cache(maxsize=1)
def _nace21_titles() -> dict[str, tuple[int, str, str]]:
    """NACE 2.1 code → (level, parent, title); section titles, printed in capitals, in sentence case."""
    out: dict[str, tuple[int, str, str]] = {}
    for row in unique(read_table(HERE / "nace21.csv", NACE21_COLUMNS), "code"):
        level = row.integer("level") or 0
        title = row.required("title")
        out[row.text("code")] = (
            level,
            row.text("parent"),
            title.capitalize() if level == SECTION else title,
        )
    return out


@lru_cache(maxsize=1)
def _steps() -> tuple[dict[str, str], dict[str, str]]:
    """NACE Rev. 2 → NACE 2.1, and NACE 2.1 → NACE Rev. 2, where certain."""
    forward: dict[str, str] = {}
    backward: dict[str, str] = {}
    for row in read_table(HERE / "industry_map.csv", MAP_COLUMNS):
        old, new = row.digits("nace2", 4), row.digits("nace21", 4)
        for column, table, key, value in (
            ("forward", forward, old, new),
            ("backward", backward, new, old),
        ):
            if row.choice(column, {"ja", "nej"}) == "ja":
                if table.get(key, value) != value:
                    raise row.error(column, f"{key} peger allerede på {table[key]}")
                table[key] = value
    return forward, backward


@lru_cache(maxsize=1)
def _db25_by_class() -> dict[str, tuple[str, ...]]:
    by_class: dict[str, list[str]] = {}
    for entry in db25_codes().values():
        by_class.setdefault(entry.nace21, []).append(entry.code)
    return {key: tuple(codes) for key, codes in by_class.items()}


def _plain(code: str) -> str:
    return "".join(sign for sign in code if sign.isdecimal())


def to_db25(code: str, standard: Standard | None = None) -> str | None:
    """The DB25 code for an industry code of any standard, with or without dots; None where it is not certain.

    Without `standard`, six digits are DB25 where DB25 has the code and else DB07, and four digits are NACE Rev. 2.
    A few DB07 numbers mean something else in DB25: say ``standard="db07"`` for data from before 2025.
    """
    digits = _plain(code)
    if standard in (None, "db25") and len(digits) == 6 and digits in db25_codes():
        return digits
    if standard == "db25":
        return None
    if len(digits) not in (4, 6):
        return None
    new_class = digits if standard == "nace21" else _steps()[0].get(digits[:4], "")
    candidates = _db25_by_class().get(new_class, ())
    return candidates[0] if len(candidates) == 1 else None


def to_nace2(code: str, standard: Standard | None = None) -> str | None:
    """The NACE Rev. 2 class (four digits) for an industry code; None where it is not certain.

    Without `standard`, six digits are DB25 where DB25 has the code and else DB07, and four digits are NACE Rev. 2.
    """
    digits = _plain(code)
    if standard in (None, "db25") and len(digits) == 6 and digits in db25_codes():
        return _steps()[1].get(digits[:4])
    if standard == "nace21":
        return _steps()[1].get(digits[:4])
    if standard == "db25" or len(digits) not in (4, 6):
        return None
    return digits[:4] if digits[:4] in industries() else None


def industry_title(code: str) -> str | None:
    """The Danish title of a DB25 code, a NACE 2.1 section, division or group, or a NACE Rev. 2 class."""
    digits = _plain(code)
    if digits in db25_codes():
        return db25_codes()[digits].title
    if len(digits) == 4:
        known = industries().get(digits)
        return known.title if known else None
    entry = _nace21_titles().get(digits or code.strip().upper())
    return entry[2] if entry else None


@lru_cache(maxsize=1)
def industry_tree() -> tuple[IndustryNode, ...]:
    """Section → division → group → class (NACE 2.1) → DB25 code, in the order of the publisher."""
    titles = _nace21_titles()
    below: dict[str, list[str]] = {}
    for code, (_, parent, _title) in titles.items():
        below.setdefault(parent, []).append(code)

    def node(code: str) -> IndustryNode:
        level, _, title = titles[code]
        if level == CLASS:
            leaves = (db25_codes()[leaf] for leaf in _db25_by_class().get(code, ()))
            children = tuple(IndustryNode(leaf.code, DB25, leaf.title) for leaf in leaves)
        else:
            children = tuple(node(child) for child in below.get(code, ()))
        return IndustryNode(code, level, title, children)

    return tuple(node(code) for code in below.get("", ()))
