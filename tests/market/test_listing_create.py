# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A listing is born from one sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from brobygger.accounts.models import Role
from brobygger.base import search
from brobygger.market.models import Listing
from brobygger.market.services import listings as services
from brobygger.market.wording import lot_text
from tests import factories

NEW = reverse("market:new_listing")
SENTENCE = "Vi har 4 tons mask om ugen fra ølbrygning"


@pytest.fixture
def brewery(operator):
    return factories.OrganisationFactory(operator=operator, name="Prøve Bryggeri ApS")


def typed(form) -> dict[str, object]:
    """What a browser would send back if the person changed nothing."""
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False) and field.name != "new_photo":
            data[field.html_name] = (
                field.field.widget.format_value(value) if not isinstance(value, bool) else "on"
            )
    return {name: value[0] if isinstance(value, list) else value for name, value in data.items()}


def test_given_one_sentence_the_person_sees_what_was_read_and_saves_it_unchanged(as_consultant, brewery):
    step = as_consultant.post(NEW, {"action": "read", "text": SENTENCE, "organisation": brewery.pk})
    page = step.content.decode()
    assert "Det læste vi" in page
    assert "4 tons om ugen" in page
    assert "02 07 04" in page
    assert "affaldsdirektivet 2008/98/EF" in page
    saved = as_consultant.post(
        NEW, {**typed(step.context["form"]), "action": "save", "organisation": brewery.pk}
    )
    made = Listing.objects.get()
    assert saved.headers["Location"] == made.get_absolute_url()
    assert (made.side, made.kind, made.resource_type) == ("have", "residue", "spent_grain")
    assert (made.quantity, made.unit, made.period, made.waste_code) == (Decimal(4), "t", "week", "020704")
    assert (made.organisation, made.operator, made.visibility) == (brewery, brewery.operator, "open")
    assert (made.x, made.y, made.postal_code) == (brewery.x, brewery.y, "4320")


def test_what_is_over_when_it_is_written_is_said_to_be_proposed_to_nobody(as_consultant, brewery):
    step = as_consultant.post(NEW, {"action": "read", "text": SENTENCE, "organisation": brewery.pk})
    sent = {
        **typed(step.context["form"]),
        "action": "save",
        "organisation": brewery.pk,
        "ends_on": "2020-01-01",
    }
    page = as_consultant.post(NEW, sent, follow=True).content.decode()
    assert "Gemt, men den sidste dag er gået." in page
    assert "Den sidste dag er gået, så det foreslås ikke for nogen" in page
    assert "Vi ser efter igen hver nat" not in page
    for address in (reverse("market:listings"), Listing.objects.get().get_absolute_url()):
        assert ">Tiden er gået</span>" in as_consultant.get(address).content.decode()
    Listing.objects.update(ends_on=None, status="paused")
    page = as_consultant.get(Listing.objects.get().get_absolute_url()).content.decode()
    assert "Det er på pause, så det foreslås ikke for nogen." in page


def test_a_button_pressed_twice_makes_one_listing_and_the_same_once_more_can_be_meant(as_consultant, brewery):
    step = as_consultant.post(NEW, {"action": "read", "text": SENTENCE, "organisation": brewery.pk})
    sent = {**typed(step.context["form"]), "action": "save", "organisation": brewery.pk}
    as_consultant.post(NEW, sent)
    asked = as_consultant.post(NEW, sent).content.decode()
    assert Listing.objects.count() == 1
    assert "Prøve Bryggeri ApS har allerede skrevet" in asked
    assert "Ja, det er noget mere af det samme" in asked
    assert "Der er noget, der skal rettes" not in asked
    as_consultant.post(NEW, sent | {"again": "on"})
    assert Listing.objects.count() == 2
    Listing.objects.update(status="withdrawn")
    as_consultant.post(NEW, sent)
    assert Listing.objects.count() == 3, "what was withdrawn may be written again"


def test_whole_loads_are_written_shown_and_said_in_words(as_consultant, brewery):
    step = as_consultant.post(NEW, {"action": "read", "text": SENTENCE, "organisation": brewery.pk})
    sent = {**typed(step.context["form"]), "lot": "12,5", "least_share": "80"}
    as_consultant.post(NEW, {**sent, "action": "save", "organisation": brewery.pk})
    made = Listing.objects.get()
    assert (made.lot, made.least_share) == (Decimal("12.5"), 80)
    page = as_consultant.get(made.get_absolute_url()).content.decode()
    assert "kun i hele læs à 12,5 tons" in page
    assert "mindst 80 procent" in page
    again = as_consultant.get(reverse("market:change_listing", args=[made.pk])).content.decode()
    assert "<details open><summary>Hele læs" in again
    made.lot = made.quantity * 52
    assert lot_text(made) == "kun samlet, til én"


def test_what_a_load_is_counted_in_and_what_a_share_is_of_must_be_said(brewery, consultant):
    written = {"side": "have", "kind": "residue", "text": "Mask", "period": "year", "price_kind": "free"}
    written |= {"visibility": "open"}
    for values, field in (({"lot": Decimal(3)}, "unit"), ({"least_share": 50}, "least_share")):
        with pytest.raises(services.BadListing) as wrong:
            services.create_listing(organisation=brewery, by=consultant, **written, **values)
        assert set(wrong.value.faults) == {field}


def test_given_a_saved_listing_its_page_shows_its_suggestions_at_once(as_consultant, brewery, operator):
    farm = factories.OrganisationFactory(operator=operator, name="Prøvegården I/S", industry="014200")
    factories.ListingFactory(
        organisation=farm,
        side="need",
        kind="material",
        resource_type="cattle_feed",
        text="Vi mangler foder til køer",
        quantity=None,
        unit="",
    )
    step = as_consultant.post(NEW, {"action": "read", "text": SENTENCE, "organisation": brewery.pk})
    data = {**typed(step.context["form"]), "action": "save", "organisation": brewery.pk}
    page = as_consultant.post(NEW, data, follow=True).content.decode()
    assert "Prøvegården I/S" in page


def test_a_consultant_finds_the_organisation_by_words_and_not_by_its_number(as_consultant, brewery):
    search.reindex("organisation")
    step = as_consultant.post(
        NEW, {"action": "read", "text": SENTENCE, "organisation_search": "prøve bryggeri"}
    )
    assert step.context["organisation"] == brewery


def test_with_two_hits_the_consultant_is_asked_which_and_keeps_the_sentence(as_consultant, operator):
    for number in (1, 2):
        factories.OrganisationFactory(operator=operator, name=f"Tvilling {number} ApS")
    search.reindex("organisation")
    step = as_consultant.post(NEW, {"action": "read", "text": SENTENCE, "organisation_search": "tvilling"})
    page = step.content.decode()
    assert "Vælg virksomheden" in page
    assert SENTENCE in page


def test_a_firm_with_one_organisation_is_never_asked_which(sign_in, brewery):
    firm = sign_in(factories.firm_user(brewery))
    step = firm.post(NEW, {"action": "read", "text": SENTENCE})
    assert step.context["organisation"] == brewery


def test_who_has_no_firm_is_not_led_to_write_what_it_has(sign_in, as_consultant, operator):
    client = sign_in(factories.user_as(Role.PARTNER, operator))
    assert f'href="{NEW}' in as_consultant.get(reverse("market:listings")).content.decode()
    assert f'href="{NEW}' not in client.get(reverse("market:listings")).content.decode()
    page = client.get(NEW).content.decode()
    assert "Du er ikke knyttet til en virksomhed endnu" in page
    assert "<textarea" not in page


def test_a_firm_cannot_write_for_another_organisation(sign_in, brewery, operator):
    other = factories.OrganisationFactory(operator=operator)
    user = factories.firm_user(brewery)
    sign_in(user).post(
        NEW, {"action": "save", "text": "x", "organisation": other.pk, "side": "have", "kind": "task"}
    )
    assert not Listing.objects.exists()
    with pytest.raises(services.NotYours):
        services.create_listing(organisation=other, by=user, side="have", kind="task", text="Noget")


def test_a_person_without_an_organisation_is_told_whom_to_ask(sign_in, operator):
    lost = sign_in(factories.user_as(Role.FIRM, operator))
    page = lost.post(NEW, {"action": "read", "text": SENTENCE}).content.decode()
    assert "ikke knyttet til en virksomhed" in page


def test_searching_for_another_type_keeps_everything_typed_and_offers_what_was_found(as_consultant, brewery):
    data = {
        "action": "find_type", "organisation": brewery.pk, "text": "Noget rart", "side": "need", "kind": "premises",
        "type_search": "produktionskøkken", "quantity": "2,5", "unit": "dage", "period": "week", "terms": "Ryd op",
        "food_grade": "on", "price_kind": "free", "visibility": "broker",
    }  # fmt: skip
    step = as_consultant.post(NEW, data)
    page = step.content.decode()
    assert 'value="production_kitchen"' in page
    assert 'value="2,5"' in page
    assert "Ryd op" in page
    assert not step.context["form"].is_bound
    assert not Listing.objects.exists()


def test_the_form_reads_along_while_somebody_types_and_says_when_it_reads_nothing(as_consultant):
    url = reverse("market:read_sentence")
    assert "Mask" in as_consultant.post(url, {"text": SENTENCE}).content.decode()
    assert "kunne ikke læse" in as_consultant.post(url, {"text": "qwxz"}).content.decode()
    assert as_consultant.post(url, {"text": ""}).content.decode().strip() == ""


def test_premises_are_listed_with_area_equipment_approvals_hours_and_terms(as_consultant, brewery):
    data = {
        "action": "save", "organisation": brewery.pk, "text": "Skolekøkken til leje", "side": "have", "kind": "premises",
        "resource_type": "production_kitchen", "period": "once", "price_kind": "fixed", "price": "250,50",
        "visibility": "members", "area_m2": "1.200", "equipment": "Komfur", "approvals": "Fødevaregodkendt",
        "opening_hours": "Hverdage efter 16", "terms": "Gør rent",
    }  # fmt: skip
    page = as_consultant.post(NEW, data, follow=True).content.decode()
    for told in ("1.200 m²", "Komfur", "Fødevaregodkendt", "Hverdage efter 16", "Gør rent", "250,50 kr."):
        assert told in page


def test_what_is_hazardous_by_its_code_is_hazardous_whatever_the_box_says(brewery, consultant):
    made = services.create_listing(
        organisation=brewery,
        by=consultant,
        side="have",
        kind="residue",
        text="Gamle eternitplader",
        waste_code="17 06 05*",
    )
    assert (made.waste_code, made.hazardous) == ("170605", True)


def test_the_page_of_a_hazardous_listing_says_that_the_receiver_needs_a_permit(as_consultant, operator):
    found = factories.ListingFactory(organisation__operator=operator, hazardous=True)
    assert "gyldig tilladelse i registret" in as_consultant.get(found.get_absolute_url()).content.decode()


def test_another_place_is_given_by_postal_code(brewery, consultant):
    made = services.create_listing(
        organisation=brewery, by=consultant, side="have", kind="equipment", text="Truck", postal_code="8000"
    )
    assert made.postal_code == "8000"
    assert made.x is not None
    assert abs(made.x - brewery.x) > 50_000


def test_a_place_of_work_of_another_firm_is_refused(brewery, consultant, operator):
    elsewhere = factories.EstablishmentFactory(organisation__operator=operator)
    with pytest.raises(services.BadListing) as refused:
        services.create_listing(
            organisation=brewery,
            by=consultant,
            side="have",
            kind="task",
            text="Noget",
            establishment=elsewhere,
        )
    assert "establishment" in refused.value.faults


def test_an_import_gets_every_fault_at_once_by_field(brewery):
    with pytest.raises(services.BadListing) as refused:
        services.create_listing(
            organisation=brewery, by=None, side="hat", kind="residue", text="", quantity=Decimal(-1), unit="alen",
            resource_type="findes_ikke", waste_code="999999", postal_code="0000",
        )  # fmt: skip
    assert set(refused.value.faults) == {
        "side", "text", "quantity", "unit", "resource_type", "waste_code", "postal_code"
    }  # fmt: skip
    assert not Listing.objects.exists()


def test_an_unknown_field_is_a_mistake_of_the_programmer(brewery):
    with pytest.raises(TypeError, match="status"):
        services.create_listing(
            organisation=brewery, by=None, side="have", kind="task", text="x", status="active"
        )
