# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who is partial in a case does not meet it, on whatever page its number, firm or amount would stand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from brobygger.accounts.models import Operator, User
from brobygger.base import indicators
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.errors import Conflicted
from brobygger.cases.kinds import symbiosis
from brobygger.cases.models import Case
from brobygger.cases.services import contents
from brobygger.guidance.errors import KeptFrom
from brobygger.guidance.models import Aid
from brobygger.guidance.services.aid import Granted, delete_aid, register_aid
from brobygger.plan import services as plans
from brobygger.plan.models import Goal
from brobygger.register.models import Organisation
from tests.cases.made import day, fresh, shown
from tests.cases.test_delivered_types import building, go, grant, granted, sent
from tests.factories import ListingFactory, OrganisationFactory

BEHIND = "Det står bag tallet"


@pytest.fixture
def case(operator: Operator, firm: Organisation, consultant: User) -> Case:
    """Granted today, and half of it paid; the consultant has said since that they are partial."""
    case = sent(grant(operator, firm), consultant)
    granted(case, consultant, 400_000)
    contents.pay(fresh(case), Decimal(200_000), on=fresh(case).decided_on, text="Rate", user=consultant)
    contents.recuse(fresh(case), consultant, user=consultant, reason="Min bror ejer firmaet")
    return fresh(case)


@pytest.fixture
def other(operator: Operator, head: User, case: Case) -> Case:
    """Another firm's, granted as well."""
    other = OrganisationFactory(operator=operator, name="Osted Prøvemøbler")
    found = sent(grant(operator, other), head)
    granted(found, head, 100_000)
    return fresh(found)


def goal(case: Case, indicator: str) -> Goal:
    assert case.decided_on
    plan = plans.create_plan(case.operator, name="Plan", year_from=2026, year_to=2026)
    initiative = plans.add_initiative(plans.add_track(plan, name="Spor"), name="Indsats")
    start = case.decided_on.replace(day=1)
    return plans.add_goal(
        initiative, name="Støtte", indicator=indicator, target=Decimal(900_000), starts_on=start,
        ends_on=date(start.year, start.month, 1) + timedelta(days=40),
    )  # fmt: skip


def behind(client: Client, goal: Goal) -> str:
    return shown(client, f"/plan/maal/{goal.pk}/").split(BEHIND)[1].split("</main>")[0]


@pytest.mark.parametrize(
    "indicator",
    [
        "cases.support_granted", "cases.support_paid", "cases.firms_with_support", "guidance.aid_dkk",
        "guidance.firms_with_aid",
    ],
)  # fmt: skip
def test_the_records_behind_a_value_leave_out_the_case_and_say_so(
    case, other, indicator, as_consultant, as_head
) -> None:
    found = goal(case, indicator)
    page = behind(as_consultant, found)
    assert case.number not in page
    assert "Herslev Prøvebryg" not in page
    assert "1 post vises ikke, fordi du er inhabil i sagen. Den er talt med i tallet." in page
    assert ("Osted Prøvemøbler" in page) is (indicator != "cases.support_paid")
    whole = behind(as_head, found)
    assert "Herslev Prøvebryg" in whole
    assert "inhabil" not in whole


def test_the_value_is_the_same_for_all(case, other, as_consultant, as_head) -> None:
    address = f"/plan/maal/{goal(case, 'cases.support_granted').pk}/"
    for client in (as_consultant, as_head):
        assert "500.000 <small>kr.</small>" in shown(client, address)


def test_several_cases_are_told_together(case, other, consultant, as_consultant) -> None:
    contents.recuse(other, consultant, user=consultant, reason="Fætter")
    page = behind(as_consultant, goal(case, "cases.support_granted"))
    assert "2 poster vises ikke, fordi du er inhabil i sagerne. De er talt med i tallet." in page
    assert "Intet registreret" not in page


def test_every_figure_of_cases_withholds_the_records_of_who_is_partial() -> None:
    of_cases = [found for found in indicators.every() if found.key.startswith("cases.")]
    assert len(of_cases) > 8
    assert [found.key for found in of_cases if not found.withholds] == []


def test_the_aid_that_was_granted_is_not_shown_either_but_counts_towards_the_ceiling(
    case, other, firm, as_consultant, as_head
) -> None:
    account = f"/de-minimis/virksomhed/{firm.pk}/"
    hers, his = shown(as_consultant, account), shown(as_head, account)
    assert case.number in his
    assert case.number not in hers
    assert "1 post vises ikke, fordi du er inhabil i sagen. Den er talt med i tallet." in hers
    left = "246.380,70"  # of 300,000 euro
    assert left in his
    assert left in hers
    register = shown(as_consultant, "/de-minimis/")
    assert "Herslev Prøvebryg" not in register
    assert "Osted Prøvemøbler" in register


def test_who_is_partial_does_not_put_the_granted_aid_right_or_take_it_out(
    case, consultant, as_consultant
) -> None:
    aid = Aid.objects.get()
    for what in ("ret", "slet"):
        assert as_consultant.get(f"/de-minimis/{aid.pk}/{what}/").status_code == 404
    with pytest.raises(KeptFrom):
        delete_aid(aid, user=consultant)


@pytest.mark.parametrize(
    "address",
    [
        "/sager/", "/sager/?status=all", "/sager/?status=all&q=Kedel", "/sager/tavle/", "/sager/tavle/?type=grant_application",
        "/sager/hvem-har-hvad/", "/sager/stoette/?efter=virksomhed", "/sager/byggesager/", "/i-dag/", "/de-minimis/",
    ],
)  # fmt: skip
def test_no_page_names_the_case_or_its_firm(case, as_consultant, address) -> None:
    page = shown(as_consultant, address)
    assert case.number not in page
    assert "Herslev Prøvebryg" not in page


def test_the_firms_own_page_does_not_name_the_case(case, firm, as_consultant, as_head) -> None:
    assert case.get_absolute_url() in shown(as_head, firm.get_absolute_url())
    page = shown(as_consultant, firm.get_absolute_url())
    assert case.get_absolute_url() not in page
    assert case.number not in page


def test_what_grants_brought_says_that_the_case_is_not_counted(case, as_consultant, as_head) -> None:
    words = "Sager, som du er inhabil i, er ikke talt med."
    assert words in shown(as_consultant, "/sager/stoette/")
    assert words not in shown(as_head, "/sager/stoette/")


def test_the_spreadsheet_of_what_grants_brought_says_so_below_its_rows(case, as_consultant, as_head) -> None:
    def cells(client: Client) -> list[object]:
        file = client.get("/sager/stoette/regneark/")
        rows = load_workbook(BytesIO(file.content)).active.values
        return [row[0] for row in rows]

    assert cells(as_consultant) == ["Hvad", None, "Sager, som du er inhabil i, er ikke talt med."]
    assert "Sager, som du er inhabil i, er ikke talt med." not in cells(as_head)


@pytest.mark.parametrize("kept", ["the firm of the case", "the other"])
def test_before_two_firms_are_laid_together_the_same_aid_on_both_is_not_shown(
    case, operator, firm, head, as_consultant, as_head, kept
) -> None:
    granted = Aid.objects.get()
    twin = OrganisationFactory(operator=operator, name="Herslev igen", cvr=None)
    same = Granted(granted.granted_on, "Prøvefonden", granted.amount_dkk, amount_eur=granted.amount_eur)
    register_aid(twin, same, user=head)
    two = [firm.pk, twin.pk] if kept == "the firm of the case" else [twin.pk, firm.pk]
    address = "/virksomheder/{}/laeg-sammen/{}/".format(*two)
    told = "Samme dag og samme beløb står på dem begge."
    assert told in shown(as_head, address)
    assert told not in shown(as_consultant, address)


def test_the_building_cases_behind_a_figure_say_how_many_are_not_shown(
    operator, firm, consultant, as_consultant
) -> None:
    case = building(operator, firm)
    go(case, "complete", consultant, on=day(-40), reason="Brevets dato")
    go(case, "grant", consultant)
    contents.recuse(fresh(case), consultant, user=consultant, reason="Nabo")
    page = shown(as_consultant, "/sager/byggesager/?slags=industry&vis=sager")
    assert "1 af 1 afgjorte" in page
    assert case.number not in page
    assert "1 post vises ikke, fordi du er inhabil i sagen." in page


def test_a_plan_that_is_begun_already_is_not_opened_for_who_is_partial(operator, head, consultant) -> None:
    adopt_shipped(operator, "case_type", "symbiosis_plan", user=None)
    listing = ListingFactory(organisation=OrganisationFactory(operator=operator))
    begun = symbiosis.from_listing(listing, user=head)
    contents.recuse(begun, consultant, user=head, reason="Fætter")
    with pytest.raises(Conflicted):
        symbiosis.from_listing(listing, user=consultant)
    assert symbiosis.from_listing(listing, user=head) == begun
