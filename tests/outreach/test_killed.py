# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A worker killed while it makes the file for Digital Post or finds a mailing's receivers: the next does it, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.base.house import House, a_house, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SET = """
from brobygger.base import jobs
from brobygger.base.models import Job, Letter
from brobygger.outreach.models import Mailing, PostFile, Recipient
from tests.factories import OperatorFactory, user_as
from tests.outreach import dying_work, made
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as found:
        yield found


def kill_half_way(house: House, mark: Path) -> None:
    worker = house.worker()
    wait_for(mark.exists)
    worker.kill()
    worker.wait()
    house.forget_the_dead()


def test_the_file_for_digital_post_is_made_whole_and_once(house: House, tmp_path: Path) -> None:
    mark = tmp_path / "came-so-far"
    house.ask(
        SET + "office = OperatorFactory(); user = user_as('consultant', office)\n"
        "round_ = made.letters(office, user, 3)\n"
        "wanted = PostFile.objects.create(round=round_)\n"
        "wanted.job = jobs.start(dying_work.make_post_file, kind='post_file', title='Prøve', operator=office, user=user,"
        f" file_id=wanted.pk, mark={str(mark)!r})\n"
        "wanted.save()"
    )
    kill_half_way(house, mark)
    assert house.ask(SET + "print(PostFile.objects.get().file.name or 'ingen')") == "ingen"
    for _ in range(2):
        house.manage("worker", "--batch")
        house.forget_the_dead()
    told = house.ask(
        SET + "import zipfile\nwanted = PostFile.objects.get()\n"
        "print(wanted.job.state, wanted.letters, len(zipfile.ZipFile(wanted.file.path).namelist()))"
    )
    assert told == "done 3 4"
    assert len(list((tmp_path / "files" / "breve").iterdir())) == 1


def test_the_receivers_are_found_once_and_each_gets_one_mail(house: House, tmp_path: Path) -> None:
    mark = tmp_path / "came-so-far"
    house.ask(
        SET + "from unittest import mock\nfrom brobygger.outreach.services import mailings\n"
        "office = OperatorFactory(); user = user_as('consultant', office)\n"
        "[made.consent(made.firm(office), user, f'n{n}@example.invalid') for n in range(3)]\n"
        "start = lambda task, **values: jobs.start("
        f"dying_work.send_mailing, **values, mark={str(mark)!r})\n"
        "with mock.patch.object(mailings, 'jobs', mock.Mock(start=start)):\n"
        "    mailings.send(made.draft(office, user), user=user, expected=1)"
    )
    kill_half_way(house, mark)
    assert house.ask(SET + "print(Recipient.objects.count(), Mailing.objects.get().frozen_at)") == "0 None"
    for _ in range(2):
        house.manage("worker", "--batch")
        house.forget_the_dead()
    told = house.ask(
        SET + "mailing = Mailing.objects.get()\n"
        "print(mailing.state, mailing.job.state, Recipient.objects.count(), Letter.objects.count())"
    )
    assert told == "sent done 3 3"
