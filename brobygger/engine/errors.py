# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the engine says about input it cannot use."""

from __future__ import annotations


class InputError(ValueError):
    """Input that cannot be used, pointed out to the cell.

    `file` is the file's path, or the argument's name when the verb was called from Python; `line` counts from 1
    (in a CSV file the header is line 1, in Parquet and in Python it is the row), 0 where no single line is at
    fault; `column` is "-" where no single column is; `expected` says what should have stood there.
    """

    def __init__(self, file: str, line: int, column: str, expected: str) -> None:
        super().__init__(f"{file}: line {line}, column {column}: expected {expected}")
        self.file = file
        self.line = line
        self.column = column
        self.expected = expected


def shown(value: object) -> str:
    """A cell for an error message: one line, at most 40 characters."""
    text = str(value)
    return repr(text if len(text) <= 40 else text[:39] + "…")
