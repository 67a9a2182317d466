# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Keeps what takes seconds to work out between processes, in the user's cache folder; never needed, only faster."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def fingerprint(*parts: object) -> str:
    """Changes when any of the parts does. Each part must have a stable `repr`."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def kept(name: str, print_of: str, build: Callable[[], Any]) -> Any:
    """`build()`, or what it gave before under the same fingerprint. The value must be plain JSON (lists, text, numbers).

    A folder that cannot be read or written, and a file that is damaged, cost time and nothing else.
    """
    path = folder() / f"{name}.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(stored, dict) and stored.get("fingerprint") == print_of:
            return stored["value"]
    except (OSError, ValueError, KeyError):
        pass
    value = build()
    _write(path, {"fingerprint": print_of, "value": value})
    return value


def folder() -> Path:
    """`$BROBYGGER_CACHE`, else ``brobygger`` in the user's cache folder."""
    given = os.environ.get("BROBYGGER_CACHE")
    if given:
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(home) if home else Path.home() / ".cache") / "brobygger"
    except RuntimeError:
        return Path(tempfile.gettempdir()) / f"brobygger-{os.getuid()}"


def _write(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, also when several processes write at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(content, out, ensure_ascii=False, separators=(",", ":"))
        os.replace(temporary, path)
    except OSError:
        return
