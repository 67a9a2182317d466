# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Finding records by typed words, best first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from django.db import connection, models
from django.db.models.expressions import RawSQL
from rapidfuzz import process
from rapidfuzz.distance import OSA

from brobygger.base.among import among
from brobygger.base.search import kinds
from brobygger.base.search.indexing import scope_term
from brobygger.base.search.models import SearchWord
from brobygger.base.search.terms import Word, is_telling, read, word_of
from brobygger.engine.text import is_word

MOST_WORDS = 8
MOST_RANKED = 1_000
WEIGHED = 3_000
"""At most this many hits are weighed against each other; a word that common says little about which is best."""
# Weights on SQLite: scope, name, facts, body, kin. On PostgreSQL: kin, body, facts, name. There the kind stands in the question
# itself (it is a-z): each kind has its own index, see `indexing.make_indexes`.
_RANKED_SQLITE = """
    SELECT d.object_id FROM (
        SELECT rowid AS id, bm25(base_searchtext, 0, 10, 4, 2, 1) AS score
        FROM base_searchtext WHERE base_searchtext MATCH %s LIMIT %s
    ) AS hit CROSS JOIN base_searchdocument d ON d.id = hit.id ORDER BY hit.score, d.id LIMIT %s"""
_RANKED_POSTGRESQL = """
    SELECT object_id FROM (
        SELECT id, object_id, vector FROM base_searchdocument
        WHERE kind = '{kind}' AND vector @@ %s::tsquery LIMIT %s
    ) AS hit ORDER BY ts_rank('{{0.05, 0.1, 0.4, 1.0}}', vector, %s::tsquery) DESC, id LIMIT %s"""
_ANY_POSTGRESQL = """
    SELECT id FROM base_searchdocument WHERE kind = '{kind}' AND vector @@ %s::tsquery LIMIT %s"""
_THESE_RANKED_POSTGRESQL = """
    SELECT object_id FROM base_searchdocument WHERE id = ANY(%s)
    ORDER BY ts_rank('{0.05, 0.1, 0.4, 1.0}', vector, %s::tsquery) DESC, id"""
_ANY_SQLITE = "SELECT rowid FROM base_searchtext WHERE base_searchtext MATCH %s LIMIT %s"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. `corrected`: the words as they were understood, when they were mended or some left out."""

    keys: list[Any]
    """Primary keys, best first. After `find_all` none, where there are too many to rank."""
    words: tuple[Word, ...] = ()
    corrected: str = ""
    some_words: bool = False
    """No record has all the words; these have some of them."""
    more: bool = False
    """There are more hits than were ranked."""

    def __bool__(self) -> bool:
        return bool(self.keys) or self.more


def find(kind: str, text: str, *, scopes: Collection[str], limit: int = MOST_RANKED) -> Found:
    """The records of a kind that the words find in these scopes, best first. Empty text finds nothing.

    Every telling word must be found: as written or half-typed, in another inflection, as part of a compound, or in
    a word of the same family. When nothing is found, typing errors are mended; and when that finds nothing, records
    with some of the words are given.
    """
    return _find(kinds.get(kind), text, scopes, partial(_best, limit=limit))


def find_all(kind: str, text: str, *, scopes: Collection[str]) -> Found:
    """Like `find`, for a list that shows every hit: best first while they can be ranked, else only that there are `more`.

    Of a word that thousands of records have, none is better than the others: `Narrowed` gives them in the list's own order.
    """
    return _find(kinds.get(kind), text, scopes, _ranked_or_many)


def hits(kind: str, found: Found, *, scopes: Collection[str]) -> RawSQL:
    """All the hits of a search as a condition, without order: `filter(pk__in=hits(…))`."""
    entry = kinds.get(kind)
    if not found.more:
        return among(entry.model, found.keys)
    sql, parameters = hits_sql(entry, found, scopes, column=as_key(entry))
    return RawSQL(sql, parameters)  # noqa: S611 (terms are a-z and 0-9, and parameters at that)


def _find(kind: kinds.Kind, text: str, scopes: Collection[str], run: _Run) -> Found:
    words = _telling(text)
    if not words or not scopes:
        return Found([])
    if found := run(kind, words, scopes, every=True):
        return found
    if len(words) == 1:  # known to be nowhere
        return _find_meant(kind, words[0], scopes, run)
    mended = tuple(word if _is_found(kind, word, scopes) else _mend(kind, word, scopes) for word in words)
    if mended != words and (found := run(kind, mended, scopes, every=True)):
        return replace(found, corrected=" ".join(word.text for word in mended))
    found = run(kind, mended, scopes, every=False)
    return replace(found, some_words=bool(found))


def _find_meant(kind: kinds.Kind, word: Word, scopes: Collection[str], run: _Run) -> Found:
    """What the first word finds that may have been meant and that finds something."""
    for meant in _near(kind, word, scopes):
        if found := run(kind, (meant,), scopes, every=True):
            return replace(found, corrected=meant.text)
    return Found([], (word,))


def _telling(text: str) -> tuple[Word, ...]:
    words = tuple(dict.fromkeys(read(text[:400])))[:MOST_WORDS]
    numbers = [word for word in words if word.key.isdecimal() and len(word.key) in (8, 10)]
    if numbers:
        return tuple(word for word in words if word in numbers or not word.key.isdecimal())
    return tuple(word for word in words if is_telling(word)) or words


class _Run(Protocol):
    """Asks the index once."""

    def __call__(
        self, kind: kinds.Kind, words: tuple[Word, ...], scopes: Collection[str], *, every: bool
    ) -> Found: ...


def _best(
    kind: kinds.Kind,
    words: tuple[Word, ...],
    scopes: Collection[str],
    *,
    every: bool,
    limit: int,
    weighed: int = WEIGHED,
) -> Found:
    """The best `limit` of those that are weighed."""
    rows = _ranked(kind, words, scopes, every=every, limit=limit, weighed=weighed)
    to_key = kind.model._meta.pk.to_python
    return Found([to_key(key) for (key,) in rows[:limit]], words, more=len(rows) > limit)


def _ranked(
    kind: kinds.Kind,
    words: tuple[Word, ...],
    scopes: Collection[str],
    *,
    every: bool,
    limit: int,
    weighed: int,
) -> list[tuple[str]]:
    """Keys as the index holds them: the best `limit`, and one more where there are others."""
    parameters: list[Any]
    if connection.vendor == "sqlite":
        sql = _RANKED_SQLITE
        parameters = [_fts5(kind, words, scopes, every=every), weighed, limit + 1]
    else:
        sql = _RANKED_POSTGRESQL.format(kind=kind.key)
        asked = _within(kind, scopes, _tsquery(words, every=every))
        parameters = [asked, weighed, _tsquery(words, every=False), limit + 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[str]] = cursor.fetchall()
    return rows


def _ranked_or_many(
    kind: kinds.Kind, words: tuple[Word, ...], scopes: Collection[str], *, every: bool
) -> Found:
    """All of them ranked; or none, where there are too many.

    Some hits in any order first: only where those are all of them is it worth while to weigh.
    """
    if connection.vendor == "sqlite":
        sql, asked = _ANY_SQLITE, _fts5(kind, words, scopes, every=every)
    else:
        sql, asked = _ANY_POSTGRESQL, _within(kind, scopes, _tsquery(words, every=every))
    with connection.cursor() as cursor:
        cursor.execute(sql.format(kind=kind.key), [asked, MOST_RANKED + 1])
        documents = [pk for (pk,) in cursor.fetchall()]
        if len(documents) > MOST_RANKED:
            return Found([], words, more=True)
        if not documents:
            return Found([], words)
        if connection.vendor == "sqlite":
            return _best(kind, words, scopes, every=every, limit=MOST_RANKED, weighed=MOST_RANKED)
        cursor.execute(_THESE_RANKED_POSTGRESQL, [documents, _tsquery(words, every=False)])
        to_key = kind.model._meta.pk.to_python
        return Found([to_key(key) for (key,) in cursor.fetchall()], words)


def _is_found(kind: kinds.Kind, word: Word, scopes: Collection[str]) -> bool:
    """Whether any record has the word. Nothing is ranked.

    On PostgreSQL the limit stands outside: inside, it makes the planner look through all records for the first hit,
    and a misspelt word has none.
    """
    sql, parameters = hits_sql(kind, Found([], (word,)), scopes)
    if connection.vendor == "postgresql":
        sql = f"WITH hit AS MATERIALIZED ({sql}) SELECT 1 FROM hit"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT 1", parameters)
        return cursor.fetchone() is not None


def hits_sql(
    kind: kinds.Kind, found: Found, scopes: Collection[str], *, column: str = "d.object_id"
) -> tuple[str, list[Any]]:
    """The keys of all hits as the index holds them (`d`: the documents), and the parameters. More may be asked with AND."""
    every = not found.some_words
    if not found.words or not scopes:
        return "SELECT NULL FROM base_searchdocument d WHERE 1 = 0", []
    if connection.vendor == "sqlite":
        return (
            f"SELECT {column} FROM base_searchtext t CROSS JOIN base_searchdocument d ON d.id = t.rowid "  # noqa: S608
            "WHERE t.base_searchtext MATCH %s",
            [_fts5(kind, found.words, scopes, every=every)],
        )
    return (
        f"SELECT {column} FROM base_searchdocument d "  # noqa: S608
        f"WHERE d.kind = '{kind.key}' AND d.vector @@ %s::tsquery",
        [_within(kind, scopes, _tsquery(found.words, every=every))],
    )


def as_key(kind: kinds.Kind) -> str:
    """The key in a document as the kind's own table has it, in SQL."""
    pk = kind.model._meta.pk
    if connection.vendor == "postgresql":
        return f"d.object_id::{pk.db_type(connection)}"
    whole = isinstance(pk, models.AutoField | models.IntegerField)
    return "CAST(d.object_id AS integer)" if whole else "d.object_id"


def _fts5(kind: kinds.Kind, words: Sequence[Word], scopes: Collection[str], *, every: bool) -> str:
    """An FTS5 query. Terms are a-z and 0-9, so quotes cannot be broken out of."""
    groups = (
        " OR ".join(
            "(" + " AND ".join(f'"{term}"*' if half_typed else f'"{term}"' for term in group) + ")"
            for half_typed, group in _alternatives(word)
        )
        for word in words
    )
    asked = (" AND " if every else " OR ").join(f"({group})" for group in groups)
    where = " OR ".join(f'"{kind.key}{scope}"' for scope in sorted(scopes))
    return f"{{name facts body kin}} : ({asked}) AND scope : ({where})"


def _tsquery(words: Sequence[Word], *, every: bool) -> str:
    groups = (
        " | ".join(
            "(" + " & ".join(f"'{term}':*" if half_typed else f"'{term}'" for term in group) + ")"
            for half_typed, group in _alternatives(word)
        )
        for word in words
    )
    return (" & " if every else " | ").join(f"({group})" for group in groups)


def _within(kind: kinds.Kind, scopes: Collection[str], tsquery: str) -> str:
    """The query in these scopes of the kind, which stand in the index too: a word alone is met in every kind of record."""
    where = " | ".join(f"'{scope_term(kind, scope)}'" for scope in sorted(scopes))
    return f"({tsquery}) & ({where})"


def _alternatives(word: Word) -> list[tuple[bool, tuple[str, ...]]]:
    """(may be half-typed, terms that must all stand): each is a way to find the word."""
    ways: list[tuple[bool, tuple[str, ...]]] = [(True, (word.key,))]
    if word.stem != word.key:
        ways.append((False, (word.stem,)))
    if word.parts:
        ways.append((False, word.parts))
    if not word.parts:
        ways += [(False, (root,)) for root in word.roots]
    return ways


def _mend(kind: kinds.Kind, word: Word, scopes: Collection[str]) -> Word:
    """What was most likely meant by a word that no record has, or the word itself when nothing is near."""
    return next((meant for meant in _near(kind, word, scopes) if _is_found(kind, meant, scopes)), word)


def _near(kind: kinds.Kind, word: Word, scopes: Collection[str]) -> Iterator[Word]:
    """What may have been meant, the most likely first: words that begin alike, then others.

    A Danish word is meant as it stands: nobody who looks for kartofler meant kartoner. Only what it begins with, or begins, may do.
    """
    if not word.key.isalpha() or len(word.key) < 4:
        return
    allowed = 1 if len(word.key) < 7 else 2
    words = SearchWord.objects.filter(
        kind=kind.key, scope__in=scopes, length__range=(len(word.key) - allowed, len(word.key) + allowed)
    )
    for likely in (
        words.filter(key__gte=word.key[0], key__lt=chr(ord(word.key[0]) + 1)),
        words.exclude(key__gte=word.key[0], key__lt=chr(ord(word.key[0]) + 1)),
    ):
        texts = dict(likely.values_list("key", "word"))
        if is_word(word.text):
            texts = {
                key: text
                for key, text in texts.items()
                if _shared_start(word.key, key) == min(len(word.key), len(key))
            }
        near = process.extract(
            word.key, texts.keys(), scorer=OSA.distance, processor=None, score_cutoff=allowed, limit=20
        )
        best = sorted(near, key=lambda hit: (hit[1], -_shared_start(word.key, hit[0]), hit[0]))
        for key, _, _ in best[:3]:
            yield word_of(texts[key])


def _shared_start(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
