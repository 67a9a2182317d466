# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The borrower wishes for one of the office's banks, and the office gives it the role in one press."""

from __future__ import annotations

import pytest
from django.urls import reverse

from brobygger.cases import seats
from brobygger.cases.services import contents
from brobygger.guidance.models import Partner
from tests.cases.lending.made import Story, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(operator, consultant) -> Story:
    found = started(operator, consultant)
    Partner.objects.create(operator=operator, name="Prøvebanken", kind="bank", organisation=found.bank)
    Partner.objects.create(operator=operator, name="Bank uden register", kind="bank")
    Partner.objects.create(operator=operator, name="Lukket Bank", kind="bank", is_current=False)
    Partner.objects.create(operator=operator, name="En revisor", kind="adviser")
    return found


def wish(story: Story, name: str) -> None:
    case = story.fresh()
    contents.fill_in(case, {"bank": name}, user=story.borrower, expected=case.version)


def press(client, story: Story, version: int):
    page = reverse("cases:add_wished", args=[story.case.pk, "bank"])
    return client.post(page, {"opened_version": version}, follow=True)


def test_the_borrower_chooses_among_the_offices_banks_or_writes_another(story, client) -> None:
    client.force_login(story.borrower, backend="django.contrib.auth.backends.ModelBackend")
    form = client.get(reverse("cases:own_fill_in", args=[story.case.pk])).context["form"]
    assert [key for key, _name in form.fields["bank"].choices] == ["", "Bank uden register", "Prøvebanken"]
    assert "own_bank" in form.fields


def test_the_wished_bank_becomes_the_party_in_one_press(story, as_consultant) -> None:
    wish(story, "Prøvebanken")
    assert not story.fresh().parties.filter(role="bank").exists()  # the office decides
    page = as_consultant.get(story.case.get_absolute_url())
    assert "Driftsbank: Prøvebanken er ønsket." in page.content.decode()
    version = story.fresh().version
    press(as_consultant, story, version)
    assert story.fresh().parties.get(role="bank").organisation == story.bank
    press(as_consultant, story, version)
    press(as_consultant, story, story.fresh().version)
    assert story.fresh().parties.filter(role="bank").count() == 1
    assert "er ønsket" not in as_consultant.get(story.case.get_absolute_url()).content.decode()


def test_a_bank_outside_the_register_is_a_party_by_its_name(story, as_consultant) -> None:
    wish(story, "Bank uden register")
    press(as_consultant, story, story.fresh().version)
    party = story.fresh().parties.get(role="bank")
    assert (party.organisation, party.name) == (None, "Bank uden register")


def test_a_partner_that_is_gone_is_still_read_and_not_proposed(story, as_consultant) -> None:
    wish(story, "Prøvebanken")
    Partner.objects.filter(name="Prøvebanken").update(is_current=False)
    assert seats.wished(story.fresh()) == []
    assert "Prøvebanken" in as_consultant.get(story.case.get_absolute_url()).content.decode()


def test_only_the_office_gives_the_role(story, client) -> None:
    wish(story, "Prøvebanken")
    client.force_login(story.borrower, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("cases:add_wished", args=[story.case.pk, "bank"])
    assert client.post(page, {"opened_version": story.fresh().version}).status_code in (403, 404)
    assert not story.fresh().parties.filter(role="bank").exists()
