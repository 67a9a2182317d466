# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which industries an office gives priority (catalogue of good practice, case 4), and whether a firm is in one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext as _

from brobygger.knowledge.industries import db25_codes, industry_title, industry_tree
from brobygger.register.filters import industry_clause

MOST = 60
_CODE = re.compile(r"^(?:[A-Z]|\d{2,6})$")


def read_codes(text: str) -> tuple[list[str], list[str]]:
    """(codes, words that are no codes) of what somebody typed with commas, spaces or lines between."""
    words = [word.upper().rstrip(".") for word in re.split(r"[\s,;]+", text) if word]
    plain = [word.replace(".", "") for word in words]
    codes = [word for word in plain if _CODE.match(word) and title_of(word)]
    return list(dict.fromkeys(codes))[:MOST], [word for word in plain if word not in codes]


@lru_cache(maxsize=1)
def _sections() -> dict[str, tuple[str, ...]]:
    """Section letter → its divisions."""
    return {part.code: tuple(inner.code for inner in part.children) for part in industry_tree()}


def title_of(code: str) -> str:
    """What a section letter or the beginning of an industry code stands for; empty where no firm could have it."""
    known = code in _sections() or any(full.startswith(code) for full in db25_codes())
    return (industry_title(code) or code) if code and known else ""


def beginnings(codes: Iterable[str]) -> tuple[str, ...]:
    """Digits that a prioritised industry begins with."""
    found: list[str] = []
    for code in codes:
        found += _sections().get(code, (code,))
    return tuple(found)


def is_priority(industry: str, starts: tuple[str, ...]) -> bool:
    """Whether an industry code begins with one of `beginnings`."""
    return bool(industry and starts) and industry.startswith(starts)


def clause(codes: Iterable[str]) -> Q:
    """Organisations in one of the industries; none where nothing is prioritised."""
    found = Q(pk__in=[])
    for code in codes:
        found |= industry_clause(code)
    return found


def told(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, title) of each."""
    return [(code, title_of(code) or _("ukendt")) for code in codes]
