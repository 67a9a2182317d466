# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The merged organisation's own values: chosen field by field, those that belong together in one choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brobygger.register.models import Organisation

KEPT, GONE = "kept", "gone"


@dataclass(frozen=True, slots=True)
class Choice:
    """Fields that come from the same one of the two. The first is the telling one: empty means nothing is known."""

    key: str
    label: str | Promise
    fields: tuple[str, ...]


CHOICES = (
    Choice("name", _("Navn"), ("name",)),
    Choice("cvr", _("CVR-nummer"), ("cvr", "cvr_updated_at", "cvr_digest", "source")),
    Choice("kind", _("Art"), ("kind",)),
    Choice("form_code", _("Virksomhedsform"), ("form_code",)),
    Choice("industry", _("Branche"), ("industry",)),
    Choice("employees", _("Ansatte"), ("employees", "employees_text")),
    Choice("founded_on", _("Startet"), ("founded_on",)),
    Choice("status", _("Status"), ("status", "dissolved_on")),
    Choice(
        "address", _("Adresse"),
        ("street", "postal_code", "city", "municipality_code", "latitude", "longitude", "x", "y"),
    ),
    Choice("email", _("E-mail"), ("email",)),
    Choice("phone", _("Telefon"), ("phone",)),
    Choice("website", _("Hjemmeside"), ("website",)),
    Choice("description", _("Om virksomheden"), ("description",)),
)  # fmt: skip
DECIDED_BY_RULE = frozenset({"ad_protected"})
UNTOUCHED = frozenset({"id", "operator", "version", "sort_name", "invented", "created_at", "changed_at"})
"""What no merge changes; `sort_name` follows the name by itself, and tags are laid together."""


def proposed(kept: Organisation, gone: Organisation) -> dict[str, str]:
    """Choice → which of the two: the kept one's where it has a value. A number of one that has ceased gives way."""
    chosen = {
        choice.key: KEPT if _is_known(kept, choice) or not _is_known(gone, choice) else GONE
        for choice in CHOICES
    }
    if gone.is_active and not kept.is_active:
        chosen["status"] = GONE
        if gone.cvr:
            chosen["cvr"] = GONE
    return chosen


def _is_known(organisation: Organisation, choice: Choice) -> bool:
    if choice.key == "address":
        return bool(organisation.street or organisation.postal_code)
    value = getattr(organisation, choice.fields[0])
    return value is not None and value != ""


def values_of(kept: Organisation, gone: Organisation, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Field → value of the organisation that is kept. Advertising protection of either holds for both: a letter too
    few is better than one too many (reklamebeskyttelse, CVR-loven § 19)."""
    values: dict[str, Any] = {}
    for choice in CHOICES:
        source = gone if chosen.get(choice.key, KEPT) == GONE else kept
        values |= {name: getattr(source, name) for name in choice.fields}
    values["ad_protected"] = kept.ad_protected or gone.ad_protected
    founded, dissolved = values["founded_on"], values["dissolved_on"]
    if founded and dissolved and dissolved < founded:
        values["founded_on"] = kept.founded_on if kept.founded_on and kept.founded_on <= dissolved else None
    return values
