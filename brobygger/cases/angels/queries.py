# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What somebody in the network was sent."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from brobygger.cases.angels.case_words import ANSWERED_IN
from brobygger.cases.angels.models import Angel, Sending


def is_sent_things(user: Any) -> bool:
    """Whether the person is in a network, or was sent something while they were."""
    return Angel.objects.filter(user=user, operator_id__in=list(user.roles)).exists()


def unanswered(user: Any) -> QuerySet[Sending]:
    """What the person was sent, has not answered, and still can: the case stands where it is answered. The newest first."""
    answerable = [Q(what=what, case__stage=stage) for what, stage in ANSWERED_IN.items()]
    return (
        Sending.objects.sent_to(user)
        .filter(reduce(or_, answerable), answer=Sending.Answer.NONE)
        .defer("text")
        .order_by("-sent_at", "-pk")
    )
