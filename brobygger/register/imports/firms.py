# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which firm of the register a row of a file is about: by its CVR number, else by its name, with the postal code if needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from django.utils.translation import gettext as _

from brobygger.base.danish import name_key, sort_key
from brobygger.register.models import Organisation
from brobygger.register.queries_merges import numbers_given_up


class Named(Protocol):
    """What a row says about its firm; empty where it says nothing."""

    @property
    def cvr(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def postal_code(self) -> str: ...


class Firms:
    """The firms that a lot of rows may be about, in a few questions."""

    def __init__(self, operator: Any, entries: Iterable[Named]) -> None:
        rows = list(entries)
        here = Organisation.objects.filter(operator=operator).only(
            "pk", "name", "sort_name", "cvr", "postal_code", "operator_id", "email"
        )
        numbers = {entry.cvr for entry in rows if entry.cvr}
        given_up = numbers_given_up(operator, numbers)
        moved = {firm.pk: firm for firm in here.filter(pk__in=given_up.values())}
        self.by_cvr = {cvr: moved[pk] for cvr, pk in given_up.items() if pk in moved}
        self.by_cvr |= {str(firm.cvr): firm for firm in here.filter(cvr__in=numbers)}
        self.by_name: dict[str, list[Organisation]] = {}
        names = {sort_key(entry.name) for entry in rows if entry.name}
        for firm in here.filter(sort_name__in=names).order_by("pk"):
            self.by_name.setdefault(name_key(firm.name), []).append(firm)

    def find(self, entry: Named) -> tuple[Organisation | None, str]:
        """The firm, or why there is none."""
        if entry.cvr and entry.cvr in self.by_cvr:
            return self.by_cvr[entry.cvr], ""
        if not entry.name:
            return None, _("Ingen virksomhed i registret har CVR-nummeret")
        found = self.by_name.get(name_key(entry.name), [])
        if entry.cvr:
            found = [firm for firm in found if not firm.cvr]
        if len(found) > 1 and entry.postal_code:
            found = [firm for firm in found if firm.postal_code == entry.postal_code]
        if len(found) == 1:
            return found[0], ""
        if found:
            return None, _("Flere virksomheder hedder det. Skriv CVR-nummer eller postnummer")
        return None, _("Virksomheden findes ikke i registret. Importer den først")
