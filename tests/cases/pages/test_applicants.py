# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an applicant reads and does in the case of their own, and what another firm does not find."""

from __future__ import annotations

from brobygger.accounts.models import Operator
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.models import Case
from brobygger.cases.services import waiting
from brobygger.cases.services.moving import move
from brobygger.cases.services.opening import open_case
from tests.cases.made import at_decision, fresh, press, shown, trial
from tests.cases.pages import files
from tests.factories import OrganisationFactory, firm_user


def test_the_applicant_reads_their_own_words_answers_and_uploads(
    operator, case, firm, consultant, sign_in
) -> None:
    client = sign_in(firm_user(firm))
    assert "Vi har fået jeres ansøgning" in shown(client, "/sager/mine/")
    address = f"/sager/mine/{case.pk}/"
    page = shown(client, address)
    assert "Tvivlsomt" not in page
    assert "Prøvesag" not in page
    assert "Vi har fået jeres ansøgning" in page
    press(
        client,
        f"{address}oplysninger/",
        amount="300.000",
        purpose="Ny kedel",
        opened_version=fresh(case).version,
    )
    assert fresh(case).values["amount"] == "300000.00"
    assert client.get(f"{address}oplysninger/").content.decode().count("Kontorets vurdering") == 0
    asked = waiting.pause(case, "applicant", user=consultant, text="Send budgettet")
    assert "Send budgettet" in shown(client, address)
    press(client, f"{address}fil/", kind="budget", file=files.upload())
    press(client, f"{address}svar/{asked.pk}/", text="Her er det")
    assert not fresh(case).is_paused
    press(client, f"{address}besked/", text="Hvornår hører vi?")
    assert {"Her er det", "Hvornår hører vi?"} <= set(case.events.values_list("text", flat=True))
    assert client.get(case.get_absolute_url()).status_code == 404
    page = press(client, f"{address}videre/withdraw/", opened_version=fresh(case).version, reason="Fortrudt")
    assert "Trukket tilbage" in page
    assert client.get(f"{address}videre/complete/").status_code == 404


def test_another_firm_finds_nothing(case: Case, operator: Operator, sign_in) -> None:
    client = sign_in(firm_user(OrganisationFactory(operator=operator)))
    assert case.title not in shown(client, "/sager/mine/")
    for path in ("", "oplysninger/", "videre/withdraw/"):
        assert client.get(f"/sager/mine/{case.pk}/{path}").status_code == 404, path
    for path in ("besked/", "fil/"):
        assert client.post(f"/sager/mine/{case.pk}/{path}", {"text": "x"}).status_code == 404, path


def test_a_firm_begins_a_case_where_the_type_lets_it(operator, firm, sign_in) -> None:
    trial(operator)
    client = sign_in(firm_user(firm))
    assert "Prøvesag" in shown(client, "/sager/mine/")
    press(client, f"/sager/mine/ny/{firm.pk}/trial/", title="Vores idé")
    assert Case.objects.get().organisation == firm
    other = OrganisationFactory(operator=operator)
    assert client.post(f"/sager/mine/ny/{other.pk}/trial/", {"title": "x"}).status_code == 404


def test_whoever_writes_a_reason_reads_that_the_applicant_gets_it(
    operator, consultant, firm, as_consultant, sign_in
) -> None:
    case, bank, _group = at_decision(operator, consultant, organisation=firm)
    vote = shown(sign_in(bank), f"/sager/{case.pk}/stem/decide/")
    assert "får ansøgeren begrundelsen at læse i brevet" in vote
    assert "Ansøgeren får den" not in shown(as_consultant, f"/sager/{case.pk}/videre/back/")
    adopt_shipped(operator, "case_type", "building_case", user=None)
    carport = open_case(
        operator, "building_case", title="Carport", subtype="simple", user=None, organisation=firm
    )
    assert "Ansøgeren får den" not in shown(as_consultant, f"/sager/{carport.pk}/videre/complete/")
    move(carport, "complete", user=consultant, expected=carport.version)
    page = shown(as_consultant, f"/sager/{carport.pk}/videre/grant/")
    assert "Skal skrives, når datoen ligger tilbage. Ansøgeren får den at læse i brevet." in page


def test_while_we_wait_for_an_answer_the_applicant_does_not_read_that_we_are_at_it(
    case, firm, consultant, sign_in
) -> None:
    client = sign_in(firm_user(firm))
    address = f"/sager/mine/{case.pk}/"
    assert "Vi læser den nu." in shown(client, address)
    stage = case.at_stage.applicant_name
    assert stage in shown(client, "/sager/mine/")
    waiting.pause(case, "applicant", user=consultant, text="Send budgettet")
    page = shown(client, address)
    assert "Vi mangler jeres svar" in page
    assert "Vi læser den nu." not in page
    for listed in ("/sager/mine/", firm.get_absolute_url()):
        assert "Vi venter på jeres svar" in shown(client, listed)
        assert stage not in shown(client, listed)


def test_an_answer_is_not_called_optional_where_one_must_be_written(case, firm, consultant, sign_in) -> None:
    asked = waiting.pause(case, "applicant", user=consultant, text="Send budgettet")
    page = shown(sign_in(firm_user(firm)), f"/sager/mine/{case.pk}/svar/{asked.pk}/")
    assert "Jeres svar" in page
    assert "(frivilligt)" not in page
