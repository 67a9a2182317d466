# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Finding records by typed words, best first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from django.db import connection, models
from django.db.models import OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from rapidfuzz import process
from rapidfuzz.distance import OSA

from brobygger.base.among import among
from brobygger.base.search import kinds
from brobygger.base.search.indexing import scope_term
from brobygger.base.search.models import SearchDocument, SearchWord
from brobygger.base.search.terms import Word, is_telling, read, word_of

MOST_WORDS = 8
MOST_RANKED = 1_000
MOST_NEWEST = 500
"""Of hits that are not ranked, so many of the newest are shown: nobody turns more pages."""
MOST_LATEST = 64_000
"""Documents among which PostgreSQL finds the newest hits more quickly than among all."""
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
    SELECT id, object_id FROM base_searchdocument WHERE kind = '{kind}' AND vector @@ %s::tsquery LIMIT %s"""
_HITS_POSTGRESQL = """
    WITH hit AS MATERIALIZED (
        SELECT id, object_id FROM base_searchdocument WHERE kind = '{kind}' AND vector @@ %s::tsquery
    )
    SELECT id, object_id FROM hit ORDER BY id DESC LIMIT %s"""
# Two indexes together, so that only rows that are hits are fetched. The planner takes both where it does not know the
# words: of those that it knows it thinks there are a few hundred.
_NEWEST_POSTGRESQL = """
    WITH hit AS MATERIALIZED (
        SELECT id, object_id FROM base_searchdocument
        WHERE kind = '{kind}' AND vector @@ (SELECT %s::text::tsquery) AND id BETWEEN %s AND %s
    )
    SELECT id, object_id FROM hit ORDER BY id DESC LIMIT %s"""
# Rows are compared, not columns: a condition on columns is answered from the key, past all other kinds of documents.
_LATEST_POSTGRESQL = """
    SELECT max(latest.id) FROM unnest(%s::text[]) AS asked(scope) CROSS JOIN LATERAL (
        SELECT kind, scope, id FROM base_searchdocument WHERE (kind, scope, id) <= (%s, asked.scope, 9223372036854775807)
        ORDER BY kind DESC, scope DESC, id DESC LIMIT 1
    ) AS latest WHERE latest.kind = %s AND latest.scope = asked.scope"""
_THESE_RANKED_POSTGRESQL = """
    SELECT object_id FROM base_searchdocument WHERE id = ANY(%s)
    ORDER BY ts_rank('{0.05, 0.1, 0.4, 1.0}', vector, %s::tsquery) DESC, id"""
DENSE = 0.05
"""Share of the documents from which on it costs less to look at each record in a list's order than to gather all hits."""
_MANY_SQLITE = "SELECT rowid FROM base_searchtext WHERE base_searchtext MATCH %s LIMIT 1 OFFSET %s"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. `corrected`: the words as they were understood, when they were mended or some left out."""

    keys: list[Any]
    """Primary keys, best first. Where there are too many to rank: after `find_all` none, after `find_newest` the newest first."""
    words: tuple[Word, ...] = ()
    corrected: str = ""
    some_words: bool = False
    """No record has all the words; these have some of them."""
    more: bool = False
    """There are more hits than were ranked."""
    dense: bool = False
    """So many that a list in another order meets enough of them on its way: see `narrowed`. Told on PostgreSQL only."""

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

    Filter by `hits`. Of a word that thousands of records have, none is better than the others.
    """
    return _find(kinds.get(kind), text, scopes, _ranked_or_many)


def find_newest(kind: str, text: str, *, scopes: Collection[str]) -> Found:
    """Like `find_all`, but where there are more than `MOST_NEWEST` hits, the keys are of those that came into the index last."""
    return _find(kinds.get(kind), text, scopes, _ranked_or_newest)


def hits(kind: str, found: Found, *, scopes: Collection[str]) -> RawSQL:
    """All the hits of a search as a condition, without order: `filter(pk__in=hits(…))`."""
    entry = kinds.get(kind)
    if not found.more:
        return among(entry.model, found.keys)
    sql, parameters = _hits_sql(entry, found.words, scopes, every=not found.some_words)
    return RawSQL(sql, parameters)  # noqa: S611 (terms are a-z and 0-9, and parameters at that)


def narrowed(rows: Any, kind: str, found: Found, *, scopes: Collection[str]) -> Any:
    """The rows (a queryset of the kind's model) that are hits, in the order that they have.

    On PostgreSQL a word that very many have is looked for in each row's own document as the list is read: the first page is
    full after a few. Others are gathered from the text index first. SQLite's index is too slow to be asked for one document.
    """
    if not found.dense:
        return rows.filter(pk__in=hits(kind, found, scopes=scopes))
    entry = kinds.get(kind)
    asked = _within(entry, scopes, _tsquery(found.words, every=not found.some_words))
    document = SearchDocument.objects.filter(kind=kind, object_id=Cast(OuterRef("pk"), models.CharField()))
    has = RawSQL("vector @@ %s::tsquery", [asked], output_field=models.BooleanField())
    return rows.filter(Subquery(document.values(has=has), output_field=models.BooleanField()))


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
        sql, asked = _RANKED_POSTGRESQL.format(kind=kind.key), _tsquery(words, every=every)
        parameters = [_within(kind, scopes, asked), weighed, asked, limit + 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[str]] = cursor.fetchall()
    return rows


def _ranked_or_many(
    kind: kinds.Kind,
    words: tuple[Word, ...],
    scopes: Collection[str],
    *,
    every: bool,
    most: int | None = None,
) -> Found:
    """All of them ranked; or none, where there are too many. To count costs FTS5 far less than to weigh."""
    most = most or MOST_RANKED
    if connection.vendor == "postgresql":
        return _ranked_or_many_postgresql(kind, words, scopes, every=every, most=most)
    with connection.cursor() as cursor:
        cursor.execute(_MANY_SQLITE, [_fts5(kind, words, scopes, every=every), most])
        if cursor.fetchone():
            return Found([], words, more=True)
    return _best(kind, words, scopes, every=every, limit=most, weighed=most)


def _ranked_or_many_postgresql(
    kind: kinds.Kind, words: tuple[Word, ...], scopes: Collection[str], *, every: bool, most: int
) -> Found:
    """Some hits in any order first: only where those are all of them is it worth while to weigh."""
    asked = _tsquery(words, every=every)
    with connection.cursor() as cursor:
        cursor.execute(_ANY_POSTGRESQL.format(kind=kind.key), [_within(kind, scopes, asked), most + 1])
        rows = cursor.fetchall()
        if len(rows) > most:
            return Found([], words, more=True, dense=most > DENSE * _span(rows))
        return Found(_weighed_postgresql(cursor, kind, rows, asked), words)


def _weighed_postgresql(cursor: Any, kind: kinds.Kind, rows: list[tuple[int, str]], asked: str) -> list[Any]:
    """Primary keys of these (document, key), the best first."""
    cursor.execute(_THESE_RANKED_POSTGRESQL, [[pk for pk, _ in rows], asked])
    to_key = kind.model._meta.pk.to_python
    return [to_key(key) for (key,) in cursor.fetchall()]


def _span(rows: list[tuple[int, str]]) -> int:
    """Among how many documents, of any kind, these (document, key) stand."""
    return max(rows)[0] - min(rows)[0]


def _ranked_or_newest(
    kind: kinds.Kind, words: tuple[Word, ...], scopes: Collection[str], *, every: bool
) -> Found:
    """All of them ranked; or the newest, where there are more than are shown."""
    to_key = kind.model._meta.pk.to_python
    if connection.vendor == "sqlite":
        found = _ranked_or_many(kind, words, scopes, every=every, most=MOST_NEWEST)
        if not found.more:
            return found
        sql, parameters = _hits_sql(kind, words, scopes, every=every)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY t.rowid DESC LIMIT {MOST_NEWEST}", parameters)
            return replace(found, keys=[to_key(key) for (key,) in cursor.fetchall()])
    asked = _tsquery(words, every=every)
    with connection.cursor() as cursor:
        rows = _newest_postgresql(cursor, kind, scopes, asked)
        if len(rows) <= MOST_NEWEST:
            return Found(_weighed_postgresql(cursor, kind, rows, asked), words)
    return Found([to_key(key) for _, key in rows[:MOST_NEWEST]], words, more=True)


def _newest_postgresql(
    cursor: Any, kind: kinds.Kind, scopes: Collection[str], asked: str
) -> list[tuple[int, str]]:
    """(document, key) of all the hits, in any order; of those that are too many one more than are shown, the newest first.

    PostgreSQL's text index gives every hit of a word before the newest are known, and to fetch thousands of rows costs far
    more than to find them. So as many as may be ranked are asked for, in whatever order; how close together those stand
    tells among how many of the latest documents there are likely to be enough.
    """
    within, most = _within(kind, scopes, asked), MOST_NEWEST + 1
    cursor.execute(_ANY_POSTGRESQL.format(kind=kind.key), [within, most])
    rows: list[tuple[int, str]] = cursor.fetchall()
    if len(rows) < most:
        return rows
    likely = _span(rows) * 3 // 2
    if likely < MOST_LATEST:
        cursor.execute(_LATEST_POSTGRESQL, [sorted(scopes), kind.key, kind.key])
        (latest,) = cursor.fetchone()
        cursor.execute(_NEWEST_POSTGRESQL.format(kind=kind.key), [within, latest - likely, latest, most])
        rows = cursor.fetchall()
        if len(rows) == most:
            return rows
    cursor.execute(_HITS_POSTGRESQL.format(kind=kind.key), [within, most])
    rows = cursor.fetchall()
    return rows


def _is_found(kind: kinds.Kind, word: Word, scopes: Collection[str]) -> bool:
    """Whether any record has the word. Nothing is ranked.

    On PostgreSQL the limit stands outside: inside, it makes the planner look through all records for the first hit,
    and a misspelt word has none.
    """
    sql, parameters = _hits_sql(kind, (word,), scopes, every=True)
    if connection.vendor == "postgresql":
        sql = f"WITH hit AS MATERIALIZED ({sql}) SELECT 1 FROM hit"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT 1", parameters)
        return cursor.fetchone() is not None


def _hits_sql(
    kind: kinds.Kind, words: Sequence[Word], scopes: Collection[str], *, every: bool
) -> tuple[str, list[Any]]:
    pk = kind.model._meta.pk
    if not words or not scopes:
        return "SELECT NULL WHERE 1 = 0", []
    if connection.vendor == "sqlite":
        cast = (
            "CAST(d.object_id AS integer)"
            if isinstance(pk, models.AutoField | models.IntegerField)
            else "d.object_id"
        )
        return (
            f"SELECT {cast} FROM base_searchtext t JOIN base_searchdocument d ON d.id = t.rowid "  # noqa: S608
            "WHERE t.base_searchtext MATCH %s",
            [_fts5(kind, words, scopes, every=every)],
        )
    return (
        f"SELECT object_id::{pk.db_type(connection)} FROM base_searchdocument "  # noqa: S608
        f"WHERE kind = '{kind.key}' AND vector @@ %s::tsquery",
        [_within(kind, scopes, _tsquery(words, every=every))],
    )


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
    """What may have been meant, the most likely first: words that begin alike, then others."""
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
