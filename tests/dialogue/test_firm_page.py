# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the firm's page shows of the dialogue, and to whom."""

from __future__ import annotations

import pytest

from brobygger.accounts.models import Operator, Role, User
from brobygger.dialogue.models import FollowUp
from brobygger.register.models import Organisation
from tests.dialogue.made import day, step, talk
from tests.factories import OrganisationFactory, firm_user, user_as


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator)


def page(client, firm: Organisation) -> str:
    answer = client.get(firm.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_page_says_so_and_offers_to_write(as_consultant, firm: Organisation) -> None:
    shown = page(as_consultant, firm)
    assert f'href="/samtaler/ny/?virksomhed={firm.pk}"' in shown
    assert "Ingen opfølgning er planlagt." in shown


def test_the_next_step_comes_before_the_last_talks(
    as_consultant, firm: Organisation, consultant: User
) -> None:
    talk(firm, consultant, text="Gammel samtale", on=day(-30))
    for number in range(5):
        talk(firm, consultant, text=f"Samtale nr. {number}")
    overdue = step(firm, consultant, about="Ring til ejeren")
    FollowUp.objects.filter(pk=overdue.pk).update(due_on=day(-2))
    talk(OrganisationFactory(operator=firm.operator), consultant, text="Om en helt anden")
    shown = page(as_consultant, firm)
    assert shown.index("Ring til ejeren") < shown.index("Samtale nr. 4") < shown.index("Samtale nr. 0")
    assert "skulle være gjort" in shown
    assert "Gammel samtale" not in shown
    assert f'href="/samtaler/?virksomhed={firm.pk}"' in shown
    assert "Om en helt anden" not in shown


def test_the_firm_reads_only_what_is_shared_with_it(firm: Organisation, consultant: User, sign_in) -> None:
    talk(firm, consultant, text="Intern vurdering", private=True)
    step(firm, consultant, about="Pres dem på prisen")
    own = sign_in(firm_user(firm))
    assert "samtaler" not in page(own, firm)
    talk(firm, consultant, text="Tak for besøget", private=False)
    shown = page(own, firm)
    assert "Tak for besøget" in shown
    for secret in ("Intern vurdering", "Pres dem", "Skriv notat", "Planlæg opfølgning"):
        assert secret not in shown


def test_an_administrator_sees_the_firm_without_its_talks(
    firm: Organisation, consultant: User, sign_in
) -> None:
    talk(firm, consultant, text="Intern vurdering")
    assert "Intern vurdering" not in page(sign_in(user_as(Role.ADMIN, firm.operator)), firm)
