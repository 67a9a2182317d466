# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A scheme's criteria: each is told in words, and the register's own answer is the same as that of the words."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from brobygger.accounts.models import Operator, User
from brobygger.blueprints import queries as blueprints
from brobygger.blueprints.errors import BadDefinition
from brobygger.guidance.blueprints import KIND, Scheme
from brobygger.guidance.criteria import Outcome, ask, years_before
from brobygger.guidance.queries import schemes
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory
from tests.guidance.made import aid, scheme

ON = date(2026, 11, 26)
RULES: list[dict[str, Any]] = [
    {"rule": "employees", "max": 49}, {"rule": "employees", "min": 10}, {"rule": "employees", "min": 2, "max": 14},
    {"rule": "employees", "max": 0}, {"rule": "employees", "min": 1000},
    {"rule": "age", "max_years": 3}, {"rule": "age", "min_years": 1}, {"rule": "age", "min_years": 1, "max_years": 5},
    {"rule": "industry", "any_of": ["C"]}, {"rule": "industry", "any_of": ["11", "2562"]},
    {"rule": "industry", "none_of": ["110500"]}, {"rule": "industry", "any_of": ["C"], "none_of": ["11"]},
    {"rule": "municipality", "any_of": ["0350", "0265"]}, {"rule": "region", "any_of": ["1085"]},
    {"rule": "company_form", "any_of": ["60", "80"]}, {"rule": "ask", "question": "Har I et projekt?"},
]  # fmt: skip
SIZES: list[tuple[int | None, str]] = [
    (None, ""), (0, "0"), (1, "1"), (10, "10-19"), (14, "10-19"), (14, ""), (49, ""), (50, "50-99"), (20, "20-49"),
    (1000, "1000+"),
]  # fmt: skip


@pytest.fixture
def firms(operator: Operator) -> list[Organisation]:
    """Of every size, age, industry, place and form there is in the rules, and with each of them unknown."""
    made = [OrganisationFactory(operator=operator, employees=n, employees_text=text) for n, text in SIZES]
    days = [None, ON, years_before(ON, 1), years_before(ON, 1) + timedelta(1), years_before(ON, 3),
            years_before(ON, 3) - timedelta(1), date(1995, 5, 1)]  # fmt: skip
    made += [OrganisationFactory(operator=operator, founded_on=day) for day in days]
    places = product(["", "110500", "256200", "471100", "999999"], ["", "0350", "0101"], ["", "80", "10"])
    made += [
        OrganisationFactory(
            operator=operator, industry=industry, municipality_code=place, form_code=form, employees=12,
            founded_on=date(2024, 1, 1),
        )
        for industry, place, form in places
    ]  # fmt: skip
    return made


@pytest.mark.parametrize(
    "rules", [*[[rule] for rule in RULES], RULES[0:1] + RULES[6:7] + RULES[8:9], RULES[11:16]]
)
def test_the_register_answers_as_the_words_do(
    operator: Operator, firms: list[Organisation], rules: list[Any]
) -> None:
    pool = scheme(operator, criteria=rules)
    told = {firm.pk: schemes.fit(firm, pool, on=ON).outcome for firm in firms}
    for which in (schemes.FITS, schemes.PERHAPS):
        found = set(schemes.firms_of(pool, which=which, on=ON).values_list("pk", flat=True))
        assert found == {pk for pk, outcome in told.items() if outcome == which}


@pytest.mark.parametrize(
    ("rule", "values", "outcome", "words"),
    [
        ({"rule": "employees", "max": 50}, {"employees": 14}, "passed",
         "Der er 14 ansatte; ordningen kræver højst 50 ansatte."),
        ({"rule": "employees", "max": 15}, {"employees": 10, "employees_text": "10-19"}, "unknown",
         "Der er 10-19 ansatte; ordningen kræver højst 15 ansatte."),
        ({"rule": "employees", "min": 2}, {"employees": 1}, "failed",
         "Der er 1 ansat; ordningen kræver mindst 2 ansatte."),
        ({"rule": "employees", "min": 2, "max": 9}, {"employees": None}, "unknown",
         "Antallet af ansatte kendes ikke; ordningen kræver 2 til 9 ansatte."),
        ({"rule": "age", "max_years": 3}, {"founded_on": date(2019, 5, 1)}, "failed",
         "Startet den 01.05.2019; ordningen kræver en alder på højst 3 år."),
        ({"rule": "municipality", "any_of": ["0350"]}, {"municipality_code": "0101"}, "failed",
         "Ligger i København Kommune; ordningen er for Lejre Kommune."),
        ({"rule": "region", "any_of": ["1085"]}, {"municipality_code": "0350"}, "passed",
         "Ligger i Lejre Kommune; ordningen er for Region Sjælland."),
        ({"rule": "company_form", "any_of": ["60", "80"]}, {"form_code": "10"}, "failed",
         "Virksomhedsformen er enkeltmandsvirksomhed; ordningen kræver aktieselskab eller anpartsselskab."),
        ({"rule": "ask", "question": "Sparer I energi?"}, {}, "unknown", "Skal afklares: Sparer I energi?"),
    ],
)  # fmt: skip
def test_each_criterion_is_told_in_words(
    operator: Operator, rule: dict[str, Any], values: dict[str, Any], outcome: str, words: str
) -> None:
    firm = OrganisationFactory.build(operator=operator, **values)
    criterion = scheme(operator, criteria=[rule]).content.criteria[0]
    finding = ask(criterion, firm, ON)
    assert (finding.outcome, finding.words) == (Outcome(outcome), words)


def test_what_only_the_firm_can_answer_decides_nothing(operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator)
    found = schemes.fit(firm, scheme(operator, criteria=[{"rule": "ask", "question": "Hvorfor?"}]))
    assert found.outcome == schemes.FITS
    assert [finding.ask for finding in found.to_ask] == [True]


def test_no_firm_of_another_office_and_none_that_has_ceased(operator: Operator) -> None:
    pool = scheme(operator)
    OrganisationFactory()
    OrganisationFactory(operator=operator, status="dissolved")
    OrganisationFactory(operator=operator, kind="school")
    assert not schemes.firms_of(pool)


def test_a_firm_without_room_does_not_fit_a_de_minimis_scheme(operator: Operator, consultant: User) -> None:
    full, free = OrganisationFactory(operator=operator), OrganisationFactory(operator=operator)
    pool = scheme(operator, de_minimis=True)
    aid(full, consultant, amount_eur=300_000)
    aid(free, consultant, amount_eur=299_999)
    assert list(schemes.firms_of(pool)) == [free]
    assert schemes.fit(full, pool).outcome == schemes.NOT
    assert "plads til 1 euro af 300.000" in schemes.fit(free, pool).findings[-1].words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opens_on": date(2026, 5, 1), "closes_on": date(2026, 4, 1)}, "lukker, før den åbner"),
        ({"invented": True}, "opdigtet"),
        ({"link": "http://example.invalid"}, "https://"),
        ({"min_dkk": 10, "max_dkk": 5}, "større end det største"),
        ({"criteria": [{"rule": "employees"}]}, "mindste eller en højeste grænse"),
        ({"criteria": [{"rule": "employees", "min": 9, "max": 2}]}, "under den mindste"),
        ({"criteria": [{"rule": "municipality", "any_of": ["350"]}]}, "kommunekode"),
        ({"criteria": [{"rule": "industry", "any_of": ["x9"]}]}, "branche"),
        ({"criteria": [{"rule": "size", "max": 2}]}, "skal være en af disse"),
        ({"purposes": []}, "uden for grænserne"),
        ({"rate_percent": 140}, "uden for grænserne"),
    ],
)
def test_a_description_that_cannot_be_right_is_refused(
    operator: Operator, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadDefinition) as told:
        scheme(operator, **change)
    assert words in str(told.value)


def test_every_delivered_scheme_says_where_it_is_described_and_invents_nothing() -> None:
    delivered = blueprints.shipped(KIND)
    assert len(delivered) >= 8
    for one in delivered:
        content = one.content
        assert isinstance(content, Scheme)
        assert content.source
        assert content.invented == ("opdigtet" in content.source.lower())
        if not content.invented:
            assert (content.rate_percent, content.opens_on, content.closes_on, content.link) == (
                None,
                None,
                None,
                "",
            )
