# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Instruments that ask for figures: kilos, kroner and CO2e today and as it could be, and what the firm keeps of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.test import Client

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.errors import BadDefinition
from brobygger.blueprints.services import adopt
from brobygger.dialogue import documents, figures
from brobygger.dialogue.errors import BadValues
from brobygger.dialogue.models import Assessment
from brobygger.dialogue.services import action_plans, assessments
from brobygger.dialogue.services.assessments import Answers
from brobygger.knowledge.factors import load_factors
from brobygger.register.models import Organisation
from tests.dialogue.made import day
from tests.dialogue.outreach import tool
from tests.factories import OrganisationFactory, firm_user

NUMBERS = {
    ("residual_kg", "today"): Decimal(900), ("plastic_kg", "today"): Decimal(100),
    ("residual_kg", "tomorrow"): Decimal(500), ("plastic_kg", "tomorrow"): Decimal(500),
    ("residual_dkk", "today"): Decimal("4000.50"), ("income_dkk", "today"): Decimal(100),
}  # fmt: skip


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator)


def judged(firm: Organisation, user: User, numbers=None, **scores: int) -> Assessment:
    answers = Answers(on=day(), scores=scores or {"bins": 2}, figures=NUMBERS if numbers is None else numbers)
    return assessments.assess(firm, tool(firm.operator, "sorteringstjek"), answers, user=user)


def sums_of(assessment: Assessment) -> dict[str, list[Decimal | None]]:
    return {
        line.name: line.values for line in figures.sums(assessment.instrument.content, assessment.figures)
    }


def test_kilos_kroner_and_co2e_today_and_as_it_could_be(firm: Organisation, consultant: User) -> None:
    found = sums_of(judged(firm, consultant))
    assert found["Affald i alt"] == [Decimal(1000), Decimal(1000)]
    assert found["Sorteret til genanvendelse"] == [Decimal(10), Decimal(50)]
    assert found["Udgift"] == [Decimal("3900.5"), None]
    assert found["Sparet ved genanvendelse"] == [Decimal("159.711"), Decimal("798.555")]


def test_figures_alone_are_enough_and_nothing_at_all_is_not(firm: Organisation, consultant: User) -> None:
    instrument = tool(firm.operator, "sorteringstjek")
    only = Answers(on=day(), scores={}, figures=NUMBERS)
    assert assessments.assess(firm, instrument, only, user=consultant).figures["plastic_kg"] == {
        "today": "100",
        "tomorrow": "500",
    }
    with pytest.raises(BadValues):
        assessments.assess(firm, instrument, Answers(on=day(), scores={}), user=consultant)


@pytest.mark.parametrize(
    "key", [("plastic_kg", "never"), ("nothing", "today"), ("plastic_kg", "today")], ids=str
)
def test_what_the_instrument_does_not_ask_or_cannot_be_is_refused(
    firm: Organisation, consultant: User, key: tuple[str, str]
) -> None:
    with pytest.raises(BadValues):
        judged(firm, consultant, {key: Decimal(-1)})


def test_the_delivered_factors_are_those_of_the_knowledge_base(operator: Operator) -> None:
    content = tool(operator, "sorteringstjek").content
    terms = next(one.terms for one in content.sums if one.key == "saved_co2e")
    known = load_factors()
    same = {"paper_kg": "office_paper", "board_kg": "cardboard", "glass_kg": "glass_bottles_jars",
            "metal_kg": "mixed_metals", "plastic_kg": "plastic_residue"}  # fmt: skip
    assert {key: float(value) for key, value in terms.items()} == pytest.approx(
        {key: known[resource].kg_co2e / 1000 for key, resource in same.items()}
    )


def test_a_definition_that_does_not_fit_together_is_refused(operator: Operator) -> None:
    path = Path("brobygger/blueprints/shipped/instrument/sorteringstjek.yaml")
    for change in (
        lambda body: body.pop("moments"),
        lambda body: body["sums"][0]["terms"].update(unknown=1),
        lambda body: body["sums"][1].update(share_of="unknown"),
        lambda body: body["figures"][0].update(group="unknown"),
        lambda body: body["figures"].append(body["figures"][0]),
    ):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(body)
        with pytest.raises(BadDefinition):
            adopt(operator, "instrument", yaml.safe_dump(body, allow_unicode=True), user=None)


def test_the_form_the_page_and_correcting(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    tool(firm.operator, "sorteringstjek")
    address = f"/vurderinger/ny/{firm.pk}/sorteringstjek/"
    page = as_consultant.get(address).content.decode()
    assert 'name="figure_plastic_kg__tomorrow"' in page
    typed = {
        "on": day().isoformat(),
        "figure_plastic_kg__today": "1.200,5",
        "figure_plastic_kg__tomorrow": "9",
    }
    as_consultant.post(address, typed)
    made = Assessment.objects.get()
    assert made.figures == {"plastic_kg": {"today": "1200.5", "tomorrow": "9"}}
    page = as_consultant.get(made.get_absolute_url()).content.decode()
    assert "kg CO2e" in page
    assert "UK DESNZ 2025" in page
    assert 'value="1.200,5"' in as_consultant.get(f"/vurderinger/{made.pk}/ret/").content.decode()
    assert as_consultant.post(address, {**typed, "figure_plastic_kg__today": "x"}).status_code == 200
    assert Assessment.objects.count() == 1


def test_the_firm_keeps_the_figures_with_its_plan_and_never_the_steps(
    client: Client, firm: Organisation, consultant: User
) -> None:
    made = judged(firm, consultant)
    step = action_plans.Step("Sæt en beholder op til plast", day(9), consultant, "plastic_kg")
    plan = action_plans.make(firm, goal="Mindre rest", assessment=made, steps=[step], user=consultant)
    assert plan.steps.get().parameter == "plastic_kg"
    action_plans.share(plan, user=consultant, expected=plan.version)
    client.force_login(firm_user(firm))
    page = client.get(f"/min-side/handlingsplaner/{plan.pk}/").content.decode()
    assert "Tal fra besøget" in page
    assert "798,6" in page
    assert "Klar til tilsyn" not in page
    assert client.get(f"/handlingsplaner/{plan.pk}/pdf/").content[:4] == b"%PDF"
    other = judged(firm, consultant, {})
    bare = action_plans.make(firm, goal="Andet", assessment=other, steps=[], user=consultant)
    assert documents.figures_of(bare) is None
