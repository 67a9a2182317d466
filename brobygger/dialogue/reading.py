# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A note typed in a hurry becomes a proposal: what kind of talk, when, what to do next, and what they have and need.

Nothing here decides anything: the person sees what was read, with the words it came from, and corrects it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from brobygger.dialogue.days import Day, said_ahead, said_before
from brobygger.dialogue.models import Interaction
from brobygger.market.models import Listing
from brobygger.market.reading import read as read_listing
from brobygger.market.wording import type_name
from brobygger.register.models import Person

Kind = Interaction.Kind
MOST_CHARACTERS = 20_000
MOST_SENTENCES = 40
MOST_LISTINGS = 5
LONGEST_ABOUT = 200
SOON = timedelta(days=200)
"""A bare »1/12« is the next one when it is nearer ahead than this; else it was the last."""

_BREAK = re.compile(r"\n+|;\s+|(?<=[^\W\d_]{3})[.!?]+\s+|(?<=[\d)])[.!?]+\s+(?=[^\W\d_a-zæøå])")
"""After a short word a full stop is an abbreviation (kl., ca., d., nr.); after a figure only before a capital."""
_ABBREVIATED = re.compile(
    r"\b(?:tlf|evt|inkl|ekskl|vedr|pga|mht|feks|bla|osv|jan|feb|mar|apr|jun|jul|aug|sep|okt|nov|dec)$"
)
_NEXT = re.compile(
    r"\b(?:ring(?:er)?|kontakt(?:er)?|følge?r? op|opfølgning|vende?r? tilbage|skrive?r?|sende?r?|rykke?r?|huske?r?"
    r"|taler? (?:ved|sammen)|tales (?:ved)|ses|mødes|næste (?:møde|besøg|kontakt|skridt)|aftalt|inden|senest|igen)\b"
)
"""What is to be done. Past forms (ringede, skrev) and the bare noun (møde, besøg) tell of what has been."""
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (Kind.MAYOR_VISIT, re.compile(r"\bborgmester\w*")),
    (Kind.VISIT, re.compile(r"\bbesøg(?:te|t|et)?\b|\bvirksomhedsbesøg\w*|\b(?:var|været) (?:\w+ )?(?:ude|forbi|hos)\b|\brundvisning\w*|\brundtur\b")),
    (Kind.MEETING, re.compile(r"\bmøde[rt]?\b|\bmødtes?\b|\b(?:team|video|tele|formiddags|kaffe)\w*møde\w*|\bteams\b|\bkom forbi (?:kontoret|os)\b")),
    (Kind.MAIL, re.compile(r"\be-?mails?\b|\bmails?\b|\bmailede\b|\bmailet\b")),
    (Kind.LETTER, re.compile(r"\bbrev(?:et)?\b")),
    (Kind.CALL, re.compile(r"\bring(?:ede|et)\b|\bopkald\w*|\btelefon\w*|\btlf\b|\btalte?t? (?:\w+ ){0,3}med\b|\btalt med\b|\bsnakkede? med\b|\bfik fat i\b")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Something the firm seems to have or need: the sentence as it stands, and how we understood it."""

    side: str
    resource_type: str
    text: str

    @property
    def side_word(self) -> str:
        return str(Listing.Side(self.side).label)

    @property
    def what(self) -> str:
        return type_name(self.resource_type)


@dataclass(frozen=True, slots=True)
class NoteRead:
    """What a note seems to say; empty and None where it does not."""

    kind: str = ""
    kind_words: str = ""
    on: date | None = None
    on_words: str = ""
    follow_up_on: date | None = None
    follow_up_about: str = ""
    follow_up_words: str = ""


def read_note(text: str, today: date) -> NoteRead:
    """The proposal. Any text is accepted, also empty or huge. »Ring igen om 14 dage« is no call: it is what comes next."""
    sentences = _sentences(text)
    ahead = next(
        ((number, day) for number, line in enumerate(sentences) if (day := _next_step(line, today))), None
    )
    told = [line for number, line in enumerate(sentences) if ahead is None or number != ahead[0]]
    follow_up: tuple[date | None, str, str] = (None, "", "")
    if ahead:
        number, day = ahead
        before, about = _clauses(sentences[number], day)
        told.insert(number, before)
        follow_up = (day.on, about, sentences[number][day.start : day.end])
    kind, kind_words = _kind(told)
    on, on_words = _when(told, today)
    return NoteRead(kind, kind_words, on, on_words, *follow_up)


def mentioned(text: str) -> list[Mentioned]:
    """What they have and need, sentence by sentence, as the market reads it; each thing once, at most `MOST_LISTINGS`."""
    found: dict[tuple[str, str], Mentioned] = {}
    for sentence in _sentences(text):
        for part in _parts(sentence):
            values = read_listing(part).values
            side, what = str(values["side"]), str(values["resource_type"])
            if side and what:
                found.setdefault((side, what), Mentioned(side, what, part))
    return list(found.values())[:MOST_LISTINGS]


def people_named(text: str, people: Iterable[Person]) -> list[Person]:
    """Those whose whole name, or first name when nobody else here shares it, stands in the text."""
    known = list(people)
    words = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))
    first_names = [person.name.split()[0] for person in known if person.name.split()]
    return [
        person
        for person in known
        if person.name.split()
        and (
            person.name in text
            or (person.name.split()[0] in words and first_names.count(person.name.split()[0]) == 1)
        )
    ]


def _sentences(text: str) -> list[str]:
    text = text[:MOST_CHARACTERS]
    found: list[str] = []
    start = 0
    for stop in _BREAK.finditer(text):
        if "\n" not in stop.group() and _ABBREVIATED.search(text[start : stop.start()].lower()):
            continue
        found.append(text[start : stop.start()].strip())
        start = stop.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence][:MOST_SENTENCES]


def _parts(sentence: str) -> list[str]:
    """A sentence that tells both what they have and what they need is read in two."""
    parts = re.split(
        r",?\s+(?:og|men|mens)\s+(?=(?:de |vi |hun |han |jeg |der )?(?:mangler|søger|har brug for|har)\b)",
        sentence,
    )
    return [part.strip() for part in parts if part.strip()]


def _next_step(sentence: str, today: date) -> Day | None:
    """The day of a step to come, when the sentence says both that there is one and when."""
    if not _NEXT.search(sentence.lower()):
        return None
    day = said_ahead(sentence, today)
    if day is None or (not day.sure and day.on - today > SOON):
        return None
    return day


def _clauses(sentence: str, day: Day) -> tuple[str, str]:
    """(what had already been told, what is to be done without its day)."""
    starts = [0, *(match.end() for match in re.finditer(r",\s+(?:og\s+)?|\s+og\s+|\s+-\s+", sentence))]
    doing = _NEXT.search(sentence.lower())
    first = min(day.start, doing.start() if doing else day.start)
    start = max(place for place in starts if place <= first)
    about = f"{sentence[start : day.start]} {sentence[day.end :]}"
    about = re.sub(r"\s+(?:den|d\.|på|til|senest|inden|ca\.?)\s*$", "", about.strip())
    about = re.sub(r"\s+([,.!?])", r"\1", " ".join(about.split())).strip(" ,.;:-")
    about = about or sentence
    return sentence[:start].strip(" ,"), (about[:1].upper() + about[1:])[:LONGEST_ABOUT]


def _kind(sentences: list[str]) -> tuple[str, str]:
    """The kind whose word comes first; a visit with the mayor wins over the visit itself."""
    text = "\n".join(sentences).lower()
    hits = [
        (match.start(), kind, match.group()) for kind, pattern in _KINDS if (match := pattern.search(text))
    ]
    by_kind = {kind: words for _at, kind, words in hits}
    if Kind.MAYOR_VISIT in by_kind:
        if Kind.VISIT in by_kind or "borgmesterbesøg" in text:
            return Kind.MAYOR_VISIT, by_kind[Kind.MAYOR_VISIT]
        hits = [hit for hit in hits if hit[1] != Kind.MAYOR_VISIT]
    if not hits:
        return "", ""
    _at, kind, words = min(hits)
    return kind, words


def _when(sentences: list[str], today: date) -> tuple[date | None, str]:
    for sentence in sentences:
        day = said_before(sentence, today)
        if day is None or (
            not day.sure and (near := said_ahead(sentence, today)) and near.on - today < today - day.on
        ):
            continue  # a bare date that is nearer ahead than behind tells of what is to come
        return day.on, sentence[day.start : day.end]
    return None, ""
