# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The figures that the market gives the plan, and the records behind them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.base import indicators
from brobygger.base.indicators import Period, Question, Reading
from brobygger.knowledge import load
from brobygger.knowledge.factors import factor_for
from brobygger.market.models import Listing, Match, MatchNote, Outcome
from tests.factories import AgreementFactory, DeliveryFactory, user_as
from tests.market.line import Line, make_line

Stage = Match.Stage
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
KEYS = (
    "market.matches_introduced",
    "market.matches_agreed",
    "market.matches_broken_off",
    "market.tonnes",
    "market.tonnes_reported",
    "market.co2e",
    "market.co2e_reported",
    "market.dkk",
    "market.dkk_computed",
    "market.jobs",
    "market.hours",
    "market.firms",
)


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def read(line: Line, key: str, period: Period = YEAR, **parameters: Any) -> Reading:
    return indicators.read(key, period, line.operator, parameters)


def stage_at(line: Line, stage: str, *moment: int) -> None:
    MatchNote.objects.create(
        match=line.match, stage=stage, at=datetime(*moment, tzinfo=timezone.get_default_timezone())
    )


def agreement(line: Line, on: date = date(2026, 3, 1), **fields: Any):
    line.at_stage(Stage.RUNNING)
    return AgreementFactory(match=line.match, agreed_on=on, starts_on=on, **fields)


def outcome(line: Line, kind: str, amount: str, on: date = date(2026, 5, 1)) -> Outcome:
    return Outcome.objects.create(match=line.match, kind=kind, amount=amount, on=on, said_by="Ejeren")


@pytest.mark.parametrize("key", KEYS)
def test_every_figure_is_published_with_unit_and_parameters_and_begins_at_nought(
    line: Line, key: str
) -> None:
    published = indicators.get(key)
    assert published.unit
    assert set(published.parameters) == {"branch", "kind", "open_only"}
    assert read(line, key) == Reading(Decimal(0), [])


def test_tons_are_called_tons(line: Line) -> None:
    units = {figure.key: figure.unit for figure in indicators.every() if figure.key in KEYS}
    assert {units["market.tonnes"], units["market.tonnes_reported"]} == {"tons"}
    assert {units["market.co2e"], units["market.co2e_reported"]} == {"tons CO2e"}


def test_a_match_counts_as_agreed_once_on_the_day_of_its_first_agreement(line: Line) -> None:
    agreement(line, date(2026, 3, 1))
    agreement(line, date(2026, 9, 1))
    reading = read(line, "market.matches_agreed")
    assert reading.value == 1
    assert [(record.label, record.when) for record in reading.records] == [
        ("Prøvebryggeriet → Prøvegården", date(2026, 3, 1))
    ]
    assert reading.records[0].url == line.at
    assert read(line, "market.matches_agreed", Period(date(2026, 4, 1), date(2026, 12, 31))).value == 0


def test_a_match_that_was_agreed_and_fell_through_later_was_agreed(line: Line) -> None:
    agreement(line)
    line.at_stage(Stage.FELL_THROUGH, why_not="price")
    assert read(line, "market.matches_agreed").value == 1


def test_midnight_in_copenhagen_divides_the_years(line: Line) -> None:
    stage_at(line, Stage.INTRODUCED, 2026, 12, 31, 23, 59)
    assert read(line, "market.matches_introduced").value == 1
    MatchNote.objects.update(at=datetime(2027, 1, 1, 0, 1, tzinfo=timezone.get_default_timezone()))
    assert read(line, "market.matches_introduced").value == 0


def test_tonnes_add_up_and_what_has_no_weight_is_left_out_and_told(line: Line) -> None:
    under = agreement(line)
    DeliveryFactory(agreement=under, on=date(2026, 3, 2), quantity=4, tonnes=4)
    DeliveryFactory(agreement=under, on=date(2026, 12, 31), quantity=2, tonnes="1.5")
    DeliveryFactory(agreement=under, on=date(2027, 1, 1), quantity=9, tonnes=9)
    DeliveryFactory(agreement=under, on=date(2026, 4, 2), quantity=3, unit="palle", tonnes=None)
    reading = read(line, "market.tonnes")
    assert reading.value == Decimal("5.5")
    assert [record.amount for record in reading.records] == [4, Decimal("1.5")]
    assert "1 leverance er ikke med" in reading.missing


def test_co2e_is_tonnes_times_the_shipped_factor(line: Line) -> None:
    factor = factor_for(load(), "spent_grain", "cattle_feed").kg_co2e
    assert factor is not None, "the test needs a type with a factor"
    DeliveryFactory(agreement=agreement(line), on=date(2026, 3, 2), quantity=4, tonnes=4)
    assert read(line, "market.co2e").value == Decimal(str(factor)) * 4 / 1000


def test_mash_that_became_flour_saved_no_feed_and_is_left_out_and_told(line: Line) -> None:
    Listing.objects.filter(pk=line.match.need_id).update(resource_type="spent_grain_flour")
    DeliveryFactory(agreement=agreement(line), on=date(2026, 3, 2), quantity=4, tonnes=4)
    reading = read(line, "market.co2e")
    assert (reading.value, reading.records) == (0, [])
    assert "1 leverance er ikke med" in reading.missing
    assert read(line, "market.dkk_computed").value == 1200


def test_what_has_no_factor_is_left_out_and_told(line: Line) -> None:
    Listing.objects.update(resource_type="")
    DeliveryFactory(agreement=agreement(line), on=date(2026, 3, 2))
    for key in ("market.co2e", "market.dkk_computed"):
        reading = read(line, key)
        assert reading.value == 0
        assert reading.missing


def test_the_value_of_deliveries_follows_the_agreed_price_in_its_own_unit(line: Line) -> None:
    DeliveryFactory(
        agreement=agreement(line, price="0.50", unit="kg"),
        on=date(2026, 3, 2),
        quantity=4,
        unit="t",
        tonnes=4,
    )
    reading = read(line, "market.dkk_computed")
    assert reading.value == 2000
    assert "efter aftalt pris" in reading.records[0].label


def test_what_was_reported_is_told_with_who_said_it_and_never_mixed_with_what_was_computed(
    line: Line,
) -> None:
    DeliveryFactory(agreement=agreement(line, price=100, unit="t"), on=date(2026, 3, 2), quantity=4, tonnes=4)
    outcome(line, "dkk", "12000")
    outcome(line, "jobs", "0.5")
    outcome(line, "co2e", "1500")
    outcome(line, "hours", "37", on=date(2025, 12, 31))
    assert read(line, "market.dkk").value == 12000
    assert read(line, "market.dkk_computed").value == 400
    assert read(line, "market.jobs").value == Decimal("0.5")
    assert read(line, "market.co2e_reported").value == Decimal("1.5")
    assert read(line, "market.hours").value == 0
    assert "oplyst af Ejeren" in read(line, "market.dkk").records[0].label


def test_firms_count_once_while_an_exchange_runs(line: Line) -> None:
    stage_at(line, Stage.RUNNING, 2025, 11, 1)
    stage_at(line, Stage.ENDED, 2026, 2, 1)
    other = make_line(line.operator, line.consultant)
    Match.objects.filter(pk=other.match.pk).update(giver=line.match.giver)
    stage_at(other, Stage.RUNNING, 2026, 6, 1)
    assert read(line, "market.firms").value == 3
    assert read(line, "market.firms", Period(date(2025, 1, 1), date(2025, 12, 31))).value == 2
    assert read(line, "market.firms", Period(date(2024, 1, 1), date(2024, 12, 31))).value == 0
    assert read(line, "market.firms", Period(date(2026, 3, 1), date(2026, 5, 1))).value == 0


def test_what_broke_off_is_counted_apart_from_what_ended_and_what_never_began(line: Line) -> None:
    begun = datetime(2026, 5, 1, tzinfo=timezone.get_default_timezone())
    for ran, stage in ((True, Stage.FELL_THROUGH), (True, Stage.ENDED), (False, Stage.FELL_THROUGH)):
        one = make_line(line.operator, line.consultant)
        if ran:
            stage_at(one, Stage.RUNNING, 2026, 3, 1)
        one.at_stage(stage, why_not="price" if stage == Stage.FELL_THROUGH else "", stage_at=begun)
    assert read(line, "market.matches_broken_off").value == 1
    assert read(line, "market.matches_broken_off", Period(date(2026, 6, 1), date(2026, 12, 31))).value == 0


def test_a_branch_of_the_tree_and_a_kind_narrow_every_figure(line: Line) -> None:
    DeliveryFactory(agreement=agreement(line), on=date(2026, 3, 2), tonnes=4)
    assert read(line, "market.tonnes", branch="brewing_residue").value == 4
    assert read(line, "market.tonnes", branch="spent_grain_dried").value == 0
    assert read(line, "market.tonnes", kind="residue").value == 4
    assert read(line, "market.matches_agreed", kind="land").value == 0


def test_the_neighbours_figures_are_their_own(line: Line) -> None:
    DeliveryFactory(agreement=agreement(line), on=date(2026, 3, 2), tonnes=4)
    neighbour = user_as(Role.CONSULTANT).memberships.get().operator
    for key in KEYS:
        assert indicators.read(key, YEAR, neighbour).value == 0


@pytest.mark.parametrize("key", KEYS)
def test_a_confidential_exchange_is_counted_but_never_named_and_can_be_left_out(line: Line, key: str) -> None:
    stage_at(line, Stage.INTRODUCED, 2026, 2, 1)
    stage_at(line, Stage.RUNNING, 2026, 3, 1)
    DeliveryFactory(agreement=agreement(line), on=date(2026, 3, 2), tonnes=4)
    for kind in ("dkk", "co2e", "jobs", "hours", "tonnes"):
        outcome(line, kind, "10")
    if key == "market.matches_broken_off":
        broke = datetime(2026, 5, 1, tzinfo=timezone.get_default_timezone())
        line.at_stage(Stage.FELL_THROUGH, why_not="price", stage_at=broke)
    Listing.objects.filter(pk=line.match.need_id).update(visibility=Listing.Visibility.BROKER)
    reading = read(line, key)
    assert reading.value
    told = " ".join(record.label for record in reading.records) + reading.missing
    assert "Prøve" not in told
    assert "Ejeren" not in told
    assert read(line, key, open_only=True).value == 0


def lived_in(line: Line) -> None:
    """An open and a confidential exchange, each with something of every kind, in two years."""
    secret = make_line(line.operator, line.consultant)
    Listing.objects.filter(pk=secret.match.have_id).update(visibility=Listing.Visibility.BROKER)
    for one in (line, secret):
        stage_at(one, Stage.INTRODUCED, 2025, 12, 1)
        stage_at(one, Stage.RUNNING, 2026, 3, 1)
        under = agreement(one, price=100, unit="t")
        DeliveryFactory(agreement=under, on=date(2026, 3, 2), tonnes=4)
        DeliveryFactory(agreement=under, on=date(2026, 7, 2), unit="palle", tonnes=None)
        DeliveryFactory(agreement=under, on=date(2027, 1, 2), tonnes=2)
        for kind in ("dkk", "co2e", "jobs", "hours", "tonnes"):
            outcome(one, kind, "10")
            outcome(one, kind, "3", on=date(2025, 5, 1))


def test_figures_read_together_are_what_each_is_alone(line: Line) -> None:
    lived_in(line)
    periods = (
        YEAR,
        Period(date(2025, 1, 1), date(2025, 12, 31)),
        Period(date(2026, 7, 1), date(2027, 6, 30)),
    )
    narrowed: tuple[dict[str, Any], ...] = (
        {},
        {"open_only": True},
        {"kind": "land"},
        {"branch": "brewing_residue"},
    )
    questions = [Question(key, period, asked) for key in KEYS for period in periods for asked in narrowed]
    together = indicators.read_all(questions, line.operator)
    alone = [read(line, question.key, question.period, **question.parameters) for question in questions]
    assert together == alone
    assert len({reading.value for reading in alone}) > 4, "nothing but noughts would compare nothing"


def test_a_page_of_every_figure_costs_a_few_queries(line: Line, django_assert_max_num_queries) -> None:
    lived_in(line)
    questions = [
        Question(key, Period(date(2026, month, 1), date(2027, month, 1)), {"open_only": bool(month % 2)})
        for key in KEYS
        for month in range(1, 13)
    ]
    with django_assert_max_num_queries(7):
        indicators.read_all(questions, line.operator)


def test_a_figure_costs_the_same_queries_however_many_records(
    line: Line, django_assert_max_num_queries
) -> None:
    under = agreement(line)
    for days in range(20):
        DeliveryFactory(agreement=under, on=date(2026, 3, 2) + timedelta(days=days), tonnes=4)
    for key in KEYS:
        with django_assert_max_num_queries(3):
            read(line, key)
