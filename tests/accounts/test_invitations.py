# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
import re

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from brobygger.accounts import services
from brobygger.accounts.models import Invitation, Membership, Role
from brobygger.base.models import Letter
from brobygger.register.models import Affiliation, Organisation
from tests.factories import OperatorFactory, OrganisationFactory, firm_user, user_as

pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture
def admin(operator):
    return user_as(Role.ADMIN, operator)


def test_an_invited_person_makes_an_account_and_is_in(client, operator, admin, sign_in):
    sign_in(admin).post(
        "/kontor/inviter/", {"email": "Ny@example.invalid", "name": "Ny Person", "role": Role.HEAD}
    )
    link = re.search(r"/kontor/invitation/\S+", Letter.objects.get().body).group()
    assert "inviterer dig" in client.get(link).content.decode()

    answer = client.post(link, {"name": "Ny Person", "password": "et-godt-langt-kodeord"})

    assert answer.status_code == 302
    user = User.objects.get(email="ny@example.invalid")
    assert user.roles == {operator.pk: frozenset({Role.HEAD})}
    assert client.get("/i-dag/").status_code == 200
    assert client.get(link).status_code == 410


def test_a_weak_password_is_refused_in_words_and_the_name_is_kept(client, operator, admin):
    invitation = services.invite(operator, "ny@example.invalid", Role.FIRM, admin)
    answer = client.post(f"/kontor/invitation/{invitation.token}/", {"name": "Ny Person", "password": "123"})
    page = answer.content.decode()
    assert "Ny Person" in page
    assert "Mindst 10 tegn" in page
    assert not User.objects.filter(email="ny@example.invalid").exists()
    assert Invitation.objects.get().is_open


def test_a_person_with_an_account_signs_in_before_accepting(client, operator, admin, sign_in):
    other = user_as(Role.CONSULTANT, OperatorFactory())
    invitation = services.invite(operator, other.email, Role.PARTNER, admin)
    link = f"/kontor/invitation/{invitation.token}/"
    assert "/konto/login/" in client.get(link)["Location"]

    signed_in = sign_in(other)
    assert signed_in.get(link).status_code == 200
    signed_in.post(link)

    assert Membership.objects.filter(user=other, operator=operator, role=Role.PARTNER).exists()


def test_somebody_else_cannot_accept_an_invitation_to_an_account(operator, admin, sign_in):
    owner, stranger = user_as(Role.CONSULTANT), user_as(Role.FIRM)
    invitation = services.invite(operator, owner.email, Role.HEAD, admin)
    link, browser = f"/kontor/invitation/{invitation.token}/", sign_in(stranger)
    assert browser.post(link).status_code == 403
    page = browser.get(link, follow=True).content.decode()  # not sent round in a ring with the sign-in
    assert f"Den er til {owner.email}" in page
    assert operator.pk not in User.objects.get(pk=stranger.pk).roles


def test_a_withdrawn_or_old_link_is_dead(client, operator, admin):
    withdrawn = services.invite(operator, "a@example.invalid", Role.FIRM, admin)
    services.withdraw(withdrawn, admin)
    old = services.invite(operator, "b@example.invalid", Role.FIRM, admin)
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    for invitation in (withdrawn, old):
        assert client.get(f"/kontor/invitation/{invitation.token}/").status_code == 410


def test_a_consultant_may_not_invite_a_new_head(as_consultant):
    answer = as_consultant.post("/kontor/inviter/", {"email": "x@example.invalid", "role": Role.HEAD})
    assert answer.status_code == 200
    assert not Invitation.objects.exists()


def test_a_consultant_takes_back_only_what_a_consultant_may_invite_to(operator, admin, as_consultant):
    head = services.invite(operator, "chef@example.invalid", Role.HEAD, admin)
    firm = services.invite(operator, "firma@example.invalid", Role.FIRM, admin)
    page = as_consultant.get("/kontor/").content.decode()
    for invitation, status in ((head, 404), (firm, 302)):
        address = f"/kontor/invitationer/{invitation.pk}/tilbage/"
        assert (address in page) is (status == 302)
        assert as_consultant.post(address).status_code == status
        invitation.refresh_from_db()
        assert invitation.is_open is (status == 404)


def test_inviting_twice_says_so(operator, admin):
    services.invite(operator, "a@example.invalid", Role.FIRM, admin)
    with pytest.raises(services.AlreadyInvited):
        services.invite(operator, "A@example.invalid", Role.FIRM, admin)


def test_the_last_administrator_stays(operator, admin, sign_in):
    membership = Membership.objects.get(user=admin)
    sign_in(admin).post(f"/kontor/adgang/{membership.pk}/luk/")
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_access_is_closed_after_asking_and_noted(operator, admin, consultant, sign_in):
    membership = Membership.objects.get(user=consultant)
    client = sign_in(admin)
    assert "Luk adgangen" in client.get(f"/kontor/adgang/{membership.pk}/luk/").content.decode()
    client.post(f"/kontor/adgang/{membership.pk}/luk/")
    assert not Membership.objects.filter(pk=membership.pk).exists()
    assert "Lukkede adgang" in client.get("/kontor/revisionsspor/").content.decode()


def test_another_offices_people_are_not_found(as_consultant, admin, sign_in):
    elsewhere = Membership.objects.get(user=user_as(Role.CONSULTANT))
    assert sign_in(admin).get(f"/kontor/adgang/{elsewhere.pk}/luk/").status_code == 404


def test_a_firms_user_whose_access_is_closed_acts_for_nobody(operator, admin):
    user = firm_user(OrganisationFactory(operator=operator))
    services.end_membership(Membership.objects.get(user=user), admin)
    assert not Organisation.objects.acted_for_by(user).exists()
    assert Affiliation.objects.filter(person__user=user).exists()
