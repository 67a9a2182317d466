# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows brought in: the firm found, nothing twice, some hundred in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import search
from brobygger.base.danish import join
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A talk of the file and its firms: rows with the same reference that say the same are one talk with several."""

    entries: list[Entry]
    firms: list[Organisation]
    again: list[Entry] = field(default_factory=list)
    """Rows that name a firm of it once more."""

    @property
    def entry(self) -> Entry:
        return self.entries[0]


class Store(FirmStore[Entry]):
    """Takes rows some hundred at a time."""

    def __init__(self, order: Order, labels: dict[str, str]) -> None:
        super().__init__(order, labels)
        self.people: dict[str, User] = {}
        for user in colleagues(self.operator):
            self.people[user.email.casefold()] = self.people[user.name.casefold()] = user
        self.told: dict[uuid.UUID, set[int]] = {}
        """Talk → the firms that the file has named so far."""
        self.said: dict[uuid.UUID, tuple[str, str]] = {}
        """Reference → what its first row says."""
        self.ours: set[uuid.UUID] = set()
        """Talks that this import brought in."""
        self.others: dict[uuid.UUID, str] = {}
        """Talk that stood already → what it says otherwise than the file."""

    def take(self, entries: Sequence[Entry]) -> None:
        """Store a lot of rows and count each of them."""
        with nullcontext() if self.order.dry_run else transaction.atomic():
            self._lot(entries)

    def _lot(self, entries: Sequence[Entry]) -> None:
        firms = Firms(self.operator, entries)
        wanted: dict[uuid.UUID, Wanted] = {}
        more: list[tuple[uuid.UUID, Organisation]] = []
        for entry in entries:
            firm, fault = firms.find(entry)
            if firm is None:
                self.skip(entry, *named_by(entry), fault)
                continue
            key = self._key(entry, firm.pk)
            told = self.told.setdefault(key, set())
            if firm.pk in told and key in wanted:
                wanted[key].again.append(entry)
            elif firm.pk in told or key in self.others:
                self._stands(key, entry)
            elif key in wanted:
                wanted[key].entries.append(entry)
                wanted[key].firms.append(firm)
            elif told:
                more.append((key, firm))
            else:
                wanted[key] = Wanted([entry], [firm])
            told.add(firm.pk)
        known = {row.entry_key: row for row in Interaction.objects.filter(entry_key__in=wanted)}
        for key, talk in wanted.items():
            there = known.get(key)
            by_this = there and self.order.since is not None and there.created_at >= self.order.since
            if there and not by_this:
                if differ := differences(there, talk.entry):
                    self.others[key] = join(differ)
                for entry in (*talk.entries, *talk.again):
                    self._stands(key, entry)
                continue
            self.ours.add(key)
            self.report.created += 1
            self.report.changed += len(talk.firms) - 1
            self.report.unchanged += len(talk.again)
            more += [(key, firm) for firm in talk.firms] if by_this else []
        self._create({key: talk for key, talk in wanted.items() if key not in known})
        self._join(more, counted=wanted)

    def _stands(self, key: uuid.UUID, entry: Entry) -> None:
        """A row of a talk that stood already, which is left as it is: it may be another one, or have been corrected here."""
        differ = self.others.get(key)
        if differ is None:
            self.report.unchanged += 1
            return
        told = _("Samtalen findes allerede, men %(what)s er ikke som i filen. Den er ikke ændret.")
        self.skip(entry, "text", entry.text, told % {"what": differ})

    def _key(self, entry: Entry, firm: int) -> uuid.UUID:
        """What the row is known again by. Where another row of the file has the reference and says something else, the reference
        is of more than one talk (a case's number, say): then what the row says decides as well."""
        key = key_of(self.operator.pk, entry, firm)
        if entry.reference and self.said.setdefault(key, said_by(entry)) != said_by(entry):
            return key_of(self.operator.pk, entry, firm, alone=False)
        return key

    def _create(self, rows: Mapping[uuid.UUID, Wanted]) -> None:
        talks = [self._talk(key, row.entry) for key, row in rows.items()]
        for talk, row in zip(talks, rows.values(), strict=True):
            name = join([firm.name for firm in row.firms])
            self.report.differ(name, "+", lambda talk=talk, row=row: [str(talk), row.entry.text[:100]])  # type: ignore[misc]
        if self.order.dry_run:
            return
        Interaction.objects.bulk_create(talks)
        self.order.made(Interaction, [talk.pk for talk in talks], False)
        history: Any = Interaction.history
        lines = history.bulk_history_create(talks, default_user=self.order.by, default_change_reason=REASON)
        self._link(
            [
                (talk.pk, line.pk, firm.pk)
                for talk, line, row in zip(talks, lines, rows.values(), strict=True)
                for firm in row.firms
            ]
        )
        search.index(KIND, [talk.pk for talk in talks])

    def _join(
        self, rows: Sequence[tuple[uuid.UUID, Organisation]], *, counted: Collection[uuid.UUID]
    ) -> None:
        """More firms of talks that this import has brought in before; one that stood already is left as it is."""
        ours = [(key, firm) for key, firm in rows if key in self.ours]
        later = [key for key, _firm in rows if key not in counted]
        self.report.changed += sum(key in self.ours for key in later)
        self.report.unchanged += sum(key not in self.ours for key in later)
        if self.order.dry_run or not ours:
            return
        talks = dict(
            Interaction.objects.filter(entry_key__in={key for key, _firm in ours}).values_list(
                "entry_key", "pk"
            )
        )
        through: Any = Interaction.organisations.through
        there = set(
            through.objects.filter(interaction__in=talks.values()).values_list(
                "interaction_id", "organisation_id"
            )
        )
        past: Any = Interaction.history
        lines = dict(past.filter(id__in=talks.values(), history_type="+").values_list("id", "history_id"))
        new = {(talks[key], firm.pk) for key, firm in ours if key in talks} - there
        self._link([(talk, lines[talk], firm) for talk, firm in sorted(new) if talk in lines])
        search.index(KIND, sorted({talk for talk, _firm in new}))

    def _link(self, rows: Sequence[tuple[int, int, int]]) -> None:
        """(talk, line of history, firm): the firms of talks, with them in the history, so that the next change is told right."""
        through: Any = Interaction.organisations.through
        links = through.objects.bulk_create(
            through(interaction_id=talk, organisation_id=firm) for talk, _line, firm in rows
        )
        members: Any = apps.get_model("dialogue", "HistoricalInteraction_organisations")
        members.objects.bulk_create(
            members(id=link.pk, history_id=line, interaction_id=talk, organisation_id=firm)
            for link, (talk, line, firm) in zip(links, rows, strict=True)
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


def key_of(operator: int, entry: Entry, firm: int, *, alone: bool = True) -> uuid.UUID:
    """What a row is known again by: its own reference (`alone`), else what it says."""
    said = f"{said_by(entry)[0]}|{firm}|{said_by(entry)[1]}"
    if entry.reference:
        said = f"ref|{entry.reference}" if alone else f"ref|{entry.reference}|{said}"
    return uuid.uuid5(_NAMESPACE, f"{operator}|{said}")


def said_by(entry: Entry) -> tuple[str, str]:
    """(when and how, the text) of a row, whichever firm it names."""
    return f"{entry.on}|{entry.clock}|{entry.kind}", " ".join(entry.text.split()).casefold()


def differences(there: Interaction, entry: Entry) -> list[str]:
    """What a stored talk says otherwise than a row, of what the row says."""
    told = (
        (_("dagen"), entry.on, there.on),
        (_("klokkeslættet"), entry.clock or there.clock, there.clock),
        (_("arten"), there.kind if entry.kind == Interaction.Kind.NOTE else entry.kind, there.kind),
        (_("teksten"), entry.text.split(), there.text.split()),
        (_("referatet"), (entry.minutes or there.minutes).split(), there.minutes.split()),
    )
    return [name for name, mine, stored in told if mine != stored]
