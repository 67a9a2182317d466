# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Text search in 200,000 short Danish texts: the engine's index beside SQLite FTS5 with trigrams.

Run: ``python -m benchmarks.engine_text [--quick]``. Four kinds of questions, made from words that stand in the texts: as written, the
dictionary form of an inflected word, the last part of a compound, and a word with a typing error. Beside each time stands how
many of the questions found a text that holds the word they were made from (among the best ten).
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.invented import misspelt
from benchmarks.report import record
from brobygger.engine.text import lemma, split_compound, words
from brobygger.engine.text_index import TextIndex
from brobygger.knowledge import load

ASKED = 300
PEER = "SQLite FTS5, trigram"
_AFTER = (
    "fra produktionen", "som kan hentes hver fredag", "til videre brug", "i god stand", "på paller",
    "tæt på motorvejen", "året rundt", "efter nedrivning", "til en fast aftager", "så snart det kan lade sig gøre",
)  # fmt: skip


def texts(count: int) -> list[str]:
    """As people write them: an amount, a thing by one of its names, and a remark."""
    chance = random.Random(1)
    names = [name for node in load().types.values() for name in (node.name, *node.synonyms)]
    return [
        f"Vi {chance.choice(('har', 'søger'))} {chance.randrange(1, 90)} tons {chance.choice(names).lower()} "
        f"{chance.choice(_AFTER)}"
        for _ in range(count)
    ]


def questions(among: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Kind of question → (what is asked, the word of the texts it was made from)."""
    chance = random.Random(2)
    vocabulary = sorted({word for text in among[:20_000] for word in words(text) if len(word) > 4})
    known = frozenset(vocabulary)
    inflected = [(base, word) for word in vocabulary if (base := lemma(word)) != word]
    split = ((split_compound(word, known, 4), word) for word in vocabulary)
    compounds = [(parts[-1], word) for parts, word in split if len(parts) > 1]
    kinds = {
        "as written": [(word, word) for word in vocabulary],
        "dictionary form": inflected,
        "part of a compound": compounds,
        "misspelt": [(misspelt(word, chance), word) for word in vocabulary],
    }
    return {kind: chance.choices(pairs, k=ASKED) for kind, pairs in kinds.items()}


def in_sqlite(among: list[str]) -> Callable[[str], list[int]]:
    """The same texts in FTS5; a question is asked as one word, and where it finds nothing by its trigrams."""
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='trigram')")
    table.executemany("INSERT INTO t (rowid, text) VALUES (?,?)", enumerate(among))
    asked = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10"

    def search(query: str) -> list[int]:
        found = [row for (row,) in table.execute(asked, [f'"{query}"'])]
        if found:
            return found
        grams = " OR ".join(f'"{query[i : i + 3]}"' for i in range(len(query) - 2))
        return [row for (row,) in table.execute(asked, [grams])] if grams else []

    return search


def measured(
    search: Callable[[str], list[int]], asked: list[tuple[str, str]], among: list[str]
) -> tuple[float, float]:
    """(milliseconds of the processor for one, the share that found the word)."""
    times, found = [], 0
    for query, word in asked:
        began = time.thread_time()
        positions = search(query)
        times.append((time.thread_time() - began) * 1000)
        found += any(word in among[position].lower() for position in positions)
    return float(np.median(times)), found / len(asked)


def run(count: int = 200_000) -> None:
    """Each kind of question to both."""
    among = texts(count)
    began = time.thread_time()
    index = TextIndex(among)
    built = time.thread_time() - began
    began = time.thread_time()
    theirs = in_sqlite(among)
    their_built = time.thread_time() - began
    ours = lambda query: [hit.position for hit in index.search(query)]  # noqa: E731
    size = f"{count} texts"
    for kind, asked in questions(among).items():
        mine, my_share = measured(ours, asked, among)
        other, their_share = measured(theirs, asked, among)
        shares = {"found": f"{my_share:.0%}", "theirs": f"{their_share:.0%}"}
        record(f"text: {kind}", size, mine, other, PEER, "ms", None, **shares)
    record("text: build", size, built, their_built, PEER, "s", None)
    record("text: memory", size, index.nbytes / 1e6, None, "-", "MB", None)


if __name__ == "__main__":
    run(20_000 if "--quick" in sys.argv else 200_000)
