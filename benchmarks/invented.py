# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented names of firms and streets, and words as people mistype them."""

from __future__ import annotations

import random

FIRST = "Skov Bak Lind Høj Sø Møl Kirke Nør Sønder Vester Øster Gammel Ny Lille Store Birke Ege Bøge Rør Sten Hav Dal".split()  # noqa: SIM905
SECOND = "lund gård ager mose bjerg borg dal strup lev rup torp holt bæk vang toft skov kilde høj næs".split()  # noqa: SIM905
TRADE = (  # noqa: SIM905
    "Bryghus Bryggeri Bageri Mejeri Gartneri Maskinfabrik Tømrerfirma Smedje Autoværksted Planteskole "
    "Vognmandsforretning Slagteri Kvægbrug Svinefarm Gulerødder Frugtplantage Snedkeri Murerfirma Malerfirma "
    "Rengøring Ejendomsselskab Konsulenthus Frisør Café Kro Byggemarked Eddikebryggeri Chokolade Isværk Savværk "
    "Genbrug Metalvarefabrik Trykkeri"
).split()
FORM = ["ApS", "A/S", "I/S", "IVS", "K/S", ""]
MUNICIPALITIES = ("0350", "0265", "0316", "0326", "0259")
"""Lejre, Roskilde, Holbæk, Kalundborg, Køge."""


def firm_name(chance: random.Random) -> str:
    """`Bakholt Bryghus ApS`."""
    return (
        f"{chance.choice(FIRST)}{chance.choice(SECOND)} {chance.choice(TRADE)} {chance.choice(FORM)}".strip()
    )


def street(chance: random.Random) -> str:
    """`Møllevej 17`."""
    return f"{chance.choice(FIRST)}vej {chance.randrange(1, 200)}"


def misspelt(word: str, chance: random.Random) -> str:
    """The word with a letter left out, two swapped, or one wrong. Words under three letters come back as they are."""
    if len(word) < 3:
        return word
    at = chance.randrange(1, len(word) - 1)
    left_out = word[:at] + word[at + 1 :]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chance.choice([left_out, swapped, word[:at] + "x" + word[at + 1 :]])
