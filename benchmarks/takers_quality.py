# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How often `takers` names the right industry, on documented uses from sources it has not seen.

Whole sources are left out in turn: what a source documents is judged with every use of that source removed
from the knowledge. Material rules and industry traits are general knowledge and stay. Beside it stands the
baseline that always names the commonest takers of the remaining uses. Run: ``python -m benchmarks.takers_quality``.

Read the figures with care: the material rules were written, and the weights chosen, by people who had seen
part of these uses. ``--uses FILE`` judges on cases that nobody had seen.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.report import record
from brobygger.engine.evidence import Evidence, Weights
from brobygger.engine.facts import Knowledge, Use
from brobygger.engine.listing import Residual
from brobygger.knowledge import load

NAMES = ("division first", "division in five", "mean reciprocal rank", "class in ten")


def source_of(use: Use) -> str:
    """The publisher: the site of a web source, else the citation's first words."""
    return urlsplit(use.source).netloc.removeprefix("www.") or " ".join(use.source.split()[:2])


def ranked_codes(index: Evidence, residual: Residual) -> list[str]:
    """Industries by score, equal scores by code."""
    scores = index.judge(residual).scores
    return [
        index.codes[i]
        for i in sorted(range(len(scores)), key=lambda i: (-round(scores[i], 6), index.codes[i]))
    ]


def commonest(uses: list[Use]) -> list[str]:
    """The takers of the uses, commonest first."""
    return [
        code for code, _ in sorted(Counter(u.taker_nace for u in uses).items(), key=lambda e: (-e[1], e[0]))
    ]


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


def evaluate(knowledge: Knowledge, weights: Weights, *, with_codes: bool) -> tuple[dict, dict, list]:
    """Figures of ours, of the baseline, and the cases that went wrong."""
    by_source: dict[str, list[Use]] = defaultdict(list)
    for use in knowledge.uses:
        if use.taker_nace:
            by_source[source_of(use)].append(use)
    ours, baseline, missed = [], [], []
    for source, uses in sorted(by_source.items()):
        rest = [u for u in knowledge.uses if source_of(u) != source and u.taker_nace]
        index = Evidence(replace(knowledge, uses=tuple(rest)), weights)
        usual = commonest(rest)
        for use in uses:
            node = knowledge.types.get(use.residue)
            ewc = node.ewc[0] if with_codes and node and node.ewc else ""
            residual = Residual(use.id, use.text, "", ewc, use.giver_nace if with_codes else "")
            codes = ranked_codes(index, residual)
            ours.append((use.taker_nace, codes))
            baseline.append((use.taker_nace, usual))
            if codes[0][:2] != use.taker_nace[:2]:
                missed.append((use, list(index.materials.of(residual, {})), codes[:6]))
    return figures(ours), figures(baseline), missed


def outside_uses(path: Path) -> tuple[Use, ...]:
    """Documented uses from a CSV in the form of `uses.csv`, or of the project's reference exchanges."""
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(
            Use(
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
            for row in csv.DictReader(handle)
        )


def main() -> None:
    """Prints the figures; with --missed also every case whose first answer was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uses", type=Path, help="judge on this file instead of the shipped uses")
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--quick", action="store_true", help="accepted; it is quick as it is")
    arguments = parser.parse_args()
    knowledge = load()
    if arguments.uses:
        knowledge = replace(knowledge, uses=outside_uses(arguments.uses))
    for with_codes in (False, True):
        ours, baseline, missed = evaluate(knowledge, Weights(), with_codes=with_codes)
        given = "text, waste code, giver" if with_codes else "text alone"
        for name, value in ours.items():
            size = sum(1 for use in knowledge.uses if use.taker_nace)
            record(
                f"takers, {name} ({given})", size, value, baseline[name], "commonest takers", "share", None
            )
    if arguments.missed:
        for use, classes, codes in missed:
            print(f"{use.id} {use.text[:60]!r} → {use.taker_nace}; read as {classes}; said {codes}")


if __name__ == "__main__":
    main()
