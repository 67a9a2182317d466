# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Payments and notes are written once, and put right with a trace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Operator, User
from brobygger.base import indicators
from brobygger.base.indicators import Period
from brobygger.cases.errors import BadValues, NeedsReason, NotYours, OutOfOrder
from brobygger.cases.lending import services as lending
from brobygger.cases.lending.correcting import correct_repayment
from brobygger.cases.lending.models import Loan
from brobygger.cases.models import Case, CaseEvent, CasePayment
from brobygger.cases.queries.figures import payments as paid_out
from brobygger.cases.services import contents, correcting
from tests.cases.lending import made as loan_made
from tests.cases.made import day, fresh
from tests.cases.test_archive import a_grant
from tests.factories import OrganisationFactory, firm_user
from tests.market.at_once import at_once

WRONG = "Forkert beløb"


@pytest.fixture
def case(operator: Operator, consultant: User) -> Case:
    """400.000,50 granted, 1.234,56 paid."""
    return a_grant(operator, consultant)


@pytest.fixture
def paid(case: Case) -> CasePayment:
    return CasePayment.objects.get()


def take_back(case: Case, event: CaseEvent, user: User, reason: str = WRONG) -> Case:
    return correcting.take_back(case, event, reason=reason, user=user, expected=fresh(case).version)


def correct(case: Case, event: CaseEvent, amount: str, user: User, **more) -> CasePayment:
    wanted = {"on": day(), "text": "Rate", "reason": WRONG, "expected": fresh(case).version, **more}
    return correcting.correct_payment(case, event, Decimal(amount), user=user, **wanted)


def test_a_form_posted_twice_is_one_payment(case, as_consultant: Client) -> None:
    typed = {
        "amount": "1.000,50",
        "on": day().isoformat(),
        "text": "Anden rate",
        "entry_key": str(uuid.uuid4()),
    }
    for _press in range(2):
        page = as_consultant.post(reverse("cases:pay", args=[case.pk]), typed, follow=True)
        assert "Udbetalingen er noteret." in page.content.decode()
    assert fresh(case).paid == Decimal("2235.06")
    as_consultant.post(reverse("cases:pay", args=[case.pk]), {**typed, "entry_key": str(uuid.uuid4())})
    assert CasePayment.objects.count() == 3


def test_the_page_brings_the_key(case, as_consultant: Client) -> None:
    page = as_consultant.get(reverse("cases:pay", args=[case.pk])).content.decode()
    assert 'name="entry_key" value="' in page
    assert 'name="entry_key" value="' in as_consultant.get(case.get_absolute_url()).content.decode()


def test_a_payment_that_was_taken_back_counts_nowhere(case, paid, consultant, as_consultant) -> None:
    take_back(case, paid.event, consultant)
    assert fresh(case).paid == 0
    assert not CasePayment.objects.exists()
    assert not paid_out(case.operator, day(-400), day(1)).exists()
    page = as_consultant.get(case.get_absolute_url()).content.decode()
    assert "Taget tilbage: »Udbetalt 1.234,56 kr.«" in page
    assert WRONG in page
    assert CaseEvent.objects.get(kind="voided").data["payment"] == {
        "on": day().isoformat(), "amount": "1234.56", "text": "Første rate",
    }  # fmt: skip


def test_after_it_was_taken_back_the_gates_no_longer_count_it(case, paid, consultant) -> None:
    with pytest.raises(BadValues):
        contents.pay(case, Decimal("400000.50"), on=day(), text="Alt", user=consultant)
    take_back(case, paid.event, consultant)
    contents.pay(case, Decimal("400000.50"), on=day(), text="Alt", user=consultant)
    assert fresh(case).paid == fresh(case).granted.amount


def test_the_same_form_after_its_payment_was_taken_back_writes_nothing(case, consultant) -> None:
    key = uuid.uuid4()
    wanted = {"on": day(), "text": "", "user": consultant, "entry_key": key}
    made = contents.pay(case, Decimal(10), **wanted)
    take_back(case, made.event, consultant)
    with pytest.raises(OutOfOrder):
        contents.pay(case, Decimal(10), **wanted)


def test_a_payment_is_corrected_with_a_reason(case, paid, consultant, as_consultant) -> None:
    with pytest.raises(NeedsReason):
        correct(case, paid.event, "2000", consultant, reason=" ")
    correct(case, paid.event, "2000.75", consultant, on=day(), text="Første rate")
    assert fresh(case).paid == Decimal("2000.75")
    page = as_consultant.get(case.get_absolute_url()).content.decode()
    assert "Udbetalt 2.000,75 kr." in page
    assert "Kan udbetales endnu</dt><dd>397.999,75 kr." in page
    assert "Taget tilbage: »Udbetalt 1.234,56 kr.«" in page


def test_a_correction_keeps_within_what_is_granted_and_leaves_the_first_where_it_does_not(
    case, paid, consultant
) -> None:
    with pytest.raises(BadValues, match="400.000,50"):
        correct(case, paid.event, "400000.51", consultant)
    assert CasePayment.objects.get() == paid
    assert not CaseEvent.objects.filter(kind="voided").exists()


def test_a_payment_is_not_taken_back_twice(case, paid, consultant) -> None:
    event = paid.event
    take_back(case, event, consultant)
    with pytest.raises(OutOfOrder):
        take_back(case, event, consultant)
    with pytest.raises(OutOfOrder):
        correct(case, event, "5", consultant)


def test_the_applicant_puts_no_payment_right(case, paid) -> None:
    applicant = firm_user(case.organisation)
    with pytest.raises(NotYours):
        take_back(case, paid.event, applicant)
    with pytest.raises(NotYours):
        correct(case, paid.event, "5", applicant)


def test_the_applicant_reads_what_is_paid_and_no_longer_what_is_not(case, paid, consultant, sign_in) -> None:
    client = sign_in(firm_user(case.organisation))
    address = reverse("cases:own_case", args=[case.pk])
    assert "Udbetalt 1.234,56 kr." in client.get(address).content.decode()
    correct(case, paid.event, "99", consultant)
    page = client.get(address).content.decode()
    assert "Udbetalt 99 kr." in page
    assert "1.234,56" not in page


def test_a_payment_is_corrected_on_its_page(case, paid, as_consultant) -> None:
    address = reverse("cases:correct_payment", args=[case.pk, paid.event_id])
    assert "1.234,56" in as_consultant.get(address).content.decode()
    typed = {
        "amount": "50,25", "on": day().isoformat(), "text": "Rate", "reason": WRONG,
        "opened_version": fresh(case).version,
    }  # fmt: skip
    assert as_consultant.post(address, {**typed, "opened_version": 1}).status_code == 409
    as_consultant.post(address, typed)
    assert CasePayment.objects.get().amount == Decimal("50.25")


def test_a_note_is_saved_once_and_corrected_with_a_trace(case, consultant, as_consultant) -> None:
    typed = {"text": "Ring til banken", "entry_key": str(uuid.uuid4())}
    for _press in range(2):
        as_consultant.post(reverse("cases:note", args=[case.pk]), typed)
    note = CaseEvent.objects.get(kind="note")
    as_consultant.post(reverse("cases:correct_note", args=[case.pk, note.pk]), {"text": "Ring til revisor"})
    standing = [row for row in fresh(case).timeline if row.kind == "note"]
    assert [row.text for row in standing] == ["Ring til revisor"]
    assert standing[0].at == note.at
    page = as_consultant.get(case.get_absolute_url()).content.decode()
    assert "Ring til banken" in page  # the first can still be read
    assert "taget tilbage" in page


def test_a_note_is_taken_back_with_a_reason(case, consultant) -> None:
    note = contents.note(case, "Hører til en anden sag", user=consultant)
    with pytest.raises(NeedsReason):
        take_back(case, note, consultant, reason="")
    take_back(case, note, consultant, reason="Forkert sag")
    assert not [row for row in fresh(case).timeline if row.kind == "note"]
    with pytest.raises(OutOfOrder):
        correcting.correct_note(case, note, "Nyt", user=consultant)


def test_only_notes_are_reworded(case, paid, consultant) -> None:
    with pytest.raises(OutOfOrder):
        correcting.correct_note(case, paid.event, "Nyt", user=consultant)
    stranger = firm_user(OrganisationFactory(operator=case.operator))
    note = contents.note(case, "Internt", user=consultant)
    with pytest.raises(NotYours):
        correcting.correct_note(case, note, "Nyt", user=stranger)


def test_the_indicator_of_what_is_paid_follows(case, paid, consultant) -> None:
    assert total(case) == Decimal("1234.56")
    correct(case, paid.event, "1000.25", consultant)
    assert total(case) == Decimal("1000.25")


def total(case: Case) -> Decimal | None:
    return indicators.read("cases.support_paid", Period(day(-1), day()), case.operator, {}).value


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_is_one_payment(tmp_path: Path, operator, consultant) -> None:
    case, key = a_grant(operator, consultant), uuid.uuid4()

    def press() -> None:
        contents.pay(case, Decimal("100.50"), on=day(), text="", user=consultant, entry_key=key)

    faults, paid = at_once(tmp_path, [press, press], lambda: fresh(case).paid)
    assert (faults, paid) == ([], Decimal("1335.06"))


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_payment_back_at_once_do_it_once(tmp_path: Path, operator, consultant) -> None:
    case = a_grant(operator, consultant)
    event, expected = CasePayment.objects.get().event, fresh(case).version

    def press() -> None:
        correcting.take_back(case, event, reason=WRONG, user=consultant, expected=expected)

    faults, paid = at_once(tmp_path, [press, press], lambda: fresh(case).paid)
    assert len(faults) == 1
    assert paid == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_a_repayment_at_once_are_told(tmp_path: Path, operator, consultant) -> None:
    story, loan = loan_made.running(operator, consultant, on=day(-200))
    repaid = lending.repay(loan, on=day(-5), amount=Decimal(5000), user=consultant)
    expected = fresh(story.case).version

    def put(amount: int) -> Callable[[], object]:
        return lambda: correct_repayment(
            repaid, on=day(-5), amount=Decimal(amount), reason=WRONG, user=consultant, expected=expected
        )

    faults, owed = at_once(tmp_path, [put(1000), put(2000)], lambda: Loan.objects.get().owed)
    assert len(faults) == 1
    assert owed in (Decimal(299_000), Decimal(298_000))
