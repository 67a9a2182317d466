# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Compiled kernels where nothing can be kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import pytest

from brobygger.engine.jit import compiled


def test_a_kernel_is_compiled_anew_where_no_folder_for_it_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    njit = numba.njit

    def refusing(function: Callable[..., Any] | None = None, *, cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)(function)

    monkeypatch.setattr(
        numba,
        "njit",
        lambda *given, **options: (
            refusing(*given, **options) if given else (lambda function: refusing(function, **options))
        ),
    )
    assert compiled(double)(21) == 42


def double(number: int) -> int:
    """The kernel under test."""
    return 2 * number
