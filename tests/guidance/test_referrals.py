# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Referring a firm or an entrepreneur: only with consent, only what was chosen, followed to what came of it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue.models import FollowUp
from brobygger.guidance.errors import BadValues, NotReachable, NotYourOffice
from brobygger.guidance.models import Partner, Referral
from brobygger.guidance.services.answers import Answer, answer
from brobygger.guidance.services.referrals import change_note, delete, note_received, send, withdraw
from brobygger.register.models import Affiliation, Organisation, Person
from brobygger.register.services_people import erase_person
from tests.dialogue.made import talk
from tests.factories import OrganisationFactory, PersonFactory, firm_user, user_as
from tests.guidance.made import consent, day, partner, scheme, wish

State = Referral.State


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Bryggeriet", employees=14)


@pytest.fixture
def contact(firm: Organisation) -> Person:
    person = PersonFactory(
        operator=firm.operator, name="Bodil Prøve", email="bodil@example.invalid", phone="12345678"
    )
    Affiliation.objects.create(person=person, organisation=firm)
    return person


@pytest.fixture
def bank(operator: Operator, consultant: User) -> Partner:
    return partner(operator, consultant)


def test_a_firm_is_referred_with_a_letter_and_a_reminder(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    open_talk = talk(firm, consultant, text="De mangler en kedel", private=False)
    sent = send(
        firm.operator,
        wish(organisation=firm, partner=bank, contact=contact, notes=[open_talk], note="Pres banken"),
        user=consultant,
    )
    letter = Letter.objects.get()
    assert letter.to == ["bank@example.invalid"]
    for shared in (
        "Bryggeriet",
        "ny kedel",
        "Bodil Prøve, 12345678, bodil@example.invalid",
        "De mangler en kedel",
        "14",
    ):
        assert shared in letter.body
    assert "Pres banken" not in letter.body
    assert (sent.state, sent.letter, sent.consultant) == (State.SENT, letter, consultant)
    step = FollowUp.objects.get()
    assert (step.organisation, step.due_on, step.assignee) == (firm, day(14), consultant)
    assert sent.follow_up == step


def test_only_what_was_chosen_is_shared(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    sent = send(firm.operator, wish(organisation=firm, partner=bank, facts=False), user=consultant)
    assert [piece["text"] for piece in sent.shared] == ["Bryggeriet", "De vil låne til en ny kedel"]
    body = Letter.objects.get().body
    assert not any(secret in body for secret in ("12345678", str(firm.cvr), firm.address))


def test_an_entrepreneur_without_a_firm_can_be_referred(
    operator: Operator, bank: Partner, consultant: User
) -> None:
    sent = send(
        operator,
        wish(name="Ida Prøve", email="ida@example.invalid", partner=bank, copy=True),
        user=consultant,
    )
    assert (sent.who, sent.organisation, sent.follow_up) == ("Ida Prøve", None, None)
    assert [letter.to for letter in Letter.objects.order_by("created_at")] == [
        ["bank@example.invalid"], ["ida@example.invalid"],
    ]  # fmt: skip


def test_to_a_scheme_the_letter_goes_to_the_schemes_own_address(firm: Organisation, consultant: User) -> None:
    with_address = scheme(firm.operator, contact={"email": "pulje@example.invalid"})
    send(firm.operator, wish(organisation=firm, scheme=with_address), user=consultant)
    assert Letter.objects.get().to == ["pulje@example.invalid"]
    without = send(
        firm.operator, wish(organisation=firm, scheme=scheme(firm.operator, "uden")), user=consultant
    )
    assert without.letter is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"consent": consent(by=" ")}, "consent_by"),
        ({"consent": consent(how="")}, "consent_how"),
        ({"consent": consent(on=day(1))}, "consent_on"),
        ({"consent": consent(on=day(-400))}, "consent_on"),
        ({"about": "\x00 "}, "about"),
        ({"about": "x" * 4001}, "about"),
        ({"partner": None}, "target"),
    ],
)
def test_nothing_is_sent_without_consent_or_with_bad_values(
    firm: Organisation, bank: Partner, consultant: User, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadValues) as told:
        send(firm.operator, wish(**{"organisation": firm, "partner": bank, **values}), user=consultant)
    assert field in told.value.faults
    assert not Referral.objects.exists()
    assert not Letter.objects.exists()


def test_the_database_itself_holds_no_referral_without_consent(firm: Organisation, bank: Partner) -> None:
    row = {"operator": firm.operator, "direction": "out", "partner": bank, "who": "x", "about": "x",
           "consent_on": day(), "consent_how": "spoken", "consent_by": "B"}  # fmt: skip
    for change in ({"consent_by": ""}, {"consent_how": ""}, {"partner": None}, {"consent_on": None},
                   {"state": "not_relevant"}, {"state": "result"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.create(**{**row, **change})


def test_an_entrepreneur_must_be_possible_to_find(
    operator: Operator, bank: Partner, consultant: User
) -> None:
    with pytest.raises(BadValues) as told:
        send(operator, wish(name="Ida Prøve", partner=bank), user=consultant)
    assert told.value.faults.keys() == {"email"}


def test_no_private_note_and_nobody_elses_record_is_shared(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    other = OrganisationFactory(operator=firm.operator)
    private = talk(firm, consultant, text="Intern", private=True)
    about_others = talk(other, consultant, text="En anden", private=False)
    about_both = talk(firm, consultant, text="Begge", private=False, organisations=[firm, other])
    stranger = PersonFactory(operator=firm.operator)
    refused: list[dict[str, Any]] = [
        {"notes": [private]}, {"notes": [about_others]}, {"notes": [about_both]}, {"contact": stranger},
    ]  # fmt: skip
    for values in refused:
        with pytest.raises(BadValues):
            send(firm.operator, wish(organisation=firm, partner=bank, **values), user=consultant)
    foreign: list[dict[str, Any]] = [
        {"organisation": OrganisationFactory(), "partner": bank},
        {"organisation": firm, "partner": partner(other_office := OrganisationFactory().operator,
                                                  user_as(Role.HEAD, other_office))},
        {"organisation": firm, "scheme": scheme(OrganisationFactory().operator)},
    ]  # fmt: skip
    for values in foreign:
        with pytest.raises(NotYourOffice):
            send(firm.operator, wish(**values), user=consultant)
    assert not Referral.objects.exists()


def test_only_consultants_and_heads_of_the_office_refer(
    firm: Organisation, bank: Partner, consultant: User
) -> None:
    sent = send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    for stranger in (firm_user(firm), user_as(Role.ADMIN, firm.operator), user_as(Role.HEAD)):
        for act in (
            lambda who: send(firm.operator, wish(organisation=firm, partner=bank), user=who),
            lambda who: note_received(firm.operator, wish(organisation=firm, partner=bank), user=who),
            lambda who: answer(sent, Answer(State.RECEIVED), user=who, expected=1),
            lambda who: withdraw(sent, user=who, expected=1),
            lambda who: change_note(sent, note="x", consultant=None, user=who, expected=1),
            lambda who: delete(sent, user=who),
        ):
            with pytest.raises(NotYourOffice):
                act(stranger)


def test_pressing_the_button_twice_sends_once(firm: Organisation, bank: Partner, consultant: User) -> None:
    key = uuid.uuid4()
    twice = [
        send(firm.operator, wish(organisation=firm, partner=bank), user=consultant, entry_key=key)
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert (Letter.objects.count(), FollowUp.objects.count()) == (1, 1)


# What came of it --------------------------------------------------------------------------------------


def test_it_is_followed_to_a_result_and_the_reminder_is_done(
    firm: Organisation, bank: Partner, consultant: User
) -> None:
    sent = send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    for state in (State.RECEIVED, State.IN_PROGRESS):
        sent = answer(sent, Answer(state), user=consultant, expected=sent.version)
    assert sent.answered_on == day()
    sent = answer(
        sent, Answer(State.RESULT, result="Lån til kedlen", result_dkk=400_000, result_jobs=2), user=consultant,
        expected=sent.version,
    )  # fmt: skip
    assert (sent.state, sent.result_dkk, sent.result_jobs) == (State.RESULT, 400_000, 2)
    assert FollowUp.objects.get().is_done


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer(State.RESULT), "result"),
        (Answer(State.RESULT, result="Lån", result_dkk=-1), "result_dkk"),
        (Answer(State.RESULT, result="Lån", result_jobs=-1), "result_jobs"),
        (Answer(State.NOT_RELEVANT, why="  "), "why"),
    ],
)
def test_an_answer_says_enough(
    firm: Organisation, bank: Partner, consultant: User, given: Answer, field: str
) -> None:
    sent = send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    with pytest.raises(BadValues) as told:
        answer(sent, given, user=consultant, expected=1)
    assert told.value.faults.keys() == {field}


def test_it_cannot_go_backwards_or_to_nowhere(firm: Organisation, bank: Partner, consultant: User) -> None:
    sent = send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    for state in ("withdrawn", "sent", "x"):
        with pytest.raises(NotReachable):
            answer(sent, Answer(state), user=consultant, expected=1)
    declined = answer(sent, Answer(State.NOT_RELEVANT, why="For små"), user=consultant, expected=1)
    with pytest.raises(NotReachable):
        answer(declined, Answer(State.RECEIVED), user=consultant, expected=2)
    again = answer(declined, Answer(State.IN_PROGRESS), user=consultant, expected=2)
    assert again.why == ""


def test_of_two_who_answer_at_once_the_second_is_told(
    firm: Organisation, bank: Partner, consultant: User
) -> None:
    sent = send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    answer(sent, Answer(State.IN_PROGRESS), user=consultant, expected=1)
    with pytest.raises(EditedMeanwhile):
        answer(sent, Answer(State.NOT_RELEVANT, why="x"), user=consultant, expected=1)


def test_what_a_partner_refers_to_us_is_noted_and_followed(
    firm: Organisation, bank: Partner, consultant: User
) -> None:
    came = note_received(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    assert (came.direction, came.state) == ("in", State.RECEIVED)
    assert not Letter.objects.exists()
    done = answer(came, Answer(State.RESULT, result="Fandt en mentor"), user=consultant, expected=1)
    assert done.state == State.RESULT


# Taking back and deleting -----------------------------------------------------------------------------


def test_withdrawn_consent_erases_what_was_shared(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    sent = send(firm.operator, wish(organisation=firm, partner=bank, contact=contact), user=consultant)
    taken = withdraw(sent, user=consultant, expected=1)
    taken.refresh_from_db()
    assert (taken.state, taken.shared, taken.email, taken.phone, taken.person) == (
        State.WITHDRAWN,
        [],
        "",
        "",
        None,
    )
    assert "kedel" not in taken.about
    assert not FollowUp.objects.exists()
    with pytest.raises(NotReachable):
        withdraw(taken, user=consultant, expected=taken.version)


def test_a_letter_that_has_not_left_does_not_when_the_consent_is_withdrawn(
    operator: Operator, bank: Partner, consultant: User
) -> None:
    sent = send(operator, wish(name="Ida Prøve", phone="12345678", partner=bank), user=consultant)
    withdraw(sent, user=consultant, expected=1)
    assert not Letter.objects.exists()


def test_whoever_got_the_letter_is_told_that_the_consent_is_withdrawn_and_its_text_is_erased_here(
    operator: Operator, bank: Partner, consultant: User
) -> None:
    sent = send(operator, wish(name="Ida Prøve", phone="12345678", partner=bank), user=consultant)
    Letter.objects.update(state=Letter.State.SENT)
    withdraw(sent, user=consultant, expected=1)
    first, told = Letter.objects.order_by("created_at")
    assert first.body == "(trukket tilbage)"
    assert told.to == [bank.email]
    assert "Samtykket til, at vi henviste Ida Prøve til jer" in told.body
    assert "12345678" not in told.body


def test_the_copy_loses_its_text_too_or_does_not_leave(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    wanted = wish(organisation=firm, partner=bank, contact=contact, copy=True)
    for state in (Letter.State.WAITING, Letter.State.SENT):
        sent = send(firm.operator, wanted, user=consultant)
        copy = Letter.objects.get(to=[contact.email])
        assert sent.copy_letter == copy
        assert "bodil@" in copy.body
        Letter.objects.update(state=state)
        withdraw(sent, user=consultant, expected=1)
        assert list(Letter.objects.filter(pk=copy.pk).values_list("body", flat=True)) == (
            ["(trukket tilbage)"] if state == Letter.State.SENT else []
        )
    assert Letter.objects.filter(subject__contains="trukket tilbage").count() == 1


def as_before_copies_were_linked() -> None:
    """Copies without a link to their referral, through the migration that finds it."""
    Referral.objects.update(copy_letter=None)
    import_module("brobygger.guidance.migrations.0004_copies_sent_before").copies_sent_before(apps, None)


def test_a_copy_from_before_they_were_linked_is_found_again(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    other = OrganisationFactory(operator=firm.operator, name="Mejeriet", email="mejeri@example.invalid")
    both = [
        send(firm.operator, wish(organisation=one, partner=bank, copy=True, **more), user=consultant)
        for one, more in ((firm, {"contact": contact}), (other, {}))
    ]
    as_before_copies_were_linked()
    for sent, address in zip(both, ("bodil@example.invalid", "mejeri@example.invalid"), strict=True):
        sent.refresh_from_db()
        assert sent.copy_letter
        assert sent.copy_letter.to == [address]
        Letter.objects.update(state=Letter.State.SENT)
        withdraw(sent, user=consultant, expected=1)
        sent.copy_letter.refresh_from_db()
        assert sent.copy_letter.body == "(trukket tilbage)"


def test_a_copy_of_a_referral_withdrawn_before_they_were_linked_loses_its_text(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    sent = send(
        firm.operator, wish(organisation=firm, partner=bank, contact=contact, copy=True), user=consultant
    )
    Letter.objects.update(state=Letter.State.SENT)
    Referral.objects.update(copy_letter=None)
    withdraw(sent, user=consultant, expected=1)
    assert Letter.objects.filter(body__contains="bodil@").count() == 1
    as_before_copies_were_linked()
    assert not Letter.objects.filter(body__contains="bodil@").exists()


def test_a_copy_that_may_be_of_two_referrals_is_linked_to_neither(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    first, second = (
        send(
            firm.operator,
            wish(organisation=firm, partner=bank, contact=contact, copy=copy),
            user=consultant,
        )
        for copy in (False, True)
    )
    as_before_copies_were_linked()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.copy_letter, second.copy_letter) == (None, None)


def test_a_copy_of_another_day_is_nobodys(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    sent = send(
        firm.operator, wish(organisation=firm, partner=bank, contact=contact, copy=True), user=consultant
    )
    Referral.objects.update(created_at=sent.created_at - timedelta(days=1))
    as_before_copies_were_linked()
    sent.refresh_from_db()
    assert sent.copy_letter is None


def test_deleted_nothing_of_what_was_shared_is_left_in_the_letters(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    wanted = wish(organisation=firm, partner=bank, contact=contact, copy=True)
    sent = send(firm.operator, wanted, user=consultant)
    Letter.objects.update(state=Letter.State.SENT)
    delete(sent, user=consultant)
    assert set(Letter.objects.values_list("body", flat=True)) == {"(trukket tilbage)"}
    delete(send(firm.operator, wanted, user=consultant), user=consultant)
    assert Letter.objects.count() == 2


def test_an_entrepreneur_who_withdraws_leaves_no_name(
    operator: Operator, bank: Partner, consultant: User
) -> None:
    sent = send(operator, wish(name="Ida Prøve", phone="12345678", partner=bank), user=consultant)
    withdraw(sent, user=consultant, expected=1)
    kept = Referral.objects.values().get()
    history = list(Referral.history.values())
    assert "Ida" not in f"{kept}{history}"
    assert "Bodil" not in f"{kept}{history}"


def test_a_person_who_is_erased_leaves_what_was_shared(
    firm: Organisation, contact: Person, bank: Partner, consultant: User
) -> None:
    send(firm.operator, wish(organisation=firm, partner=bank, contact=contact, copy=True), user=consultant)
    assert Letter.objects.filter(body__contains="bodil@").count() == 2
    erase_person(contact, by=consultant)
    everything = f"{list(Referral.objects.values())}{list(Referral.history.values())}"
    assert not any(trace in everything for trace in ("bodil@", "12345678", "Bodil"))
    letters = "".join(Letter.objects.values_list("body", flat=True))
    assert not any(trace in letters for trace in ("bodil@", "12345678"))
    assert Referral.objects.get().who == "Bryggeriet"


def test_deleting_leaves_a_line_in_the_audit_trail_and_nothing_else(
    firm: Organisation, bank: Partner, consultant: User
) -> None:
    delete(send(firm.operator, wish(organisation=firm, partner=bank), user=consultant), user=consultant)
    assert not Referral.objects.exists()
    assert not Referral.history.exists()
    assert AuditEntry.objects.filter(action="referral_deleted").count() == 1


def test_a_long_wait_is_seen(firm: Organisation, bank: Partner, consultant: User) -> None:
    from brobygger.guidance.queries.referrals import Wanted, of_office

    sent = send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    assert not of_office(firm.operator, Wanted(waiting=True))
    Referral.objects.update(sent_on=day() - timedelta(days=14))
    assert list(of_office(firm.operator, Wanted(waiting=True))) == [sent]
