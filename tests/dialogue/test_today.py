# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a consultant promised stands on "I dag"."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brobygger.accounts.models import Operator, Role, User
from brobygger.dialogue.models import FollowUp
from brobygger.dialogue.services import follow_ups
from tests.dialogue.made import day, step
from tests.factories import OrganisationFactory, user_as


def overdue(firm, user: User, about: str, days: int = 3, **values) -> FollowUp:
    planned = step(firm, user, about=about, due_on=day(), **values)
    FollowUp.objects.filter(pk=planned.pk).update(due_on=day(-days))
    return FollowUp.objects.get(pk=planned.pk)


def page(client: Client, query: str = "") -> str:
    return client.get(reverse("market:today") + query).content.decode()


def test_what_is_due_stands_there_and_what_is_not_waits(as_consultant, consultant, operator) -> None:
    firm = OrganisationFactory(operator=operator, name="Øens Bryghus")
    overdue(firm, consultant, "Send tilbuddet")
    step(firm, consultant, about="Ring i næste uge", due_on=day(7))
    html = page(as_consultant)
    assert "Send tilbuddet" in html
    assert "Øens Bryghus" in html
    assert "skulle være gjort" in html
    assert "Ring i næste uge" not in html
    assert "Der er intet, der venter på dig" not in html


def test_a_colleagues_is_seen_only_when_asked_for(as_consultant, operator: Operator) -> None:
    colleague = user_as(Role.CONSULTANT, operator)
    overdue(OrganisationFactory(operator=operator), colleague, "Kollegaens løfte")
    assert "Kollegaens løfte" not in page(as_consultant)
    assert "Kollegaens løfte" in page(as_consultant, "?vis=alle")


def test_another_office_s_is_never_seen(as_consultant) -> None:
    firm = OrganisationFactory()
    overdue(firm, user_as(Role.CONSULTANT, firm.operator), "Naboens løfte", assignee=None)
    assert "Naboens løfte" not in page(as_consultant, "?vis=alle")


def test_done_is_gone(as_consultant, consultant, operator) -> None:
    planned = overdue(OrganisationFactory(operator=operator), consultant, "Send tilbuddet")
    follow_ups.finish(planned, user=consultant, expected=planned.version)
    assert "Send tilbuddet" not in page(as_consultant)


def test_the_first_twelve_and_the_way_to_the_rest_in_as_many_queries_as_one(
    as_consultant, consultant, operator
) -> None:
    overdue(OrganisationFactory(operator=operator), consultant, "Løfte", days=90)
    page(as_consultant)
    with CaptureQueriesContext(connection) as one:
        page(as_consultant)
    for _ in range(13):
        overdue(OrganisationFactory(operator=operator), consultant, "Løfte")
    with CaptureQueriesContext(connection) as many:
        html = page(as_consultant)
    assert html.count("Gjort<span") == 12
    assert "Se alle opfølgninger" in html
    assert len(many) <= len(one)


def test_a_note_is_one_tap_from_today(as_consultant: Client) -> None:
    page = as_consultant.get("/i-dag/").content.decode()
    main = page[page.index("<main") :]
    assert main.index('href="/samtaler/ny/"') < main.index("font-lead")
