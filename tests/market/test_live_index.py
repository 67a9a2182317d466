# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The live index inside the product: right while several processes write, and what it may not hold it does not hold."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from brobygger.market.models import Listing, Suggestion
from brobygger.market.services.matching import changes as changes_module
from brobygger.market.services.matching import refresh_listing
from brobygger.market.services.matching.changes import Changes, LostTrack
from brobygger.market.services.matching.live import Live, live
from brobygger.market.services.matching.weights import weights_in_use
from tests.base.house import House, a_house, wait_for
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory

WORK = "from tests.market.live_work import *\n"


@pytest.fixture
def index() -> Iterator[Live]:
    live.forget()
    yield live
    live.forget()


def have(operator, **fields):
    organisation = OrganisationFactory(operator=operator, x=687_000.0, y=6_170_000.0)
    fields = {"resource_type": "spent_grain", "text": "mask", **fields}
    return ListingFactory(organisation=organisation, side="have", **fields)


def need(operator, **fields):
    organisation = OrganisationFactory(operator=operator, x=690_000.0, y=6_170_000.0)
    fields = {"resource_type": "cattle_feed", "text": "foder", **fields}
    return ListingFactory(organisation=organisation, side="need", **fields)


def found(index, listing):
    promising = index.most_promising(listing, 60, weights_in_use(listing.operator_id))
    return None if promising is None else set(promising.ids)


@pytest.mark.django_db(transaction=True)
def test_what_is_saved_changed_and_taken_away_is_known_at_once(index) -> None:
    office = OperatorFactory()
    grain, feed = have(office), need(office)
    index.build()
    assert found(index, feed) == {grain.pk}
    more = have(office)
    assert found(index, feed) == {grain.pk, more.pk}
    grain.status = "paused"
    grain.save()
    assert found(index, feed) == {more.pk}
    more.resource_type = "bricks_whole_unheard_of"
    more.text = "mursten"
    more.save()
    assert found(index, feed) == set()
    grain.status = "active"
    grain.save()
    assert found(index, feed) == {grain.pk}
    grain.delete()
    assert found(index, feed) == set()


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_was_never_entered(index) -> None:
    office = OperatorFactory()
    grain, feed = have(office), need(office)
    index.build()
    with transaction.atomic():
        more = have(office)
        grain.status = "withdrawn"
        grain.save()
        assert more.pk in found(index, feed), "seen inside the transaction"
        transaction.set_rollback(True)
    assert found(index, feed) == {grain.pk}


@pytest.mark.django_db(transaction=True)
def test_saving_a_listing_stores_the_same_suggestions_with_the_index_as_without(index) -> None:
    office, neighbour = OperatorFactory(), OperatorFactory()
    for number in range(30):
        have(
            office if number % 3 else neighbour,
            quantity=Decimal(number + 1),
            visibility=("open", "members", "broker")[number % 3],
        )
    feed = need(office)

    def stored():
        refresh_listing(feed)
        rows = Suggestion.objects.filter(kind="pair")
        told = sorted(
            rows.values_list("operator_id", "have_id", "need_id", "score", "have_rank", "need_rank", "state")
        )
        rows.delete()
        return told

    without = stored()
    index.build()
    assert index.built
    assert stored() == without
    assert {row[0] for row in without} == {office.pk, neighbour.pk}


@pytest.mark.django_db(transaction=True)
def test_an_office_is_never_led_to_a_neighbours_confidential_listing_by_its_own(index) -> None:
    office, neighbour = OperatorFactory(), OperatorFactory()
    secret = have(neighbour, visibility="broker")
    index.build()
    assert found(index, need(office, visibility="members")) == set()
    feed = need(office)
    assert found(index, feed) == {secret.pk}, "the neighbour may be told of the open one"
    refresh_listing(feed)
    assert set(Suggestion.objects.values_list("operator_id", flat=True)) == {neighbour.pk}


@pytest.mark.django_db(transaction=True)
def test_a_neighbours_confidential_listings_do_not_take_the_places_of_those_that_may_be_shown(index) -> None:
    office, neighbour = OperatorFactory(), OperatorFactory()
    feed = need(office)
    shown = have(office, x=800_000.0)
    for _ in range(5):
        have(neighbour, visibility="broker")
    index.build()
    promising = index.most_promising(feed, 3, weights_in_use(office.pk))
    assert shown.pk in promising.ids


@pytest.mark.django_db(transaction=True)
def test_an_emptied_or_restored_database_is_noticed(index) -> None:
    office = OperatorFactory()
    have(office)
    feed = need(office)
    index.build()
    Listing.history.all().delete()
    assert found(index, feed) is None, "answered from the database while it is built anew"
    mark = Changes()
    mark._last = (10**8, feed.pk)
    with pytest.raises(LostTrack):
        mark.take()


@pytest.mark.django_db
def test_it_is_not_built_inside_a_transaction(index) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        index.build()
    assert found(index, need(OperatorFactory())) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="elsewhere one transaction writes at a time")
def test_a_change_that_is_committed_after_a_later_one_is_seen(index, monkeypatch) -> None:
    monkeypatch.setattr(changes_module, "PATIENCE", 0.0)
    office = OperatorFactory()
    feed = need(office)
    index.build()
    begun, may_end, early = threading.Event(), threading.Event(), []

    def slowly():
        with transaction.atomic():
            early.append(have(office))
            begun.set()
            may_end.wait(30)
        connection.close()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert begun.wait(30)
    late = have(office)
    assert found(index, feed) == {late.pk}
    assert found(index, feed) == {late.pk}, "and the number that was skipped is not given up"
    index_begun_meanwhile = Live()
    index_begun_meanwhile.build()
    may_end.set()
    writer.join()
    for looking in (index, index_begun_meanwhile):
        assert {late.pk, early[0].pk} <= found(looking, feed)
        have(office)

        def nothing_is_asked_for_for_ever(looking=looking) -> bool:
            found(looking, feed)
            return not looking._changes._skipped

        # The server counts the transactions of all its databases, and tests run in another one meanwhile.
        wait_for(nothing_is_asked_for_for_ever, seconds=300)


@pytest.fixture
def house(tmp_path: Path, db: None) -> Iterator[House]:
    with a_house(tmp_path) as built:
        built.ask(WORK + "furnish()")
        yield built


@pytest.mark.slow
def test_the_index_is_right_while_several_processes_write(house: House) -> None:
    watcher = house.begin(WORK + "print(watch(12))")
    writers = [house.begin(WORK + f"write({seed}, 25)") for seed in (11, 12)]
    for process in (*writers, watcher):
        assert process.wait() == 0, process.said()
    assert int(watcher.said()) > 20, "the watcher compared while the others wrote"


@pytest.mark.slow
def test_after_a_crash_the_index_is_built_anew_and_holds_only_what_was_committed(house: House) -> None:
    before = house.ask("from brobygger.market.models import Listing\nprint(Listing.objects.count())")
    assert house.begin(WORK + "die_in_the_middle()").wait() == -9
    after = house.ask(
        WORK + "live.build(); count = compare(live); assert count > 10, count; print(Listing.objects.count())"
    )
    assert after == before
