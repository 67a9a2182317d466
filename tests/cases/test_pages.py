# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What each person sees and does on the pages of cases."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.models import Case, CaseDocument, CaseEvent, Vote
from brobygger.cases.queries import lists
from brobygger.cases.services import contents, documents, waiting
from brobygger.cases.services.moving import move
from brobygger.cases.services.opening import open_case
from brobygger.register.models import Organisation
from tests.cases.made import at_decision, day, fresh, opened, press, shown, trial
from tests.factories import OrganisationFactory, firm_user, user_as

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Herslev Prøvebryg", email="firma@example.invalid")


@pytest.fixture
def case(operator: Operator, firm: Organisation) -> Case:
    return opened(
        operator, organisation=firm, values={"amount": 400_000, "secret": "Tvivlsomt", "purpose": "En kedel"}
    )


def upload(name: str = "budget.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.mark.parametrize("address", ["/sager/", "/sager/tavle/", "/sager/ny/"])
def test_a_new_office_is_shown_the_way_to_its_first_case_type(
    operator: Operator, as_head: Client, as_consultant: Client, address: str
) -> None:
    for browser, word in (
        (as_head, "Vælg dem, I skal bruge"),
        (as_consultant, "Kontorets chef tager dem i brug"),
    ):
        page = shown(browser, address)
        assert word in page
        assert 'href="/opskrifter/"' in page


def test_the_list_is_searched_and_narrowed(
    operator: Operator, case: Case, consultant: User, as_consultant: Client
) -> None:
    other = opened(operator, title="Vaskehal i Hvalsø", subtype="large", officer=consultant)
    page = shown(as_consultant, "/sager/")
    assert case.title in page
    assert other.title in page
    assert other.title not in shown(as_consultant, "/sager/?q=bryggeriet")
    assert case.title in shown(as_consultant, "/sager/?q=prøvebryg")
    assert case.title in shown(as_consultant, f"/sager/?q={case.number}")
    assert case.title not in shown(as_consultant, f"/sager/?hvem={consultant.pk}")
    assert other.title not in shown(as_consultant, "/sager/?hvem=nobody")
    assert case.title not in shown(as_consultant, "/sager/?type=trial&trin=ready")
    assert case.title not in shown(as_consultant, "/sager/?status=closed")
    assert case.title not in shown(as_consultant, "/sager/?haster=late")
    assert shown(as_consultant, "/sager/?hvem=x&type=nej&trin=nej&haster=nej&virksomhed=-1")


def test_late_and_waiting_cases_are_found(operator, case, consultant, as_consultant) -> None:
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    early = opened(operator, on=day(-70), values={"amount": 1}, title="Gammel sag")
    early = contents.tick(early, ["read"], user=consultant, expected=early.version)
    move(early, "complete", user=consultant, expected=early.version, on=day(-60), reason="Post")
    waiting.pause(case, "authority", user=consultant)
    assert "Gammel sag" in shown(as_consultant, "/sager/?haster=late")
    assert case.title not in shown(as_consultant, "/sager/?haster=late")
    assert case.title in shown(as_consultant, "/sager/?haster=waiting")
    page = shown(as_consultant, "/sager/hvem-har-hvad/")
    assert "Ingen endnu" in page
    assert "Gammel sag" in shown(as_consultant, "/i-dag/")


def test_the_list_is_an_excel_workbook_and_that_is_recorded(case: Case, as_consultant: Client) -> None:
    answer = as_consultant.get("/sager/regneark/")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert AuditEntry.objects.filter(action="export", about="Sager").exists()


def test_the_board_has_a_column_for_each_stage(case: Case, as_consultant: Client) -> None:
    page = shown(as_consultant, "/sager/tavle/")
    assert page.index("Modtaget") < page.index(case.title) < page.index("Til afgørelse")
    assert case.title not in shown(as_consultant, "/sager/tavle/?vis=mine&type=trial")


def test_who_is_partial_sees_the_case_on_no_board_and_in_no_count(
    case: Case, consultant: User, as_consultant: Client
) -> None:
    assert case.title in shown(as_consultant, "/sager/tavle/")
    assert [row.open for row in lists.load(consultant, case.operator) if row.officer is None] == [1]
    contents.recuse(case, consultant, user=consultant, reason="Min bror ejer firmaet")
    assert case.title not in shown(as_consultant, "/sager/tavle/")
    assert sum(row.open for row in lists.load(consultant, case.operator)) == 0
    assert lists.waiting_for(consultant, case.operator, date(2100, 1, 1), mine=False, most=5) == []


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


def test_the_bank_sees_what_it_may_and_votes_once(operator, consultant, firm, sign_in) -> None:
    case, bank, _group = at_decision(operator, consultant, organisation=firm)
    case = contents.fill_in(case, {"secret": "Tvivlsomt"}, user=consultant, expected=case.version)
    client = sign_in(bank)
    assert case.title in shown(client, "/sager/mine/")
    page = shown(client, case.get_absolute_url())
    assert "Tvivlsomt" not in page
    address = f"/sager/{case.pk}/stem/decide/"
    shown(client, address)
    assert "Skriv en begrundelse" in press(client, address, answer="no", round=case.round)
    press(client, address, answer="yes", round=case.round)
    assert "allerede stemt" in press(client, address, answer="yes", round=case.round)
    assert Vote.objects.count() == 1
    for other in ("notat", "tjekliste", "ret", "oplysninger", "vent", "part", "arkivfil", "dage", "dokument"):
        assert client.post(f"/sager/{case.pk}/{other}/").status_code == 403, other


def test_somebody_partial_finds_nothing(operator, case, firm, sign_in) -> None:
    from brobygger.register.models import Affiliation
    from tests.factories import PersonFactory

    partial = user_as(Role.HEAD, operator)
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=partial), organisation=firm)
    client = sign_in(partial)
    for address in (
        "/sager/",
        "/sager/tavle/",
        "/sager/?q=bryggeri",
        "/i-dag/?vis=alle",
        firm.get_absolute_url(),
    ):
        assert case.title not in shown(client, address), address
    assert client.get(case.get_absolute_url()).status_code == 404
    assert "For sent" in shown(client, "/sager/hvem-har-hvad/")


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.HEAD])
def test_another_office_finds_nothing(case: Case, sign_in, role) -> None:
    client = sign_in(user_as(role))
    assert case.title not in shown(client, "/sager/")
    for path in ("", "dage/", "oplysninger/", "videre/complete/", "inhabil/"):
        assert client.get(f"/sager/{case.pk}/{path}").status_code == 404, path


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
    press(client, f"{address}fil/", kind="budget", file=upload())
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


def test_documents_are_versioned_and_given_to_those_who_may_read_them(
    operator, case, firm, as_consultant, sign_in
) -> None:
    address = f"/sager/{case.pk}/dokument/"
    shown(as_consultant, address)
    press(as_consultant, address, file=upload(), kind="budget")
    press(as_consultant, address, file=upload("internt.pdf"), kind="")
    first, inner = CaseDocument.objects.get(kind="budget"), CaseDocument.objects.get(kind="")
    press(as_consultant, f"{address}?erstat={first.pk}", file=upload("budget2.pdf"), erstat=first.pk)
    assert [
        (d.number, d.superseded) for d in CaseDocument.objects.filter(series=first.series).order_by("number")
    ] == [(1, True), (2, False)]
    client = sign_in(firm_user(firm))
    page = shown(client, f"/sager/mine/{case.pk}/")
    assert "budget2.pdf" in page
    assert "internt.pdf" not in page
    assert client.get(f"/sager/dokument/{first.pk}/").status_code == 200
    assert client.get(f"/sager/dokument/{inner.pk}/").status_code == 404
    assert sign_in(user_as(Role.CONSULTANT)).get(f"/sager/dokument/{first.pk}/").status_code == 404
    press(as_consultant, f"/sager/dokument/{inner.pk}/fjern/", reason="Forkert sag")
    assert as_consultant.get(f"/sager/dokument/{inner.pk}/").status_code == 404
    assert AuditEntry.objects.filter(action="case_document_deleted").exists()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (upload("budget.txt", b"tekst"), "skal være PDF, XLSX"),
        (upload("budget.pdf", b"intet"), "kan ikke vedhæftes"),
        (upload("budget.pdf", PDF + b"x" * (2 * 1024 * 1024)), "må højst fylde 2 MB"),
    ],
)
def test_a_document_that_does_not_fit_is_refused(case: Case, as_consultant: Client, file, told: str) -> None:
    assert told in press(as_consultant, f"/sager/{case.pk}/dokument/", file=file, kind="budget")
    assert not CaseDocument.objects.exists()


def test_parties_come_and_go(case: Case, operator: Operator, as_consultant: Client) -> None:
    bank = OrganisationFactory(operator=operator, name="Prøvebanken")
    address = f"/sager/{case.pk}/part/"
    assert "Der er noget, der skal rettes" in press(as_consultant, address, role="bank")
    press(as_consultant, address, role="bank", organisation=bank.pk)
    party = case.parties.get(role="bank")
    shown(as_consultant, f"{address}{party.pk}/ud/")
    page = press(as_consultant, f"{address}{party.pk}/ud/")
    assert "Bank træder ud: Prøvebanken" in page


def test_a_case_is_archived_before_it_is_deleted(
    case: Case, consultant: User, as_consultant: Client, as_head: Client
) -> None:
    documents.add(case, upload(), kind="budget", user=consultant)
    answer = as_consultant.post(f"/sager/{case.pk}/arkivfil/")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"sag.pdf", "sag.json", "opskrift.yaml"} < set(names)
    assert any(name.endswith("budget.pdf") for name in names)
    assert "ikke afsluttet" in press(
        as_consultant, f"/sager/{case.pk}/arkiv/", reference="A-1", opened_version=fresh(case).version
    )
    case = move(fresh(case), "withdraw", user=consultant, expected=fresh(case).version, reason="Fortrudt")
    assert as_consultant.get(f"/sager/{case.pk}/slet/").status_code == 403
    assert "skal gemmes til" in press(as_head, f"/sager/{case.pk}/slet/")
    wanted = {"reference": "A-1", "opened_version": fresh(case).version}
    assert "efter at arkivfilen blev hentet" in press(as_consultant, f"/sager/{case.pk}/arkiv/", **wanted)
    assert as_consultant.post(f"/sager/{case.pk}/arkivfil/").status_code == 200
    press(as_consultant, f"/sager/{case.pk}/arkiv/", **wanted)
    assert fresh(case).archived_at
    Case.objects.filter(pk=case.pk).update(closed_on=day(-365 * 6))
    archived = fresh(case).archived_at
    Case.objects.filter(pk=case.pk).update(archived_at=None)
    assert "afleveres til kommunens arkiv" in press(as_head, f"/sager/{case.pk}/slet/")
    Case.objects.filter(pk=case.pk).update(archived_at=archived)
    press(as_head, f"/sager/{case.pk}/slet/")
    assert not Case.objects.exists()
    assert AuditEntry.objects.filter(action="case_deleted", about__contains=case.number).exists()


def test_a_wrong_journal_number_is_told_of(case: Case, as_consultant: Client) -> None:
    address = f"/sager/{case.pk}/ret/"
    page = press(
        as_consultant, address, title="Nyt", subtype="large", kle="2.34", opened_version=case.version
    )
    assert "KLE-nummer skrives som" in page
    press(
        as_consultant,
        address,
        title="Nyt",
        subtype="large",
        kle="02.34.02",
        external_ref="24/123",
        opened_version=case.version,
    )
    assert (fresh(case).kle, fresh(case).external_ref, fresh(case).goal_days) == ("02.34.02", "24/123", 60)


def test_pages_without_a_case_type_say_what_to_do(as_consultant: Client) -> None:
    for address in (
        "/sager/",
        "/sager/tavle/",
        "/sager/ny/",
        "/sager/byggesager/",
        "/sager/byggesager/import/",
        "/sager/stoette/",
    ):
        assert "bb-empty" in shown(as_consultant, address), address


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
