# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A person gives the account another e-mail address: proved by a letter, told to the old one, and no use to anybody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import signing
from django.test import Client
from django.urls import reverse

from brobygger.accounts import services, services_address
from brobygger.accounts.models import AuditEntry, Membership, Operator, Role, User
from brobygger.base.models import Letter
from tests.factories import OperatorFactory, OrganisationFactory, firm_user, user_as

pytestmark = pytest.mark.django_db
PASSWORD = "prøve-kodeord-123"
NEW = "ny@example.invalid"
PAGE = "/kontor/profil/adresse/"
SECRETS = re.compile(r'nonce="[^"]*"|value="[^"]*"|[\w.]+@example.invalid')
"""What differs from one page to the next, whatever it says."""


@pytest.fixture
def known(client: Client, consultant: User) -> Client:
    """Signed in by password, and asked for it again a moment ago."""
    client.post(reverse("account_login"), {"login": consultant.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get("/kontor/profil/")  # where what has been told until now is shown
    return client


def ask_for(known: Client, email: str = NEW) -> str:
    """The page that follows."""
    return known.post(PAGE, {"email": email}, follow=True).content.decode()


def link_in(letter: Letter) -> str:
    [found] = re.findall(r"https?://[^/\s]+(/kontor/profil/adresse/\S+)", letter.body)
    return str(found)


def letter_to(address: str) -> Letter:
    return next(one for one in Letter.objects.all() if one.to == [address])


def test_the_new_address_counts_when_its_letter_was_read_and_the_old_one_is_told(
    known: Client, consultant: User
) -> None:
    old = consultant.email
    assert f"Vi har skrevet til {NEW}" in ask_for(known, "Ny@Example.invalid")
    consultant.refresh_from_db()
    assert consultant.email == old
    link = link_in(letter_to(NEW))
    assert "ikke længere med" in known.get(link).content.decode()
    consultant.refresh_from_db()
    assert consultant.email == old, "a mail filter that opens links confirms nothing"

    assert f"Din adresse er nu {NEW}" in known.post(link, follow=True).content.decode()

    consultant.refresh_from_db()
    assert consultant.email == NEW
    assert NEW in letter_to(old).body
    assert letter_to(old).operator == consultant.memberships.get().operator
    entry = AuditEntry.objects.get(action="changed_address")
    assert (entry.about, entry.user) == (f"{old} → {NEW}", consultant)
    assert known.post(link).status_code == 410
    for address, answer in ((old, 200), (NEW, 302)):
        signed_in = Client().post(reverse("account_login"), {"login": address, "password": PASSWORD})
        assert signed_in.status_code == answer


def test_who_one_is_is_asked_again_first(client: Client, consultant: User) -> None:
    client.post(reverse("account_login"), {"login": consultant.email, "password": PASSWORD})
    for answer in (client.get(PAGE), client.post(PAGE, {"email": NEW})):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Letter.objects.exists()


def test_an_account_without_password_but_with_a_code_is_asked_for_the_code(consultant: User, sign_in) -> None:
    consultant.set_unusable_password()
    consultant.save()
    TOTP.activate(consultant, generate_totp_secret())
    assert sign_in(consultant).get(PAGE)["Location"].startswith(reverse("mfa_reauthenticate"))


def test_whether_an_address_is_in_use_or_invited_is_told_to_nobody_but_its_owner(
    known: Client, operator: Operator
) -> None:
    owner = user_as(Role.HEAD)
    services.invite(operator, "inviteret@example.invalid", Role.HEAD, user_as(Role.ADMIN, operator))
    Letter.objects.all().delete()
    addresses = (NEW, owner.email.upper(), "inviteret@example.invalid")
    shown = {SECRETS.sub("", ask_for(known, address)) for address in addresses}
    assert len(shown) == 1
    letter = letter_to(owner.email)
    assert "intet er ændret" in letter.body
    assert "/kontor/" not in letter.body


def test_an_invitation_waits_for_whoever_reads_its_address(
    known: Client, operator: Operator, consultant: User
) -> None:
    invitation = services.invite(operator, NEW, Role.HEAD, user_as(Role.ADMIN, operator))
    ask_for(known)
    letter = next(one for one in Letter.objects.all() if PAGE in one.body)
    known.post(link_in(letter))
    assert not Membership.objects.filter(user=consultant, role=Role.HEAD).exists()
    known.post(f"/kontor/invitation/{invitation.token}/")
    assert Membership.objects.filter(user=consultant, role=Role.HEAD).exists()


def test_a_stranger_who_got_the_letter_by_a_slip_of_the_keys_gets_nothing_else(
    known: Client, consultant: User, sign_in
) -> None:
    ask_for(known)
    link = link_in(letter_to(NEW))
    assert "/konto/login/" in Client().post(link)["Location"]
    stranger = user_as(Role.FIRM)
    answer = sign_in(stranger).post(link)
    assert answer.status_code == 410
    assert "en anden konto" in answer.content.decode()
    for one in (stranger, consultant):
        address = one.email
        one.refresh_from_db()
        assert one.email == address


def test_a_link_that_is_old_or_forged_or_asked_for_before_the_password_changed_is_dead(
    known: Client, consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for(known)
    token = link_in(letter_to(NEW)).split("/")[-2]
    assert services_address.new_address(token, consultant) == NEW
    forged = [token[:-1], token + "x", signing.dumps([consultant.pk, "", NEW], salt="x"), "x" * 5000, "æ:ø:å"]
    made_by_us = [
        signing.dumps(value, salt=services_address.SALT) for value in (None, [], "", [consultant.pk])
    ]
    for wrong in (*forged, *made_by_us):
        with pytest.raises(services_address.LinkClosed):
            services_address.confirm_address(wrong, consultant)
    with monkeypatch.context() as later:
        later.setattr(services_address, "LASTS", timedelta(seconds=-1))
        with pytest.raises(services_address.LinkClosed, match="for gammelt"):
            services_address.confirm_address(token, consultant)
    consultant.set_password("et-helt-andet-kodeord")
    consultant.save()
    with pytest.raises(services_address.LinkClosed, match="skiftet adgangskode"):
        services_address.confirm_address(token, consultant)


def test_an_address_that_got_its_own_account_meanwhile_stays_there(known: Client, consultant: User) -> None:
    old = consultant.email
    ask_for(known)
    other = user_as(Role.FIRM, email=NEW)
    page = known.post(link_in(letter_to(NEW)), follow=True).content.decode()
    assert "Din adresse er ikke ændret" in page
    consultant.refresh_from_db()
    assert (consultant.email, User.objects.get(email=NEW)) == (old, other)


def test_the_old_address_opens_the_account_no_longer(
    known: Client, consultant: User, mailoutbox: list[object]
) -> None:
    old = consultant.email
    EmailAddress.objects.create(user=consultant, email=old, verified=True, primary=True)
    ask_for(known)
    known.post(link_in(letter_to(NEW)))
    mailoutbox.clear()
    Client().post(reverse("account_reset_password"), {"email": old})
    assert mailoutbox == []
    Client().post(reverse("account_reset_password"), {"email": NEW})
    assert len(mailoutbox) == 1


def test_ones_own_address_and_what_is_none_are_told_on_the_form(known: Client, consultant: User) -> None:
    assert "din konto har i forvejen" in ask_for(known, consultant.email.upper())
    assert "Skriv en hel e-mail" in ask_for(known, "ikke en adresse")
    assert not Letter.objects.exists()


def test_nobody_has_us_write_to_one_address_after_the_other(known: Client) -> None:
    for number in range(5):
        ask_for(known, f"fremmed{number}@example.invalid")
    assert known.post(PAGE, {"email": "fremmed9@example.invalid"}).status_code == 429
    assert Letter.objects.count() == 5


def test_the_offices_record_of_the_person_follows_unless_it_has_another_address(operator: Operator) -> None:
    user = firm_user(OrganisationFactory(operator=operator))
    elsewhere = firm_user(OrganisationFactory(operator=OperatorFactory()))
    mine, theirs = user.people.get(), elsewhere.people.get()
    mine.email, theirs.email = user.email, "privat@example.invalid"
    theirs.user = user
    for person in (mine, theirs):
        person.save()
    token = services_address._link(user, NEW).split("/")[-2]
    services_address.confirm_address(token, user)
    for person in (mine, theirs):
        person.refresh_from_db()
    assert (mine.email, theirs.email) == (NEW, "privat@example.invalid")
