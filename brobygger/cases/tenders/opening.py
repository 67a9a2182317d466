# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Opening the bids: after the deadline, by two people, once. The only way to what lies in a bid."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.cases import rights
from brobygger.cases.errors import BadValues, NotYours
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.derive import locked, record, require_officer, require_open
from brobygger.cases.tenders import sealing
from brobygger.cases.tenders.errors import OpenedAlready, Partial, SamePerson, Sealed
from brobygger.cases.tenders.models import Bid, Tender
from brobygger.register.models import Affiliation


@transaction.atomic
def begin(tender: Tender, *, user: User) -> Tender:
    """The first of two says that the bids are to be opened now. Raises NotYours, Conflicted, Sealed, OpenedAlready, Partial."""
    row, case = _ready(tender, user)
    row.first_opener, row.first_at = user, timezone.now()
    row.save(update_fields=["first_opener", "first_at"])
    record(case, CaseEvent.Kind.OTHER, user=user, name="opening_begun", text=str(user))
    return row


@transaction.atomic
def confirm(tender: Tender, *, user: User) -> Tender:
    """The second confirms, and the bids are open. Raises NotYours, Conflicted, Sealed, OpenedAlready, Partial, SamePerson."""
    row, case = _ready(tender, user)
    if row.first_opener is None or row.first_opener_id == user.pk:
        raise SamePerson
    require_officer(row.first_opener, case)
    row.second_opener, row.opened_at = user, timezone.now()
    row.save(update_fields=["second_opener", "opened_at"])
    told = [f"{bid.organisation}: {bid.fingerprint}" for bid in _latest(row)]
    text = _("Til stede: %(first)s og %(second)s. %(count)s bud.") % {
        "first": row.first_opener,
        "second": user,
        "count": len(told),
    }
    record(case, CaseEvent.Kind.OTHER, user=user, name="bids_opened", text="\n".join([text, *told]))
    audit.record(
        "bids_opened", user=user, operator=case.operator, about=str(case), with_=str(row.first_opener)
    )
    return row


def _ready(tender: Tender, user: User) -> tuple[Tender, Case]:
    now = timezone.now()
    case = locked(tender.case)
    require_officer(user, case)
    require_open(case)
    row = Tender.objects.select_for_update(of=("self",)).select_related("first_opener").get(pk=tender.pk)
    if row.opened_at:
        raise OpenedAlready
    if row.published_at is None or now <= row.deadline:
        raise Sealed
    _must_be_impartial(row, user)
    return row, case


def _must_be_impartial(tender: Tender, user: User) -> None:
    firms = Bid.objects.filter(tender=tender).values("organisation_id")
    if Affiliation.objects.filter(person__user=user, ended_on=None, organisation_id__in=firms).exists():
        raise Partial


def bids(tender: Tender, *, user: User) -> list[Bid]:
    """Each firm's last bid, when they are open. Raises Sealed, NotYours, Partial."""
    _may_read(tender, user)
    return _latest(tender)


def contents(bid: Bid, *, user: User) -> dict[str, Any]:
    """What lies in a bid: price, text, file. Raises Sealed, NotYours, Partial, Unreadable."""
    for standing, content in read(bid.tender, user=user):
        if standing.pk == bid.pk:
            return content
    raise Sealed  # what was taken back or replaced before the deadline is nobody's to read


def read(tender: Tender, *, user: User) -> list[tuple[Bid, dict[str, Any]]]:
    """Each firm's last bid with what lies in it. Raises Sealed, NotYours, Partial, Unreadable."""
    row = _may_read(tender, user)
    return [(bid, sealing.unseal(bytes(bid.data), row.token)) for bid in _latest(row)]


def _may_read(tender: Tender, user: User) -> Tender:
    """The tender as it stands in the database: neither the page's nor the caller's word is taken for it."""
    row = Tender.objects.select_related("case__operator").get(pk=tender.pk)
    if row.opened_at is None or timezone.now() <= row.deadline or row.second_opener_id is None:
        raise Sealed
    if not rights.is_officer(user, row.case):
        raise NotYours
    _must_be_impartial(row, user)
    return row


def _latest(tender: Tender) -> list[Bid]:
    rows = Bid.objects.filter(tender=tender).select_related("organisation").order_by("-number")
    newest: dict[int, Bid] = {}
    for bid in rows:
        newest.setdefault(bid.organisation_id, bid)
    standing = [bid for bid in newest.values() if bid.withdrawn_at is None]
    return sorted(standing, key=lambda bid: bid.organisation.sort_name)


@transaction.atomic
def choose(tender: Tender, bid: Bid, *, reason: str, user: User) -> Tender:
    """Which bid is chosen, and why. Raises Sealed, NotYours, Conflicted, Partial, CaseIsOver, BadValues."""
    case = locked(tender.case)
    require_officer(user, case)
    require_open(case)
    if bid.pk not in {one.pk for one in bids(tender, user=user)}:
        raise BadValues({"bid": _("Buddet hører ikke til opgaven.")})
    if not reason.strip():
        raise BadValues({"reason": _("Skriv, hvorfor buddet er valgt.")})
    row = Tender.objects.select_for_update().get(pk=tender.pk)
    row.winner, row.award_reason = bid, reason.strip()[:5000]
    row.save(update_fields=["winner", "award_reason"])
    record(
        case,
        CaseEvent.Kind.OTHER,
        user=user,
        name="bid_chosen",
        text=str(bid.organisation),
        reason=reason[:1000],
    )
    return row
