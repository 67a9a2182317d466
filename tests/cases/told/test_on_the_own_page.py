# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What waits for somebody outside the office stands on their own page."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from brobygger.accounts.models import Role
from brobygger.cases.services import contents, waiting
from brobygger.cases.services.moving import vote
from tests.cases.made import at_decision, day, shown
from tests.factories import user_as


def test_the_vote_waits_on_the_persons_own_page_until_they_have_voted(
    operator, consultant, firm, sign_in
) -> None:
    case, bank, group = at_decision(operator, consultant, organisation=firm)
    client = sign_in(bank)
    page = shown(client, "/min-side/")
    assert "Sager, der venter på jer" in page
    assert case.title in page
    assert "Der er ikke noget, der venter" not in page
    assert "ikke knyttet til en virksomhed" not in page
    vote(case, "decide", "yes", user=bank, round=case.round)
    assert case.title not in shown(client, "/min-side/")
    assert case.title in shown(sign_in(group[0]), "/min-side/")


def test_the_firms_own_page_shows_what_the_office_asks_and_what_is_due(
    case, owner, consultant, sign_in
) -> None:
    client = sign_in(owner)
    waiting.pause(case, "applicant", user=consultant, text="Send budgettet")
    contents.set_duty(case, "report", title="Halvårsrapport", due_on=day(10))
    contents.set_duty(case, "later", title="Slutrapport", due_on=day(100))
    page = shown(client, "/min-side/")
    assert "Svar på vores spørgsmål" in page
    assert "Halvårsrapport" in page
    assert "Slutrapport" not in page


def test_the_own_page_asks_no_more_with_many_cases(operator, consultant, firm, owner, sign_in) -> None:
    bank = user_as(Role.PARTNER, operator)
    client = sign_in(bank)
    counts = []
    for _ in range(2):
        for _number in range(2):
            case, _other, _group = at_decision(operator, consultant, organisation=firm)
            contents.add_party(case, "bank", user=consultant, party_user=bank)
        with CaptureQueriesContext(connection) as found:
            shown(client, "/min-side/")
        counts.append(len(found))
    assert counts[0] == counts[1]
