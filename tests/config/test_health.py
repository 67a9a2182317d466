# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
import pytest

pytestmark = pytest.mark.django_db


def test_health_answers_when_database_and_queue_do(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "queue": True}


def test_api_describes_itself(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Brobygger"


def test_front_page_opens_for_everybody(client, operator):
    assert client.get("/").status_code == 200


def test_signed_in_page_sends_a_stranger_to_sign_in(client):
    answer = client.get("/i-dag/")
    assert answer.status_code == 302
    assert "/konto/login/" in answer["Location"]


def test_worklist_opens_for_a_consultant(as_consultant):
    assert as_consultant.get("/i-dag/").status_code == 200
