# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The rules of `compose` as a JSON file."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from brobygger.engine.errors import InputError, shown

MOST_DIGITS = 18


def read_rules(path: Path) -> tuple[dict[str, Any], str]:
    """The object in the file, and its text. Raises InputError with the line where it is not JSON."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(path), 1, "-", "text in UTF-8") from error
    except OSError as error:
        raise InputError(str(path), 0, "-", f"a file that can be read ({error.strerror})") from error

    def refuse(constant: str) -> NoReturn:
        raise InputError(
            str(path), position(text, constant, quoted=False), "-", f"a finite number, found {constant}"
        )

    def whole(digits: str) -> int:
        if len(digits) > MOST_DIGITS:
            line = position(text, digits, quoted=False)
            raise InputError(str(path), line, "-", f"a smaller number, found {shown(digits)}")
        return int(digits)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for key, count in Counter(key for key, _ in pairs).items():
            if count > 1:
                raise InputError(str(path), position(text, key), key, "each key once")
        return dict(pairs)

    try:
        data = json.loads(text, parse_constant=refuse, parse_int=whole, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise InputError(str(path), error.lineno, str(error.colno), f"JSON ({error.msg})") from error
    except RecursionError as error:
        raise InputError(str(path), 1, "-", "JSON that is not nested so deeply") from error
    if not isinstance(data, dict):
        raise InputError(str(path), 1, "-", "a JSON object in braces")
    return data, text


def position(text: str, path: str, *, quoted: bool = True) -> int:
    """The line on which the key at a path such as `quota.municipality` or `apart[2]` stands (1 if nowhere)."""
    place = 0
    for key in path.split("."):
        name = re.sub(r"\[\d+\]$", "", key)
        found = text.find(f'"{name}"' if quoted else name, place)
        place = found if found >= 0 else place
    return text.count("\n", 0, place) + 1
