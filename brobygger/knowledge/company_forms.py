# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Danish company forms (virksomhedsformer) as CVR numbers them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from brobygger.knowledge.tables import HERE, read_table, unique

COLUMNS = ("code", "short", "name", "personal")


@dataclass(frozen=True, slots=True)
class CompanyForm:
    """A form. `personal`: owned by natural persons, so its data are personal data."""

    code: str
    short: str
    name: str
    personal: bool


def read_company_forms(path: Path = HERE / "company_forms.csv") -> dict[str, CompanyForm]:
    """CVR's number → form. Raises `TableError`."""
    return {
        row.text("code"): CompanyForm(
            code=row.text("code"),
            short=row.text("short"),
            name=row.required("name"),
            personal=row.choice("personal", {"ja", "nej"}) == "ja",
        )
        for row in unique(read_table(path, COLUMNS), "code")
    }


@lru_cache(maxsize=1)
def company_forms() -> dict[str, CompanyForm]:
    """The shipped list."""
    return read_company_forms()


def company_form(code: str) -> CompanyForm | None:
    """The form with this CVR number, or None where the list does not know it."""
    return company_forms().get(code.strip())
