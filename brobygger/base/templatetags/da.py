# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Template filters for Danish figures, and small pieces of the page. Loaded in every template."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from brobygger.base import danish, field_markup
from brobygger.base.history import MOST, history_of

register = template.Library()


@register.filter
def number(value: Decimal | float | None, decimals: int | None = None) -> str:
    return danish.number(value, decimals)


@register.filter
def kroner(value: Decimal | float | None) -> str:
    return danish.kroner(value)


@register.filter
def about_kroner(value: Decimal | float | None) -> str:
    return danish.about_kroner(value)


@register.filter
def percent_rate(percent: Decimal | None) -> str:
    return danish.rate(percent)


@register.filter
def figure(value: Decimal | float | None, unit: str) -> str:
    """A figure as it stands before its unit; kroner are whole."""
    return danish.about_kroner(value).removesuffix(" kr.") if unit == "kr." else danish.number(value)


@register.filter
def distance(metres: float | None) -> str:
    return danish.distance(metres)


@register.filter
def percent(share: float | None) -> str:
    """0.73 → 73 %."""
    return "–" if share is None else f"{danish.number(round(share * 100), 0)} %"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite. Decorative unless it has a label."""
    if label:
        return format_html(
            '<svg class="icon-svg" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            SPRITE,
            name,
        )
    return format_html(
        '<svg class="icon-svg" focusable="false" aria-hidden="true"><use href="{}#{}"></use></svg>',
        SPRITE,
        name,
    )


SPRITE = "/static/vendor/dkfds/img/all-svg-icons.svg"


@register.simple_tag
def filter_group(field: BoundField) -> SafeString:
    """A filter of a list: label, errors, control."""
    return field_markup.filter_group(field)


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some parameters changed; None or "" takes one away."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = value
    encoded: str = query.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag(takes_context=True)
def turn_to(context: dict[str, Any], number: int) -> str:
    """The same address at another page of the list: by `parameter` (else `side`), and at `anchor` on the page."""
    anchor = context.get("anchor")
    query = with_query(context, **{context.get("parameter") or "side": number})
    return f"{query}#{anchor}" if anchor else query


@register.inclusion_tag("base/history.html")
def history(record: Any, changes: Any = None, title: str = "") -> dict[str, Any]:
    """The record's history, folded away until somebody asks. `changes`: where the page has read it already. `title`: where
    it is not that of the page."""
    told = history_of(record) if changes is None else changes
    return {"changes": told, "title": title, "most": MOST if len(told) >= MOST else None}
