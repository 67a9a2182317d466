# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Several people at the same moment: the ceiling holds, a referral is sent once, an answer is given once."""

from __future__ import annotations

import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brobygger.accounts.models import Operator, User
from brobygger.base.versions import EditedMeanwhile
from brobygger.guidance.errors import OverCeiling
from brobygger.guidance.models import Aid, Referral
from brobygger.guidance.services.answers import Answer, answer
from brobygger.guidance.services.referrals import send
from tests.factories import OrganisationFactory
from tests.guidance.made import aid, partner, wish
from tests.market.at_once import at_once


@pytest.mark.django_db(transaction=True)
def test_of_four_grants_at_once_only_one_finds_room(
    tmp_path: Path, operator: Operator, consultant: User
) -> None:
    firm = OrganisationFactory(operator=operator)
    grant = [lambda: aid(firm, consultant, amount_eur=Decimal(200_000))] * 4
    faults, kept = at_once(tmp_path, grant, Aid.objects.count)
    assert kept == 1
    assert [type(fault) for fault in faults] == [OverCeiling] * 3


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twice_at_once_refers_once(
    tmp_path: Path, operator: Operator, consultant: User
) -> None:
    firm, bank, key = OrganisationFactory(operator=operator), partner(operator, consultant), uuid.uuid4()
    twice = [
        lambda: send(operator, wish(organisation=firm, partner=bank), user=consultant, entry_key=key)
    ] * 3
    faults, kept = at_once(tmp_path, twice, Referral.objects.count)
    assert faults == []
    assert kept == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_the_second_is_told(
    tmp_path: Path, operator: Operator, consultant: User
) -> None:
    firm, bank = OrganisationFactory(operator=operator), partner(operator, consultant)
    made = send(operator, wish(organisation=firm, partner=bank), user=consultant)

    def say(given: Answer) -> Any:
        return lambda: answer(made, given, user=consultant, expected=1)

    both = [say(Answer("result", "Lån")), say(Answer("not_relevant", why="For små"))]
    faults, version = at_once(
        tmp_path, both, lambda: Referral.objects.values_list("version", flat=True).get()
    )
    assert [type(fault) for fault in faults] == [EditedMeanwhile]
    assert version == 2
