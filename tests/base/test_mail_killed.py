# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A worker killed after the mail server took the letter and before it could say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.base.house import House, a_house, wait_for
from tests.base.post_office import PostOffice

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.open()
    yield office
    office.close()


@pytest.fixture
def house(tmp_path: Path, post_office: PostOffice) -> Iterator[House]:
    with a_house(tmp_path) as found:
        found.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{post_office.port}"
        yield found


def test_the_letter_is_told_as_unsure_and_not_sent_twice(house: House, post_office: PostOffice) -> None:
    post_office.silent = True
    house.ask(
        "from brobygger.base import mail\n"
        "mail.write(to=['firma@example.invalid'], subject='Mask', body='Tal sammen')"
    )
    worker = house.worker()
    wait_for(lambda: post_office.letters)
    worker.kill()
    worker.wait()

    post_office.silent = False
    house.forget_the_dead()
    house.manage("worker", "--batch")
    assert len(post_office.letters) == 1

    eleven_minutes_later = (
        "from brobygger.base.models import Letter\n"
        "from brobygger.base import mail\n"
        "from django.utils import timezone\n"
        "from datetime import timedelta\n"
        "Letter.objects.update(try_after=timezone.now() - timedelta(minutes=11))\n"
        "print([mail.is_unsure(letter) for letter in Letter.objects.all()], mail.send_due())"
    )
    assert house.ask(eleven_minutes_later) == "[True] 0"
    assert len(post_office.letters) == 1


def test_a_letter_written_while_no_worker_ran_is_sent_when_one_starts(
    house: House, post_office: PostOffice
) -> None:
    house.ask(
        "from brobygger.base import mail\n"
        "mail.write(to=['firma@example.invalid'], subject='Mask', body='Tal sammen')"
    )
    house.manage("worker", "--batch")
    wait_for(lambda: post_office.letters, 10)
    assert len(post_office.letters) == 1
