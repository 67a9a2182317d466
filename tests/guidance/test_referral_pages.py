# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Referrals and partners by hand in the browser, and what each partner made of them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base import search
from brobygger.base.indicators import Period, read
from brobygger.base.models import Letter
from brobygger.guidance.models import Partner, PartnerAgreement, Referral
from brobygger.guidance.services.answers import Answer, answer
from brobygger.guidance.services.referrals import note_received, send, withdraw
from brobygger.guidance.services.schemes import mark
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory, user_as
from tests.guidance.made import aid, day, partner, scheme, wish


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Bryggeriet")


@pytest.fixture
def bank(operator: Operator, consultant: User) -> Partner:
    return partner(operator, consultant, name="Prøvebanken")


def typed(bank: Partner, **values: Any) -> dict[str, Any]:
    return {
        "target": f"partner-{bank.pk}", "about": "De vil låne", "facts": "on", "consent_by": "Bodil Prøve",
        "consent_on": day().isoformat(), "consent_how": "spoken", "letter": "on", "entry_key": str(uuid.uuid4()), **values,
    }  # fmt: skip


def test_what_will_be_shared_is_shown_before_anything_is_sent(
    as_consultant: Client, firm: Organisation, bank: Partner
) -> None:
    address = f"/henvisninger/ny/?virksomhed={firm.pk}"
    preview = as_consultant.post(address, typed(bank, action="preview")).content.decode()
    assert "Det her bliver delt, og ikke andet" in preview
    assert str(firm.cvr) in preview
    assert not Referral.objects.exists()
    sent = as_consultant.post(address, typed(bank, action="send"))
    made = Referral.objects.get()
    assert sent["Location"] == f"/henvisninger/{made.pk}/"
    page = as_consultant.get(sent["Location"]).content.decode()
    assert "Bryggeriet → Prøvebanken" in page
    assert "Bodil Prøve, mundtligt" in page


def test_without_consent_nothing_is_sent_and_nothing_typed_is_lost(
    as_consultant: Client, firm: Organisation, bank: Partner
) -> None:
    page = as_consultant.post(
        f"/henvisninger/ny/?virksomhed={firm.pk}", typed(bank, consent_by="")
    ).content.decode()
    assert "De vil låne" in page
    assert "form-error" in page
    assert not Referral.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("target", ["", "partner-0", "kontor-x", "ordning-1", "partner-1;drop"])
def test_a_target_that_is_not_offered_is_refused(
    as_consultant: Client, firm: Organisation, bank: Partner, target: str
) -> None:
    foreign_office = OrganisationFactory().operator
    stranger = partner(foreign_office, user_as(Role.HEAD, foreign_office))
    for wrong in (target, f"partner-{stranger.pk}"):
        page = as_consultant.post(
            f"/henvisninger/ny/?virksomhed={firm.pk}", typed(bank, target=wrong, action="send")
        )
        assert page.status_code == 200
    assert not Referral.objects.exists()


def test_who_is_found_by_name_or_is_an_entrepreneur(
    as_consultant: Client, firm: Organisation, bank: Partner
) -> None:
    search.index("organisation", [firm])
    found = as_consultant.get(f"/henvisninger/ny/?q=Bryggeriet&til=partner-{bank.pk}").content.decode()
    assert f"?virksomhed={firm.pk}&amp;til=partner-{bank.pk}" in found
    as_consultant.post(
        "/henvisninger/ny/?person=1", typed(bank, name="Ida Prøve", phone="12345678", action="send")
    )
    assert Referral.objects.get().who == "Ida Prøve"
    assert as_consultant.get(f"/henvisninger/ny/?virksomhed={OrganisationFactory().pk}").status_code == 404


def test_another_office_is_chosen_among_those_on_the_platform(
    as_consultant: Client, firm: Organisation
) -> None:
    office = OrganisationFactory().operator
    as_consultant.post(
        f"/henvisninger/ny/?virksomhed={firm.pk}",
        typed(Partner(pk=0), target=f"kontor-{office.pk}", action="send"),
    )
    assert Referral.objects.filter(operator=office, direction="in").count() == 1


def test_it_is_answered_noted_withdrawn_and_deleted_on_its_page(
    as_consultant: Client, firm: Organisation, bank: Partner, consultant: User
) -> None:
    made = send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    address = f"/henvisninger/{made.pk}/"
    refused = as_consultant.post(
        f"{address}svar/", {"state": "result", "opened_version": "1"}
    ).content.decode()
    assert "Skriv kort, hvad der kom ud af det." in refused
    as_consultant.post(f"{address}svar/", {"state": "in_progress", "opened_version": "1"})
    as_consultant.post(f"{address}note/", {"note": "Ring i maj", "consultant": "", "opened_version": "2"})
    late = as_consultant.post(f"{address}svar/", {"state": "result", "result": "Lån", "opened_version": "2"})
    assert late.status_code == 409
    assert "Ring i maj" in as_consultant.get(address).content.decode()
    assert "slettes her" in as_consultant.get(f"{address}traek-tilbage/").content.decode()
    as_consultant.post(f"{address}traek-tilbage/", {"opened_version": "3"})
    assert Referral.objects.get().state == "withdrawn"
    assert as_consultant.get(f"{address}svar/")["Location"] == address
    as_consultant.post(f"{address}slet/")
    assert not Referral.objects.exists()


def test_lists_go_both_ways_and_are_narrowed_and_fetched(
    as_consultant: Client, firm: Organisation, bank: Partner, consultant: User
) -> None:
    made = send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    as_consultant.post(
        "/henvisninger/modtaget/?person=1",
        typed(bank, name="Ida Prøve", email="ida@example.invalid", consent_how="told"),
    )
    out, into = (
        as_consultant.get(f"/henvisninger/{query}").content.decode() for query in ("", "?retning=ind")
    )
    assert ("Bryggeriet →" in out, "Ida Prøve" in out) == (True, False)
    assert ("Bryggeriet →" in into, "Ida Prøve" in into) == (False, True)
    for query in (
        "?stand=result",
        "?venter=on",
        "?q=findesikke",
        f"?partner={bank.pk + 999}",
        f"?virksomhed={firm.pk + 999}",
    ):
        assert "Bryggeriet →" not in as_consultant.get(f"/henvisninger/{query}").content.decode(), query
    Referral.objects.filter(pk=made.pk).update(sent_on=day() - timedelta(days=14))
    assert (
        "Bryggeriet →" in as_consultant.get(f"/henvisninger/?venter=on&virksomhed={firm.pk}").content.decode()
    )
    sheet = load_workbook(BytesIO(as_consultant.get("/henvisninger/regneark/?retning=ind").content)).active
    written = str(list(sheet.iter_rows(values_only=True)))
    assert "Prøvebanken" in written
    assert "Ida" not in written
    assert AuditEntry.objects.filter(action="export").count() == 1


def test_what_waits_is_on_todays_list(
    as_consultant: Client, firm: Organisation, bank: Partner, consultant: User, operator: Operator
) -> None:
    entrepreneur = wish(name="Ida Prøve", phone="12345678", partner=bank)
    made = send(operator, entrepreneur, user=consultant)
    assert "Henvisninger, der venter" not in as_consultant.get("/i-dag/").content.decode()
    Referral.objects.filter(pk=made.pk).update(sent_on=day(-15))
    note_received(operator, wish(organisation=firm, partner=bank), user=consultant)
    page = as_consultant.get("/i-dag/").content.decode()
    assert "intet svar i to uger" in page
    assert "henvist til jer" in page


# Partners ---------------------------------------------------------------------------------------------


def test_a_partner_is_entered_corrected_agreed_with_and_deleted(
    as_consultant: Client, operator: Operator
) -> None:
    fields = {"name": "Erhvervshuset", "kind": "hub", "email": "hus@example.invalid", "is_current": "on"}
    as_consultant.post("/partnere/ny/", fields)
    made = Partner.objects.get()
    assert "allerede en partner med det navn" in as_consultant.post("/partnere/ny/", fields).content.decode()
    as_consultant.post(f"/partnere/{made.pk}/ret/", fields | {"offers": "Vækst", "opened_version": "1"})
    terms = {
        "text": "Vi henviser til hinanden",
        "mutual": "on",
        "starts_on": day(-9).isoformat(),
        "ends_on": "",
    }
    wrong = as_consultant.post(f"/partnere/{made.pk}/aftale/", terms | {"ends_on": day(-10).isoformat()})
    assert "slutter, før den begynder" in wrong.content.decode()
    as_consultant.post(f"/partnere/{made.pk}/aftale/", terms)
    page = as_consultant.get(f"/partnere/{made.pk}/").content.decode()
    for words in ("Vækst", "Vi henviser til hinanden", "Gælder nu", "Gensidig"):
        assert words in page
    agreed = PartnerAgreement.objects.get()
    as_consultant.post(
        f"/partneraftale/{agreed.pk}/ret/", terms | {"ends_on": day(30).isoformat(), "opened_version": "1"}
    )
    assert "Erhvervshuset" in as_consultant.get("/vejledning/").content.decode()
    as_consultant.post(f"/partneraftale/{agreed.pk}/slet/")
    as_consultant.post(f"/partnere/{made.pk}/slet/")
    assert not Partner.objects.exists()
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "partner_deleted",
        "partner_agreement_deleted",
    }


def test_a_partner_that_referrals_point_at_stays(
    as_consultant: Client, firm: Organisation, bank: Partner, consultant: User
) -> None:
    send(firm.operator, wish(organisation=firm, partner=bank), user=consultant)
    told = as_consultant.post(f"/partnere/{bank.pk}/slet/", follow=True).content.decode()
    assert "Tag den ud af brug i stedet." in told
    assert Partner.objects.exists()


def test_each_partners_figures_are_counted(
    as_consultant: Client, firm: Organisation, bank: Partner, consultant: User, operator: Operator
) -> None:
    for days, given in ((10, Answer("result", "Lån")), (4, Answer("not_relevant", why="For små")), (0, None)):
        made = send(operator, wish(organisation=firm, partner=bank), user=consultant)
        if given:
            answer(made, given, user=consultant, expected=1)
            Referral.objects.filter(pk=made.pk).update(sent_on=day(-days))
    withdraw(
        send(operator, wish(organisation=firm, partner=bank), user=consultant), user=consultant, expected=1
    )
    note_received(operator, wish(organisation=firm, partner=bank), user=consultant)
    partner(operator, consultant, name="Tom bank")
    sheet = load_workbook(BytesIO(as_consultant.get("/partnere/regneark/").content)).active
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows[0][:9] == ["Prøvebanken", "Bank eller investor", None, 3, 2, 1, 7, 1, 0]
    assert rows[1][3:9] == [0, 0, 0, None, 0, 0]
    assert "Prøvebanken" not in as_consultant.get("/partnere/?q=findesikke").content.decode()


# The plan's figures -----------------------------------------------------------------------------------


def test_the_plan_counts_with_the_records_behind(
    firm: Organisation, bank: Partner, consultant: User, operator: Operator
) -> None:
    year = Period(day().replace(month=1, day=1), day())
    climate = scheme(operator, "klima", title="Klimapulje", provider="Erhvervshus Sjælland")
    digital = scheme(operator, "digital", title="Digitalpulje", purposes=["digital"])
    other = OrganisationFactory(operator=operator)
    answer(send(operator, wish(organisation=firm, partner=bank), user=consultant), Answer("result", "Lån"),
           user=consultant, expected=1)  # fmt: skip
    send(operator, wish(name="Ida Prøve", phone="12345678", scheme=climate), user=consultant)
    for one in (climate, digital):
        mark(firm, one, "offered", user=consultant)
    mark(other, digital, "interested", user=consultant)
    kroner: dict[str, Any] = {"amount_eur": None, "rate": Decimal(8)}
    aid(firm, consultant, scheme=climate, amount_dkk=Decimal(80_000), **kroner)
    aid(firm, consultant, scheme=climate, amount_dkk=Decimal(20_000), **kroner)
    aid(other, consultant, scheme=digital, amount_dkk=Decimal(5_000), **kroner)
    aid(other, consultant, amount_eur=Decimal(100))

    def value(key: str, **parameters: Any) -> Any:
        return read(f"guidance.{key}", year, operator, parameters).value

    assert (value("referrals"), value("referrals", partner_kind="bank"), value("referrals_with_result")) == (
        2,
        1,
        1,
    )
    assert (value("firms_guided"), value("firms_guided", purpose="climate")) == (2, 1)
    assert (value("aid_dkk"), value("aid_dkk", provider="erhvervshus sjælland")) == (105_000, 100_000)
    assert (value("firms_with_aid"), value("firms_with_aid", purpose="climate")) == (2, 1)
    assert "kun er kendt i euro" in read("guidance.aid_dkk", year, operator).missing
    told = read("guidance.referrals", year, operator)
    assert "Ida" not in str([record.label for record in told.records])
    assert read("guidance.referrals", Period(day(-900), day(-800)), operator).value == 0


def test_a_search_that_finds_no_referral_has_a_way_back(as_consultant: Client) -> None:
    page = as_consultant.get("/henvisninger/?q=zzqqxx&retning=ind").content.decode()
    assert page.count('href="/henvisninger/?retning=ind"') == 2
