# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows of a file brought into the register: found again, changed where they differ, or created."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import name_key, sort_key
from brobygger.register import places
from brobygger.register.imports import bulk
from brobygger.register.imports.differences import set_values, told, told_new
from brobygger.register.imports.importers import Order
from brobygger.register.imports.report import Report
from brobygger.register.models import Affiliation, Establishment, Organisation, Person, Tag
from brobygger.register.queries_merges import numbers_given_up

REASON = "Import"
_ADDRESS = ("street", "postal_code", "city")
_SITE = ("name", *_ADDRESS)
_SHOWN = (
    "cvr",
    "street",
    "postal_code",
    "industry",
    "employees",
    "email",
    "phone",
    "dissolved_on",
    "ad_protected",
)
_POSITION = frozenset({"city", "municipality_code", "latitude", "longitude", "x", "y"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be used. `values` are fields of an organisation, `contact` those of a person (with `title`)."""

    line: int
    values: dict[str, Any]
    p_number: str
    contact: dict[str, str]
    tags: list[str]

    @property
    def place_key(self) -> tuple[str, str]:
        """What a row without CVR number is found again by."""
        return name_key(self.values["name"]), self.values.get("postal_code", "")


def _with_status(values: dict[str, Any]) -> dict[str, Any]:
    """A firm with a last day is no more, also where its row says nothing else of it."""
    return {"status": Organisation.Status.DISSOLVED, **values} if values.get("dissolved_on") else values


@dataclass(slots=True)
class _Found:
    """A row with its organisation, and what becomes of it."""

    entry: Entry
    organisation: Organisation
    outcome: str = ""
    """`+` created, `~` changed, empty as before."""
    details: tuple[str, ...] = ()


class OrganisationStore:
    """Takes rows some hundred at a time; each lot is one transaction."""

    def __init__(self, order: Order, report: Report, labels: dict[str, str]) -> None:
        self.order, self.report, self.labels = order, report, labels
        self.operator = order.operator
        self.pretended: dict[Any, Organisation] = {}
        """CVR number or (name, postal code) → what a dry run would have created."""
        self.tags = {tag.name.casefold(): tag for tag in Tag.objects.filter(operator=self.operator)}

    def take(self, entries: Sequence[Entry]) -> None:
        """Store a lot of rows and count each of them."""
        with nullcontext() if self.order.dry_run else transaction.atomic():
            self._lot(entries)

    def _lot(self, entries: Sequence[Entry]) -> None:
        known = self._known(entries)
        changed_fields: set[str] = set()
        new: list[Organisation] = []
        changed: dict[int, Organisation] = {}
        rows = []
        for entry in entries:
            found, fields = self._meet(entry, known)
            rows.append(found)
            if found.outcome == "+":
                new.append(found.organisation)
            elif fields and found.organisation.pk:
                changed_fields |= fields
                changed[found.organisation.pk] = found.organisation
        if not self.order.dry_run:
            places.locate_all([*new, *changed.values()])
            bulk.create(new, reason=REASON, by=self.order.by)
            bulk.update(list(changed.values()), changed_fields | _POSITION, reason=REASON, by=self.order.by)
            self.order.made(Organisation, [found.pk for found in new], False)
            self.order.made(Organisation, list(changed), True)
        self._sites(rows)
        self._contacts(rows)
        self._tags(rows)
        if not self.order.dry_run:
            bulk.index({found.organisation.pk for found in rows if found.outcome})
        self._count(rows)

    # Finding again ----------------------------------------------------------------------------------

    def _known(self, entries: Iterable[Entry]) -> dict[Any, Organisation]:
        """CVR number, P-number, (name, postal code), or (name, None) where there is but one → the organisation."""
        rows = Organisation.objects.filter(operator=self.operator).order_by("pk")
        if not self.order.dry_run:
            rows = rows.select_for_update(of=("self",))
        known: dict[Any, Organisation] = dict(self.pretended)
        numbers = {entry.values["cvr"] for entry in entries if "cvr" in entry.values}
        names = {sort_key(entry.values["name"]) for entry in entries}
        given_up = numbers_given_up(self.operator, numbers)
        laid_together = {row.pk: row for row in rows.filter(pk__in=given_up.values())}
        known.update({cvr: laid_together[pk] for cvr, pk in given_up.items() if pk in laid_together})
        for row in rows.filter(cvr__in=numbers):
            known[row.cvr] = row
        p_numbers = {entry.p_number for entry in entries if entry.p_number}
        held = Establishment.objects.filter(operator=self.operator, p_number__in=p_numbers)
        owners = dict(held.values_list("p_number", "organisation_id"))
        by_number = {row.pk: row for row in known.values() if row.pk}
        by_number |= {row.pk: row for row in rows.filter(pk__in=set(owners.values()) - set(by_number))}
        known.update({p_number: by_number[pk] for p_number, pk in owners.items()})
        alone: dict[str, list[Organisation]] = {}
        for row in rows.filter(sort_name__in=names):
            same = by_number.get(row.pk, row)
            name = name_key(same.name)
            known.setdefault((name, same.postal_code), same)
            alone.setdefault(name, []).append(same)
        known.update({(name, None): found[0] for name, found in alone.items() if len(found) == 1})
        return known

    def _find(self, entry: Entry, known: dict[Any, Organisation]) -> Organisation | None:
        cvr = entry.values.get("cvr")
        if cvr and cvr in known:
            return known[cvr]
        if not cvr and entry.p_number in known:
            return known[entry.p_number]
        name, postal_code = entry.place_key
        found = known.get((name, postal_code)) or (known.get((name, None)) if not postal_code else None)
        if found is None or (cvr and found.cvr and found.cvr != cvr):
            return None
        return found

    def _meet(self, entry: Entry, known: dict[Any, Organisation]) -> tuple[_Found, set[str]]:
        organisation = self._find(entry, known)
        if organisation is None:
            organisation = Organisation(operator=self.operator, source=Organisation.Source.FILE)
            set_values(organisation, _with_status(entry.values))
            self._remember(entry, organisation, known)
            details = told_new(organisation, _SHOWN)
            return _Found(entry, organisation, "+", tuple(details)), set()
        values = dict(entry.values)
        if organisation.pk and organisation.cvr and values.get("cvr", organisation.cvr) != organisation.cvr:
            values = {}  # under a number that was given up when two were laid together: the kept one's facts stand
        if entry.p_number and not organisation.pk:
            return _Found(
                entry, organisation
            ), set()  # a second place of work of one that is new in this file
        if entry.p_number and (organisation.street or entry.p_number in known):
            values = {name: value for name, value in values.items() if name not in _SITE}
        if values.get("employees") == organisation.employees and not values.get("employees_text"):
            values.pop(
                "employees_text", None
            )  # the number that stands for an interval, as our own export has it
        self._keep_dates_in_order(entry, organisation, values)
        values = _with_status(values)
        if not organisation.is_active:
            values.pop("status", None)
        before = set_values(organisation, values)
        if {"street", "postal_code"} & set(before):
            organisation.latitude = organisation.longitude = None
            organisation.municipality_code = ""
            organisation.city = values.get("city", "")
        outcome = "~" if before else ""
        return _Found(entry, organisation, outcome, tuple(told(organisation, before))), set(before)

    def _keep_dates_in_order(self, entry: Entry, organisation: Organisation, values: dict[str, Any]) -> None:
        """Leave out the date of the row that does not go with what is stored."""
        founded = values.get("founded_on", organisation.founded_on)
        ended = values.get("dissolved_on", organisation.dissolved_on)
        if not (founded and ended and founded > ended):
            return
        if "founded_on" in values:
            message = _("Virksomheden er ophørt før det, så datoen er ikke sat")
            self._remark(entry, "founded_on", message, values.pop("founded_on"))
        else:
            message = _("Virksomheden er startet efter det, så datoen er ikke sat")
            self._remark(entry, "dissolved_on", message, values.pop("dissolved_on"))

    def _remember(self, entry: Entry, organisation: Organisation, known: dict[Any, Organisation]) -> None:
        for key in (entry.values.get("cvr"), entry.place_key):
            if key:
                known[key] = organisation
                if self.order.dry_run:
                    self.pretended[key] = organisation

    def _remark(self, entry: Entry, name: str, message: str, value: Any) -> None:
        """Something of the row that is left as it was."""
        self.report.remark(entry.line, message, column=self.labels.get(name, ""), value=value)

    # What hangs on them -----------------------------------------------------------------------------

    def _sites(self, rows: list[_Found]) -> None:
        wanted = {found.entry.p_number: found for found in rows if found.entry.p_number}
        if not wanted:
            return
        stored = Establishment.objects.filter(operator=self.operator, p_number__in=wanted)
        known = {str(place.p_number): place for place in stored}
        new, changed = [], []
        for p_number, found in wanted.items():
            place = known.get(p_number)
            values = {name: found.entry.values[name] for name in _SITE if name in found.entry.values}
            if place is None:
                place = Establishment(operator=self.operator, p_number=p_number, **values)
                if found.organisation.pk:
                    place.organisation = found.organisation
                new.append(place)
                found.outcome = found.outcome or "~"
                found.details += (f"{place._meta.verbose_name}: {p_number}",)
                continue
            if place.organisation_id != found.organisation.pk:
                message = _("P-nummeret hører til en anden virksomhed i registret. Stedet er ikke ændret")
                self._remark(found.entry, "p_number", message, p_number)
                continue
            before = set_values(place, values)
            if before:
                place.latitude = place.longitude = None
                changed.append(place)
                found.outcome = found.outcome or "~"
                found.details += tuple(told(place, before))
        if not self.order.dry_run:
            places.locate_all([*new, *changed])
            bulk.create(new, reason=REASON, by=self.order.by)
            bulk.update(changed, {*_SITE, *_POSITION}, reason=REASON, by=self.order.by)
            self.order.made(Establishment, [place.pk for place in new], False)
            self.order.made(Establishment, [place.pk for place in changed], True)

    def _contacts(self, rows: list[_Found]) -> None:
        """The contact person of each row, unless the organisation has one of that name or address already."""
        rows = [found for found in rows if found.entry.contact]
        ids = [found.organisation.pk for found in rows if found.organisation.pk]
        there: dict[int, set[str]] = {}
        held = Affiliation.objects.filter(organisation_id__in=ids, ended_on=None).select_related("person")
        for affiliation in held:
            person = affiliation.person
            there.setdefault(affiliation.organisation_id, set()).update(
                word.casefold() for word in (person.name, person.email) if word
            )
        for found in rows:
            contact = found.entry.contact
            words = {contact[name].casefold() for name in ("name", "email") if contact.get(name)}
            if words & there.get(found.organisation.pk or 0, set()):
                continue
            found.outcome = found.outcome or "~"
            found.details += (f"{Affiliation._meta.get_field('is_contact').verbose_name}: {contact['name']}",)
            if not self.order.dry_run:
                self._add_contact(found.organisation, contact)

    def _add_contact(self, organisation: Organisation, contact: dict[str, str]) -> None:
        values = {name: contact[name] for name in ("name", "email", "phone") if name in contact}
        person = None
        if contact.get("email"):
            people = Person.objects.filter(operator=self.operator, email__iexact=contact["email"])
            person = people.first()
        if person is None:
            person = Person.objects.create(operator=self.operator, **values)
            self.order.made(Person, [person.pk], False)
        affiliation, new = Affiliation.objects.update_or_create(
            person=person,
            organisation=organisation,
            defaults={"title": contact.get("title", ""), "ended_on": None, "is_contact": True},
            create_defaults={
                "title": contact.get("title", ""), "is_contact": True, "started_on": timezone.localdate(),
            },
        )  # fmt: skip
        if new:
            self.order.made(Affiliation, [affiliation.pk], False)

    def _tags(self, rows: list[_Found]) -> None:
        """Tags are added to those an organisation has; none is taken off."""
        rows = [found for found in rows if found.entry.tags]
        ids = [found.organisation.pk for found in rows if found.organisation.pk]
        there: dict[int, set[str]] = {}
        pairs = Organisation.tags.through.objects.filter(organisation_id__in=ids)
        for organisation_id, name in pairs.values_list("organisation_id", "tag__name"):
            there.setdefault(organisation_id, set()).add(name.casefold())
        tagged: list[tuple[Organisation, Tag]] = []
        for found in rows:
            held = there.get(found.organisation.pk or 0, set())
            missing = [name for name in found.entry.tags if name.casefold() not in held]
            if not missing:
                continue
            found.outcome = found.outcome or "~"
            found.details += (f"{Tag._meta.verbose_name}: {', '.join(missing)}",)
            if not self.order.dry_run:
                tagged += [(found.organisation, self._tag(name)) for name in missing]
        bulk.add_tags(tagged, reason=REASON, by=self.order.by)
        self.order.made(Organisation, list(dict.fromkeys(one.pk for one, _tag in tagged)), True)

    def _tag(self, name: str) -> Tag:
        key = name.casefold()
        if key not in self.tags:
            self.tags[key] = Tag.objects.get_or_create(operator=self.operator, name=name)[0]
        return self.tags[key]

    # Counting ---------------------------------------------------------------------------------------

    def _count(self, rows: list[_Found]) -> None:
        earlier: dict[Any, str] = {}
        if self.order.since is not None:
            keys = [found.organisation.pk for found in rows]
            earlier = bulk.touched_since(Organisation, keys, self.order.since, REASON)
        for found in rows:
            outcome = found.outcome or earlier.get(found.organisation.pk, "")
            if outcome == "+":
                self.report.created += 1
            elif outcome == "~":
                self.report.changed += 1
            else:
                self.report.unchanged += 1
            if found.outcome:
                self.report.differ(found.organisation.name, found.outcome, partial(list, found.details))
