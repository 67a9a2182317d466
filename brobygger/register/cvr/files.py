# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A file from the CVR distribution into an operator's register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.register.cvr.reading import Document, read_documents
from brobygger.register.cvr.store import Store
from brobygger.register.imports.errors import BadFile
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report


def check(path: Path, name: str) -> None:
    """Raises BadFile when the first document cannot be reached."""
    for _document in read_documents(path, name):
        return


def carry_out(order: Order, progress: Progress) -> Report:
    """Bring the register up to date with the file. Raises BadFile when it holds nothing of CVR, or is damaged.

    What was read before the damage is stored.
    """
    if order.own_only and not order.operator.municipality_codes:
        raise BadFile(
            order.name, _("Kontoret har ingen kommuner at holde filen op imod. Importer hele filen i stedet.")
        )
    report = order.report
    store = Store(order.operator, report, own_only=order.own_only, dry_run=order.dry_run, since=order.since)
    size = max(1, order.path.stat().st_size // 1024)

    def told(done: int) -> None:
        progress(
            min(done // 1024, size),
            size,
            _("kB af filen. %(read)s poster er læst.") % {"read": number(report.read)},
        )

    def documents() -> Iterator[Document]:
        return read_documents(order.path, order.name, told)

    take_all(store, documents(), lambda wanted: documents())
    return report


def take_all(
    store: Store,
    documents: Iterable[Document],
    again: Callable[[frozenset[str]], Iterable[Document]],
) -> None:
    """Every document; then, by `again(CVR numbers)`, the companies elsewhere that have a place of work here."""
    try:
        for document in documents:
            store.take(document)
    except BadFile:
        store.finish()
        raise
    store.flush()
    if store.wanted:
        for document in again(frozenset(store.wanted)):
            store.take_wanted(document)
    store.finish()
