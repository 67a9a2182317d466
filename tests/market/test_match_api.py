# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matches and deliveries by API, in the scope of the person who asks."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.market.models import Delivery, Match
from tests.factories import DeliveryFactory, MatchFactory, user_as
from tests.market.line import Line, make_line

API = "/api/v1/match"


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def post(browser: Client, line: Line, **fields: object):
    body = {"on": timezone.localdate().isoformat(), "quantity": "4", "unit": "t"} | fields
    return browser.post(f"{API}/{line.match.pk}/leverancer", body, content_type="application/json")


def test_the_office_reads_its_matches(as_consultant: Client, line: Line) -> None:
    MatchFactory()
    answer = as_consultant.get(API).json()
    assert [row["id"] for row in answer["items"]] == [str(line.match.pk)]
    assert answer["items"][0]["giver"] == "Prøvebryggeriet"
    assert answer["more"] is False


def test_a_firm_reads_its_own_after_the_introduction_and_none_of_the_offices_words(
    line: Line, sign_in
) -> None:
    browser = sign_in(line.brewer())
    assert browser.get(API).json()["items"] == []
    line.at_stage(Match.Stage.FELL_THROUGH, why_not="unwanted", why_not_note="Uvenner")
    answer = browser.get(API)
    assert len(answer.json()["items"]) == 1
    assert "Uvenner" not in answer.content.decode()


def test_pages_follow_each_other_without_gaps(as_consultant: Client, operator: Operator, monkeypatch) -> None:
    monkeypatch.setattr("brobygger.market.api_matches.PAGE", 2)
    made = {str(MatchFactory(have__organisation__operator=operator).pk) for _number in range(5)}
    seen: list[str] = []
    while True:
        answer = as_consultant.get(API, {"after": seen[-1]} if seen else {}).json()
        seen += [row["id"] for row in answer["items"]]
        if not answer["more"]:
            break
    assert len(seen) == 5
    assert set(seen) == made


def test_a_party_reports_a_delivery(line: Line, sign_in) -> None:
    line.agreed()
    answer = post(sign_in(line.brewer()), line)
    assert (answer.status_code, answer.json()["tonnes"]) == (201, "4.000")
    assert line.fresh().stage == Match.Stage.RUNNING


def test_the_same_delivery_again_is_a_conflict_unless_it_is_meant(line: Line, sign_in) -> None:
    line.agreed()
    browser = sign_in(line.brewer())
    post(browser, line)
    assert post(browser, line).status_code == 409
    assert post(browser, line, again=True).status_code == 201


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": "-1"},
        {"quantity": "NaN"},
        {"quantity": "1e99"},
        {"unit": "skæpper"},
        {"on": "2999-01-01"},
        {"on": "i dag"},
        {"note": "x" * 10_000},
    ],
)
def test_a_faulty_delivery_is_refused(line: Line, sign_in, fields: dict[str, object]) -> None:
    line.agreed()
    assert post(sign_in(line.brewer()), line, **fields).status_code == 422
    assert not Delivery.objects.exists()


def test_a_match_without_an_agreement_takes_no_delivery(line: Line, sign_in) -> None:
    line.at_stage(Match.Stage.INTRODUCED)
    assert post(sign_in(line.brewer()), line).status_code == 422


def test_strangers_find_nothing(line: Line, sign_in, client: Client) -> None:
    DeliveryFactory(agreement=line.agreed())
    stranger = sign_in(user_as(Role.CONSULTANT))
    for address in (f"{API}/{line.match.pk}", f"{API}/{line.match.pk}/leverancer"):
        assert stranger.get(address).status_code == 404
        assert client.get(address).status_code == 401
    assert post(stranger, line).status_code == 404
    assert Delivery.objects.count() == 1


def test_the_deliveries_are_read_newest_first(line: Line, as_consultant: Client) -> None:
    agreement = line.agreed()
    DeliveryFactory(agreement=agreement, quantity=3)
    assert as_consultant.get(f"{API}/{line.match.pk}/leverancer").json()[0]["quantity"] == "3.000"
