# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The room's own work as a worker does it that never gets past the middle the first time. For the tests that kill it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from django.utils import timezone
from django_tasks import task

from brobygger.outreach import tasks
from brobygger.outreach.services import freezing, post_files


def _stop_here(mark: Path) -> None:
    """The first time: say that it came so far, and never go on."""
    if not mark.exists():
        mark.touch()
        time.sleep(120)


@task()
def make_post_file(job_id: str, file_id: int, mark: str) -> None:
    """Stops when the first letter is in the file."""
    whole = post_files.digital_post

    def pieces(*arguments: Any) -> Iterator[bytes]:
        for piece in whole(*arguments):
            yield piece
            _stop_here(Path(mark))

    with mock.patch.object(post_files, "digital_post", pieces):
        tasks.make_post_file.func(job_id, file_id)


@task()
def send_mailing(job_id: str, mailing_id: int, mark: str) -> None:
    """Stops when the receivers are written but not yet kept."""

    def now() -> Any:
        _stop_here(Path(mark))
        return timezone.now()

    with mock.patch.object(freezing, "timezone", mock.Mock(now=now)):
        tasks.send_mailing.func(job_id, mailing_id)
