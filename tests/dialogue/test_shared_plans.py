# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An action plan that the office shares: the firm reads it on its own page and as PDF, and nothing of what is the office's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Operator, Role, User
from brobygger.base import pdf
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue import documents
from brobygger.dialogue.errors import NotYourOffice
from brobygger.dialogue.models import ActionPlan
from brobygger.dialogue.queries.assessments import plan_to_read
from brobygger.dialogue.services import action_plans, follow_ups
from brobygger.register.models import Affiliation, Organisation
from tests.dialogue.made import day, talk
from tests.dialogue.outreach import all_at, assessed, tool
from tests.factories import OrganisationFactory, firm_user, user_as

SECRET = ("Virksomhedsprofil", "Internationalisering", "Skal løfte", "Ejeren drikker", "Vækstpotentiale")


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    tool(operator)
    return OrganisationFactory(operator=operator, name="Bryggeriet")


@pytest.fixture
def plan(firm: Organisation, consultant: User) -> ActionPlan:
    """A plan made from an assessment, with a step that is done, one that is not, and a private talk behind."""
    talk(firm, consultant, text="Ejeren drikker", private=True)
    steps = [
        action_plans.Step("Find en agent", day(30), consultant, "internationalisation"),
        action_plans.Step("Ring til banken", day(9), None),
    ]
    made = action_plans.make(
        firm,
        goal="Første kunde i Sverige",
        assessment=assessed(firm, consultant, all_at(4)),
        steps=steps,
        user=consultant,
    )
    done = made.steps.get(follow_up__about="Ring til banken").follow_up
    follow_ups.finish(done, user=consultant, expected=done.version)
    return made


def shared(plan: ActionPlan, user: User) -> ActionPlan:
    return action_plans.share(plan, user=user, expected=plan.version)


def own_page(plan: ActionPlan) -> str:
    return reverse("dialogue:own_action_plan", args=[plan.pk])


def as_pdf(plan: ActionPlan) -> str:
    return reverse("dialogue:action_plan_pdf", args=[plan.pk])


def test_a_plan_is_the_offices_alone_until_a_consultant_shares_it(plan, firm, sign_in) -> None:
    own = sign_in(firm_user(firm))
    assert "Første kunde i Sverige" not in own.get(reverse("portal:own")).content.decode()
    for address in (own_page(plan), as_pdf(plan)):
        assert own.get(address).status_code == 404


def test_the_firm_reads_the_shared_plan_on_its_own_page(plan, firm, consultant, sign_in) -> None:
    shared(plan, consultant)
    own = sign_in(firm_user(firm))
    front = own.get(reverse("portal:own")).content.decode()
    assert "Jeres handlingsplaner" in front
    assert own_page(plan) in front
    page = own.get(own_page(plan)).content.decode()
    for words in (
        "Første kunde i Sverige",
        "Find en agent",
        "Ring til banken",
        "1 af 2 skridt er gjort",
        consultant.name,
    ):
        assert words in page
    for words in SECRET:
        assert words not in front + page
    assert (
        "Jeres handlingsplaner"
        not in sign_in(firm_user(OrganisationFactory(operator=firm.operator)))
        .get(reverse("portal:own"))
        .content.decode()
    )


def test_from_the_plan_to_the_firm_and_back_in_the_browser(
    plan, firm, as_consultant: Client, sign_in
) -> None:
    address = reverse("dialogue:share_action_plan", args=[plan.pk])
    asked = as_consultant.get(address).content.decode()
    assert "De ser ikke vurderingen, samtalerne eller jeres egne noter." in asked
    assert "Ingen fra virksomheden kan logge ind endnu" in asked
    own = sign_in(firm_user(firm))
    assert "Ingen fra virksomheden kan logge ind endnu" not in as_consultant.get(address).content.decode()
    as_consultant.post(address, {"opened_version": "1"})
    assert "Delt med virksomheden" in as_consultant.get(plan.get_absolute_url()).content.decode()
    assert own.get(own_page(plan)).status_code == 200
    assert "Hold op med at dele planen?" in as_consultant.get(address).content.decode()
    as_consultant.post(address, {"opened_version": "2"})
    assert own.get(own_page(plan)).status_code == 404
    assert "Kun kontoret kan se planen." in as_consultant.get(plan.get_absolute_url()).content.decode()


def test_the_firm_page_tells_the_office_of_the_open_plan(plan, firm, as_consultant: Client) -> None:
    assert "Første kunde i Sverige" in as_consultant.get(firm.get_absolute_url()).content.decode()


def test_nobody_else_reads_a_shared_plan(plan, firm, consultant, operator, sign_in) -> None:
    shared(plan, consultant)
    gone = firm_user(firm)
    Affiliation.objects.filter(person__user=gone).update(ended_on=day(-1))
    looks_on = firm_user(firm)
    Affiliation.objects.filter(person__user=looks_on).update(may_act=False)
    for user in (
        gone,
        looks_on,
        firm_user(OrganisationFactory(operator=operator)),
        user_as(Role.PARTNER, operator),
        user_as(Role.ADMIN, operator),
        user_as(Role.CONSULTANT),
        user_as(Role.HEAD),
    ):
        for address in (own_page(plan), as_pdf(plan)):
            assert sign_in(user).get(address).status_code == 404
    assert Client().get(own_page(plan)).status_code == 302


def test_the_firm_may_read_and_do_nothing_more(plan, firm, consultant, sign_in) -> None:
    shared(plan, consultant)
    own = sign_in(firm_user(firm))
    for name in (
        "action_plan",
        "edit_action_plan",
        "close_action_plan",
        "share_action_plan",
        "delete_action_plan",
    ):
        assert own.get(reverse(f"dialogue:{name}", args=[plan.pk])).status_code == 403
    with pytest.raises(NotYourOffice):
        action_plans.stop_sharing(plan, user=firm_user(firm), expected=2)
    with pytest.raises(NotYourOffice):
        shared(plan, user_as(Role.CONSULTANT))
    with pytest.raises(EditedMeanwhile):
        action_plans.stop_sharing(plan, user=consultant, expected=1)


def test_the_pdf_is_for_screen_readers_and_the_same_for_both(
    plan, firm, consultant, as_consultant, sign_in
) -> None:
    shared(plan, consultant)
    for client in (as_consultant, sign_in(firm_user(firm))):
        answer = client.get(as_pdf(plan))
        assert answer["Content-Type"] == "application/pdf"
        assert b"<pdfuaid:part>1</pdfuaid:part>" in answer.content
        assert "Handlingsplan: Første kunde i Sverige".encode() in answer.content


@pytest.mark.parametrize("closed", [True, False])
def test_the_pdf_holds_the_plan_and_nothing_of_the_offices(
    plan, consultant, monkeypatch, closed: bool
) -> None:
    if closed:
        plan = action_plans.close(
            plan, outcome="To kunder\n\nog en agent", user=consultant, expected=plan.version
        )
    handed: dict[str, object] = {}

    def write(template, values, **frame):
        handed.update(values=values, frame=frame)
        return pdf.write(template, values, **frame)

    monkeypatch.setattr(documents, "pdf", type("Pdf", (), {"write": staticmethod(write)}))
    assert documents.action_plan(plan_to_read(consultant, plan.pk).get()).startswith(b"%PDF-")
    told = str(handed)
    for words in (
        "Første kunde i Sverige",
        "Bryggeriet",
        "Find en agent",
        "Ring til banken",
        "1 af 2 skridt",
    ):
        assert words in told
    assert ("og en agent" in told) is closed
    for words in SECRET:
        assert words not in told


def test_a_plan_without_steps_and_with_signs_that_are_markup_elsewhere_is_a_pdf_too(firm, consultant) -> None:
    made = action_plans.make(firm, goal='#panic("x") [ $ *', user=consultant)
    assert documents.action_plan(plan_to_read(consultant, made.pk).get()).startswith(b"%PDF-")
