# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The file for Digital Post: asked for, made once by a worker, fetched from the round's page, deleted after a week."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import AuditEntry
from brobygger.base.models import Job
from brobygger.outreach import tasks
from brobygger.outreach.errors import LettersNotReady, NoNumbers, NotYourOffice
from brobygger.outreach.models import PostFile, Welcome
from brobygger.outreach.services import post_files, welcome
from tests.factories import user_as
from tests.market.at_once import at_once
from tests.outreach import made

pytestmark = pytest.mark.django_db


def carried_out(wanted: PostFile) -> PostFile:
    tasks.make_post_file.func(str(wanted.job_id), wanted.pk)
    wanted.refresh_from_db()
    return wanted


def test_it_holds_a_list_and_a_letter_for_each_number(operator, consultant, as_consultant):
    round_ = made.letters(operator, consultant)
    made.letters(operator, consultant, cvr=None)
    Welcome.objects.update(round=round_)
    page = reverse("outreach:digital_post", args=[round_.pk])
    before = as_consultant.get(round_.get_absolute_url()).content.decode()
    assert "Lav filen til Digital Post: 1 brev" in before
    as_consultant.post(page)
    waits = as_consultant.get(round_.get_absolute_url())
    assert "Filen til Digital Post bliver lavet." in waits.content.decode()
    assert waits["Refresh"] == "3"
    wanted = carried_out(PostFile.objects.get())
    ready = as_consultant.get(round_.get_absolute_url())
    assert "Hent filen til Digital Post: 1 brev (ZIP)" in ready.content.decode()
    assert "Refresh" not in ready
    archive = zipfile.ZipFile(io.BytesIO(b"".join(as_consultant.get(page).streaming_content)))
    table = list(csv.reader(io.StringIO(archive.read("digital-post.csv").decode("utf-8-sig")), delimiter=";"))
    letter = Welcome.objects.exclude(organisation__cvr=None).get()
    cvr = letter.organisation.cvr
    assert table == [["cvr", "titel", "fil"], [cvr, letter.subject, f"{cvr}.pdf"]]
    assert archive.read(f"{cvr}.pdf").startswith(b"%PDF-")
    assert len(archive.namelist()) == 2
    assert (wanted.letters, wanted.job.state, wanted.job.percent) == (1, "done", 100)
    assert AuditEntry.objects.filter(action="export").count() == 1


def test_asked_for_twice_it_is_made_once(operator, consultant):
    round_ = made.letters(operator, consultant)
    first = post_files.ask(round_, user=consultant)
    assert post_files.ask(round_, user=consultant).job_id == first.job_id
    carried_out(first)
    assert post_files.ask(round_, user=consultant).job_id == first.job_id
    assert Job.objects.filter(kind="post_file").count() == 1


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_several_at_the_same_moment_it_is_made_once(operator, consultant, tmp_path):
    round_ = made.letters(operator, consultant)
    faults, told = at_once(
        tmp_path,
        [lambda: post_files.ask(round_, user=consultant)] * 4,
        lambda: (PostFile.objects.count(), Job.objects.filter(kind="post_file").count()),
    )
    assert (faults, told) == ([], (1, 1))


def test_work_that_was_interrupted_leaves_no_half_file_and_is_done_once(operator, consultant):
    wanted = post_files.ask(made.letters(operator, consultant, 2), user=consultant)
    default_storage.save(f"breve/{wanted.job_id}.zip", ContentFile(b"half of it"))

    def dies(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        post_files.carry_out(wanted, dies)
    assert not PostFile.objects.get().file
    made_now = carried_out(wanted)
    assert made_now.file.name == f"breve/{wanted.job_id}.zip"
    assert len(zipfile.ZipFile(made_now.file.path).namelist()) == 3
    first = made_now.made_at
    post_files.carry_out(made_now, dies)
    made_now.refresh_from_db()
    assert made_now.made_at == first


def test_it_waits_for_the_letters_and_needs_a_number(operator, consultant):
    made.letters(operator, consultant)
    late = made.firm(operator, founded_on=made.Q1.first_day)
    unfinished = welcome.start(operator, made.Q1, by_mail=False, user=consultant)
    with pytest.raises(LettersNotReady):
        post_files.ask(unfinished, user=consultant)
    late.delete()
    with pytest.raises(NoNumbers):
        post_files.ask(made.letters(operator, consultant, cvr=None), user=consultant)
    assert not PostFile.objects.exists()


def test_only_the_office_itself_asks_for_it_and_fetches_it(operator, consultant, sign_in):
    round_ = made.letters(operator, consultant)
    stranger = user_as("consultant")
    with pytest.raises(NotYourOffice):
        post_files.ask(round_, user=stranger)
    carried_out(post_files.ask(round_, user=consultant))
    page = reverse("outreach:digital_post", args=[round_.pk])
    for who in (stranger, user_as("partner", operator), user_as("admin", operator)):
        assert sign_in(who).get(page).status_code in {403, 404}
        assert sign_in(who).post(page).status_code in {403, 404}


def test_after_a_week_it_is_deleted_and_can_be_made_again(operator, consultant, as_consultant):
    round_ = made.letters(operator, consultant)
    wanted = carried_out(post_files.ask(round_, user=consultant))
    name = wanted.file.name
    assert post_files.forget(timezone.now() + timedelta(days=6)) == 0
    assert post_files.forget(timezone.now() + timedelta(days=8)) == 1
    assert not default_storage.exists(name)
    told = as_consultant.get(reverse("outreach:digital_post", args=[round_.pk]), follow=True).content.decode()
    assert "Filen er ikke lavet endnu, eller den er slettet igen." in told
    again = carried_out(post_files.ask(round_, user=consultant))
    assert again.file.name != name
    assert default_storage.exists(again.file.name)


def test_what_went_wrong_is_told_and_it_can_be_tried_again(operator, consultant, as_consultant, monkeypatch):
    round_ = made.letters(operator, consultant)
    wanted = post_files.ask(round_, user=consultant)

    def broken(*arguments):
        raise OSError("no room")

    monkeypatch.setattr(post_files, "digital_post", broken)
    with pytest.raises(OSError, match="no room"):
        carried_out(wanted)
    monkeypatch.undo()
    shown = as_consultant.get(round_.get_absolute_url()).content.decode()
    assert "Der skete en uventet fejl" in shown
    assert "Lav filen til Digital Post" in shown
    assert carried_out(post_files.ask(round_, user=consultant)).file
