# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Importing from the browser: try first, look, import; told what was wrong; closed to everybody but the office."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from brobygger.accounts.models import AuditEntry, Role
from brobygger.base import jobs
from brobygger.base.models import Job
from brobygger.register import tasks
from brobygger.register.imports import bulk, runs
from brobygger.register.models import ImportRun, Organisation
from tests.factories import OperatorFactory, OrganisationFactory, firm_user, user_as

CVR = Path(__file__).parent / "data" / "cvr_scroll_page.json"
TEXT = "navn;cvr;postnr\nPrøve A;99100001;4320\nPrøve B;99100002;4330\nDårlig;12;4320\n"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def upload(as_consultant, django_capture_on_commit_callbacks):
    """A function that sends the form."""

    def send(content: bytes | str, kind: str = "organisations", name: str = "firmaer.csv", **fields):
        data = content if isinstance(content, bytes) else content.encode("cp1252")
        with django_capture_on_commit_callbacks(execute=True):
            return as_consultant.post(
                reverse("register:new_import"),
                {"kind": kind, "file": SimpleUploadedFile(name, data), **fields},
            )

    return send


def work() -> None:
    """What the worker does with what is queued."""
    for result in DBTaskResult.objects.filter(status="READY").order_by("enqueued_at"):
        result.task.call(*result.args_kwargs["args"], **result.args_kwargs["kwargs"])
        DBTaskResult.objects.filter(pk=result.pk).update(status="SUCCESSFUL")


def test_the_form_tries_first_unless_told_otherwise(as_consultant):
    page = as_consultant.get(reverse("register:new_import"))
    assert page.context["form"]["dry_run"].value() is True
    assert "navn" in page.content.decode()


def test_a_file_is_tried_looked_at_and_then_imported(
    upload, as_consultant, django_capture_on_commit_callbacks
):
    answer = upload(TEXT, dry_run="on")
    trial = ImportRun.objects.get()
    assert answer["Location"] == reverse("job", args=[trial.job_id])
    work()
    job = Job.objects.get(pk=trial.job_id)
    assert (job.state, job.result["url"]) == ("done", trial.get_absolute_url())
    assert not Organisation.objects.exists()
    page = as_consultant.get(trial.get_absolute_url()).content.decode()
    for words in ("Dette er en prøve", "Importer nu", "Prøve A", "CVR-nummeret skal være på 8 cifre"):
        assert words in page
    with django_capture_on_commit_callbacks(execute=True):
        as_consultant.post(reverse("register:import_now", args=[trial.pk]))
    work()
    run = ImportRun.objects.get(dry_run=False)
    assert (run.created, run.skipped, run.error) == (2, 1, "")
    assert Organisation.objects.count() == 2
    assert AuditEntry.objects.get(action="imported").detail["created"] == 2
    page = as_consultant.get(run.get_absolute_url()).content.decode()
    assert "Importer nu" not in page


def test_the_file_is_not_kept_longer_than_needed(upload, as_consultant, django_capture_on_commit_callbacks):
    upload(TEXT, dry_run="on")
    work()
    trial = ImportRun.objects.get()
    name = trial.file.name
    assert default_storage.exists(name)
    assert "firmaer" not in name
    assert runs.forget_files() == 0
    assert runs.forget_files(timezone.now() + timedelta(days=8)) == 1
    assert not default_storage.exists(name)
    page = as_consultant.post(reverse("register:import_now", args=[trial.pk]), follow=True).content.decode()
    assert "Læg den op igen" in page
    upload(TEXT)
    work()
    run = ImportRun.objects.get(dry_run=False)
    assert not run.file


def test_an_import_now_pressed_twice_happens_once(upload, as_consultant, django_capture_on_commit_callbacks):
    upload(TEXT, dry_run="on")
    work()
    trial = ImportRun.objects.get()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            as_consultant.post(reverse("register:import_now", args=[trial.pk]))
    work()
    assert ImportRun.objects.filter(dry_run=False).count() == 1


def test_a_cvr_file_takes_our_municipalities_only_when_that_is_ticked(upload):
    upload(CVR.read_bytes(), kind="cvr", name="cvr.json", own_only="on")
    assert ImportRun.objects.get().own_only
    work()
    assert Organisation.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "kind", "name", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "organisations", "firmaer.csv", "PNG"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "cvr", "cvr.json", "JSON"),
        (b"by;cvr\nLejre;1\n", "organisations", "firmaer.csv", "Kolonnen mangler"),
        (b"navn;cvr\nLejre;1\n", "listings", "har.csv", "Kolonnen mangler"),
        (b"", "organisations", "firmaer.csv", "tom"),
        (b"navn;cvr\n;\n\n", "organisations", "firmaer.csv", "kun overskrifter"),
        (b"cvr;tekst\n", "listings", "har.csv", "kun overskrifter"),
        (b"navn\nx", "findes ikke", "firmaer.csv", "gyldig valgmulighed"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_told_on_the_form_and_not_kept(
    upload, content, kind, name, said, settings
):
    answer = upload(content, kind=kind, name=name)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not ImportRun.objects.exists()
    assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))


def test_a_file_that_is_too_large_is_told(upload, settings):
    settings.MAX_IMPORT_BYTES = 10
    assert "fylder for meget" in upload(TEXT).content.decode()


def test_no_file_at_all_is_told(as_consultant):
    assert (
        "Vælg en fil" in as_consultant.post(reverse("register:new_import"), {"kind": "cvr"}).content.decode()
    )


def test_a_file_that_breaks_half_way_tells_what_stopped_it(upload, as_consultant):
    upload(CVR.read_bytes()[:20] + b'"x": {}}', kind="cvr", name="cvr.json")
    assert not ImportRun.objects.exists()


def test_problems_are_paged_and_can_be_fetched_for_a_spreadsheet(upload, as_consultant):
    upload("navn;cvr\n" + "".join(f"Dårlig {n};=1+{n}\n" for n in range(60)))
    work()
    run = ImportRun.objects.get()
    assert run.skipped == 60
    page = as_consultant.get(run.get_absolute_url() + "?side=3").content.decode()
    assert "Side 3 af 3" in page
    answer = as_consultant.get(reverse("register:import_problems", args=[run.pk]))
    text = answer.content.decode("utf-8-sig")
    assert len(text.splitlines()) == 61
    assert "'=1+0" in text  # not run as a formula


def test_the_list_takes_the_same_queries_however_many_there_are(
    operator, as_consultant, django_assert_num_queries
):
    def queries(count: int) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        for number in range(count):
            ImportRun.objects.create(operator=operator, kind="cvr", file_name=f"fil {number}")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert as_consultant.get(reverse("register:imports")).status_code == 200
        return len(caught)

    queries(1)
    assert queries(3) == queries(9)


def test_an_empty_list_says_what_to_do(as_consultant):
    assert (
        "Der er ikke importeret noget endnu"
        in as_consultant.get(reverse("register:imports")).content.decode()
    )


def test_only_the_offices_own_people_see_its_imports(operator, sign_in, consultant):
    run = ImportRun.objects.create(operator=operator, kind="cvr", file_name="x", finished_at=timezone.now())
    addresses = [
        reverse("register:import", args=[run.pk]),
        reverse("register:import_problems", args=[run.pk]),
    ]
    neighbour = sign_in(user_as(Role.CONSULTANT, OperatorFactory()))
    firm = sign_in(firm_user(OrganisationFactory(operator=operator)))
    for address in addresses:
        assert sign_in(consultant).get(address).status_code == 200
        assert neighbour.get(address).status_code == 404
        assert firm.get(address).status_code == 403
    assert neighbour.post(reverse("register:import_now", args=[run.pk])).status_code == 404
    assert firm.post(reverse("register:new_import")).status_code == 403
    assert firm.get(reverse("register:imports")).status_code == 403


def test_the_file_is_not_served(upload, as_consultant):
    upload(TEXT, dry_run="on")
    name = ImportRun.objects.get().file.name
    assert as_consultant.get(f"/filer/{name}").status_code == 404


def test_a_job_that_a_dead_worker_left_is_done_once_and_counts_right(upload, monkeypatch):
    monkeypatch.setattr("brobygger.register.imports.organisations.CHUNK", 1)
    upload(TEXT)
    run = ImportRun.objects.get()
    real, lots = bulk.index, []

    def dies(ids):
        lots.append(1)
        if len(lots) == 2:
            raise KeyboardInterrupt
        real(ids)

    monkeypatch.setattr(bulk, "index", dies)
    with pytest.raises(KeyboardInterrupt):
        tasks.carry_out_run.call(str(run.job_id), run.pk)
    run.refresh_from_db()
    assert not run.is_over
    monkeypatch.setattr(bulk, "index", real)
    tasks.carry_out_run.call(str(run.job_id), run.pk)
    run.refresh_from_db()
    assert (run.read, run.created, run.skipped, run.attempts) == (3, 2, 1, 2)
    tasks.carry_out_run.call(str(run.job_id), run.pk)  # and once more: it is over
    run.refresh_from_db()
    assert run.attempts == 2
    assert Organisation.objects.count() == 2


def test_an_import_that_every_worker_died_of_is_told_as_stopped(upload, as_consultant):
    upload(TEXT)
    run = ImportRun.objects.get()
    ImportRun.objects.filter(pk=run.pk).update(finished_at=None)
    Job.objects.filter(pk=run.job_id).update(state="failed", message="Arbejdet er opgivet.")
    page = as_consultant.get(run.get_absolute_url()).content.decode()
    assert "Arbejdet er opgivet." in page
    assert "Importen er ikke færdig" not in page
    assert "Stoppede" in as_consultant.get(reverse("register:imports")).content.decode()


def test_progress_is_shown(upload, monkeypatch):
    told = []
    monkeypatch.setattr(jobs.RunningJob, "progress", lambda self, *progress: told.append(progress))
    upload(CVR.read_bytes(), kind="cvr", name="cvr.json")
    work()
    done, total, message = told[-1]
    assert done == total
    assert "poster er læst" in message


def test_the_sync_button_is_there_only_when_the_service_is_set_up(as_consultant, settings):
    address = reverse("register:imports")
    assert "fra CVR nu" not in as_consultant.get(address).content.decode()
    assert (
        "ikke sat en forbindelse"
        in as_consultant.post(reverse("register:sync"), follow=True).content.decode()
    )
    settings.CVR_URL = "http://127.0.0.1:9/cvr-permanent"
    assert "fra CVR nu" in as_consultant.get(address).content.decode()
    as_consultant.post(reverse("register:sync"))
    assert ImportRun.objects.get().kind == "cvr_live"
