# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm that moves or is renamed takes what it has and needs with it, by hand and by import."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brobygger.base import search
from brobygger.market.models import Listing, Suggestion
from brobygger.market.places import middle_of
from brobygger.market.services import listings as listing_services
from brobygger.market.services.following import follow
from brobygger.register import services
from brobygger.register.cvr import files
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.models import Organisation
from tests import factories
from tests.register.cvr_documents import address, company, ndjson, period

FREE = {"side": "have", "kind": "residue", "resource_type": "spent_grain", "visibility": "open"}


@pytest.fixture
def firm(operator) -> Organisation:
    return services.create_organisation(operator, {"name": "Gamle Smedje", "postal_code": "4320"})


def listing(firm: Organisation, text: str = "Vi har mask", **values: object) -> Listing:
    return listing_services.create_listing(organisation=firm, by=None, text=text, **(FREE | values))


def change(firm: Organisation, **values: object) -> Organisation:
    firm.refresh_from_db()
    return services.update_organisation(firm, values, expected=firm.version)


def found(operator, words: str) -> set[str]:
    return set(map(str, search.find("listing", words, scopes=[f"o{operator.pk}"]).keys))


def place(one: Listing) -> tuple[object, ...]:
    one.refresh_from_db()
    return one.postal_code, one.latitude, one.longitude, one.x, one.y


def test_a_listing_at_the_firms_address_moves_with_it(firm):
    mine = listing(firm)
    moved = change(firm, postal_code="4000")
    assert place(mine) == ("4000", moved.latitude, moved.longitude, moved.x, moved.y)
    assert mine.history.first().postal_code == "4000"


def test_a_listing_somewhere_else_stays(firm):
    away = listing(firm, postal_code="5000")
    before = place(away)
    assert before[0] == "5000"
    change(firm, postal_code="4000")
    assert place(away) == before


def test_a_listing_follows_its_place_of_work_and_not_the_firm(firm):
    stock = services.add_establishment(firm, {"name": "Lageret", "postal_code": "4300"})
    there, home = listing(firm, establishment=stock), listing(firm, "Vi har paller")
    change(firm, postal_code="4000")
    assert place(there)[0] == "4300"
    services.edit_establishment(stock, {"postal_code": "4600"}, expected=stock.version)
    assert place(there)[0] == "4600"
    assert place(home)[0] == "4000"


def test_a_new_name_and_town_are_found_at_once_and_the_old_ones_no_longer(firm, operator):
    mine = listing(firm)
    assert found(operator, "gamle smedje") == {str(mine.pk)}
    change(firm, name="Nye Mosteri", postal_code="4000")
    assert found(operator, "mosteri") == found(operator, "roskilde") == {str(mine.pk)}
    assert found(operator, "smedje") == found(operator, "lejre") == set()


def test_a_moved_listings_suggestions_are_found_anew(firm, operator, django_capture_on_commit_callbacks):
    needing = services.create_organisation(operator, {"name": "Kvægbruget", "postal_code": "4320"})
    mine = listing(firm)
    listing(needing, "Vi mangler kvægfoder", side="need", kind="material", resource_type="cattle_feed")
    before = Suggestion.objects.get(have=mine, kind="pair").distance_m
    with django_capture_on_commit_callbacks(execute=True):
        change(firm, postal_code="9000")
    assert Suggestion.objects.get(have=mine, kind="pair").distance_m > before + 100_000


def test_what_changes_nothing_of_place_or_name_touches_no_listing(firm):
    mine = listing(firm)
    at = Listing.objects.get(pk=mine.pk).changed_at
    change(firm, employees=12)
    change(firm, phone="12 34 56 78")
    assert Listing.objects.get(pk=mine.pk).changed_at == at


def test_by_cvr_import_a_moved_and_a_renamed_firm_take_their_listings_along(operator, tmp_path):
    def bring_in(*documents):
        path = ndjson(tmp_path / "cvr.ndjson", *documents)
        return files.carry_out(Order(operator, path, path.name), no_progress)

    bring_in(
        company(99200001, beliggenhedsadresse=[address(code=4320)]), company(99200002), company(99200003)
    )
    one, two, three = (Organisation.objects.get(cvr=cvr) for cvr in ("99200001", "99200002", "99200003"))
    moving, renamed, still = listing(one), listing(two, "Vi har paller"), listing(three, "Vi har træ")
    before = place(still)
    changed_at = Listing.objects.get(pk=still.pk).changed_at

    bring_in(
        company(99200001, beliggenhedsadresse=[address(code=4000, city="Roskilde", kommune=265)]),
        company(99200002, navne=[{"navn": "Prøveomdøbt ApS", **period("2020-01-01")}]),
        company(99200003),
    )

    assert place(moving)[0] == "4000"
    assert found(operator, "prøveomdøbt") == {str(renamed.pk)}
    assert place(still) == before
    assert Listing.objects.get(pk=still.pk).changed_at == changed_at


def test_following_a_hundred_listings_costs_a_handful_of_queries_more_than_following_ten(operator):
    def cost(many: int) -> int:
        firms = [factories.OrganisationFactory(operator=operator) for _ in range(many)]
        for one in firms:
            factories.ListingFactory(organisation=one)
        where = middle_of("4000")
        Organisation.objects.filter(pk__in=[one.pk for one in firms]).update(
            postal_code="4000", latitude=where.latitude, longitude=where.longitude, x=where.x, y=where.y
        )
        with CaptureQueriesContext(connection) as asked:
            moved = follow({one.pk: "4320" for one in firms}, (), find_suggestions=False)
        assert moved == many
        return len(asked)

    cost(2)
    assert cost(100) <= cost(10) + 5
