# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whether a text says that something is organic ("økologisk"), that it is not, or neither."""

from __future__ import annotations

import re

from brobygger.engine.text import fold

_WORD = r"(?:øko|økolog\w*|organic(?! (?:waste|residue|material|matter|fertili|compound)\w*))"
_NO_MATTER = re.compile(
    rf"\b(?:ikke|gerne også) (?:at være|være|nødvendigvis)(?: at være)? {_WORD}\b|\bikke (?:et )?krav\b.{{0,25}}\b{_WORD}\b"
    rf"|\b{_WORD} (?:er )?(?:ikke (?:et krav|nødvendigt)|eller (?:ej|konventionel\w*))"
    rf"|\b(?:både )?konventionel\w* (?:og|eller) {_WORD}\b|\b(?:både )?{_WORD} og konventionel\w*"
)
"""Either will do: nothing is said about which."""
_NOT = re.compile(rf"\b(?:ikke|ej|non|not)[ -](?:\w+ )?{_WORD}\b|\bkonventionel\w*")
_ORGANIC = re.compile(rf"\b{_WORD}\b")


def organic_in(text: str) -> bool | None:
    """True where the text says organic, False where it says that it is not, None where it says neither.

    Of a need, True is a wish for it.
    """
    said = _NO_MATTER.sub(" ", fold(text))
    if _NOT.search(said):
        return False
    return True if _ORGANIC.search(said) else None
