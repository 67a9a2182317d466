# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Long lists are counted no further than somebody turns pages, and not again and again."""

import pytest

from brobygger.base.paging import counted
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
