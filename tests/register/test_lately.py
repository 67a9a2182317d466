# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm's page says what CVR changed about it lately, without asking the database more."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.history import history_of
from brobygger.register import services
from brobygger.register.imports import bulk
from brobygger.register.lately import changed_lately
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory


def told(firm: Organisation) -> list[str]:
    return [news.said for news in changed_lately(history_of(firm))]


def by_cvr(firm: Organisation, **values: object) -> Organisation:
    for name, value in values.items():
        setattr(firm, name, value)
    bulk.update([firm], [*values], reason="CVR")
    return Organisation.objects.get(pk=firm.pk)


def test_what_cvr_changed_is_said_in_words(operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator, name="Gammel ApS", employees=4, street="Vej 1")
    by_cvr(
        firm, name="Ny ApS", employees=12, industry="620100", municipality_code="0265", street="Gade 2",
        phone="12345678",
    )  # fmt: skip
    said = told(firm)
    assert said[0] == "Har skiftet navn. Hed før »Gammel ApS«."
    assert "Ansatte: 12, før 4." in said
    assert "Er flyttet hertil fra Lejre." in said
    assert "Telefon: 12345678, før –." in said
    assert any(line.startswith("Branche:") and "110500" not in line for line in said)


def test_what_the_office_changed_itself_and_what_is_old_is_not_news(operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator, phone="11111111")
    services.update_organisation(firm, {"phone": "22222222"}, expected=firm.version)
    assert told(firm) == []
    by_cvr(firm, phone="33333333")
    assert len(told(firm)) == 1
    Organisation.history.update(history_date=timezone.now() - timedelta(days=400))
    assert told(firm) == []


def test_the_page_shows_it_with_no_question_more(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    firm, quiet = OrganisationFactory(operator=operator), OrganisationFactory(operator=operator)
    by_cvr(quiet, description="x")
    by_cvr(firm, employees=99)
    page = as_consultant.get(firm.get_absolute_url()).content.decode()
    assert "Ændret på det seneste" in page
    counts = []
    for one in (quiet, firm):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = as_consultant.get(one.get_absolute_url())
        counts.append(len(asked))
    assert "Ansatte: 99" in answer.content.decode()
    assert counts[0] == counts[1]
