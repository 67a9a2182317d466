# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What was agreed, what moved, what came of it: who may write it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.errors import UserError
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.models import Agreement, Delivery, Match, Outcome
from brobygger.market.services import results as service
from brobygger.market.services.matches import NotTheirs, StageNotReachable
from tests.factories import DeliveryFactory, firm_user, user_as
from tests.market.line import Line, agree, make_line, terms

Stage = Match.Stage


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def today(minus: int = 0):
    return timezone.localdate() - timedelta(days=minus)


def at_once(fields: dict[str, object]) -> dict[str, object]:
    """With the days worked out when the test runs: it may be midnight since it was collected."""
    return {name: value() if callable(value) else value for name, value in fields.items()}


def report(**fields: object) -> service.DeliveryReport:
    return service.DeliveryReport(**{"on": today(), "quantity": Decimal(4), "unit": "t"} | fields)  # type: ignore[arg-type]


# Agreements -------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.INTRODUCED, Stage.DIALOGUE])
def test_an_agreement_makes_the_match_agreed(line: Line, stage: str) -> None:
    line.at_stage(stage)
    service.record_agreement(line.match, terms(), line.consultant, line.match.version)
    assert line.fresh().stage == Stage.AGREED


def test_two_who_never_met_cannot_have_agreed(line: Line) -> None:
    with pytest.raises(StageNotReachable):
        service.record_agreement(line.match, terms(), line.consultant, line.match.version)
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
        service.record_agreement(line.match, terms(**at_once(fields)), line.consultant, line.match.version)
    assert not Agreement.objects.exists()
    assert line.fresh().stage == Stage.DIALOGUE


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
        with pytest.raises(service.LooksTooMuch, match="Er det rigtigt"):
            service.record_agreement(line.match, terms(**agreed), consultant, line.match.version)
        line.at_stage(Stage.DIALOGUE)
    sure = terms(**agreed, sure=asked)
    agreement = service.record_agreement(line.match, sure, consultant, line.match.version)
    assert agreement.quantity == agreed["quantity"]
    again = service.change_agreement(
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
    service.change_agreement(agreement, terms(quantity=Decimal(5)), line.consultant, 1)
    with pytest.raises(EditedMeanwhile):
        service.change_agreement(agreement, terms(quantity=Decimal(6)), line.consultant, 1)
    assert Agreement.objects.get().quantity == 5


def test_an_agreement_that_something_moved_under_stays(line: Line) -> None:
    agreement = agree(line)
    service.report_delivery(agreement, report(), line.consultant)
    with pytest.raises(service.HasDeliveries):
        service.delete_agreement(agreement, line.consultant)


def test_the_start_of_an_agreement_cannot_pass_a_delivery(line: Line) -> None:
    agreement = line.agreed()
    service.report_delivery(agreement, report(on=today(5)), line.consultant)
    with pytest.raises(UserError, match="leverance før den dag"):
        service.change_agreement(agreement, terms(), line.consultant, agreement.version)


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


# Deliveries -------------------------------------------------------------------------------------


def test_the_first_delivery_sets_the_match_running(line: Line) -> None:
    service.report_delivery(agree(line), report(), line.consultant)
    assert line.fresh().stage == Stage.RUNNING
    assert line.match.notes.filter(stage=Stage.RUNNING).count() == 1


@pytest.mark.parametrize(
    ("quantity", "unit", "tonnes"),
    [("4", "t", "4"), ("500", "kg", "0.5"), ("10", "m3", "6"), ("3", "palle", None), ("2", "timer", None)],
)
def test_tonnes_are_computed_where_weight_or_density_is_known_and_else_unknown(
    line: Line, quantity: str, unit: str, tonnes: str | None
) -> None:
    delivery = service.report_delivery(
        agree(line), report(quantity=Decimal(quantity), unit=unit), line.consultant
    )
    assert delivery.tonnes == (Decimal(tonnes) if tonnes else None)


def test_both_parties_may_report_and_strangers_may_not(line: Line) -> None:
    agreement = agree(line)
    service.report_delivery(agreement, report(), line.brewer())
    service.report_delivery(agreement, report(quantity=Decimal(3)), line.farmer())
    for stranger in (user_as(Role.FIRM, line.operator), user_as(Role.CONSULTANT)):
        with pytest.raises(NotTheirs):
            service.report_delivery(agreement, report(quantity=Decimal(9)), stranger)
    assert Delivery.objects.count() == 2


def test_the_same_again_is_asked_about_and_can_be_meant(line: Line) -> None:
    agreement = agree(line)
    service.report_delivery(agreement, report(), line.brewer())
    with pytest.raises(service.LooksLikeDuplicate, match="Prøve Brygger har allerede"):
        service.report_delivery(agreement, report(), line.farmer())
    service.report_delivery(agreement, report(again=True), line.farmer())
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"on": partial(today, -1)},
        {"on": partial(today, 1)},
        {"quantity": Decimal(0)},
        {"quantity": Decimal(-1)},
        {"unit": "skæpper"},
        {"unit": "x" * 5000},
    ],
)
def test_a_delivery_that_cannot_have_been_is_refused(line: Line, fields: dict[str, object]) -> None:
    with pytest.raises(UserError):
        service.report_delivery(agree(line), report(**at_once(fields)), line.consultant)
    assert not Delivery.objects.exists()
    assert line.fresh().stage == Stage.AGREED


def test_nothing_is_delivered_under_what_fell_through(line: Line) -> None:
    agreement = line.agreed()
    line.at_stage(Stage.FELL_THROUGH, why_not="price")
    with pytest.raises(service.NotDelivering):
        service.report_delivery(agreement, report(), line.consultant)


def test_a_late_report_goes_under_the_agreement_that_held_then(line: Line) -> None:
    old = line.agreed()
    new = Agreement.objects.create(match=line.match, agreed_on=today(2), starts_on=today(2))
    assert service.agreement_on(line.match, today(10)) == old
    assert service.agreement_on(line.match, today()) == new


def test_a_correction_is_on_the_timeline_and_in_the_history(line: Line) -> None:
    delivery = service.report_delivery(agree(line), report(), line.brewer())
    service.correct_delivery(delivery, report(quantity=Decimal(5)), line.consultant, delivery.version)
    delivery.refresh_from_db()
    assert (delivery.quantity, delivery.tonnes) == (5, 5)
    assert line.match.notes.filter(text__contains="rettet fra 4 tons").exists()
    assert [version.quantity for version in delivery.history.all()] == [5, 4]


def test_a_firm_corrects_what_it_reported_itself_and_nothing_else(line: Line) -> None:
    brewer, farmer = line.brewer(), line.farmer()
    delivery = service.report_delivery(agree(line), report(), brewer)
    with pytest.raises(NotTheirs):
        service.delete_delivery(delivery, farmer)
    service.correct_delivery(delivery, report(quantity=Decimal(2)), brewer, delivery.version)
    service.delete_delivery(delivery, brewer)
    assert not Delivery.objects.exists()
    assert Delivery.history.filter(history_type="-").get().history_user == brewer


def test_two_who_correct_the_same_delivery_the_second_is_told_and_keeps_what_was_typed(
    as_consultant: Client, line: Line
) -> None:
    delivery = service.report_delivery(agree(line), report(), line.brewer())
    page = f"/leverance/{delivery.pk}/ret/"
    opened = as_consultant.get(page).context["form"]["opened_version"].value()
    typed = {"on": today().isoformat(), "quantity": "5", "unit": "t", "opened_version": opened}
    service.correct_delivery(delivery, report(quantity=Decimal(3)), line.consultant, delivery.version)
    told = as_consultant.post(page, typed)
    assert "En anden har gemt i mellemtiden" in told.content.decode()
    assert ("Hvor meget", "5", "3") in told.context["conflict"]
    assert Delivery.objects.get().quantity == 3
    form = told.context["form"]
    assert form["quantity"].value() == "5"
    as_consultant.post(page, typed | {"opened_version": form["opened_version"].value()})
    assert Delivery.objects.get().quantity == 5


def test_the_firm_reports_from_its_phone(line: Line, sign_in) -> None:
    agree(line)
    phone = sign_in(line.brewer())
    page = f"{line.at}leverance/"
    form = phone.get(page).context["form"]
    assert (form["on"].value(), form["unit"].value()) == (today(), "t")
    assert 'value="4"' in str(form["quantity"]), "4,000 would be read as four thousand"
    answer = phone.post(page, {"on": today().isoformat(), "quantity": "2,5", "unit": "t"}, follow=True)
    assert "tons er indberettet" in answer.content.decode()
    again = phone.post(page, {"on": today().isoformat(), "quantity": "2,5", "unit": "t"})
    assert "Ja, det er en leverance mere" in again.content.decode()
    phone.post(page, {"on": today().isoformat(), "quantity": "2,5", "unit": "t", "again": "on"})
    assert Delivery.objects.count() == 2


def test_a_delivery_without_known_weight_is_told(line: Line, sign_in) -> None:
    agree(line)
    answer = sign_in(line.brewer()).post(
        f"{line.at}leverance/", {"on": today().isoformat(), "quantity": "3", "unit": "palle"}, follow=True
    )
    assert "Vi kender ikke vægten" in answer.content.decode()


@pytest.mark.parametrize("quantity", ["", "fire", "-1", "0", "1e99", "∞", "\x00", "9" * 500, "<b>4</b>"])
def test_a_figure_that_is_none_is_refused_and_the_note_is_kept(line: Line, sign_in, quantity: str) -> None:
    agree(line)
    page = sign_in(line.brewer()).post(
        f"{line.at}leverance/",
        {"on": today().isoformat(), "quantity": quantity, "unit": "t", "note": "Hentet af naboen"},
    )
    assert page.status_code == 200
    assert "Hentet af naboen" in page.content.decode()
    assert not Delivery.objects.exists()


def test_a_third_firm_finds_no_page_to_report_on(line: Line, sign_in) -> None:
    agreement = agree(line)
    delivery = service.report_delivery(agreement, report(), line.brewer())
    other = firm_user(make_line(line.operator, line.consultant).match.giver)
    browser = sign_in(other)
    for page in (f"{line.at}leverance/", f"/leverance/{delivery.pk}/ret/", f"/leverance/{delivery.pk}/slet/"):
        assert browser.get(page).status_code == 404
        assert browser.post(page).status_code == 404
    assert Delivery.objects.count() == 1


def test_deleting_a_delivery_asks_first(as_consultant: Client, line: Line) -> None:
    delivery = service.report_delivery(agree(line), report(), line.consultant)
    assert "Vil du slette leverancen" in as_consultant.get(f"/leverance/{delivery.pk}/slet/").content.decode()
    as_consultant.post(f"/leverance/{delivery.pk}/slet/")
    assert not Delivery.objects.exists()


def test_the_lists_queries_do_not_grow_with_the_deliveries(as_consultant: Client, line: Line) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    agreement, counts = line.agreed(), []
    for more in (3, 12):
        for _number in range(more):
            DeliveryFactory(agreement=agreement, reported_by=line.consultant)
        with CaptureQueriesContext(connection) as queries:
            as_consultant.get(f"{line.at}leverance/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("on", "quantity", "unit", "asked"),
    [
        (0, "79", "t", False),  # five times the four weeks that the agreement has held
        (0, "81", "t", True),
        (0, "79000", "kg", False),
        (0, "81000", "kg", True),
        (27, "20", "t", False),
        (27, "21", "t", True),
    ],
)
def test_far_more_than_agreed_is_asked_about_and_can_be_meant(
    line: Line, on: int, quantity: str, unit: str, asked: bool
) -> None:
    typed = {"on": today(on), "quantity": Decimal(quantity), "unit": unit}
    agreement = line.agreed(quantity=Decimal(4), unit="t", period="week")
    if asked:
        with pytest.raises(service.LooksTooMuch, match="Er det rigtigt"):
            service.report_delivery(agreement, report(**typed), line.brewer())
        assert line.fresh().stage == Stage.AGREED
    service.report_delivery(agreement, report(**typed, sure=asked), line.brewer())


def test_a_correction_to_far_more_than_agreed_is_asked_about_too(line: Line) -> None:
    delivery = service.report_delivery(agree(line), report(), line.consultant)
    with pytest.raises(service.LooksTooMuch):
        service.correct_delivery(delivery, report(quantity=Decimal(4000)), line.consultant, delivery.version)
    service.correct_delivery(
        delivery, report(quantity=Decimal(4000), sure=True), line.consultant, delivery.version
    )
    service.correct_delivery(
        delivery, report(quantity=Decimal(3999), note="Lidt mindre"), line.consultant, delivery.version
    )


def test_a_billion_tonnes_never_moved_whoever_is_sure(line: Line) -> None:
    agreement = agree(line)
    with pytest.raises(UserError, match="for stor"):
        service.report_delivery(agreement, report(quantity=Decimal(10**9), sure=True), line.brewer())
    with pytest.raises(UserError, match="for stor"):
        service.change_agreement(agreement, terms(quantity=Decimal(10**8)), line.consultant, 1)


def test_where_no_quantity_was_agreed_only_a_great_deal_is_asked_about(line: Line) -> None:
    agreement = line.agreed(quantity=None, unit="")
    service.report_delivery(agreement, report(quantity=Decimal(9000)), line.brewer())
    with pytest.raises(service.LooksTooMuch):
        service.report_delivery(agreement, report(quantity=Decimal(11_000)), line.brewer())


def test_the_phone_asks_about_far_too_much_and_keeps_what_was_typed(line: Line, sign_in) -> None:
    agree(line)
    phone, page = sign_in(line.brewer()), f"{line.at}leverance/"
    typed = {"on": today().isoformat(), "quantity": "4000", "unit": "t", "note": "Hele høsten", "sure": ""}
    assert "Ja, tallet er rigtigt" not in phone.get(page).content.decode()
    asked = phone.post(page, typed).content.decode()
    assert "Er det rigtigt? 4.000 tons er meget." in asked
    assert "Ja, tallet er rigtigt" in asked
    assert "Hele høsten" in asked
    assert "Ja, det er en leverance mere" not in asked
    phone.post(page, typed | {"sure": "on"})
    assert Delivery.objects.get().quantity == 4000


# Outcomes ---------------------------------------------------------------------------------------


def outcome(**fields: object) -> service.OutcomeReport:
    usual = {"kind": "dkk", "amount": Decimal(12000), "on": today(), "said_by": "Ejeren"}
    return service.OutcomeReport(**usual | fields)  # type: ignore[arg-type]


def test_an_outcome_says_who_said_it_and_who_wrote_it(line: Line) -> None:
    line.agreed()
    kept = service.report_outcome(line.match, outcome(note="Sparet foder"), line.consultant)
    assert (kept.said_by, kept.reported_by, kept.note) == ("Ejeren", line.consultant, "Sparet foder")


@pytest.mark.parametrize("fields", [{"said_by": " "}, {"amount": Decimal(0)}, {"on": partial(today, -1)}])
def test_an_outcome_without_a_source_a_figure_or_a_day_is_refused(
    line: Line, fields: dict[str, object]
) -> None:
    line.agreed()
    with pytest.raises(UserError):
        service.report_outcome(line.match, outcome(**at_once(fields)), line.consultant)
    assert not Outcome.objects.exists()


def test_there_is_no_outcome_before_the_two_have_met(line: Line) -> None:
    with pytest.raises(UserError, match="ikke hørt om hinanden"):
        service.report_outcome(line.match, outcome(), line.consultant)


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
        service.report_outcome(line.match, outcome(), user_as(Role.FIRM, line.operator))


def test_an_outcome_far_beyond_one_match_is_asked_about_and_nonsense_is_refused(line: Line, sign_in) -> None:
    line.agreed()
    browser, page = sign_in(line.brewer()), f"{line.at}udbytte/"
    typed = {"kind": "jobs", "amount": "50000", "on": today().isoformat(), "said_by": "Prøve Brygger"}
    assert "Er det rigtigt? 50.000 Arbejdspladser er meget." in browser.post(page, typed).content.decode()
    browser.post(page, typed | {"sure": "on"})
    assert Outcome.objects.get().amount == 50_000
    refused = browser.post(page, typed | {"amount": "1000000000", "sure": "on"}).content.decode()
    assert "for stort til at være rigtigt" in refused
