# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Keeping the text index right: called in the same transaction as the save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, connections, models, transaction

from brobygger.base.search import kinds
from brobygger.base.search.kinds import Document, Kind
from brobygger.base.search.models import SearchDocument, SearchWord
from brobygger.base.search.terms import Word, read

BATCH = 500
LONGEST_WORD = 60


class _Entry(NamedTuple):
    """A document as the text index takes it: the terms of each column."""

    scope: str
    name: list[str]
    facts: list[str]
    body: list[str]
    kin: list[str]
    words: dict[str, str]


def index(kind: str, records: Iterable[Any], progress: Callable[[int], None] | None = None) -> int:
    """Bring the index up to date for these records (or primary keys), new, changed or gone. Returns how many.

    Works through any number in bounded memory; `progress` is told how many are done. Outside the caller's transaction each
    batch is one of its own: on SQLite others wait for it, and not for them all. Raises KeyError on an unknown kind.
    """
    entry = kinds.get(kind)
    done = 0
    for batch in _batches(getattr(record, "pk", record) for record in records):
        with transaction.atomic():
            _index_batch(entry, batch)
        done += len(batch)
        if progress:
            progress(done)
    return done


@transaction.atomic
def remove(kind: str, records: Iterable[Any]) -> None:
    """Take records (or primary keys) out of the index."""
    entry = kinds.get(kind)
    for batch in _batches(getattr(record, "pk", record) for record in records):
        _forget(entry, batch)


def reindex(kind: str, progress: Callable[[int], None] | None = None) -> int:
    """Build the index of a kind anew, words for mending typing errors among it. Returns how many records."""
    entry = kinds.get(kind)
    SearchWord.objects.filter(kind=kind).delete()
    keys = list(entry.model._default_manager.order_by("pk").values_list("pk", flat=True))
    gone = SearchDocument.objects.filter(kind=kind).values_list("object_id", flat=True)
    alive = {stored_key(entry.model, pk) for pk in keys}
    _forget_stored(entry, [key for key in gone if key not in alive])
    return index(kind, keys, progress)


def make_indexes(using: str = "default", **_: Any) -> None:
    """The text index of each kind on PostgreSQL, where it is missing. One for all kinds would give a word's hits among talks
    before a search among firms could leave them out."""
    database = connections[using]
    if database.vendor != "postgresql" or "base_searchdocument" not in database.introspection.table_names():
        return
    with database.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'base_searchdocument'")
        there = {name for (name,) in cursor.fetchall()}
        for kind in kinds.every():
            if (name := f"base_searchdocument_{kind.key}") not in there:
                cursor.execute(
                    f"CREATE INDEX {name} ON base_searchdocument USING gin (vector) WITH (fastupdate = off) "
                    f"WHERE kind = '{kind.key}'"
                )


def stored_key(model: type[models.Model], pk: Any) -> str:
    """A primary key as the database writes it, in text."""
    return str(model._meta.pk.get_db_prep_value(pk, connection))


def _batches(keys: Iterable[Any]) -> Iterator[list[Any]]:
    keys = iter(keys)
    while batch := list(islice(keys, BATCH)):
        yield batch


def _index_batch(kind: Kind, keys: list[Any]) -> None:
    documents = {document.pk: document for document in kind.build(keys)}
    missing = [key for key in keys if key not in documents]
    if missing:
        _forget(kind, missing)
    if not documents:
        return
    rows = SearchDocument.objects.bulk_create(
        [
            SearchDocument(kind=kind.key, object_id=stored_key(kind.model, pk), scope=document.scope)
            for pk, document in documents.items()
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["scope"],
    )
    entries = [_entry(kind, document) for document in documents.values()]
    write = _write_sqlite if connection.vendor == "sqlite" else _write_postgresql
    write([(row.pk, entry) for row, entry in zip(rows, entries, strict=True)])
    _remember_words(kind, zip(documents.values(), entries, strict=True))


def _entry(kind: Kind, document: Document) -> _Entry:
    name, facts, body = read(document.name), read(document.facts), read(document.body)
    under = read(document.under)
    kin = {term for word in (*name, *facts, *body, *under) for term in (*word.parts, *word.roots)}
    return _Entry(
        f"{kind.key}{document.scope}",
        _own_terms(name),
        _own_terms(facts),
        _own_terms(body),
        sorted(kin.union(_own_terms(under))),
        {
            word.key: word.text
            for word in (*name, *facts, *body, *under)
            if word.key.isalpha() and len(word.key) > 3
        },
    )


def scope_term(kind: Kind, scope: str) -> str:
    """How a scope of a kind stands in PostgreSQL's index: no word begins with the sign, so nobody can type it."""
    return f"={kind.key}{scope}"


def _own_terms(words: tuple[Word, ...]) -> list[str]:
    return list(dict.fromkeys(term for word in words for term in (word.key, word.stem)))


def _write_sqlite(entries: list[tuple[int, _Entry]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM base_searchtext WHERE rowid = %s", [(pk,) for pk, _ in entries])
        cursor.executemany(
            "INSERT INTO base_searchtext (rowid, scope, name, facts, body, kin) VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (pk, e.scope, " ".join(e.name), " ".join(e.facts), " ".join(e.body), " ".join(e.kin))
                for pk, e in entries
            ],
        )


def _write_postgresql(entries: list[tuple[int, _Entry]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE base_searchdocument d SET vector = n.vector::tsvector "
            "FROM unnest(%s::bigint[], %s::text[]) AS n(id, vector) WHERE d.id = n.id",
            [[pk for pk, _ in entries], [_vector(entry) for _, entry in entries]],
        )


def _vector(entry: _Entry) -> str:
    """A tsvector literal: every term with the weight of the best column it stands in. One without a position has the lowest."""
    places = {f"={entry.scope}": ""}
    for place, terms in (("", entry.kin), (":1C", entry.body), (":1B", entry.facts), (":1A", entry.name)):
        places.update(dict.fromkeys(terms, place))
    return " ".join(f"'{term}'{place}" for term, place in places.items())


def _remember_words(kind: Kind, entries: Iterable[tuple[Document, _Entry]]) -> None:
    found = {(document.scope, key): text for document, entry in entries for key, text in entry.words.items()}
    known = set(
        SearchWord.objects.filter(
            kind=kind.key, scope__in={scope for scope, _ in found}, key__in={key for _, key in found}
        ).values_list("scope", "key")
    )
    SearchWord.objects.bulk_create(
        [
            SearchWord(
                kind=kind.key, scope=scope, key=key[:LONGEST_WORD], word=found[scope, key], length=len(key)
            )
            for scope, key in sorted(found.keys() - known)
        ],
        ignore_conflicts=True,
    )


def _forget(kind: Kind, keys: list[Any]) -> None:
    _forget_stored(kind, [stored_key(kind.model, key) for key in keys])


@transaction.atomic
def _forget_stored(kind: Kind, keys: list[str]) -> None:
    for batch in _batches(keys):
        rows = list(
            SearchDocument.objects.filter(kind=kind.key, object_id__in=batch).values_list("pk", flat=True)
        )
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.executemany("DELETE FROM base_searchtext WHERE rowid = %s", [(pk,) for pk in rows])
        SearchDocument.objects.filter(pk__in=rows).delete()
