# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Between two offices the receiver has the snapshot and nothing else, answers, and the sender sees the answer."""

from __future__ import annotations

import pytest

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.models import Letter
from brobygger.dialogue.models import FollowUp
from brobygger.guidance.errors import NotYourOffice, ReceiverAnswers
from brobygger.guidance.models import Partner, Referral
from brobygger.guidance.services.answers import Answer, answer
from brobygger.guidance.services.referrals import delete, send, withdraw
from brobygger.register.models import Affiliation, Organisation, Person
from tests.dialogue.made import talk
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, user_as
from tests.guidance.made import aid, day, wish

State = Referral.State
SECRETS = ("Pres naboen", "Kun for os", "Intern vurdering", "anden@example.invalid", "Hemmeligfonden")


@pytest.fixture
def neighbour() -> Operator:
    return OperatorFactory(name="Nabokontoret")


@pytest.fixture
def colleague(neighbour: Operator) -> User:
    return user_as(Role.CONSULTANT, neighbour)


@pytest.fixture
def firm(operator: Operator, consultant: User) -> Organisation:
    made = OrganisationFactory(operator=operator, name="Bryggeriet")
    talk(made, consultant, text="Intern vurdering")
    aid(made, consultant, grantor="Hemmeligfonden")
    for name, email in (("Bodil Prøve", "bodil@example.invalid"), ("Anden Prøve", "anden@example.invalid")):
        person = PersonFactory(operator=operator, name=name, email=email)
        Affiliation.objects.create(person=person, organisation=made)
    return made


@pytest.fixture
def sent(firm: Organisation, neighbour: Operator, consultant: User) -> Referral:
    bodil = Person.objects.get(name="Bodil Prøve")
    shared = talk(firm, consultant, text="De flytter til jer", private=False)
    talk(firm, consultant, text="Kun for os")
    return send(
        firm.operator,
        wish(organisation=firm, office=neighbour, contact=bodil, notes=[shared], note="Pres naboen"),
        user=consultant,
    )


@pytest.fixture
def theirs(sent: Referral, neighbour: Operator) -> Referral:
    return Referral.objects.get(operator=neighbour)


def test_the_receiver_has_a_record_of_its_own_with_the_snapshot(sent: Referral, theirs: Referral) -> None:
    assert (theirs.direction, theirs.state, theirs.shared) == ("in", State.SENT, sent.shared)
    assert [piece["text"] for piece in theirs.shared][0] == "Bryggeriet"
    assert (theirs.organisation, theirs.person, theirs.consultant, theirs.note, theirs.letter, theirs.follow_up) == (
        None, None, None, "", None, None,
    )  # fmt: skip
    assert theirs.partner is not None
    assert theirs.partner.office == sent.operator


def test_what_changes_afterwards_at_the_sender_is_not_seen(
    sent: Referral, theirs: Referral, firm: Organisation
) -> None:
    firm.name = "Nyt hemmeligt navn"
    firm.save()
    theirs.refresh_from_db()
    assert theirs.who == "Bryggeriet"


def test_the_letter_tells_only_where_to_look(sent: Referral, neighbour: Operator, theirs: Referral) -> None:
    letter = Letter.objects.get()
    assert letter.to == [neighbour.email]
    assert f"/henvisninger/{theirs.pk}/" in letter.body
    assert not any(word in letter.body for word in ("Bryggeriet", "Bodil", "kedel"))


def test_an_attacker_at_the_receiver_finds_nothing_more(
    sent: Referral, theirs: Referral, colleague: User, firm: Organisation, sign_in
) -> None:
    browser = sign_in(colleague)
    shown = browser.get(f"/henvisninger/{theirs.pk}/").content.decode()
    assert "De flytter til jer" in shown
    assert "bodil@example.invalid" in shown
    addresses = [
        f"/henvisninger/{theirs.pk}/", "/henvisninger/?retning=ind", "/henvisninger/regneark/?retning=ind", "/henvisninger/",
        "/partnere/", f"/partnere/{theirs.partner_id}/", "/vejledning/", f"/henvisninger/?virksomhed={firm.pk}",
        f"/henvisninger/ny/?virksomhed={firm.pk}", "/ordninger/", "/de-minimis/", "/i-dag/",
    ]  # fmt: skip
    for address in addresses:
        answered = browser.get(address)
        content = answered.getvalue() if answered.streaming else answered.content
        text = content.decode("utf-8", errors="replace")
        assert not any(secret in text for secret in SECRETS), address
        assert firm.get_absolute_url() not in text, address
    hidden = [
        f"/henvisninger/{sent.pk}/", f"/henvisninger/{sent.pk}/svar/", f"/henvisninger/{sent.pk}/slet/",
        f"/henvisninger/{sent.pk}/traek-tilbage/", f"/henvisninger/{sent.pk}/note/", firm.get_absolute_url(),
        f"/ordninger/virksomhed/{firm.pk}/", f"/de-minimis/virksomhed/{firm.pk}/", f"/partnere/{sent.partner_id}/",
    ]  # fmt: skip
    for address in hidden:
        assert browser.get(address).status_code == 404, address
        assert browser.post(address, {"state": "result", "result": "x"}).status_code == 404, address
    assert not Referral.objects.visible_to(colleague).filter(pk=sent.pk).exists()


def test_the_sender_sees_the_answer_and_is_told(
    sent: Referral, theirs: Referral, colleague: User, consultant: User
) -> None:
    taken = answer(theirs, Answer(State.IN_PROGRESS), user=colleague, expected=1)
    sent.refresh_from_db()
    assert (sent.state, sent.answered_on) == (State.IN_PROGRESS, day())
    assert FollowUp.objects.get().is_done
    assert Letter.objects.filter(to=[consultant.email], subject="Svar på en henvisning").count() == 1
    answer(taken, Answer(State.RESULT, result="Lokale fundet", result_jobs=3), user=colleague, expected=2)
    sent.refresh_from_db()
    assert (sent.state, sent.result, sent.result_jobs) == (State.RESULT, "Lokale fundet", 3)


def test_the_sender_cannot_answer_for_the_receiver(sent: Referral, consultant: User) -> None:
    with pytest.raises(ReceiverAnswers):
        answer(sent, Answer(State.RESULT, result="Opdigtet"), user=consultant, expected=sent.version)


def test_neither_office_may_touch_the_others_record(
    sent: Referral, theirs: Referral, consultant: User, colleague: User
) -> None:
    with pytest.raises(NotYourOffice):
        answer(theirs, Answer(State.RESULT, result="x"), user=consultant, expected=1)
    with pytest.raises(NotYourOffice):
        withdraw(sent, user=colleague, expected=1)


def test_withdrawn_consent_reaches_the_receiver(sent: Referral, theirs: Referral, consultant: User) -> None:
    withdraw(sent, user=consultant, expected=sent.version)
    theirs.refresh_from_db()
    assert (theirs.state, theirs.shared, theirs.email) == (State.WITHDRAWN, [], "")
    assert not any(
        word in f"{list(Referral.objects.filter(pk=theirs.pk).values())}"
        for word in ("Bodil", "kedel", "Bryggeriet")
    )


def test_deleting_ones_own_record_takes_back_what_was_not_finished(
    sent: Referral, theirs: Referral, consultant: User
) -> None:
    delete(sent, user=consultant)
    theirs.refresh_from_db()
    assert (theirs.state, theirs.shared, theirs.counterpart) == (State.WITHDRAWN, [], None)


def test_each_office_gets_the_other_as_a_partner_once(
    sent: Referral, firm: Organisation, neighbour: Operator, consultant: User
) -> None:
    send(firm.operator, wish(organisation=firm, office=neighbour), user=consultant)
    assert Partner.objects.filter(operator=firm.operator).count() == 1
    assert Partner.objects.filter(operator=neighbour).count() == 1
