# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What came of it: who may say so, and what is refused or asked about."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.errors import UserError
from brobygger.market.models import Match, Outcome
from brobygger.market.services import outcomes, reporting
from brobygger.market.services.matches import NotTheirs
from tests.factories import user_as
from tests.market.line import Line, at_once, make_line, today

Stage = Match.Stage


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def outcome(**fields: object) -> outcomes.OutcomeReport:
    usual = {"kind": "dkk", "amount": Decimal(12000), "on": today(), "said_by": "Ejeren"}
    return outcomes.OutcomeReport(**usual | fields)  # type: ignore[arg-type]


def test_an_outcome_says_who_said_it_and_who_wrote_it(line: Line) -> None:
    line.agreed()
    kept = outcomes.report_outcome(line.match, outcome(note="Sparet foder"), line.consultant)
    assert (kept.said_by, kept.reported_by, kept.note) == ("Ejeren", line.consultant, "Sparet foder")


@pytest.mark.parametrize("fields", [{"said_by": " "}, {"amount": Decimal(0)}, {"on": partial(today, -1)}])
def test_an_outcome_without_a_source_a_figure_or_a_day_is_refused(
    line: Line, fields: dict[str, object]
) -> None:
    line.agreed()
    with pytest.raises(UserError):
        outcomes.report_outcome(line.match, outcome(**at_once(fields)), line.consultant)
    assert not Outcome.objects.exists()


def test_the_same_outcome_again_is_asked_about_and_can_be_meant(line: Line) -> None:
    line.agreed()
    outcomes.report_outcome(line.match, outcome(), line.brewer())
    with pytest.raises(outcomes.LooksReportedAlready, match="Prøve Brygger har allerede"):
        outcomes.report_outcome(line.match, outcome(said_by="Kontoret"), line.consultant)
    assert Outcome.objects.count() == 1
    outcomes.report_outcome(line.match, outcome(again=True), line.consultant)
    assert Outcome.objects.count() == 2


def test_an_outcome_from_before_the_match_is_asked_about_and_can_be_meant(line: Line) -> None:
    line.at_stage(Stage.DIALOGUE)
    with pytest.raises(reporting.LooksLikeAnotherDay, match="før, der var noget mellem de to"):
        outcomes.report_outcome(line.match, outcome(on=today(1)), line.consultant)
    assert not Outcome.objects.exists()
    outcomes.report_outcome(line.match, outcome(on=today(1), day_sure=True), line.consultant)
    assert Outcome.objects.count() == 1


def test_an_outcome_since_what_was_agreed_before_the_match_is_taken(line: Line) -> None:
    line.agreed()  # four weeks ago, and the match was made today
    outcomes.report_outcome(line.match, outcome(on=today(20)), line.consultant)
    with pytest.raises(reporting.LooksLikeAnotherDay):
        outcomes.report_outcome(line.match, outcome(on=today(29)), line.consultant)


def test_the_form_asks_of_the_day_and_keeps_what_was_typed(line: Line, sign_in) -> None:
    line.at_stage(Stage.DIALOGUE)
    brewer = sign_in(line.brewer())
    typed = {"kind": "dkk", "amount": "777", "on": today(900).isoformat(), "said_by": "Ejeren"}
    body = brewer.post(f"{line.at}udbytte/", typed).content.decode()
    assert "Er datoen rigtig?" in body
    assert "Ja, datoen er rigtig" in body
    assert 'value="777' in body
    brewer.post(f"{line.at}udbytte/", typed | {"day_sure": "on"})
    assert Outcome.objects.get().on == today(900)


def test_a_button_pressed_twice_counts_an_outcome_once(line: Line, sign_in) -> None:
    line.agreed()
    brewer = sign_in(line.brewer())
    typed = {"kind": "dkk", "amount": "12.000", "on": today().isoformat(), "said_by": "Ejeren"}
    brewer.post(f"{line.at}udbytte/", typed)
    asked = brewer.post(f"{line.at}udbytte/", typed)
    assert "Ja, det er et udbytte mere" in asked.content.decode()
    assert Outcome.objects.count() == 1
    brewer.post(f"{line.at}udbytte/", typed | {"again": "on"})
    assert Outcome.objects.count() == 2


def test_there_is_no_outcome_before_the_two_have_met(line: Line) -> None:
    with pytest.raises(UserError, match="ikke hørt om hinanden"):
        outcomes.report_outcome(line.match, outcome(), line.consultant)


def test_a_firm_reports_and_deletes_its_own_outcome_only(line: Line, sign_in) -> None:
    line.agreed()
    brewer = line.brewer()
    sign_in(brewer).post(
        f"{line.at}udbytte/",
        {"kind": "jobs", "amount": "0,5", "on": today().isoformat(), "said_by": "Prøve Brygger"},
    )
    kept = Outcome.objects.get()
    assert sign_in(line.farmer()).post(f"/udbytte/{kept.pk}/slet/").status_code == 404
    sign_in(brewer).post(f"/udbytte/{kept.pk}/slet/")
    assert not Outcome.objects.exists()
    assert line.match.notes.filter(text__contains="Udbytte slettet").exists()


def test_strangers_report_no_outcome(line: Line) -> None:
    line.agreed()
    with pytest.raises(NotTheirs):
        outcomes.report_outcome(line.match, outcome(), user_as(Role.FIRM, line.operator))


def test_an_outcome_far_beyond_one_match_is_asked_about_and_nonsense_is_refused(line: Line, sign_in) -> None:
    line.agreed()
    browser, page = sign_in(line.brewer()), f"{line.at}udbytte/"
    typed = {"kind": "jobs", "amount": "50000", "on": today().isoformat(), "said_by": "Prøve Brygger"}
    assert "Er det rigtigt? 50.000 Arbejdspladser er meget." in browser.post(page, typed).content.decode()
    browser.post(page, typed | {"sure": "on"})
    assert Outcome.objects.get().amount == 50_000
    refused = browser.post(page, typed | {"amount": "1000000000", "sure": "on"}).content.decode()
    assert "for stort til at være rigtigt" in refused
