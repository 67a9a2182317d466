# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Long work: it can be watched, it tells when it fails, and it is not done twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from brobygger.base import jobs
from brobygger.base.errors import UserError
from brobygger.base.models import Job, Worker
from tests.base.slow_work import write_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return Job.objects.create(kind="prøve", title="Prøve")


def test_what_the_work_returns_is_kept(job: Job) -> None:
    jobs.run(str(job.pk), lambda handle: {"rows": 3})
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"rows": 3})
    assert job.finished_at is not None


def test_finished_work_is_left_alone(job: Job) -> None:
    jobs.run(str(job.pk), lambda handle: {"rows": 3})
    jobs.run(str(job.pk), lambda handle: {"rows": 99})
    job.refresh_from_db()
    assert job.result == {"rows": 3}


def test_an_error_meant_for_people_is_shown_as_it_stands(job: Job) -> None:
    def body(handle: jobs.RunningJob) -> None:
        raise UserError("Filen er tom.")

    with pytest.raises(UserError):
        jobs.run(str(job.pk), body)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "Filen er tom.")


def test_any_other_error_tells_nothing_of_the_inside(job: Job) -> None:
    with pytest.raises(ZeroDivisionError):
        jobs.run(str(job.pk), lambda handle: {"rows": 1 // 0})
    job.refresh_from_db()
    assert "uventet fejl" in job.message
    assert "division" not in job.message


def test_progress_is_written_and_ends_at_the_end(job: Job) -> None:
    def body(handle: jobs.RunningJob) -> None:
        for done in range(1, 101):
            handle.progress(done, 100, "Læser")

    jobs.run(str(job.pk), body)
    job.refresh_from_db()
    assert (job.done, job.total, job.percent) == (100, 100, 100)


def left_running(worker: str) -> DBTaskResult:
    write_line.enqueue("/dev/null", "x")
    result = DBTaskResult.objects.get()
    result.claim(worker)
    return result


def test_work_of_a_silent_worker_is_queued_again() -> None:
    result = left_running("tavs")
    Worker.objects.create(pk="tavs", beat_at=timezone.now() - jobs.SILENT_AFTER - timedelta(seconds=1))
    assert jobs.take_up_abandoned() == 1
    result.refresh_from_db()
    assert result.status == TaskResultStatus.READY


def test_work_of_a_worker_nobody_ever_heard_of_is_queued_again() -> None:
    left_running("ukendt")
    assert jobs.take_up_abandoned() == 1


def test_work_of_a_living_worker_is_not_touched() -> None:
    left_running("levende")
    jobs.heartbeat("levende")
    assert jobs.take_up_abandoned() == 0


def test_work_that_kills_every_worker_is_given_up() -> None:
    result = left_running("første")
    for number in range(jobs.MOST_ATTEMPTS - 1):
        assert jobs.take_up_abandoned() == 1
        result.refresh_from_db()
        result.claim(f"nummer {number}")
    assert jobs.take_up_abandoned() == 0
    result.refresh_from_db()
    assert result.status == TaskResultStatus.FAILED
