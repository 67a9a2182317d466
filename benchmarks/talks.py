# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The dialogue's pages with 300,000 talks: the list of a hundred, one firm, and a new talk, beside data-hub-api.

Run: ``python -m benchmarks.talks [--quick]``. The alternative is `uktrade/data-hub-api`, measured once on this size and
machine (issue "The consultant's day"): its list of 100 interactions 6 a second, 833 ms; one company 35 a second, 143 ms;
a new interaction 11 a second, 429 ms. It answers JSON and we whole pages. The goal is ten times its list, five times the
rest. Its milliseconds are set against our 95th percentile.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from benchmarks.databases import Filled, filled
from benchmarks.report import record
from benchmarks.server import CLIENTS, Answers, ask, send, serving

REQUESTS, WARM_UP = 120, 16
PEER = "data-hub-api, measured once"


@dataclass(frozen=True)
class Beside:
    """What the alternative did: answers a second, milliseconds; and how many times better ours is to be."""

    per_second: float
    milliseconds: float
    goal: float


LIST, FIRM, NEW = Beside(6, 833, 10), Beside(35, 143, 5), Beside(11, 429, 5)


def measure(database: Filled) -> None:
    """Two rows for each page: answers a second, and the 95th percentile."""
    facts = database.facts
    session = facts["session"]
    firms = [f"/virksomheder/{key}/" for key in facts["talked_with"]]
    as_json = [f"/api/v1/virksomheder/{key}" for key in facts["talked_with"]]
    notes = [
        {"organisation": str(key), "text": f"Ringede om paller og spåner, {number}. gang."}
        for number in range(3)
        for key in facts["talked_with"][: REQUESTS // 3]
    ]
    with serving(database.environment) as port:
        for name, beside, addresses in (
            ("list of 100", LIST, ["/samtaler/?antal=100", "/samtaler/?antal=100&side=2"]),
            ("one firm", FIRM, firms),
            ("one firm as JSON", FIRM, as_json),
        ):
            ask(port, addresses[-2:], session, WARM_UP)
            _tell(database, name, beside, ask(port, addresses, session, REQUESTS))
        send(port, "/samtaler/ny/", notes[:CLIENTS], session)
        _tell(database, "new talk", NEW, send(port, "/samtaler/ny/", notes, session))


def _tell(database: Filled, name: str, beside: Beside, answers: Answers) -> None:
    size = f"{database.facts['size']['organisations']} firms, {database.facts['size']['interactions']} talks"
    rate, slow = answers.per_second, answers.percentile(0.95)
    record(f"talks: {name}, a second ({database.vendor})", size, rate, beside.per_second, PEER, "/s", None)
    record(f"talks: {name}, p95 ({database.vendor})", size, slow, beside.milliseconds, PEER, "ms", None)
    reached = rate >= beside.goal * beside.per_second
    print(
        f"{name}: {rate / beside.per_second:.1f} times its rate; {beside.goal:.0f} wanted: {'yes' if reached else 'NO'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="5,000 firms, 15,000 talks, SQLite only")
    asked = parser.parse_args()
    for database in filled(quick=asked.quick):
        measure(database)


if __name__ == "__main__":
    main()
