# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is paid keeps within what was decided: the decision's event fixes the amount, and only a new decision changes it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, User
from brobygger.cases.errors import BadValues, NotReady, OutOfOrder
from brobygger.cases.models import Case, CaseEvent, CasePayment
from brobygger.cases.services import contents
from brobygger.cases.services.correcting import redate, take_back
from brobygger.cases.tasks import remind
from brobygger.guidance.models import Aid
from brobygger.register.models import Organisation
from tests.cases.made import day, fresh
from tests.cases.test_delivered_types import file_of, go, grant, granted, read, sent
from tests.factories import OrganisationFactory

WHY = "Puljen blev større"


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, email="firma@example.invalid")


@pytest.fixture
def case(operator: Operator, firm: Organisation, consultant: User) -> Case:
    """Granted 400,000 of 500,000 applied for."""
    return granted(sent(grant(operator, firm), consultant), consultant, 400_000)


def pay(case: Case, amount: int, user: User) -> CasePayment:
    return contents.pay(case, Decimal(amount), on=day(), text="Rate", user=user)


def back(case: Case, way: str, user: User) -> Case:
    event = CaseEvent.objects.filter(case=case, kind="moved", name=way).latest("pk")
    return take_back(fresh(case), event, reason="Fejl", user=user, expected=fresh(case).version)


def test_the_decisions_event_holds_the_amount(case: Case, as_consultant: Client) -> None:
    assert CaseEvent.objects.get(case=case, name="grant").data["amount"] == "400000.00"
    assert (fresh(case).granted.amount, fresh(case).granted.on) == (400_000, day())
    assert "Bevilget beløb: 400.000 kr." in as_consultant.get(case.get_absolute_url()).content.decode()


def test_nobody_raises_the_amount_after_the_decision(case: Case, consultant: User, head: User) -> None:
    for person in (consultant, head, None):
        with pytest.raises(BadValues, match="Ordningen ændrer beløbet"):
            contents.fill_in(case, {"granted_amount": 500_000}, user=person, expected=None)
    contents.fill_in(
        case, {"granted_amount": 400_000, "report_before": day(9)}, user=consultant, expected=None
    )
    with pytest.raises(BadValues, match="end der er bevilget"):
        pay(case, 400_001, consultant)


def test_a_direct_request_raises_nothing(case: Case, as_consultant: Client) -> None:
    address = f"/sager/{case.pk}/oplysninger/"
    form: Any = as_consultant.get(address).context["form"]
    assert form.fields["granted_amount"].disabled
    typed = {"granted_amount": "500.000", "grantor": "Prøvepuljen", "opened_version": fresh(case).version}
    as_consultant.post(address, typed)
    assert fresh(case).value("granted_amount") == "400000.00"
    page = as_consultant.post(
        f"/sager/{case.pk}/udbetaling/", {"amount": "400.001", "on": day().isoformat(), "text": ""}
    )
    assert "400.000 kr., hvoraf 0 kr. er udbetalt" in page.content.decode()
    assert not CasePayment.objects.exists()


def test_even_a_value_that_was_written_past_the_services_pays_nothing_more(
    case: Case, consultant: User
) -> None:
    Case.objects.filter(pk=case.pk).update(
        values=case.values | {"granted_amount": "900000.00"}, amount=900_000
    )
    with pytest.raises(BadValues):
        pay(case, 400_001, consultant)
    pay(case, 400_000, consultant)
    assert fresh(case).amount == 400_000


def test_nothing_is_paid_before_the_decision_nor_after_a_refusal(
    operator, firm, consultant, as_consultant
) -> None:
    case = sent(grant(operator, firm), consultant)
    contents.fill_in(fresh(case), {"granted_amount": 400_000}, user=consultant, expected=None)
    with pytest.raises(BadValues, match="ikke bevilget noget endnu"):
        pay(case, 1, consultant)
    assert as_consultant.get(f"/sager/{case.pk}/udbetaling/").status_code == 404


def test_a_new_decision_changes_the_amount_and_the_aid(case: Case, consultant: User) -> None:
    pay(case, 300_000, consultant)
    go(case, "change", consultant, reason=WHY)
    contents.fill_in(fresh(case), {"granted_amount": 450_000}, user=consultant, expected=None)
    assert (fresh(case).amount, fresh(case).outcome) == (400_000, "granted"), (
        "the first decision stands until the next"
    )
    with pytest.raises(BadValues):
        pay(case, 150_000, consultant)
    go(case, "grant", consultant, reason=WHY)
    pay(case, 150_000, consultant)
    assert (fresh(case).amount, Aid.objects.get().amount_dkk) == (450_000, 450_000)
    assert Aid.objects.get().history.count() == 2
    assert read("cases.support_granted", case.operator).value == 450_000
    assert "Den er nu 450.000 kr. i alt." in CaseEvent.objects.filter(kind="letter").latest("pk").text


def test_a_new_decision_asks_for_all_that_the_first_did(case: Case, consultant: User) -> None:
    pay(case, 300_000, consultant)
    go(case, "change", consultant, reason=WHY)
    for amount, told in ((500_001, "kan ikke være større"), (299_999, "allerede udbetalt 300.000 kr.")):
        contents.fill_in(fresh(case), {"granted_amount": amount}, user=consultant, expected=None)
        with pytest.raises(NotReady, match=told):
            go(case, "grant", consultant)
    with pytest.raises(NotReady, match="allerede udbetalt"):
        go(case, "refuse", consultant, reason="Trukket tilbage")


def test_the_ceiling_counts_the_new_amount_alone(operator, firm, consultant) -> None:
    case = granted(sent(grant(operator, firm, 2_200_000), consultant), consultant, 1_500_000)
    go(case, "change", consultant, reason=WHY)
    contents.fill_in(fresh(case), {"granted_amount": 2_200_000}, user=consultant, expected=None)
    go(case, "grant", consultant)
    assert Aid.objects.get().amount_eur == Decimal("294906.17")


def test_what_is_revoked_or_taken_back_is_no_aid(case: Case, consultant: User) -> None:
    go(case, "change", consultant, reason=WHY)
    contents.fill_in(fresh(case), {"granted_amount": 450_000}, user=consultant, expected=None)
    go(case, "grant", consultant)
    back(case, "grant", consultant)
    assert (fresh(case).amount, Aid.objects.get().amount_dkk) == (400_000, 400_000)
    go(case, "refuse", consultant, reason="Projektet blev opgivet")
    assert (fresh(case).granted, fresh(case).outcome) == (None, "refused")
    assert not Aid.objects.exists()


def test_the_aid_stands_on_the_day_that_the_decision_was_put_right_to(case: Case, consultant: User) -> None:
    for event in case.events.filter(kind__in=("opened", "moved")).order_by("pk"):
        redate(
            fresh(case), event, day(-40), reason="Brevets dato", user=consultant, expected=fresh(case).version
        )
    assert (fresh(case).granted.on, Aid.objects.get().granted_on) == (day(-40), day(-40))


def test_a_decision_that_was_paid_on_is_not_taken_back(case: Case, consultant: User) -> None:
    pay(case, 1, consultant)
    with pytest.raises(OutOfOrder, match="udbetalt 1 kr."):
        back(case, "grant", consultant)
    assert fresh(case).stage == "granted"


def test_a_grant_taken_back_and_given_again_is_noted_with_its_own_amount(
    case: Case, consultant: User
) -> None:
    back(case, "grant", consultant)
    assert not Aid.objects.exists()
    with pytest.raises(BadValues, match="ikke bevilget"):
        pay(case, 1, consultant)
    granted(case, consultant, 100_000)
    assert Aid.objects.get().amount_dkk == 100_000


def test_a_backdated_decision_fixes_what_stood_when_it_was_written(operator, firm, consultant) -> None:
    case = sent(grant(operator, firm), consultant)
    values = {"granted_amount": 200_000, "grantor": "Fonden", "aid_rules": "none"}
    contents.fill_in(fresh(case), values, user=consultant, expected=None)
    go(case, "grant", consultant, on=fresh(case).stage_at, reason="Kom med posten")
    assert fresh(case).granted.amount == 200_000


def test_a_decision_written_before_events_held_the_amount_is_read_from_what_changed_since(case: Case) -> None:
    event = CaseEvent.objects.get(case=case, name="grant")
    CaseEvent.objects.filter(pk=event.pk).update(data={"from": "sent", "to": "granted"})
    assert fresh(case).granted.amount == 400_000
    for old, new in (("400000.00", "450000.00"), ("450000.00", "900000.00")):
        CaseEvent.objects.create(case=case, kind="changed", data={"values": {"granted_amount": [old, new]}})
    Case.objects.filter(pk=case.pk).update(values=case.values | {"granted_amount": "900000.00"})
    assert fresh(case).granted.amount == 400_000


def test_a_case_that_is_over_is_not_reminded_of(case: Case, consultant: User) -> None:
    contents.fill_in(fresh(case), {"report_before": day(3)}, user=consultant, expected=None)
    pay(case, 1, consultant)
    go(case, "paid", consultant)
    file_of(case, "report")
    go(case, "report", consultant)
    assert remind(day()) == 0


def test_a_decision_that_is_taken_back_leaves_no_report_to_remind_of(case: Case, consultant: User) -> None:
    contents.fill_in(fresh(case), {"report_before": day(3)}, user=consultant, expected=None)
    assert fresh(case).duties.count() == 1
    back(case, "grant", consultant)
    assert not fresh(case).duties.exists()
    assert remind(day()) == 0
