# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Compiled kernels, kept on disk where the disk allows it."""

from __future__ import annotations

from collections.abc import Callable
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
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(F, numba.njit(nogil=True)(function))
