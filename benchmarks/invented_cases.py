# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented building cases as the lines of a file from a case system."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HEADER = "sagsnummer;sagstype;titel;adresse;ansøger;modtaget;fuldt oplyst;venter;afgjort;afgørelse"
SORTS = (
    "Simple konstruktioner", "Industri- og lagerbygninger", "Etagebyggeri, erhverv", "Etagebyggeri, boliger", "Lovliggørelse",
)  # fmt: skip
WHAT = ("Carport", "Lagerhal", "Kontorhus", "Tilbygning", "Værksted", "Overdækning", "Silo", "Udhus")
FIRST = date(2021, 1, 4)


def rows(count: int, chance: random.Random, *, later: bool = False, changed: bool = False) -> Iterator[str]:
    """Invented cases. `later`: the same, when one in twenty has been decided since. `changed`: and when a tenth has changed."""
    for number in range(count):
        received = FIRST + timedelta(days=chance.randrange(1_500))
        complete = received + timedelta(days=chance.randrange(2, 40))
        waits = complete + timedelta(days=chance.randrange(1, 20))
        decided = waits + timedelta(days=chance.randrange(8, 60))
        answered = waits + timedelta(days=chance.randrange(1, 8))
        has_waited = chance.random() < 0.33
        outcome = chance.choice(("Tilladelse", "Tilladelse", "Tilladelse", "Afslag"))
        sort, what = chance.choice(SORTS), chance.choice(WHAT)
        is_open, has_fault = number % 20 == 0, number % 100 == 99
        if changed and number % 10 == 3:
            match number // 10 % 4:
                case 0:
                    what = f"{what}, ændret"
                case 1:
                    complete, decided = complete + timedelta(days=1), decided + timedelta(days=2)
                case 2:
                    has_waited = not has_waited
                case _:
                    outcome = "Afslag" if outcome == "Tilladelse" else "Tilladelse"
        pause = f"{waits}/{answered}" if has_waited else ""
        ending = f"{decided};{outcome}" if later or not is_open else ";"
        told = "i går" if has_fault else str(complete)
        yield (
            f"S-{number};{sort};{what};Prøvevej {number % 400}, 4320 Lejre;Ansøger {number};"
            f"{received};{told};{pause};{ending}"
        )


def written(path: Path, lines: Iterator[str]) -> Path:
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path
