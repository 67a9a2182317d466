# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The rows of the workbook. No contact persons: a file leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from brobygger.market.models import Listing
from brobygger.market.wording import type_name, unit_label

MOST_EXPORTED = 20_000
HEADINGS = (
    _("Har eller mangler"), _("Slags"), _("Hvad"), _("Tekst"), _("Mængde"), _("Enhed"), _("Hvor tit"),
    _("Kun i hele læs à"), _("Skal mindst flyttes, procent"), _("Fra"),
    _("Til"), _("Virksomhed"), _("Postnummer"), _("By"), _("Affaldskode"), _("Farligt affald"), _("Pris"),
    _("Pris pr. enhed, kr."), _("Hvem må se"), _("Status"), _("Kontor"), _("Oprettet"), _("Opdigtet"),
)  # fmt: skip


def export_rows(listings: Iterable[Listing]) -> Iterator[list[Any]]:
    """One row a listing, in the order of `HEADINGS`."""
    for row in listings:
        yield [
            str(row.get_side_display()), str(row.get_kind_display()), type_name(row.resource_type), row.text,
            row.quantity, unit_label(row.unit), str(row.get_period_display()),
            row.lot, row.least_share, row.starts_on, row.ends_on,
            row.organisation.name, row.postal_code, row.organisation.city, row.waste_code,
            "ja" if row.hazardous else "", str(row.get_price_kind_display()), row.price,
            str(row.get_visibility_display()), str(row.get_status_display()), row.operator.name,
            row.created_at.date(), "ja" if row.invented else "",
        ]  # fmt: skip
