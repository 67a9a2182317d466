# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Assessments and the portfolio as ECharts options. The tables beside them say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brobygger.dialogue.instruments import Instrument
from brobygger.dialogue.models import Assessment

GREEN, GOLD, GREY = "#17524c", "#b8860b", "#9aa7a4"
WIDEST_LABEL = 18


def wheel(instrument: Instrument, assessments: Sequence[Assessment]) -> dict[str, Any]:
    """The wheel ("hjul"): a spoke for each parameter of the instrument that is drawn, a line for each date."""
    spokes = [parameter for parameter in instrument.parameters if parameter.wheel]
    colours = [GREEN, GOLD]
    lines = [
        {
            "name": date_format(one.on, "j. N Y"),
            "value": [one.scores.get(spoke.key) for spoke in spokes],
            "lineStyle": {"width": 2, "type": "dashed" if number else "solid"},
            "areaStyle": {"opacity": 0.15},
            "itemStyle": {"color": colours[number % 2]},
        }
        for number, one in enumerate(assessments)
    ]
    return {
        "color": colours,
        "legend": {"bottom": 0, "data": [line["name"] for line in lines]},
        "tooltip": {},
        "radar": {
            "radius": "60%",
            "center": ["50%", "46%"],
            "splitNumber": instrument.steps,
            "axisName": {"color": "#1a1a1a", "fontSize": 12, "lineHeight": 14},
            "indicator": [
                {"name": _wrapped(spoke.short or spoke.name), "max": instrument.steps, "min": 0}
                for spoke in spokes
            ],
        },
        "series": [{"type": "radar", "data": lines, "symbolSize": 6}],
    }


def _wrapped(name: str) -> str:
    """A long name on two lines, so that it does not run out of the picture on a phone."""
    if len(name) <= WIDEST_LABEL or " " not in name:
        return name
    middle = len(name) / 2
    at = min((place for place, sign in enumerate(name) if sign == " "), key=lambda place: abs(place - middle))
    return f"{name[:at]}\n{name[at + 1 :]}"


def trend(instrument: Instrument, assessments: Sequence[Assessment]) -> dict[str, Any]:
    """The results over time, the oldest first."""
    rows = sorted(assessments, key=lambda one: (one.on, one.pk))
    series = [
        {
            "type": "line",
            "name": result.name,
            "connectNulls": True,
            "data": [one.results.get(result.key) for one in rows],
        }
        for result in instrument.results
        if any(result.key in one.results for one in rows)
    ]
    return {
        "legend": {"bottom": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 40, "right": 20, "top": 20, "bottom": 70},
        "xAxis": {"type": "category", "data": [date_format(one.on, "j. N Y") for one in rows]},
        "yAxis": {"type": "value", "min": 1, "max": instrument.steps},
        "series": series,
    }


def bars(
    labels: Sequence[str], parts: Mapping[str, Sequence[int]], *, colours: Sequence[str] = (GREY, GREEN)
) -> dict[str, Any]:
    """Lying bars with a part for each name, the first label on top."""
    return {
        "color": list(colours),
        "legend": {"bottom": 0},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "grid": {"left": 10, "right": 30, "top": 10, "bottom": 50, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "data": [_short(label) for label in labels]},
        "series": [
            {"type": "bar", "stack": "alle", "name": name, "data": list(values)}
            for name, values in parts.items()
        ],
    }


def _short(label: str) -> str:
    return label if len(label) <= 34 else _("%(start)s …") % {"start": label[:32].rstrip()}
