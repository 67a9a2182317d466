# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Definitions as pages and rooms read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator
from brobygger.base.errors import UserError
from brobygger.blueprints import kinds
from brobygger.blueprints.errors import NotAdopted
from brobygger.blueprints.kinds import Blueprint
from brobygger.blueprints.models import Definition, DefinitionQuerySet
from brobygger.blueprints.reading import read

SHIPPED = Path(__file__).parent / "shipped"


class NotShipped(UserError):
    """No delivered definition has that key."""

    def __init__(self, key: str) -> None:
        super().__init__(_("Der følger ingen opskrift »%(key)s« med Brobygger.") % {"key": key})


@dataclass(frozen=True, slots=True)
class Shipped:
    """A definition that is delivered with the product."""

    kind: str
    content: Blueprint
    text: str


def current(operator: Operator, kind: str, key: str) -> Definition:
    """The version that something new begins with. Raises NotAdopted."""
    found = Definition.objects.current().filter(operator=operator, kind=kind, key=key).first()
    if found is None:
        raise NotAdopted(kind, key)
    return found


def of_kind(operator: Operator, kind: str) -> DefinitionQuerySet:
    """The office's current definitions of a kind, by title."""
    return Definition.objects.current().filter(operator=operator, kind=kind).order_by("title")


def shipped_text(kind: str, key: str) -> str:
    """A delivered file as it stands. Raises NotShipped."""
    for delivered in shipped(kind):
        if delivered.content.key == key:
            return delivered.text
    raise NotShipped(key)


@lru_cache(maxsize=64)
def shipped(kind: str) -> tuple[Shipped, ...]:
    """The delivered definitions of a kind, by key. Raises BadDefinition where one does not fit its schema (a test reads all)."""
    folder, schema = SHIPPED / kind, kinds.get(kind).schema
    texts = [(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]
    return tuple(Shipped(kind, read(text, schema, name), text) for name, text in texts)
