# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""No line of a case's history is nameless, and no sum of money ends in two full stops."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from brobygger import cases
from brobygger.blueprints import queries
from brobygger.cases.angels.models import Sending
from brobygger.cases.errors import NotReady
from brobygger.cases.event_words import known
from brobygger.cases.models import CaseEvent
from brobygger.cases.services import contents
from brobygger.cases.services.derive import locked, record
from brobygger.cases.services.moving import vote
from brobygger.cases.words import for_applicant, lines
from tests.cases.made import at_decision, day, fresh, opened
from tests.factories import OrganisationFactory


def names_written() -> Iterator[str]:
    """Every name that our code gives an event of kind »other«, as it stands in the source."""
    for path in Path(cases.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "_tell" and len(node.args) == 4 and isinstance(node.args[1], ast.Constant):
                yield str(node.args[1].value)
            if node.func.id == "_record" and len(node.args) > 2 and isinstance(node.args[1], ast.Constant):
                yield str(node.args[1].value)
            is_other = any(isinstance(arg, ast.Attribute) and arg.attr == "OTHER" for arg in node.args)
            for given in node.keywords:
                if node.func.id == "record" and is_other and given.arg == "name":
                    yield from _values(given.value)


def _values(given: ast.expr) -> Iterator[str]:
    if isinstance(given, ast.Constant):
        yield str(given.value)
    elif isinstance(given, ast.JoinedStr):  # f"{what}_sent"
        yield from (f"{what}_sent" for what in Sending.What.values)


def test_every_happening_of_a_case_types_own_has_words() -> None:
    found = set(names_written())
    assert {
        "course_day",
        "customers_proposed",
        "loan_agreed",
        "bids_opened",
        "profile_sent",
        "prospectus",
    } <= found
    assert found == known()


@pytest.mark.django_db
def test_they_are_read_by_the_office_and_the_applicant(operator, consultant) -> None:
    case = opened(operator, organisation=OrganisationFactory(operator=operator))
    stored = locked(case)
    record(
        stored, CaseEvent.Kind.OTHER, user=consultant, name="course_day", text="Tilbud", for_applicant=True
    )
    record(stored, CaseEvent.Kind.OTHER, user=consultant, name="customer_added", text="Havnen A/S")
    office = [(line.title, line.text) for line in lines(fresh(case), {})[:2]]
    assert office == [("Mulig kunde sat på listen", "Havnen A/S"), ("Kursusdag", "Tilbud")]
    assert [(line.title, line.text) for line in for_applicant(fresh(case))][0] == ("Kursusdag", "Tilbud")
    assert "Havnen" not in str(for_applicant(fresh(case)))


@pytest.mark.django_db
def test_what_was_due_is_told_by_what_it_was(operator, consultant) -> None:
    case = opened(operator, organisation=OrganisationFactory(operator=operator))
    duty = contents.set_duty(case, "report", title="Rapport til ordningen", due_on=day(3))
    contents.do_duty(case, duty, text="Alt gik godt.", user=consultant)
    for line in (lines(fresh(case), {})[0], for_applicant(fresh(case))[0]):
        assert (line.title, line.text) == ("Gjort: Rapport til ordningen", "Alt gik godt.")


@pytest.mark.django_db
def test_a_sum_ends_in_one_full_stop(operator, consultant) -> None:
    case, bank, _group = at_decision(operator, consultant)
    contents.fill_in(case, {"amount": Decimal(600_000)}, user=consultant, expected=None)
    with pytest.raises(NotReady) as told:
        vote(fresh(case), "decide", "yes", user=bank, round=fresh(case).round)
    assert told.value.missing == ["Beløb er 600.000 kr. Loftet er 500.000 kr."]


@pytest.mark.parametrize("kind", ["case_type"])
def test_no_delivered_letter_puts_a_full_stop_after_an_amount(kind: str) -> None:
    for delivered in queries.shipped(kind):
        money = [field.key for field in delivered.content.fields if field.kind == "money"]
        texts = [text for letter in delivered.content.letters for text in (letter.subject, letter.body)]
        assert not [text for text in texts for key in money if f"{{{key}}}." in text], delivered.content.key
