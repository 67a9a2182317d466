# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Long lists are counted no further than somebody turns pages, and not again and again."""

import pytest

from brobygger.base.paging import CountedAlong, CountedShort, counted
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(operator):
    OrganisationFactory.create_batch(3, operator=operator)
    return Organisation.objects.filter(operator=operator).values("pk")


def test_a_short_list_is_counted_each_time(three, django_assert_num_queries):
    assert counted(three, 10) == 3
    Organisation.objects.filter(pk=three[0]["pk"]).delete()
    assert counted(three, 10) == 2


def test_that_a_list_is_long_is_remembered(three, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert counted(three, 2) == 2
    with django_assert_num_queries(0):
        assert counted(three, 2) == 2


def test_another_question_is_counted_by_itself(three, operator):
    assert counted(three, 2) == 2
    assert counted(three.filter(pk=three[0]["pk"]), 2) == 1
    assert counted(three.none(), 2) == 0


def test_the_first_page_and_the_count_take_one_question(operator, django_assert_num_queries):
    keys = sorted(firm.pk for firm in OrganisationFactory.create_batch(5, operator=operator))
    rows = Organisation.objects.filter(operator=operator).order_by("pk").values_list("pk", flat=True)
    with django_assert_num_queries(1):
        page = CountedAlong(rows, 2).get_page(None)
        assert (list(page), page.paginator.count, page.paginator.num_pages) == (keys[:2], 5, 3)
    with django_assert_num_queries(2):
        page = CountedAlong(rows, 2).get_page(3)
        assert (list(page), page.number) == (keys[4:], 3)
    assert list(CountedAlong(rows, 2).get_page(99)) == keys[4:]
    nobody = CountedAlong(rows.filter(name="Findes ikke"), 2).get_page(2)
    assert (list(nobody), nobody.paginator.count) == ([], 0)


@pytest.mark.parametrize("pages", [CountedAlong, CountedShort])
def test_a_search_is_counted_no_further_than_its_list_is_turned(operator, monkeypatch, pages):
    OrganisationFactory.create_batch(5, operator=operator)
    rows = Organisation.objects.filter(operator=operator).order_by("pk").values_list("pk", flat=True)
    monkeypatch.setattr(pages, "most", 4)
    assert pages(rows, 2).get_page(9).number == 2
