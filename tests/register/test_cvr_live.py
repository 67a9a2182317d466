# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The live CVR service, replayed by a local server: paged, interrupted, refused, asked again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from brobygger.base.models import Job
from brobygger.register import tasks
from brobygger.register.cvr import client as module
from brobygger.register.cvr.client import CvrClient, CvrRefused, CvrUnavailable
from brobygger.register.imports import runs
from brobygger.register.imports.errors import NotAllowed
from brobygger.register.models import ImportRun, Organisation
from tests.factories import OperatorFactory
from tests.register.cvr_documents import address, company, period, site
from tests.register.cvr_server import PASSWORD, USER, running


@pytest.fixture
def server():
    with running() as served:
        yield served


@pytest.fixture
def client(server):
    return CvrClient(server.url, USER, PASSWORD, page=3, pause=lambda seconds: None)


def numbers(documents) -> list[int]:
    return [one.body.get("cvrNummer") or one.body["pNummer"] for one in documents]


ALL = [99100000 + number for number in range(8)] + [1990000000, 1990000001]


@pytest.fixture
def full(server):
    server.documents["virksomhed"] = [company(99100000 + number) for number in range(8)]
    server.documents["produktionsenhed"] = [site(1990000000 + number, 99100000) for number in range(2)]
    return server


def test_all_pages_are_fetched_companies_first(full, client):
    assert numbers(client.changed_since(None, ["0350"])) == ALL
    assert full.closed == 2


def test_only_what_changed_in_our_municipalities_is_asked_for_and_no_people(full, client):
    moment = timezone.now()
    list(client.changed_since(moment, ["0350", "0265"]))
    path, question = full.asked[0]
    assert path == "/cvr-permanent/virksomhed/_search"
    conditions = question["query"]["bool"]["filter"]
    assert conditions[0] == {"terms": {"Vrvirksomhed.beliggenhedsadresse.kommune.kommuneKode": [350, 265]}}
    assert conditions[1] == {"range": {"Vrvirksomhed.sidstOpdateret": {"gte": moment.isoformat()}}}
    assert "Vrvirksomhed.deltagerRelation" in question["_source"]["excludes"]


@pytest.mark.parametrize("failure", ["500", "503", "429", "half", "broken", "expired", "hang up"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_page_that_is_lost_is_fetched_again_and_nothing_comes_twice(full, client, failure, at):
    full.failures = [""] * at + [failure]
    assert numbers(client.changed_since(None, ["0350"])) == ALL


def test_pauses_grow_and_at_last_we_give_up(full):
    pauses: list[float] = []
    client = CvrClient(full.url, USER, PASSWORD, pause=pauses.append)
    full.failures = ["500"] * 50
    with pytest.raises(CvrUnavailable):
        list(client.changed_since(None, ["0350"]))
    assert pauses == [1.0, 2.0, 4.0, 8.0]


def test_a_wrong_password_is_told_at_once(full):
    with pytest.raises(CvrRefused, match="CVR_PASSWORD"):
        list(CvrClient(full.url, USER, "forkert").changed_since(None, ["0350"]))
    assert full.asked == []


def test_a_server_that_is_not_there_is_unavailable():
    client = CvrClient("http://127.0.0.1:9/cvr-permanent", USER, PASSWORD, pause=lambda seconds: None)
    with pytest.raises(CvrUnavailable):
        list(client.changed_since(None, ["0350"]))


# The sync ---------------------------------------------------------------------------------------------


@pytest.fixture
def connected(full, settings, monkeypatch):
    settings.CVR_URL, settings.CVR_USER, settings.CVR_PASSWORD = full.url, USER, PASSWORD
    monkeypatch.setattr(module, "FIRST_PAUSE", 0)
    return full


def sync(operator) -> ImportRun:
    run = ImportRun.objects.create(operator=operator, kind="cvr_live", own_only=True)
    runs.carry_out(run, lambda *progress: None)
    run.refresh_from_db()
    return run


def test_a_sync_brings_the_register_up_to_date_and_the_next_asks_only_for_changes(connected, operator):
    first = sync(operator)
    assert (first.read, first.created, first.skipped) == (10, 10, 0)
    connected.documents["virksomhed"][0] = company(
        99100000, navne=[{"navn": "Nyt ApS", **period("2026-01-01")}]
    )
    connected.asked.clear()
    second = sync(operator)
    assert (second.changed, second.unchanged) == (1, 9)
    asked = connected.asked[0][1]["query"]["bool"]["filter"][1]["range"]["Vrvirksomhed.sidstOpdateret"]["gte"]
    assert asked == (first.started_at - timedelta(days=1)).isoformat()


def test_a_company_elsewhere_with_a_place_of_work_here_is_fetched_by_itself(connected, operator):
    elsewhere = [address("Fjernvej", 1, 8000, "Aarhus C", 751)]
    connected.documents["virksomhed"] = [company(99100000, beliggenhedsadresse=elsewhere)]
    run = sync(operator)
    assert run.read == run.created + run.outside
    assert Organisation.objects.get().name == "Prøvefirma 99100000 ApS"
    assert Organisation.objects.get().establishments.count() == 2


def test_a_company_elsewhere_is_kept_up_to_date_too(connected, operator):
    elsewhere = [address("Fjernvej", 1, 8000, "Aarhus C", 751)]
    connected.documents["virksomhed"] = [company(99100000, beliggenhedsadresse=elsewhere)]
    first = sync(operator)
    connected.documents["virksomhed"] = []
    connected.documents["elsewhere"] = [
        company(99100000, beliggenhedsadresse=elsewhere, reklamebeskyttet=True)
    ]
    connected.asked.clear()
    sync(operator)
    firm = Organisation.objects.get()
    assert (firm.ad_protected, firm.phone) == (True, "")
    conditions = connected.asked[-1][1]["query"]["bool"]["filter"]
    assert (
        conditions[1]["range"]["Vrvirksomhed.sidstOpdateret"]["gte"]
        == (first.started_at - timedelta(days=1)).isoformat()
    )


def test_a_sync_that_fails_keeps_why_and_the_next_one_asks_from_the_same_day(connected, operator):
    connected.failures = ["401"]
    run = ImportRun.objects.create(operator=operator, kind="cvr_live", own_only=True)
    with pytest.raises(CvrRefused):
        runs.carry_out(run, lambda *progress: None)
    run.refresh_from_db()
    assert "afviste" in run.error
    connected.asked.clear()
    sync(operator)
    assert len(connected.asked[0][1]["query"]["bool"]["filter"]) == 1


@pytest.mark.django_db
def test_each_night_every_office_with_municipalities_is_synced_when_the_service_is_set_up(
    connected, operator
):
    OperatorFactory().municipalities.all().delete()
    assert tasks.sync_every_office.call() == 1
    assert Job.objects.filter(kind="cvr_live").count() == 1


@pytest.mark.django_db
def test_nothing_is_synced_when_no_service_is_set_up(operator, settings):
    settings.CVR_URL = ""
    assert tasks.sync_every_office.call() == 0
    with pytest.raises(NotAllowed):
        runs.sync_now(operator, by=None)
    assert not Job.objects.exists()
