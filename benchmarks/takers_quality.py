# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How often `takers` names the right industry, on documented exchanges from sources it has not seen.

Each case of ``takers_cases`` is asked of a knowledge without its own source: the shipped uses, the sets that are used up
(both were seen by people who widened the rules: read those figures with care) and blind sets, which nobody learned from.

Two baselines are asked the same: *commonest*, which always names the commonest takers of the known uses, and *nearest
text*, which names the takers of the uses whose words are most like the residue's.

    .venv/bin/python -m benchmarks.takers_quality             the figures
    .venv/bin/python -m benchmarks.takers_quality --missed    and every case whose first answer was wrong, blind sets left out
    .venv/bin/python -m benchmarks.takers_quality --uses FILE judge on other exchanges (columns as in ``uses.csv``)
    .venv/bin/python -m benchmarks.takers_quality --seen      without the blind sets
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.report import record
from benchmarks.takers_cases import Source, blind_sets, blind_sources, outside_sources, seen_sources
from brobygger.engine.evidence import Evidence
from brobygger.engine.facts import Knowledge, Use
from brobygger.engine.identify import CERTAIN, identify
from brobygger.engine.listing import Residual
from brobygger.engine.takers import confidence, takers
from brobygger.engine.text import guess_language, tokens
from brobygger.knowledge import load

NAMES = ("division first", "division in five", "reciprocal rank", "class in ten")
ROWS = 5_000


def ranked_codes(index: Evidence, residual: Residual) -> list[str]:
    """Industries by score, equal scores by code."""
    scores = index.judge(residual).scores
    return [
        index.codes[i]
        for i in sorted(range(len(scores)), key=lambda i: (-round(scores[i], 6), index.codes[i]))
    ]


def commonest(uses: Sequence[Use]) -> list[str]:
    """The takers of the uses, commonest first."""
    found = Counter(u.taker_nace for u in uses)
    return [code for code, _ in sorted(found.items(), key=lambda e: (-e[1], e[0]))]


class NearestText:
    """Ranks the takers of documented uses by how alike the words are (TF-IDF cosine), then the commonest."""

    def __init__(self, uses: Sequence[Use]) -> None:
        self.uses, self.usual = uses, commonest(uses)
        words = [self._words(f"{use.text} {use.text_en}") for use in uses]
        seen = Counter(word for bag in words for word in bag)
        self.idf = {word: math.log(1 + len(uses) / n) for word, n in seen.items()}
        self.vectors = [self._vector(bag) for bag in words]

    def _words(self, text: str) -> set[str]:
        return {token for lang in ("da", "en") for token in tokens(text, lang)}

    def _vector(self, bag: set[str]) -> dict[str, float]:
        raw = {word: self.idf[word] for word in bag if word in self.idf}
        size = math.sqrt(sum(w * w for w in raw.values())) or 1.0
        return {word: w / size for word, w in raw.items()}

    def ranked(self, text: str) -> list[str]:
        """Takers, nearest first."""
        asked = self._vector(set(tokens(text, guess_language(text))))
        near = sorted(
            ((sum(w * v.get(word, 0.0) for word, w in asked.items()), i) for i, v in enumerate(self.vectors)),
            key=lambda e: (-e[0], e[1]),
        )
        return list(dict.fromkeys([self.uses[i].taker_nace for s, i in near if s > 0] + self.usual))


def figures(cases: list[tuple[str, list[str]]]) -> dict[str, float]:
    """Shares of cases: 2-digit right first, within five, mean reciprocal rank; 4-digit within ten."""
    total: dict[str, float] = defaultdict(float)
    for truth, codes in cases:
        divisions = list(dict.fromkeys(code[:2] for code in codes))
        rank = divisions.index(truth[:2]) + 1 if truth[:2] in divisions else 0
        total[NAMES[0]] += rank == 1
        total[NAMES[1]] += 1 <= rank <= 5
        total[NAMES[2]] += 1 / rank if rank else 0
        total[NAMES[3]] += truth in codes[:10]
    return {name: total[name] / max(len(cases), 1) for name in NAMES}


@dataclass
class Judged:
    """The rankings of everybody for the same cases, and how sure ours was."""

    ours: list[tuple[str, list[str]]] = field(default_factory=list)
    usual: list[tuple[str, list[str]]] = field(default_factory=list)
    nearest: list[tuple[str, list[str]]] = field(default_factory=list)
    words: list[tuple[str, bool]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, index: Evidence, text: NearestText, residual: Residual, taker: str) -> None:
        """Asks all three for one case."""
        codes = ranked_codes(index, residual)
        self.ours.append((taker, codes))
        self.usual.append((taker, text.usual))
        self.nearest.append((taker, text.ranked(residual.text)))
        right = codes[0][:2] == taker[:2]
        self.words.append((confidence(index.judge(residual)), right))
        if not right:
            read = list(index.materials.of(residual, {}))
            self.missed.append(
                f"{residual.id} {residual.text[:60]!r} → {taker}; read as {read}; said {codes[:6]}"
            )


def judge(knowledge: Knowledge, sources: Iterator[Source]) -> dict[tuple[str, bool], Judged]:
    """For each group of cases, without codes and with them: everybody's rankings, each source unseen."""
    found: dict[tuple[str, bool], Judged] = defaultdict(Judged)
    read: dict[str, Any] = {}
    for rest, cases in sources:
        index, text = Evidence(replace(knowledge, uses=rest), read=read), NearestText(rest)
        for case in cases:
            for coded in (False, True):
                found[case.group, coded].add(index, text, case.residual(coded), case.taker_nace)
    return dict(sorted(found.items(), key=lambda e: (e[0][1], e[0][0])))


def show(what: str, judged: Judged) -> None:
    """One row for each figure and baseline."""
    ours, usual, nearest = (figures(cases) for cases in (judged.ours, judged.usual, judged.nearest))
    for name, value in ours.items():
        record(
            f"takers, {what}, {name}", len(judged.ours), value, usual[name], "commonest takers", "share", None
        )
        record(
            f"takers, {what}, {name}", len(judged.ours), value, nearest[name], "nearest text", "share", None
        )


def show_words(judged: Sequence[Judged]) -> None:
    """How often the first division was right, by the word that was said."""
    found: dict[str, list[bool]] = defaultdict(list)
    for group in judged:
        for word, right in group.words:
            found[word].append(right)
    everybody = [right for rights in found.values() for right in rights]
    for word, rights in sorted(found.items()):
        record(
            f"takers, right when »{word}« was said",
            len(rights),
            sum(rights) / len(rights),
            sum(everybody) / len(everybody),
            "all answers",
            "share",
            None,
        )


def show_reading(knowledge: Knowledge) -> None:
    """How often the resource type read from a use's text is the use's own, or next of kin, by how certain it was.

    `suggest` treats a type read with `CERTAIN` or more as if somebody had chosen it. The words of the types were written
    by people who knew these texts.
    """
    found: dict[str, list[bool]] = defaultdict(list)
    for use in knowledge.uses:
        guess = next(iter(identify(use.text, knowledge)), None)
        sure = f"{CERTAIN} or more" if guess and guess.certainty >= CERTAIN else f"less than {CERTAIN}"
        near = {use.residue, *knowledge.ancestors(use.residue)[:1], *knowledge.children.get(use.residue, ())}
        parent = next(iter(knowledge.ancestors(use.residue)), "")
        near |= set(knowledge.children.get(parent, ()))
        found[sure].append(guess is not None and guess.type in near)
    everybody = [right for rights in found.values() for right in rights]
    for sure, rights in sorted(found.items()):
        share = sum(rights) / len(rights)
        usual = sum(everybody) / len(everybody)
        record(f"takers, type read with certainty {sure}", len(rights), share, usual, "all", "share", None)


def speed(knowledge: Knowledge) -> None:
    """Different residues a second, the texts of the shipped uses in turn with a number that makes each one new."""
    texts = [use.text for use in knowledge.uses]
    many = [Residual(str(i), f"{texts[i % len(texts)]} parti {i}") for i in range(ROWS)]
    takers(many[:50], knowledge)
    start = time.process_time()
    takers(many, knowledge)
    spent = time.process_time() - start
    record("takers, residues a second, 50 industries each", ROWS, ROWS / spent, 300.0, "wanted", "/s", None)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uses", type=Path, help="judge on this file instead of the shipped uses")
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--seen", action="store_true", help="leave the blind sets alone")
    parser.add_argument("--quick", action="store_true", help="accepted; it is quick as it is")
    arguments = parser.parse_args()
    knowledge = load()
    if arguments.uses:
        judged = judge(knowledge, outside_sources(arguments.uses, knowledge))
    else:
        judged = judge(knowledge, seen_sources(knowledge))
        for number in () if arguments.seen else blind_sets():
            blind = judge(knowledge, blind_sources(number, knowledge))
            judged |= {key: replace(group, missed=[]) for key, group in blind.items()}
    for (what, coded), group in judged.items():
        show(f"{what}, {'with codes' if coded else 'text alone'}", group)
        if arguments.missed:
            print(*group.missed, sep="\n")
    show_words(list(judged.values()))
    show_reading(knowledge)
    speed(knowledge)


if __name__ == "__main__":
    main()
