# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case is opened, filled in and moved on its page, while the clock is told."""

from __future__ import annotations

from django.test import Client

from brobygger.accounts.models import Operator, User
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services import contents
from brobygger.cases.services.moving import move
from brobygger.register.models import Organisation
from tests.cases.made import at_decision, day, fresh, opened, press, shown, trial


def test_a_case_is_opened_for_a_firm(operator: Operator, firm: Organisation, as_consultant: Client) -> None:
    trial(operator)
    assert "Prøvesag" in shown(as_consultant, "/sager/ny/")
    shown(as_consultant, f"/sager/ny/?type=trial&virksomhed={firm.pk}")
    page = press(as_consultant, "/sager/ny/", type="trial", title="", subtype="small", organisation=firm.pk)
    assert "Der er noget, der skal rettes" in page
    page = press(
        as_consultant, "/sager/ny/", type="trial", title="Ny kedel", subtype="small", organisation=firm.pk
    )
    made = Case.objects.get()
    assert (made.title, made.organisation, made.kle) == ("Ny kedel", firm, "24.10.00")
    assert made.number in page


def test_a_case_is_opened_for_somebody_outside_the_register_and_once_however_often_it_is_pressed(
    operator: Operator, as_consultant: Client
) -> None:
    trial(operator)
    typed = {"type": "trial", "title": "Carport", "subtype": "small", "applicant_name": "En borger",
             "entry_key": "6e0cbe0c-3c0b-4f0e-9c3b-0a5d5a5f2f3e"}  # fmt: skip
    press(as_consultant, "/sager/ny/", **typed)
    press(as_consultant, "/sager/ny/", **typed)
    assert str(Case.objects.get().parties.get()) == "En borger"


def test_what_is_missing_stands_beside_the_way(case: Case, as_consultant: Client) -> None:
    page = shown(as_consultant, case.get_absolute_url())
    assert "»Ansøgningen er læst« er ikke markeret." in page
    assert f"/sager/{case.pk}/videre/complete/" not in page
    press(as_consultant, f"/sager/{case.pk}/tjekliste/", check="read", opened_version=case.version)
    assert f"/sager/{case.pk}/videre/complete/" in shown(as_consultant, case.get_absolute_url())


def test_a_way_is_taken_with_a_date_and_a_reason(case: Case, consultant: User, as_consultant: Client) -> None:
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    address = f"/sager/{case.pk}/videre/complete/"
    shown(as_consultant, address)
    page = press(as_consultant, address, opened_version=case.version - 1)
    assert "En anden har gemt i mellemtiden" in page
    press(as_consultant, address, opened_version=case.version)
    assert fresh(case).stage == "ready"
    assert "gået videre" in press(as_consultant, address, opened_version=fresh(case).version)


def test_a_direct_post_does_not_skip_a_gate(case: Case, as_consultant: Client) -> None:
    for way in ("decide", "close"):
        press(as_consultant, f"/sager/{case.pk}/videre/{way}/", opened_version=case.version, reason="x")
    press(as_consultant, f"/sager/{case.pk}/videre/complete/", opened_version=case.version)
    assert fresh(case).stage == "received"
    assert not CaseEvent.objects.filter(kind="moved").exists()


def test_a_direct_post_does_not_decide_alone(operator, consultant, as_consultant) -> None:
    case, _bank, _group = at_decision(operator, consultant)
    page = press(as_consultant, f"/sager/{case.pk}/videre/decide/", opened_version=case.version)
    assert "Ingen kan gøre det alene" in page
    assert (
        as_consultant.post(
            f"/sager/{case.pk}/stem/decide/", {"answer": "yes", "round": case.round}
        ).status_code
        == 404
    )
    press(as_consultant, f"/sager/{case.pk}/optael/decide/", round=case.round)
    assert fresh(case).stage == "ready"


def test_values_are_filled_in_and_the_change_can_be_read(case: Case, as_consultant: Client) -> None:
    address = f"/sager/{case.pk}/oplysninger/"
    assert "400.000" in shown(as_consultant, address)
    press(as_consultant, address, amount="1.000.001", opened_version=case.version)
    assert fresh(case).values["amount"] == "400000.00", "above the most that the definition takes"
    page = press(
        as_consultant,
        address,
        amount="450.000,50",
        purpose="En kedel",
        secret="",
        newcomer="True",
        opened_version=case.version,
    )
    assert fresh(case).values["amount"] == "450000.50"
    assert "Beløb: fra 400.000 kr." in page


def test_the_clock_stands_while_the_applicant_answers_and_every_day_can_be_seen(
    operator, firm, consultant, as_consultant
) -> None:
    case = opened(operator, organisation=firm, on=day(-30), values={"amount": 1})
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    case = move(case, "complete", user=consultant, expected=case.version, on=day(-20), reason="Post")
    address = f"/sager/{case.pk}/vent/"
    assert "Skriv, hvad ansøgeren skal svare på." in press(as_consultant, address, key="applicant", text="")
    press(
        as_consultant,
        address,
        key="applicant",
        text="Send tegninger",
        on=day(-10).isoformat(),
        reason="Ringede",
    )
    pause = case.events.get(kind="paused")
    page = shown(as_consultant, f"/sager/{case.pk}/dage/")
    assert "10 dage brugt" in page
    assert "Venter på ansøger" in page
    press(
        as_consultant, f"/sager/{case.pk}/svar/{pause.pk}/", on=day(-5).isoformat(), reason="Mail", text="Her"
    )
    assert "15 dage brugt" in shown(as_consultant, f"/sager/{case.pk}/dage/")
    press(as_consultant, f"/sager/{case.pk}/haendelse/{pause.pk}/dato/", on=day(-12).isoformat(), reason="Forkert",
          opened_version=fresh(case).version)  # fmt: skip
    assert "13 dage brugt" in shown(as_consultant, f"/sager/{case.pk}/dage/")
    answered = case.events.get(kind="resumed")
    shown(as_consultant, f"/sager/{case.pk}/haendelse/{answered.pk}/tilbage/")
    press(
        as_consultant,
        f"/sager/{case.pk}/haendelse/{answered.pk}/tilbage/",
        reason="Var ikke svaret",
        opened_version=fresh(case).version,
    )
    assert fresh(case).is_paused
    assert "taget tilbage" in shown(as_consultant, case.get_absolute_url())
