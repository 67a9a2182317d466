# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of assessments and action plans, as each role."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, Role, User
from brobygger.blueprints.queries import shipped_text
from brobygger.blueprints.services import adopt
from brobygger.dialogue.models import ActionPlan, Assessment
from brobygger.dialogue.services import action_plans, assessments
from brobygger.dialogue.services.assessments import Answers
from brobygger.register.models import Organisation
from tests.dialogue.made import day
from tests.dialogue.outreach import all_at, assessed, tool
from tests.factories import OrganisationFactory, firm_user, user_as


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    tool(operator)
    return OrganisationFactory(operator=operator, employees=12)


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def typed(**values: object) -> dict[str, object]:
    return {"on": day().isoformat(), **values}


def test_a_firm_is_scored_on_one_page_and_what_was_skipped_is_said(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    address = f"/vurderinger/ny/{firm.pk}/virksomhedsprofil/"
    page = shown(as_consultant, address)
    assert "Fuldt skalerbart" in page
    assert page.count('type="radio"') == 9 * 6
    answer = as_consultant.post(address, typed(product="5", concept="4", remark_product="Ny maskine"))
    made = Assessment.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.scores, made.by) == ({"concept": 4, "product": 5}, consultant)
    page = shown(as_consultant, made.get_absolute_url())
    for words in (
        "2 af 9 besvaret",
        "regnet på 2 af 4 svar",
        "ikke besvaret",
        "Ny maskine",
        "For lidt er besvaret",
    ):
        assert words in page


def test_what_was_typed_is_kept_when_nothing_was_answered(as_consultant: Client, firm: Organisation) -> None:
    answer = as_consultant.post(
        f"/vurderinger/ny/{firm.pk}/virksomhedsprofil/", typed(summary="Et langt besøg")
    )
    page = answer.content.decode()
    assert "Svar på mindst ét spørgsmål." in page
    assert "Et langt besøg" in page


def test_a_step_that_does_not_exist_is_refused(as_consultant: Client, firm: Organisation) -> None:
    as_consultant.post(f"/vurderinger/ny/{firm.pk}/virksomhedsprofil/", typed(product="9"))
    assert not Assessment.objects.exists()


def test_an_instrument_that_is_not_in_use_has_no_page(as_consultant: Client, firm: Organisation) -> None:
    shown(as_consultant, f"/vurderinger/ny/{firm.pk}/vaeksttjek/", 404)


def test_two_dates_stand_side_by_side_with_the_change(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    before = assessed(firm, consultant, all_at(2), on=day(-400))
    now = assessed(firm, consultant, all_at(2, management=5))
    page = shown(as_consultant, f"{now.get_absolute_url()}?med={before.pk}")
    assert "+3" in page
    assert page.count('"value": [') == 2, "two lines on the wheel"
    listed = shown(as_consultant, f"/vurderinger/firma/{firm.pk}/")
    assert f'href="{before.get_absolute_url()}"' in listed
    assert "Resultater over tid" in listed


def test_an_assessment_of_another_firm_is_not_compared_with(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    other = assessed(OrganisationFactory(operator=firm.operator), consultant, all_at(1))
    mine = assessed(firm, consultant)
    page = shown(as_consultant, f"{mine.get_absolute_url()}?med={other.pk}")
    assert page.count('"value": [') == 1


def test_two_versions_of_an_instrument_are_told_apart(
    as_consultant: Client, firm: Organisation, consultant: User, head: User
) -> None:
    before = assessed(firm, consultant, on=day(-30))
    text = shipped_text("instrument", "virksomhedsprofil").replace("product: 3", "product: 1")
    newer = adopt(firm.operator, "instrument", text, user=head)
    now = Assessment.objects.create(
        operator=firm.operator, organisation=firm, instrument=newer, instrument_key=newer.key, on=day(),
        by=consultant, scores=all_at(4),
    )  # fmt: skip
    assert "hver sin version" in shown(as_consultant, f"{now.get_absolute_url()}?med={before.pk}")


def test_the_second_of_two_who_correct_sees_what_the_first_saved(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    made = assessed(firm, consultant, all_at(3))
    address = f"{made.get_absolute_url()}ret/"
    first = typed(opened_version="1", product="5", concept="3")
    assert as_consultant.post(address, first).status_code == 302
    answer = as_consultant.post(address, typed(opened_version="1", product="2", concept="3"))
    assert answer.status_code == 409
    assert answer.context["conflict"] == [("Produkt", "Svært", "Fuldt skalerbart")]
    assert "En anden har gemt i mellemtiden" in answer.content.decode()
    assert as_consultant.post(address, typed(opened_version="2", product="2")).status_code == 302
    assert Assessment.objects.get().scores == {"product": 2}


def test_what_the_first_saved_of_day_remarks_and_figures_is_shown_too(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    kilos = ("residual_kg", "today")
    before = Answers(on=day(-2), scores={"bins": 2}, figures={kilos: Decimal(1200)}, summary="Godt")
    made = assessments.assess(firm, tool(firm.operator, "sorteringstjek"), before, user=consultant)
    assessments.correct(
        made,
        replace(before, on=day(-1), summary="Bedre", remarks={"bins": "Nye"}),
        user=consultant,
        expected=1,
    )
    later = {
        "opened_version": "1", "on": day(-2).isoformat(), "bins": "2", "summary": "Godt",
        "figure_residual_kg__today": "1300",
    }  # fmt: skip
    answer = as_consultant.post(f"{made.get_absolute_url()}ret/", later)
    told = {(mine, theirs) for _field, mine, theirs in answer.context["conflict"]}
    assert told >= {("Godt", "Bedre"), ("1.300", "1.200"), ("(tom)", "Nye")}
    assert len(told) == 4


def test_deleting_asks_first(as_consultant: Client, firm: Organisation, consultant: User) -> None:
    made = assessed(firm, consultant)
    assert "Slet vurderingen?" in shown(as_consultant, f"{made.get_absolute_url()}slet/")
    assert Assessment.objects.exists()
    as_consultant.post(f"{made.get_absolute_url()}slet/")
    assert not Assessment.objects.exists()


def test_the_firm_page_shows_the_latest_figures_to_the_office_and_nothing_to_the_firm(
    as_consultant: Client, firm: Organisation, consultant: User, sign_in
) -> None:
    assessed(firm, consultant, all_at(4))
    assert "Vækstpotentiale" in shown(as_consultant, firm.get_absolute_url())
    own = sign_in(firm_user(firm))
    assert "Vækstpotentiale" not in shown(own, firm.get_absolute_url())
    admin = sign_in(user_as(Role.ADMIN, firm.operator))
    assert "Vækstpotentiale" not in shown(admin, firm.get_absolute_url())


def test_another_office_finds_nothing(firm: Organisation, consultant: User, sign_in) -> None:
    made = assessed(firm, consultant)
    plan = action_plans.make(firm, goal="Vokse", user=consultant)
    stranger = sign_in(user_as(Role.HEAD))
    for address in (made.get_absolute_url(), plan.get_absolute_url(), f"/vurderinger/firma/{firm.pk}/"):
        shown(stranger, address, 404)


def test_from_an_assessment_to_a_plan_with_steps_that_are_follow_ups(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    made = assessed(firm, consultant)
    address = f"/handlingsplaner/ny/{firm.pk}/?vurdering={made.pk}"
    answer = as_consultant.post(address, {"goal": "Første kunde i Sverige"})
    plan = ActionPlan.objects.get()
    assert (answer.url, plan.assessment) == (plan.get_absolute_url(), made)
    as_consultant.post(
        plan.get_absolute_url(),
        {"about": "Find en agent", "due_on": day(30).isoformat(), "assignee": consultant.pk,
         "parameter": "internationalisation"},
    )  # fmt: skip
    page = shown(as_consultant, plan.get_absolute_url())
    assert "Internationalisering" in page
    assert "0 af 1 skridt er gjort" in page
    assert "Find en agent" in shown(as_consultant, "/opfoelgninger/")
    assert "Første kunde i Sverige" in shown(as_consultant, "/handlingsplaner/")


def test_a_step_in_the_past_is_refused_and_kept_on_the_form(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    plan = action_plans.make(firm, goal="Vokse", user=consultant)
    answer = as_consultant.post(
        plan.get_absolute_url(), {"about": "Ring i går", "due_on": day(-1).isoformat()}
    )
    assert "Vælg en dag fra i dag" in answer.content.decode()
    assert "Ring i går" in answer.content.decode()
    assert not plan.steps.exists()


def test_a_plan_is_closed_reopened_and_deleted(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    plan = action_plans.make(firm, goal="Vokse", user=consultant)
    address = plan.get_absolute_url()
    as_consultant.post(f"{address}afslut/", {"outcome": "To nye kunder", "opened_version": "1"})
    assert "To nye kunder" in shown(as_consultant, "/handlingsplaner/?afsluttet=1")
    assert "Tilføj et skridt" not in shown(as_consultant, address)
    as_consultant.post(f"{address}tag-op/", {"opened_version": "2"})
    assert "Tilføj et skridt" in shown(as_consultant, address)
    as_consultant.post(f"{address}slet/")
    assert not ActionPlan.objects.exists()
