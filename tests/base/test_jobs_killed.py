# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A worker killed in the middle of its work: the work is taken up by another and done once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.base.house import House, a_house, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as found:
        yield found


def start(house: House, path: Path) -> str:
    """Start the slow work in the house and return its job."""
    return house.ask(
        "from brobygger.base.jobs import start\n"
        "from tests.base.slow_work import write_slowly\n"
        f"print(start(write_slowly, kind='prøve', title='Prøve', path={str(path)!r}).pk)"
    )


def state(house: House, job: str) -> str:
    return house.ask(f"from brobygger.base.models import Job\nprint(Job.objects.get(pk={job!r}).state)")


def test_the_work_of_a_killed_worker_is_done_once_by_the_next(house: House, tmp_path: Path) -> None:
    path = tmp_path / "work.txt"
    job = start(house, path)
    first = house.worker()
    wait_for(lambda: path.exists() and path.read_text() == "begun\n")
    first.kill()  # kill -9: nothing can be tidied up
    first.wait()
    assert state(house, job) == "running"

    house.forget_the_dead()
    house.manage("worker", "--batch")
    assert path.read_text().split() == ["begun", "begun", "done"]
    assert state(house, job) == "done"

    house.forget_the_dead()
    house.manage("worker", "--batch")
    assert path.read_text().split().count("done") == 1


def test_work_of_a_living_worker_is_left_to_it(house: House, tmp_path: Path) -> None:
    path = tmp_path / "work.txt"
    start(house, path)
    house.worker()
    wait_for(path.exists)
    house.manage("worker", "--batch")
    assert path.read_text().split() == ["begun"]


def test_two_workers_share_the_queue_and_do_each_task_once(house: House, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.touch()
    house.ask(
        "from tests.base.slow_work import write_line\n"
        f"[write_line.enqueue({str(path)!r}, str(number)) for number in range(30)]"
    )
    for _number in range(2):
        house.worker()
    wait_for(lambda: len(path.read_text().split()) >= 30)
    assert sorted(path.read_text().split(), key=int) == [str(number) for number in range(30)]
