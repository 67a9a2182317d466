# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A list in its own order, narrowed to what a search found, whichever way that is found soonest."""

from __future__ import annotations

import pytest

from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.register.models import Organisation
from tests.factories import OperatorFactory, OrganisationFactory

KIND = "organisation"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brobygger.base.search.finding.MOST_RANKED", 2)


@pytest.fixture
def farms(operator: Operator) -> list[str]:
    """Names of six farms, in order. A smithy stands between each, and a neighbouring office has a farm, too."""
    for number in range(6):
        for name in (f"Smedje {number}", f"Gård {number}"):
            OrganisationFactory(operator=operator, name=name, city="Lejre" if number % 2 else "Hvalsø")
    OrganisationFactory(operator=OperatorFactory(), name="Gård hos naboen")
    search.reindex(KIND)
    return [f"Gård {number}" for number in range(6)]


def asked(operator: Operator, words: str, **fields: object) -> search.Narrowed:
    rows = Organisation.objects.filter(operator=operator, **fields).order_by("name", "pk")
    scopes = [str(operator.pk)]
    return search.Narrowed(rows, KIND, search.find_all(KIND, words, scopes=scopes), scopes=scopes)


def names(keys: list[int]) -> list[str]:
    known = Organisation.objects.in_bulk(keys)
    return [known[key].name for key in keys]


@pytest.mark.parametrize(
    ("met", "walked", "along"),
    [
        (500, (500, 2_000), True),
        (6, (500, 2_000), True),
        (6, (2, 12), True),
        (6, (2, 5), True),
        (6, (1, 2), True),
        (6, (500, 2_000), False),
        (4, (500, 2_000), True),
    ],
)
def test_the_same_rows_in_the_same_order_however_they_are_looked_for(
    operator: Operator,
    farms: list[str],
    monkeypatch: pytest.MonkeyPatch,
    met: int,
    walked: tuple[int, int],
    along: bool,
) -> None:
    monkeypatch.setattr("brobygger.base.search.narrowed.MOST_MET", met)
    monkeypatch.setattr("brobygger.base.search.narrowed.FIRST_WALKED", walked[0])
    monkeypatch.setattr("brobygger.base.search.narrowed.MOST_WALKED", walked[1])
    found = asked(operator, "gård")
    found.along = along
    assert found.found.more
    assert names(found.keys(0, 2)) == farms[:2]
    assert names(found.keys(2, 6)) == farms[2:]
    assert found.count == min(met, 6)
    assert found.most == met
    assert set(names(list(found.every.values_list("pk", flat=True)))) == set(farms)


def test_what_filters_leave_is_counted_by_itself(operator: Operator, farms: list[str]) -> None:
    found = asked(operator, "gård", city="Lejre")
    assert (found.count, names(found.keys(0, 25))) == (3, farms[1::2])
    nothing = asked(operator, "gård", city="Ribe")
    assert (nothing.count, nothing.keys(0, 25)) == (0, [])


def test_a_list_with_nothing_in_it_is_not_asked(operator: Operator, farms: list[str]) -> None:
    rows = Organisation.objects.none().order_by("name")
    scopes = [str(operator.pk)]
    found = search.find_all(KIND, "gård", scopes=scopes)
    assert list(search.Pages(search.Narrowed(rows, KIND, found, scopes=scopes), 2).get_page(1)) == []


def test_few_hits_and_records_with_some_of_the_words(operator: Operator, farms: list[str]) -> None:
    search.index(KIND, [OrganisationFactory(operator=operator, name="Askov Fyrtårn")])
    few = asked(operator, "fyrtårn")
    assert not few.found.more
    assert (few.count, names(few.keys(0, 25))) == (1, ["Askov Fyrtårn"])
    some = asked(operator, "gård hejsa")
    assert some.found.some_words
    assert (some.count, names(some.keys(0, 25))) == (6, farms)


def test_pages_are_turned_no_further_than_is_counted(
    operator: Operator, farms: list[str], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    pages = search.Pages(asked(operator, "gård"), 4)
    assert names(list(pages.get_page(None))) == farms[:4]
    assert names(list(pages.get_page(9))) == farms[4:]
    assert (pages.count, pages.num_pages, pages.most) == (6, 2, 500)
    monkeypatch.setattr("brobygger.base.search.narrowed.MOST_MET", 3)
    for queries in (2, 1):  # that there are so many is remembered
        pages = search.Pages(asked(operator, "gård"), 2)
        with django_assert_num_queries(queries):
            keys = list(pages.get_page(1))
        assert names(keys) == farms[:2]
    assert names(list(pages.get_page(9))) == farms[2:3]
    assert pages.num_pages == 2


def test_a_walk_that_does_not_meet_enough_is_given_up(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    for number in range(6):
        for name in ("Askov", "Ørsted"):
            OrganisationFactory(operator=operator, name=f"{name} {number}")
    search.reindex(KIND)
    monkeypatch.setattr("brobygger.base.search.narrowed.MOST_MET", 3)
    monkeypatch.setattr("brobygger.base.search.narrowed.FIRST_WALKED", 2)
    monkeypatch.setattr("brobygger.base.search.narrowed.MOST_WALKED", 4)
    found = asked(operator, "ørsted")
    assert found.count == 3
    with django_assert_num_queries(2):  # the first two rows, then all hits
        keys = found.keys(0, 2)
    assert names(keys) == ["Ørsted 0", "Ørsted 1"]
    found = asked(operator, "askov")
    assert found.count == 3
    with django_assert_num_queries(1):
        keys = found.keys(0, 2)
    assert names(keys) == ["Askov 0", "Askov 1"]
