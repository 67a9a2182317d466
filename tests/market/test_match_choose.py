# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Choosing a suggestion makes one match, whoever is first."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError, connection

from brobygger.accounts.models import Role, User
from brobygger.market.models import Match, Suggestion
from brobygger.market.services.matches import AlreadyChosen, NotOnOffer, choose
from tests.factories import OrganisationFactory, SuggestionFactory, firm_user, user_as


def test_a_chosen_suggestion_becomes_a_match_with_its_parties_and_its_consultant(consultant: User) -> None:
    suggestion = SuggestionFactory(have__organisation__operator=consultant.memberships.get().operator)

    match = choose(suggestion, consultant)

    suggestion.refresh_from_db()
    assert (match.giver, match.taker) == (suggestion.have.organisation, suggestion.need.organisation)
    assert (match.stage, match.consultant) == (Match.Stage.CHOSEN, consultant)
    assert (suggestion.state, suggestion.decided_by) == (Suggestion.State.ACCEPTED, consultant)
    assert match.notes.get().stage == Match.Stage.CHOSEN
    assert match.history.get().history_user == consultant


def test_a_taker_that_posted_nothing_becomes_the_taker_of_the_match(consultant: User) -> None:
    operator = consultant.memberships.get().operator
    taker = OrganisationFactory(operator=operator)
    suggestion = SuggestionFactory(
        have__organisation__operator=operator, kind=Suggestion.Kind.TAKER, need=None, organisation=taker
    )

    match = choose(suggestion, consultant)

    assert (match.taker, match.need) == (taker, None)


def test_the_second_to_choose_is_told_who_was_first(consultant: User) -> None:
    operator = consultant.memberships.get().operator
    suggestion = SuggestionFactory(have__organisation__operator=operator)
    match = choose(suggestion, consultant)
    other = user_as(Role.CONSULTANT, operator)

    with pytest.raises(AlreadyChosen) as told:
        choose(suggestion, other)

    assert told.value.match == match
    assert "Prøve Konsulent" in str(told.value)
    assert Match.objects.count() == 1


@pytest.mark.parametrize("state", [Suggestion.State.DECLINED, Suggestion.State.STALE])
def test_a_declined_or_outdated_suggestion_cannot_be_chosen(consultant: User, state: str) -> None:
    suggestion = SuggestionFactory(state=state)
    with pytest.raises(NotOnOffer):
        choose(suggestion, consultant)
    assert not Match.objects.exists()


def test_a_firm_that_chooses_leaves_the_match_without_a_consultant(consultant: User) -> None:
    suggestion = SuggestionFactory(have__organisation__operator=consultant.memberships.get().operator)
    match = choose(suggestion, firm_user(suggestion.have.organisation))
    assert match.consultant is None


def _choose_when_unlocked(suggestion: Suggestion, user: User) -> Match:
    """The tests' database in memory says `locked` at once; a file or a server waits."""
    for _attempt in range(200):
        try:
            return choose(suggestion, user)
        except OperationalError:
            time.sleep(0.02)
    raise AssertionError("locked for too long")


@pytest.mark.django_db(transaction=True)
def test_two_consultants_at_the_same_moment_make_one_match() -> None:
    suggestion = SuggestionFactory()
    people = [user_as(Role.CONSULTANT, suggestion.operator) for _ in range(2)]
    ready = threading.Barrier(2)
    told: list[object] = []

    def try_to_choose(user: User) -> None:
        ready.wait()
        try:
            told.append(_choose_when_unlocked(suggestion, user))
        except AlreadyChosen as error:
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_choose, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(type(answer).__name__ for answer in told) == ["AlreadyChosen", "Match"]
    assert Match.objects.count() == 1
