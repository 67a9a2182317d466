# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from brobygger.base import indicators
from brobygger.base.indicators import Reading, Record
from brobygger.plan import queries, services
from brobygger.plan.models import Goal, Measurement
from tests.factories import MatchFactory, OperatorFactory, user_as

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def initiative(operator):
    plan = services.create_plan(operator, name="Handlingsplan", year_from=2026, year_to=2026)
    return services.add_initiative(services.add_track(plan, name="Klima"), name="Vejledning")


@pytest.fixture
def visits(monkeypatch):
    """A figure that counts what the test puts in the list."""
    happened: list[Record] = []

    def read(period, operator, **parameters):
        inside = [r for r in happened if period.start <= r.when <= period.end]
        return Reading(sum((r.amount for r in inside), Decimal(0)), inside)

    figure = indicators.Indicator("prøve.besøg", "Besøg", "besøg", read, {"art": "hvilken slags"})
    monkeypatch.setitem(indicators._registry, figure.key, figure)
    return happened


def goal(initiative, **fields):
    defaults = {
        "name": "Seks besøg", "indicator": "prøve.besøg", "target": Decimal(6),
        "starts_on": TODAY.replace(month=1, day=1), "ends_on": TODAY.replace(month=12, day=31),
    }  # fmt: skip
    return services.add_goal(initiative, **(defaults | fields))


def visit(on=None, amount=1):
    return Record("Besøg hos Prøvefirma", on or TODAY, Decimal(amount), "/match/")


def test_a_goal_in_kroner_is_told_in_whole_kroner_with_the_records_behind_it(
    operator, initiative, visits, monkeypatch, as_head
):
    read = indicators.get("prøve.besøg").read
    monkeypatch.setitem(
        indicators._registry, "prøve.kroner", indicators.Indicator("prøve.kroner", "Kroner", "kr.", read, {})
    )
    found = goal(initiative, indicator="prøve.kroner", target=Decimal("850.5"))
    visits.append(visit(amount="612.45"))
    for address in (reverse("plan:plan"), reverse("plan:goal", args=[found.pk])):
        body = as_head.get(address).content.decode()
        assert "612" in body
        assert "851" in body
        assert "612,4" not in body
        assert "850,5" not in body


def test_one_firm_is_not_called_one_firms(operator, initiative, visits, monkeypatch, as_head):
    read = indicators.get("prøve.besøg").read
    monkeypatch.setitem(
        indicators._registry,
        "prøve.firmaer",
        indicators.Indicator("prøve.firmaer", "Virksomheder", "virksomheder", read, {}),
    )
    found = goal(initiative, indicator="prøve.firmaer")
    visits.append(visit())
    body = as_head.get(reverse("plan:goal", args=[found.pk])).content.decode()
    assert "Bidrag (virksomheder)" in body
    assert "1 virksomheder" not in body


def test_a_goal_moves_by_itself_when_something_happens(operator, initiative, visits, as_head):
    found = goal(initiative)
    assert queries.read(found, operator, office=True).value == 0
    visits.append(visit())
    assert queries.read(found, operator, office=True).value == 1
    page = as_head.get(reverse("plan:plan")).content.decode()
    assert "<strong>1</strong>" in page
    assert "af 6" in page


def test_what_happened_outside_the_period_does_not_count(operator, initiative, visits):
    visits.append(visit(TODAY.replace(year=TODAY.year - 1)))
    assert queries.read(goal(initiative), operator, office=True).value == 0


def test_the_goals_page_lists_the_records_behind_the_number(as_consultant, initiative, visits):
    visits.append(visit(amount=2))
    page = as_consultant.get(reverse("plan:goal", args=[goal(initiative).pk])).content.decode()
    assert "Besøg hos Prøvefirma" in page
    assert 'href="/match/"' in page


@pytest.mark.parametrize(
    ("value", "starts", "ends", "status"),
    [
        (6, -10, 10, "reached"),
        (1, -10, 0, "behind"),
        (5, -10, 10, "ahead"),
        (5, -20, -1, "missed"),
        (0, -1, 300, "behind"),
    ],
)
def test_status_compares_the_share_reached_with_the_time_passed(
    operator, initiative, visits, value, starts, ends, status
):
    visits.append(visit(TODAY + timedelta(days=min(0, ends)), value))
    found = goal(initiative, starts_on=TODAY + timedelta(days=starts), ends_on=TODAY + timedelta(days=ends))
    assert queries.read(found, operator, office=True).status == status


def test_a_goal_that_has_not_begun_says_unknown_rather_than_zero(operator, initiative, visits):
    found = goal(initiative, starts_on=TODAY + timedelta(days=5), ends_on=TODAY + timedelta(days=9))
    assert queries.read(found, operator, office=True).value is None
    assert queries.read(found, operator, office=True).status_words == "Intet målt endnu"


def test_the_trend_ends_at_todays_value(operator, initiative, visits):
    visits.extend([visit(TODAY.replace(month=1, day=5)), visit(amount=2)])
    reading = queries.read(goal(initiative), operator, office=True)
    points = queries.trend(reading, operator, office=True)
    assert points[-1] == queries.Point(TODAY, Decimal(3))
    assert points[0].on == TODAY.replace(month=1, day=31)


def test_a_measured_goal_takes_a_figure_with_source_and_never_without(as_consultant, operator, initiative):
    found = goal(initiative, indicator="", unit="%", target=Decimal(80))
    address = reverse("plan:measure", args=[found.pk])
    refused = as_consultant.post(address, {"on": TODAY.isoformat(), "value": "72,5", "source": ""})
    assert "72,5" in refused.content.decode()
    assert not Measurement.objects.exists()

    as_consultant.post(address, {"on": TODAY.isoformat(), "value": "72,5", "source": "Spørgeskema 2026"})

    assert queries.read(found, operator, office=True).value == Decimal("72.5")
    assert "Spørgeskema 2026" in as_consultant.get(reverse("plan:goal", args=[found.pk])).content.decode()


def test_a_computed_goal_cannot_be_typed(initiative, visits, head):
    with pytest.raises(services.IsComputed):
        services.measure(goal(initiative), on=TODAY, value=Decimal(99), source="mavefornemmelse", by=head)


def test_a_goal_cannot_name_a_figure_or_parameter_nobody_publishes(initiative, visits):
    with pytest.raises(services.UnknownIndicator):
        goal(initiative, indicator="findes.ikke")
    with pytest.raises(services.UnknownIndicator):
        goal(initiative, parameters={"farve": "rød"})


def test_a_consultant_reads_the_plan_but_only_the_head_changes_it(as_consultant, as_head, initiative, visits):
    found = goal(initiative)
    assert as_consultant.get(reverse("plan:change_goal", args=[found.pk])).status_code == 403
    assert as_head.get(reverse("plan:change_goal", args=[found.pk])).status_code == 200


def test_another_office_sees_nothing_of_the_plan(initiative, visits, sign_in):
    found = goal(initiative)
    neighbour = sign_in(user_as("head", OperatorFactory()))
    assert neighbour.get(reverse("plan:goal", args=[found.pk])).status_code == 404
    assert neighbour.get(reverse("plan:one", args=[initiative.track.plan_id])).status_code == 404
    assert neighbour.get("/api/v1/maal/").json() == []


def test_two_heads_editing_the_same_goal_lose_nothing(as_head, initiative, visits):
    found = goal(initiative)
    address = reverse("plan:change_goal", args=[found.pk])
    typed = {
        "name": "Min formulering", "indicator": "prøve.besøg", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "direction": "up", "target": "7", "opened_version": "1",
    }  # fmt: skip
    as_head.post(address, typed | {"name": "Den andens formulering"})
    answer = as_head.post(address, typed).content.decode()
    assert "En anden har gemt" in answer
    assert "Min formulering" in answer
    assert "Den andens formulering" in answer

    second = typed | {"opened_version": "2"}
    as_head.post(address, second)
    found.refresh_from_db()
    assert found.name == "Min formulering"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("target", "mange", "Skriv et tal"),
        ("target", "1" * 40, "cifre"),
        ("ends_on", "2025-01-01", "Slutdatoen ligger før startdatoen"),
        ("starts_on", "i morgen", "gyldig dato"),
        ("name", "x" * 100_000, "300 tegn"),
        ("baseline", "5", "hvor udgangspunktet kommer fra"),
        ("indicator", "findes.ikke", "Marker en gyldig valgmulighed"),
    ],
)
def test_a_faulty_goal_is_refused_in_words_and_what_was_typed_is_kept(
    as_head, initiative, visits, field, value, told
):
    typed = {
        "name": "Et mål 🎯 <b>", "indicator": "prøve.besøg", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "direction": "up", "target": "6",
    }  # fmt: skip
    page = as_head.post(
        reverse("plan:new_goal", args=[initiative.pk]), typed | {field: value}
    ).content.decode()
    assert told in page
    assert "Et mål 🎯 &lt;b&gt;" in page or field == "name"
    assert not Goal.objects.exists()


def test_deleting_asks_first_and_leaves_history(as_head, initiative, visits):
    found = goal(initiative)
    address = reverse("plan:delete_goal", args=[found.pk])
    assert "Slet målet?" in as_head.get(address).content.decode()
    assert Goal.objects.exists()
    as_head.post(address)
    assert not Goal.objects.exists()
    assert Goal.history.filter(id=found.pk, history_type="-").exists()


def test_the_plan_asks_the_database_no_more_often_for_more_initiatives(
    as_head, initiative, django_assert_max_num_queries, visits
):
    goal(initiative)
    address = reverse("plan:plan")
    as_head.get(address)
    with django_assert_max_num_queries(25):
        as_head.get(address)
    for number in range(8):
        goal(services.add_initiative(initiative.track, name=f"Indsats {number}"))
    with django_assert_max_num_queries(25):
        as_head.get(address)


def test_the_plan_asks_the_database_no_more_often_for_more_figures(
    as_head, operator, initiative, django_assert_max_num_queries
):
    address = reverse("plan:plan")
    for figure in indicators.every():
        goal(initiative, indicator=figure.key, name=figure.label)
    assert len(indicators.every()) > 10
    fetched_from = {figure.of for figure in indicators.every()}
    assert None not in fetched_from, "a figure that fetches by itself is asked for each period anew"
    as_head.get(address)
    with django_assert_max_num_queries(12 + 2 * len(fetched_from)) as asked:
        as_head.get(address)
    for month in range(1, 13):
        for figure in indicators.every():
            goal(initiative, indicator=figure.key, starts_on=date(2026, month, 1), ends_on=date(2027, 12, 31))
    with django_assert_max_num_queries(len(asked)):
        as_head.get(address)


def test_the_trend_of_a_figure_that_does_not_add_up_is_read_at_once(
    operator, initiative, django_assert_max_num_queries
):
    found = goal(initiative, indicator="market.firms", starts_on=date(2024, 1, 1))
    match = MatchFactory(operator=operator, stage="running")
    MatchFactory(operator=operator, giver=match.giver, stage="running")
    reading = queries.read(found, operator, office=True)
    reading = replace(reading, reading=Reading(Decimal(3), reading.reading.records[:1]))
    with django_assert_max_num_queries(3):
        points = queries.trend(reading, operator, office=True)
    assert points[-1] == queries.Point(TODAY, Decimal(3))
    assert points[0].value == 0


def test_a_goal_whose_figure_nobody_publishes_any_more_is_unknown_and_the_others_stand(
    operator, initiative, visits
):
    lost, kept = goal(initiative), goal(initiative)
    lost.indicator = "prøve.nedlagt"
    visits.append(visit())
    assert [reading.value for reading in queries.read_all([lost, kept], operator, office=True)] == [None, 1]


def test_figures_leave_out_what_is_confidential_for_those_outside_the_office(
    operator, initiative, monkeypatch
):
    asked = []

    def read(period, operator, **parameters):
        asked.append(parameters)
        return Reading(Decimal(1), [])

    figure = indicators.Indicator(
        "prøve.fortrolig", "Fortroligt", "stk", read, {"open_only": "uden fortrolige"}
    )
    monkeypatch.setitem(indicators._registry, figure.key, figure)
    found = goal(initiative, indicator=figure.key)
    queries.read(found, operator, office=True)
    queries.read(found, operator, office=False)
    assert asked == [{}, {"open_only": True}]


def test_an_empty_plan_says_what_to_do(as_head, as_consultant):
    assert "Opret den første plan" in as_head.get("/plan/").content.decode()
    assert "Erhvervschefen kan oprette den" in as_consultant.get("/plan/").content.decode()


def test_dates_of_the_trend_are_month_ends():
    assert list(queries._month_ends(date(2026, 1, 15), date(2026, 3, 10))) == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 10),
    ]  # fmt: skip


def test_who_changed_an_initiative_and_its_measurements_can_be_read(operator, initiative, as_head, head):
    services.change_initiative(initiative, initiative.version)
    form = as_head.get(reverse("plan:change_initiative", args=[initiative.pk])).content.decode()
    assert "Historik: hvem ændrede hvad" in form
    found = goal(initiative, indicator="")
    entered = services.measure(found, on=TODAY, value=Decimal(3), source="Talt", by=head)
    services.delete_measurement(entered)
    page = as_head.get(reverse("plan:goal", args=[found.pk])).content.decode()
    assert "oprettede »3" in page
    assert "slettede »3" in page


def test_whoever_adds_a_track_or_an_initiative_at_the_same_moment_waits(initiative):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writes at a time anyway")
    with CaptureQueriesContext(connection) as made:
        services.add_track(initiative.track.plan, name="Et til")
        services.add_initiative(initiative.track, name="En til")
    assert sum("FOR NO KEY UPDATE" in query["sql"] for query in made) == 2
