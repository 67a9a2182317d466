# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A plan of the network as rows of a workbook, for the office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.market.models import NetworkFlow
from brobygger.market.queries.network import link_of

MOST = 20_000
_COLUMNS: list[tuple[Any, Callable[[NetworkFlow, Any], Any]]] = [
    (gettext_lazy("Giver"), lambda flow, link: link.giver_name),
    (gettext_lazy("Hvad"), lambda flow, link: link.what),
    (gettext_lazy("Modtager"), lambda flow, link: link.taker_name),
    (gettext_lazy("Tons om året"), lambda flow, link: flow.tonnes),
    (gettext_lazy("Hele læs"), lambda flow, link: flow.lots),
    (gettext_lazy("Et læs, tons"), lambda flow, link: flow.lot_tonnes if flow.lots else None),
    (gettext_lazy("Heraf aftalt"), lambda flow, link: flow.agreed_tonnes),
    (gettext_lazy("Kroner om året"), lambda flow, link: flow.dkk),
    (gettext_lazy("Kg CO2e om året"), lambda flow, link: flow.co2e_kg),
    (gettext_lazy("Hvorfor"), lambda flow, link: flow.get_why_display()),
    (gettext_lazy("Fortrolig"), lambda flow, link: _("ja") if link.confidential else _("nej")),
]


def network_sheet(flows: QuerySet[NetworkFlow]) -> tuple[list[Any], list[list[Any]]]:
    """Headings and rows."""
    rows = [(flow, link_of(flow)) for flow in flows[:MOST]]
    table = [[read(flow, link) for _title, read in _COLUMNS] for flow, link in rows]
    return [title for title, _read in _COLUMNS], table
