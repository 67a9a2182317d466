# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matchmaking for local exchange: plain tables in, explained tables out. No database, no web framework.

Six verbs and nothing else is public: `suggest`, `takers`, `allocate`, `pair`, `compose`, `loops`. Each
lives in the module of the same name and is loaded when it is first asked for, so importing the package
costs next to nothing.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brobygger.engine.allocate import allocate
    from brobygger.engine.compose import compose
    from brobygger.engine.loops import loops
    from brobygger.engine.pair import pair
    from brobygger.engine.suggest import suggest
    from brobygger.engine.takers import takers

__all__ = ["allocate", "compose", "loops", "pair", "suggest", "takers"]


class _Engine(ModuleType):
    """A verb and its module share a name; the package always shows the verb, whatever was imported first."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in __all__ and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Engine


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{name}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
