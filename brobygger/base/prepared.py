# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Questions to the database whose SQL is written once and then only asked, with other values.

Django writes a question anew each time: half to two thirds of what a page with thirty questions costs. Where a page asks the
same question for every firm, a room writes it as a function of the module::

    @prepared
    def _open_with(organisation: Any, *, most: int) -> QuerySet[FollowUp]:
        return FollowUp.objects.filter(organisation=organisation, done_on=None).order_by("due_on")[:most]

    rows = _open_with(organisation.pk, most=5)

What stands before the star is given anew each time, and the function may only compare with it. What stands after the star is part
of the question, which is written once for each. A person may be given too: rules such as `visible_to` then read from an `Asker`
which offices the person has, and the question is written once for each set of roles. The function sees neither the person nor
the clock, so nothing of one asking can stay in the next; a moment that it read itself is refused.
See docs/decisions/0010-prepared-questions.md.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import reduce, wraps
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Expression, Model, Q, QuerySet, prefetch_related_objects

Row = TypeVar("Row")
MOST_PLANNED = 400
"""Questions that a connection to PostgreSQL keeps planned, the last asked."""
LARGEST = 2**63 - 1
"""That a database keeps in a column of whole numbers."""


class Given(Expression):
    """Stands in the question for a value that comes with each asking. `place`: its number among the values."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A place for a parameter, held by the mark itself until the value comes."""
        return "%s", (self,)


class Asker(Given):
    """Stands for the person who asks, as a rule of visibility reads it: the key, and the roles at each operator."""

    is_authenticated = True

    def __init__(self, place: int, held: tuple[frozenset[str], ...]) -> None:
        super().__init__(place)
        self.roles = {Given(place + number): roles for number, roles in enumerate(held, start=1)}

    def operators_as(self, roles: Iterable[str]) -> list[Given]:
        """The operators where the person has one of the roles."""
        wanted = set(roles)
        return [operator for operator, held in self.roles.items() if held & wanted]


def one_of(field: str, values: Iterable[Any]) -> Q:
    """That a field has one of the values, which may be `Given`."""
    wanted = list(values)
    if any(isinstance(value, Given) for value in wanted):
        return reduce(or_, (Q(**{field: value}) for value in wanted))
    return Q(**{f"{field}__in": wanted})


def padded(keys: Iterable[Any]) -> list[Any]:
    """The keys as many times as it takes to be 1, 2, 4, 8 …, so that `pk__in` has few lengths. Nothing for none."""
    wanted = list(keys)
    if not wanted:
        return []
    return wanted + [wanted[-1]] * ((1 << (len(wanted) - 1).bit_length()) - len(wanted))


class _Question:
    """A queryset with its SQL as Django wrote it."""

    def __init__(self, rows: QuerySet[Any], using: str) -> None:
        self._rows = rows
        self._using = using
        self._compiler = rows.query.get_compiler(using)
        self._sql: str = ""
        self._parameters: tuple[Any, ...] = ()
        try:
            self._sql, self._parameters = self._compiler.as_sql()
        except EmptyResultSet:
            return
        finally:
            vars(self._compiler)["connection"] = (
                None  # each asking has its own; this one goes with its thread
            )
        if any(_is_moment(parameter) for parameter in self._parameters):
            raise TypeError(f"a moment is part of the question: {self._sql}")

    def ask(self, values: list[Any]) -> list[Any]:
        """What the database answers when the values are given: nothing, where a number is larger than any that is stored.

        How each column is read is worked out once for a connection, and kept on it: it holds the connection.
        """
        if not self._sql or any(isinstance(value, int) and abs(value) > LARGEST for value in values):
            return []
        connection = connections[self._using]
        written = (
            self._sql,
            tuple(
                _adapted(values[one.place], connection) if isinstance(one, Given) else one
                for one in self._parameters
            ),
        )
        compiler = copy.copy(self._compiler)
        compiler.connection = connection
        vars(compiler)["as_sql"] = lambda *_args, **_named: written
        worked_out: dict[_Question, Any] = vars(connection).setdefault("_converters_of_questions", {})
        if self in worked_out:
            vars(compiler)["get_converters"] = lambda _expressions: worked_out[self]
        query = copy.copy(self._rows.query)
        vars(query)["get_compiler"] = lambda *_args, **_named: compiler
        rows: Any = self._rows.__class__.__new__(self._rows.__class__)
        rows.__dict__ = {
            **self._rows.__dict__,
            "_query": query,
            "_result_cache": None,
            "_prefetch_done": True,
        }
        with planned_once(connection):
            found = list(rows)
        prefetch_related_objects(found, *rows._prefetch_related_lookups)
        if self not in worked_out and compiler.select is not None:
            fields = [field for field, *_rest in compiler.select[: compiler.col_count]]
            worked_out[self] = compiler.get_converters(fields)
        return found


@contextmanager
def planned_once(connection: Any) -> Iterator[None]:
    """On PostgreSQL: the values go beside the SQL, so that the server plans a question once for each connection.

    Planning thirty questions costs it five times as much as answering them. Django's own setting would bind every query so. Not
    where queries are logged (`DEBUG`, tests that count): Django cannot tell afterwards what such a one said.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    raw = connection.connection
    before, raw.cursor_factory, raw.prepared_max = raw.cursor_factory, ServerBindingCursor, MOST_PLANNED
    try:
        yield
    finally:
        raw.cursor_factory = before


def _is_moment(parameter: Any) -> bool:
    """A date or a time, also as the text that SQLite keeps."""
    text = isinstance(parameter, str) and re.match(r"\d{4}-\d\d-\d\d", parameter)
    return isinstance(parameter, date | time) or bool(text)


def _adapted(value: Any, connection: Any) -> Any:
    """The value as the database takes it, where no field of Django's does it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def prepared(build: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """The function, which returns a queryset, as one that returns its rows and has its SQL written once.

    Positional arguments are values or a signed-in person; named ones are part of the question and must be hashable. Give a
    record by its key. Raises `TypeError` for a record, a list, or a moment in the question itself.
    """
    questions: dict[Hashable, _Question] = {}

    @wraps(build)
    def ask(*given: Any, **shape: Hashable) -> list[Row]:
        values: list[Any] = []
        roles = [_take(value, values) for value in given]
        key = (*roles, *sorted(shape.items()))
        question = questions.get(key)
        if question is None:
            rows = build(*_marks(roles), **shape)
            using = router.db_for_read(rows.model)
            question = questions[key] = _Question(rows, using)
        return question.ask(values)

    return ask


def _take(value: Any, values: list[Any]) -> Hashable:
    """Lays the value with the others. A person's roles in turn, None for anything else."""
    if isinstance(value, Model):
        held: Any = getattr(value, "roles", None)
        if held is None:
            raise TypeError("give the key of the record, not the record")
        values += [value.pk, *held]
        return tuple(held.values())
    if isinstance(value, list | tuple | set | dict | QuerySet):
        raise TypeError("a list has no fixed length, so its question cannot be written once")
    values.append(value)
    return None


def _marks(roles: list[Any]) -> list[Given]:
    """What the function is given in place of the values."""
    marks: list[Given] = []
    place = 0
    for held in roles:
        marks.append(Given(place) if held is None else Asker(place, held))
        place += 1 if held is None else 1 + len(held)
    return marks
