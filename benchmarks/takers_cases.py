# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The documented exchanges that `takers` is judged by, each with what may be known when it is asked.

* own uses: the shipped uses, asked by their Danish text.
* set 1, 2, …: sets that are used up. They stand among the shipped uses too, and are asked in the words they were
  gathered in (``benchmarks/blind``; its README says what each was used for).
* blind 9, …: exchanges that nothing is learned from.

A case is asked of a knowledge without its own source: no use from any of its publishers is known, nor any that tells
of the same giver and taker.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from brobygger.engine.facts import Knowledge, Use
from brobygger.engine.listing import Residual

BLIND = Path(__file__).parent / "blind"
USED_UP = (1, 2, 3, 4, 5, 6, 7, 8)
"""Sets that have been read and learned from: their cases stand among the shipped uses as ``S-…``."""
OWN = "own uses"
_ADDRESS = re.compile(r"https?://[^\s;,\"»«)]+")


@dataclass(frozen=True)
class Case:
    """One exchange to ask for: the group it is counted in, the residue without and with its codes, and who took it."""

    group: str
    bare: Residual
    coded: Residual
    taker_nace: str

    def residual(self, coded: bool) -> Residual:
        """The residue by its text alone, or with the codes as well."""
        return self.coded if coded else self.bare


Source = tuple[tuple[Use, ...], list[Case]]
"""The uses that may be known, and the cases of one source."""


def blind_sets() -> list[int]:
    """The numbers of the blind sets that nothing is learned from."""
    numbers = sorted(int(path.stem.rpartition("_")[2]) for path in BLIND.glob("takers_blind_*.csv"))
    return [n for n in numbers if n not in USED_UP]


def gathered(number: int) -> list[tuple[Use, Case]]:
    """The exchanges of a set of ``benchmarks/blind`` in the words they were gathered in."""
    group = f"set {number}" if number in USED_UP else f"blind {number}"
    with (BLIND / f"takers_blind_{number}.csv").open(encoding="utf-8", newline="") as handle:
        return [
            (
                _use(row),
                Case(
                    group,
                    Residual(row["id"], row["text"], row["lang"]),
                    Residual(row["id"], row["text"], row["lang"], row["ewc"], row["giver_nace"]),
                    row["taker_nace"],
                ),
            )
            for row in csv.DictReader(handle)
        ]


def seen_sources(knowledge: Knowledge) -> Iterator[Source]:
    """The shipped uses by source; publishers that stand together under one use are one source."""
    asked = {f"S-{use.id}": case for n in USED_UP for use, case in gathered(n)}
    pairs = [(u, asked.get(u.id) or case_of(u, knowledge, OWN)) for u in knowledge.uses if u.taker_nace]
    return by_source(pairs, knowledge)


def blind_sources(number: int, knowledge: Knowledge) -> Iterator[Source]:
    """A blind set by source."""
    return by_source(gathered(number), knowledge)


def outside_sources(path: Path, knowledge: Knowledge) -> Iterator[Source]:
    """Documented uses from a CSV in the form of `uses.csv`, or of the project's reference exchanges, by source."""
    with path.open(encoding="utf-8", newline="") as handle:
        uses = [_use(row) for row in csv.DictReader(handle)]
    return by_source([(use, case_of(use, knowledge, "outside uses")) for use in uses], knowledge)


def by_source(pairs: Sequence[tuple[Use, Case]], knowledge: Knowledge) -> Iterator[Source]:
    """For each source what is known without it, and its cases."""
    head: dict[str, str] = {}

    def first(name: str) -> str:
        while head.setdefault(name, name) != name:
            name = head[name]
        return name

    for use, _ in pairs:
        one, *others = sorted(publishers(use.source))
        for other in others:
            head[first(other)] = first(one)
    found: dict[str, list[tuple[Use, Case]]] = defaultdict(list)
    for use, case in pairs:
        found[first(min(publishers(use.source)))].append((use, case))
    for _, mine in sorted(found.items()):
        yield unseen(knowledge.uses, [use for use, _ in mine]), [case for _, case in mine]


@cache
def publishers(source: str) -> frozenset[str]:
    """The sites of the addresses in a source, else the citation's first words."""
    sites = {urlsplit(address).netloc.removeprefix("www.") for address in _ADDRESS.findall(source)}
    return frozenset(sites or {" ".join(source.split()[:2])})


def unseen(uses: Sequence[Use], mine: Sequence[Use]) -> tuple[Use, ...]:
    """The uses that stand when the publishers of `mine` are left out, and whatever else tells of the same exchanges."""
    told = frozenset().union(*(publishers(use.source) for use in mine))
    parties = {_parties(use) for use in mine if use.giver and use.taker}
    return tuple(
        use
        for use in uses
        if use.taker_nace and not (publishers(use.source) & told) and _parties(use) not in parties
    )


def case_of(use: Use, knowledge: Knowledge, group: str) -> Case:
    """A use as somebody who has the residue would describe it."""
    node = knowledge.types.get(use.residue)
    ewc = node.ewc[0] if node and node.ewc else ""
    bare, coded = Residual(use.id, use.text), Residual(use.id, use.text, "", ewc, use.giver_nace)
    return Case(group, bare, coded, use.taker_nace)


def _use(row: Mapping[str, str]) -> Use:
    return Use(
        id=row["id"],
        residue=row.get("residue", ""),
        text=row.get("text") or row.get("residual_text", ""),
        giver=row["giver"],
        giver_nace=row["giver_nace"],
        taker=row["taker"],
        taker_nace=row["taker_nace"],
        purpose=row.get("purpose") or row.get("use", ""),
        source=row["source"],
    )


def _parties(use: Use) -> tuple[str, str]:
    return use.giver.casefold(), use.taker.casefold()
