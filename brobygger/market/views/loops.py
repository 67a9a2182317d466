# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closed loops and chains among the listings, as a picture with a table beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.market.queries.loops import Link, Path, find_paths
from brobygger.register.models import Tag

PICTURED = 3
"""So many paths are drawn together when none is chosen; more is a ball of wool."""


IN_CIRCLE = 6
"""So many organisations stand in a circle; more stand in two columns, so that no name lies on another."""
NAME_WIDTH = 150  # pixels; a longer name takes two lines


class LoopFilters(forms.Form):
    """Among whom, and how obvious a link must be."""

    gruppe = forms.ModelChoiceField(
        label=gettext_lazy("Blandt virksomheder med mærkatet"),
        queryset=Tag.objects.none(),
        required=False,
        empty_label=gettext_lazy("Alle virksomheder"),
    )
    mindst = forms.ChoiceField(
        label=gettext_lazy("Brug forslag, der er"),
        required=False,
        choices=[
            ("", gettext_lazy("mulige eller bedre")),
            ("0.5", gettext_lazy("oplagte eller bedre")),
            ("0.1", gettext_lazy("også svage")),
        ],
    )

    def __init__(self, *args: Any, tags: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.fields["gruppe"]
        group.queryset = tags

    @property
    def wanted(self) -> tuple[float, Tag | None]:
        """The least score of a link, and the group; what could not be understood is left out."""
        self.is_valid()
        return float(self.cleaned_data.get("mindst") or 0.3), self.cleaned_data.get("gruppe")


@access(STAFF)
def loops(request: Request) -> HttpResponse:
    """Loops and chains of up to five links."""
    filters = LoopFilters(request.GET, tags=Tag.objects.filter(operator=request.operator))
    least, tag = filters.wanted
    found = find_paths(request.operator, least, tag)
    shown = _chosen(request.GET.get("vis", ""), found.loops, found.chains)
    pictured = [shown] if shown else (found.loops or found.chains)[:PICTURED]
    context = {
        "heading": _("Kredsløb"),
        "filters": filters,
        "tag": tag,
        "found": found,
        "shown": shown,
        "picture": picture(pictured),
        "pictured": len(pictured),
    }
    return render(request, "market/loops.html", context)


def _chosen(asked: str, loops: list[Path], chains: list[Path]) -> Path | None:
    """The path that was asked to be drawn: `k3` is the third loop, `f1` the first chain."""
    paths = {"k": loops, "f": chains}.get(asked[:1], [])
    number = int(asked[1:]) if asked[1:].isdecimal() and len(asked) < 6 else 0
    return paths[number - 1] if 1 <= number <= len(paths) else None


def picture(paths: Iterable[Path]) -> dict[str, Any]:
    """An ECharts option: organisations with an arrow for each link. The table beside it says the same."""
    links: dict[Any, Link] = {
        (link.giver, link.taker, link.suggestion): link for path in paths for link in path.links
    }
    names: dict[int, str] = {}
    for link in links.values():
        names.setdefault(link.giver, link.giver_name)
        names.setdefault(link.taker, link.taker_name)
    places = _in_a_circle(names) if len(names) <= IN_CIRCLE else _in_two_columns(links.values())
    plain = {"color": "#1a1a1a", "backgroundColor": "#ffffff", "padding": [1, 3]}
    return {
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "left": NAME_WIDTH + 20,
                "right": NAME_WIDTH + 20,
                "top": "10%",
                "bottom": "10%",
                "preserveAspect": "contain",
                "edgeSymbol": ["none", "arrow"],
                "edgeSymbolSize": 10,
                "symbol": "roundRect",
                "symbolSize": 16,
                "itemStyle": {"color": "#17524c"},
                "label": {
                    "show": True,
                    "fontSize": 13,
                    "lineHeight": 15,
                    "width": NAME_WIDTH,
                    "overflow": "break",
                    **plain,
                },
                "edgeLabel": {"show": True, "formatter": "{c}", "fontSize": 12, **plain},
                "emphasis": {"focus": "adjacency"},
                "data": [
                    {"id": str(key), "name": names[key], "x": x, "y": y, "label": {"position": where}}
                    for key, (x, y, where) in places.items()
                ],
                "links": [_drawn(link, places) for link in links.values()],
            }
        ]
    }


Places = dict[int, tuple[float, float, str]]
"""Organisation → (x, y, at which side of it its name stands)."""


def _in_a_circle(names: Iterable[int]) -> Places:
    """In the order that the path passes them, the first at the left; wider than high, as the screen is."""
    keys = list(names)
    step = 2 * math.pi / max(len(keys), 1)
    turn = 0.3 if len(keys) == 2 else 0.0  # two at the same height would be drawn as tall as the sky
    placed: Places = {}
    for place, key in enumerate(keys):
        x, y = -math.cos(place * step + turn), -math.sin(place * step + turn)
        across = "left" if x < 0 else "right"
        placed[key] = (
            round(160 * x, 1),
            round(100 * y, 1),
            across if abs(x) > 0.4 else "top" if y < 0 else "bottom",
        )
    return placed


def _in_two_columns(links: Iterable[Link]) -> Places:
    """Each taker stands opposite its giver, so that the arrows go across and the names stand outside."""
    rows: dict[int, tuple[int, int]] = {}
    free = [0, 0]
    for link in links:
        for key, other, column in ((link.giver, link.taker, 0), (link.taker, link.giver, 1)):
            if key not in rows:
                column, beside = (1 - rows[other][0], rows[other][1]) if other in rows else (column, 0)
                row = max(free[column], beside)
                rows[key], free[column] = (column, row), row + 1
    high = 200 / max(max(free) - 1, 1)
    return {
        key: (160.0 if column else -160.0, round(row * high - 100, 1), "right" if column else "left")
        for key, (column, row) in rows.items()
    }


def _drawn(link: Link, places: Places) -> dict[str, Any]:
    what = f"{link.what} ({_('fortrolig')})" if link.confidential else link.what
    kind = "solid" if link.chosen else "dashed"
    in_columns = len(places) > IN_CIRCLE
    across = places[link.giver][0] != places[link.taker][0]
    bend = 0.2 if not in_columns else 0.04 if across else 0.4
    return {
        "source": str(link.giver),
        "target": str(link.taker),
        "value": what,
        "lineStyle": {"type": kind, "color": "#9a5b00", "width": 2, "opacity": 1, "curveness": bend},
    }
