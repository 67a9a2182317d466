# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The hens' eggs go to the restaurant, its carrot tops come home to the hens: found from listings, drawn and valued."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from brobygger.market.models import Suggestion
from brobygger.market.queries.loops import Link, Path, find_paths
from brobygger.market.services import matching
from brobygger.market.views.loops import picture
from brobygger.register.models import Tag
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory

PAGE = reverse("market:loops")


def firm(operator, name, has=(), needs=(), **fields):
    organisation = OrganisationFactory(operator=operator, name=name)
    for side, types in (("have", has), ("need", needs)):
        for type_id in types:
            ListingFactory(
                organisation=organisation,
                side=side,
                resource_type=type_id,
                text=f"{name}: {type_id}",
                **fields,
            )
    return organisation


@pytest.fixture
def hens(operator):
    farm = firm(operator, "Hønsegården", has=["eggs"], needs=["poultry_feed"])
    firm(operator, "Restaurant Nord", has=["carrot_tops"], needs=["eggs"])
    matching.refresh_all(operator)
    return farm


def test_the_loop_of_the_hens_is_found_from_the_listings_alone(operator, hens):
    found = find_paths(operator)
    assert len(found.loops) == 1
    loop = found.loops[0]
    assert loop.stops[0] == loop.stops[-1]
    assert sorted(set(loop.stops)) == ["Hønsegården", "Restaurant Nord"]
    assert {link.what for link in loop.links} == {"Æg", "Gulerodstoppe"}


def test_a_loop_of_three_through_what_each_makes(operator):
    firm(operator, "Bryggeriet", has=["spent_grain"], needs=["cereals"])
    firm(operator, "Kvæggården", has=["cattle_manure"], needs=["cattle_feed"])
    firm(operator, "Planteavleren", has=["cereals"], needs=["cattle_manure"])
    matching.refresh_all(operator)
    lengths = [len(path.links) for path in find_paths(operator, 0.1).loops]
    assert 3 in lengths


def test_beer_becomes_vinegar_becomes_mustard_is_a_chain(operator):
    firm(operator, "Bryggeriet", has=["surplus_beer"])
    firm(operator, "Eddikemageren", needs=["beer_vinegar"], has=["vinegar"])
    firm(operator, "Sennepsmageren", needs=["mustard"])
    matching.refresh_all(operator)
    found = find_paths(operator)
    assert found.loops == []
    assert [path.stops for path in found.chains] == [["Bryggeriet", "Eddikemageren", "Sennepsmageren"]]


def test_worth_is_the_sum_of_what_is_known_and_the_rest_is_said_to_be_unknown(operator, hens):
    Suggestion.objects.update(dkk_year=None, tonnes_year=None, co2e_kg_year=None)
    assert find_paths(operator).loops[0].dkk is None
    one = Suggestion.objects.filter(kind="pair").first()
    Suggestion.objects.filter(pk=one.pk).update(dkk_year=Decimal(1200), tonnes_year=Decimal(3))
    loop = find_paths(operator).loops[0]
    assert (loop.dkk, loop.dkk_known, loop.tonnes, loop.co2e_kg) == (Decimal(1200), 1, Decimal(3), None)
    Suggestion.objects.filter(pk=one.pk).update(co2e_kg_year=Decimal(900))
    assert find_paths(operator).loops[0].co2e_known == 1


def test_the_more_valuable_loop_comes_first(operator, hens):
    firm(operator, "Anden Restaurant", has=["carrot_tops"], needs=["eggs"])
    matching.refresh_all(operator)
    rich = Suggestion.objects.get(have__organisation__name="Anden Restaurant", kind="pair")
    Suggestion.objects.filter(pk=rich.pk).update(dkk_year=Decimal(10**6))
    assert "Anden Restaurant" in find_paths(operator).loops[0].stops


def test_a_loop_of_other_things_comes_before_more_ways_round_with_the_same(operator, hens):
    for number in range(12):
        firm(operator, f"Restaurant {number}", has=["carrot_tops"], needs=["eggs"])
    firm(operator, "Bryggeriet", has=["spent_grain"], needs=["cereals"])
    firm(operator, "Gården", has=["cereals"], needs=["cattle_feed"])
    matching.refresh_all(operator)
    Suggestion.objects.update(dkk_year=Decimal(5000))
    Suggestion.objects.filter(have__organisation__name="Bryggeriet").update(dkk_year=None)
    found = find_paths(operator).loops
    assert len(found) == 10
    assert {"Bryggeriet", "Gården"} in [set(path.stops) for path in found]
    kinds = [path.kind for path in found]
    assert kinds[: len(set(kinds))] == list(dict.fromkeys(kinds))


def test_the_page_shows_the_picture_and_the_same_in_a_table(as_consultant, hens):
    answer = as_consultant.get(PAGE)
    body = answer.content.decode()
    assert 'id="kredsloebsbillede"' in body
    names = {node["name"] for node in answer.context["picture"]["series"][0]["data"]}
    assert names == {"Hønsegården", "Restaurant Nord"}
    assert "Gulerodstoppe" in body
    assert "Svageste led" in body


@pytest.mark.parametrize("asked", ["k1", "k99", "f1", "x", "k-1", "kkkk", "k" + "9" * 5000, "\0"])
def test_any_path_can_be_asked_for_and_nonsense_is_ignored(as_consultant, hens, asked):
    answer = as_consultant.get(PAGE, {"vis": asked, "mindst": "høj", "gruppe": "alle"})
    assert answer.status_code == 200
    assert (answer.context["shown"] is not None) == (asked == "k1")


def test_a_cluster_is_seen_by_itself(as_consultant, operator, hens):
    tag = Tag.objects.create(operator=operator, name="Herslev")
    hens.tags.add(tag)
    assert find_paths(operator, tag=tag).links == 0
    assert "Blandt dem" in as_consultant.get(PAGE, {"gruppe": tag.pk}).content.decode()
    for other in type(hens).objects.filter(operator=operator):
        other.tags.add(tag)
    assert len(find_paths(operator, tag=tag).loops) == 1


def test_another_offices_tag_is_not_offered(as_consultant, hens):
    foreign = Tag.objects.create(operator=OperatorFactory(), name="Fremmed klynge")
    answer = as_consultant.get(PAGE, {"gruppe": foreign.pk})
    assert "Fremmed klynge" not in answer.content.decode()
    assert len(answer.context["found"].loops) == 1


def test_an_empty_page_says_what_to_do(as_consultant):
    body = as_consultant.get(PAGE).content.decode()
    assert "Der er ingen kæder eller kredsløb endnu" in body
    assert reverse("market:new_listing") in body


def test_a_confidential_link_is_marked_for_the_office_and_unknown_to_the_neighbour(
    as_consultant, sign_in, operator
):
    from brobygger.accounts.models import Role
    from tests.factories import user_as

    neighbour = OperatorFactory()
    firm(operator, "Hønsegården", has=["eggs"], needs=["poultry_feed"], visibility="broker")
    firm(operator, "Restaurant Nord", has=["carrot_tops"], needs=["eggs"])
    matching.refresh_all(operator)
    matching.refresh_all(neighbour)
    assert "Fortrolig" in as_consultant.get(PAGE).content.decode()
    theirs = sign_in(user_as(Role.CONSULTANT, neighbour)).get(PAGE).content.decode()
    assert "Hønsegården" not in theirs


@pytest.mark.parametrize("role", ["firm", "partner", "admin"])
def test_only_the_office_opens_it(sign_in, operator, role):
    from tests.factories import user_as

    assert sign_in(user_as(role, operator)).get(PAGE).status_code == 403


def test_what_was_declined_or_is_over_is_no_link(operator, hens, consultant):
    pair = Suggestion.objects.filter(kind="pair").first()
    match = matching.accept(pair, consultant)
    assert len(find_paths(operator).loops) == 1
    match.stage = "ended"
    match.save()
    assert find_paths(operator).loops == []


def test_the_page_asks_as_often_for_many_as_for_few(
    as_consultant, operator, hens, django_assert_max_num_queries
):
    as_consultant.get(PAGE)
    with django_assert_max_num_queries(30) as few:
        as_consultant.get(PAGE)
    for number in range(9):
        firm(operator, f"Restaurant {number}", has=["carrot_tops"], needs=["eggs"])
    matching.refresh_all(operator)
    with django_assert_max_num_queries(len(few)):
        as_consultant.get(PAGE)


def test_the_names_of_many_do_not_lie_on_each_other():
    def link(giver: int, taker: int) -> Link:
        names = (f"Firma {giver}", f"Firma {taker}")
        return Link(
            uuid4(), giver, names[0], taker, names[1], "Mask", "", 0.5, None, None, None, False, False
        )

    deliveries = [
        link(0, 1),
        link(2, 1),
        link(3, 4),
        link(3, 5),
        link(6, 7),
        link(8, 9),
        link(10, 11),
        link(12, 13),
    ]
    data = picture([Path(tuple(deliveries), False)])["series"][0]["data"]
    assert len(data) == 14
    columns = {side: sorted(node["y"] for node in data if node["x"] * side > 0) for side in (-1, 1)}
    assert len(columns[-1]) + len(columns[1]) == 14
    for heights in columns.values():
        assert (
            min(b - a for a, b in zip(heights, heights[1:], strict=False)) >= 20
        )  # of the 200 that it is high
    for node in data:
        assert node["label"]["position"] == ("left" if node["x"] < 0 else "right")
    placed = {node["id"]: node["x"] for node in data}
    across = [placed[str(one.giver)] != placed[str(one.taker)] for one in deliveries]
    assert all(across)
