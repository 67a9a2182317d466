# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every list of cases is taken along as a workbook: the same rows, for the same people, and it is recorded."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base.spreadsheet import workbook
from brobygger.cases.angels import services as network
from brobygger.cases.angels.models import Sending
from brobygger.cases.tenders import services, texts
from brobygger.cases.tenders.models import Tender
from tests.cases.made import opened
from tests.cases.tenders import made
from tests.factories import OrganisationFactory, firm_user, user_as


def table(client: Client, name: str, *args: Any, asked: str = "") -> list[tuple[Any, ...]]:
    answer = client.get(reverse(name, args=args) + asked)
    assert answer.status_code == 200, name
    assert answer["Content-Disposition"].endswith(f'{timezone.localdate():%Y-%m-%d}.xlsx"')
    return list(load_workbook(io.BytesIO(answer.content)).active.values)


def recorded(about: str) -> int:
    return AuditEntry.objects.filter(action="export", about=about).count()


def test_the_network_of_angels(operator: Operator, consultant: User, as_consultant: Client, sign_in) -> None:
    angel = user_as(Role.PARTNER, operator)
    network.join(
        operator,
        angel,
        user=consultant,
        industries="23",
        most=Decimal(500_000),
        background="=Har solgt et glasværk",
    )
    headings, row = table(as_consultant, "angels:export")
    assert headings[:3] == ("Navn", "E-mail", "Brancher")
    assert row == (str(angel), angel.email, row[2], None, 500_000, "=Har solgt et glasværk", 0, 0, "ja")
    assert "23" in row[2]
    assert recorded("Business angels") == 1
    assert reverse("angels:export") in as_consultant.get(reverse("angels:angels")).content.decode()
    assert sign_in(angel).get(reverse("angels:export")).status_code == 403
    assert len(table(sign_in(user_as(Role.CONSULTANT)), "angels:export")) == 1


def test_what_an_angel_was_sent(operator: Operator, consultant: User, sign_in) -> None:
    angel, other = user_as(Role.PARTNER, operator), user_as(Role.PARTNER, operator)
    mine = network.join(operator, angel, user=consultant)
    theirs = network.join(operator, other, user=consultant)
    case = opened(operator)
    Sending.objects.create(
        case=case, angel=mine, what="profile", title="Glas igen", text="x", answer="yes", note="Spændende"
    )
    Sending.objects.create(case=case, angel=theirs, what="profile", title="Ikke til dig", text="x")
    client = sign_in(angel)
    headings, row = table(client, "angels:export_sent")
    assert headings[0] == "Titel"
    assert (row[0], row[1], row[4], row[6]) == ("Glas igen", "Profil", "Vil gerne videre", "Spændende")
    assert isinstance(row[2], datetime)
    assert reverse("angels:export_sent") in client.get(reverse("angels:sent_to_me")).content.decode()


def test_tenders_for_all_and_those_that_members_see_first(operator, consultant, sign_in) -> None:
    story = made.published(operator, consultant)
    texts.change(
        story.tender,
        {"criteria": "Pris 40 %"},
        reason="Mere klima",
        user=consultant,
        expected=story.fresh().version,
    )
    hidden = made.published(operator, consultant, members_days=5, value=1, threshold=2)
    drafted = made.drafted(operator, consultant)
    services.set_up(
        drafted.case, deadline=timezone.now() + made.IN_TWO_WEEKS, members_days=0, user=consultant
    )
    headings, row = table(Client(), "tenders:export")
    assert headings[:4] == ("Opgave", "Kontor", "Forvaltning", "Frist for bud")
    assert row[0] == "Mad i børnehaver"
    assert abs(timezone.make_aware(row[3]) - story.tender.deadline).total_seconds() < 1
    assert row[5:7] == ("Mindre madspild", "Pris 40 %")
    assert row[7].endswith(story.tender.get_absolute_url())
    assert not recorded("Udbud"), "what everybody reads is everybody's to take"
    assert len(table(sign_in(hidden.bidder), "tenders:export")) == 3
    assert recorded("Udbud") == 1
    operator.portal_open = False
    operator.save()
    assert len(table(Client(), "tenders:export")) == 1


def test_the_list_of_tenders_asks_no_more_the_more_there_are(
    operator, consultant, django_assert_num_queries
) -> None:
    made.published(operator, consultant)
    with django_assert_num_queries(2):
        Client().get(reverse("tenders:export"))
    made.published(operator, consultant)
    with django_assert_num_queries(2):
        Client().get(reverse("tenders:export"))


def test_bids_are_taken_along_when_they_are_open_and_not_before(
    operator, consultant, as_consultant, sign_in
) -> None:
    story = made.published(operator, consultant)
    story.bid()
    address = reverse("tenders:export_bids", args=[story.case.pk])
    assert as_consultant.get(address).status_code == 302
    story.pass_deadline()
    assert as_consultant.get(address).status_code == 302
    assert not recorded("Bud på UDB-2026-0001 Mad i børnehaver")
    story.open()
    headings, row = table(as_consultant, "tenders:export_bids", story.case.pk)
    assert headings[0] == "Virksomhed"
    assert row[:4] == (story.firm.name, story.firm.cvr, Decimal("123456.78").__float__(), made.SECRET)
    assert recorded(f"Bud på {story.case}") == 1
    assert sign_in(story.bidder).get(address).status_code == 403
    assert sign_in(user_as(Role.CONSULTANT)).get(address).status_code == 404


def test_who_has_what(operator, consultant, as_consultant) -> None:
    opened(operator, officer=consultant)
    opened(operator)
    rows = table(as_consultant, "cases:export_load")
    assert rows[0] == (
        "Hvem", "Åbne", "Loft", "Over loftet", "For sent", "Nærmer sig", "Venter på andre", "Opfølgninger", "Match",
    )  # fmt: skip
    assert (str(consultant), 1, None, 0, 0, 0, 0, 0, 0) in rows
    assert ("Ingen endnu", 1, None, 0, 0, 0, 0, 0, 0) in rows
    assert recorded("Hvem har hvad") == 1


def test_building_cases_month_by_month(operator, consultant, as_consultant) -> None:
    from tests.cases.test_delivered_types import building, day, go

    for complete in (-40, -70):
        case = building(operator, None)
        go(case, "complete", consultant, on=day(complete), reason="Post")
        go(case, "grant", consultant, reason="Post")
    rows = table(as_consultant, "cases:export_building")
    assert len(rows) == 13
    assert rows[-1][1:] == (2, 1, 50, 55)
    assert table(as_consultant, "cases:export_building", asked="?slags=simple")[-1][1] == 0
    assert reverse("cases:export_building") in as_consultant.get(reverse("cases:building")).content.decode()


def test_a_firms_own_cases_in_its_own_words(operator, sign_in) -> None:
    firm = OrganisationFactory(operator=operator)
    opened(operator, organisation=firm)
    opened(operator, title="En andens", organisation=OrganisationFactory(operator=operator))
    client = sign_in(firm_user(firm))
    headings, row = table(client, "cases:export_own")
    assert headings[3] == "Hvor langt"
    assert row[1:4] == (firm.name, "Nyt bryggeri", "Vi har fået jeres ansøgning")
    assert reverse("cases:export_own") in client.get(reverse("cases:own_cases")).content.decode()


def test_the_list_of_cases_is_what_the_filters_show(operator, as_consultant) -> None:
    opened(operator, title="Vaskehal")
    opened(operator, title="Bryghus", organisation=OrganisationFactory(operator=operator))
    assert [row[2] for row in table(as_consultant, "cases:export", asked="?q=vaskehal")] == [
        "Titel",
        "Vaskehal",
    ]


@pytest.mark.parametrize("title", ["Bud på [UDB]: hvad/hvem?", "*" * 40])
def test_a_sheet_is_named_after_anything(title: str) -> None:
    sheet = load_workbook(io.BytesIO(workbook(title, ["Tid"], [[timezone.now()]]))).active
    assert len(sheet.title) <= 31
    assert abs(sheet["A2"].value - timezone.localtime().replace(tzinfo=None)).total_seconds() < 60


def test_no_tender_without_its_text(operator, consultant) -> None:
    """What is published always has a version: the export and the page read it."""
    made.published(operator, consultant)
    assert not Tender.objects.filter(published_at__isnull=False, versions=None).exists()
