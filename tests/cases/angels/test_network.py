# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm looks for capital: the network reads a profile, and those whom it suits a prospectus (catalogue of good practice, case 5)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Membership, Role
from brobygger.base.models import Letter
from brobygger.blueprints import services as blueprints
from brobygger.cases.angels import services
from brobygger.cases.angels.errors import AngelAlready, AnsweredAlready, NotAPartner
from brobygger.cases.angels.models import Angel, Sending
from brobygger.cases.angels.queries import unanswered
from brobygger.cases.errors import NotReady, NotYours
from brobygger.cases.models import Case
from brobygger.cases.services import contents, opening
from brobygger.cases.services.moving import move
from brobygger.register.models import Affiliation
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, firm_user, user_as

PROFILE = "Vi laver vinduer af gammelt glas. " * 100  # about a page and a half


@pytest.fixture
def firm(operator):
    return OrganisationFactory(operator=operator, industry="231200")


@pytest.fixture
def case(operator, consultant, firm) -> Case:
    blueprints.adopt_shipped(operator, "case_type", "angel_capital", user=None)
    values = {"amount": 1_000_000, "profile": PROFILE}
    return opening.open_case(
        operator, "angel_capital", title="Glas igen", user=consultant, organisation=firm, values=values
    )


@pytest.fixture
def angels(operator, consultant):
    """One for all, one for glass, one for bread, one for smaller sums."""
    wishes = ({}, {"industries": "23"}, {"industries": "10"}, {"most": Decimal(500_000)})
    return [
        services.join(operator, user_as(Role.PARTNER, operator), user=consultant, **wish) for wish in wishes
    ]


def fresh(case):
    return Case.objects.get(pk=case.pk)


def go(case, key, user, **more):
    return move(fresh(case), key, user=user, expected=fresh(case).version, **more)


def fill(case, user, **values):
    return contents.fill_in(fresh(case), values, user=user, expected=fresh(case).version)


def sent(what):
    return set(Sending.objects.filter(what=what).values_list("angel_id", flat=True))


def say(case, angel, answer, what="profile"):
    return services.answer(Sending.objects.get(case=case, angel=angel, what=what), answer, user=angel.user)


def test_the_profile_to_all_and_the_prospectus_to_those_whom_it_suits(case, consultant, angels):
    go(case, "send_profile", consultant)
    assert sent("profile") == {angel.pk for angel in angels}
    assert Letter.objects.count() == 4
    assert all(PROFILE[:20] not in letter.body for letter in Letter.objects.all())  # read after signing in
    for angel, answer in zip(angels, ("yes", "yes", "yes", "yes"), strict=True):
        say(case, angel, answer)
    fill(case, consultant, meeting=timezone.localdate())
    go(case, "met", consultant)
    fill(case, consultant, prospectus="Planen efter mødet")
    go(case, "send_prospectus", consultant)
    assert sent("prospectus") == {angels[0].pk, angels[1].pk}
    fill(case, consultant, invested=800_000)
    go(case, "invest", consultant)
    assert fresh(case).outcome == "granted"
    steps = [event.name for event in fresh(case).timeline if event.kind == "other"]
    assert (steps.count("profile_sent"), steps.count("prospectus_sent")) == (4, 2)


def test_whoever_said_no_or_nothing_gets_no_prospectus(case, consultant, angels):
    go(case, "send_profile", consultant)
    say(case, angels[0], "no")
    say(case, angels[1], "yes")
    fill(case, consultant, meeting=timezone.localdate(), prospectus="Planen")
    go(case, "met", consultant)
    go(case, "send_prospectus", consultant)
    assert sent("prospectus") == {angels[1].pk}


@pytest.mark.parametrize(("length", "fits"), [(2399, False), (2400, True), (4800, True), (4801, False)])
def test_a_profile_is_one_to_two_pages(case, consultant, angels, length, fits):
    fill(case, consultant, profile="x" * length)
    if fits:
        go(case, "send_profile", consultant)
    else:
        with pytest.raises(NotReady) as told:
            go(case, "send_profile", consultant)
        assert "1-2" in told.value.missing[0]
        assert not Sending.objects.exists()


def test_no_meeting_without_somebody_who_wants_it(case, consultant, angels):
    go(case, "send_profile", consultant)
    fill(case, consultant, meeting=timezone.localdate())
    with pytest.raises(NotReady):
        go(case, "met", consultant)


def test_an_angel_with_a_stake_in_the_firm_is_sent_nothing(case, consultant, angels, operator, firm):
    person = PersonFactory(operator=operator, user=angels[1].user)
    Affiliation.objects.create(person=person, organisation=firm)
    go(case, "send_profile", consultant)
    assert angels[1].pk not in sent("profile")


def test_an_angel_sees_what_was_sent_as_it_was_and_nothing_else(case, consultant, angels, sign_in):
    go(case, "send_profile", consultant)
    fill(case, consultant, profile="Noget helt andet " * 200)
    browser = sign_in(angels[1].user)
    mine = Sending.objects.get(angel=angels[1])
    page = browser.get(reverse("angels:sending", args=[mine.pk])).content.decode()
    assert "vinduer af gammelt glas" in page
    assert "helt andet" not in page
    assert "Glas igen" in browser.get(reverse("angels:sent_to_me")).content.decode()
    others = Sending.objects.get(angel=angels[0])
    assert browser.get(reverse("angels:sending", args=[others.pk])).status_code == 404
    posted = browser.post(reverse("angels:sending", args=[others.pk]), {"answer": "yes"})
    assert posted.status_code == 404
    assert not Case.objects.visible_to(angels[1].user).exists()
    assert browser.get(reverse("cases:case", args=[case.pk])).status_code in (403, 404)
    assert browser.get(reverse("angels:angels")).status_code == 403
    mine.refresh_from_db()
    assert mine.opened_at is not None


def test_an_angel_answers_on_the_page_until_the_case_goes_on(case, consultant, angels, sign_in):
    go(case, "send_profile", consultant)
    mine = Sending.objects.get(angel=angels[1])
    browser = sign_in(angels[1].user)
    browser.post(reverse("angels:sending", args=[mine.pk]), {"answer": "yes", "note": "Spændende"})
    mine.refresh_from_db()
    assert (mine.answer, mine.note) == ("yes", "Spændende")
    go(case, "no_takers", consultant, reason="Ombestemte sig")
    with pytest.raises(AnsweredAlready):
        services.answer(mine, "no", user=angels[1].user)


def test_somebody_who_is_a_partner_no_longer_reads_nothing(case, consultant, angels, sign_in):
    go(case, "send_profile", consultant)
    mine = Sending.objects.get(angel=angels[1])
    Membership.objects.filter(user=angels[1].user).delete()
    fresh_user = type(angels[1].user).objects.get(pk=angels[1].user.pk)
    assert not Sending.objects.sent_to(fresh_user).exists()
    with pytest.raises(NotYours):
        services.answer(mine, "yes", user=fresh_user)


def test_only_partners_join_once_and_only_the_office_lets_them(operator, consultant, angels):
    with pytest.raises(NotAPartner):
        services.join(operator, user_as(Role.CONSULTANT, operator), user=consultant)
    with pytest.raises(AngelAlready):
        services.join(operator, angels[0].user, user=consultant)
    for person in (angels[0].user, user_as(Role.CONSULTANT, OperatorFactory())):
        with pytest.raises(NotYours):
            services.join(operator, user_as(Role.PARTNER, operator), user=person)


def test_the_office_adds_and_corrects_on_its_pages(as_consultant, operator):
    partner = user_as(Role.PARTNER, operator, name="Prøve Engel")
    typed = {
        "person": partner.pk,
        "industries": "Fremstilling af fødevarer, 62",
        "least": "100.000",
        "most": "",
        "active": "on",
    }
    page = as_consultant.post(reverse("angels:join"), typed, follow=True).content.decode()
    assert "Prøve Engel" in page
    angel = Angel.objects.get()
    assert (angel.least, angel.industries) == (100_000, "10, 62")
    assert "Fremstilling af fødevarer (10)" in page
    address = reverse("angels:angel", args=[angel.pk])
    wrong = as_consultant.post(
        address, {"industries": "00, mad", "opened_version": angel.version}
    ).content.decode()
    assert "Ingen branchekode begynder med" in wrong
    as_consultant.post(address, {"industries": "10", "opened_version": angel.version})
    angel.refresh_from_db()
    assert (angel.industries, angel.active) == ("10", False)
    assert as_consultant.post(address, {"industries": "62", "opened_version": 1}).status_code == 409


def test_a_firm_writes_its_own_profile(case, operator, firm, consultant):
    borrower = firm_user(firm)
    contents.fill_in(fresh(case), {"profile": "Vores egne ord"}, user=borrower, expected=fresh(case).version)
    assert fresh(case).value("profile") == "Vores egne ord"
    with pytest.raises(NotYours):
        contents.fill_in(fresh(case), {"invested": 5}, user=borrower, expected=fresh(case).version)


def test_the_menu_and_the_own_page_lead_to_what_was_sent_where_there_is_any(
    case, consultant, angels, sign_in, operator, firm
):
    own, mine = reverse("portal:own"), reverse("angels:sent_to_me")
    go(case, "send_profile", consultant)
    angel = sign_in(angels[1].user)
    page = angel.get(own).content.decode()
    assert "Sendt til mig" in page
    assert "venter på dit svar" in page
    sending = Sending.objects.get(angel=angels[1])
    angel.post(reverse("angels:sending", args=[sending.pk]), {"answer": "yes"})
    assert "Ingen profiler eller prospekter venter på dit svar" in angel.get(own).content.decode()
    assert mine in angel.get(own).content.decode()
    for other in (user_as(Role.PARTNER, operator), firm_user(firm), consultant):
        assert f'href="{mine}"' not in sign_in(other).get(own, follow=True).content.decode()
    Membership.objects.filter(user=angels[1].user).update(operator=OperatorFactory())
    assert f'href="{mine}"' not in angel.get(own).content.decode()


def test_what_can_no_longer_be_answered_does_not_wait(case, consultant, angels, sign_in):
    go(case, "send_profile", consultant)
    assert [sending.case for sending in unanswered(angels[0].user)] == [case]
    go(case, "withdraw", consultant, reason="Solgt")
    assert not unanswered(angels[0].user)
    assert "Glas igen" in sign_in(angels[0].user).get(reverse("angels:sent_to_me")).content.decode()


def test_an_angel_who_is_partial_reads_the_profile_no_longer(case, consultant, angels, sign_in):
    go(case, "send_profile", consultant)
    contents.recuse(fresh(case), angels[0].user, user=consultant, reason="Svoger")
    client = sign_in(angels[0].user)
    sending = Sending.objects.get(angel=angels[0])
    assert client.get(reverse("angels:sending", args=[sending.pk])).status_code == 404
    assert "Glas igen" not in client.get(reverse("angels:sent_to_me")).content.decode()
    assert not unanswered(angels[0].user)
