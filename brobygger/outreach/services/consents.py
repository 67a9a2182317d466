# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consent given and taken back, and what it can be given to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base.forms import clean_text
from brobygger.outreach.errors import BadValues, ConsentStands, NotYourOffice
from brobygger.outreach.models import Consent, Interest, Purpose
from brobygger.outreach.rights import must_be_office
from brobygger.register.models import Affiliation, Organisation, Person
from brobygger.register.rights import acts_for

EARLIEST = date(2000, 1, 1)
TENDERS = "tenders"
"""The purpose whose consents are written to when a tender is out."""
SHIPPED_PURPOSES = (
    (
        "newsletter",
        gettext_lazy("Nyhedsbrev"),
        gettext_lazy("Nyt fra erhvervskontoret, højst en gang om måneden."),
    ),
    ("events", gettext_lazy("Arrangementer"), gettext_lazy("Invitationer til møder, kurser og netværk.")),
    (
        "schemes",
        gettext_lazy("Tilskud og ordninger"),
        gettext_lazy("Besked, når der er tilskud eller ordninger, der kan passe til jer."),
    ),
    (TENDERS, gettext_lazy("Udbud og opgaver"), gettext_lazy("Besked, når der er en opgave, I kan byde på.")),
)
"""Key, by which code knows it, then name and description, which the office may change."""


@transaction.atomic
def give(
    organisation: Organisation,
    purpose: Purpose,
    email: str,
    *,
    source: str,
    user: User,
    person: Person | None = None,
    interests: Sequence[Interest] = (),
    given_on: date | None = None,
    note: str = "",
) -> Consent:
    """Note that somebody said yes on the firm's behalf. The office notes it, or a signed-in person of the firm gives it.

    Raises ConsentStands, BadValues, NotYourOffice.
    """
    _must_be_allowed(organisation, user)
    consent = Consent(
        operator_id=organisation.operator_id,
        organisation=organisation,
        person=person,
        purpose=purpose,
        email=email.strip().lower(),
        source=source,
        source_note=clean_text(note)[:200],
        given_on=given_on or timezone.localdate(),
        noted_by=user,
    )
    _check(consent, interests)
    try:
        with transaction.atomic():
            consent.save()
    except IntegrityError as error:
        raise ConsentStands(consent.email, purpose.name) from error
    consent.interests.set(interests)
    return consent


def _must_be_allowed(organisation: Organisation, user: User) -> None:
    if not (user.is_staff_of(organisation.operator_id) or acts_for(user, organisation)):
        raise NotYourOffice


def _check(consent: Consent, interests: Sequence[Interest]) -> None:
    faults = {}
    try:
        validate_email(consent.email)
    except ValidationError:
        faults["email"] = _("Skriv en e-mailadresse.")
    if not EARLIEST <= consent.given_on <= timezone.localdate():
        faults["given_on"] = _("Samtykket kan ikke være givet i fremtiden eller før år 2000.")
    if consent.purpose.operator_id != consent.operator_id or not consent.purpose.active:
        faults["purpose"] = _("Vælg et af kontorets formål.")
    if any(interest.operator_id != consent.operator_id for interest in interests):
        faults["interests"] = _("Vælg blandt kontorets emner.")
    if consent.source not in Consent.Source.values:
        faults["source"] = _("Vælg, hvordan samtykket blev givet.")
    elif consent.source == Consent.Source.VERBAL and not consent.source_note:
        faults["source_note"] = _("Skriv, hvem der sagde ja, og hvornår I talte sammen.")
    if consent.person and not _belongs(consent.person, consent.organisation):
        faults["person"] = _("Personen er ikke knyttet til virksomheden.")
    if faults:
        raise BadValues(faults)


def _belongs(person: Person, organisation: Organisation) -> bool:
    return Affiliation.objects.filter(person=person, organisation=organisation, ended_on=None).exists()


@transaction.atomic
def withdraw(consent: Consent, *, how: str, user: User) -> Consent:
    """Take one consent back, as the office notes it or the firm does it. Once taken back it stays so.

    Raises NotYourOffice.
    """
    stored = Consent.objects.select_for_update().get(pk=consent.pk)
    _must_be_allowed(stored.organisation, user)
    if stored.stands:
        stored.withdrawn_at, stored.withdrawn_how = timezone.now(), how
        stored.save()
    return stored


@transaction.atomic
def unsubscribe(token: str) -> Consent | None:
    """Whoever holds the link of a mail takes back everything that the address said yes to for that purpose, in every firm:
    else the next mail would come by way of another one. Done twice it is done. None for a link that is none."""
    found = Consent.objects.select_related("purpose", "operator").filter(token=token).first()
    if found is None:
        return None
    standing = Consent.objects.select_for_update().filter(
        operator_id=found.operator_id, purpose_id=found.purpose_id, email=found.email, withdrawn_at=None
    )
    for consent in standing:
        consent.withdrawn_at, consent.withdrawn_how = timezone.now(), Consent.Withdrawal.LINK
        consent.save()
    return found


# What can be said yes to -----------------------------------------------------------------------------


@transaction.atomic
def save_purpose(
    operator: Operator,
    name: str,
    description: str,
    *,
    user: User,
    purpose: Purpose | None = None,
    active: bool = True,
) -> Purpose:
    """A purpose, new or changed. Raises BadValues, NotYourOffice."""
    must_be_office(user, operator.pk)
    name, description = " ".join(clean_text(name).split()), " ".join(clean_text(description).split())
    stored = purpose or Purpose(operator=operator)
    faults = {}
    if not name:
        faults["name"] = _("Giv formålet et navn.")
    elif Purpose.objects.filter(operator=operator, name__iexact=name).exclude(pk=stored.pk).exists():
        faults["name"] = _("Der er allerede et formål med det navn.")
    if not description:
        faults["description"] = _("Skriv, hvad man siger ja til.")
    elif (
        stored.pk and description != stored.description and stored.consents.filter(withdrawn_at=None).exists()
    ):
        faults["description"] = _(
            "Nogen har allerede sagt ja til netop det. Opret et nyt formål, hvis der skal siges ja til noget andet."
        )
    if faults:
        raise BadValues(faults)
    if stored.pk is None:
        stored.key = _shipped_key(operator, name)
    stored.name, stored.description, stored.active = name[:60], description[:300], active
    stored.save()
    audit.record("purpose_saved", user=user, operator=operator, about=name)
    return stored


def _shipped_key(operator: Operator, name: str) -> str:
    """The key of a common purpose that the office makes by hand under its name; empty where it has it already."""
    key = next((key for key, shipped, _text in SHIPPED_PURPOSES if str(shipped).lower() == name.lower()), "")
    return "" if Purpose.objects.filter(operator=operator, key=key).exists() else key


@transaction.atomic
def create_shipped_purposes(operator: Operator, *, user: User | None) -> None:
    """The common purposes, those that the office has not got under any name. `user` None is the system itself. Raises
    NotYourOffice."""
    if user is not None:
        must_be_office(user, operator.pk)
    for key, name, description in SHIPPED_PURPOSES:
        own = Purpose.objects.filter(operator=operator)
        if own.filter(key=key).exists():
            continue
        named = own.filter(name__iexact=str(name)).first()
        if named is None:
            defaults = {"name": str(name), "description": str(description)}
            Purpose.objects.get_or_create(operator=operator, key=key, defaults=defaults)
        elif not named.key:
            own.filter(pk=named.pk).update(key=key)


@transaction.atomic
def add_interest(operator: Operator, name: str, *, user: User) -> Interest:
    """A subject that firms may choose. Raises BadValues, NotYourOffice."""
    must_be_office(user, operator.pk)
    name = " ".join(clean_text(name).split())[:60]
    if not name:
        raise BadValues({"interest": _("Skriv emnets navn.")})
    if Interest.objects.filter(operator=operator, name__iexact=name).exists():
        raise BadValues({"interest": _("Emnet findes allerede.")})
    return Interest.objects.create(operator=operator, name=name)


@transaction.atomic
def delete_interest(interest: Interest, *, user: User) -> None:
    """Delete a subject, recorded. The consents stay; they only lose the subject. Raises NotYourOffice."""
    must_be_office(user, interest.operator_id)
    name, operator = interest.name, interest.operator
    interest.delete()
    audit.record("interest_deleted", user=user, operator=operator, about=name)
