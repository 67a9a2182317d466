# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Mail by copy: laid with its firm, or in the tray for somebody to decide."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base import inbound
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue.errors import AlreadyDone, NotYourOffice
from brobygger.dialogue.models import InboundAddress, Interaction, ReceivedMail
from brobygger.dialogue.services import mail as services
from brobygger.register.models import Affiliation, Organisation, Person
from brobygger.register.services_people import erase_person
from tests.factories import OrganisationFactory, PersonFactory, user_as

Why, State = ReceivedMail.Why, ReceivedMail.State


@pytest.fixture(autouse=True)
def _switched_on(settings) -> None:
    settings.INBOUND_DOMAIN = "ind.example.invalid"


@pytest.fixture
def address(operator: Operator, consultant: User) -> InboundAddress:
    return services.new_address(operator, user=consultant)


@pytest.fixture
def brewery(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Øens Bryghus", email="post@oensbryghus.invalid")


def letter(
    address: InboundAddress, *, sender: str, to: str, key: str = "<1@x.invalid>", **headers: str
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, headers.pop("Subject", "Om mask på Ærø")
    message["Message-ID"] = key
    message["Date"] = headers.pop("Date", "Mon, 02 Nov 2026 10:00:00 +0100")
    message["Delivered-To"] = headers.pop("delivered", str(address))
    for name, value in headers.items():
        message[name] = value
    message.set_content("Hej\n\nVi har mask på lager.\n")
    return message


def came(message: EmailMessage) -> ReceivedMail:
    inbound.take_in(message.as_bytes())
    return ReceivedMail.objects.latest("pk")


def test_a_copy_to_a_firm_we_know_is_laid_there_as_the_colleagues_private_note(
    address, brewery, consultant
) -> None:
    received = came(letter(address, sender=consultant.email, to=brewery.email))
    talk = Interaction.objects.get()
    assert (received.state, received.interaction, received.text) == (State.PLACED, talk, "")
    assert (talk.kind, talk.by, talk.private, str(talk.on)) == ("mail", consultant, True, "2026-11-02")
    assert list(talk.organisations.all()) == [brewery]
    assert "Vi har mask på lager." in talk.text


def test_a_person_leads_to_the_firm_where_they_are_now(address, brewery, consultant, operator) -> None:
    person = PersonFactory(operator=operator, email="anna@example.invalid")
    Affiliation.objects.create(person=person, organisation=brewery)
    Affiliation.objects.create(
        person=person, organisation=OrganisationFactory(operator=operator), ended_on="2020-01-01"
    )
    came(letter(address, sender=consultant.email, to="Anna <ANNA@example.invalid>"))
    talk = Interaction.objects.get()
    assert (list(talk.organisations.all()), list(talk.people.all())) == ([brewery], [person])


def test_a_person_of_two_firms_waits_with_both_proposed(address, brewery, consultant, operator) -> None:
    person, other = (
        PersonFactory(operator=operator, email="anna@example.invalid"),
        OrganisationFactory(operator=operator),
    )
    for firm in (brewery, other):
        Affiliation.objects.create(person=person, organisation=firm)
    received = came(letter(address, sender=consultant.email, to=person.email))
    assert (received.state, received.why) == (State.TRAY, Why.SEVERAL)
    assert set(received.proposed.all()) == {brewery, other}


def test_an_address_that_stands_on_two_firms_waits_with_both_proposed(
    address, brewery, consultant, operator
) -> None:
    other = OrganisationFactory(operator=operator, email="Post@oensbryghus.invalid")
    received = came(letter(address, sender=consultant.email, to=brewery.email))
    assert (received.state, received.why) == (State.TRAY, Why.SEVERAL)
    assert set(received.proposed.all()) == {brewery, other}


def test_a_mail_to_two_firms_is_laid_with_both(address, brewery, consultant, operator) -> None:
    other = OrganisationFactory(operator=operator, email="gaard@example.invalid")
    came(letter(address, sender=consultant.email, to=f"{brewery.email}, {other.email}"))
    assert set(Interaction.objects.get().organisations.all()) == {brewery, other}


def test_a_person_who_is_erased_leaves_no_address_in_mail_that_came_in(
    address, brewery, consultant, operator
) -> None:
    person = PersonFactory(operator=operator, name="Anna Prøve", email="anna@example.invalid")
    Affiliation.objects.create(person=person, organisation=brewery)
    came(letter(address, sender=consultant.email, to="Anna Prøve <Anna@example.invalid>, x@y.invalid"))
    came(letter(address, sender="Anna Prøve <anna@example.invalid>", to=brewery.email, key="<2@x.invalid>"))
    assert Interaction.objects.get().people.get() == person
    erase_person(person, by=consultant)
    left = f"{list(ReceivedMail.objects.values())}{list(Interaction.objects.values())}{list(Interaction.history.values())}"
    assert "anna" not in left.lower()
    assert "x@y.invalid" in left
    assert ReceivedMail.objects.get(state=State.TRAY).subject == "Om mask på Ærø"
    assert brewery.email in left


def test_an_address_that_the_firm_has_too_stays_when_a_person_is_erased(
    address, brewery, consultant, operator
) -> None:
    person = PersonFactory(operator=operator, email=brewery.email)
    came(letter(address, sender=consultant.email, to=brewery.email))
    erase_person(person, by=consultant)
    assert brewery.email in ReceivedMail.objects.get().recipients


def test_the_same_domain_is_a_proposal_and_no_more(address, brewery, consultant) -> None:
    received = came(letter(address, sender=consultant.email, to="ny@oensbryghus.invalid"))
    assert (received.state, received.why) == (State.TRAY, Why.NOBODY)
    assert list(received.proposed.all()) == [brewery]
    assert not Interaction.objects.exists()


def test_somebody_who_is_not_from_the_office_lands_in_the_tray_marked_so(address, brewery) -> None:
    received = came(letter(address, sender=brewery.email, to="kontor@example.invalid"))
    assert (received.state, received.why, received.user) == (State.TRAY, Why.STRANGER, None)
    assert list(received.proposed.all()) == [brewery]


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER])
def test_an_account_at_the_office_is_not_enough(address, brewery, operator, role: str) -> None:
    received = came(letter(address, sender=user_as(role, operator).email, to=brewery.email))
    assert received.why == Why.STRANGER


def test_the_same_mail_is_stored_once(address, brewery, consultant) -> None:
    message = letter(address, sender=consultant.email, to=brewery.email)
    for _ in range(2):
        inbound.take_in(message.as_bytes())
    assert (ReceivedMail.objects.count(), Interaction.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "delivered", ["kontor+forkert@ind.example.invalid", "kontor@ind.example.invalid", "x"]
)
def test_mail_without_the_secret_is_nobodys(address, brewery, consultant, delivered: str) -> None:
    message = letter(address, sender=consultant.email, to=brewery.email, delivered=delivered)
    assert inbound.take_in(message.as_bytes()) == ""
    assert not ReceivedMail.objects.exists()


def test_a_new_secret_shuts_the_old_address(address, brewery, consultant, operator) -> None:
    message = letter(address, sender=consultant.email, to=brewery.email)
    services.new_address(operator, user=consultant)
    assert inbound.take_in(message.as_bytes()) == ""


def test_files_follow_the_rules_of_attachments(address, brewery, consultant) -> None:
    message = letter(address, sender=consultant.email, to=brewery.email)
    message.add_attachment(b"%PDF-1.4 tal", maintype="application", subtype="pdf", filename="tilbud.pdf")
    message.add_attachment(b"MZ", maintype="application", subtype="pdf", filename="virus.pdf")
    received = came(message)
    assert [file.name for file in Interaction.objects.get().attachments.all()] == ["tilbud.pdf"]
    assert "virus.pdf" in received.refused_files


def test_html_is_read_as_text_and_a_day_in_the_future_is_today(address, brewery, consultant) -> None:
    message = letter(
        address, sender=consultant.email, to=brewery.email, Date="Mon, 02 Nov 2099 10:00:00 +0100"
    )
    message.set_content("<style>x</style><p>Vi har <b>mask</b></p>", subtype="html")
    came(message)
    talk = Interaction.objects.get()
    assert "Vi har mask" in talk.text
    assert "<" not in talk.text
    assert talk.on.year < 2099


@pytest.mark.parametrize(
    "headers",
    [{"Date": "i går"}, {"Subject": "=?utf-8?q?=F8?="}, {"Cc": "<<>>,, @"}, {"X-Spam": "x" * 5000}],
    ids=["no date", "broken charset", "broken addresses", "long header"],
)
def test_broken_mail_is_taken_in_all_the_same(address, brewery, consultant, headers) -> None:
    came(letter(address, sender=consultant.email, to=brewery.email, **headers))
    assert Interaction.objects.count() == 1


def waiting(address: InboundAddress, user: User) -> ReceivedMail:
    return came(letter(address, sender="Ny Kunde <ny@fremmed.invalid>", to="kontor@example.invalid"))


def test_a_mail_from_the_tray_is_laid_and_its_sender_entered(address, brewery, consultant) -> None:
    received = waiting(address, consultant)
    talk = services.place(
        received, brewery, user=consultant, expected=received.version, new_person="Ny Kunde"
    )
    person = Person.objects.get(email="ny@fremmed.invalid")
    assert (person.name, list(talk.people.all()), list(talk.organisations.all())) == (
        "Ny Kunde",
        [person],
        [brewery],
    )
    assert AuditEntry.objects.filter(action="mail_placed").exists()


def test_a_discarded_mail_leaves_no_words_and_does_not_come_again(address, consultant) -> None:
    received = waiting(address, consultant)
    services.discard(received, user=consultant, expected=received.version)
    received.refresh_from_db()
    assert (received.text, received.email, received.subject, received.state) == ("", "", "", State.DISCARDED)
    assert waiting(address, consultant).state == State.DISCARDED
    assert AuditEntry.objects.filter(action="mail_discarded").exists()


def test_the_second_of_two_who_decide_is_told(address, brewery, consultant) -> None:
    received = waiting(address, consultant)
    with pytest.raises(EditedMeanwhile):
        services.discard(received, user=consultant, expected=received.version + 1)
    services.discard(received, user=consultant, expected=received.version)
    with pytest.raises(AlreadyDone):
        services.place(received, brewery, user=consultant, expected=received.version)


def test_nobody_lays_mail_elsewhere_or_in_a_neighbours_firm(address, brewery, consultant) -> None:
    received = waiting(address, consultant)
    with pytest.raises(NotYourOffice):
        services.place(received, brewery, user=user_as(Role.CONSULTANT), expected=received.version)
    with pytest.raises(NotYourOffice):
        services.place(received, OrganisationFactory(), user=consultant, expected=received.version)


def test_the_tray_in_the_browser(as_consultant: Client, address, brewery, consultant) -> None:
    received = waiting(address, consultant)
    page = as_consultant.get(reverse("dialogue:tray")).content.decode()
    assert "Om mask på Ærø" in page
    assert str(address) in page
    assert "1 mail venter" in as_consultant.get(reverse("market:today")).content.decode()
    from brobygger.register import search

    search.index([brewery.pk])
    page = as_consultant.get(received.get_absolute_url() + "?q=bryghus").content.decode()
    assert "Øens Bryghus" in page
    answer = as_consultant.post(
        reverse("dialogue:place_mail", args=[received.pk]),
        {"opened_version": received.version, "virksomhed": brewery.pk},
    )
    assert answer["Location"] == Interaction.objects.get().get_absolute_url()


def test_a_neighbour_sees_nothing_of_it(sign_in, address, consultant) -> None:
    received = waiting(address, consultant)
    neighbour = sign_in(user_as(Role.HEAD))
    assert neighbour.get(received.get_absolute_url()).status_code == 404
    assert "Om mask" not in neighbour.get(reverse("dialogue:tray")).content.decode()


def hand_over(client: Client, raw: bytes, **headers: str) -> Any:
    return client.post(reverse("dialogue:inbound_hook"), raw, content_type="message/rfc822", headers=headers)


def test_a_mail_service_hands_over_with_the_secret_only(
    client, settings, address, brewery, consultant
) -> None:
    raw = letter(address, sender=consultant.email, to=brewery.email, delivered="x").as_bytes()
    envelope = {"X-Envelope-To": str(address)}
    assert hand_over(client, raw, **envelope).status_code == 404
    settings.INBOUND_SECRET = "hemmelig"
    assert hand_over(client, raw, **envelope, **{"X-Inbound-Secret": "forkert"}).status_code == 404
    assert not ReceivedMail.objects.exists()
    right = {"X-Inbound-Secret": "hemmelig"}
    assert hand_over(client, raw, **right, **envelope).status_code == 200
    assert hand_over(client, raw, **right, **{"X-Envelope-To": "a\r\nb@c"}).status_code == 202
    assert hand_over(client, b"", **right).status_code == 422
    assert Interaction.objects.count() == 1
