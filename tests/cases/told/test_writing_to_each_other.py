# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The office and the applicant write to each other."""

from __future__ import annotations

from brobygger.accounts.models import Role
from brobygger.base.models import Letter
from brobygger.cases.services import contents
from brobygger.register.models import Affiliation
from tests.cases.made import fresh, opened, press, shown
from tests.cases.told.made import to
from tests.factories import PersonFactory, user_as


def test_the_office_and_the_applicant_write_to_each_other(
    case, firm, owner, consultant, as_consultant, sign_in
) -> None:
    client = sign_in(owner)
    contents.message(case, "Hvornår hører vi?", user=owner)
    key = "6e0cbe0c-3c0b-4f0e-9c3b-0a5d5a5f2f3e"
    address = f"/sager/{case.pk}/skriv/"
    assert owner.email in shown(as_consultant, address)
    for _ in range(2):
        press(as_consultant, address, text="På torsdag", entry_key=key)
    (letter,) = [row for row in to(owner) if "besked" in row.subject]
    assert "På torsdag" in letter.body
    assert letter.reply_to == consultant.email
    assert fresh(case).news is None, "the officer has the case open"
    page = shown(client, f"/sager/mine/{case.pk}/")
    assert "Vi skrev til jer" in page
    assert "På torsdag" in page
    for _ in range(2):
        press(
            client,
            f"/sager/mine/{case.pk}/besked/",
            text="Tak",
            entry_key="7e0cbe0c-3c0b-4f0e-9c3b-0a5d5a5f2f3e",
        )
    assert case.events.filter(kind="message").count() == 2
    assert "Vi skrev til jer" not in shown(client, f"/sager/mine/{case.pk}/")


def test_a_message_that_cannot_be_mailed_is_told(operator, consultant, as_consultant) -> None:
    case = opened(operator, applicant_name="En borger", officer=consultant)
    page = press(as_consultant, f"/sager/{case.pk}/skriv/", text="Ring til os")
    assert "ikke sendt" in page
    assert not Letter.objects.exists()


def test_others_do_not_write_to_the_applicant(operator, case, owner, firm, sign_in) -> None:
    partial = user_as(Role.HEAD, operator)
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=partial), organisation=firm)
    for user, status in ((owner, 403), (user_as(Role.CONSULTANT), 404), (partial, 404)):
        assert sign_in(user).post(f"/sager/{case.pk}/skriv/", {"text": "x"}).status_code == status
