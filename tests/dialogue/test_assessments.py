# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Scoring firms: what is computed, what is refused, and what is kept."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from brobygger.accounts.models import AuditEntry, Operator, User
from brobygger.base.versions import EditedMeanwhile
from brobygger.blueprints.errors import BadDefinition
from brobygger.blueprints.queries import shipped, shipped_text
from brobygger.blueprints.reading import read as read_definition
from brobygger.blueprints.services import adopt, retire
from brobygger.dialogue.errors import BadValues, NotInUse, NotYourOffice
from brobygger.dialogue.instruments import Instrument, compute, read
from brobygger.dialogue.models import ActionPlan, Assessment
from brobygger.dialogue.services import action_plans, assessments
from brobygger.dialogue.services.assessments import Answers
from brobygger.register.models import Organisation
from tests.dialogue.made import day
from tests.dialogue.outreach import SEVEN, all_at, assessed, tool
from tests.factories import OrganisationFactory, user_as


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, employees=60)


def result(assessment: Assessment, key: str):
    made = compute(assessment.instrument.content, assessment.scores, assessment.employees)
    return next(one for one in made if one.key == key)


def test_the_company_profile_has_the_seven_parameters_of_the_case_on_its_wheel() -> None:
    profile = next(one.content for one in shipped("instrument") if one.content.key == "virksomhedsprofil")
    assert tuple(one.key for one in profile.parameters if one.wheel) == SEVEN
    assert [one.name for one in profile.results] == [
        "Vækstpotentiale", "Forudsætninger", "Vilje", "Betydning", "Afledt betydning for andre",
    ]  # fmt: skip


def test_every_delivered_instrument_says_where_it_comes_from_and_puts_firms_in_order() -> None:
    keys = {one.content.key for one in shipped("instrument")}
    assert keys == {"virksomhedsprofil", "branchetjek_lyd", "barriereanalyse", "vaeksttjek", "sorteringstjek"}
    for one in shipped("instrument"):
        source = one.content.source
        from_catalogue = source.startswith("Katalog over god praksis i lokal erhvervsservice, case ")
        assert from_catalogue or "vores eget valg" in source
        assert one.content.main_result


def test_a_result_is_the_weighted_mean_and_shows_how_it_was_found(
    firm: Organisation, consultant: User
) -> None:
    made = assessed(firm, consultant, all_at(2, product=5, concept=4))
    potential = result(made, "growth_potential")
    assert potential.value == pytest.approx((2 * 4 + 3 * 5 + 2 * 2 + 1 * 2) / 8)
    assert "3 × Produkt 5" in potential.formula
    assert potential.formula.endswith(": 8 = 3,62")
    assert made.results["growth_potential"] == pytest.approx(3.625)
    assert made.main_result == pytest.approx((3.625 - 1) / 4)


def test_importance_is_read_from_the_size_on_the_day(firm: Organisation, consultant: User) -> None:
    made = assessed(firm, consultant)
    assert result(made, "importance").value == 4
    Organisation.objects.filter(pk=firm.pk).update(employees=500)
    assert result(Assessment.objects.get(pk=made.pk), "importance").value == 4


def test_partial_answers_are_allowed_and_said(firm: Organisation, consultant: User) -> None:
    made = assessed(firm, consultant, {"product": 4, "concept": 4})
    potential = result(made, "growth_potential")
    assert potential.value == 4
    assert potential.is_partial
    assert (potential.answered, potential.of) == (2, 4)
    assert result(made, "prerequisites").value is None
    assert "prerequisites" not in made.results


def test_with_too_little_answered_nothing_is_guessed(firm: Organisation, consultant: User) -> None:
    made = assessed(firm, consultant, {"history": 5})
    assert made.main_result is None
    assert result(made, "growth_potential").formula == "For lidt er besvaret til at regne det ud."


def test_a_barrier_counts_the_other_way_round(operator: Operator) -> None:
    barriers: Instrument = tool(operator, "barriereanalyse").content
    keys = [one.key for one in barriers.parameters]
    walls = {key: 5 for key in keys if barriers.parameter(key).barrier}
    found = {one.key: one.value for one in compute(barriers, walls, None)}
    assert found["barriers_down"] == 1
    told = read(barriers, {**walls, "speciality": 5, "economy": 1})
    assert told.barriers[0] == "Certificering og kvalitetskrav"
    assert (told.strengths, told.weaknesses) == (["Specialviden"], ["Økonomi"])


@pytest.mark.parametrize(
    "scores", [{}, {"history": 0}, {"history": 6}, {"history": True}, {"nothing": 3}], ids=str
)
def test_answers_outside_the_instrument_are_refused(firm: Organisation, consultant: User, scores) -> None:
    with pytest.raises(BadValues):
        assessments.assess(firm, tool(firm.operator), Answers(on=day(), scores=scores), user=consultant)
    assert not Assessment.objects.exists()


def test_no_firm_is_scored_on_a_day_to_come(firm: Organisation, consultant: User) -> None:
    with pytest.raises(BadValues) as error:
        assessed(firm, consultant, on=day(1))
    assert "on" in error.value.faults


def test_other_offices_score_nobody_here(firm: Organisation) -> None:
    with pytest.raises(NotYourOffice):
        assessed(firm, user_as("consultant"))


def test_an_instrument_of_another_office_or_out_of_use_scores_nobody(
    firm: Organisation, consultant: User, head: User
) -> None:
    from tests.factories import OperatorFactory

    with pytest.raises(NotInUse):
        assessments.assess(
            firm, tool(OperatorFactory()), Answers(on=day(), scores=all_at(3)), user=consultant
        )
    mine = tool(firm.operator)
    retire(mine, user=head)
    with pytest.raises(NotInUse):
        assessments.assess(firm, mine, Answers(on=day(), scores=all_at(3)), user=consultant)


def test_an_assessment_keeps_the_version_it_was_made_with(
    firm: Organisation, consultant: User, head: User
) -> None:
    made = assessed(firm, consultant)
    text = shipped_text("instrument", "virksomhedsprofil").replace("product: 3", "product: 1")
    newer = adopt(firm.operator, "instrument", text, user=head)
    corrected = assessments.correct(
        made, Answers(on=day(-1), scores=all_at(4, product=1)), user=consultant, expected=made.version
    )
    assert newer.version == 2
    assert corrected.instrument.version == 1
    assert corrected.results["growth_potential"] == pytest.approx((2 * 4 + 3 * 1 + 2 * 4 + 4) / 8)


def test_pressing_twice_saves_once(firm: Organisation, consultant: User) -> None:
    key = uuid.uuid4()
    answers = Answers(on=day(), scores=all_at(3))
    made = [
        assessments.assess(firm, tool(firm.operator), answers, user=consultant, entry_key=key)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Assessment.objects.count() == 1


def test_the_second_of_two_who_correct_is_told(firm: Organisation, consultant: User) -> None:
    made = assessed(firm, consultant)
    answers = Answers(on=day(), scores=all_at(5))
    assessments.correct(made, answers, user=consultant, expected=1)
    with pytest.raises(EditedMeanwhile):
        assessments.correct(made, answers, user=consultant, expected=1)
    assert [line.history_type for line in made.history.all()] == ["~", "+"]


def test_a_deleted_assessment_is_gone_with_its_history_and_leaves_a_trace(
    firm: Organisation, consultant: User
) -> None:
    made = assessed(firm, consultant, summary="Hemmeligt")
    plan = action_plans.make(firm, goal="Eksport", assessment=made, user=consultant)
    with pytest.raises(NotYourOffice):
        assessments.delete(made, user=user_as("head"))
    assessments.delete(made, user=consultant)
    assert not Assessment.history.filter(id=made.pk).exists()
    assert ActionPlan.objects.get(pk=plan.pk).assessment is None
    trace = AuditEntry.objects.get(action="assessment_deleted")
    assert firm.name in trace.about
    assert trace.action_word == "Slettede en vurdering"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{pull_on_others: 1}", "{unknown: 1}", "findes ikke"),
        ("steps: 5", "steps: 4", "ord til alle 4 trin"),
        ("main_result: growth_potential", "main_result: other", "Hovedresultatet"),
        ("  - key: concept", "  - key: history", "samme nøgle"),
    ],
)
def test_an_instrument_that_does_not_fit_together_is_refused(old: str, new: str, told: str) -> None:
    text = shipped_text("instrument", "virksomhedsprofil").replace(old, new)
    with pytest.raises(BadDefinition, match=told):
        read_definition(text, Instrument, "redskab.yaml")


def test_steps_of_an_action_plan_are_follow_ups(firm: Organisation, consultant: User) -> None:
    made = assessed(firm, consultant)
    due = timezone.localdate() + timedelta(days=30)
    plan = action_plans.make(
        firm, goal="Første ordre i Tyskland", assessment=made, user=consultant,
        steps=[action_plans.Step("Find en agent", due, consultant, "internationalisation")],
    )  # fmt: skip
    step = plan.steps.get()
    assert (step.parameter, step.follow_up.due_on, step.follow_up.assignee) == (
        "internationalisation", due, consultant,
    )  # fmt: skip
    assert list(firm.follow_ups.open()) == [step.follow_up]
    action_plans.drop_step(step, user=consultant)
    assert not firm.follow_ups.exists()
    assert AuditEntry.objects.filter(action="follow_up_deleted").exists()


def test_a_closed_plan_says_what_came_of_it_and_takes_no_more_steps(
    firm: Organisation, consultant: User
) -> None:
    from brobygger.dialogue.errors import Closed

    plan = action_plans.make(firm, goal="Vokse", user=consultant)
    with pytest.raises(BadValues):
        action_plans.close(plan, outcome=" ", user=consultant, expected=1)
    closed = action_plans.close(plan, outcome="To nye kunder", user=consultant, expected=1)
    with pytest.raises(Closed):
        action_plans.add_step(closed, action_plans.Step("Mere", day(3), None), user=consultant)
    opened = action_plans.reopen(closed, user=consultant, expected=closed.version)
    action_plans.add_step(opened, action_plans.Step("Mere", day(3), None), user=consultant)


def test_a_plan_for_another_firms_assessment_is_refused(firm: Organisation, consultant: User) -> None:
    other = assessed(OrganisationFactory(operator=firm.operator), consultant)
    with pytest.raises(NotYourOffice):
        action_plans.make(firm, goal="Vokse", assessment=other, user=consultant)


def test_a_deleted_plan_leaves_its_steps_and_a_trace(firm: Organisation, consultant: User) -> None:
    plan = action_plans.make(
        firm, goal="Vokse", user=consultant, steps=[action_plans.Step("Ring", day(3), consultant)]
    )
    action_plans.delete(plan, user=consultant)
    assert firm.follow_ups.count() == 1
    assert AuditEntry.objects.filter(action="action_plan_deleted").exists()
