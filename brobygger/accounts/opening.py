# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A new business office: itself, its municipalities, what it begins with, and invitations to those who come first."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Invitation, Operator, Role, ServedMunicipality
from brobygger.accounts.services import write_to
from brobygger.accounts.signals import office_opened
from brobygger.base.danish import address_word, join
from brobygger.base.errors import UserError
from brobygger.knowledge.geography import Municipality, municipalities, municipality


class CannotOpen(UserError):
    """The office is there already, or something that was said of it cannot be used."""


@transaction.atomic
def open_office(
    *, name: str, served: Sequence[str], admin: str, head: str = "", kind: str = Operator.Kind.MUNICIPALITY
) -> list[Invitation]:
    """Make the office and invite its administrator and its head, who are one person unless `head` is another address.

    `served` are codes or names of municipalities. Returns one invitation for each person. Raises CannotOpen.
    """
    name = " ".join(name.split())
    slug = address_word(name)[:50].strip("-")
    _must_be_new(name, slug)
    codes = {_municipality(said).code for said in served}
    admin, head = _address(admin), _address(head or admin)
    office = Operator.objects.create(name=name, slug=slug, kind=kind)
    ServedMunicipality.objects.bulk_create(
        ServedMunicipality(operator=office, code=code) for code in sorted(codes)
    )
    office_opened.send(sender=Operator, operator=office)
    audit.record("office_opened", user=None, operator=office, about=name)
    roles: dict[str, list[str]] = {admin: [Role.ADMIN]}
    roles.setdefault(head, []).append(Role.HEAD)
    return [_invite(office, email, held) for email, held in roles.items()]


def _must_be_new(name: str, slug: str) -> None:
    longest = Operator._meta.get_field("name").max_length
    if not slug or len(name) > (longest or 0):
        raise CannotOpen(_("Skriv kontorets navn med højst %(most)s tegn.") % {"most": longest})
    there = Operator.objects.filter(name__iexact=name).first() or Operator.objects.filter(slug=slug).first()
    if there:
        raise CannotOpen(
            _("Der er allerede et kontor med det navn: %(office)s (%(slug)s). Intet er ændret.")
            % {"office": there, "slug": there.slug}
        )


def _municipality(said: str) -> Municipality:
    """By code (`0350`, `350`) or by name: »Køge«, »Køge Kommune«, »Københavns Kommune«."""
    wanted = said.strip().casefold().removesuffix("kommune").strip()
    for place in municipalities():
        if wanted in {place.name.casefold(), f"{place.name.casefold()}s"}:
            return place
    found = municipality(wanted) if wanted.isdigit() else None
    if found is None:
        raise CannotOpen(_("Kommunen »%(said)s« kendes ikke. Skriv dens navn eller kode.") % {"said": said})
    return found


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise CannotOpen(_("»%(email)s« er ikke en e-mailadresse.") % {"email": email}) from error
    return email


def _invite(office: Operator, email: str, roles: Sequence[str]) -> Invitation:
    """One letter, whose link takes in every role."""
    first, *_others = [
        Invitation.objects.create(operator=office, email=email, role=role, invited_by=None) for role in roles
    ]
    for role in roles:
        audit.record("invited", user=None, operator=office, about=email, role=role)
    write_to(
        first,
        _(
            "Hej\n\n%(operator)s er oprettet i Brobygger, og du er inviteret som %(role)s.\n\n"
            "Opret din adgang her inden %(until)s:\n%(link)s\n\nKender du ikke noget til det, så se bort fra brevet."
        ),
        role=join([Role(role).label.lower() for role in roles], _("og")),
    )
    return first
