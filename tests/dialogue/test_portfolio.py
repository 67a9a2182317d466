# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The portfolio: taking firms in, key accounts, handing it over, taking a firm out."""

from __future__ import annotations

import pytest

from brobygger.accounts.models import AuditEntry, Membership, Operator, Role, User
from brobygger.dialogue.errors import AlreadyInPortfolio, BadValues, NoReason, NotYourOffice, OnlyHeads
from brobygger.dialogue.models import FunnelPlace, FunnelStep, PlannedVisit, PortfolioFirm
from brobygger.dialogue.services import outreach, portfolio, visits
from tests.dialogue.made import step
from tests.dialogue.outreach import funnel, member, next_week, this_week
from tests.factories import OrganisationFactory, user_as


@pytest.fixture
def colleague(operator: Operator) -> User:
    return user_as(Role.CONSULTANT, operator, name="Kollega")


def test_many_are_taken_in_once_however_often_it_is_run(operator: Operator, consultant: User) -> None:
    funnel(operator)
    firms = [OrganisationFactory(operator=operator) for _ in range(5)]
    keys = [firm.pk for firm in firms]
    told: list[tuple[int, int]] = []
    added = portfolio.add_many(
        operator, keys, user=consultant, why="Produktion i Lejre", key_account=consultant, total=5,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert (added, told) == (5, [(5, 5)])
    assert portfolio.add_many(operator, keys, user=consultant) == 0
    assert FunnelPlace.objects.filter(level="portefoelje").count() == FunnelStep.objects.count() == 5
    assert {row.key_account for row in PortfolioFirm.objects.all()} == {consultant}
    assert PortfolioFirm.history.count() == 5


def test_firms_of_other_offices_are_never_taken_in(operator: Operator, consultant: User) -> None:
    theirs = OrganisationFactory()
    assert portfolio.add_many(operator, [theirs.pk], user=consultant) == 0
    with pytest.raises(NotYourOffice):
        portfolio.add(theirs, user=consultant)
    with pytest.raises(NotYourOffice):
        portfolio.add_many(theirs.operator, [theirs.pk], user=consultant)


def test_a_firm_is_in_the_portfolio_once(operator: Operator, consultant: User) -> None:
    found = member(operator, consultant)
    with pytest.raises(AlreadyInPortfolio):
        portfolio.add(found.organisation, user=consultant)


def test_only_the_offices_own_are_key_accounts(operator: Operator, consultant: User) -> None:
    stranger = user_as(Role.CONSULTANT)
    with pytest.raises(BadValues):
        member(operator, consultant, key_account=stranger)
    found = member(operator, consultant)
    with pytest.raises(BadValues):
        portfolio.set_key_account(found, stranger, user=consultant, expected=1)


def test_a_firm_leaves_with_a_reason_and_its_levels_and_visits_with_it(
    operator: Operator, consultant: User
) -> None:
    funnel(operator)
    found = member(operator, consultant)
    visit = visits.plan_one(operator, found.organisation_id, next_week(), consultant, user=consultant)
    visits.accept(visit, user=consultant, expected=1)
    with pytest.raises(NoReason):
        portfolio.remove(found, user=consultant, reason="")
    portfolio.remove(found, user=consultant, reason="Flyttet til en anden kommune")
    assert not PortfolioFirm.objects.exists()
    assert not FunnelPlace.objects.exists()
    assert FunnelStep.objects.filter(kind="left", reason="Flyttet til en anden kommune").exists()
    assert PlannedVisit.objects.get().state == "skipped"
    assert not found.organisation.follow_ups.exists()
    assert "Flyttet" in AuditEntry.objects.get(action="portfolio_left").about


def test_handing_over_moves_key_accounts_open_follow_ups_and_visits(
    operator: Operator, consultant: User, colleague: User
) -> None:
    mine = [member(operator, consultant, key_account=consultant) for _ in range(2)]
    theirs = member(operator, consultant, key_account=colleague)
    open_step = step(mine[0].organisation, consultant)
    loose_step = step(OrganisationFactory(operator=operator), consultant)
    visit = visits.plan_one(operator, mine[0].organisation_id, next_week(), consultant, user=consultant)
    given = portfolio.hand_over(operator, consultant, colleague, user=consultant)
    assert (given.firms, given.follow_ups, given.visits, given.released) == (2, 2, 1, 0)
    assert {row.key_account for row in PortfolioFirm.objects.all()} == {colleague}
    for left in (open_step, loose_step):
        left.refresh_from_db()
        assert left.assignee == colleague
    visit.refresh_from_db()
    assert visit.consultant == colleague
    theirs.refresh_from_db()
    assert theirs.version == 1
    trace = AuditEntry.objects.get(action="portfolio_handed_over")
    assert trace.detail == {"firms": 2, "follow_ups": 2, "visits": 1, "released": 0}
    assert PortfolioFirm.history.filter(history_type="~").count() == 2


def test_done_follow_ups_stay_with_the_one_who_did_them(
    operator: Operator, consultant: User, colleague: User
) -> None:
    from brobygger.dialogue.services import follow_ups

    done = step(OrganisationFactory(operator=operator), consultant)
    follow_ups.finish(done, user=consultant, expected=1)
    assert portfolio.hand_over(operator, consultant, colleague, user=consultant).follow_ups == 0


def test_only_some_firms_can_be_handed_over(operator: Operator, consultant: User, colleague: User) -> None:
    first, second = (member(operator, consultant, key_account=consultant) for _ in range(2))
    given = portfolio.hand_over(
        operator, consultant, colleague, user=consultant, firms=[first.organisation_id]
    )
    assert given.firms == 1
    second.refresh_from_db()
    assert second.key_account == consultant


def test_visits_that_the_receiver_has_no_room_for_are_given_up_and_told(
    operator: Operator, consultant: User, colleague: User
) -> None:
    settings = outreach.settings_locked(operator)
    settings.visits_per_week = 1
    settings.save()
    for who in (consultant, colleague):
        firm = member(operator, consultant, key_account=who).organisation
        visits.plan_one(operator, firm.pk, next_week(), who, user=consultant)
    given = portfolio.hand_over(operator, consultant, colleague, user=consultant)
    assert (given.visits, given.released) == (0, 1)
    assert PlannedVisit.objects.get(state="skipped").skip_reason == "handed_over"
    assert visits.propose(operator, this_week(), user=consultant) == 1, "it may be proposed again at once"


def test_a_consultant_gives_away_only_their_own_and_the_head_anybodys(
    operator: Operator, consultant: User, colleague: User, head: User
) -> None:
    member(operator, consultant, key_account=colleague)
    with pytest.raises(OnlyHeads):
        portfolio.hand_over(operator, colleague, consultant, user=consultant)
    Membership.objects.filter(user=colleague).delete()
    assert portfolio.hand_over(operator, colleague, consultant, user=head).firms == 1


def test_nobody_hands_over_to_themselves_or_to_a_stranger(operator: Operator, consultant: User) -> None:
    for receiver in (consultant, user_as(Role.CONSULTANT), user_as(Role.FIRM, operator)):
        with pytest.raises(BadValues):
            portfolio.hand_over(operator, consultant, receiver, user=consultant)


def test_other_offices_hand_nothing_over_here(operator: Operator, consultant: User, colleague: User) -> None:
    with pytest.raises(NotYourOffice):
        portfolio.hand_over(operator, consultant, colleague, user=user_as(Role.HEAD))
