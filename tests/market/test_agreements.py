# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What was agreed: who may write it, and what is refused or asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, User
from brobygger.base.errors import UserError
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.models import Agreement, Match
from brobygger.market.services import agreements, deliveries, reporting
from brobygger.market.services.matches import StageNotReachable
from tests.market.line import Line, agree, at_once, make_line, report, terms, today

Stage = Match.Stage


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


@pytest.mark.parametrize("stage", [Stage.INTRODUCED, Stage.DIALOGUE])
def test_an_agreement_makes_the_match_agreed(line: Line, stage: str) -> None:
    line.at_stage(stage)
    agreements.record_agreement(line.match, terms(), line.consultant, line.match.version)
    assert line.fresh().stage == Stage.AGREED


def test_the_same_agreement_again_is_asked_about_and_can_be_meant(line: Line, as_consultant: Client) -> None:
    line.at_stage(Stage.DIALOGUE)
    form = as_consultant.get(f"{line.at}aftale/").context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {
        "agreed_on": today().isoformat(), "starts_on": today().isoformat(), "quantity": "4", "unit": "t", "period": "week",
    }  # fmt: skip
    as_consultant.post(f"{line.at}aftale/", sent)
    asked = as_consultant.post(f"{line.at}aftale/", sent)  # the version in it is of before the first
    assert Agreement.objects.count() == 1
    assert "har allerede skrevet den aftale" in asked.content.decode()
    version = line.fresh().version
    as_consultant.post(f"{line.at}aftale/", sent | {"again": "on", "opened_version": version})
    assert Agreement.objects.count() == 2


def test_a_new_agreement_beside_one_that_runs_is_asked_about_for_both_count(line: Line) -> None:
    first = agree(line)
    dearer = terms(price=Decimal(50), quantity=Decimal(5))
    with pytest.raises(agreements.StillRuns, match="løber stadig, og så tæller begge med"):
        agreements.record_agreement(line.match, dearer, line.consultant, line.match.version)
    first.refresh_from_db()
    ended = terms(ends_on=today())
    agreements.change_agreement(first, ended, line.consultant, first.version)
    line.match.refresh_from_db()
    after = replace(dearer, starts_on=today(-1))
    agreements.record_agreement(line.match, after, line.consultant, line.match.version)
    assert Agreement.objects.count() == 2


def test_two_who_never_met_cannot_have_agreed(line: Line) -> None:
    with pytest.raises(StageNotReachable):
        agreements.record_agreement(line.match, terms(), line.consultant, line.match.version)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ends_on": partial(today, 1), "starts_on": today}, "slutter, før den begynder"),
        ({"agreed_on": partial(today, -1)}, "ude i fremtiden"),
        ({"starts_on": partial(today, 20000)}, "for langt tilbage"),
        ({"ends_on": date(9999, 12, 31)}, "mellem år 2000 og 2100"),
        ({"quantity": Decimal(0)}, "større end nul"),
        ({"quantity": Decimal(-4)}, "større end nul"),
        ({"unit": ""}, "hvilken enhed mængden"),
        ({"unit": "skæpper"}, "ikke en enhed"),
        ({"price": Decimal(-1)}, "under nul"),
    ],
)
def test_what_cannot_have_been_agreed_is_refused(line: Line, fields: dict[str, object], told: str) -> None:
    line.at_stage(Stage.DIALOGUE)
    with pytest.raises(UserError, match=told):
        agreements.record_agreement(line.match, terms(**at_once(fields)), line.consultant, line.match.version)
    assert not Agreement.objects.exists()
    assert line.fresh().stage == Stage.DIALOGUE


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"agreed_on": partial(today, 400)}, "før, der var noget mellem de to"),
        ({"starts_on": partial(today, 3000)}, "før, der var noget mellem de to"),
        ({"starts_on": partial(today, -3000)}, "begynder først"),
    ],
)
def test_an_agreement_from_before_the_match_or_years_ahead_is_asked_about_and_can_be_meant(
    line: Line, fields: dict[str, object], why: str
) -> None:
    line.at_stage(Stage.DIALOGUE)
    odd = terms(**at_once(fields))
    with pytest.raises(reporting.LooksLikeAnotherDay, match=why):
        agreements.record_agreement(line.match, odd, line.consultant, line.match.version)
    assert not Agreement.objects.exists()
    line.match.refresh_from_db()
    kept = agreements.record_agreement(
        line.match, replace(odd, day_sure=True), line.consultant, line.match.version
    )
    cheaper = replace(odd, price=Decimal(5))  # the days stand: they were answered for
    agreements.change_agreement(kept, cheaper, line.consultant, kept.version)
    earlier = replace(odd, agreed_on=today(1200))
    kept.refresh_from_db()
    with pytest.raises(reporting.LooksLikeAnotherDay):
        agreements.change_agreement(
            kept, replace(earlier, starts_on=today(5000)), line.consultant, kept.version
        )


@pytest.mark.parametrize(
    ("offered", "agreed", "asked"),
    [
        ({"quantity": Decimal(2), "period": "week"}, {"quantity": Decimal(10)}, False),
        ({"quantity": Decimal(2), "period": "week"}, {"quantity": Decimal(11)}, True),
        ({"quantity": Decimal(2), "period": "week"}, {"quantity": Decimal(2), "period": "day"}, True),
        ({"quantity": Decimal(2000), "unit": "kg", "period": "week"}, {"quantity": Decimal(11)}, True),
        ({"quantity": Decimal(2), "period": "once"}, {"quantity": Decimal(11)}, False),
        ({"quantity": None}, {"quantity": Decimal(1900)}, False),
        ({"quantity": None}, {"quantity": Decimal(2000)}, True),
        ({"quantity": None}, {"quantity": Decimal(2_000_000), "unit": "stk", "period": "once"}, True),
    ],
)
def test_an_agreement_about_far_more_than_was_offered_is_asked_about_first(
    operator: Operator,
    consultant: User,
    offered: dict[str, object],
    agreed: dict[str, object],
    asked: bool,
) -> None:
    line = make_line(operator, consultant, have={"unit": "t"} | offered)
    line.at_stage(Stage.DIALOGUE)
    if asked:
        with pytest.raises(reporting.LooksTooMuch, match="Er det rigtigt"):
            agreements.record_agreement(line.match, terms(**agreed), consultant, line.match.version)
        line.at_stage(Stage.DIALOGUE)
    sure = terms(**agreed, sure=asked)
    agreement = agreements.record_agreement(line.match, sure, consultant, line.match.version)
    assert agreement.quantity == agreed["quantity"]
    again = agreements.change_agreement(
        agreement, replace(sure, sure=False, terms="Hentes fredag"), consultant, agreement.version
    )
    assert again.terms == "Hentes fredag", "what was answered is not asked about again"


def test_an_agreement_that_is_asked_about_is_saved_with_a_cross(as_consultant: Client, line: Line) -> None:
    line.at_stage(Stage.DIALOGUE)
    typed = typed_agreement(quantity="200000", opened_version=line.match.version)
    told = as_consultant.post(f"{line.at}aftale/", typed).content.decode()
    assert "Er det rigtigt? 200.000 tons om ugen er meget." in told
    assert 'type="checkbox" name="sure"' in told
    assert not Agreement.objects.exists()
    as_consultant.post(f"{line.at}aftale/", typed | {"sure": "on"})
    assert Agreement.objects.get().quantity == 200_000


def test_two_who_correct_the_same_agreement_the_second_is_told(line: Line) -> None:
    agreement = agree(line)
    agreements.change_agreement(agreement, terms(quantity=Decimal(5)), line.consultant, 1)
    with pytest.raises(EditedMeanwhile):
        agreements.change_agreement(agreement, terms(quantity=Decimal(6)), line.consultant, 1)
    assert Agreement.objects.get().quantity == 5


def test_an_agreement_that_something_moved_under_stays(line: Line) -> None:
    agreement = agree(line)
    deliveries.report_delivery(agreement, report(), line.consultant)
    with pytest.raises(agreements.HasDeliveries):
        agreements.delete_agreement(agreement, line.consultant)


def test_the_start_of_an_agreement_cannot_pass_a_delivery(line: Line) -> None:
    agreement = line.agreed()
    deliveries.report_delivery(agreement, report(on=today(5)), line.consultant)
    with pytest.raises(UserError, match="leverance før den dag"):
        agreements.change_agreement(agreement, terms(), line.consultant, agreement.version)


def test_a_clash_shows_what_is_stored_beside_what_was_typed(as_consultant: Client, line: Line) -> None:
    agreement = agree(line)
    Agreement.objects.update(version=2, quantity=Decimal(7))
    page = as_consultant.post(f"/aftale/{agreement.pk}/ret/", typed_agreement(quantity="5", opened_version=1))
    shown = page.content.decode()
    assert page.status_code == 409
    assert "En anden har gemt i mellemtiden" in shown
    assert page.context["form"]["quantity"].value() == "5"
    assert ("Mængde", "5", "7") in page.context["conflict"]


def typed_agreement(**changes: object) -> dict[str, object]:
    return {
        "agreed_on": today().isoformat(),
        "starts_on": today().isoformat(),
        "ends_on": "",
        "quantity": "2,5",
        "unit": "t",
        "period": "week",
        "price": "1.250,50",
        "terms": "Hentes torsdag",
    } | changes


def test_the_consultant_writes_the_agreement_with_danish_figures(as_consultant: Client, line: Line) -> None:
    line.at_stage(Stage.DIALOGUE)
    as_consultant.post(f"{line.at}aftale/", typed_agreement(opened_version=line.match.version))
    agreement = Agreement.objects.get()
    assert (agreement.quantity, agreement.price) == (Decimal("2.5"), Decimal("1250.50"))


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": "fire"},
        {"quantity": "-4"},
        {"quantity": "1e400"},
        {"quantity": "NaN"},
        {"quantity": "9" * 40},
        {"price": "gratis"},
        {"starts_on": "i morgen"},
        {"ends_on": "1999-01-01"},
        {"terms": "x" * 100_000},
        {"unit": "<script>"},
        {"period": "😀"},
        {"agreed_on": ""},
    ],
)
def test_an_agreement_with_a_fault_is_kept_on_the_page(
    as_consultant: Client, line: Line, changes: dict[str, object]
) -> None:
    line.at_stage(Stage.DIALOGUE)
    page = as_consultant.post(
        f"{line.at}aftale/", typed_agreement(opened_version=line.match.version, **changes)
    )
    assert page.status_code == 200
    assert "Der er noget, der skal rettes" in page.content.decode()
    assert not Agreement.objects.exists()


def test_deleting_an_agreement_asks_first(as_consultant: Client, line: Line) -> None:
    agreement = agree(line)
    asked = as_consultant.get(f"/aftale/{agreement.pk}/slet/")
    assert "Vil du slette aftalen" in asked.content.decode()
    assert Agreement.objects.exists()
    as_consultant.post(f"/aftale/{agreement.pk}/slet/")
    assert not Agreement.objects.exists()
    assert line.match.notes.filter(text__contains="er slettet").exists()


@pytest.mark.parametrize("stage", [Stage.AGREED, Stage.RUNNING, Stage.ENDED])
def test_without_its_only_agreement_a_match_is_in_dialogue_again(line: Line, stage: str) -> None:
    agreement = agree(line)
    line.at_stage(stage)
    agreements.delete_agreement(agreement, line.consultant)
    assert line.fresh().stage == Stage.DIALOGUE
    newest = line.match.notes.filter(stage=Stage.DIALOGUE).get()
    assert newest.by == line.consultant


def test_with_another_agreement_left_a_match_stays_where_it_is(line: Line) -> None:
    agreement = agree(line)
    agreements.record_agreement(line.match, terms(again=True), line.consultant, line.match.version)
    agreements.delete_agreement(agreement, line.consultant)
    assert line.fresh().stage == Stage.AGREED


def test_what_fell_through_stays_so_without_its_agreement(line: Line) -> None:
    agreement = agree(line)
    line.at_stage(Stage.FELL_THROUGH, why_not="price")
    agreements.delete_agreement(agreement, line.consultant)
    assert line.fresh().stage == Stage.FELL_THROUGH


def test_money_that_was_offered_is_no_quantity_to_deliver(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    lent = {"resource_type": "loans", "kind": "capital", "quantity": 500_000, "unit": "kr", "period": "once"}
    line = make_line(operator, consultant, have=lent, need=lent)
    line.at_stage(Stage.DIALOGUE)
    form = as_consultant.get(f"{line.at}aftale/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert as_consultant.post(f"{line.at}aftale/", typed).status_code == 302
    assert line.fresh().stage == Stage.AGREED
