# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows brought in: the firm found, nothing twice, some hundred in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import search
from brobygger.dialogue.imports.reading import Entry
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.queries.interactions import colleagues
from brobygger.dialogue.search import KIND
from brobygger.register.imports.firm_rows import FirmStore, named_by
from brobygger.register.imports.firms import Firms
from brobygger.register.imports.importers import Order
from brobygger.register.models import Organisation

REASON = "Import"
_NAMESPACE = uuid.UUID("6f0c7e0e-8f8e-5a6e-9d55-3f1b6b6c1c1a")


class Store(FirmStore[Entry]):
    """Takes rows some hundred at a time."""

    def __init__(self, order: Order, labels: dict[str, str]) -> None:
        super().__init__(order, labels)
        self.people: dict[str, User] = {}
        for user in colleagues(self.operator):
            self.people[user.email.casefold()] = self.people[user.name.casefold()] = user
        self.pretended: set[uuid.UUID] = set()

    def take(self, entries: Sequence[Entry]) -> None:
        """Store a lot of rows and count each of them."""
        with nullcontext() if self.order.dry_run else transaction.atomic():
            self._lot(entries)

    def _lot(self, entries: Sequence[Entry]) -> None:
        firms = Firms(self.operator, entries)
        wanted: dict[uuid.UUID, tuple[Entry, Organisation]] = {}
        for entry in entries:
            firm, fault = firms.find(entry)
            if firm is None:
                self.skip(entry, *named_by(entry), fault)
                continue
            key = key_of(self.operator.pk, entry, firm.pk)
            if key in wanted or key in self.pretended:
                self.report.unchanged += 1
            else:
                wanted[key] = (entry, firm)
        known = dict(Interaction.objects.filter(entry_key__in=wanted).values_list("entry_key", "created_at"))
        new = []
        for key, (entry, firm) in wanted.items():
            if key not in known:
                new.append((key, entry, firm))
            elif self.order.since is not None and known[key] >= self.order.since:
                self.report.created += 1  # by an earlier attempt of this same import
            else:
                self.report.unchanged += 1
        self._create(new)

    def _create(self, rows: Sequence[tuple[uuid.UUID, Entry, Organisation]]) -> None:
        talks = [self._talk(key, entry) for key, entry, _firm in rows]
        self.report.created += len(rows)
        for talk, (_key, entry, firm) in zip(talks, rows, strict=True):
            self.report.differ(firm.name, "+", lambda talk=talk, entry=entry: [str(talk), entry.text[:100]])  # type: ignore[misc]
        if self.order.dry_run:
            self.pretended.update(key for key, _entry, _firm in rows)
            return
        Interaction.objects.bulk_create(talks)
        self.order.made(Interaction, [talk.pk for talk in talks], False)
        through: Any = Interaction.organisations.through
        links = through.objects.bulk_create(
            through(interaction=talk, organisation=firm)
            for talk, (_key, _entry, firm) in zip(talks, rows, strict=True)
        )
        self._history(talks, links)
        search.index(KIND, [talk.pk for talk in talks])

    def _history(self, talks: Sequence[Interaction], links: Sequence[Any]) -> None:
        """A line of history for each, with its firm, so that the next change is told right."""
        history: Any = Interaction.history
        lines = history.bulk_history_create(talks, default_user=self.order.by, default_change_reason=REASON)
        members: Any = apps.get_model("dialogue", "HistoricalInteraction_organisations")
        members.objects.bulk_create(
            members(
                id=link.pk,
                history_id=line.pk,
                interaction_id=link.interaction_id,
                organisation_id=link.organisation_id,
            )
            for line, link in zip(lines, links, strict=True)
        )

    def _talk(self, key: uuid.UUID, entry: Entry) -> Interaction:
        by = self.people.get(entry.by.casefold()) if entry.by else None
        participants = entry.participants
        if entry.by and by is None:
            told = _("Fra kontoret: %(name)s") % {"name": entry.by}
            participants = f"{participants}\n{told}".strip()
            self.remark(
                entry, "by", entry.by, _("Ingen på kontoret hedder det. Navnet står under deltagere.")
            )
        return Interaction(
            operator=self.operator, kind=entry.kind, on=entry.on, clock=entry.clock, by=by, text=entry.text,
            minutes=entry.minutes, participants=participants, private=entry.private, entry_key=key,
        )  # fmt: skip


def key_of(operator: int, entry: Entry, firm: int) -> uuid.UUID:
    """What a row is known again by: its own reference, else what it says."""
    said = (
        f"ref|{entry.reference}"
        if entry.reference
        else f"{entry.on}|{entry.clock}|{entry.kind}|{firm}|{' '.join(entry.text.split()).casefold()}"
    )
    return uuid.uuid5(_NAMESPACE, f"{operator}|{said}")
