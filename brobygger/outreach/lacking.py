# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is missing in a letter to many, before it is sent: which field, and at which firms, or at the office itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from brobygger.base import merge_fields
from brobygger.outreach.wording import FIELDS, values_of
from brobygger.register.models import Organisation, Person

NAMED = 5
"""Firms that are named beside a field; the rest are counted."""
ADDRESS = "adresse"
"""No field of the text: what the envelope needs."""
OURS = frozenset({"kontor", "kontor_mail", "kontor_telefon", "kommune"})
"""Fields that are the office's own: when one is empty, it is so in every letter. A firm outside the office's municipalities
gets the office's own."""
Receiver = tuple[Organisation, Person | None]


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, in words, at which firms. `instead`: what stands there then; empty where it falls out. `ours`: the office
    lacks it itself, and no firm is named."""

    field: str
    what: str
    instead: str
    firms: list[Organisation]
    everybody: bool
    ours: bool = False

    @property
    def named(self) -> list[Organisation]:
        return self.firms[:NAMED]

    @property
    def more(self) -> int:
        return len(self.firms) - len(self.named)


def lacking(
    subject: str,
    body: str,
    receivers: Sequence[Receiver],
    *,
    operator: Any,
    user: Any,
    links: Mapping[str, str],
    by_post: bool = False,
) -> list[Lack]:
    """What the letter asks for and the office or some receiver has not: the office's own first, then the field that most lack.
    `by_post`: the letter is to the firm itself, at its address. `links` as in `wording.values_of`."""
    asked = list(dict.fromkeys(merge_fields.fields_of(f"{subject}\n{body}")))
    found: dict[str, list[Organisation]] = {}
    for firm, person in receivers:
        values = values_of(operator, firm, user, person=person, **links)
        missing = [name for name in asked if not values.get(name)]
        if by_post:
            missing += [ADDRESS] if not (firm.street and firm.postal_code) else []
        elif person is None and "navn" in asked:
            missing.append("navn")
        for name in missing:
            found.setdefault(name, []).append(firm)
    lacks = [_lack(name, firms, len(receivers)) for name, firms in found.items()]
    return sorted(lacks, key=lambda lack: (not lack.ours, -len(lack.firms)))


def at_firms(lacks: Sequence[Lack], field: str) -> Lack | None:
    """What a list of receivers is narrowed to: the field that some of them lack."""
    return next((one for one in lacks if one.field == field and one.firms), None)


def _lack(name: str, firms: list[Organisation], of: int) -> Lack:
    what, instead = str(FIELDS.get(name, name)), ""
    if name == "navn":
        what, instead = _("kontaktpersonens navn"), _("virksomhedens navn står i stedet")
    elif name == ADDRESS:
        what, instead = _("adressen"), _("brevet kan ikke sendes med posten")
    elif name == "kommune":
        what = _("kontorets kommuner")
    if name in OURS:
        return Lack(name, what, instead, [], everybody=False, ours=True)
    return Lack(name, what, instead, firms, len(firms) == of)
