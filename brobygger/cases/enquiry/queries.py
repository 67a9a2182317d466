# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Prospectuses as pages and files show them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from brobygger.base import pdf
from brobygger.base.danish import join, number
from brobygger.cases.enquiry.models import ProspectusVersion
from brobygger.market.models import Listing
from brobygger.register.models import Organisation

TEMPLATE = Path(__file__).parent / "prospectus.typ"
LISTED = ("skills", "sites", "services")
PARTS = ("firms", "schools", *LISTED, "exchanges")
"""What consists of lines that a person may leave out or add."""


def shown(version: ProspectusVersion) -> dict[str, Any]:
    """The version's content. A listing that everybody may no longer see is left out, whatever the day's figures counted, and so
    is the name of a firm that has come under advertising protection since."""
    body = dict(version.body)
    keys = {row["pk"] for part in LISTED for row in body[part]}
    still = set(
        Listing.objects.filter(
            pk__in=keys,
            visibility=Listing.Visibility.OPEN,
            status=Listing.Status.ACTIVE,
            organisation__ad_protected=False,
        ).values_list("pk", flat=True)
    )
    kept = {str(pk) for pk in still}
    for part in LISTED:
        body[part] = [row for row in body[part] if row["pk"] in kept]
    body["left_out"] = len(keys) - len(kept)
    named = Organisation.objects.filter(
        operator=version.case.operator_id, name__in=[row["name"] for row in body["firms"]]
    )
    protected = set(named.filter(ad_protected=True).values_list("name", flat=True))
    body["firms"] = [row for row in body["firms"] if row["name"] not in protected]
    body["title"] = title(version)
    return body


def lines(version: ProspectusVersion) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Part → each of its lines with a key of its own (`skills-in-0`), in words, and whether it is in the prospectus."""
    headings = {
        "firms": _("De største virksomheder"), "schools": _("Skoler og videninstitutioner"),
        "skills": _("Kompetencer og arbejdskraft"), "sites": _("Lokaler og arealer"),
        "services": _("Udstyr, transport og ydelser"), "exchanges": _("Udvekslinger, der kører"),
    }  # fmt: skip
    others = version.body.get("others", {})
    found = []
    for part in PARTS:
        inside = [(f"{part}-in-{at}", _in_words(row), True) for at, row in enumerate(version.body[part])]
        outside = [(f"{part}-out-{at}", _in_words(row), False) for at, row in enumerate(others.get(part, []))]
        if inside or outside:
            found.append((headings[part], inside + outside))
    return found


def _in_words(row: dict[str, Any]) -> str:
    area = f"{number(row['area_m2'])} m²" if row.get("area_m2") else ""
    what = row.get("text") or row.get("name") or row.get("what") or ""
    return " · ".join(
        part for part in (what, area, row.get("who", ""), row.get("place") or row.get("city", "")) if part
    )


def title(version: ProspectusVersion) -> str:
    """`Fremstilling af fødevarer i Lejre`."""
    industries, area = version.body["industry"], version.body["area"]
    return _("%(industry)s i %(area)s") % {
        "industry": join([industries[0], *(name[:1].lower() + name[1:] for name in industries[1:])]),
        "area": join([_("%(name)s Kommune") % {"name": name} for name in area]),
    }


def chart(version: ProspectusVersion) -> dict[str, Any]:
    """Jobs by sub-industry as an ECharts option, the most on top."""
    rows = list(reversed(version.body["groups"]))
    return {
        "grid": {"left": 8, "right": 24, "top": 8, "bottom": 8, "containLabel": True},
        "tooltip": {},
        "xAxis": {"type": "value"},
        "yAxis": {
            "type": "category",
            "data": [row["title"] for row in rows],
            "axisLabel": {"width": 180, "overflow": "break", "lineHeight": 14},
        },
        "series": [{"type": "bar", "data": [row["jobs"] for row in rows], "itemStyle": {"color": "#17524c"}}],
    }


def as_pdf(version: ProspectusVersion) -> bytes:
    """The version as a tagged PDF."""
    body = shown(version)
    values = {
        "title": body["title"],
        "as_of": _("Tallene er regnet ud den %(day)s.") % {"day": _day(version.as_of)},
        "introduction": version.introduction,
        "figures": [
            [figure["label"], f"{figure['value']} {figure['unit']}", figure["basis"]]
            for figure in body["figures"]
        ],
        "parts": parts(body),
        "contact": ", ".join(filter(None, body["office"].values())),
        "words": {"figures": _("Tallene"), "contact": _("Kontakt"), "headings": [_("Hvad"), _("Tal"), _("Sådan er det talt")]},
    }  # fmt: skip
    return pdf.write(
        TEMPLATE, values, title=body["title"], author=version.case.operator.name, at=version.made_at
    )


def parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables after the figures: heading, column headings, rows, which columns hold numbers."""
    parts = [
        (_("Delbrancher"), [_("Branche"), _("Virksomheder"), _("Ansatte")], [1, 2],
         [[row["title"], number(row["firms"]), number(row["jobs"])] for row in body["groups"]]),
        (_("De største virksomheder"), [_("Virksomhed"), _("By"), _("Ansatte")], [2],
         [[row["name"], row["city"], number(row["jobs"])] for row in body["firms"]]),
        (_("Skoler og videninstitutioner"), [_("Navn"), _("By")], [],
         [[row["name"], row["city"]] for row in body["schools"]]),
        (_("Kompetencer og arbejdskraft"), [_("Hvad"), _("Hvem"), _("Sted")], [],
         [[row["text"], row["who"], row["place"]] for row in body["skills"]]),
        (_("Lokaler og arealer"), [_("Hvad"), _("Sted"), _("m²")], [2],
         [[row["text"], row["place"], number(row["area_m2"])] for row in body["sites"]]),
        (_("Udstyr, transport og ydelser"), [_("Hvad"), _("Hvem"), _("Sted")], [],
         [[row["text"], row["who"], row["place"]] for row in body["services"]]),
        (_("Udvekslinger, der kører"), [_("Hvad"), _("Antal")], [1],
         [[row["what"], number(row["count"])] for row in body["exchanges"]]),
    ]  # fmt: skip
    return [
        {"heading": heading, "columns": columns, "numbers": numbers, "rows": rows}
        for heading, columns, numbers, rows in parts
        if rows
    ]


def _day(day: dt.date) -> str:
    return str(formats.date_format(day, "DATE_FORMAT"))
