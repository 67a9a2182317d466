# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with segments: save a choice of firms under a name, change it, delete it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.outreach.errors import BadValues, SegmentInUse
from brobygger.outreach.models import Mailing, Segment
from brobygger.outreach.queries.segments import firms_asked_for
from brobygger.outreach.rights import must_be_office

LONGEST_NAME = 80


@transaction.atomic
def save(operator: Operator, name: str, asked: Mapping[str, Any], *, note: str = "", user: User) -> Segment:
    """Keep a choice of firms under a name. Raises BadValues, BrokenSegment, NotYourOffice."""
    must_be_office(user, operator.pk)
    segment = Segment(operator=operator, created_by=user)
    _fill(segment, name, asked, note, user)
    segment.save()
    return segment


@transaction.atomic
def change(
    segment: Segment, name: str, asked: Mapping[str, Any], *, note: str = "", user: User, expected: int
) -> Segment:
    """Another name or another choice. Raises EditedMeanwhile, BadValues, BrokenSegment, NotYourOffice."""
    stored = Segment.objects.get(pk=segment.pk)
    must_be_office(user, stored.operator_id)
    claim(stored, expected)
    _fill(stored, name, asked, note, user)
    stored.save()
    return stored


@transaction.atomic
def delete(segment: Segment, *, user: User) -> None:
    """Delete a segment, recorded. Mailings that went to it keep how it was. Raises SegmentInUse, NotYourOffice."""
    must_be_office(user, segment.operator_id)
    draft = Mailing.objects.filter(segment=segment, state=Mailing.State.DRAFT).first()
    if draft:
        raise SegmentInUse(draft.subject)
    name, operator, asked = segment.name, segment.operator, segment.asked
    segment.delete()
    audit.record("segment_deleted", user=user, operator=operator, about=name, asked=asked)


def _fill(segment: Segment, name: str, asked: Mapping[str, Any], note: str, user: User) -> None:
    name = " ".join(clean_text(name).split())
    faults = {}
    taken = Segment.objects.filter(operator_id=segment.operator_id, name__iexact=name).exclude(pk=segment.pk)
    if not name:
        faults["name"] = _("Giv segmentet et navn.")
    elif len(name) > LONGEST_NAME:
        faults["name"] = _("Navnet er for langt.")
    elif taken.exists():
        faults["name"] = _("Der er allerede et segment med det navn.")
    if faults:
        raise BadValues(faults)
    firms_asked_for(segment.operator, name, asked, user)
    segment.name, segment.note = name, clean_text(note)[:300]
    segment.asked = {str(key): str(value) for key, value in asked.items()}
