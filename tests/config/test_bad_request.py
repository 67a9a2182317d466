# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What cannot be received is told in Danish, with a way back."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_form_over_the_limits_is_told_in_danish(as_consultant: Client, signed_in: bool) -> None:
    browser = as_consultant if signed_in else Client()
    too_long = {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    too_many = {f"felt{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    for typed in (too_long, too_many):
        answer = browser.post("/sprog/", typed)
        assert answer.status_code == 400
        shown = answer.content.decode()
        assert "Der blev sendt for meget på én gang" in shown
        assert "tilbage-knap" in shown


def test_another_bad_request_is_not_told_to_be_too_much(db: None) -> None:
    answer = Client().get("/", HTTP_HOST="fremmed.invalid/")
    assert answer.status_code == 400
    assert "kunne ikke læses" in answer.content.decode()


@pytest.mark.parametrize("address", ["/konto/login/", "/sprog/"])
def test_a_page_that_stood_open_since_another_sign_in_is_told_in_danish(db: None, address: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(address, {"text": "Noget, jeg har skrevet"})
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert "Siden var blevet for gammel" in shown
    assert "tilbage-knap" in shown
    assert "DEBUG" not in shown
