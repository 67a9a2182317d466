# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can be wrong with a file as a whole, or with one value in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


class BadFile(UserError):
    """The file cannot be used at all. Names the file, the line, the column and what was expected, on one line."""

    def __init__(self, file: str, expected: str, *, line: int | None = None, column: str = "") -> None:
        self.file, self.line, self.column, self.expected = file, line, column, expected
        where = [file]
        if line is not None:
            where.append(_("linje %(line)s") % {"line": line})
        if column:
            where.append(_("kolonne »%(column)s«") % {"column": column})
        super().__init__(f"{', '.join(where)}: {expected}".replace("\n", " "))


class BadValue(UserError):
    """One value cannot be used; its row is left out."""


class LeftOut(Exception):
    """A row that is left out: which column, and why."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


class NotAllowed(UserError):
    """An import that cannot be started as asked for."""
