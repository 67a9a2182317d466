# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Action plans, and firms that are ready to move, as workbooks: the list that is on the screen, and nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.dialogue.models import FunnelPlace
from brobygger.dialogue.services import action_plans
from brobygger.register.models import Organisation
from tests.dialogue.made import day, talk
from tests.dialogue.outreach import all_at, assessed, funnel, member, tool
from tests.dialogue.test_outreach_pages import shown, workbook_of
from tests.factories import OrganisationFactory, user_as

PLANS, READY = "/handlingsplaner/regneark/", "/portefoelje/klar/regneark/"


def plan_of(firm: Organisation, user: User, goal: str):
    steps = [action_plans.Step(about, day(ahead), user) for about, ahead in (("Ring", 4), ("Skriv", 9))]
    return action_plans.make(firm, goal=goal, steps=steps, user=user)


def test_the_plans_that_are_going_on_or_those_that_are_closed(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    firm = OrganisationFactory(operator=operator, name="Bryggeriet", cvr="99100001")
    plan_of(firm, consultant, "Vokse")
    over = plan_of(firm, consultant, "Ansætte")
    action_plans.close(over, outcome="To nye", user=consultant, expected=over.version)
    neighbour = user_as(Role.CONSULTANT)
    plan_of(OrganisationFactory(operator=neighbour.memberships.get().operator), neighbour, "Naboens")
    heading, *rows = workbook_of(as_consultant.get(PLANS))
    assert heading[:3] == ["Virksomhed", "CVR-nummer", "Mål"]
    assert [row[:3] + row[5:7] for row in rows] == [["Bryggeriet", "99100001", "Vokse", 2, 0]]
    assert rows[0][7].date() == day(4)
    closed = workbook_of(as_consultant.get(PLANS, {"afsluttet": "1"}))[1:]
    assert [(row[2], row[10]) for row in closed] == [("Ansætte", "To nye")]
    assert closed[0][9].date() == day()
    assert AuditEntry.objects.filter(action="export", operator=operator).count() == 2
    assert f'href="{PLANS}?afsluttet=1"' in shown(as_consultant, "/handlingsplaner/?afsluttet=1")


def test_who_is_ready_to_move_in_the_chosen_funnel_with_the_rules(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    assert as_consultant.get(READY).status_code == 404
    tool(operator)
    funnel(operator)
    funnel(operator, "engagement")
    found = member(operator, consultant, OrganisationFactory(operator=operator, name="Bryggeriet"))
    assessed(found.organisation, consultant, all_at(5))
    talk(found.organisation, consultant, on=day(-5))
    member(operator, consultant)
    place = FunnelPlace.objects.get(organisation=found.organisation)
    [row] = workbook_of(as_consultant.get(READY))[1:]
    assert (row[0], row[2], row[5].date()) == ("Bryggeriet", "op", place.since)
    assert row[6].startswith("Vækstpotentiale mindst 3,5 (")
    assert "Samtale inden for 12 måneder: " in row[6]
    assert workbook_of(as_consultant.get(READY, {"tragt": "engagement"}))[1:] == []
    assert READY in shown(as_consultant, "/portefoelje/klar/")


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER, Role.ADMIN])
def test_they_are_the_consultants_and_heads(operator: Operator, sign_in, role: str) -> None:
    for address in (PLANS, READY):
        shown(sign_in(user_as(role, operator)), address, 403)
