# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Correcting a listing, closing it, and agreeing to be shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from brobygger.accounts.models import AuditEntry, Role
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.models import Listing
from brobygger.market.services import listings as services
from brobygger.market.services.deliveries import report_delivery
from tests import factories
from tests.market.line import Line, agree, make_line, report

FIELDS = {
    "action": "save", "text": "Vi har mask", "side": "have", "kind": "residue", "resource_type": "spent_grain",
    "quantity": "4", "unit": "t", "period": "week", "price_kind": "negotiable", "visibility": "open",
}  # fmt: skip


@pytest.fixture
def listing(operator):
    return factories.ListingFactory(organisation__operator=operator)


@pytest.fixture
def owner(listing):
    return factories.firm_user(listing.organisation)


@pytest.fixture
def secret(operator):
    return factories.ListingFactory(organisation__operator=operator, visibility="broker")


@pytest.fixture
def line(operator, consultant) -> Line:
    return make_line(operator, consultant)


def change(listing):
    return reverse("market:change_listing", args=[listing.pk])


def test_the_owner_corrects_a_listing_and_the_history_says_who_and_what(sign_in, owner, listing):
    browser = sign_in(owner)
    browser.post(change(listing), {**FIELDS, "quantity": "2,5", "opened_version": listing.version})
    page = browser.get(listing.get_absolute_url()).content.decode()
    assert "2,5 tons om ugen" in page
    assert f"{owner.name} ændrede" in page
    assert "mængde: fra 4 til 2,5" in page


def test_the_second_of_two_editors_is_told_sees_both_versions_and_loses_nothing(
    as_consultant, sign_in, owner, listing
):
    opened = listing.version
    sign_in(owner).post(change(listing), {**FIELDS, "text": "Ejerens tekst", "opened_version": opened})
    answer = as_consultant.post(
        change(listing), {**FIELDS, "text": "Konsulentens tekst", "opened_version": opened}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "En anden har gemt ændringer" in page
    assert "Ejerens tekst" in page
    assert "Konsulentens tekst" in page
    listing.refresh_from_db()
    assert listing.text == "Ejerens tekst"
    again = {
        **FIELDS,
        "text": "Konsulentens tekst",
        "opened_version": answer.context["form"]["opened_version"].value(),
    }
    assert as_consultant.post(change(listing), again).status_code == 302
    listing.refresh_from_db()
    assert listing.text == "Konsulentens tekst"


def test_the_two_versions_stand_field_by_field_in_words_and_only_where_they_differ(
    as_consultant, sign_in, owner, listing
):
    typed = {**FIELDS, "opened_version": listing.version}
    meanwhile = {"quantity": "2,5", "resource_type": "whey", "starts_on": "2026-12-01", "unit": "m3"}
    sign_in(owner).post(change(listing), typed | meanwhile)
    answer = as_consultant.post(change(listing), {**typed, "food_grade": "on"})
    assert sorted(answer.context["conflict"]) == [
        ("Enhed", "tons", "m³"),
        ("Fra den", "(tom)", "01.12.2026"),
        ("Hvad er det mere præcist", "Mask", "Valle"),
        ("Kan bruges til mad (eller skal kunne det, hvis I mangler)", "ja", "nej"),
        ("Mængde", "4", "2,5"),
    ]
    assert "Der er noget, der skal rettes" not in answer.content.decode()


def test_a_pause_in_between_is_not_undone_by_a_form_that_was_open(as_consultant, listing, consultant):
    services.pause(listing, consultant)
    with pytest.raises(EditedMeanwhile):
        services.change_listing(listing, by=consultant, expected_version=listing.version, text="Nyt")
    listing.refresh_from_db()
    assert (listing.status, listing.text) == ("paused", "Vi har 4 tons mask om ugen fra ølbrygning")


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER, Role.ADMIN])
def test_others_may_see_an_open_listing_but_not_change_it(sign_in, operator, listing, role):
    browser = sign_in(factories.user_as(role, operator))
    assert browser.get(listing.get_absolute_url()).status_code == 200
    for name in ("change_listing", "withdraw_listing"):
        url = reverse(f"market:{name}", args=[listing.pk])
        assert browser.get(url).status_code == 404
        assert browser.post(url, {**FIELDS, "opened_version": listing.version}).status_code == 404
    for name in ("pause_listing", "fulfil_listing", "resume_listing"):
        browser.post(reverse(f"market:{name}", args=[listing.pk]))
    listing.refresh_from_db()
    assert (listing.status, listing.version) == ("active", 1)


def test_a_neighbouring_office_may_not_change_an_open_listing(sign_in, listing):
    neighbour = factories.user_as(Role.CONSULTANT)
    assert sign_in(neighbour).get(change(listing)).status_code == 404
    with pytest.raises(services.NotYours):
        services.change_listing(listing, by=neighbour, expected_version=1, text="Kapret")


def test_what_was_done_is_told_in_the_language_that_was_chosen(as_consultant, listing):
    as_consultant.post("/sprog/", {"language": "en", "next": "/"})
    page = as_consultant.post(reverse("market:pause_listing", args=[listing.pk]), follow=True)
    assert "Paused. It is left out" in page.content.decode()


def test_pause_resume_fulfil_and_withdraw_each_do_what_they_say(as_consultant, listing):
    def status_after(name: str) -> str:
        as_consultant.post(reverse(f"market:{name}", args=[listing.pk]))
        listing.refresh_from_db()
        return listing.status

    assert status_after("pause_listing") == "paused"
    assert status_after("resume_listing") == "active"
    assert status_after("fulfil_listing") == "fulfilled"
    assert status_after("resume_listing") == "active"
    assert (
        "Træk tilbage?"
        in as_consultant.get(reverse("market:withdraw_listing", args=[listing.pk])).content.decode()
    )
    assert status_after("withdraw_listing") == "withdrawn"
    assert status_after("resume_listing") == "withdrawn"


def test_what_was_delivered_is_weighed_again_when_the_office_puts_the_type_right(line, as_consultant):
    have = line.match.have
    delivery = report_delivery(agree(line), report(quantity=Decimal(10), unit="m3"), line.brewer())
    assert delivery.tonnes == 6
    as_consultant.post(change(have), {**FIELDS, "resource_type": "whey", "opened_version": have.version})
    delivery.refresh_from_db()
    assert delivery.tonnes == Decimal("10.2")
    assert [version.tonnes for version in delivery.history.all()] == [Decimal("10.2"), 6]
    assert line.match.notes.filter(text__contains="regnet om").exists()


def test_a_firm_does_not_make_other_things_of_what_was_delivered_and_counted(line, sign_in):
    have, brewer = line.match.have, line.brewer()
    report_delivery(agree(line), report(), brewer)
    typed = {**FIELDS, "resource_type": "aluminium_scrap", "opened_version": have.version}
    told = sign_in(brewer).post(change(have), typed).content.decode()
    assert "Der er leveret under den" in told
    have.refresh_from_db()
    assert have.resource_type == "spent_grain"
    text = {**typed, "resource_type": "spent_grain", "text": "Mask fra ølbrygning"}
    assert sign_in(brewer).post(change(have), text).status_code == 302


@pytest.mark.parametrize("side", ["have", "need"])
def test_what_is_part_of_a_match_does_not_change_sides(line, as_consultant, side):
    listing = getattr(line.match, side)
    other = {"have": "need", "need": "have"}[side]
    told = as_consultant.post(change(listing), {**FIELDS, "side": other, "opened_version": listing.version})
    assert "indgår i et match" in told.content.decode()
    listing.refresh_from_db()
    assert listing.side == side


def test_a_withdrawn_listing_cannot_be_changed(consultant, listing):
    withdrawn = services.withdraw(listing, consultant)
    with pytest.raises(services.NotPossibleNow):
        services.change_listing(withdrawn, by=consultant, expected_version=withdrawn.version, text="Nyt")


def test_a_listing_that_is_not_current_is_in_no_public_list(client, listing, consultant):
    services.pause(listing, consultant)
    assert client.get(reverse("portal:open_listing", args=[listing.pk])).status_code == 404
    assert listing.title not in client.get(reverse("portal:browse")).content.decode()


def test_a_consultant_cannot_show_a_confidential_listing_by_editing_it(as_consultant, consultant, secret):
    form = as_consultant.get(change(secret)).context["form"]
    assert [value for value, _ in form.fields["visibility"].choices] == ["broker"]
    as_consultant.post(change(secret), {**FIELDS, "visibility": "open", "opened_version": secret.version})
    secret.refresh_from_db()
    assert secret.visibility == "broker"
    with pytest.raises(services.NeedsConsent):
        services.change_listing(secret, by=consultant, expected_version=secret.version, visibility="open")


def test_a_consultant_records_who_agreed_before_it_is_shown(as_consultant, secret):
    url = reverse("market:agree_to_be_shown", args=[secret.pk])
    assert "said_by" in as_consultant.post(url, {"visibility": "members"}).context["form"].errors
    as_consultant.post(url, {"visibility": "members", "said_by": "Direktøren i telefonen"})
    secret.refresh_from_db()
    assert secret.visibility == "members"
    entry = AuditEntry.objects.get(action="listing.agreed_to_be_shown")
    assert entry.detail == {"visibility": "members", "said_by": "Direktøren i telefonen"}
    assert secret.history.first().visibility == "members"


def test_the_owner_agrees_alone(sign_in, secret):
    owner = factories.firm_user(secret.organisation)
    sign_in(owner).post(reverse("market:agree_to_be_shown", args=[secret.pk]), {"visibility": "open"})
    secret.refresh_from_db()
    assert secret.visibility == "open"


def test_interest_becomes_a_letter_to_the_office_with_the_sender_to_answer(sign_in, operator, listing):
    firm = factories.firm_user(factories.OrganisationFactory(operator=operator))
    url = reverse("market:show_interest", args=[listing.pk])
    browser = sign_in(firm)
    assert "message" in browser.post(url, {"message": "  "}).context["interest"].errors
    browser.post(url, {"message": "Vi vil gerne hente det."})
    letter = Letter.objects.get()
    assert (letter.to, letter.reply_to) == ([operator.email], firm.email)
    assert "Vi vil gerne hente det." in letter.body


def test_without_a_mail_address_at_the_office_the_message_stays_on_screen(sign_in, operator, listing):
    operator.email = ""
    operator.save()
    firm = sign_in(factories.user_as(Role.PARTNER, operator))
    page = firm.post(
        reverse("market:show_interest", args=[listing.pk]), {"message": "Hej derude"}
    ).content.decode()
    assert "ikke opgivet en e-mailadresse" in page
    assert "Hej derude" in page


def test_the_contact_person_is_shown_to_office_and_owner_only(
    as_consultant, sign_in, owner, operator, listing
):
    contact = factories.PersonFactory(operator=operator, name="Kontakt Hemmeligsen")
    Listing.objects.filter(pk=listing.pk).update(contact=contact)
    firm = sign_in(factories.user_as(Role.FIRM, operator))
    assert "Hemmeligsen" in as_consultant.get(listing.get_absolute_url()).content.decode()
    assert "Hemmeligsen" in sign_in(owner).get(listing.get_absolute_url()).content.decode()
    assert "Hemmeligsen" not in firm.get(listing.get_absolute_url()).content.decode()
