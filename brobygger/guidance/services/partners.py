# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do about partners: enter one, correct it, take it out of use, and agree on referring firms to each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.guidance.errors import BadValues, NotYourOffice, StillUsed
from brobygger.guidance.models import Partner, PartnerAgreement, Referral

FIELDS = ("name", "kind", "organisation", "office", "contact_name", "email", "phone", "offers", "is_current")
LONGEST_NAME = 160
LONGEST_TEXT = 20_000


@transaction.atomic
def add_partner(
    operator: Operator, values: Mapping[str, Any], *, user: User, invented: bool = False
) -> Partner:
    """Enter a partner. Raises BadValues, NotYourOffice."""
    _office_only(operator.pk, user)
    partner = Partner(operator=operator, invented=invented)
    _fill(partner, values)
    partner.save()
    return partner


@transaction.atomic
def change_partner(partner: Partner, values: Mapping[str, Any], *, user: User, expected: int) -> Partner:
    """Correct a partner, or take it out of use (`is_current`). Raises EditedMeanwhile, BadValues, NotYourOffice."""
    _office_only(partner.operator_id, user)
    stored = Partner.objects.get(pk=partner.pk)
    claim(stored, expected)
    _fill(stored, values)
    stored.save()
    return stored


@transaction.atomic
def delete_partner(partner: Partner, *, user: User) -> None:
    """Delete a partner that nothing points at, with its agreements. Recorded. Raises StillUsed, NotYourOffice."""
    _office_only(partner.operator_id, user)
    if Referral.objects.filter(partner=partner).exists():
        raise StillUsed
    partner.agreements.all().delete()
    operator, about = partner.operator, partner.name
    partner.delete()
    audit.record("partner_deleted", user=user, operator=operator, about=about)


def partner_for_office(operator: Operator, office: Operator) -> Partner:
    """The operator's partner that stands for another office on this platform; made when there is none."""
    found = Partner.objects.filter(operator=operator, office=office).first()
    if found:
        return found
    name = office.name
    if Partner.objects.filter(operator=operator, name=name).exists():
        name = f"{name} (Brobygger)"
    return Partner.objects.create(
        operator=operator,
        office=office,
        name=name[:LONGEST_NAME],
        kind=Partner.Kind.OFFICE,
        email=office.email,
    )


@transaction.atomic
def add_agreement(
    partner: Partner, *, text: str, starts_on: date, ends_on: date | None, mutual: bool, user: User
) -> PartnerAgreement:
    """Note what was agreed with a partner. Raises BadValues, NotYourOffice."""
    _office_only(partner.operator_id, user)
    agreement = PartnerAgreement(operator_id=partner.operator_id, partner=partner)
    _agree(agreement, text, starts_on, ends_on, mutual)
    agreement.save()
    return agreement


@transaction.atomic
def change_agreement(
    agreement: PartnerAgreement,
    *,
    text: str,
    starts_on: date,
    ends_on: date | None,
    mutual: bool,
    user: User,
    expected: int,
) -> PartnerAgreement:
    """Correct an agreement, or give it an end. Raises EditedMeanwhile, BadValues, NotYourOffice."""
    _office_only(agreement.operator_id, user)
    stored = PartnerAgreement.objects.get(pk=agreement.pk)
    claim(stored, expected)
    _agree(stored, text, starts_on, ends_on, mutual)
    stored.save()
    return stored


@transaction.atomic
def delete_agreement(agreement: PartnerAgreement, *, user: User) -> None:
    """Delete an agreement that was entered by mistake. Recorded; its history stays. Raises NotYourOffice."""
    _office_only(agreement.operator_id, user)
    operator, about = agreement.operator, str(agreement)
    agreement.delete()
    audit.record("partner_agreement_deleted", user=user, operator=operator, about=about)


def _office_only(operator_id: int, user: User) -> None:
    if not user.is_staff_of(operator_id):
        raise NotYourOffice


def _fill(partner: Partner, values: Mapping[str, Any]) -> None:
    """Raises BadValues."""
    faults: dict[str, str] = {}
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(partner, name, clean_text(value) if isinstance(value, str) else value)
    partner.name = " ".join(partner.name.split())
    if not partner.name or len(partner.name) > LONGEST_NAME:
        faults["name"] = _("Skriv partnerens navn, højst %(most)s tegn.") % {"most": LONGEST_NAME}
    if partner.kind not in Partner.Kind.values:
        faults["kind"] = _("Vælg, hvad slags partner det er.")
    if partner.organisation and partner.organisation.operator_id != partner.operator_id:
        faults["organisation"] = _("Vælg en virksomhed i jeres eget register.")
    if partner.office_id == partner.operator_id:
        faults["office"] = _("Vælg et andet kontor end jeres eget.")
    others = Partner.objects.filter(operator_id=partner.operator_id).exclude(pk=partner.pk)
    if others.filter(name=partner.name).exists():
        faults["name"] = _("Der er allerede en partner med det navn.")
    if partner.office_id and others.filter(office_id=partner.office_id).exists():
        faults["office"] = _("Kontoret står allerede som partner.")
    if faults:
        raise BadValues(faults)


def _agree(
    agreement: PartnerAgreement, text: str, starts_on: date, ends_on: date | None, mutual: bool
) -> None:
    text = clean_text(text)
    faults = {}
    if not text or len(text) > LONGEST_TEXT:
        faults["text"] = _("Skriv, hvad I har aftalt.")
    if ends_on and ends_on < starts_on:
        faults["ends_on"] = _("Aftalen slutter, før den begynder.")
    if faults:
        raise BadValues(faults)
    agreement.text, agreement.starts_on, agreement.ends_on, agreement.mutual = (
        text,
        starts_on,
        ends_on,
        mutual,
    )
