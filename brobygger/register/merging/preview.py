# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a merge would move, before anybody says yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brobygger.accounts.models import Operator
from brobygger.base.personal_data import path_to
from brobygger.register.merging import registry
from brobygger.register.merging.registry import COMBINE, MOVE
from brobygger.register.merging.relations import LIST, Relation, relations
from brobygger.register.models import Organisation


@dataclass(frozen=True, slots=True)
class Line:
    """So many of something."""

    what: str
    count: int


def moving(gone: Organisation) -> list[Line]:
    """What would move, by kind, of the operator's own records: what a neighbour has written moves too, and is not told of."""
    counts: dict[str, int] = {}
    for relation in sorted(relations(), key=str):
        declared = registry.of(relation)
        if declared is None or declared.what not in {MOVE, COMBINE} or not declared.told:
            continue
        count = _own(relation, gone).count()
        if count:
            counts[_name(relation)] = counts.get(_name(relation), 0) + count
    return [Line(what, count) for what, count in sorted(counts.items())]


def _own(relation: Relation, gone: Organisation) -> Any:
    rows = relation.model._base_manager.filter(**{relation.attname: gone.pk})
    path = path_to(relation.model, Operator)
    through_the_organisation = path.split("__")[0] == relation.field
    return rows if not path or through_the_organisation else rows.filter(**{path: gone.operator_id})


def _name(relation: Relation) -> str:
    """What the records are called on screen; of a list, what has the list."""
    model: Any = relation.model
    if relation.kind == LIST:
        ends = [field for field in model._meta.local_concrete_fields if field.is_relation]
        other = next(field for field in ends if field.name != relation.field)
        model = other.related_model
    return str(model._meta.verbose_name_plural)
