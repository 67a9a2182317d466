# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters that came back: counted, and an address that is dead is written to no more until somebody says it works."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base.models import Letter
from brobygger.outreach.delivery_reports import Report
from brobygger.outreach.models import Bounce, MailAddress
from brobygger.outreach.rights import must_be_office


def record(letter_id: UUID, found: Sequence[Report], message_id: str) -> int:
    """Note a delivery report about a letter of ours. Returns how many addresses it was new for.

    Only addresses that the letter went to count: a forged report about a letter nobody wrote kills no address.
    """
    letter = Letter.objects.select_related("operator").filter(pk=letter_id).first()
    if letter is None or letter.operator is None:
        return 0
    sent_to = [str(address).lower() for address in letter.to]
    new = 0
    for report in found:
        email = report.email if report.email in sent_to else (sent_to[0] if len(sent_to) == 1 else "")
        new += bool(email) and _record_one(letter, letter.operator, email, report, message_id)
    return new


def _record_one(letter: Letter, operator: Operator, email: str, report: Report, message_id: str) -> bool:
    try:
        with transaction.atomic():
            Bounce.objects.create(
                operator=operator,
                letter=letter,
                email=email,
                hard=report.hard,
                status=report.status,
                reason=report.reason,
                message_id=message_id,
            )
            _mark(operator, email, report)
    except IntegrityError:  # the same report was read before
        return False
    return True


def _mark(operator: Operator, email: str, report: Report) -> None:
    now = timezone.now()
    told = " ".join(part for part in (report.status, report.reason) if part)[:300]
    address, _is_new = MailAddress.objects.get_or_create(operator=operator, email=email)
    rows = MailAddress.objects.filter(pk=address.pk)
    rows.update(last_reason=told, last_at=now, revived_by=None)
    if report.hard:
        rows.filter(dead_at=None).update(dead_at=now)
    else:
        rows.update(soft_bounces=F("soft_bounces") + 1)


@transaction.atomic
def revive(address: MailAddress, *, user: User) -> MailAddress:
    """Somebody knows that the address works again. Recorded. Raises NotYourOffice."""
    must_be_office(user, address.operator_id)
    address.dead_at, address.soft_bounces, address.revived_by = None, 0, user
    address.save()
    audit.record("address_revived", user=user, operator=address.operator, about=address.email)
    return address
