# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The receivers of a mailing under way: found once by the worker, and kept as they stood when somebody pressed send."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.errors import UserError
from brobygger.outreach.errors import NobodyToSendTo, NotBeingSent
from brobygger.outreach.models import Mailing, Recipient
from brobygger.outreach.services import recipients

Progress = Callable[[int, int | None, str], None]
"""Told (done, of how much, what is going on)."""
BATCH = 500


def freeze(mailing: Mailing, progress: Progress = lambda done, total, message: None) -> None:
    """Find the mailing's receivers and keep them. Once kept they stay: run again, it does nothing.

    A mailing that turns out to reach nobody, or whose segment cannot be read any more, is a draft again. Raises what
    `recipients.find` raises, and NobodyToSendTo.
    """
    if mailing.frozen_at is not None:
        return
    if mailing.is_draft:  # an earlier attempt died right after it had made it one again
        raise NotBeingSent
    sender: User = mailing.sent_by  # type: ignore[assignment]
    then = mailing.segment_then
    try:
        found = recipients.find(
            mailing.operator,
            mailing.purpose,
            then["name"],
            then["asked"],
            sender,
            given_by=mailing.sent_at,
            progress=lambda done, total: progress(done, total, _("Finder modtagerne")),
        )
        if not any(row.outcome == Recipient.Outcome.IN for row in found):
            raise NobodyToSendTo
    except UserError:
        _draft_again(mailing)
        raise
    _keep(mailing, found)


@transaction.atomic
def _keep(mailing: Mailing, found: list[recipients.Found]) -> None:
    stored = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if stored.frozen_at is None:
        Recipient.objects.bulk_create((_row(stored, one) for one in found), batch_size=BATCH)
        stored.frozen_at = timezone.now()
        stored.save(update_fields=["frozen_at"])
    mailing.frozen_at = stored.frozen_at


def _row(mailing: Mailing, found: recipients.Found) -> Recipient:
    return Recipient(
        mailing=mailing,
        organisation=found.organisation,
        person_id=found.consent.person_id if found.consent else None,
        consent=found.consent,
        email=found.email,
        outcome=found.outcome,
    )


@transaction.atomic
def _draft_again(mailing: Mailing) -> None:
    stored = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if stored.state != Mailing.State.SENDING or stored.frozen_at is not None:
        return
    stored.state, stored.sent_by, stored.sent_at, stored.segment_then = Mailing.State.DRAFT, None, None, {}
    stored.save()
