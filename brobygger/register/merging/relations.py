# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What in the data model points, or may point, at an organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from brobygger.register.models import Organisation

OURS = "brobygger."
_MAY_BE_A_NUMBER = re.compile(r"organisation|firm|company|giver|taker|(^|_)(pk|object_id)$")
KEY, LIST, HISTORY, NUMBER, JSON = "key", "list", "history", "number", "json"


@dataclass(frozen=True, slots=True)
class Relation:
    """A column that points at organisations: a foreign key, one side of a list of several (`LIST`), a line of history,
    a bare number, or JSON that may hold numbers."""

    model: type[models.Model]
    field: str
    kind: str

    @property
    def key(self) -> tuple[str, str]:
        return self.model._meta.label_lower, self.field

    @property
    def attname(self) -> str:
        field: Any = self.model._meta.get_field(self.field)
        return str(field.attname)

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field}"


def relations() -> Iterator[Relation]:
    """Every one of them in the installed apps."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield from _of(model)


def _of(model: type[models.Model]) -> Iterator[Relation]:
    history = is_history(model)
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.ForeignKey):
            if field.related_model is Organisation:
                kind = HISTORY if history else LIST if model._meta.auto_created else KEY
                yield Relation(model, field.name, kind)
        elif history or field.primary_key or not model.__module__.startswith(OURS):
            continue
        elif isinstance(field, models.JSONField):
            yield Relation(model, field.name, JSON)
        elif _is_numeric(field) and _MAY_BE_A_NUMBER.search(field.name):
            yield Relation(model, field.name, NUMBER)
    for private in model._meta.private_fields:
        if getattr(private, "ct_field", None) and getattr(private, "fk_field", None) and not history:
            yield Relation(model, private.name, NUMBER)


def _is_numeric(field: Any) -> bool:
    whole = isinstance(field, models.IntegerField | models.UUIDField)
    return whole or (isinstance(field, models.CharField) and field.name.endswith("_id"))


def is_history(model: type[models.Model]) -> bool:
    """Whether the model holds lines of history, or lists that belong to such lines."""
    if hasattr(model, "instance_type"):
        return True
    return any(
        isinstance(field, models.ForeignKey) and hasattr(field.related_model, "instance_type")
        for field in model._meta.local_concrete_fields
    )


def is_in_a_constraint(model: type[models.Model], name: str) -> bool:
    """Whether two records may not have the same value there, alone or together with other columns."""
    field: Any = model._meta.get_field(name)
    if field.unique or any(name in group for group in model._meta.unique_together):
        return True
    return any(
        name in constraint.fields or any(name in _names(part) for part in constraint.expressions)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    )


def _names(expression: Any) -> set[str]:
    name = getattr(expression, "name", None)
    found = {name} if isinstance(expression, models.F) and isinstance(name, str) else set()
    for part in getattr(expression, "get_source_expressions", list)():
        found |= _names(part) if part is not None else set()
    return found


def pointing_at(model: type[models.Model]) -> Iterator[tuple[type[models.Model], Any]]:
    """(model, foreign key) of everything but history that points at records of this model."""
    for other in apps.get_models(include_auto_created=True):
        if not other._meta.managed or is_history(other):
            continue
        for field in other._meta.local_concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is model:
                yield other, field
