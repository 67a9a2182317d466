# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consent: noted with where it came from, taken back with one press by anybody who holds the link."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from brobygger.outreach.errors import BadValues, ConsentStands, NotYourOffice
from brobygger.outreach.models import Consent, Interest, Purpose
from brobygger.outreach.services import consents
from brobygger.register.models import Affiliation
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, firm_user, user_as
from tests.outreach import made

pytestmark = pytest.mark.django_db


def test_a_consent_says_who_what_when_and_how(operator, consultant):
    firm = made.firm(operator)
    person = PersonFactory(operator=operator)
    Affiliation.objects.create(person=person, organisation=firm)
    given = made.consent(
        firm, consultant, "BODIL@Example.invalid", person=person, source="verbal", note="Sagde ja på mødet"
    )
    assert (given.email, given.source_note, given.noted_by) == (
        "bodil@example.invalid",
        "Sagde ja på mødet",
        consultant,
    )
    assert given.stands
    assert len(given.token) > 40


def test_the_same_yes_twice_is_told_and_stored_once(operator, consultant):
    firm = made.firm(operator)
    made.consent(firm, consultant)
    with pytest.raises(ConsentStands):
        made.consent(firm, consultant, "Bodil@example.invalid")
    assert Consent.objects.count() == 1


def test_what_was_taken_back_may_be_given_again_and_both_are_kept(operator, consultant):
    firm = made.firm(operator)
    first = made.consent(firm, consultant)
    consents.withdraw(first, how="office", user=consultant)
    made.consent(firm, consultant)
    assert [consent.stands for consent in Consent.objects.order_by("pk")] == [False, True]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "ikke en adresse"}, "email"),
        ({"email": ""}, "email"),
        ({"source": "verbal"}, "source_note"),
        ({"source": "gættet"}, "source"),
        ({"given_on": date(2099, 1, 1)}, "given_on"),
    ],
)
def test_a_consent_that_proves_nothing_is_refused(operator, consultant, values, field):
    firm = made.firm(operator)
    with pytest.raises(BadValues) as told:
        made.consent(firm, consultant, **values)
    assert list(told.value.faults) == [field]


def test_neither_a_neighbours_purpose_nor_a_stranger_counts(operator, consultant):
    firm = made.firm(operator)
    with pytest.raises(BadValues):
        made.consent(firm, consultant, purpose=made.purpose(OperatorFactory()))
    with pytest.raises(BadValues):
        made.consent(firm, consultant, person=PersonFactory(operator=operator))
    with pytest.raises(NotYourOffice):
        made.consent(firm, user_as("consultant"))
    with pytest.raises(NotYourOffice):
        made.consent(firm, firm_user(made.firm(operator)))


def test_a_purpose_that_somebody_said_yes_to_keeps_its_meaning(operator, consultant):
    what = made.purpose(operator)
    consents.save_purpose(operator, what.name, "Andre ord", user=consultant, purpose=what)
    made.consent(made.firm(operator), consultant)
    with pytest.raises(BadValues):
        consents.save_purpose(operator, what.name, "Noget helt andet", user=consultant, purpose=what)


# The link in a mail ----------------------------------------------------------------------------------


def address(consent: Consent) -> str:
    return reverse("outreach:unsubscribe", args=[consent.token])


def test_looking_at_the_link_changes_nothing_and_asks_for_one_press(operator, consultant):
    consent = made.consent(made.firm(operator), consultant)
    page = Client().get(address(consent))
    assert page.status_code == 200
    assert page.content.decode().count("<button") - page.content.decode().count('name="language"') == 1
    assert "<input" not in page.content.decode().partition("<main")[2].partition("</main")[0]
    consent.refresh_from_db()
    assert consent.stands


def test_a_mail_program_unsubscribes_by_itself_without_cookies_or_sign_in(operator, consultant):
    consent = made.consent(made.firm(operator), consultant)
    stranger = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = stranger.post(
            address(consent),
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
    consent.refresh_from_db()
    assert not consent.stands
    assert consent.withdrawn_how == "link"
    assert "er afmeldt" in stranger.get(address(consent)).content.decode()


def test_pressing_again_does_not_move_the_moment(operator, consultant):
    consent = made.consent(made.firm(operator), consultant)
    consents.unsubscribe(consent.token)
    consent.refresh_from_db()
    first = consent.withdrawn_at
    consents.unsubscribe(consent.token)
    consent.refresh_from_db()
    assert consent.withdrawn_at == first


def test_the_address_is_unsubscribed_in_every_firm_but_for_that_purpose_and_office_alone(
    operator, consultant
):
    one, other = made.firm(operator), made.firm(operator)
    events = made.purpose(operator, "Arrangementer")
    neighbour = user_as("consultant")
    foreign = made.firm(neighbour.memberships.get().operator)
    pressed = made.consent(one, consultant)
    same = made.consent(other, consultant)
    another_purpose = made.consent(one, consultant, purpose=events)
    another_office = made.consent(foreign, neighbour)
    another_address = made.consent(one, consultant, "anden@example.invalid")
    consents.unsubscribe(pressed.token)
    stands = {consent.pk for consent in Consent.objects.filter(withdrawn_at=None)}
    assert stands == {another_purpose.pk, another_office.pk, another_address.pk}
    assert same.pk not in stands


@pytest.mark.parametrize("token", ["findes-ikke", "eksempel", "x" * 300])
def test_a_link_that_is_none_is_not_found(token):
    browser = Client()
    assert browser.get(f"/afmeld/{token}/").status_code == 404
    assert browser.post(f"/afmeld/{token}/").status_code == 404


# Pages -----------------------------------------------------------------------------------------------


def test_the_office_notes_a_yes_on_the_firms_behalf(as_consultant, operator):
    firm = made.firm(operator)
    what = made.purpose(operator)
    page = reverse("outreach:new_consent", args=[firm.pk])
    assert as_consultant.get(page).status_code == 200
    typed = {"purpose": what.pk, "source": "verbal", "given_on": "2026-03-04"}
    refused = as_consultant.post(page, typed)
    assert "hvem der sagde ja" in refused.content.decode()
    answer = as_consultant.post(page, {**typed, "source_note": "Bodil, på mødet"})
    assert answer.status_code == 302
    assert Consent.objects.get().email == "firma@example.invalid"


def test_the_list_shows_what_stands_and_can_be_searched(as_consultant, operator, consultant):
    made.consent(made.firm(operator, name="Bryggeriet"), consultant)
    gone = made.consent(made.firm(operator), consultant, "vaek@example.invalid")
    consents.withdraw(gone, how="office", user=consultant)
    page = reverse("outreach:consents")
    shown = as_consultant.get(page).content.decode()
    assert "bodil@example.invalid" in shown
    assert "vaek@example.invalid" not in shown
    assert "vaek@example.invalid" in as_consultant.get(page, {"vis": "trukket"}).content.decode()
    assert "Ingen samtykker passer" in as_consultant.get(page, {"q": "zzz"}).content.decode()
    sheet = as_consultant.get(reverse("outreach:export_consents"))
    assert sheet["Content-Type"].startswith("application/vnd.openxml")


def test_the_office_takes_a_yes_back_after_asking(as_consultant, operator, consultant):
    consent = made.consent(made.firm(operator), consultant)
    page = reverse("outreach:withdraw_consent", args=[consent.pk])
    assert as_consultant.get(page).status_code == 200
    as_consultant.post(page)
    consent.refresh_from_db()
    assert consent.withdrawn_how == "office"


def test_a_neighbours_consent_is_not_found(as_consultant):
    neighbour = user_as("consultant")
    firm = made.firm(neighbour.memberships.get().operator)
    consent = made.consent(firm, neighbour)
    assert as_consultant.post(reverse("outreach:withdraw_consent", args=[consent.pk])).status_code == 404
    assert as_consultant.get(reverse("outreach:new_consent", args=[firm.pk])).status_code == 404


def test_purposes_and_subjects_are_kept_on_the_page(as_consultant, operator):
    as_consultant.post(reverse("outreach:shipped_purposes"))
    as_consultant.post(reverse("outreach:shipped_purposes"))
    assert operator.name
    assert "Nyhedsbrev" in as_consultant.get(reverse("outreach:consents")).content.decode()
    as_consultant.post(
        reverse("outreach:new_purpose"), {"name": "Klima", "description": "Klima-nyt", "active": "on"}
    )
    as_consultant.post(reverse("outreach:add_interest"), {"interest": "Eksport"})
    as_consultant.post(reverse("outreach:add_interest"), {"interest": "eksport"})
    assert Interest.objects.get().name == "Eksport"
    as_consultant.post(reverse("outreach:delete_interest", args=[Interest.objects.get().pk]))
    assert not Interest.objects.exists()


def test_the_common_purposes_come_once_also_where_they_were_renamed_or_made_by_hand(operator, consultant):
    own = consents.save_purpose(operator, "udbud og opgaver", "Vores egne ord", user=consultant)
    for _ in range(2):
        consents.create_shipped_purposes(operator, user=consultant)
        Purpose.objects.filter(operator=operator, name="Nyhedsbrev").update(name="Månedens nyt")
    names = set(Purpose.objects.filter(operator=operator).values_list("name", flat=True))
    assert names == {"udbud og opgaver", "Månedens nyt", "Arrangementer", "Tilskud og ordninger"}
    own.refresh_from_db()
    assert (own.key, own.description) == (consents.TENDERS, "Vores egne ord")
    other = consents.save_purpose(operator, "Klima", "Nyt om klima", user=consultant)
    consents.save_purpose(operator, "Grøn omstilling", "Nyt", user=consultant, purpose=other)
    assert other.key == ""


def test_names_known_before_there_were_keys_get_theirs(operator, consultant):
    older, newer = (made.purpose(operator, name) for name in ("Nyhedsbrev", "Newsletter"))
    elsewhere = made.purpose(OperatorFactory(), "Udbud og opgaver")
    migration = import_module("brobygger.outreach.migrations.0005_purposes_by_key")
    for _ in range(2):
        migration.known_by_their_names(apps, None)
    keys = {one.pk: one.key for one in Purpose.objects.all()}
    assert keys == {older.pk: "newsletter", newer.pk: "", elsewhere.pk: "tenders"}


def test_a_standing_purpose_that_takes_a_common_name_stays_itself(operator, consultant):
    consents.create_shipped_purposes(operator, user=consultant)
    tenders = Purpose.objects.get(operator=operator, key=consents.TENDERS)
    consents.save_purpose(operator, "Opgaver", tenders.description, user=consultant, purpose=tenders)
    other = consents.save_purpose(operator, "Udbud og opgaver", "Noget andet", user=consultant)
    consents.create_shipped_purposes(operator, user=consultant)
    assert (other.key, Purpose.objects.get(key=consents.TENDERS)) == ("", tenders)


def test_a_firm_says_yes_and_no_for_itself_and_for_nobody_else(operator, sign_in):
    mine, other = made.firm(operator), made.firm(operator)
    what = made.purpose(operator)
    brewer = firm_user(mine)
    browser = sign_in(brewer)
    page = reverse("outreach:change_own_consent", args=[mine.pk, what.pk])
    browser.post(page, {"svar": "ja"})
    given = Consent.objects.get()
    assert (given.organisation, given.email, given.source) == (mine, brewer.email.lower(), "form")
    assert "ja tak" in browser.get(reverse("outreach:own_consents")).content.decode()
    browser.post(page, {"svar": "nej"})
    given.refresh_from_db()
    assert given.withdrawn_how == "firm"
    theirs = reverse("outreach:change_own_consent", args=[other.pk, what.pk])
    assert browser.post(theirs, {"svar": "ja"}).status_code == 404
    foreign = made.purpose(OperatorFactory())
    assert (
        browser.post(
            reverse("outreach:change_own_consent", args=[mine.pk, foreign.pk]), {"svar": "ja"}
        ).status_code
        == 404
    )


def test_the_database_itself_refuses_a_second_standing_consent(operator, consultant):
    first = made.consent(made.firm(operator), consultant)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            operator=operator, organisation=first.organisation, purpose=first.purpose, email=first.email,
            source="form",
        )  # fmt: skip


def test_where_there_is_nothing_to_say_yes_to_the_page_leads_to_where_it_is_made(
    as_consultant: Client, operator
) -> None:
    found = OrganisationFactory(operator=operator)
    page = as_consultant.get(reverse("outreach:new_consent", args=[found.pk])).content.decode()
    assert f'href="{reverse("outreach:new_purpose")}"' in page
