# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Everything a person does to organisations, their places of work and their permits.

People are in `services_people`. Each function is one transaction that also keeps the search index right. Values are
those of a checked form. `expected` is the version the person opened; `EditedMeanwhile` is raised when it is no longer
the stored one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from brobygger.accounts.models import Operator
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.register import places, search
from brobygger.register.errors import AlreadyDissolved, CvrTaken, DatesReversed, NotDissolved, PNumberTaken
from brobygger.register.models import Establishment, Organisation, Permit, Tag
from brobygger.register.signals import moved_or_renamed, permits_changed

_ADDRESS = frozenset({"street", "postal_code"})
_FOLLOWED = _ADDRESS | {"name", "city", "latitude", "longitude"}
"""What other rooms' records follow; see `signals`."""


@transaction.atomic
def create_organisation(
    operator: Operator,
    values: Mapping[str, Any],
    *,
    tags: Iterable[str] = (),
    source: str = Organisation.Source.MANUAL,
) -> Organisation:
    """Enter an organisation in the operator's register. Raises CvrTaken, DatesReversed."""
    organisation = Organisation(operator=operator, source=source)
    _apply(organisation, values)
    _check(organisation)
    places.locate(organisation)
    _save(organisation)
    set_tags(organisation, tags)
    search.index([organisation])
    return organisation


@transaction.atomic
def update_organisation(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    expected: int,
    tags: Iterable[str] | None = None,
) -> Organisation:
    """Change an organisation; `tags` None leaves them. Raises EditedMeanwhile, CvrTaken, DatesReversed."""
    stored = Organisation.objects.get(pk=organisation.pk)
    claim(stored, expected)
    before = stored.postal_code
    changed = _apply(stored, values)
    _check(stored)
    if changed & _ADDRESS and not {"latitude", "longitude"} & set(values):
        places.move(stored)
    else:
        places.locate(stored)
    if tags is not None:
        set_tags(stored, tags)
    _save(stored)
    search.index([stored])
    if changed & _FOLLOWED:
        moved_or_renamed.send(
            Organisation, organisations={stored.pk: before}, establishments=(), in_bulk=False
        )
    return stored


@transaction.atomic
def dissolve(
    organisation: Organisation, *, on: date, expected: int, status: str = Organisation.Status.DISSOLVED
) -> Organisation:
    """Mark an organisation as ceased (or bankrupt) from a day. It is kept. Raises AlreadyDissolved, DatesReversed."""
    stored = Organisation.objects.get(pk=organisation.pk)
    if not stored.is_active:
        raise AlreadyDissolved
    claim(stored, expected)
    stored.status, stored.dissolved_on = status, on
    _check(stored)
    stored.save()
    return stored


@transaction.atomic
def reactivate(organisation: Organisation, *, expected: int) -> Organisation:
    """Undo `dissolve`. Raises NotDissolved."""
    stored = Organisation.objects.get(pk=organisation.pk)
    if stored.is_active:
        raise NotDissolved
    claim(stored, expected)
    stored.status, stored.dissolved_on = Organisation.Status.ACTIVE, None
    stored.save()
    return stored


def set_tags(organisation: Organisation, names: Iterable[str]) -> None:
    """Give the organisation exactly these tags, making those that are new to the operator."""
    wanted: dict[str, str] = {}
    for raw in names:
        name = clean_text(raw)[: Tag.LONGEST].strip()
        if name:
            wanted.setdefault(name.casefold(), name)
    known = {tag.name.casefold(): tag for tag in Tag.objects.filter(operator_id=organisation.operator_id)}
    chosen = [
        known.get(key) or Tag.objects.get_or_create(operator_id=organisation.operator_id, name=name)[0]
        for key, name in wanted.items()
    ]
    organisation.tags.set(chosen)


@transaction.atomic
def add_establishment(organisation: Organisation, values: Mapping[str, Any]) -> Establishment:
    """Enter a place of work. Raises PNumberTaken, DatesReversed."""
    place = Establishment(organisation=organisation, operator_id=organisation.operator_id)
    _apply(place, values)
    places.locate(place)
    return _save_establishment(place)


@transaction.atomic
def edit_establishment(place: Establishment, values: Mapping[str, Any], *, expected: int) -> Establishment:
    """Change a place of work. Raises EditedMeanwhile, PNumberTaken, DatesReversed."""
    stored = Establishment.objects.get(pk=place.pk)
    claim(stored, expected)
    changed = _apply(stored, values)
    if changed & _ADDRESS:
        places.move(stored)
    else:
        places.locate(stored)
    saved = _save_establishment(stored)
    if changed & _FOLLOWED:
        moved_or_renamed.send(Establishment, organisations={}, establishments=[saved.pk], in_bulk=False)
    return saved


@transaction.atomic
def end_establishment(place: Establishment, *, on: date, expected: int) -> Establishment:
    """Close a place of work from a day. It is kept. Raises EditedMeanwhile, DatesReversed."""
    return edit_establishment(place, {"ended_on": on, "is_main": False}, expected=expected)


@transaction.atomic
def add_permit(organisation: Organisation, values: Mapping[str, Any]) -> Permit:
    """Put a permit on record. Raises DatesReversed."""
    permit = Permit(organisation=organisation)
    _apply(permit, values)
    _check_dates(permit.valid_from, permit.valid_until)
    permit.save()
    permits_changed.send(Permit, organisation_id=permit.organisation_id)
    return permit


@transaction.atomic
def edit_permit(permit: Permit, values: Mapping[str, Any], *, expected: int) -> Permit:
    """Correct a permit. Raises EditedMeanwhile, DatesReversed."""
    stored = Permit.objects.get(pk=permit.pk)
    claim(stored, expected)
    _apply(stored, values)
    _check_dates(stored.valid_from, stored.valid_until)
    stored.save()
    permits_changed.send(Permit, organisation_id=stored.organisation_id)
    return stored


@transaction.atomic
def remove_permit(permit: Permit) -> None:
    """Take a permit off the record; its history stays."""
    permit.delete()
    permits_changed.send(Permit, organisation_id=permit.organisation_id)


def _apply(record: Any, values: Mapping[str, Any]) -> set[str]:
    """Set the values and say which of them changed."""
    changed = {name for name, value in values.items() if getattr(record, name) != value}
    for name in changed:
        setattr(record, name, values[name])
    return changed


def _check_dates(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise DatesReversed


def _check(organisation: Organisation) -> None:
    organisation.cvr = organisation.cvr or None
    _check_dates(organisation.founded_on, organisation.dissolved_on)
    if organisation.cvr:
        same = Organisation.objects.filter(operator_id=organisation.operator_id, cvr=organisation.cvr)
        taken = same.exclude(pk=organisation.pk).first()
        if taken:
            raise CvrTaken(taken.name, taken.pk)


def _save(organisation: Organisation) -> None:
    """Save; the database has the last word when two people enter the same CVR number at once."""
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        if "cvr" in str(error):
            raise CvrTaken(organisation.name, organisation.pk or 0) from error
        raise


def _save_establishment(place: Establishment) -> Establishment:
    place.p_number = place.p_number or None
    _check_dates(place.started_on, place.ended_on)
    if place.p_number:
        same = Establishment.objects.filter(operator_id=place.operator_id, p_number=place.p_number)
        taken = same.exclude(pk=place.pk).first()
        if taken:
            raise PNumberTaken(taken.name)
    place.save()
    if place.is_main:
        others = Establishment.objects.filter(organisation_id=place.organisation_id, is_main=True)
        for other in others.exclude(pk=place.pk):
            other.is_main = False
            other.save()
    search.index([place.organisation_id])
    return place
