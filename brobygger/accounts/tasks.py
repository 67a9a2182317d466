# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work about people that is done by the clock."""

from __future__ import annotations

from django_tasks import task

from brobygger.accounts import morning
from brobygger.base.schedule import daily


@task()
def write_digests() -> int:
    """Once a day: the morning's letters. Returns how many were written."""
    return morning.write_all(morning.today())


daily(write_digests, hour=6)
