# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What of a case goes into its archive. Each room says so of its own records in its `case_archive.py`::

    archive.holds(Loan, "loan", of="case", pages=payment_plan)   # every record, and pages of the PDF
    archive.holds(Bid, "bids", of="tender__case", rows=those_to_be_told, files=envelopes)
    archive.leaves_out(Follower, "who asked to be written to, not what happened")

    @archive.beside("aid", Aid)                                  # points at the case by its number, and outlives it
    def aid_of(case): ...

A model with a key to a case, or to a record that goes with it, of which nobody has said anything stops both the archive
and deletion: `undeclared`. Lines of history (`simple_history`) go along by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.core.checks import CheckMessage, Error, register
from django.db import models

from brobygger.register.merging.relations import pointing_at

if TYPE_CHECKING:
    from brobygger.accounts.models import User
    from brobygger.cases.models import Case


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the printed case: text, then a table; `numbers` are the columns (from 0) that stand to the right."""

    heading: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[int, ...] = ()


Rows = Callable[["Case"], Iterable[models.Model]]
Beside = TypeVar("Beside", bound=Rows)
Pages = Callable[["Case", "User | None"], Iterable[Page]]
Files = Callable[["Case", "User | None"], Iterable[tuple[str, bytes]]]
"""(path in the zip, content) of what is kept neither as a document nor as plain fields."""
Hidden = Callable[["Case"], tuple[str, ...]]
"""Columns that are left out as long as the case stands as it does: who asked, while bids are sealed."""
Told = Callable[[Any, "User | None"], dict[str, Any]]
"""What a record says beside its columns: a bid's price, which is sealed in one of them."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one model gives."""

    model: type[models.Model]
    key: str
    of: str = ""
    rows: Rows | None = None
    pages: Pages | None = None
    files: Files | None = None
    told: Told | None = None
    without: tuple[str, ...] = ()
    hidden: Hidden | None = None

    def left_out(self, case: Case) -> tuple[str, ...]:
        """Columns that are not written."""
        return (*self.without, *(self.hidden(case) if self.hidden else ()))

    def records(self, case: Case) -> Iterable[models.Model]:
        if self.rows:
            return self.rows(case)
        return self.model._base_manager.filter(**{self.of: case}).order_by("pk")

    def history(self, case: Case) -> Any:
        """Lines of history of these records as a query; None where none are kept."""
        kept: Any = getattr(self.model, "history", None)
        return kept.filter(**{self.of: case}).order_by("history_id") if kept is not None and self.of else None

    def whole_history(self, case: Case) -> Any:
        """The same lines by the records' own numbers, so that they are found when the records are gone."""
        lines = self.history(case)
        if lines is None:
            return None
        kept: Any = self.model
        pk = self.model._meta.pk.attname
        mine = {*lines.values_list(pk, flat=True), *(row.pk for row in self.records(case))}
        return kept.history.filter(**{f"{pk}__in": mine})


Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def once(question: Callable[Concatenate[Case, Given], Answer]) -> Callable[Concatenate[Case, Given], Answer]:
    """Ask it once for an archive, whose parts then all say the same. The answer is kept on the case as it was fetched for it."""

    @wraps(question)
    def asked(case: Case, /, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        kept = case.__dict__.setdefault("_answers", {})
        key = (question, args, tuple(kwargs.items()))
        if key not in kept:
            kept[key] = question(case, *args, **kwargs)
        found: Answer = kept[key]
        return found

    return asked


_held: dict[type[models.Model], Held] = {}
_left_out: dict[type[models.Model], str] = {}
_beside: dict[str, Held] = {}


def holds(
    model: type[models.Model],
    key: str,
    *,
    of: str,
    rows: Rows | None = None,
    pages: Pages | None = None,
    files: Files | None = None,
    told: Told | None = None,
    without: tuple[str, ...] = (),
    hidden: Hidden | None = None,
) -> None:
    """The model's records go into `sag.json` under `key`; `of` is the way from a record to its case."""
    _held[model] = Held(model, key, of, rows, pages, files, told, without, hidden)


def leaves_out(model: type[models.Model], why: str) -> None:
    """The model's records are no part of the archive, for a reason."""
    _left_out[model] = why


def beside(key: str, model: type[models.Model], *, pages: Pages | None = None) -> Callable[[Beside], Beside]:
    """Records that belong to the case's story without a key to it; they stay when the case is deleted."""

    def publish(rows: Beside) -> Beside:
        _beside[key] = Held(model, key, rows=rows, pages=pages)
        return rows

    return publish


def declared() -> list[Held]:
    """By name, so that two archives of one case are alike."""
    return sorted([*_held.values(), *_beside.values()], key=lambda held: held.key)


def undeclared() -> list[str]:
    """Models with a key to a case, or to something that goes with it, of which nobody has said anything."""
    return sorted(set(_unknown()))


def _unknown() -> Iterator[str]:
    from brobygger.cases.models import Case

    waiting: list[type[models.Model]] = [Case]
    seen: set[type[models.Model]] = {Case}
    while waiting:
        for model, field in pointing_at(waiting.pop()):
            if model in _left_out or model in seen:
                continue
            if model not in _held:
                yield f"{model._meta.label}.{field.name}"
            elif field.remote_field.on_delete is models.CASCADE:
                waiting.append(model)
            seen.add(model)


@register()
def everything_has_its_place(**_kwargs: Any) -> list[CheckMessage]:
    """`manage.py check` tells whoever adds a model to a case before it is ever run."""
    hint = "Say in the room's case_archive.py what of it goes into a case's archive: archive.holds or archive.leaves_out."
    return [Error(f"{name} points at a case and has no place in its archive", hint=hint, id="cases.E001")
            for name in undeclared()]  # fmt: skip
