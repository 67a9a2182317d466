# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The tables behind search. Written only by `brobygger.base.search`.

The text itself stands in the database's own full-text index, which the migration makes: the virtual table
`base_searchtext` (FTS5) on SQLite with the document's id as rowid, the column `vector` on PostgreSQL.
"""

from __future__ import annotations

from django.db import models


class SearchDocument(models.Model):
    """One searchable record."""

    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=36)
    """The record's primary key as the database writes it."""
    scope = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="base_one_document_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchWord(models.Model):
    """A word that some document of a kind and scope has (or had): what a misspelt word may have been meant to be.

    Words are only ever added, so that two people saving at once never wait for each other; one that is left
    over finds nothing and is then not proposed. `reindex` starts the list afresh.
    """

    kind = models.CharField(max_length=20)
    scope = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    """The word in a-z and 0-9, as it stands in the index."""
    word = models.CharField(max_length=60)
    length = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "scope", "key"], name="base_one_search_word")]

    def __str__(self) -> str:
        return self.word
