# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What moved: who may report it, and what is refused or asked about."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.errors import UserError
from brobygger.market.models import Agreement, Delivery, Match
from brobygger.market.services import agreements, deliveries, reporting
from brobygger.market.services.matches import NotTheirs
from tests.factories import DeliveryFactory, firm_user, user_as
from tests.market.line import Line, agree, at_once, make_line, report, terms, today

Stage = Match.Stage


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def test_the_first_delivery_sets_the_match_running(line: Line) -> None:
    deliveries.report_delivery(agree(line), report(), line.consultant)
    assert line.fresh().stage == Stage.RUNNING
    assert line.match.notes.filter(stage=Stage.RUNNING).count() == 1


@pytest.mark.parametrize(
    ("quantity", "unit", "tonnes"),
    [("4", "t", "4"), ("500", "kg", "0.5"), ("10", "m3", "6"), ("3", "palle", None), ("2", "timer", None)],
)
def test_tonnes_are_computed_where_weight_or_density_is_known_and_else_unknown(
    line: Line, quantity: str, unit: str, tonnes: str | None
) -> None:
    delivery = deliveries.report_delivery(
        agree(line), report(quantity=Decimal(quantity), unit=unit), line.consultant
    )
    assert delivery.tonnes == (Decimal(tonnes) if tonnes else None)


def test_both_parties_may_report_and_strangers_may_not(line: Line) -> None:
    agreement = agree(line)
    deliveries.report_delivery(agreement, report(), line.brewer())
    deliveries.report_delivery(agreement, report(quantity=Decimal(3), again=True), line.farmer())
    for stranger in (user_as(Role.FIRM, line.operator), user_as(Role.CONSULTANT)):
        with pytest.raises(NotTheirs):
            deliveries.report_delivery(agreement, report(quantity=Decimal(9)), stranger)
    assert Delivery.objects.count() == 2


def test_the_same_again_is_asked_about_and_can_be_meant(line: Line) -> None:
    agreement = agree(line)
    deliveries.report_delivery(agreement, report(), line.brewer())
    with pytest.raises(deliveries.LooksLikeDuplicate, match="Prøve Brygger har allerede"):
        deliveries.report_delivery(agreement, report(), line.farmer())
    deliveries.report_delivery(agreement, report(again=True), line.farmer())
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(("quantity", "unit"), [("4000", "kg"), ("4.1", "t"), ("2", "palle")])
def test_the_same_load_weighed_at_the_other_end_is_asked_about(line: Line, quantity: str, unit: str) -> None:
    agreement = agree(line)
    deliveries.report_delivery(agreement, report(), line.brewer())
    weighed = report(quantity=Decimal(quantity), unit=unit)
    with pytest.raises(deliveries.LooksLikeDuplicate, match="allerede indberettet 4 tons"):
        deliveries.report_delivery(agreement, weighed, line.farmer())
    assert Delivery.objects.count() == 1


def test_whoever_drives_twice_a_day_is_asked_only_about_the_same_weight(line: Line) -> None:
    agreement, brewer = agree(line), line.brewer()
    deliveries.report_delivery(agreement, report(), brewer)
    deliveries.report_delivery(agreement, report(quantity=Decimal(3)), brewer)
    with pytest.raises(deliveries.LooksLikeDuplicate):
        deliveries.report_delivery(agreement, report(quantity=Decimal(4000), unit="kg"), brewer)


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
        deliveries.report_delivery(agree(line), report(**at_once(fields)), line.consultant)
    assert not Delivery.objects.exists()
    assert line.fresh().stage == Stage.AGREED


def test_nothing_is_delivered_under_what_fell_through(line: Line) -> None:
    agreement = line.agreed()
    line.at_stage(Stage.FELL_THROUGH, why_not="price")
    with pytest.raises(deliveries.NotDelivering):
        deliveries.report_delivery(agreement, report(), line.consultant)


def test_a_late_report_goes_under_the_agreement_that_held_then(line: Line) -> None:
    old = line.agreed()
    new = Agreement.objects.create(match=line.match, agreed_on=today(2), starts_on=today(2))
    assert agreements.agreement_on(line.match, today(10)) == old
    assert agreements.agreement_on(line.match, today()) == new


def test_a_correction_is_on_the_timeline_and_in_the_history(line: Line) -> None:
    delivery = deliveries.report_delivery(agree(line), report(), line.brewer())
    deliveries.correct_delivery(delivery, report(quantity=Decimal(5)), line.consultant, delivery.version)
    delivery.refresh_from_db()
    assert (delivery.quantity, delivery.tonnes) == (5, 5)
    assert line.match.notes.filter(text__contains="rettet fra 4 tons").exists()
    assert [version.quantity for version in delivery.history.all()] == [5, 4]


def test_a_firm_corrects_what_it_reported_itself_and_nothing_else(line: Line) -> None:
    brewer, farmer = line.brewer(), line.farmer()
    delivery = deliveries.report_delivery(agree(line), report(), brewer)
    with pytest.raises(NotTheirs):
        deliveries.delete_delivery(delivery, farmer)
    deliveries.correct_delivery(delivery, report(quantity=Decimal(2)), brewer, delivery.version)
    deliveries.delete_delivery(delivery, brewer)
    assert not Delivery.objects.exists()
    assert Delivery.history.filter(history_type="-").get().history_user == brewer


def test_two_who_correct_the_same_delivery_the_second_is_told_and_keeps_what_was_typed(
    as_consultant: Client, line: Line
) -> None:
    delivery = deliveries.report_delivery(agree(line), report(), line.brewer())
    page = f"/leverance/{delivery.pk}/ret/"
    opened = as_consultant.get(page).context["form"]["opened_version"].value()
    typed = {"on": today().isoformat(), "quantity": "5", "unit": "t", "opened_version": opened}
    deliveries.correct_delivery(delivery, report(quantity=Decimal(3)), line.consultant, delivery.version)
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
    delivery = deliveries.report_delivery(agreement, report(), line.brewer())
    other = firm_user(make_line(line.operator, line.consultant).match.giver)
    browser = sign_in(other)
    for page in (f"{line.at}leverance/", f"/leverance/{delivery.pk}/ret/", f"/leverance/{delivery.pk}/slet/"):
        assert browser.get(page).status_code == 404
        assert browser.post(page).status_code == 404
    assert Delivery.objects.count() == 1


def test_deleting_a_delivery_asks_first(as_consultant: Client, line: Line) -> None:
    delivery = deliveries.report_delivery(agree(line), report(), line.consultant)
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
        with pytest.raises(reporting.LooksTooMuch, match="Er det rigtigt"):
            deliveries.report_delivery(agreement, report(**typed), line.brewer())
        assert line.fresh().stage == Stage.AGREED
    deliveries.report_delivery(agreement, report(**typed, sure=asked), line.brewer())


def test_a_correction_to_far_more_than_agreed_is_asked_about_too(line: Line) -> None:
    delivery = deliveries.report_delivery(agree(line), report(), line.consultant)
    with pytest.raises(reporting.LooksTooMuch):
        deliveries.correct_delivery(
            delivery, report(quantity=Decimal(4000)), line.consultant, delivery.version
        )
    deliveries.correct_delivery(
        delivery, report(quantity=Decimal(4000), sure=True), line.consultant, delivery.version
    )
    deliveries.correct_delivery(
        delivery, report(quantity=Decimal(3999), note="Lidt mindre"), line.consultant, delivery.version
    )


def test_a_billion_tonnes_never_moved_whoever_is_sure(line: Line) -> None:
    agreement = agree(line)
    with pytest.raises(UserError, match="for stor"):
        deliveries.report_delivery(agreement, report(quantity=Decimal(10**9), sure=True), line.brewer())
    with pytest.raises(UserError, match="for stor"):
        agreements.change_agreement(agreement, terms(quantity=Decimal(10**8)), line.consultant, 1)


def test_a_delivery_after_the_agreement_was_over_is_asked_about_and_can_be_meant(line: Line) -> None:
    under = line.agreed(ends_on=today(7))
    with pytest.raises(reporting.LooksLikeAnotherDay, match="holdt op den"):
        deliveries.report_delivery(under, report(), line.brewer())
    kept = deliveries.report_delivery(under, report(on=today(7)), line.consultant)
    with pytest.raises(reporting.LooksLikeAnotherDay):
        deliveries.correct_delivery(kept, report(on=today(3)), line.consultant, kept.version)
    deliveries.report_delivery(under, report(day_sure=True), line.consultant)
    assert Delivery.objects.count() == 2


def test_where_no_quantity_was_agreed_only_a_great_deal_is_asked_about(line: Line) -> None:
    agreement = line.agreed(quantity=None, unit="")
    deliveries.report_delivery(agreement, report(quantity=Decimal(9000)), line.brewer())
    with pytest.raises(reporting.LooksTooMuch):
        deliveries.report_delivery(agreement, report(quantity=Decimal(11_000)), line.brewer())


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
