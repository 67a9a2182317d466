# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The words of definition files in Danish. A schema's own `title` on a field comes first."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "amount": _("Beløb"),
    "answers": _("Svar"),
    "areas": _("Områder"),
    "asks": _("Spørger om"),
    "choices": _("Valgmuligheder"),
    "clock": _("Ur"),
    "clocks": _("Ure"),
    "conditions": _("Betingelser"),
    "criteria": _("Kriterier"),
    "days": _("Dage"),
    "deadline": _("Frist"),
    "deadlines": _("Frister"),
    "decides": _("Afgøres af"),
    "description": _("Beskrivelse"),
    "documents": _("Dokumenter"),
    "fields": _("Felter"),
    "gates": _("Porte"),
    "help": _("Hjælpetekst"),
    "industries": _("Brancher"),
    "key": _("Nøgle"),
    "label": _("Navn"),
    "letters": _("Breve"),
    "maximum": _("Højst"),
    "minimum": _("Mindst"),
    "months": _("Måneder"),
    "name": _("Navn"),
    "needs": _("Kræver"),
    "next": _("Derefter"),
    "options": _("Valgmuligheder"),
    "parameters": _("Parametre"),
    "parties": _("Parter"),
    "people": _("Personer"),
    "period": _("Periode"),
    "purpose": _("Formål"),
    "question": _("Spørgsmål"),
    "questions": _("Spørgsmål"),
    "reminders": _("Påmindelser"),
    "required": _("Skal udfyldes"),
    "roles": _("Roller"),
    "rule": _("Regel"),
    "rules": _("Regler"),
    "source": _("Kilde"),
    "steps": _("Trin"),
    "text": _("Tekst"),
    "title": _("Titel"),
    "type": _("Slags"),
    "unit": _("Enhed"),
    "url": _("Adresse på nettet"),
    "vote": _("Afstemning"),
    "votes": _("Afstemninger"),
    "weight": _("Vægt"),
    "years": _("År"),
}


def word(name: str, *, known_only: bool = False) -> str:
    """A file's word in Danish; one that is not known as it stands, made readable unless `known_only`."""
    if name in WORDS and not known_only:
        return str(WORDS[name])
    return name if known_only else name.replace("_", " ").capitalize()
