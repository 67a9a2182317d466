# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A board decides in a case: its members of the day vote, and nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.danish import address_word
from brobygger.boards.bodies import members_of
from brobygger.boards.models import Board, Seat
from brobygger.cases import rights
from brobygger.cases.errors import Conflicted, NotYours
from brobygger.cases.models import Case, Vote
from brobygger.cases.services import contents
from brobygger.cases.services.moving import move, vote
from tests.boards.made import board, day, partner
from tests.cases.made import TRIAL, fresh, opened, trial
from tests.factories import user_as

TEXT = TRIAL.replace(
    "name: Styregruppe, many: true", 'name: Styregruppe, many: true, body: "board:styregruppe"'
)


@pytest.fixture
def group(operator: Operator) -> Board:
    return board(operator, name="Styregruppe")


@pytest.fixture
def members(group: Board) -> list[User]:
    return [partner(group) for _ in range(3)]


@pytest.fixture
def case(operator: Operator, consultant: User, members: list[User]) -> Case:
    """Before the decision, with a bank that has said yes."""
    trial(operator, TEXT)
    case = opened(operator, values={"amount": 400_000})
    bank = user_as(Role.PARTNER, operator)
    contents.add_party(case, "bank", user=consultant, party_user=bank)
    case = contents.tick(fresh(case), ["read"], user=consultant, expected=fresh(case).version)
    move(case, "complete", user=consultant, expected=case.version)
    vote(fresh(case), "decide", "yes", user=bank, round=fresh(case).round)
    return fresh(case)


def say(case: Case, user: User) -> Case:
    return vote(fresh(case), "decide", "yes", user=user, round=fresh(case).round)


def post(browser: Any, case: Case) -> Any:
    wanted = {"answer": "yes", "round": fresh(case).round}
    return browser.post(reverse("cases:vote", args=[case.pk, "decide"]), wanted)


def test_the_members_vote_and_the_case_is_decided(case, members, sign_in):
    assert Case.objects.visible_to(members[0]).filter(pk=case.pk).exists()
    post(sign_in(members[0]), case)
    assert Vote.objects.filter(case=case, voter=members[0], ballot="group").exists()
    say(case, members[1])
    assert fresh(case).stage == "granted"


def test_somebody_without_a_seat_neither_sees_nor_votes(case, operator, sign_in):
    stranger = user_as(Role.PARTNER, operator)
    with pytest.raises(NotYours):
        say(case, stranger)
    assert post(sign_in(stranger), case).status_code == 404
    assert not Vote.objects.filter(voter=stranger).exists()


def test_whose_term_has_ended_has_no_vote_and_no_longer_sees_the_case(case, members, sign_in):
    seat = Seat.objects.get(person__user=members[0])
    seat.ends_on = day(-1)
    seat.save()
    assert not Case.objects.visible_to(members[0]).exists()
    assert post(sign_in(members[0]), case).status_code == 404
    with pytest.raises(NotYours):
        say(case, members[0])


def test_a_term_that_ran_out_overnight_is_noticed_at_the_vote(case, members):
    Seat.objects.filter(person__user=members[0]).update(ends_on=day(-1))
    with pytest.raises(NotYours):
        say(case, members[0])


def test_a_new_member_votes_and_a_substitute_does_not(case, group):
    say(case, partner(group, starts_on=day()))
    with pytest.raises(NotYours):
        say(case, partner(group, role="substitute"))


def test_a_member_with_an_interest_neither_sees_nor_votes(case, members, sign_in):
    contents.recuse(case, members[0], user=members[0], reason="Min bror ejer firmaet")
    assert not Case.objects.visible_to(members[0]).exists()
    assert members[0] not in rights.electorate(fresh(case), "group")
    assert post(sign_in(members[0]), case).status_code == 404
    with pytest.raises(Conflicted):
        say(case, members[0])


def test_a_board_is_named_by_its_name_and_decides_nothing_once_it_is_closed(operator, group, members):
    assert address_word("Erhvervsråd Nordøst") == "erhvervsraad-nordoest"
    assert set(members_of("styregruppe", operator)) == {user.pk for user in members}
    assert not set(members_of("andet", operator))
    group.closed_on = day(-1)
    group.save()
    assert not set(members_of("styregruppe", operator))
