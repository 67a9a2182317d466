# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A plan of the network as ECharts options. The tables beside them say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from brobygger.base.danish import about_kroner, number
from brobygger.market.queries.loops import Link

DRAWN = 12
"""So many deliveries are drawn, the most valuable; more is a ball of wool."""
UNSEEN = "\u200b"
"""ECharts knows a node by its name: who stands on both sides, or shares a name, gets an invisible character more."""
GIVES, TAKES, AGREED, NEW = "#17524c", "#9a5b00", "#17524c", "#c9a227"


def sankey(links: Sequence[Link]) -> dict[str, Any]:
    """Givers to the left, takers to the right, as wide as the tonnes a year."""
    names: dict[tuple[str, int], str] = {}
    for link in links:
        _named(names, ("giver", link.giver), link.giver_name)
        _named(names, ("taker", link.taker), link.taker_name)
    return {
        "tooltip": {"trigger": "item", "formatter": f"{{b}}: {{c}} {_('tons om året')}"},
        "series": [
            {
                "type": "sankey",
                "left": "20%",
                "right": "22%",
                "nodeGap": 10,
                "draggable": False,
                "label": {"fontSize": 13, "color": "#1a1a1a", "width": 190, "overflow": "truncate"},
                "data": [
                    {
                        "name": name,
                        "itemStyle": {"color": GIVES if side == "giver" else TAKES},
                        "label": {"position": "left" if side == "giver" else "right"},
                    }
                    for (side, _key), name in names.items()
                ],
                "links": [
                    {
                        "source": names["giver", link.giver],
                        "target": names["taker", link.taker],
                        "value": float(link.tonnes or 0),
                        "lineStyle": {"color": AGREED if link.chosen else NEW, "opacity": 0.45},
                    }
                    for link in links
                ],
            }
        ],
    }


def _named(names: dict[tuple[str, int], str], key: tuple[str, int], name: str) -> None:
    if key in names:
        return
    taken = set(names.values())
    while name in taken:
        name += UNSEEN
    names[key] = name


def curve(points: Iterable[Mapping[str, float]], chosen: Mapping[str, float] | None) -> dict[str, Any]:
    """Kroner against CO2e: each point is a best plan; between them one is had for the other."""
    listed = [[round(point["co2e_kg"] / 1000, 3), point["dkk"]] for point in points]
    series: list[dict[str, Any]] = [
        {
            "type": "line",
            "data": listed,
            "symbolSize": 9,
            "color": GIVES,
            "name": _("Bedste planer"),
        }
    ]
    if chosen is not None:
        series.append(
            {
                "type": "scatter",
                "data": [[round(chosen["co2e_kg"] / 1000, 3), chosen["dkk"]]],
                "symbolSize": 18,
                "color": TAKES,
                "name": _("Denne plan"),
            }
        )
    return {
        "tooltip": {"trigger": "item"},
        "legend": {"bottom": 0},
        "grid": {"left": 20, "right": 30, "top": 40, "bottom": 60, "containLabel": True},
        "xAxis": {
            "type": "value",
            "scale": True,
            "name": _("tons CO2e sparet om året"),
            "nameLocation": "middle",
            "nameGap": 30,
        },
        "yAxis": {"type": "value", "scale": True, "name": _("kr. om året")},
        "series": series,
    }


def spoken(points: Sequence[Mapping[str, float]]) -> str:
    """What the curve says, in one sentence; empty where there is nothing to choose between."""
    if len(points) < 2:
        return ""
    green, rich = points[0], points[-1]
    return _("Fra mest CO2e til flest kroner koster det %(co2e)s tons CO2e at få %(dkk)s mere.") % {
        "co2e": number(round((green["co2e_kg"] - rich["co2e_kg"]) / 1000, 1)),
        "dkk": about_kroner(rich["dkk"] - green["dkk"]),
    }
