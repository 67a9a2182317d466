# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which documented exchange stands nearest to an industry taking a residue, and how to say it in Danish."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from brobygger.engine.facts import MaterialRule, Taker, Use

_CERTAINTY = {"implemented": 0, "trial": 1, "planned": 2}
_SAID_AS = (
    "foder", "foderblandinger", "foderkalk", "gødning", "brændsel", "brændstof", "råvare", "jordforbedring",
    "strøelse", "kalk", "kompost", "substrat", "dyrkningslag", "tilslag", "biomasse", "isolering", "fyld",
    "fyldstof", "procesvand", "procesdamp", "fjernvarme", "bindemiddel", "ingrediens", "erstatning",
)  # fmt: skip
"""What a thing is used "som"; for anything else it is used "til" (``til møbler``)."""
_VERB = re.compile(r"[a-zæøå]{3,}es\b|bliver |erstatter ")
_CLAUSE = re.compile(r"\b[a-zæøå]{3,}es\b|^(?:\d|ca\.|op (?:mod|til)|over |omkring )")
_SHARE_OF = re.compile(r", (?:op til )?\d+ % af .*$")
_DIGITS = (4, 3, 2)


class Precedents:
    """The documented uses that were carried out, tried or planned, by what was passed on."""

    def __init__(self, uses: Iterable[Use]) -> None:
        self._by_residue: dict[tuple[str, str], list[Use]] = defaultdict(list)
        """Resource type and the first two, three or four digits of the taker."""
        for use in uses:
            for digits in _DIGITS if use.status in _CERTAINTY else ():
                if len(use.taker_nace) >= digits:
                    self._by_residue[use.residue, use.taker_nace[:digits]].append(use)

    def nearest(self, kin: Mapping[str, float], code: str, *, digits: int = 4) -> Use | None:
        """The use nearest to the industry `code`: same class before same group before same division.

        `kin`: resource type → how close it is to the residue. Only uses whose taker shares the first `digits`
        digits are asked; then the closer type, carried out before tried, Danish before foreign, the latest.
        """
        taker = code[:digits]
        found = [
            (-_shared(use.taker_nace, code), -closeness, _CERTAINTY[use.status], use)
            for type_id, closeness in kin.items()
            for use in self._by_residue.get((type_id, taker), ())
        ]
        if not found:
            return None
        return min(found, key=lambda e: (*e[:3], e[3].country != "DK", -(e[3].year or 0), e[3].id))[3]


def told(use: Use) -> str:
    """``Dokumenteret: mask fra Herslev Bryghus til Bedrift 3 (svinefoder), DK 2013``."""
    giver = f" fra {use.giver}" if use.giver else ""
    taker = f" til {use.taker}" if use.taker else ""
    place = " ".join(part for part in (use.country, str(use.year or "")) if part)
    status = {"trial": ", forsøg", "planned": ", planlagt"}.get(use.status, "")
    return f"Dokumenteret: {use.text}{giver}{taker} ({use.purpose}){', ' + place if place else ''}{status}"


def rule_told(rule: MaterialRule, taker: Taker) -> str:
    """``Regel, ikke dokumenteret tilfælde: mask (foder til malkekvæg)``."""
    return f"Regel, ikke dokumenteret tilfælde: {lower_first(rule.name)} ({taker.reason})"


def done_before(material: str, use: Use) -> str:
    """``mask bruges som kvægfoder (Herslev Bryghus → Østagergård, 2017)``."""
    purpose = _SHARE_OF.sub("", use.purpose)
    who = " → ".join(name for name in (use.giver, use.taker) if name)
    status = {"trial": "forsøg", "planned": "planlagt"}.get(use.status, "")
    when = " ".join(part for part in (status, str(use.year or "")) if part)
    where = ", ".join(part for part in (who, when) if part)
    if _VERB.match(purpose):
        said = f"{material} {purpose}"
    elif _CLAUSE.search(purpose):
        said = f"{material} er brugt før: {purpose}"
    else:
        said = f"{material} bruges {_as_or_for(purpose)} {purpose}"
    return said + (f" ({where})" if where else "")


def can_be_used(material: str, purpose: str) -> str:
    """``mask kan bruges som foder til kvæg``, ``mask kan forgæres til biogas``."""
    if _VERB.match(purpose):
        return f"{material} kan {purpose}"
    return f"{material} kan bruges {_as_or_for(purpose)} {purpose}"


def _as_or_for(purpose: str) -> str:
    first = purpose.split()[0].strip(",;") if purpose.split() else ""
    return "som" if first.endswith(_SAID_AS) else "til"


def lower_first(name: str) -> str:
    """The first letter small, unless the word is an abbreviation (``PET-plast``)."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def upper_first(text: str) -> str:
    """The first letter capital."""
    return text[:1].upper() + text[1:]


def _shared(one: str, other: str) -> int:
    """How many leading digits two industry codes share: 4, 3 or 2, else 0."""
    return next((n for n in _DIGITS if len(one) >= n and one[:n] == other[:n]), 0)
