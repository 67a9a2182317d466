# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work for the tests of the worker: the first attempt never ends, the next one does."""

from __future__ import annotations

import time
from pathlib import Path

from django_tasks import task

from brobygger.base.jobs import RunningJob, run


@task()
def write_slowly(job_id: str, path: str) -> None:
    run(job_id, lambda job: _write(job, Path(path)))


def _write(job: RunningJob, path: Path) -> dict[str, object]:
    first = not path.exists()
    with path.open("a") as log:
        log.write("begun\n")
    if first:
        time.sleep(120)
    with path.open("a") as log:
        log.write("done\n")
    job.progress(1, 1)
    return {"lines": 2}


@task()
def write_line(path: str, line: str) -> None:
    with Path(path).open("a") as log:
        log.write(f"{line}\n")
