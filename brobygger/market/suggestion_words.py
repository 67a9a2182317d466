# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A suggestion in words that a consultant reads aloud: how good, and part by part why."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from brobygger.base.danish import distance, join
from brobygger.market.models import Suggestion

GRADES = ((0.7, "success"), (0.5, "success"), (0.3, "info"), (0.0, "warning"))


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of the score. `value` 0..1, None when it is not known."""

    label: str
    value: float | None
    words: str

    @property
    def percent(self) -> str:
        return _("ukendt") if self.value is None else f"{round(self.value * 100)} %"


def grade(score: float) -> str:
    """The score as a word."""
    if score >= 0.7:
        return _("Meget oplagt")
    if score >= 0.5:
        return _("Oplagt")
    return _("Muligt") if score >= 0.3 else _("Svagt")


def badge(score: float) -> str:
    """The colour of the word: a class ending of Det Fælles Designsystem's badge."""
    return next(colour for least, colour in GRADES if score >= least)


def confidence_words(suggestion: Suggestion) -> str:
    """What it means that the basis is sure, likely or unsure, and what nobody has stated; empty where it is not known."""
    meaning = {
        "sikker": _("Det vigtigste er oplyst på begge sider."),
        "sandsynlig": _("Det passer efter alt at dømme, men spørg om resten."),
        "usikker": _("Spørg, før nogen regner med det."),
    }.get(suggestion.confidence, "")
    names = {
        "quantity": _("mængde"),
        "time": _("tid"),
        "distance": _("sted"),
    }
    unknown = [
        name for key, name in names.items() if key in suggestion.parts and suggestion.parts[key] is None
    ]
    if not meaning or not unknown:
        return meaning
    return _("%(meaning)s Ikke oplyst på begge sider: %(unknown)s.") % {
        "meaning": meaning,
        "unknown": join(unknown, _("og")),
    }


def part_label(name: str) -> str:
    """What a weighted part of the score is called."""
    return {
        "distance": _("Hvor langt"),
        "quantity": _("Hvor meget"),
        "time": _("Hvornår"),
        "text": _("Ordene"),
        "conditions": _("På hvilke vilkår"),
    }[name]


def part_lines(suggestion: Suggestion) -> list[PartLine]:
    """The parts in the order a person asks about them."""
    parts = suggestion.parts
    lines = [
        PartLine(_("Hvad"), parts.get("type"), _what(suggestion)),
        PartLine(_("Branche"), parts.get("industry"), _industry(parts.get("industry"))),
        PartLine(part_label("quantity"), parts.get("quantity"), _how_much(parts.get("quantity"))),
        PartLine(part_label("time"), parts.get("time"), _when(parts.get("time"))),
        PartLine(part_label("distance"), parts.get("distance"), _how_far(suggestion.distance_m)),
        PartLine(_("Størrelse"), parts.get("size"), _("Større virksomheder kan som regel tage mere.")),
        PartLine(part_label("conditions"), parts.get("conditions"), _terms(parts.get("conditions"))),
        PartLine(part_label("text"), parts.get("text"), _("Så meget ligner de to beskrivelser hinanden.")),
    ]
    keys = ("type", "industry", "quantity", "time", "distance", "size", "conditions", "text")
    said = [key for key in keys if key in parts and (key != "text" or suggestion.via == "text")]
    return [line for key, line in zip(keys, lines, strict=True) if key in said]


def _what(suggestion: Suggestion) -> str:
    if suggestion.via == "conversion":
        if suggestion.process:
            return _("Kan bruges: %(process)s.") % {"process": suggestion.process}
        return _("Kan bruges til det, der søges.")
    return {
        "same": _("Det er netop det, der søges."),
        "narrower": _("Det er en slags af det, der søges."),
        "broader": _("Det omfatter det, der søges."),
        "sibling": _("Det er i familie med det, der søges. Spørg, om det kan bruges."),
        "text": _("Kun ordene ligner hinanden. Spørg, hvad det er."),
    }.get(suggestion.via, "")


def _industry(value: float | None) -> str:
    if value is not None and value >= 0.75:
        return _("Branchen er blandt dem, der oftest bruger den slags.")
    return _("Branchen bruger nogle gange den slags.")


def _how_much(value: float | None) -> str:
    if value is None:
        return _("Mængden kendes ikke på begge sider.")
    if value >= 1:
        return _("Der er nok til det, der mangler.")
    return _("Det dækker %(share)s %% af det, der mangler.") % {"share": max(1, round(value * 100))}


def _when(value: float | None) -> str:
    if value is None:
        return _("Ingen af dem har oplyst en tid.")
    if value >= 1:
        return _("Det er der hele den tid, det skal bruges.")
    return _("Det er der %(share)s %% af den tid, det skal bruges.") % {"share": max(1, round(value * 100))}


def _how_far(metres: float | None) -> str:
    if metres is None:
        return _("Stedet kendes ikke på begge sider.")
    return _("%(distance)s i lige linje.") % {"distance": distance(metres)}


def _terms(value: float | None) -> str:
    if value is None:
        return _("Vilkårene kendes ikke.")
    if value >= 1:
        return _("Intet i krav og pris står i vejen.")
    return _("Pris eller krav passer kun delvist.")
