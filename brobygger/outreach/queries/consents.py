# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consents as pages read them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.base.prepared import prepared
from brobygger.outreach.models import Consent, Interest, MailAddress, Purpose
from brobygger.register.models import Organisation


def of_operator(operator: Operator, asked: dict[str, Any]) -> QuerySet[Consent]:
    """The list: standing ones unless others are asked for, the newest first."""
    rows: QuerySet[Consent] = Consent.objects.filter(operator=operator)
    shown = asked.get("vis") or ""
    if shown != "alle":
        rows = rows.filter(withdrawn_at__isnull=shown != "trukket")
    if purpose := asked.get("formaal"):
        rows = rows.filter(purpose=purpose)
    if words := str(asked.get("q") or "").strip():
        firms = search.find("organisation", words, scopes=[str(operator.pk)], limit=200).keys
        rows = rows.filter(Q(email__icontains=words.lower()) | Q(organisation_id__in=firms))
    return rows


def as_listed(rows: QuerySet[Consent]) -> QuerySet[Consent]:
    """With what a line of the list shows."""
    dead = MailAddress.objects.filter(
        operator_id=OuterRef("operator_id"), email=OuterRef("email"), dead_at__isnull=False
    )
    return (
        rows.select_related("organisation", "person", "purpose", "noted_by")
        .prefetch_related("interests")
        .annotate(is_dead=Exists(dead))
    )


HEADINGS = (
    "Virksomhed",
    "CVR-nummer",
    "Person",
    "E-mail",
    "Formål",
    "Givet",
    "Hvordan",
    "Nærmere",
    "Trukket tilbage",
)


def export_rows(rows: QuerySet[Consent]) -> Any:
    """For the spreadsheet, in the order of `HEADINGS`."""
    for row in rows.select_related("organisation", "person", "purpose").iterator(chunk_size=1000):
        yield (
            row.organisation.name,
            row.organisation.cvr or "",
            row.person.name if row.person else "",
            row.email,
            row.purpose.name,
            row.given_on,
            str(row.get_source_display()),
            row.source_note,
            row.withdrawn_at.date() if row.withdrawn_at else None,
        )


def of_organisation(organisation: Organisation) -> list[Consent]:
    """All that a firm gave, standing ones first."""
    return _of_organisation(organisation.pk)


@prepared
def _of_organisation(organisation: Any) -> QuerySet[Consent]:
    return as_listed(Consent.objects.filter(organisation=organisation)).order_by(
        "withdrawn_at", "purpose__name", "-pk"
    )


def purposes(operator: Operator) -> QuerySet[Purpose]:
    """The office's purposes with how many stand behind each (`standing`)."""
    return Purpose.objects.filter(operator=operator).annotate(
        standing=Count("consents", filter=Q(consents__withdrawn_at=None))
    )


def interests(operator: Operator) -> QuerySet[Interest]:
    """The office's subjects."""
    return Interest.objects.filter(operator=operator)


def dead_addresses(operator: Operator) -> QuerySet[MailAddress]:
    """Addresses that mail came back from, the latest first."""
    return MailAddress.objects.filter(operator=operator).filter(
        Q(dead_at__isnull=False) | Q(soft_bounces__gt=0)
    )


def state_of(operator_id: int, email: str) -> MailAddress | None:
    """What is known of one address; None when no mail has come back from it."""
    if not email:
        return None
    return next(iter(_state_of(operator_id, email.strip().lower())), None)


@prepared
def _state_of(operator: Any, email: Any) -> QuerySet[MailAddress]:
    return MailAddress.objects.filter(operator_id=operator, email=email)[:1]
