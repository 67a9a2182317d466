# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The portfolio: taking firms in, key accounts, handing it over, taking a firm out."""

from __future__ import annotations

import pytest
from django.test import Client

from brobygger.accounts.models import AuditEntry, Membership, Operator, Role, User
from brobygger.dialogue.errors import (
    AlreadyInPortfolio,
    BadValues,
    NeedsKeyAccount,
    NoReason,
    NotYourOffice,
    OnlyHeads,
)
from brobygger.dialogue.models import FunnelPlace, FunnelStep, PlannedVisit, PortfolioFirm
from brobygger.dialogue.services import handing_over, outreach, portfolio, visits
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
    given = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    assert [len(given.moved[key]) for key in ("firms", "follow_ups", "visits")] == [2, 2, 1]
    assert {row.key_account for row in PortfolioFirm.objects.all()} == {colleague}
    for left in (open_step, loose_step):
        left.refresh_from_db()
        assert left.assignee == colleague
    visit.refresh_from_db()
    assert visit.consultant == colleague
    theirs.refresh_from_db()
    assert theirs.version == 1
    trace = AuditEntry.objects.get(action="portfolio_handed_over")
    assert trace.detail == {
        "firms": 2, "follow_ups": 2, "visits": 1, "cases": 0, "matches": 0, "talks": 0, "left": 0,
    }  # fmt: skip
    assert PortfolioFirm.history.filter(history_type="~").count() == 2


def test_done_follow_ups_stay_with_the_one_who_did_them(
    operator: Operator, consultant: User, colleague: User
) -> None:
    from brobygger.dialogue.services import follow_ups

    done = step(OrganisationFactory(operator=operator), consultant)
    follow_ups.finish(done, user=consultant, expected=1)
    given = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    assert given.moved["follow_ups"] == []


def test_only_some_firms_can_be_handed_over(operator: Operator, consultant: User, colleague: User) -> None:
    first, second = (member(operator, consultant, key_account=consultant) for _ in range(2))
    given = handing_over.hand_over(
        operator, consultant, colleague, user=consultant, firms=[first.organisation_id]
    )
    assert given.moved["firms"] == [str(first.pk)]
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
    given = handing_over.hand_over(operator, consultant, colleague, user=consultant)
    assert (len(given.moved["visits"]), len(given.left["visits"])) == (0, 1)
    assert PlannedVisit.objects.get(state="skipped").skip_reason == "handed_over"
    assert visits.propose(operator, this_week(), user=consultant) == 1, "it may be proposed again at once"


def test_a_consultant_gives_away_only_their_own_and_the_head_anybodys(
    operator: Operator, consultant: User, colleague: User, head: User
) -> None:
    member(operator, consultant, key_account=colleague)
    with pytest.raises(OnlyHeads):
        handing_over.hand_over(operator, colleague, consultant, user=consultant)
    Membership.objects.filter(user=colleague).delete()
    given = handing_over.hand_over(operator, colleague, consultant, user=head)
    assert len(given.moved["firms"]) == 1


def test_nobody_hands_over_to_themselves_or_to_a_stranger(operator: Operator, consultant: User) -> None:
    for receiver in (consultant, user_as(Role.CONSULTANT), user_as(Role.FIRM, operator)):
        with pytest.raises(BadValues):
            handing_over.hand_over(operator, consultant, receiver, user=consultant)


def test_other_offices_hand_nothing_over_here(operator: Operator, consultant: User, colleague: User) -> None:
    with pytest.raises(NotYourOffice):
        handing_over.hand_over(operator, consultant, colleague, user=user_as(Role.HEAD))


def test_many_firms_get_a_key_account_at_once(operator: Operator, consultant: User, colleague: User) -> None:
    rows = [member(operator, consultant) for _ in range(3)]
    elsewhere = member(user_as(Role.CONSULTANT).memberships.get().operator, User.objects.latest("pk"))
    keys = [row.pk for row in (*rows[:2], elsewhere)]
    assert portfolio.set_key_accounts(operator, keys, colleague, user=consultant) == 2
    assert [PortfolioFirm.objects.get(pk=row.pk).key_account for row in rows] == [colleague, colleague, None]
    assert PortfolioFirm.objects.get(pk=elsewhere.pk).key_account is None
    assert portfolio.set_key_accounts(operator, keys, colleague, user=consultant) == 0


def test_a_key_account_that_is_needed_is_not_taken_from_many(
    operator: Operator, consultant: User, colleague: User
) -> None:
    tool = funnel(operator)
    needing = next(level.key for level in tool.content.levels if level.needs_key_account)
    row = member(operator, consultant, key_account=colleague)
    FunnelPlace.objects.filter(organisation=row.organisation).update(level=needing)
    with pytest.raises(NeedsKeyAccount):
        portfolio.set_key_accounts(operator, [row.pk], None, user=consultant)


def test_the_list_sets_the_ticked_or_all_that_it_shows(
    as_consultant: Client, operator: Operator, consultant: User, colleague: User
) -> None:
    first, second = member(operator, consultant), member(operator, consultant, key_account=consultant)
    assert f'value="{first.pk}"' in as_consultant.get("/portefoelje/").content.decode()
    address = "/portefoelje/noeglekonsulent/"
    assert "Sæt først kryds" in as_consultant.get(address).content.decode()
    as_consultant.post(address, {"firma": [first.pk], "key_account": colleague.pk})
    assert set(PortfolioFirm.objects.values_list("key_account", flat=True)) == {colleague.pk, consultant.pk}
    as_consultant.post(f"{address}?noegle={consultant.pk}", {"hvem": "alle", "key_account": colleague.pk})
    second.refresh_from_db()
    assert second.key_account == colleague
