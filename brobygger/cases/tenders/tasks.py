# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is done for tenders in the background."""

from __future__ import annotations

from django_tasks import task

from brobygger.base.schedule import often
from brobygger.cases.tenders import announcing


@task()
def announce(key: int) -> int:
    """Tell of one tender. Returns how many letters."""
    return announcing.announce(key)


@task()
def announce_due() -> int:
    """Tell of every tender that somebody has not been told of: the members' days are over, or a worker died."""
    return sum(announcing.announce(key) for key in announcing.due())


often(announce_due, minutes=30)
