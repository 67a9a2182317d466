# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Questions whose SQL is written once: the same answers as Django's own, for whoever asks."""

from __future__ import annotations

import gc
import threading
import weakref
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Q, QuerySet
from django.utils import timezone

from brobygger.accounts.models import Membership, Operator, Role, User
from brobygger.base.prepared import padded, prepared
from brobygger.market.models import Listing
from brobygger.register.models import Organisation
from tests.factories import (
    ListingFactory,
    OperatorFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@prepared
def by_name(operator: Any, name: Any, *, most: int = 5) -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(Q(operator=operator), name=name)
    return rows.select_related("operator").prefetch_related("tags").order_by("pk")[:most]


@prepared
def seen_by(user: Any) -> QuerySet[Listing]:
    return Listing.objects.visible_to(user).order_by("pk")


@prepared
def with_keys(*keys: Any) -> QuerySet[Any]:
    return Listing.objects.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)


@prepared
def newer_than(moment: Any) -> QuerySet[Listing]:
    return Listing.objects.filter(created_at__gt=moment)


def test_the_values_of_one_asking_do_not_stay_in_the_next(operator: Operator) -> None:
    first = OrganisationFactory(operator=operator, name="Bryggeriet")
    second = OrganisationFactory(operator=OperatorFactory(), name="Bageriet")
    assert by_name(operator.pk, "Bryggeriet") == [first]
    assert by_name(second.operator_id, "Bageriet") == [second]
    assert by_name(operator.pk, "Bageriet") == []
    assert by_name(operator.pk, "Bryggeriet")[0].operator == operator


def test_named_arguments_are_part_of_the_question(operator: Operator) -> None:
    OrganisationFactory.create_batch(3, operator=operator, name="Ens")
    assert [len(by_name(operator.pk, "Ens", most=most)) for most in (1, 2, 5)] == [1, 2, 3]


def test_a_rule_of_visibility_answers_as_it_does_itself(operator: Operator) -> None:
    """Every role, two offices at once, somebody with none, and somebody switched off, in turn on the same questions."""
    other = OperatorFactory()
    for owner in (operator, other):
        firm = OrganisationFactory(operator=owner)
        for visibility in Listing.Visibility.values:
            ListingFactory(operator=owner, organisation=firm, visibility=visibility)
    people = [UserFactory(), UserFactory(is_active=False)]
    for roles in ([(operator, Role.CONSULTANT)], [(other, Role.HEAD)], [(operator, Role.FIRM)],
                  [(operator, Role.CONSULTANT), (other, Role.FIRM)], [(operator, Role.HEAD), (other, Role.HEAD)]):  # fmt: skip
        person = UserFactory()
        for where, role in roles:
            Membership.objects.create(user=person, operator=where, role=role)
        people.append(person)
    told = {}
    for person in [*people, *reversed(people)]:
        fresh = User.objects.get(pk=person.pk)
        mine = seen_by(fresh)
        assert mine == list(Listing.objects.visible_to(fresh).order_by("pk"))
        told[person.pk] = len(mine)
    assert len(set(told.values())) > 2  # they do see different things


def test_keys_of_records_are_adapted_to_the_database(operator: Operator) -> None:
    listings = ListingFactory.create_batch(
        3, operator=operator, organisation=OrganisationFactory(operator=operator)
    )
    keys = [listing.pk for listing in listings]
    assert with_keys(*padded(keys)) == sorted(keys, key=lambda key: key.bytes)
    assert newer_than(timezone.now() - timedelta(hours=1)) != []
    assert newer_than(timezone.now() + timedelta(hours=1)) == []


@pytest.mark.parametrize(("keys", "length"), [([], 0), ([1], 1), ([1, 2], 2), ([1, 2, 3], 4), (range(9), 16)])
def test_keys_are_padded_with_their_own(keys: Any, length: int) -> None:
    found = padded(keys)
    assert len(found) == length
    assert set(found) == set(keys)


@pytest.mark.parametrize("key", [2**63, -(2**70)])
def test_nothing_has_a_number_larger_than_the_database_holds(key: int) -> None:
    assert by_name(key, "x") == []


def test_a_moment_in_the_question_itself_is_refused() -> None:
    @prepared
    def frozen() -> QuerySet[Listing]:
        return Listing.objects.filter(created_at__gt=timezone.now())

    with pytest.raises(TypeError, match="a moment"):
        frozen()


@pytest.mark.parametrize("value", [[1, 2], (1,), {1}])
def test_a_list_cannot_be_given(value: Any) -> None:
    with pytest.raises(TypeError, match="list"):
        by_name(value, "x")


def test_a_record_cannot_be_given(operator: Operator) -> None:
    with pytest.raises(TypeError, match="key"):
        by_name(operator, "x")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection(operator: Operator) -> None:
    OrganisationFactory(operator=operator, name="Fælles")
    by_name(operator.pk, "Fælles")
    found: list[int] = []

    def ask() -> None:
        try:
            found.extend(len(by_name(operator.pk, "Fælles")) for _ in range(20))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 80


@pytest.mark.django_db(transaction=True)
def test_what_was_worked_out_for_a_connection_goes_with_it(operator: Operator) -> None:
    gone: list[Any] = []

    @prepared
    def written_here(operator: Any) -> Any:
        return Organisation.objects.filter(operator=operator)

    def ask() -> None:
        try:
            written_here(operator.pk)
            gone.append(weakref.ref(connections["default"]))
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    del thread
    gc.collect()
    assert gone[0]() is None
