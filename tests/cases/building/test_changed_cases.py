# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Cases that have changed in the other system are brought up to date together, as if each had gone through the services."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brobygger.accounts.models import Membership, Operator, Role, User
from brobygger.base import search
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.building import importing, in_memory
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services import contents, waiting
from brobygger.register.imports.report import Report
from brobygger.register.models import Affiliation
from tests.cases.building.made import alone, bring, lived
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, user_as

HALL = "Industri- og lagerbygninger"
CHANGES = {
    "nothing": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;", f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;"),
    "decided": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;",
                f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;"),
    "all of it at once": (f"A;{HALL};Hal;Vej 1;;01-02-2026;;;;;",
                          "A;Simple konstruktioner;Carport;Vej 2;;02-02-2026;10-02-2026;2026-02-15/2026-03-01;20-03-2026;Afslag;k@example.invalid"),
    "another title": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;",
                      f"A;{HALL};Lagerhal;Vej 1;;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;"),
    "another address": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;", f"A;{HALL};Hal;Vej 2;;01-02-2026;10-02-2026;;;;"),
    "another officer": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;",
                        f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;k@example.invalid"),
    "another date": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;",
                     f"A;{HALL};Hal;Vej 1;;01-02-2026;12-02-2026;;25-03-2026;Tilladelse;"),
    "all dates later": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;",
                        f"A;{HALL};Hal;Vej 1;;01-04-2026;10-04-2026;;20-05-2026;Tilladelse;"),
    "all dates earlier": (f"A;{HALL};Hal;Vej 1;;01-04-2026;10-04-2026;;20-05-2026;Tilladelse;",
                          f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;"),
    "another decision": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;",
                         f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;22-03-2026;Afslag;"),
    "no decision": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;",
                    f"A;{HALL};Hal;Vej 1;;01-02-2026;;;;;"),
    "withdrawn": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;",
                  f"A;{HALL};Hal;Vej 1;;01-02-2026;;;05-02-2026;Trukket tilbage;"),
    "waits": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;",
              f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-03-01/;;;"),
    "waits no more": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-03-01/;;;",
                      f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-03-01/2026-03-09;;;"),
    "waits after all": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-03-01/2026-03-09;;;",
                        f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-03-01/;;;"),
    "waited longer": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-02-15/2026-03-01;01-04-2026;Afslag;",
                      f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-02-15/2026-03-05;01-04-2026;Afslag;"),
    "waited another time": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-02-15/2026-03-01;01-04-2026;Afslag;",
                            f'A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;"2026-02-20/2026-03-01; 2026-03-10/2026-03-12";01-04-2026;Afslag;'),
    "waited before it came": (f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;;;;",
                              f"A;{HALL};Hal;Vej 1;;01-02-2026;10-02-2026;2026-01-15/2026-03-01;01-04-2026;Afslag;"),
}  # fmt: skip
"""What it is → (the row before, the row after)."""


@pytest.fixture
def offices(operator: Operator) -> list[Operator]:
    """Two that have the same: what is brought to the one together is brought to the other one by one."""
    other = OperatorFactory()
    officer = user_as(Role.CONSULTANT, operator, email="k@example.invalid")
    Membership.objects.create(user=officer, operator=other, role=Role.CONSULTANT)
    for office in (operator, other):
        OrganisationFactory(operator=office, cvr="99200001")
        adopt_shipped(office, "case_type", "building_case", user=None)
    return [operator, other]


@pytest.fixture
def through_services(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The references that went through the services one by one."""
    gone: list[str] = []
    services: Any = importing.one_by_one

    def noted(operator: Operator, facts: Any, **more: Any) -> Any:
        gone.append(facts.ref)
        return services(operator, facts, **more)

    monkeypatch.setattr(importing, "one_by_one", noted)
    return gone


Both = Callable[..., tuple[Report, Report]]


@pytest.fixture
def both(offices: list[Operator], tmp_path: Path, through_services: list[str]) -> Both:
    """Brings rows to the one office together and to the other one by one; their reports."""

    def again(rows: list[str], **order: Any) -> tuple[Report, Report]:
        together = bring(offices[0], tmp_path, rows, **order)
        noted = list(through_services)
        with pytest.MonkeyPatch.context() as patched:
            alone(patched)
            one_by_one = bring(offices[1], tmp_path, rows, **order)
        through_services[:] = noted
        return together, one_by_one

    return again


def same(reports: tuple[Report, Report]) -> None:
    together, one_by_one = reports
    assert together.counts() == one_by_one.counts()
    assert together.remarks == one_by_one.remarks
    assert together.problems == one_by_one.problems
    assert together.differences == one_by_one.differences


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_case_stands_as_if_it_had_gone_through_the_services(
    what: str, both: Both, offices: list[Operator], through_services: list[str]
) -> None:
    before, after = CHANGES[what]
    both([before])
    events = set(CaseEvent.objects.values_list("pk", flat=True))
    written = list(CaseEvent.objects.order_by("pk").values())
    same(both([after], dry_run=True))
    assert list(CaseEvent.objects.order_by("pk").values()) == written, "a trial keeps nothing"
    reports = both([after])
    same(reports)
    assert lived(offices[0]) == lived(offices[1])
    assert list(CaseEvent.objects.filter(pk__in=events).order_by("pk").values()) == written
    assert through_services == (["A", "A"] if reports[0].skipped else [])


def some_row(ref: str, chance: random.Random) -> str:
    """A row that says anything: its dates may not fit each other."""
    first = date(2026, 1, 5)

    def day(share: float, after: int = 0, within: int = 30) -> date | None:
        return first + timedelta(days=after + chance.randrange(within)) if chance.random() < share else None

    received, complete, decided = day(1), day(0.8, 5, 40), day(0.5, 40, 60)
    pauses = [(day(1, 10, 60), day(0.7, 20, 60)) for _ in range(chance.choice((0, 0, 1, 1, 2)))]
    told = "; ".join(f"{since}/{until or ''}" for since, until in pauses)
    outcome = chance.choice(("Tilladelse", "Afslag", "Trukket tilbage")) if decided else ""
    return (
        f'{ref};{chance.choice((HALL, "Lovliggørelse"))};{chance.choice(("Hal", "Lager", ""))};Vej {chance.randrange(3)};'
        f'{chance.choice(("", "99200001", "99200009"))};{received};{complete or ""};"{told}";{decided or ""};{outcome};'
        f'{chance.choice(("", "k@example.invalid", "ukendt@example.invalid"))}'
    )  # fmt: skip


def test_whatever_changes_it_is_as_if_each_had_gone_through_the_services(
    both: Both, offices: list[Operator], through_services: list[str]
) -> None:
    chance, changed, skipped = random.Random(7), 0, 0
    for _time in range(3):
        reports = both([some_row(f"R-{number}", chance) for number in range(40)])
        same(reports)
        assert lived(offices[0]) == lived(offices[1])
        changed, skipped = changed + reports[0].changed, skipped + reports[0].skipped
    assert changed > 20
    assert skipped > 10
    kinds = set(CaseEvent.objects.filter(case__operator=offices[0]).values_list("kind", flat=True))
    assert kinds == {"opened", "moved", "paused", "resumed", "changed", "assigned", "redated", "voided"}
    assert len(through_services) <= skipped


def rows_of(count: int, decided: str, title: str = "Hal") -> list[str]:
    return [f"B-{n};{HALL};{title} {n};Vej {n};;01-02-2026;10-02-2026;;{decided};" for n in range(count)]


def test_many_changed_cases_ask_hardly_more_than_a_few(
    both: Both, operator: Operator, tmp_path: Path
) -> None:
    bring(operator, tmp_path, rows_of(60, ";"))
    with CaptureQueriesContext(connection) as few:
        assert bring(operator, tmp_path, rows_of(5, "20-03-2026;Tilladelse", "Lager")).changed == 5
    with CaptureQueriesContext(connection) as many:
        assert bring(operator, tmp_path, rows_of(60, "21-03-2026;Tilladelse", "Silo")).changed == 60
    assert len(many) <= len(few) + 2
    assert search.find("case", "silo", scopes=[str(operator.pk)]).keys


def test_what_somebody_writes_meanwhile_is_kept(
    both: Both, operator: Operator, consultant: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    through_services: list[str],
) -> None:  # fmt: skip
    bring(operator, tmp_path, rows_of(3, ";"))
    stored: Any = in_memory.store_changed

    def late(written: Any) -> Any:
        contents.note(Case.objects.get(external_ref="B-1"), "Ringet til bygherren", user=consultant)
        return stored(written)

    monkeypatch.setattr(in_memory, "store_changed", late)
    report = bring(operator, tmp_path, rows_of(3, "20-03-2026;Tilladelse"))
    assert (report.changed, report.skipped, through_services) == (3, 0, ["B-1"])
    found = Case.objects.get(external_ref="B-1")
    assert [event.kind for event in found.events.order_by("pk")] == ["opened", "moved", "note", "moved"]
    assert found.outcome == "granted"


def test_what_the_office_wrote_counts_in_what_is_worked_out(
    both: Both, offices: list[Operator], consultant: User, through_services: list[str]
) -> None:
    both(rows_of(1, ";"))
    for case in Case.objects.all():
        waiting.pause(case, "hearing", user=None, on=date(2026, 3, 2), reason="Nabohøring")
    reports = both(rows_of(1, "20-03-2026;Tilladelse"))
    same(reports)
    assert "venter" in reports[0].problems[0]["message"]
    assert lived(offices[0]) == lived(offices[1])


def test_somebody_partial_is_not_given_the_case(
    both: Both, offices: list[Operator], through_services: list[str]
) -> None:
    officer = User.objects.get(email="k@example.invalid")
    for office in offices:
        person = PersonFactory(operator=office, user=officer)
        Affiliation.objects.create(person=person, organisation=office.organisations.get(cvr="99200001"))
    row = f"A;{HALL};Hal;Vej 1;99200001;01-02-2026;10-02-2026;;;;"
    both([row])
    reports = both([f"{row}k@example.invalid"])
    same(reports)
    assert (reports[0].skipped, through_services) == (1, ["A"])
    assert not Case.objects.exclude(officer=None).exists()


def test_a_case_that_is_voted_on_is_left_to_the_services(
    both: Both, operator: Operator, consultant: User, tmp_path: Path, through_services: list[str]
) -> None:
    bring(operator, tmp_path, rows_of(2, ";"))
    case = Case.objects.get(external_ref="B-0")
    case.votes.create(round=case.round, move="grant", ballot="officer", voter=consultant, answer="yes")
    moved = [row.replace("Vej", "Skovvej") for row in rows_of(2, ";")]
    report = bring(operator, tmp_path, moved)
    assert (report.changed, through_services) == (2, ["B-0"])
    assert Case.objects.get(external_ref="B-0").round == case.round + 1


def test_every_field_of_a_case_is_either_changed_by_an_import_or_left_alone() -> None:
    alone_ = {"id", "operator", "definition", "type_key", "number", "organisation", "kle", "external_ref", "checks",
              "warned_on", "exported_at", "archived_at", "invented", "entry_key", "created_at", "news", "news_told", "asked_round"}  # fmt: skip
    fields = {field.name for field in Case._meta.concrete_fields}
    assert set(in_memory.CHANGED) | alone_ == fields
    assert not set(in_memory.CHANGED) & alone_
