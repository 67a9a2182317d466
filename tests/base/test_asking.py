# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Something is asked before it is done: nothing happens until somebody says yes, and a refusal is told where they came from."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from brobygger.base.asking import ask
from brobygger.base.errors import UserError

pytestmark = pytest.mark.django_db


def asked(request: HttpRequest, do: Any, **more: str) -> HttpResponse:
    request.user = AnonymousUser()  # type: ignore[assignment]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return ask(
        request, do, heading="Slet?", question="Mødet i går", yes="Ja, slet", back="/moede/", done="Slettet.", **more
    )  # fmt: skip


def told(request: HttpRequest) -> list[tuple[str, str]]:
    return [(message.level_tag, message.message) for message in get_messages(request)]


def test_the_question_is_shown_and_nothing_is_done(rf: RequestFactory) -> None:
    done: list[int] = []
    page = asked(rf.get("/"), lambda: done.append(1), consequence="Det er væk.").content.decode()
    for words in ("Slet?", "Mødet i går", "Det er væk.", "Ja, slet", 'href="/moede/"'):
        assert words in page
    assert not done


@pytest.mark.parametrize(("more", "goes_to"), [({}, "/moede/"), ({"after": "/moeder/"}, "/moeder/")])
def test_a_yes_does_it_and_goes_on(rf: RequestFactory, more: dict[str, str], goes_to: str) -> None:
    done: list[int] = []
    request = rf.post("/")
    answer = asked(request, lambda: done.append(1), **more)
    assert (answer.status_code, answer["Location"], done) == (302, goes_to, [1])
    assert told(request) == [("success", "Slettet.")]


def test_a_refusal_is_told_on_the_page_that_the_person_came_from(rf: RequestFactory) -> None:
    def refuse() -> None:
        raise UserError("Mødet er holdt.")

    request = rf.post("/")
    answer = asked(request, refuse, after="/moeder/")
    assert answer["Location"] == "/moede/"
    assert told(request) == [("error", "Mødet er holdt.")]
