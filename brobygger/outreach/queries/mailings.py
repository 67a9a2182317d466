# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Mailings as pages read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.base.prepared import prepared
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import of_kind
from brobygger.outreach.blueprints import LETTER, Use
from brobygger.outreach.models import Bounce, Consent, Mailing, Recipient
from brobygger.register.models import Organisation

MOST_PREVIEWED = 25
MOST_EXPORTED = 20_000
MAILING_HEADINGS = (
    _("Emne"), _("Formål"), _("Segment"), _("Tilstand"), _("Skrevet"), _("Sat i gang"), _("Sendt af"), _("Modtagere"),
    _("Ikke med"), _("Kom tilbage"),
)  # fmt: skip


def of_operator(operator: Operator) -> QuerySet[Mailing]:
    """The office's mailings, the newest first, with how many were in (`reached`) and left out (`left_out`)."""
    return (
        Mailing.objects.filter(operator=operator)
        .select_related("purpose", "segment", "sent_by")
        .annotate(
            reached=Count("recipients", filter=Q(recipients__outcome=Recipient.Outcome.IN)),
            left_out=Count("recipients", filter=~Q(recipients__outcome=Recipient.Outcome.IN)),
        )
        .order_by("-created_at", "-pk")
    )


def export_mailings(operator: Operator) -> Iterator[list[Any]]:
    """One row a mailing, in the order of `MAILING_HEADINGS`. Numbers only where it was sent, and nobody's name or address."""
    back = _came_back(operator)
    rows: Any = of_operator(operator)[:MOST_EXPORTED]
    for row in rows:
        segment = row.segment_then.get("name") or (row.segment.name if row.segment else "")
        counts = [None, None, None] if row.is_draft else [row.reached, row.left_out, back.get(row.pk, 0)]
        yield [
            row.subject, row.purpose.name, segment, str(row.get_state_display()), row.created_at, row.sent_at,
            str(row.sent_by or ""), *counts,
        ]  # fmt: skip


def _came_back(operator: Operator) -> dict[int, int]:
    """Mailing → how many of its letters came back for good."""
    rows = Bounce.objects.filter(hard=True, letter__mailing_recipient__mailing__operator=operator).order_by()
    found = rows.values_list("letter__mailing_recipient__mailing")
    return dict(found.annotate(number=Count("letter_id", distinct=True)))


def outcomes(mailing: Mailing) -> list[tuple[str, str, int]]:
    """(outcome, in words, how many) of a mailing that was sent, those that were reached first."""
    found = dict(
        Recipient.objects.filter(mailing=mailing)
        .order_by()
        .values_list("outcome")
        .annotate(number=Count("pk"))
    )
    return [(key, str(label), found[key]) for key, label in Recipient.Outcome.choices if key in found]


def came_back(mailing: Mailing) -> int:
    """How many of a mailing's letters came back for good."""
    return (
        Bounce.objects.filter(letter__mailing_recipient__mailing=mailing, hard=True)
        .values("letter_id")
        .distinct()
        .count()
    )


def recipients(mailing: Mailing, outcome: str = "") -> QuerySet[Recipient]:
    """Who was in and who was not."""
    rows = Recipient.objects.filter(mailing=mailing).select_related("organisation", "person", "letter")
    return rows.filter(outcome=outcome) if outcome in Recipient.Outcome.values else rows


HEADINGS = ("Virksomhed", "CVR-nummer", "E-mail", "Udfald", "Sendt")


def export_rows(rows: QuerySet[Recipient]) -> Any:
    """For the spreadsheet, in the order of `HEADINGS`."""
    for row in rows.iterator(chunk_size=1000):
        sent = row.letter.sent_at if row.letter else None
        yield (
            row.organisation.name,
            row.organisation.cvr or "",
            row.email,
            str(row.get_outcome_display()),
            sent.date() if sent else None,
        )


def to_look_at(mailing: Mailing) -> list[Consent]:
    """Some who said yes to the mailing's purpose, for its preview."""
    rows = Consent.objects.filter(purpose_id=mailing.purpose_id, withdrawn_at=None)
    return list(
        rows.select_related("organisation", "person").order_by("organisation__sort_name")[:MOST_PREVIEWED]
    )


def any_firm(operator: Operator) -> Organisation | None:
    """A firm to show a text with where nobody has said yes yet."""
    return Organisation.objects.filter(operator=operator).order_by("sort_name").first()


def templates(operator: Operator) -> list[Definition]:
    """The letters that mailings may begin from."""
    return [one for one in of_kind(operator, LETTER) if one.body.get("use") == Use.MAILING]


def with_organisation(organisation: Organisation, most: int) -> list[Recipient]:
    """The latest mailings that the firm was in."""
    return _latest_with(organisation.pk, most=most)


@prepared
def _latest_with(organisation: Any, *, most: int) -> QuerySet[Recipient]:
    rows = Recipient.objects.filter(organisation=organisation, outcome=Recipient.Outcome.IN)
    return rows.select_related("mailing", "letter").order_by("-mailing__sent_at")[:most]
