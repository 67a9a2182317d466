# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Values of a definition's fields: checked on the way in, shown in words on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from brobygger.base.danish import kroner, number
from brobygger.base.forms import clean_text
from brobygger.cases import sources
from brobygger.cases.definition import CaseType, Field, FieldKind
from brobygger.cases.errors import BadValues
from brobygger.register import industry_picker
from brobygger.register.models import Organisation, Person

LONGEST = {FieldKind.TEXT: 300, FieldKind.LONG_TEXT: 10_000}
LARGEST = Decimal(10) ** 12


def cleaned(kind: CaseType, typed: Mapping[str, Any], operator: Any) -> dict[str, Any]:
    """What is to be stored of what was typed, for the keys that were. Raises BadValues with every fault."""
    faults, kept = {}, {}
    for key, value in typed.items():
        field = next((found for found in kind.filled_in if found.key == key), None)
        if field is None:
            faults[key] = _("Feltet »%(key)s« findes ikke i sagstypen.") % {"key": key}
            continue
        try:
            kept[key] = _stored(field, value, operator)
        except ValueError as error:
            faults[key] = str(error)
    if faults:
        raise BadValues(faults)
    return kept


def _stored(field: Field, value: Any, operator: Any) -> Any:
    """Raises ValueError with what is wrong."""
    if value is None or value == "":
        return None
    match field.kind:
        case FieldKind.NUMBER | FieldKind.MONEY:
            return _figure(field, value)
        case FieldKind.DATE:
            return _day(value)
        case FieldKind.CHOICE:
            if str(value) not in sources.options(field, operator):
                raise ValueError(_("Vælg en af mulighederne."))
            return str(value)
        case FieldKind.YES_NO:
            return value in (True, "true", "True", "1", "ja", 1)
        case FieldKind.INDUSTRIES:
            return industry_picker.stored(value)
        case FieldKind.ORGANISATION | FieldKind.PERSON:
            return _pointer(field, value, operator)
        case _:
            text = clean_text(str(value))
            if len(text) > LONGEST[field.kind]:
                raise ValueError(
                    _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": LONGEST[field.kind]}
                )
            return text or None


def _figure(field: Field, value: Any) -> str:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(_("Skriv et tal.")) from None
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise ValueError(_("Tallet er for stort."))
    told = kroner if field.kind == FieldKind.MONEY else number
    if field.least is not None and amount < field.least:
        raise ValueError(_("Mindst %(least)s.") % {"least": told(field.least).rstrip(".")})
    if field.most is not None and amount > field.most:
        raise ValueError(_("Højst %(most)s.") % {"most": told(field.most).rstrip(".")})
    return str(amount.quantize(Decimal("0.01")) if field.kind == FieldKind.MONEY else amount)


def _pointer(field: Field, value: Any, operator: Any) -> int:
    """Only to what the office itself keeps."""
    try:
        key = int(getattr(value, "pk", value))
    except ValueError:
        key = 0
    if not _POINTERS[field.kind].objects.filter(pk=key, operator=operator).exists():
        raise ValueError(_("Vælg en fra registret."))
    return key


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(_("Skriv en dato.")) from None


ORIGINS: Mapping[str, tuple[str, ...]] = {"symbiosis_plan": ("listing", "match")}
"""Fields that hold the id of what a case began with: nobody reads or types them, the case's page links to it."""
Names = Mapping[tuple[str, str], str]
"""(kind of field, or the list it chooses from; stored value) → what it is called."""


def shown(field: Field, value: Any, names: Names | None = None) -> str:
    """A value in words. `names`: what organisations, people and an office's own lists are called, see `names_in`."""
    if value is None or value == "":
        return "–"
    match field.kind:
        case FieldKind.MONEY:
            return kroner(Decimal(str(value)))
        case FieldKind.NUMBER:
            return f"{number(Decimal(str(value)))} {field.unit}".strip()
        case FieldKind.DATE:
            return str(formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
        case FieldKind.CHOICE if field.choices:
            return next((choice.name for choice in field.choices if choice.key == value), str(value))
        case FieldKind.INDUSTRIES:
            return industry_picker.names_in(value)
        case FieldKind.YES_NO:
            return _("Ja") if value else _("Nej")
        case FieldKind.CHOICE | FieldKind.ORGANISATION | FieldKind.PERSON:
            return (names or {}).get((field.choices_from or field.kind, str(value)), str(value))
        case _:
            return str(value)


def names_in(kind: CaseType, values: Mapping[str, Any], operator: Any) -> dict[tuple[str, str], str]:
    """What the values that point elsewhere are called: at most one question for each kind of thing."""
    found: dict[tuple[str, str], str] = {}
    wanted: dict[FieldKind, set[int]] = {}
    for field in kind.filled_in:
        value = values.get(field.key)
        if value is None:
            continue
        if field.choices_from and (name := sources.options(field, operator).get(str(value))):
            found[(field.choices_from, str(value))] = name
        if field.kind in _POINTERS:
            wanted.setdefault(field.kind, set()).add(int(value))
    for pointed, keys in wanted.items():
        rows = _POINTERS[pointed].objects.filter(pk__in=keys, operator=operator)
        found |= {(pointed, str(pk)): name for pk, name in rows.values_list("pk", "name")}
    return found


_POINTERS: dict[FieldKind, Any] = {FieldKind.ORGANISATION: Organisation, FieldKind.PERSON: Person}
