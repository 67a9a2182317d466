# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Everything the office holds about a person, as one file to hand over (GDPR article 15 and 20)."""

from __future__ import annotations

import json
from typing import Any

from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base.personal_data import Section, held_about
from brobygger.register.models import Person


@transaction.atomic
def as_page(person: Person, *, by: User) -> str:
    """A page that can be read without Brobygger, with the same in JSON inside. That it was made is recorded."""
    sections = _sections(person)
    _record(person, by, "html")
    context = {
        "person": person,
        "operator": person.operator,
        "made_at": timezone.now(),
        "sections": sections,
        "data": _plain(person, sections),
    }
    return render_to_string("register/personal_data.html", context)


@transaction.atomic
def as_json(person: Person, *, by: User) -> str:
    """The same for a machine. That it was made is recorded."""
    sections = _sections(person)
    _record(person, by, "json")
    return json.dumps(_plain(person, sections), ensure_ascii=False, indent=2)


def _sections(person: Person) -> list[Section]:
    people: list[models.Model] = [person]
    addresses = {person.email.lower()}
    if person.user is not None:
        people.append(person.user)
        addresses.add(person.user.email.lower())
    return held_about(people, sorted(addresses - {""}), person.operator)


def _plain(person: Person, sections: list[Section]) -> dict[str, Any]:
    return {
        "name": person.name,
        "held_by": person.operator.name,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "held": [{"kind": part.key, "title": part.title, "records": part.rows} for part in sections],
    }


def _record(person: Person, by: User, form: str) -> None:
    """Which person, by number: an erased person leaves no name in the audit trail."""
    audit.record("person_exported", user=by, operator=person.operator, about=f"person {person.pk}", form=form)
