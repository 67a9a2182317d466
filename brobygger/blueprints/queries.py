# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Definitions as pages and rooms read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from brobygger.accounts.models import Operator
from brobygger.base.danish import sort_key
from brobygger.base.errors import UserError
from brobygger.base.prepared import prepared
from brobygger.blueprints import kinds
from brobygger.blueprints.errors import NotAdopted
from brobygger.blueprints.kinds import Blueprint, Kind
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

    @property
    def is_invented(self) -> bool:
        """It stands there for the demo only."""
        return bool(getattr(self.content, "invented", False))


def current(operator: Operator, kind: str, key: str) -> Definition:
    """The version that something new begins with. Raises NotAdopted."""
    found = _current(operator.pk, kind, key)
    if not found:
        raise NotAdopted(kind, key)
    return found[0]


@prepared
def _current(operator: Any, kind: Any, key: Any) -> QuerySet[Definition]:
    return Definition.objects.current().filter(operator=operator, kind=kind, key=key)[:1]


def newest_version(operator: Operator, kind: str, key: str) -> Definition | None:
    """The latest version of a key, in use or not."""
    return Definition.objects.filter(operator=operator, kind=kind, key=key).order_by("-version").first()


def of_kind(operator: Any, kind: str) -> DefinitionQuerySet:
    """The office's current definitions of a kind, by title."""
    return Definition.objects.current().filter(operator=operator, kind=kind).order_by("title")


def in_use_of(operator: Operator, kind: str) -> list[Definition]:
    """The same, read: for pages that ask it each time."""
    return _in_use_of(operator.pk, kind)


@prepared
def _in_use_of(operator: Any, kind: Any) -> QuerySet[Definition]:
    return of_kind(operator, kind)


def shipped_text(kind: str, key: str) -> str:
    """A delivered file as it stands. Raises NotShipped."""
    if delivered := shipped_one(kind, key):
        return delivered.text
    raise NotShipped(key)


def shipped_one(kind: str, key: str) -> Shipped | None:
    """A delivered definition, None where none has that key."""
    return next((one for one in shipped(kind) if one.content.key == key), None)


@lru_cache(maxsize=64)
def shipped(kind: str) -> tuple[Shipped, ...]:
    """The delivered definitions of a kind, by key. Raises BadDefinition where one does not fit its schema (a test reads all)."""
    folder, schema = SHIPPED / kind, kinds.get(kind).schema
    texts = [(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]
    return tuple(Shipped(kind, read(text, schema, name), text) for name, text in texts)


@dataclass(frozen=True, slots=True)
class Known:
    """A definition as the office sees it: delivered, in use, or both."""

    kind: str
    key: str
    title: str
    source: str
    delivered: Shipped | None
    newest: Definition | None

    @property
    def current(self) -> Definition | None:
        """The version in use."""
        return self.newest if self.newest and self.newest.is_current else None

    @property
    def differs(self) -> bool:
        """What is in use says something else than the delivered file."""
        if not self.delivered or not self.current:
            return False
        return bool(self.current.readable != self.delivered.content)

    @property
    def is_older(self) -> bool:
        """The office uses it as it was delivered, and a newer one has come since."""
        return bool(self.differs and self.current and self.current.as_delivered)


def known(operator: Operator, kind: str) -> list[Known]:
    """Every definition of a kind that is delivered or that the office has or had in use, by title. What is invented for
    the demo is no good practice: only an office that has had it in use knows it."""
    newest: dict[str, Definition] = {}
    for row in Definition.objects.filter(operator=operator, kind=kind).defer("text").order_by("version"):
        newest[row.key] = row
    delivered = {
        one.content.key: one for one in shipped(kind) if not one.is_invented or one.content.key in newest
    }
    rows = [
        _known(kind, key, delivered.get(key), newest.get(key))
        for key in sorted(delivered.keys() | newest.keys())
    ]
    return sorted(rows, key=lambda row: sort_key(row.title))


HEADINGS = (
    _lazy("Slags"), _lazy("Opskrift"), _lazy("Nøgle"), _lazy("Beskrivelse"), _lazy("Hos jer"), _lazy("Version"),
    _lazy("Taget i brug"), _lazy("Følger med"), _lazy("Ændret i forhold til den, der fulgte med"), _lazy("Kilde"),
)  # fmt: skip


def as_row(kind: Kind, found: Known) -> list[Any]:
    """A definition as a row, in the order of `HEADINGS`."""
    content = found.newest.readable if found.newest else found.delivered.content if found.delivered else None
    state = (
        _("i brug") if found.current else _("taget ud af brug") if found.newest else _("ikke taget i brug")
    )
    return [
        str(kind.label), found.title, found.key, content.description if content else "", state,
        found.newest.version if found.newest else None, found.newest.adopted_at if found.newest else None,
        _("ja") if found.delivered else _("nej"), _("ja") if found.differs else _("nej"), found.source,
    ]  # fmt: skip


def known_one(operator: Operator, kind: str, key: str) -> Known | None:
    """One of them, None where neither the product nor the office has it."""
    delivered, newest = shipped_one(kind, key), newest_version(operator, kind, key)
    return _known(kind, key, delivered, newest) if delivered or newest else None


def _known(kind: str, key: str, delivered: Shipped | None, newest: Definition | None) -> Known:
    title = newest.title if newest else delivered.content.title if delivered else key
    source = delivered.content.source if delivered else str(newest.body.get("source", "")) if newest else ""
    return Known(kind, key, title, source, delivered, newest)
