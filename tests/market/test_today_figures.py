# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The year's figures on the worklist are added up once, and again when something they rest on has changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.market.models import Agreement, Delivery
from brobygger.market.queries.worklist import asking_for, best_new, year_so_far
from tests.factories import AgreementFactory, DeliveryFactory, SuggestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    day = timezone.localdate().replace(month=1, day=1)
    return DeliveryFactory(agreement=AgreementFactory(agreed_on=day, starts_on=day), on=day)


def office_of(delivery: Delivery) -> Operator:
    return delivery.agreement.match.operator


def test_the_same_figures_are_not_added_up_twice(
    delivery: Delivery, django_assert_max_num_queries: CaptureQueriesContext
) -> None:
    first = year_so_far(office_of(delivery), timezone.localdate())
    with django_assert_max_num_queries(3) as asked:
        assert year_so_far(office_of(delivery), timezone.localdate()) == first
    assert not any("SUM" in question["sql"] for question in asked.captured_queries)


def test_a_new_delivery_is_counted_at_once(delivery: Delivery) -> None:
    before = year_so_far(office_of(delivery), timezone.localdate())
    DeliveryFactory(agreement=delivery.agreement, on=delivery.on, tonnes=Decimal(3))
    after = year_so_far(office_of(delivery), timezone.localdate())
    assert after.moved.deliveries == before.moved.deliveries + 1
    assert after.moved.tonnes == before.moved.tonnes + 3


def test_a_corrected_price_and_a_deleted_delivery_change_the_figures(delivery: Delivery) -> None:
    office, today = office_of(delivery), timezone.localdate()
    year_so_far(office, today)
    agreement = Agreement.objects.get(pk=delivery.agreement_id)
    agreement.price = Decimal(100)
    agreement.save()
    assert year_so_far(office, today).moved.dkk == 100 * delivery.quantity
    delivery.delete()
    assert year_so_far(office, today).moved.deliveries == 0


def test_one_office_never_sees_the_figures_of_another(delivery: Delivery) -> None:
    year_so_far(office_of(delivery), timezone.localdate())
    other = Operator.objects.create(name="Nabo", slug="nabo")
    assert year_so_far(other, timezone.localdate()).moved.deliveries == 0


def test_firms_that_said_they_are_interested_come_oldest_answer_first(operator: Operator) -> None:
    now = timezone.now()
    have = SuggestionFactory(have__organisation__operator=operator).have
    late = SuggestionFactory(have=have, giver_interested_at=now)
    early = SuggestionFactory(have=have, taker_interested_at=now - timezone.timedelta(days=2))
    between = SuggestionFactory(
        have=have, giver_interested_at=now - timezone.timedelta(days=1), taker_interested_at=now
    )
    assert asking_for(operator) == [early.pk, between.pk, late.pk]
    assert len(best_new(operator, timezone.localdate())) == 4
