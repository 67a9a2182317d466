# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whatever is typed into a listing: a clear Danish message, everything typed is kept, nothing is half-saved."""

from __future__ import annotations

import pytest
from django.urls import reverse

from brobygger.market.models import Listing
from tests import factories

NEW = reverse("market:new_listing")
GOOD = {
    "action": "save", "text": "Vi har mask", "side": "have", "kind": "residue", "resource_type": "spent_grain",
    "quantity": "4", "unit": "t", "period": "week", "price_kind": "negotiable", "visibility": "open",
}  # fmt: skip
BAD = [
    ("text", "", "Skal udfyldes"),
    ("text", "x" * 100_000, "100000"),
    ("side", "begge", "gyldig"),
    ("kind", "", "Skal udfyldes"),
    ("kind", "<script>", "gyldig"),
    ("resource_type", "findes_ikke", "ressourcetype kender vi ikke"),
    ("resource_type", "1", "ressourcetype kender vi ikke"),
    ("quantity", "-4", "over 0"),
    ("quantity", "0", "over 0"),
    ("quantity", "mange", "tal"),
    ("quantity", "NaN", "tal"),
    ("quantity", "1e400", "cifre"),
    ("quantity", "99999999999999999999", "cifre"),
    ("quantity", "9000000000", "for stor"),
    ("unit", "", "Vælg en enhed"),
    ("unit", "alen", "gyldig"),
    ("period", "aldrig", "gyldig"),
    ("lot", "0", "over 0"),
    ("lot", "-12", "over 0"),
    ("lot", "1000000", "større end det, der er i alt på et år"),
    ("lot", "et helt", "tal"),
    ("least_share", "0", "mellem 1 og 100"),
    ("least_share", "101", "mellem 1 og 100"),
    ("starts_on", "i går", "gyldig dato"),
    ("starts_on", "0001-01-01", "mellem år 2000 og 2100"),
    ("ends_on", "9999-12-31", "mellem år 2000 og 2100"),
    ("reach_km", "-1", "mellem 1 og"),
    ("reach_km", "999999999999999999999", "mellem 1 og"),
    ("postal_code", "abcd", "Postnummeret findes ikke"),
    ("postal_code", "0000", "Postnummeret findes ikke"),
    ("waste_code", "12", "Affaldskoden findes ikke"),
    ("waste_code", "999999", "Affaldskoden findes ikke"),
    ("price", "-1", "under 0"),
    ("price", "gratis", "tal"),
    ("price_kind", "dyrt", "gyldig"),
    ("visibility", "alle", "gyldig"),
    ("area_m2", "100", "kun til lokaler og jord"),
    ("establishment", "999999", "gyldig"),
    ("establishment", "x", "gyldig"),
    ("contact", "1", "gyldig"),
    ("quality", "x" * 301, "301"),
    ("terms", "x" * 100_000, "100000"),
]


@pytest.fixture
def send(as_consultant, operator):
    organisation = factories.OrganisationFactory(operator=operator)

    def post(**changes: str):
        return as_consultant.post(NEW, {**GOOD, "organisation": organisation.pk, **changes})

    return post


@pytest.mark.parametrize(("field", "value", "told"), BAD, ids=[f"{f}-{v[:12]}" for f, v, _ in BAD])
def test_a_bad_value_is_told_at_its_field_and_what_was_typed_is_kept(send, field, value, told):
    answer = send(**{"quality": "Frisk hver dag", field: value})
    assert answer.status_code == 200
    assert told in " ".join(answer.context["form"].errors[field])
    assert "Vi har mask" in answer.content.decode() or field == "text"
    assert not Listing.objects.exists()


def test_dates_the_wrong_way_round_are_told(send):
    answer = send(starts_on="2026-05-02", ends_on="2026-05-01")
    assert "Slutdatoen ligger før startdatoen" in str(answer.context["form"].errors["ends_on"])
    assert 'value="2026-05-02"' in answer.content.decode()


def test_a_fixed_price_without_a_price_is_asked_for_one(send):
    assert "Skriv prisen" in str(send(price_kind="fixed").context["form"].errors["price"])


def test_a_waste_code_on_a_competence_is_told(send):
    answer = send(kind="competence", resource_type="", waste_code="020704")
    assert "hører kun til restprodukter" in str(answer.context["form"].errors["waste_code"])


def test_emoji_html_and_control_characters_are_stored_as_plain_text_and_shown_harmless(send):
    answer = send(text="Mask 🍺 <script>alert(1)</script>\x00\x07 & mere\r\nLinje to")
    made = Listing.objects.get()
    assert answer.status_code == 302
    assert made.text == "Mask 🍺 <script>alert(1)</script> & mere\nLinje to"
    page = answer.client.get(made.get_absolute_url()).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;" in page


def test_danish_decimals_are_understood(send):
    send(quantity="1.234,5")
    assert str(Listing.objects.get().quantity) in {"1234.500", "1234.5"}


def test_a_text_of_only_spaces_and_control_characters_is_empty(send):
    assert "text" in send(text=" \x00 \n\t ").context["form"].errors


@pytest.mark.parametrize("organisation", ["", "0", "-1", "x", "9" * 30, "\x00", "🍺"])
def test_an_organisation_that_is_none_of_ours_is_refused(send, organisation):
    assert send(organisation=organisation).status_code == 200
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=" + "x" * 5000, "q=%22%27)%20OR%201=1--", "q=%F0%9F%8D%BA", "retning=hat", "slags=x", "gren=x",
        "kommune=9999", "naer=Atlantis", "inden=-5", "inden=x", "status=x", "synlig=x", "virksomhed=x",
        "virksomhed=99999999999999999999", "side=x", "side=-1", "side=999999", "orden=x", "naer=4320&inden=10&orden=naermest",
        "orden=naermest",
    ],
)  # fmt: skip
def test_the_list_survives_any_address(as_consultant, query, operator):
    factories.ListingFactory(organisation__operator=operator)
    assert as_consultant.get(f"{reverse('market:listings')}?{query}").status_code == 200
    assert as_consultant.get(f"{reverse('market:export_listings')}?{query}").status_code == 200
    assert as_consultant.get(f"{reverse('portal:browse')}?{query}").status_code == 200


def test_what_is_wrong_is_listed_in_the_order_of_the_page(send):
    page = send(text="", quantity="mange", postal_code="abcd", visibility="alle").content.decode()
    summary = page.split('role="alert"', 1)[1].split("</ul>", 1)[0]
    places = [
        summary.index(word) for word in ("Med jeres egne ord", "Mængde", "postnummer:", "Hvem må se det")
    ]
    assert places == sorted(places)
