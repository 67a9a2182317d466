# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How quickly the pages answer with 100,000 firms and 200,000 listings: the real server, two workers, four clients.

Run: ``python -m benchmarks.pages [--quick] [--only WORD]``. Beside it `benchmarks.naive`, the same lists as one writes them
first in Django, on the same data and server. The goal is 100 ms at the 95th percentile on two cores.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.databases import Filled, filled
from benchmarks.report import record
from benchmarks.server import CLIENTS, Answers, ask, serving

REQUESTS, PEER_REQUESTS = 80, 12
WARM_UP = 80
"""Requests before those that count: PostgreSQL plans a question anew until a connection has asked it seven times."""
GOAL = 100.0  # milliseconds
PEER = "plain Django: icontains, Paginator"
Facts = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A page to measure. `keys`: how its lines link to records, where both sides must show the same ones."""

    name: str
    addresses: Callable[[Facts], list[str]]
    keys: str = ""


def _searches(base: str, words: str) -> Callable[[Facts], list[str]]:
    return lambda facts: [f"{base}?{urlencode({'q': word})}" for word in facts[words]]


def _records(base: str, kind: str) -> Callable[[Facts], list[str]]:
    return lambda facts: [f"{base}{key}/" for key in facts[kind]]


def _fixed(*addresses: str) -> Callable[[Facts], list[str]]:
    return lambda facts: list(addresses)


COMMON = "bryg"
"""Thousands of the invented firms have it in their name or industry."""
FIRMS, THINGS, SUGGESTED, MATCHED = "/virksomheder/", "/har-og-mangler/", "/forslag/", "/match/"
_INT, _UUID = r"(\d+)", r"([0-9a-f-]{36})"
PAGES = (
    Page("today", _fixed("/i-dag/")),
    Page("organisations", _fixed(FIRMS), FIRMS + _INT),
    Page("organisations, page 40", _fixed(f"{FIRMS}?side=40"), FIRMS + _INT),
    Page("organisations, municipality and size", _fixed(f"{FIRMS}?kommune=0265&ansatte=10"), FIRMS + _INT),
    Page("organisations, industry", _fixed(f"{FIRMS}?branche=46"), FIRMS + _INT),
    Page("organisations, within 10 km", _fixed(f"{FIRMS}?sted=4320&km=10")),
    Page("organisations, search word", _searches(FIRMS, "words")),
    Page("organisations, search name", _searches(FIRMS, "names")),
    Page("organisations, search misspelt", _searches(FIRMS, "misspelt")),
    Page("organisations, search common word", _fixed(f"{FIRMS}?{urlencode({'q': COMMON})}")),
    Page("organisations, search CVR", _searches(FIRMS, "cvr")),
    Page("organisation", _records(FIRMS, "organisations")),
    Page("listings", _fixed(THINGS), THINGS + _UUID),
    Page("listings, side and kind", _fixed(f"{THINGS}?retning=have&slags=residue"), THINGS + _UUID),
    Page("listings, near", _fixed(f"{THINGS}?naer=4320&inden=10&orden=naermest")),
    Page("listings, search word", _searches(THINGS, "things")),
    Page("listings, search misspelt", _searches(THINGS, "misspelt_things")),
    Page(
        "listings, search common word among haves",
        _fixed(f"{THINGS}?{urlencode({'q': 'plast', 'retning': 'have'})}"),
    ),
    Page("listing", _records(THINGS, "listings")),
    Page("suggestions", _fixed(SUGGESTED), SUGGESTED + _UUID),
    Page("suggestions, by kroner", _fixed(f"{SUGGESTED}?orden=kroner")),
    Page("suggestion", _records(SUGGESTED, "suggestions")),
    Page("matches", _fixed(MATCHED), MATCHED + _UUID),
    Page("match", _records(MATCHED, "matches")),
    Page("cases", _fixed("/sager/")),
    Page("cases, board", _fixed("/sager/tavle/")),
    Page("cases, search", _searches("/sager/", "case_words")),
    Page("case", _records("/sager/", "cases")),
    Page("cases, who has what", _fixed("/sager/hvem-har-hvad/")),
    Page("building cases by month", _fixed("/sager/byggesager/")),
    Page("portfolio", _fixed("/portefoelje/")),
    Page("visits of the week", _fixed("/portefoelje/besoeg/")),
)


def measure(database: Filled, pages: list[Page]) -> None:
    """Ours, then the alternative, then a row for each page."""
    ours = _answers(database, pages, REQUESTS, naive=False)
    peers = _answers(database, pages, PEER_REQUESTS, naive=True)
    for page, mine, theirs in zip(pages, ours, peers, strict=True):
        same = _keys(page, mine) == _keys(page, theirs) if page.keys else None
        for label, share in (("p50", 0.5), ("p95", 0.95)):
            record(
                f"pages: {page.name}, {label} ({database.vendor})",
                database.size,
                mine.percentile(share),
                theirs.percentile(share),
                PEER,
                "ms",
                same,
            )
    slow = [page.name for page, mine in zip(pages, ours, strict=True) if mine.percentile(0.95) > GOAL]
    print(f"{database.vendor}, {CLIENTS} clients: over {GOAL:.0f} ms at p95: {', '.join(slow) or 'none'}")


def _answers(database: Filled, pages: list[Page], requests: int, *, naive: bool) -> list[Answers]:
    with serving(database.environment, naive=naive) as port:
        found = []
        for page in pages:
            addresses, session = page.addresses(database.facts), database.facts["session"]
            ask(port, addresses[-2:], session, 4 if naive else WARM_UP)
            found.append(ask(port, addresses, session, requests))
        return found


def _keys(page: Page, answers: Answers) -> list[str]:
    """The records that the page's lines link to, in order."""
    return list(dict.fromkeys(re.findall(rf'href="{page.keys}/"', answers.first)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="5,000 firms, SQLite only")
    parser.add_argument("--only", default="", help="only pages with this word in their name")
    asked = parser.parse_args()
    for database in filled(quick=asked.quick):
        measure(database, [page for page in PAGES if asked.only in page.name])


if __name__ == "__main__":
    main()
