# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consents brought in: the firm, the person and the purpose found, nothing twice, and nothing that was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import join
from brobygger.outreach.imports.reading import Entry
from brobygger.outreach.models import Consent, MailAddress, Purpose
from brobygger.register.imports.firm_rows import FirmStore, named_by
from brobygger.register.imports.firms import Firms
from brobygger.register.imports.importers import Order
from brobygger.register.models import Affiliation, Organisation, Person

REASON = "Import"
ATTEMPTS = 3
"""Somebody may note the same consent at the same moment: then the lot is looked at again."""
Key = tuple[int, int, str]
"""Firm, purpose and address: one consent may stand for them."""


@dataclass
class Lot:
    """What is to become of some rows. Told in the report once it is stored."""

    new: list[tuple[Entry, Consent]] = field(default_factory=list)
    done_before: int = 0
    """Stored by an earlier attempt of this same import."""
    standing: int = 0
    faults: list[tuple[Entry, str, str, str]] = field(default_factory=list)
    """(row, column, value, what is wrong)."""
    remarks: list[tuple[Entry, str, str, str]] = field(default_factory=list)


class Store(FirmStore[Entry]):
    """Takes rows some hundred at a time."""

    def __init__(self, order: Order, labels: dict[str, str]) -> None:
        super().__init__(order, labels)
        self.purposes = {one.name.casefold(): one for one in Purpose.objects.filter(operator=order.operator)}
        self.pretended: set[Key] = set()

    def take(self, entries: Sequence[Entry]) -> None:
        """Store a lot of rows and count each of them."""
        if self.order.dry_run:
            lot = self._lot(entries)
            self.pretended.update(_key(consent) for _entry, consent in lot.new)
        else:
            lot = self._stored(entries)
        self._tell(lot)

    def _stored(self, entries: Sequence[Entry]) -> Lot:
        for attempt in range(ATTEMPTS):
            try:
                with transaction.atomic():
                    lot = self._lot(entries)
                    self._create([consent for _entry, consent in lot.new])
                return lot
            except IntegrityError:
                if attempt + 1 == ATTEMPTS:
                    raise
        raise AssertionError  # the loop returns or raises

    def _lot(self, entries: Sequence[Entry]) -> Lot:
        firms, lot = Firms(self.operator, entries), Lot()
        found = [(entry, *firms.find(entry)) for entry in entries]
        people = _People([firm for _entry, firm, _fault in found if firm])
        rows: list[tuple[Entry, Consent]] = []
        for entry, firm, fault in found:
            if firm is None:
                lot.faults.append((entry, *named_by(entry), fault))
            elif (consent := self._consent(entry, firm, people, lot)) is not None:
                rows.append((entry, consent))
        self._sort_out(rows, lot)
        return lot

    def _consent(self, entry: Entry, firm: Organisation, people: _People, lot: Lot) -> Consent | None:
        purpose = self.purposes.get(entry.purpose.casefold())
        if purpose is None or not purpose.active:
            known = join([f"»{one.name}«" for one in self.purposes.values() if one.active]) or _(
                "ingen endnu"
            )
            told = _("Formålet findes ikke. Kontorets formål er %(known)s") % {"known": known}
            lot.faults.append((entry, "purpose", entry.purpose, told))
            return None
        person = people.of(firm, entry.person)
        email = entry.email or (person.email if person else "") or firm.email
        if not email:
            lot.faults.append((entry, "email", "", _("Der er ingen e-mail at skrive til")))
            return None
        if entry.person and person is None:
            told = _("Personen findes ikke hos virksomheden. Samtykket er noteret på virksomheden selv")
            lot.remarks.append((entry, "person", entry.person, told))
        return Consent(
            operator=self.operator,
            organisation=firm,
            person=person,
            purpose=purpose,
            email=email.strip().lower(),
            given_on=entry.given_on,
            source=entry.source,
            source_note=entry.note,
            noted_by=self.order.by,
        )

    def _sort_out(self, rows: Sequence[tuple[Entry, Consent]], lot: Lot) -> None:
        """Those that are new, those that stand, and those that were taken back since."""
        addresses = {consent.email for _entry, consent in rows}
        here = Consent.objects.filter(operator=self.operator, email__in=addresses)
        standing = {_key(one): one for one in here.filter(withdrawn_at=None)}
        taken_back = _last_taken_back(here)
        dead = set(
            MailAddress.objects.filter(
                operator=self.operator, email__in=addresses, dead_at__isnull=False
            ).values_list("email", flat=True)
        )
        since = self.order.since
        for entry, consent in rows:
            key, gone = _key(consent), taken_back.get((consent.purpose_id, consent.email))
            if key in standing:
                again = (
                    since is not None and standing[key].created_at >= since and standing[key].pk is not None
                )
                lot.done_before += again
                lot.standing += not again
            elif key in self.pretended:
                lot.standing += 1
            elif gone and consent.given_on <= gone:
                told = _("Adressen har afmeldt sig %(day)s. Et ja fra før gælder ikke længere") % {
                    "day": f"{gone:%d.%m.%Y}"
                }
                lot.faults.append((entry, "email", consent.email, told))
            else:
                standing[key] = consent
                lot.new.append((entry, consent))
                if consent.email in dead:
                    told = _("Mails hertil kommer retur. Samtykket er noteret, men der sendes ikke noget")
                    lot.remarks.append((entry, "email", consent.email, told))

    def _create(self, consents: list[Consent]) -> None:
        Consent.objects.bulk_create(consents)
        history: Any = Consent.history
        history.bulk_history_create(consents, default_user=self.order.by, default_change_reason=REASON)

    def _tell(self, lot: Lot) -> None:
        self.report.created += len(lot.new) + lot.done_before
        self.report.unchanged += lot.standing
        for fault in lot.faults:
            self.skip(*fault)
        for remark in lot.remarks:
            self.remark(*remark)
        for _entry, consent in lot.new:
            self.report.differ(consent.organisation.name, "+", lambda consent=consent: _in_words(consent))  # type: ignore[misc]


class _People:
    """Who is in which of some firms now, by name."""

    def __init__(self, firms: Sequence[Organisation]) -> None:
        rows = Affiliation.objects.filter(organisation__in=firms, ended_on=None).select_related("person")
        self.known = {
            (row.organisation_id, row.person.name.casefold()): row.person for row in rows.order_by("pk")
        }

    def of(self, firm: Organisation, name: str) -> Person | None:
        """The person of that name in the firm; None where there is none."""
        return self.known.get((firm.pk, name.casefold())) if name else None


def _key(consent: Consent) -> Key:
    return consent.organisation_id, consent.purpose_id, consent.email


def _last_taken_back(rows: Any) -> dict[tuple[int, str], date]:
    """(purpose, address) → the day when somebody last took a yes back, in whatever firm."""
    gone = rows.filter(withdrawn_at__isnull=False).order_by("withdrawn_at")
    return {
        (purpose, email): timezone.localdate(moment)
        for purpose, email, moment in gone.values_list("purpose_id", "email", "withdrawn_at")
    }


def _in_words(consent: Consent) -> list[str]:
    return [
        f"{consent.purpose.name}: {consent.email}",
        f"{consent.given_on:%d.%m.%Y}",
        str(consent.get_source_display()),
        consent.source_note,
    ]
