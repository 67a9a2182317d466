# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A plan and its tracks are renamed and renumbered by the head, never over somebody else's change."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Operator
from brobygger.plan import services
from brobygger.plan.models import Plan, Track
from tests.factories import OperatorFactory, user_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(operator: Operator) -> Plan:
    return services.create_plan(operator, name="Handlingsplan", year_from=2026, year_to=2027)


@pytest.fixture
def track(plan: Plan) -> Track:
    return services.add_track(plan, name="Klima")


def typed_plan(**changes: object) -> dict[str, object]:
    return {
        "name": "Handlingsplan", "year_from": 2026, "year_to": 2027, "introduction": "", "opened_version": 1,
    } | changes  # fmt: skip


def typed_track(**changes: object) -> dict[str, object]:
    return {"number": 1, "name": "Klima", "text": "", "opened_version": 1} | changes


def test_a_plan_is_renamed_from_its_page_and_who_did_it_can_be_read(as_head: Client, plan: Plan) -> None:
    page = reverse("plan:change_plan", args=[plan.pk])
    assert f'href="{page}"' in as_head.get(reverse("plan:plan")).content.decode()
    as_head.post(page, typed_plan(name="Erhvervsplan", year_to=2028, introduction="Fem år."))
    plan.refresh_from_db()
    assert (plan.name, plan.year_to, plan.introduction) == ("Erhvervsplan", 2028, "Fem år.")
    history = as_head.get(page).content.decode()
    assert "navn: fra »Handlingsplan« til »Erhvervsplan«" in history
    assert "til år: fra 2027 til 2028" in history


def test_a_track_is_renamed_from_the_plans_page_and_who_did_it_can_be_read(
    as_head: Client, track: Track
) -> None:
    page = reverse("plan:change_track", args=[track.pk])
    assert f'href="{page}"' in as_head.get(reverse("plan:plan")).content.decode()
    as_head.post(page, typed_track(number=3, name="Grøn omstilling", text="Sammen."))
    track.refresh_from_db()
    assert (track.number, track.name, track.text) == (3, "Grøn omstilling", "Sammen.")
    assert "navn: fra »Klima« til »Grøn omstilling«" in as_head.get(page).content.decode()


def test_two_heads_renaming_the_same_lose_nothing(as_head: Client, plan: Plan, track: Track) -> None:
    for record, page, typed in (
        (plan, reverse("plan:change_plan", args=[plan.pk]), typed_plan),
        (track, reverse("plan:change_track", args=[track.pk]), typed_track),
    ):
        as_head.post(page, typed(name="Den førstes"))
        told = as_head.post(page, typed(name="Den andens"))
        assert told.status_code == 409
        assert ("Navn", "Den andens", "Den førstes") in told.context["conflict"]
        record.refresh_from_db()
        assert record.name == "Den førstes"
        now = told.context["form"]["opened_version"].value()
        as_head.post(page, typed(name="Den andens", opened_version=now))
        record.refresh_from_db()
        assert record.name == "Den andens"


def test_a_number_that_another_track_has_is_refused_and_what_was_typed_is_kept(
    as_head: Client, plan: Plan, track: Track
) -> None:
    other = services.add_track(plan, name="Arbejdskraft")
    page = reverse("plan:change_track", args=[other.pk])
    told = as_head.post(page, typed_track(number=1, name="Folk")).content.decode()
    assert "Sporet »Klima« har allerede det nummer." in told
    assert 'value="Folk"' in told
    as_head.post(page, typed_track(number=2, name="Folk"))
    assert list(plan.tracks.values_list("number", "name")) == [(1, "Klima"), (2, "Folk")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "Skal udfyldes"),
        ({"name": "x" * 10_000}, "160 tegn"),
        ({"year_to": 2025}, "Slutåret ligger før startåret"),
        ({"year_from": "snart"}, "helt tal"),
    ],
)
def test_a_faulty_plan_is_refused_in_words(as_head: Client, plan: Plan, changes: dict, told: str) -> None:
    page = reverse("plan:change_plan", args=[plan.pk])
    assert told in as_head.post(page, typed_plan(**changes)).content.decode()
    plan.refresh_from_db()
    assert (plan.name, plan.year_from, plan.year_to) == ("Handlingsplan", 2026, 2027)


def test_only_the_offices_own_head_renames(as_consultant: Client, sign_in, plan: Plan, track: Track) -> None:
    neighbour = sign_in(user_as("head", OperatorFactory()))
    for page in (reverse("plan:change_plan", args=[plan.pk]), reverse("plan:change_track", args=[track.pk])):
        assert as_consultant.post(page, typed_plan()).status_code == 403
        assert neighbour.post(page, typed_plan()).status_code == 404
    assert "Ret planen" not in as_consultant.get(reverse("plan:plan")).content.decode()
