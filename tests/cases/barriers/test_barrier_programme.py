# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A small firm on its way into a branch: analysis, course days, and a list of customers that somebody follows."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from brobygger.accounts.models import Operator, Role, User
from brobygger.base import indicators
from brobygger.base.indicators import Period
from brobygger.base.versions import EditedMeanwhile
from brobygger.cases.barriers import services
from brobygger.cases.barriers.errors import ListedAlready, NotACustomer, NotedAlready, NotInProgramme
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.errors import BadValues, CaseIsOver, Conflicted, NotReady, NotYours
from brobygger.cases.models import Case
from brobygger.cases.services.moving import move
from brobygger.market.models import Listing
from brobygger.register.models import Organisation
from brobygger.register.services_merge import merge
from tests.cases.barriers import made
from tests.cases.made import day, fresh, opened
from tests.factories import (
    ListingFactory,
    OperatorFactory,
    OrganisationFactory,
    SuggestionFactory,
    firm_user,
    user_as,
)


@pytest.fixture
def case(operator: Operator) -> Case:
    return made.entered(operator)


def on_list(case: Case) -> list[PotentialCustomer]:
    return list(
        PotentialCustomer.objects.filter(case=case)
        .listed()
        .select_related("organisation", "suggestion__need")
    )


def go(case: Case, way: str, user: User, **more: Any) -> Case:
    return move(fresh(case), way, user=user, expected=fresh(case).version, **more)


def buys(row: PotentialCustomer, user: User | None = None, **changes: Any) -> PotentialCustomer:
    row.refresh_from_db()
    values = {"state": "connected", "state_on": day(), "note": "", "dkk": Decimal(40_000), **changes}
    return services.follow(row, user=user, expected=row.version, **values)


def read(key: str, operator: Operator) -> indicators.Reading:
    return indicators.read(f"cases.{key}", Period(day(-30), day()), operator, {})


# Proposals


def test_without_industries_those_who_lack_it_come_first_then_those_who_use_it(operator, consultant):
    case = made.entered(operator)
    taker = OrganisationFactory(operator=operator)
    SuggestionFactory(
        have=ListingFactory(organisation=case.organisation), kind="taker", need=None, organisation=taker,
        reason="Branchen bruger det.",
    )  # fmt: skip
    lacks = made.needing(case)
    assert services.propose(case, user=consultant) == 2
    rows = on_list(case)
    assert [row.organisation for row in rows] == [lacks, taker]
    assert [row.origin for row in rows] == ["need", "taker"]
    assert rows[0].why == "De søger svejsning, og I svejser."


def test_the_chosen_industries_weigh_first_and_there_what_the_firm_can_deliver(operator, consultant):
    """A grocer who draws plans is not led to pig farms by the fruit that it has left over."""
    case = made.entered(
        operator, customer_industries="41, 42", sells="Opmåling, 3D-scanning og tegninger af bygninger"
    )
    fruit = ListingFactory(organisation=case.organisation, text="Usolgt frugt", resource_type="")
    pig_farm = OrganisationFactory(operator=operator, industry="014600")
    SuggestionFactory(have=fruit, kind="taker", need=None, organisation=pig_farm, reason="Grise æder frugt.")
    large = OrganisationFactory(operator=operator, industry="410010", employees=90, description="Vi støber.")
    fitting = OrganisationFactory(
        operator=operator,
        industry="421100",
        employees=3,
        description="Vi køber opmåling og tegning til broer.",
    )
    builder = OrganisationFactory(operator=operator, industry="410010", employees=2)
    lacks = made.needing(case, organisation=builder)
    assert services.propose(case, user=consultant) == 3
    rows = on_list(case)
    assert [row.organisation for row in rows] == [lacks, fitting, large]
    assert "Passer til det, I kan levere: opmåling" in rows[1].why
    assert "Passer til" not in rows[2].why
    assert "90 ansatte" in rows[2].why


def test_who_lacks_exactly_that_comes_after_the_industries_also_from_elsewhere(operator, consultant):
    case = made.entered(operator, customer_industries="06", sells="Certificeret svejsning")
    of_industry = OrganisationFactory(operator=operator, industry="061000", employees=40)
    lacks = made.needing(case)
    Listing.objects.filter(organisation=case.organisation).update(text="Certificeret svejsning")
    assert services.propose(case, user=consultant) == 2
    assert [row.organisation for row in on_list(case)] == [of_industry, lacks]


def test_a_list_has_six_and_is_not_filled_beyond(case, consultant):
    for number in range(8):
        made.needing(case, score=0.9 - number / 100)
    assert services.propose(case, user=consultant) == 6
    assert services.propose(case, user=consultant) == 0


def test_a_confidential_need_of_somebody_else_proposes_nobody(case, consultant):
    made.needing(case, visibility=Listing.Visibility.BROKER)
    assert services.propose(case, user=consultant) == 0


def test_a_reason_is_no_longer_told_when_the_need_becomes_confidential(case, consultant, as_consultant):
    made.needing(case)
    services.propose(case, user=consultant)
    Listing.objects.filter(side="need").update(visibility=Listing.Visibility.BROKER)
    assert on_list(case)[0].why == ""
    assert "De søger svejsning" not in as_consultant.get(case.get_absolute_url()).content.decode()


def test_who_is_protected_from_advertising_or_closed_is_not_proposed(operator, consultant):
    case = made.entered(operator, customer_industries="06")
    OrganisationFactory(operator=operator, industry="061000", ad_protected=True)
    OrganisationFactory(operator=operator, industry="061000", status="dissolved")
    OrganisationFactory(industry="061000")
    assert services.propose(case, user=consultant) == 0


def test_who_was_taken_off_is_not_proposed_again_but_can_be_put_back(case, consultant):
    other = made.needing(case)
    services.propose(case, user=consultant)
    services.remove(on_list(case)[0], user=consultant)
    assert services.propose(case, user=consultant) == 0
    assert services.add(case, other, reason="Alligevel", user=consultant).why == "Alligevel"
    assert len(on_list(case)) == 1


# Correcting and following


def test_a_firm_is_listed_once_never_oneself_and_never_another_offices(case, consultant):
    (row,) = made.listed(case, number=1)
    with pytest.raises(ListedAlready):
        services.add(case, row.organisation, reason="Igen", user=consultant)
    for firm in (case.organisation, OrganisationFactory()):
        with pytest.raises(NotACustomer):
            services.add(case, firm, reason="Mig", user=consultant)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "gift"},
        {"state_on": None},
        {"state_on": day(1)},
        {"state": "irrelevant", "dkk": None},
        {"state": "talking"},
        {"dkk": Decimal(0)},
    ],
)
def test_what_makes_no_sense_is_refused(case, changes):
    (row,) = made.listed(case, number=1)
    with pytest.raises(BadValues):
        buys(row, **changes)


def test_the_database_holds_that_irrelevant_says_why(case):
    (row,) = made.listed(case, number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PotentialCustomer.objects.filter(pk=row.pk).update(state="irrelevant", state_on=day())


def test_the_second_of_two_who_follow_up_is_told(case, consultant):
    (row,) = made.listed(case, number=1)
    stale = row.version
    buys(row)
    with pytest.raises(EditedMeanwhile):
        services.follow(
            row, state="talking", state_on=day(), note="", dkk=None, user=consultant, expected=stale
        )


def test_a_course_day_is_noted_once_and_not_ahead(case, consultant):
    noted = services.note_day(case, on=day(-1), title="Olie og gas", user=consultant)
    with pytest.raises(NotedAlready):
        services.note_day(case, on=day(-1), title="Igen", user=consultant)
    with pytest.raises(BadValues):
        services.note_day(case, on=day(1), title="I morgen", user=consultant)
    services.remove_day(noted, user=consultant)
    assert not case.course_days.exists()


def test_only_the_office_without_an_interest_changes_the_list(case, operator, consultant):
    for user in (firm_user(case.organisation), user_as(Role.PARTNER, operator), user_as(Role.CONSULTANT)):
        with pytest.raises(NotYours):
            services.propose(case, user=user)
    from brobygger.cases.services import contents

    contents.recuse(case, consultant, user=consultant, reason="Min søster ejer den")
    with pytest.raises(Conflicted):
        services.propose(case, user=consultant)


def test_a_case_of_another_type_has_no_list(operator, consultant):
    with pytest.raises(NotInProgramme):
        services.propose(opened(operator), user=consultant)


# Gates


def test_the_way_through_the_programme(case, consultant):
    with pytest.raises(NotReady, match="barriereanalyse"):
        go(case, "analysed", consultant)
    made.listed(case, number=4)
    with pytest.raises(NotReady, match="4 mulige kunder"):
        made.handed_over(case, consultant)
    assert fresh(case).stage == "list"
    made.listed(case, number=1)
    go(case, "share", consultant)
    with pytest.raises(NotReady, match="kursusdage"):
        go(case, "finish", consultant)
    with pytest.raises(NotReady, match="handler"):
        go(case, "finish_early", consultant, reason="Fik en ordre")
    for number in range(12):
        services.note_day(case, on=day(-number), title="Kursus", user=consultant)
    buys(on_list(case)[0])
    assert go(case, "finish", consultant).stage == "connected"
    with pytest.raises(CaseIsOver):
        services.propose(case, user=consultant)


# Figures


def test_a_firm_succeeds_with_its_first_customer_and_counts_once(operator, case):
    made.entered(operator)
    first, second = made.listed(case, number=2)
    assert read("barrier_share", operator).value == 0
    buys(first)
    buys(second)
    assert read("barrier_firms", operator).value == 2
    assert read("barrier_connected", operator).value == 1
    assert read("barrier_share", operator).value == 50
    for key in ("barrier_connected", "barrier_firms", "barrier_share"):
        found = {record.label: record.key for record in read(key, operator).records}
        assert found[case.number] == case.pk


def test_nothing_is_known_of_nobody_and_a_removed_customer_is_no_success(operator, case, consultant):
    assert read("barrier_share", OperatorFactory()).value is None
    (row,) = made.listed(case, number=1)
    services.remove(buys(row), user=consultant)
    assert read("barrier_connected", operator).value == 0


# Pages


def test_the_officer_makes_and_follows_the_list_on_the_cases_page(case, as_consultant):
    made.needing(case)
    page = as_consultant.post(reverse("barriers:propose", args=[case.pk]), follow=True)
    assert "De søger svejsning" in page.content.decode()
    other = OrganisationFactory(operator=case.operator, name="Havkran A/S")
    added = {"organisation": other.cvr or other.name, "reason": "Bygger kraner"}
    as_consultant.post(reverse("barriers:add", args=[case.pk]), added)
    row = PotentialCustomer.objects.get(organisation=other)
    typed = {
        "state": "connected",
        "state_on": day().isoformat(),
        "dkk": "25.000",
        "opened_version": row.version,
    }
    page = as_consultant.post(reverse("barriers:follow", args=[row.pk]), typed, follow=True).content.decode()
    assert "Handler sammen" in page
    assert "25.000" in page
    typed = {"state": "irrelevant", "state_on": day().isoformat(), "opened_version": row.version + 1}
    assert (
        "hvorfor den ikke er relevant"
        in as_consultant.post(reverse("barriers:follow", args=[row.pk]), typed).content.decode()
    )
    as_consultant.post(reverse("barriers:remove", args=[row.pk]))
    assert len(on_list(case)) == 1
    as_consultant.post(
        reverse("barriers:note_day", args=[case.pk]), {"on": day().isoformat(), "title": "Spørg eksperten"}
    )
    assert "1 af 12 dage" in as_consultant.get(case.get_absolute_url()).content.decode()
    as_consultant.post(reverse("barriers:remove_day", args=[case.course_days.get().pk]))
    assert not case.course_days.exists()


def test_the_firm_sees_its_list_when_it_is_handed_over_and_not_before(case, consultant, sign_in):
    rows = made.listed(case, number=5)
    browser = sign_in(firm_user(case.organisation))
    own, sheet = reverse("cases:own_case", args=[case.pk]), reverse("barriers:export", args=[case.pk])
    assert str(rows[0].organisation) not in browser.get(own).content.decode()
    assert browser.get(sheet).status_code == 404
    made.handed_over(case, consultant)
    assert str(rows[0].organisation) in browser.get(own).content.decode()
    book = load_workbook(io.BytesIO(browser.get(sheet).content))
    assert {line[0] for line in book.active.iter_rows(min_row=2, values_only=True)} == {
        str(row.organisation) for row in rows
    }
    assert browser.post(reverse("barriers:propose", args=[case.pk])).status_code == 403


def test_others_find_nothing(case, operator, sign_in):
    (row,) = made.listed(case, number=1)
    for user in (user_as(Role.CONSULTANT), firm_user(row.organisation), user_as(Role.PARTNER, operator)):
        browser = sign_in(user)
        assert browser.get(reverse("barriers:export", args=[case.pk])).status_code == 404
        assert browser.get(reverse("barriers:follow", args=[row.pk])).status_code in (403, 404)
        assert browser.post(reverse("barriers:propose", args=[case.pk])).status_code in (403, 404)
    assert len(on_list(case)) == 1


# Laid together


def laid_together(kept: Organisation, gone: Organisation, user: User) -> None:
    gone.cvr = None
    gone.save()
    merge(kept, gone, chosen={}, expected=(kept.version, gone.version), user=user)


def test_of_two_customers_laid_together_the_furthest_counts(case, operator, consultant):
    kept, gone = made.listed(case, number=2)
    buys(gone)
    laid_together(kept.organisation, gone.organisation, consultant)
    (row,) = on_list(case)
    assert row.state == "connected"
    assert row.organisation == kept.organisation
    assert row.dkk == Decimal(40_000)


def test_a_firm_laid_together_with_its_customer_is_not_its_own_customer(case, consultant):
    (row,) = made.listed(case, number=1)
    laid_together(case.organisation, row.organisation, consultant)
    assert on_list(case) == []
