# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Companies and places of work from CVR, brought up to date in an operator's register.

CVR owns name, address, form, industry, employees, dates, status and advertising protection. E-mail, telephone and
website follow CVR until somebody here writes something else; then theirs stays. Everything else is the office's: kind,
description, tags, people, permits, an exact position as long as the address is the same. What CVR leaves empty
empties nothing. What CVR says again changes nothing.
"""

from __future__ import annotations

import json
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import IO, Any

import numpy
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator
from brobygger.register import places
from brobygger.register.cvr import CHANGED_BY
from brobygger.register.cvr.apply import company_values, fresh_digest, new_organisation, new_site, site_values
from brobygger.register.cvr.periods import day
from brobygger.register.cvr.protecting import forget_contact_details
from brobygger.register.cvr.reading import COMPANY, Document
from brobygger.register.cvr.shape import Company, Site, UnknownIndustry, company_of, site_of
from brobygger.register.imports import bulk
from brobygger.register.imports.differences import set_values, told, told_new
from brobygger.register.imports.errors import BadValue
from brobygger.register.imports.report import Report
from brobygger.register.models import Establishment, Organisation
from brobygger.register.queries_merges import numbers_given_up

REASON = CHANGED_BY
_SHOWN = ("cvr", "p_number", "street", "postal_code", "industry", "employees", "status")


@dataclass(slots=True)
class _Item:
    line: int
    facts: Company | Site
    unknown: str

    @property
    def key(self) -> str:
        return self.facts.cvr if isinstance(self.facts, Company) else self.facts.p_number


class Store:
    """Takes documents one by one and stores them some thousand at a time.

    `own_only` leaves out what lies outside the operator's municipalities and is not in the register already; a company
    elsewhere with a place of work here belongs. `since` is when an earlier attempt of the same import began: what that
    did is counted as done. Memory holds one batch; places of work that come before their company wait on disk.
    """

    def __init__(
        self,
        operator: Operator,
        report: Report,
        *,
        own_only: bool = False,
        dry_run: bool = False,
        since: datetime | None = None,
        today: date | None = None,
    ) -> None:
        self.operator, self.report = operator, report
        self.codes = frozenset(operator.municipality_codes) if own_only else None
        self.dry_run, self.since = dry_run, since
        self.today = today or timezone.localdate()
        self.batch: dict[str, _Item] = {}
        self.waiting: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self.wanted: set[str] = set()
        """CVR numbers of companies elsewhere that have a place of work here."""
        self.pretended: set[str] = set()
        """CVR numbers and P-numbers that a dry run would have created."""
        self.last = False
        self.protected: list[int] = []
        """Primary keys of companies in hand that have become protected from advertising."""
        self.owners = array("q")
        """Primary keys of organisations whose places of work are not in the search index yet; eight bytes each."""

    def take(self, document: Document) -> None:
        """One document of the file."""
        self.report.read += 1
        if document.fault or document.body is None:
            self.report.skip(document.line, document.fault)
            return
        unknown = UnknownIndustry()
        try:
            read = company_of if document.kind == COMPANY else site_of
            facts: Any = read(document.body, self.today, unknown)
        except BadValue as error:
            number = document.body.get("cvrNummer") or document.body.get("pNummer") or ""
            self.report.skip(document.line, str(error), column=document.kind, value=number)
        except (TypeError, ValueError, AttributeError, KeyError):
            self.report.skip(
                document.line, _("Dokumentet har ikke den form, CVR bruger"), column=document.kind
            )
        else:
            self._add(_Item(document.line, facts, unknown.code))

    def take_wanted(self, document: Document) -> None:
        """On a second reading: only companies elsewhere that turned out to have a place of work here."""
        body = document.body
        if body is None or document.kind != COMPANY or str(body.get("cvrNummer")) not in self.wanted:
            return
        if document.line:  # read, and left out, the first time
            self.report.read -= 1
            self.report.outside -= 1
        self.take(document)

    def finish(self) -> None:
        """Store the rest: what is in hand, then the places of work that waited for their company."""
        self.flush()
        self.last = True
        self.waiting.seek(0)
        for line in self.waiting:
            self._add(_from_disk(line))
        self.flush()
        self.waiting.close()
        self._index_owners()

    def _index_owners(self) -> None:
        """Organisations are found by their places of work too. Each is read into the index once, however many it has."""
        keys = numpy.unique(numpy.array(self.owners, dtype=numpy.int64)).tolist()
        self.owners = array("q")
        for start in range(0, len(keys), bulk.BATCH):
            bulk.index(keys[start : start + bulk.BATCH])

    def flush(self) -> None:
        """Store what is in hand, in one transaction."""
        items, self.batch = list(self.batch.values()), {}
        if not items:
            return
        with self._transaction():
            touched = self._companies([item for item in items if isinstance(item.facts, Company)])
            owners = self._sites([item for item in items if isinstance(item.facts, Site)])
            if not self.dry_run:
                bulk.index(touched)
                self.owners.extend(owners - touched)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self.dry_run:
            yield
        else:
            with transaction.atomic():
                yield

    def _add(self, item: _Item) -> None:
        if item.key in self.batch:
            self.flush()
        self.batch[item.key] = item
        if len(self.batch) >= bulk.BATCH:
            self.flush()

    def _is_here(self, code: str) -> bool:
        return self.codes is None or code in self.codes

    # Companies --------------------------------------------------------------------------------------

    def _companies(self, items: list[_Item]) -> set[int]:
        if not items:
            return set()
        stored = Organisation.objects.filter(operator=self.operator, cvr__in=[item.key for item in items])
        known = {
            str(row.cvr): row for row in (stored if self.dry_run else stored.select_for_update(of=("self",)))
        }
        earlier = self._earlier(Organisation, known.values())
        given_up = numbers_given_up(self.operator, [item.key for item in items])
        new: list[Organisation] = []
        changed: list[Organisation] = []
        for item in items:
            company: Any = item.facts
            organisation = known.get(company.cvr)
            if organisation is not None:
                if self._change(item, organisation, earlier.get(organisation.pk)):
                    changed.append(organisation)
            elif company.cvr in self.pretended or company.cvr in given_up:
                self.report.unchanged += 1
            elif not self._is_here(company.municipality_code) and company.cvr not in self.wanted:
                self.report.outside += 1
            else:
                new.append(self._new(item, new_organisation(self.operator, company)))
                self.wanted.discard(company.cvr)
        return self._write(new, changed)

    def _new(self, item: _Item, record: Any) -> Any:
        self.report.created += 1
        self.report.differ(
            record.name, "+", lambda: told_new(record, [name for name in _SHOWN if hasattr(record, name)])
        )
        self._remark_industry(item)
        if self.dry_run:
            self.pretended.add(item.key)
        return record

    def _change(self, item: _Item, record: Any, earlier: str | None, **more: Any) -> bool:
        """Bring a stored record up to date, with `more` than its document says; whether there is anything to store."""
        facts: Any = item.facts
        digest = fresh_digest(facts)
        if record.cvr_digest == digest and not more:
            self._count_again(earlier)
            return False
        values = company_values(record, facts) if isinstance(facts, Company) else site_values(record, facts)
        values |= more
        moved = (record.street, record.postal_code) != (values["street"], values["postal_code"])
        before = set_values(record, values)
        record.cvr_digest = digest
        if moved:
            record.latitude = record.longitude = None
        if not before:
            self._count_again(earlier)
            if not self.dry_run:
                type(record).objects.filter(pk=record.pk).update(cvr_digest=digest)
            return False
        if isinstance(record, Organisation) and record.ad_protected and "ad_protected" in before:
            self.protected.append(record.pk)
        self.report.changed += 1
        self.report.differ(record.name, "~", lambda: told(record, before))
        self._remark_industry(item)
        return True

    def _count_again(self, earlier: str | None) -> None:
        if earlier == "+":
            self.report.created += 1
        elif earlier == "~":
            self.report.changed += 1
        else:
            self.report.unchanged += 1

    def _earlier(self, model: type[Any], records: Any) -> dict[Any, str]:
        """What an earlier attempt of this import did to these records."""
        if self.since is None:
            return {}
        return bulk.touched_since(model, [record.pk for record in records], self.since, REASON)

    def _remark_industry(self, item: _Item) -> None:
        if item.unknown:
            self.report.remark(
                item.line,
                _("Branchekoden kan ikke føres over til DB25 med sikkerhed. Branchen er ikke sat."),
                column="hovedbranche",
                value=item.unknown,
            )

    def _write(self, new: list[Organisation], changed: list[Organisation]) -> set[int]:
        if self.dry_run:
            return set()
        now = timezone.now()
        for organisation in (*new, *changed):
            organisation.cvr_updated_at = now
        places.locate_all([*new, *changed])
        bulk.create(new, reason=REASON)
        bulk.update(changed, _COMPANY_FIELDS, reason=REASON)
        forget_contact_details(self.protected)
        self.protected.clear()
        return {organisation.pk for organisation in (*new, *changed)}

    # Places of work ---------------------------------------------------------------------------------

    def _sites(self, items: list[_Item]) -> set[int]:
        if not items:
            return set()
        owners = self._owners(items)
        stored = Establishment.objects.filter(
            operator=self.operator, p_number__in=[item.key for item in items]
        )
        known = {
            str(row.p_number): row
            for row in (stored if self.dry_run else stored.select_for_update(of=("self",)))
        }
        earlier = self._earlier(Establishment, known.values())
        homeless = []
        new: list[Establishment] = []
        changed: list[Establishment] = []
        for item in items:
            site: Any = item.facts
            place = known.get(site.p_number)
            if place is None and not self._is_here(site.municipality_code):
                self.report.outside += 1
            elif site.cvr not in owners and site.cvr not in self.pretended:
                homeless.append(item)
            elif place is not None:
                more: dict[str, Any] = {}
                if site.cvr in owners and place.organisation_id != owners[site.cvr].pk:
                    more = {"organisation": owners[site.cvr], "is_main": False}
                    if not self.dry_run:
                        self.owners.append(place.organisation_id)  # no longer found by it
                if self._change(item, place, earlier.get(place.pk), **more):
                    changed.append(place)
                elif (
                    place.pk in earlier and not self.dry_run
                ):  # by an attempt that may have ended before the index
                    self.owners.append(place.organisation_id)
            elif site.p_number in self.pretended:
                self.report.unchanged += 1
            else:
                new.append(self._new(item, new_site(self.operator, owners.get(site.cvr), site)))
        touched = self._write_sites(new, changed, owners)
        return touched | self._homeless(homeless)

    def _owners(self, items: list[_Item]) -> dict[str, Organisation]:
        wanted = {item.facts.cvr for item in items if isinstance(item.facts, Site)}
        given_up = numbers_given_up(self.operator, wanted)
        known = Q(cvr__in=wanted) | Q(pk__in=given_up.values())
        rows = Organisation.objects.filter(known, operator=self.operator)
        found = {row.pk: row for row in rows.only("pk", "cvr", "street", "postal_code", "operator_id")}
        laid_together = {cvr: found[pk] for cvr, pk in given_up.items() if pk in found}
        return laid_together | {str(row.cvr): row for row in found.values() if row.cvr}

    def _write_sites(
        self, new: list[Establishment], changed: list[Establishment], owners: dict[str, Organisation]
    ) -> set[int]:
        if self.dry_run:
            return set()
        self._choose_main(new, {owner.pk: owner for owner in owners.values()})
        places.locate_all([*new, *changed])
        bulk.create(new, reason=REASON)
        bulk.update(changed, _SITE_FIELDS, reason=REASON)
        return {place.organisation_id for place in (*new, *changed)}

    def _choose_main(self, new: list[Establishment], owners: dict[int, Organisation]) -> None:
        """The first place of work at the company's own address is its main one. CVR does not say which it is."""
        ids = {place.organisation_id for place in new}
        taken = set(
            Establishment.objects.filter(organisation_id__in=ids, is_main=True).values_list(
                "organisation_id", flat=True
            )
        )
        for place in new:
            owner = owners[place.organisation_id]
            same = (place.street, place.postal_code) == (owner.street, owner.postal_code)
            if same and place.ended_on is None and owner.pk not in taken:
                place.is_main = True
                taken.add(owner.pk)

    def _homeless(self, items: list[_Item]) -> set[int]:
        """Places of work whose company we do not know: they wait for it, and at last are entered on their own.

        Then the organisation gets the place's own name and address until CVR tells the rest.
        """
        if not items:
            return set()
        if not self.last:
            for item in items:
                self.waiting.write(_to_disk(item))
                if self.codes is not None:
                    self.wanted.add(item.facts.cvr)
            return set()
        firsts = {item.facts.cvr: item for item in reversed(items)}
        owners = []
        for cvr, item in firsts.items():
            self.report.remark(
                item.line,
                _(
                    "Virksomheden er hverken i filen eller i registret. Den er oprettet med produktionsenhedens navn."
                ),
                column="cvrNummer",
                value=cvr,
            )
            owners.append(new_organisation(self.operator, item.facts))
        if self.dry_run:
            self.pretended |= set(firsts)
        touched = self._write(owners, [])
        return touched | self._sites(items)


_COMPANY_FIELDS = (
    "name", "kind", "street", "postal_code", "city", "municipality_code", "latitude", "longitude", "x", "y", "form_code",
    "industry", "employees", "employees_text", "founded_on", "dissolved_on", "status", "ad_protected", "email",
    "phone", "website", "cvr_updated_at", "cvr_digest",
)  # fmt: skip
_SITE_FIELDS = (
    "organisation", "name", "is_main", "street", "postal_code", "city", "municipality_code", "latitude", "longitude",
    "x", "y", "industry", "employees", "started_on", "ended_on", "ad_protected", "cvr_digest",
)  # fmt: skip


def _to_disk(item: _Item) -> str:
    return json.dumps([item.line, item.unknown, asdict(item.facts)], default=str) + "\n"


def _from_disk(line: str) -> _Item:
    number, unknown, values = json.loads(line)
    values["started_on"], values["ended_on"] = day(values["started_on"]), day(values["ended_on"])
    return _Item(number, Site(**values), unknown)
