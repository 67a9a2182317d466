# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations as rows of a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.danish import number
from brobygger.knowledge.geography import municipality
from brobygger.knowledge.industries import industry_title
from brobygger.register.errors import TooManyToExport
from brobygger.register.models import Organisation

MOST_ROWS = 20_000
"""Takes about ten seconds to write; more than that a person should not wait for."""


def _town(organisation: Organisation) -> str:
    place = municipality(organisation.municipality_code) if organisation.municipality_code else None
    return place.name if place else ""


COLUMNS: tuple[tuple[str | Promise, Callable[[Organisation], Any]], ...] = (
    (gettext_lazy("Navn"), lambda o: o.name),
    (gettext_lazy("CVR-nummer"), lambda o: o.cvr or ""),
    (gettext_lazy("Art"), lambda o: str(o.get_kind_display())),
    (gettext_lazy("Status"), lambda o: str(o.get_status_display())),
    (gettext_lazy("Reklamebeskyttet"), lambda o: _("ja") if o.ad_protected else _("nej")),
    (gettext_lazy("Branchekode (DB25)"), lambda o: o.industry),
    (gettext_lazy("Branche"), lambda o: (industry_title(o.industry) or "") if o.industry else ""),
    (gettext_lazy("Ansatte"), lambda o: o.employees),
    (gettext_lazy("Ansatte, interval"), lambda o: o.employees_text),
    (gettext_lazy("Startet"), lambda o: o.founded_on),
    (gettext_lazy("Ophørt"), lambda o: o.dissolved_on),
    (gettext_lazy("Vej og nummer"), lambda o: o.street),
    (gettext_lazy("Postnummer"), lambda o: o.postal_code),
    (gettext_lazy("By"), lambda o: o.city),
    (gettext_lazy("Kommune"), _town),
    (gettext_lazy("E-mail"), lambda o: o.email),
    (gettext_lazy("Telefon"), lambda o: o.phone),
    (gettext_lazy("Hjemmeside"), lambda o: o.website),
    (gettext_lazy("Mærkater"), lambda o: ", ".join(tag.name for tag in o.tags.all())),
    (gettext_lazy("Opdigtet"), lambda o: _("ja") if o.invented else _("nej")),
    (gettext_lazy("Kilde"), lambda o: str(o.get_source_display())),
)


HEADINGS = [label for label, _value in COLUMNS]


def rows(firms: QuerySet[Organisation]) -> Iterator[list[Any]]:
    """A row a firm, in the order of `HEADINGS`, sorted by name. Raises TooManyToExport above `MOST_ROWS`."""
    count = firms.order_by().count()
    if count > MOST_ROWS:
        raise TooManyToExport(number(count), number(MOST_ROWS))
    return ([value(firm) for _label, value in COLUMNS] for firm in _in_order(firms))


def _in_order(firms: QuerySet[Organisation]) -> Iterator[Organisation]:
    sorted_firms = firms.order_by("sort_name", "pk").prefetch_related("tags")
    yield from sorted_firms.iterator(chunk_size=2000)
