# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm that somebody referred to the office comes into the office's own register: made from what was shared, or laid with
one that is there. Nothing is read but the snapshot: the sender's own record stays the sender's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.base.versions import claim
from brobygger.guidance.errors import BadValues, ConsentWithdrawn, HasAFirm, NotYourOffice
from brobygger.guidance.models import Referral
from brobygger.register import services as register
from brobygger.register import services_people
from brobygger.register.models import Organisation
from brobygger.register.search import KIND, scope_of

MOST_LIKE = 5
POSTAL = re.compile(r"^(?P<street>.*?),?\s*\b(?P<code>\d{4})\b\s*(?P<city>.*)$")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in the firm."""

    name: str = ""
    email: str = ""
    phone: str = ""


def is_offered(referral: Referral) -> bool:
    """Whether the firm may still come into the office's register by it."""
    withdrawn = referral.state == Referral.State.WITHDRAWN
    return not referral.is_out and referral.organisation_id is None and not withdrawn


def told(referral: Referral) -> dict[str, Any]:
    """What the snapshot says, as a firm and its contact are entered: name, cvr, street, postal_code, employees, contact_…"""
    pieces = [piece for piece in referral.shared if isinstance(piece, dict)]
    facts = [str(piece.get("text", "")) for piece in pieces if piece.get("kind") == "facts"]
    found: dict[str, Any] = {"name": referral.who}
    for text in facts:
        if re.fullmatch(r"\d{8}", text):
            found["cvr"] = text
        elif re.fullmatch(r"\d{1,6}", text):
            found["employees"] = int(text)
        elif match := POSTAL.match(text):
            found |= {"street": match["street"].strip(" ,"), "postal_code": match["code"]}
    named = next((str(piece.get("text", "")) for piece in pieces if piece.get("kind") == "contact"), "")
    name = named.split(",")[0].strip()
    is_name = bool(name) and "@" not in name and not re.fullmatch(r"[\d +]+", name)
    found |= {
        "contact_name": name if is_name else "" if facts else referral.who,
        "contact_email": referral.email,
        "contact_phone": referral.phone,
    }
    return found


def like(operator: Operator, words: str, cvr: str = "", *, asked: bool = False) -> list[Organisation]:
    """The office's own firms that it may be: the one with that CVR number first, then by name. Unless somebody `asked` for
    the words, only those that have all of them."""
    ours = Organisation.objects.filter(operator=operator)
    same = list(ours.filter(cvr=cvr)) if cvr else []
    plain = words if asked else re.sub(r"\([^)]*\)", " ", words)
    found = search.find(KIND, plain, scopes=[scope_of(operator.pk)], limit=MOST_LIKE)
    keys = [] if found.some_words and not asked else found.keys
    rows = ours.in_bulk([key for key in keys if all(key != one.pk for one in same)])
    return [*same, *(rows[key] for key in keys if key in rows)]


@transaction.atomic
def lay_with(referral: Referral, firm: Organisation, *, user: User, expected: int) -> Referral:
    """It is about that firm of ours. Raises EditedMeanwhile, HasAFirm, ConsentWithdrawn, NotYourOffice."""
    stored = _claimed(referral, user, expected)
    if firm.operator_id != stored.operator_id:
        raise NotYourOffice
    stored.organisation = firm
    stored.save()
    return stored


@transaction.atomic
def make(
    referral: Referral, values: dict[str, Any], contact: Contact, *, user: User, expected: int
) -> Organisation:
    """Enter the firm in the register, with its contact, and lay the referral with it.

    Raises EditedMeanwhile, HasAFirm, ConsentWithdrawn, NotYourOffice, CvrTaken, and BadValues on a contact without a name.
    """
    if not contact.name.strip() and (contact.email or contact.phone):
        raise BadValues({"contact_name": _("Skriv kontaktpersonens navn, eller slet e-mail og telefon.")})
    stored = _claimed(referral, user, expected)
    firm = register.create_organisation(stored.operator, values)
    if contact.name.strip():
        person = {"name": contact.name, "email": contact.email, "phone": contact.phone}
        services_people.add_person(firm, {**person, "is_contact": True}, by=user)
    stored.organisation = firm
    stored.save()
    return firm


def _claimed(referral: Referral, user: User, expected: int) -> Referral:
    stored: Referral = Referral.objects.select_related("operator").get(pk=referral.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    claim(stored, expected)
    if stored.state == Referral.State.WITHDRAWN:
        raise ConsentWithdrawn
    if stored.is_out or stored.organisation_id:
        raise HasAFirm
    return stored
