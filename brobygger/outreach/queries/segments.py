# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who is in a segment now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from brobygger.accounts.models import Operator, User
from brobygger.outreach.errors import BrokenSegment
from brobygger.outreach.filters import SegmentFilter
from brobygger.outreach.models import Segment
from brobygger.outreach.rights import must_be_office
from brobygger.register.models import Organisation
from brobygger.register.queries import MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Chosen:
    """The firms that filters choose. `most`: counted no further than `MOST_COUNTED`."""

    firms: QuerySet[Organisation]
    filter: SegmentFilter

    @property
    def count(self) -> int:
        return int(self.firms.order_by().values("pk")[:MOST_COUNTED].count())


def choose(operator: Operator, user: User, asked: Mapping[str, Any]) -> Chosen:
    """The firms as asked for; a choice that cannot be read is told in the filter's form. Raises NotYourOffice."""
    must_be_office(user, operator.pk)
    narrowed = SegmentFilter(asked, operator=operator, user=user)
    return Chosen(narrowed.narrow(Organisation.objects.filter(operator=operator)), narrowed)


def firms_of(segment: Segment, user: User) -> Chosen:
    """The firms of a segment now. Raises BrokenSegment where a filter cannot be read, NotYourOffice."""
    return firms_asked_for(segment.operator, segment.name, segment.asked, user)


def firms_asked_for(operator: Operator, name: str, asked: Mapping[str, Any], user: User) -> Chosen:
    """As `firms_of`, from what was remembered. Raises BrokenSegment, NotYourOffice."""
    chosen = choose(operator, user, asked)
    if faults := chosen.filter.faults(Organisation.objects.none()):
        raise BrokenSegment(name, faults)
    return chosen


def in_words(segment: Segment, narrowed: SegmentFilter) -> list[tuple[str, str]]:
    """(filter, what was chosen) for a person."""
    form = narrowed.form
    found = []
    for name in segment.asked:
        field = form.fields.get(name)
        if field is None:
            continue
        value = form.cleaned_data.get(name) if form.is_bound and form.is_valid() else None
        found.append((str(field.label), _word(field, segment.asked[name], value)))
    return found


def _word(field: Any, asked: str, value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    for source in (field, field.widget):
        for key, label in _flat(getattr(source, "choices", ())):
            if str(key) == asked:
                return str(label).strip()
    return str(value) if value not in (None, "") else asked


def _flat(choices: Any) -> Any:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
