# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The delivered case types, each walked from end to end, with letters, figures and what stands in the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base import indicators
from brobygger.base.indicators import Period
from brobygger.base.models import Letter
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import shipped_text
from brobygger.blueprints.services import adopt, adopt_shipped
from brobygger.cases.errors import BadValues, NotReady
from brobygger.cases.kinds import symbiosis
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.services import contents, waiting
from brobygger.cases.services.moving import move
from brobygger.cases.services.opening import open_case
from brobygger.guidance.models import Aid
from brobygger.guidance.services.aid import Granted, register_aid
from brobygger.market.models import Listing
from brobygger.register.models import Organisation
from tests.cases.made import day, fresh
from tests.factories import ListingFactory, MatchFactory, OrganisationFactory, SuggestionFactory, firm_user

WHY = "Kom med posten"


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, email="firma@example.invalid")


def read(key: str, operator: Operator, **parameters: Any) -> indicators.Reading:
    return indicators.read(key, Period(day(-400), day()), operator, parameters)


def go(case: Case, way: str, user: User, **how: Any) -> Case:
    now = fresh(case)
    return move(now, way, user=user, expected=now.version, **how)


def file_of(case: Case, kind: str) -> None:
    CaseDocument.objects.create(
        case=case,
        kind=kind,
        file="sager/x.pdf",
        name="x.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
    )


# Building case -------------------------------------------------------------------------------------


def building(
    operator: Operator, firm: Organisation | None, *, sort: str = "industry", received: int = -80
) -> Case:
    if not Definition.objects.filter(operator=operator, key="building_case").exists():
        adopt_shipped(operator, "case_type", "building_case", user=None)
    return open_case(
        operator, "building_case", title="Lagerhal", user=None, organisation=firm, subtype=sort, on=day(received),
        values={"address": "Industrivej 1"},
    )  # fmt: skip


def test_a_building_case_from_received_to_decided(operator, firm, consultant) -> None:
    case = building(operator, firm)
    go(case, "complete", consultant, on=day(-60), reason=WHY)
    asked = waiting.pause(case, "applicant", user=consultant, text="Brandstrategi?", on=day(-50), reason=WHY)
    with pytest.raises(NotReady, match="venter på svar"):
        go(case, "grant", consultant)
    waiting.resume(case, asked, user=firm_user(firm), text="Her er den")
    case = go(case, "grant", consultant, on=day(), reason="Alt i orden")
    assert (case.outcome, case.days_used, case.goal_days, case.within_goal) == ("granted", 10, 50, True)
    letters = list(Letter.objects.order_by("created_at").values_list("subject", flat=True))
    assert [subject.split(": ", 1)[1] for subject in letters] == [
        "ansøgningen er fuldt oplyst", "vi mangler noget fra jer", "Svar fra ansøger", "afgørelse",
    ]  # fmt: skip
    assert "I har fået jeres byggetilladelse" in Letter.objects.get(subject__endswith="afgørelse").body


@pytest.mark.parametrize(
    ("sort", "goal"),
    [
        ("simple", 40),
        ("house", 40),
        ("industry", 50),
        ("commercial", 55),
        ("apartments", 60),
        ("legalisation", None),
    ],
)
def test_the_goal_is_that_of_the_sort(operator, firm, consultant, sort: str, goal: int | None) -> None:
    case = go(building(operator, firm, sort=sort), "complete", consultant, on=day(-3), reason=WHY)
    assert (case.goal_days, case.due_on) == (goal, day(goal - 3) if goal else None)
    if goal:
        assert case.warn_on == day(goal - 13)


def test_the_share_within_goal_counts_decided_complete_applications_that_have_a_goal(
    operator, firm, consultant, as_consultant: Client
) -> None:
    for sort, complete, way in [
        ("industry", -40, "grant"), ("industry", -70, "refuse"), ("simple", -39, "grant"), ("simple", -41, "grant"),
        ("legalisation", -70, "grant"), ("industry", -70, "withdraw"),
    ]:  # fmt: skip
        case = building(operator, firm if sort == "industry" else None, sort=sort)
        go(case, "complete", consultant, on=day(complete), reason=WHY)
        go(case, way, consultant, reason=WHY)
    building(operator, firm)
    share = read("cases.building_share_within_goal", operator)
    assert share.value == Decimal("50.0")
    assert [record.amount for record in share.records] == [1, 0, 1, 0]
    assert all(record.url == f"/sager/{record.key}/" for record in share.records)
    assert read("cases.building_share_within_goal", operator, subtype="simple").value == Decimal("50.0")
    assert read("cases.building_share_within_goal", operator, days=70).value == Decimal("100.0")
    assert len(read("cases.building_share_within_goal", operator, firms_only="ja").records) == 2
    in_days = read("cases.building_days", operator)
    assert in_days.value == Decimal("47.5")
    assert [record.key for record in in_days.records] == [record.key for record in share.records]
    page = as_consultant.get("/sager/byggesager/").content.decode()
    assert "2 af 4 afgjorte" in page
    assert "50 %" in page
    assert as_consultant.get("/sager/byggesager/?slags=simple").status_code == 200
    behind = as_consultant.get(f"/sager/byggesager/?maaned={day():%Y-%m}")
    assert len(behind.context["behind"]) == 4
    assert len(as_consultant.get("/sager/byggesager/?slags=simple&vis=sager").context["behind"]) == 2
    assert "behind" not in as_consultant.get("/sager/byggesager/?maaned=1999-01").context


def test_nothing_decided_is_no_share(operator) -> None:
    assert read("cases.building_share_within_goal", operator).value is None


# Grant application ---------------------------------------------------------------------------------


def grant(operator: Operator, firm: Organisation, amount: int = 500_000, **values: Any) -> Case:
    if not Definition.objects.filter(operator=operator, key="grant_application").exists():
        adopt_shipped(operator, "case_type", "grant_application", user=None)
    typed = {"scheme": "elsewhere", "purpose": "Ny kedel", "applied_amount": amount, **values}
    return open_case(operator, "grant_application", title="Kedel", user=None, organisation=firm, values=typed)


def sent(case: Case, user: User) -> Case:
    now = fresh(case)
    contents.tick(now, ["fits", "budget", "co_finance", "signed"], user=user, expected=now.version)
    file_of(case, "budget")
    return go(case, "send", user)


def granted(case: Case, user: User, amount: int, **values: Any) -> Case:
    wanted = {
        "granted_amount": amount,
        "grantor": "Prøvepuljen",
        "aid_rules": "de_minimis",
        "euro_rate": "7.46",
        **values,
    }
    contents.fill_in(fresh(case), wanted, user=user, expected=None)
    return go(case, "grant", user)


def test_a_grant_from_draft_to_reported(operator, firm, consultant, as_consultant: Client) -> None:
    case = grant(operator, firm)
    with pytest.raises(NotReady) as told:
        go(case, "send", consultant)
    assert len(told.value.missing) == 5
    sent(case, consultant)
    granted(case, consultant, 400_000, report_before=day(90))
    aid = Aid.objects.get()
    assert (aid.organisation, aid.amount_dkk, aid.amount_eur) == (firm, 400_000, Decimal("53619.30"))
    assert fresh(case).duties.get().due_on == day(90)
    with pytest.raises(NotReady, match="ikke noteret nogen udbetaling"):
        go(case, "paid", consultant)
    contents.pay(case, Decimal(150_000), on=day(), text="Første rate", user=consultant)
    with pytest.raises(BadValues, match="end der er bevilget"):
        contents.pay(case, Decimal(250_001), on=day(), text="", user=consultant)
    contents.pay(case, Decimal(250_000), on=day(), text="Rest", user=consultant)
    go(case, "paid", consultant)
    file_of(case, "report")
    case = go(case, "report", consultant)
    assert (case.is_open, case.outcome, case.decided_on, case.amount) == (False, "granted", day(), 400_000)
    assert read("cases.firms_with_support", operator).value == 1
    assert read("cases.support_granted", operator).value == 400_000
    assert read("cases.support_paid", operator).value == 400_000
    for by in ("", "?efter=virksomhed", "?efter=aar", f"?aar={timezone.localdate().year}"):
        page = as_consultant.get(f"/sager/stoette/{by}").content.decode()
        assert page.count("400.000 kr.") >= 2, by
    assert as_consultant.get("/sager/stoette/regneark/?efter=virksomhed").status_code == 200


def test_a_firm_with_two_grants_is_one_firm(operator, firm, consultant) -> None:
    for _ in range(2):
        granted(sent(grant(operator, firm), consultant), consultant, 100_000, aid_rules="none")
    assert read("cases.firms_with_support", operator).value == 1
    assert read("cases.support_granted", operator).value == 200_000
    assert not Aid.objects.exists()


def test_more_than_was_applied_for_is_not_granted(operator, firm, consultant) -> None:
    case = sent(grant(operator, firm, 100_000), consultant)
    with pytest.raises(NotReady, match="kan ikke være større"):
        granted(case, consultant, 100_001)


def test_the_ceiling_of_de_minimis_stands_in_the_way(operator, firm, consultant) -> None:
    earlier = Granted(granted_on=date.today(), grantor="Fonden", amount_eur=Decimal(290_000))
    register_aid(firm, earlier, user=consultant)
    case = sent(grant(operator, firm), consultant)
    with pytest.raises(NotReady, match="kun plads til 10.000,00 euro"):
        granted(case, consultant, 80_000)
    assert fresh(case).stage == "sent"
    granted(case, consultant, 74_000)
    assert Aid.objects.count() == 2


def test_a_scheme_is_chosen_from_the_offices_catalogue(operator, firm) -> None:
    adopt(operator, "scheme", shipped_text("scheme", "smv_digital"), user=None)
    case = grant(operator, firm, scheme="smv_digital")
    assert case.topic == Definition.objects.get(kind="scheme").title
    with pytest.raises(BadValues):
        contents.fill_in(case, {"scheme": "findes_ikke"}, user=None, expected=None)


# Symbiosis plan ------------------------------------------------------------------------------------


@pytest.fixture
def residue(operator: Operator, firm: Organisation) -> Listing:
    adopt_shipped(operator, "case_type", "symbiosis_plan", user=None)
    return ListingFactory(organisation=firm)


def test_a_plan_begins_from_a_residue_with_the_takers_that_were_found(
    operator, residue, consultant, as_consultant: Client
) -> None:
    need = SuggestionFactory(have=residue, need=ListingFactory(
        side="need", organisation=OrganisationFactory(operator=operator), text="Vi søger foder"))  # fmt: skip
    page = as_consultant.get(residue.get_absolute_url()).content.decode()
    assert "Begynd handlingsplan for symbiose" in page
    answer = as_consultant.post(f"/sager/symbiose/har/{residue.pk}/", follow=True)
    assert answer.status_code == 200
    case = Case.objects.get()
    assert (case.organisation, case.value("tonnes_year")) == (residue.organisation, "208.0")
    assert [party.organisation for party in case.parties.filter(role="taker")] == [need.need.organisation]
    as_consultant.post(f"/sager/symbiose/har/{residue.pk}/")
    assert Case.objects.count() == 1


def test_the_page_links_to_what_the_plan_began_with_and_shows_no_id(
    residue, consultant, as_consultant: Client
) -> None:
    case = symbiosis.from_listing(residue, user=consultant)
    page = as_consultant.get(case.get_absolute_url()).content.decode()
    assert f'<a href="{residue.get_absolute_url()}">{residue.title}</a>' in page
    assert f">{residue.pk}<" not in page
    form = as_consultant.get(f"/sager/{case.pk}/oplysninger/").content.decode()
    assert str(residue.pk) not in form
    contents.fill_in(fresh(case), {"listing": "skrevet om"}, user=consultant, expected=None)
    assert as_consultant.get(case.get_absolute_url()).status_code == 200


def test_a_plan_from_mapped_to_granted(operator, residue, consultant) -> None:
    taker = OrganisationFactory(operator=operator)
    case = symbiosis.from_match(MatchFactory(have=residue, taker=taker), user=consultant)
    go(case, "takers", consultant)
    now = fresh(case)
    contents.tick(now, ["talked"], user=consultant, expected=now.version)
    go(case, "plan", consultant)
    with pytest.raises(NotReady):
        go(case, "apply", consultant)
    steps = {"steps": "1. Aftal afhentning", "idea": "Foder til kvier", "applied_amount": 200_000}
    contents.fill_in(fresh(case), steps, user=consultant, expected=None)
    go(case, "apply", consultant)
    contents.fill_in(fresh(case), {"granted_amount": 150_000}, user=consultant, expected=None)
    case = go(case, "grant", consultant)
    assert (case.outcome, case.amount, case.is_open) == ("granted", 150_000, False)
    plans = read("cases.symbiosis_plans", operator)
    assert plans.value == 1
    assert [record.key for record in plans.records] == [case.pk]


def test_strangers_and_firms_begin_no_plans(residue, sign_in) -> None:
    owner = firm_user(residue.organisation)
    assert sign_in(owner).post(f"/sager/symbiose/har/{residue.pk}/").status_code == 403
    assert "Begynd handlingsplan" not in sign_in(owner).get(residue.get_absolute_url()).content.decode()
