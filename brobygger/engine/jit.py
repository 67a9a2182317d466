# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Compiled kernels, kept on disk where the disk allows it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code, compiled once per machine.

    Numba keeps the result beside the source or in the user's cache folder. Where neither can be written
    (a read-only image, a user without a home) it refuses; then the kernel is compiled anew in each process.
    While a kernel runs, the process's other threads run too.
    """
    try:
        kernel = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return cast(F, numba.njit(nogil=True)(function))
    kept = getattr(getattr(kernel, "_cache", None), "_cache_file", None)
    if kept is not None and hasattr(kept, "_source_stamp"):
        kept._source_stamp = (kept._source_stamp, _sources())
    return cast(F, kernel)


def on_disk(kernel: Any) -> bool:
    """Whether a kernel of one signature can run without waiting for the compiler: compiled in this process, or kept."""
    if kernel.signatures:
        return True
    cache: Any = getattr(kernel, "_cache", None)
    try:
        wanted = cache._index_key(None, kernel.targetctx.codegen())[1:]
        return any(key[1:] == wanted for key in cache._cache_file._load_index())
    except (AttributeError, OSError):
        return False  # nothing is kept here, or another version of numba keeps it another way


@lru_cache(maxsize=1)
def _sources() -> tuple[tuple[str, int, int], ...]:
    """What a kernel is made of. Numba looks at the one file only, and kernels hold code and numbers of the others."""
    folder = Path(__file__).parent
    files = sorted([*folder.glob("*_kernels.py"), folder / "pair_score.py", folder / "parts.py"])
    return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files if path.exists())
