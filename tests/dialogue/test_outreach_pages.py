# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of the portfolio, the funnels and the visit plan, as each role."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base.models import Job
from brobygger.dialogue import tasks
from brobygger.dialogue.models import FunnelPlace, FunnelStep, OutreachSettings, PlannedVisit, PortfolioFirm
from brobygger.dialogue.services import portfolio as services
from brobygger.dialogue.services import visits
from brobygger.dialogue.views import taking_in as views
from brobygger.register.models import Organisation
from tests.dialogue.made import day, talk
from tests.dialogue.outreach import all_at, assessed, funnel, member, next_week, this_week, tool
from tests.factories import ListingFactory, OrganisationFactory, user_as


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def workbook_of(answer) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_an_empty_portfolio_says_where_to_find_firms(as_consultant: Client, operator: Operator) -> None:
    assert "Tag ind i porteføljen" in shown(as_consultant, "/portefoelje/")


def test_a_filtered_list_of_the_register_is_taken_in(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    funnel(operator)
    big = OrganisationFactory(operator=operator, employees=60, name="Stor A/S")
    OrganisationFactory(operator=operator, employees=3, name="Lille ApS")
    listed = shown(as_consultant, "/virksomheder/?ansatte=50")
    assert 'href="/portefoelje/tag-ind/?ansatte=50"' in listed
    page = shown(as_consultant, "/portefoelje/tag-ind/?ansatte=50")
    assert "Stor A/S" in page
    assert "Lille ApS" not in page
    as_consultant.post("/portefoelje/tag-ind/?ansatte=50", {"why": "Store", "key_account": consultant.pk})
    found = PortfolioFirm.objects.get()
    assert (found.organisation, found.key_account, found.why) == (big, consultant, "Store")
    assert AuditEntry.objects.get(action="portfolio_filled").detail["rows"] == 1


def test_a_long_list_is_taken_in_by_a_job_that_can_be_watched(
    as_consultant: Client,
    operator: Operator,
    consultant: User,
    monkeypatch,
    django_capture_on_commit_callbacks,
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    monkeypatch.setattr(services, "AT_ONCE", 2)
    for _ in range(5):
        OrganisationFactory(operator=operator, industry="620100")
    OrganisationFactory(operator=operator)
    with django_capture_on_commit_callbacks():
        answer = as_consultant.post("/portefoelje/tag-ind/?branche=62", {"why": "It"})
    job = Job.objects.get()
    assert answer.url == f"/arbejde/{job.pk}/"
    arguments = (str(job.pk), operator.pk, consultant.pk, "branche=62", "It", None)
    tasks.fill_portfolio.func(*arguments)
    job.refresh_from_db()
    assert (job.state, job.result["added"]) == ("done", 5)
    assert PortfolioFirm.objects.count() == 5


def test_the_list_is_filtered_by_level_key_account_due_and_priority(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    funnel(operator)
    OutreachSettings.objects.create(operator=operator, priority_industries=["62"])
    mine = member(
        operator, consultant, OrganisationFactory(operator=operator, name="Min"), key_account=consultant
    )
    free = member(operator, consultant, OrganisationFactory(operator=operator, name="Fri", industry="620100"))
    talk(mine.organisation, consultant, on=day(-10))
    FunnelPlace.objects.filter(organisation=mine.organisation).update(level="potentiale")
    asked = {
        f"noegle={consultant.pk}": {mine}, "noegle=ingen": {free}, "forfalden=on": {free},
        "niveau=potentiale": {mine}, "prioriteret=on": {free}, "noegle=vrøvl": {mine, free},
    }  # fmt: skip
    for query, expected in asked.items():
        page = shown(as_consultant, f"/portefoelje/?{query}")
        assert {one for one in (mine, free) if f">{one.organisation.name}</a>" in page} == expected, query
    rows = workbook_of(as_consultant.get("/portefoelje/regneark/?noegle=ingen"))
    assert [row[0] for row in rows] == ["Virksomhed", "Fri"]
    assert AuditEntry.objects.filter(action="export", about="Portefølje").exists()


def test_one_firm_is_taken_in_from_its_page_and_out_with_a_reason(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    firm = OrganisationFactory(operator=operator)
    assert f'action="/portefoelje/tag-ind/{firm.pk}/"' in shown(as_consultant, firm.get_absolute_url())
    as_consultant.post(f"/portefoelje/tag-ind/{firm.pk}/")
    found = PortfolioFirm.objects.get()
    assert found.key_account == consultant
    assert "Nøglekonsulent" in shown(as_consultant, firm.get_absolute_url())
    answer = as_consultant.post(f"/portefoelje/{found.pk}/ud/", {"reason": ""})
    assert answer.status_code == 200
    as_consultant.post(f"/portefoelje/{found.pk}/ud/", {"reason": "Lukker"})
    assert not PortfolioFirm.objects.exists()


def test_the_second_of_two_who_change_the_key_account_is_told(
    as_consultant: Client, operator: Operator, consultant: User, head: User
) -> None:
    found = member(operator, consultant)
    address = f"/portefoelje/{found.pk}/"
    assert as_consultant.post(address, {"key_account": head.pk, "opened_version": "1"}).status_code == 302
    answer = as_consultant.post(address, {"key_account": consultant.pk, "opened_version": "1"})
    assert answer.status_code == 409
    assert "En anden har gemt" in answer.content.decode()


def test_a_suggestion_to_move_up_shows_the_rules_and_a_person_decides(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    tool(operator)
    funnel(operator)
    found = member(operator, consultant, key_account=consultant)
    assessed(found.organisation, consultant, all_at(5))
    talk(found.organisation, consultant, on=day(-5))
    place = FunnelPlace.objects.get()
    page = shown(as_consultant, "/portefoelje/klar/")
    assert "Vækstpotentiale mindst 3,5" in page
    assert f"/portefoelje/niveau/{place.pk}/ryk/?til=potentiale" in page
    assert "opfyldt:" in shown(as_consultant, f"/portefoelje/niveau/{place.pk}/ryk/?til=potentiale")
    as_consultant.post(
        f"/portefoelje/niveau/{place.pk}/ryk/", {"to_level": "potentiale", "opened_version": "1"}
    )
    assert FunnelPlace.objects.get().level == "potentiale"
    assert "Rykket op" in shown(as_consultant, f"/portefoelje/{found.pk}/")


def test_a_suggestion_is_declined_with_a_reason(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    tool(operator)
    funnel(operator)
    found = member(operator, consultant)
    assessed(found.organisation, consultant, all_at(5))
    talk(found.organisation, consultant, on=day(-5))
    place = FunnelPlace.objects.get()
    address = f"/portefoelje/niveau/{place.pk}/bliv/"
    assert as_consultant.post(address, {"reason": "", "opened_version": "1"}).status_code == 200
    as_consultant.post(address, {"reason": "Ejeren er syg", "opened_version": "1"})
    assert FunnelStep.objects.filter(kind="declined", reason="Ejeren er syg").exists()
    assert "Ingen virksomhed er klar" in shown(as_consultant, "/portefoelje/klar/")


def test_a_direct_request_gets_round_no_rule(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    funnel(operator)
    member(operator, consultant)
    place = FunnelPlace.objects.get()
    answer = as_consultant.post(
        f"/portefoelje/niveau/{place.pk}/ryk/",
        {"to_level": "potentiale", "reason": "Derfor", "opened_version": "1"},
    )
    assert "skal have en nøglekonsulent" in answer.content.decode()
    assert FunnelPlace.objects.get().level == "portefoelje"


def test_without_a_portfolio_nobody_is_behind_and_nothing_is_proposed(
    as_consultant: Client, operator: Operator
) -> None:
    page = shown(as_consultant, "/portefoelje/besoeg/")
    assert "Vælg dem i registret" in page
    assert "bagud" not in page
    assert "Foreslå" not in page
    assert "0 af registrets 0" not in shown(as_consultant, "/portefoelje/ikke-brugere/")


def test_a_week_is_proposed_agreed_moved_skipped_and_brought_back(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    for _ in range(3):
        member(operator, consultant)
    week = this_week().isoformat()
    assert "Foreslå 4 besøg" in shown(as_consultant, f"/portefoelje/besoeg/?uge={week}")
    as_consultant.post("/portefoelje/besoeg/foreslaa/", {"uge": week})
    first, second, _third = PlannedVisit.objects.order_by("place")
    page = shown(as_consultant, f"/portefoelje/besoeg/?uge={week}")
    assert "aldrig besøgt" in page
    assert 'id="ruter"' in page
    as_consultant.post(f"/portefoelje/besoeg/{first.pk}/aftal/", {"opened_version": "1"})
    assert "Besøg efter ugens plan" in shown(as_consultant, "/opfoelgninger/")
    answer = as_consultant.post(
        f"/portefoelje/besoeg/{second.pk}/flyt/",
        {"week": next_week().isoformat(), "consultant": consultant.pk, "opened_version": "1"},
    )
    assert answer.status_code == 302
    second.refresh_from_db()
    assert second.week == next_week()
    address = f"/portefoelje/besoeg/{second.pk}/spring-over/"
    assert as_consultant.post(address, {"opened_version": "2"}).status_code == 200
    as_consultant.post(address, {"reason": "busy", "opened_version": "2"})
    assert "1 sprunget over" in shown(as_consultant, f"/portefoelje/besoeg/?uge={next_week().isoformat()}")
    as_consultant.post(f"/portefoelje/besoeg/{second.pk}/hent-tilbage/", {"opened_version": "3"})
    second.refresh_from_db()
    assert second.state == "proposed"


def test_a_week_that_is_nonsense_or_far_away_is_this_week(as_consultant: Client, operator: Operator) -> None:
    for asked in ("vrøvl", "9999-12-31", "0001-01-01", "2026-13-01"):
        assert "denne uge" in shown(as_consultant, f"/portefoelje/besoeg/?uge={asked}")


def test_a_full_week_is_told(as_consultant: Client, operator: Operator, consultant: User) -> None:
    OutreachSettings.objects.create(operator=operator, visits_per_week=0)
    found = member(operator, consultant)
    answer = as_consultant.post(
        f"/portefoelje/besoeg/ny/{found.organisation_id}/",
        {"week": next_week().isoformat(), "consultant": consultant.pk},
    )
    assert "har ikke plads til flere besøg" in answer.content.decode()


def test_the_firm_page_shows_the_next_visit(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    found = member(operator, consultant)
    visits.plan_one(operator, found.organisation_id, next_week(), consultant, user=consultant)
    page = shown(as_consultant, found.organisation.get_absolute_url())
    assert f"uge={next_week().isoformat()}" in page


def test_handing_over_is_one_form(
    as_consultant: Client, operator: Operator, consultant: User, head: User
) -> None:
    found = member(operator, consultant, key_account=consultant)
    answer = as_consultant.post(
        "/portefoelje/overdrag/", {"receiver": head.pk, "kinds": ["firms"], "scope": "alle"}, follow=True
    )
    page = answer.content.decode()
    assert "Overdraget: 1 virksomhed." in page
    assert "Fortryd" in page
    found.refresh_from_db()
    assert found.key_account == head
    as_consultant.post(
        f"/portefoelje/overdrag/?fra={head.pk}", {"receiver": consultant.pk, "kinds": ["firms"]}
    )
    found.refresh_from_db()
    assert found.key_account == head, "a consultant gives away only what is their own"


def test_a_head_who_opens_the_page_of_handing_over_has_done_nothing_wrong_yet(as_head: Client) -> None:
    assert "Skal udfyldes" not in shown(as_head, "/portefoelje/overdrag/")
    assert "Skal udfyldes" in shown(as_head, "/portefoelje/overdrag/?fra=")


def test_the_figures_are_the_heads(
    as_consultant: Client, as_head: Client, operator: Operator, consultant: User
) -> None:
    shown(as_consultant, "/portefoelje/tal/", 403)
    values = {
        "visits_per_year": "230", "talk_every_months": "24", "visits_per_week": "5", "weeks_per_year": "40",
        "priority_industries": "C, 62.10 X9", f"room_{consultant.pk}": "2", "opened_version": "1",
    }  # fmt: skip
    answer = as_head.post("/portefoelje/tal/", values)
    assert "Vi kender ikke branchen »X9«." in answer.content.decode()
    assert as_head.post("/portefoelje/tal/", {**values, "priority_industries": "c 6210"}).status_code == 302
    stored = OutreachSettings.objects.get()
    assert (stored.visits_per_year, stored.priority_industries) == (230, ["C", "6210"])
    assert "Fremstillingsaktiviteter" in shown(as_head, "/portefoelje/tal/")


def test_non_users_are_counted_by_industry_and_size_and_stand_in_the_register(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    used, listed = (OrganisationFactory(operator=operator, industry="620100", employees=12) for _ in range(2))
    OrganisationFactory(operator=operator, industry="620100", employees=15, name="Ukendt It A/S")
    OrganisationFactory(operator=operator, industry="410000", employees=2)
    OrganisationFactory(operator=operator, industry="620100", status="dissolved")
    talk(used, consultant)
    ListingFactory(organisation=listed)
    page = shown(as_consultant, "/portefoelje/ikke-brugere/")
    assert "2 af registrets 4 aktive" in page
    link = "/virksomheder/?brugt=nej&amp;branche=62&amp;ansatte=10"
    assert f'href="{link}"' in page
    found = shown(as_consultant, link.replace("&amp;", "&"))
    assert "Ukendt It A/S" in found
    assert used.name not in found
    assert "1 virksomhed" in found
    assert "2 virksomheder" in shown(as_consultant, "/virksomheder/?brugt=ja&branche=62")
    rows = workbook_of(as_consultant.get("/portefoelje/ikke-brugere/regneark/"))
    assert ["62", "10-49 ansatte", 3, 2, 1] in [[row[0], *row[2:]] for row in rows]


def test_non_users_can_be_those_of_a_municipality_or_a_priority_industry(
    as_consultant: Client, operator: Operator
) -> None:
    OutreachSettings.objects.create(operator=operator, priority_industries=["62"])
    OrganisationFactory(operator=operator, industry="620100")
    OrganisationFactory(operator=operator, industry="410000", municipality_code="0253")
    assert "1 af registrets 1 aktive" in shown(as_consultant, "/portefoelje/ikke-brugere/?kommune=0350")
    assert "1 af registrets 1 aktive" in shown(as_consultant, "/portefoelje/ikke-brugere/?prioriteret=on")


def test_who_used_the_office_is_not_for_firms_to_filter_by(operator: Operator, sign_in) -> None:
    from tests.factories import firm_user

    firm = OrganisationFactory(operator=operator)
    assert firm.name in shown(sign_in(firm_user(firm)), "/virksomheder/?brugt=ja")


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER, Role.ADMIN])
def test_the_portfolio_is_the_consultants_and_heads(operator: Operator, sign_in, role: str) -> None:
    client = sign_in(user_as(role, operator))
    for address in (
        "/portefoelje/",
        "/portefoelje/besoeg/",
        "/portefoelje/klar/",
        "/portefoelje/ikke-brugere/",
    ):
        shown(client, address, 403)


def test_another_office_finds_nothing(operator: Operator, consultant: User, sign_in) -> None:
    funnel(operator)
    found = member(operator, consultant)
    visit = visits.plan_one(operator, found.organisation_id, next_week(), consultant, user=consultant)
    place = FunnelPlace.objects.get()
    stranger = sign_in(user_as(Role.HEAD))
    for address in (
        f"/portefoelje/{found.pk}/", f"/portefoelje/besoeg/{visit.pk}/flyt/",
        f"/portefoelje/niveau/{place.pk}/ryk/", f"/portefoelje/besoeg/ny/{found.organisation_id}/",
    ):  # fmt: skip
        shown(stranger, address, 404)
    assert found.organisation.name not in shown(stranger, "/portefoelje/")
    stranger.post(f"/portefoelje/tag-ind/{OrganisationFactory(operator=operator).pk}/")
    assert PortfolioFirm.objects.count() == 1
    assert Organisation.objects.count() == 2
