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
    """An ECharts option: organisations in a circle, an arrow for each link. The table beside it says the same."""
    links: dict[Any, Link] = {
        (link.giver, link.taker, link.suggestion): link for path in paths for link in path.links
    }
    nodes: dict[int, str] = {}
    for link in links.values():
        nodes.setdefault(link.giver, link.giver_name)
        nodes.setdefault(link.taker, link.taker_name)
    plain = {"color": "#1a1a1a", "backgroundColor": "#ffffff", "padding": [1, 3]}
    return {
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "left": "20%",
                "right": "20%",
                "top": "10%",
                "bottom": "10%",
                "edgeSymbol": ["none", "arrow"],
                "edgeSymbolSize": 10,
                "symbol": "roundRect",
                "symbolSize": 16,
                "itemStyle": {"color": "#17524c"},
                "label": {"show": True, "position": "bottom", "fontSize": 13, **plain},
                "edgeLabel": {"show": True, "formatter": "{c}", "fontSize": 12, **plain},
                "data": _in_a_circle(nodes),
                "links": [_drawn(link) for link in links.values()],
            }
        ]
    }


def _in_a_circle(nodes: dict[int, str]) -> list[dict[str, Any]]:
    """In the order that the path passes them, the first at the left; wider than high, as the screen is."""
    step = 2 * math.pi / max(len(nodes), 1)
    turn = 0.3 if len(nodes) == 2 else 0.0  # two at the same height would be drawn as tall as the sky
    return [
        {
            "id": str(key),
            "name": name,
            "x": round(-160 * math.cos(place * step + turn), 1),
            "y": round(-100 * math.sin(place * step + turn), 1),
        }
        for place, (key, name) in enumerate(nodes.items())
    ]


def _drawn(link: Link) -> dict[str, Any]:
    what = f"{link.what} ({_('fortrolig')})" if link.confidential else link.what
    kind = "solid" if link.chosen else "dashed"
    return {
        "source": str(link.giver),
        "target": str(link.taker),
        "value": what,
        "lineStyle": {"type": kind, "color": "#9a5b00", "width": 2, "opacity": 1, "curveness": 0.2},
    }
