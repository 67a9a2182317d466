# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented names of firms and streets, and how people mistype them. No real firm."""

from __future__ import annotations

import random

_FIRST = (
    "Skov", "Bak", "Lind", "Høj", "Sø", "Møl", "Kirke", "Nør", "Sønder", "Vester", "Øster", "Gammel", "Ny", "Lille",
    "Store", "Birke", "Ege", "Bøge", "Rør", "Sten", "Hav", "Dal", "Eng", "Mark",
)  # fmt: skip
_SECOND = (
    "lund", "gård", "ager", "mose", "bjerg", "borg", "dal", "strup", "lev", "rup", "torp", "holt", "bæk", "vang",
    "toft", "skov", "kilde", "høj", "næs",
)  # fmt: skip
_TRADE = (
    "Bryghus", "Bryggeri", "Bageri", "Mejeri", "Gartneri", "Maskinfabrik", "Tømrerfirma", "Smedje", "Autoværksted",
    "Planteskole", "Vognmandsforretning", "Slagteri", "Kvægbrug", "Svinefarm", "Gulerødder", "Frugtplantage",
    "Snedkeri", "Murerfirma", "Malerfirma", "Rengøring", "Ejendomsselskab", "Konsulenthus", "Frisør", "Café", "Kro",
    "Byggemarked", "Eddikebryggeri", "Chokolade", "Isværk", "Savværk", "Genbrug", "Metalvarefabrik", "Trykkeri",
)  # fmt: skip
_FORM = ("ApS", "A/S", "I/S", "IVS", "K/S", "")


def firm_name(chance: random.Random) -> str:
    """`Skovlund Bryghus ApS`."""
    place = f"{chance.choice(_FIRST)}{chance.choice(_SECOND)}"
    return f"{place} {chance.choice(_TRADE)} {chance.choice(_FORM)}".strip()


def street(chance: random.Random) -> str:
    """`Birkevej 12`."""
    return f"{chance.choice(_FIRST)}vej {chance.randrange(1, 200)}"


def misspelt(word: str, chance: random.Random) -> str:
    """The word with a letter left out, two swapped, or one wrong."""
    at = chance.randrange(1, len(word) - 1)
    left_out = word[:at] + word[at + 1 :]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chance.choice([left_out, swapped, word[:at] + "x" + word[at + 1 :]])
