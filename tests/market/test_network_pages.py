# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The page of the whole network: what it shows and to whom, and what a person does there."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Role
from brobygger.base.models import Job
from brobygger.market.models import NetworkRun, NetworkWish
from brobygger.market.services import network
from brobygger.market.services.network import runs as runs_module
from brobygger.market.tasks import plan_network
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory, user_as
from tests.market.test_network_plan import agreed, have, need, plan, proposed

PAGE = reverse("market:network")
PLAN = reverse("market:network_plan")
ASKED = {"maal": "dkk", "mindst": "0.3"}
SECRET = "Kvaltinorsk hemmelighed"


@pytest.fixture
def pair(operator):
    return proposed(have(operator, 100), need(operator, 60))


def test_before_any_plan_the_page_says_what_to_do(as_consultant):
    body = as_consultant.get(PAGE).content.decode()
    assert "Der er ikke lagt nogen plan endnu" in body
    assert "Læg planen" in body
    assert "echarts" not in body


def test_a_plan_without_amounts_says_what_to_do(as_consultant, operator):
    silent = have(operator, None)
    proposed(silent, need(operator, 5))
    body = as_consultant.post(PLAN, ASKED, follow=True).content.decode()
    assert "Planen er tom" in body
    assert silent.get_absolute_url() in body


def test_a_plan_is_laid_shown_and_kept(as_consultant, operator, consultant, pair):
    agreed(proposed(have(operator, 40), need(operator, 40)), quantity=Decimal(30))
    answer = as_consultant.post(PLAN, ASKED, follow=True)
    body = answer.content.decode()
    run = NetworkRun.objects.get()
    assert (run.by, run.goal, run.least) == (consultant, "dkk", 0.3)
    assert answer.redirect_chain[-1][0] == run.get_absolute_url()
    assert (answer.context["today"].tonnes, answer.context["best"].tonnes) == (Decimal(30), Decimal(100))
    assert answer.context["more"].tonnes == Decimal(70)
    assert "Bevist bedst." in body
    assert pair.get_absolute_url() in body
    assert "Foreslå mødet" in body
    assert "Gå til matchet" in body
    drawn = answer.context["sankey"]["series"][0]
    assert {(link["source"], link["target"], link["value"]) for link in drawn["links"]} >= {
        (pair.have.organisation.name, pair.need.organisation.name, 60.0)
    }
    assert as_consultant.get(PAGE).context["run"] == run


def test_a_plan_that_is_not_proven_says_how_far_from_the_best_it_can_be(
    as_consultant, operator, consultant, pair
):
    run = plan(operator, consultant)
    run.figures |= {"proven": False, "worth": 75.0, "gap": 25.0}
    run.save()
    body = as_consultant.get(PAGE).content.decode()
    assert "Bevist bedst" not in body
    assert "ikke bevist bedst" in body
    assert "25 %" in body


def test_one_that_stands_on_both_sides_is_drawn_twice_in_the_flows(as_consultant, operator, consultant):
    both = OrganisationFactory(operator=operator, name="Midtergården")
    proposed(have(operator, 5), need(operator, 5, organisation=both))
    proposed(have(operator, 5, organisation=both), need(operator, 5))
    plan(operator, consultant)
    series = as_consultant.get(PAGE).context["sankey"]["series"][0]
    names = [node["name"] for node in series["data"]]
    assert len(names) == len(set(names)) == 4
    assert not {link["source"] for link in series["links"]} & {link["target"] for link in series["links"]}


def test_a_pair_is_pinned_forbidden_and_lifted_from_the_page(as_consultant, operator, consultant, pair):
    plan(operator, consultant)
    pinned = as_consultant.post(reverse("market:network_pin", args=[pair.pk]), follow=True).content.decode()
    assert "de to skal med" in pinned
    assert "Noget er ændret, siden planen blev lagt" in pinned
    address = reverse("market:network_forbid", args=[pair.pk])
    assert as_consultant.get(address).status_code == 200
    assert as_consultant.post(address, {"reason": ""}).status_code == 422
    done = as_consultant.post(address, {"reason": "price", "note": "For dyrt"}, follow=True).content.decode()
    assert "For dyrt" in done
    assert as_consultant.post(PLAN, ASKED, follow=True).context["best"].tonnes == 0
    wish = NetworkWish.objects.get(lifted_at=None)
    lifted = as_consultant.post(reverse("market:network_lift", args=[wish.pk]), follow=True).content.decode()
    assert f"Ophævet af {consultant}" in lifted
    again = as_consultant.post(reverse("market:network_lift", args=[wish.pk]), follow=True).content.decode()
    assert "allerede ophævet" in again
    assert as_consultant.post(PLAN, ASKED, follow=True).context["best"].tonnes == 60


def test_a_wish_that_cannot_be_met_is_told_at_the_wish(as_consultant, operator, consultant):
    one = have(operator, 10)
    for _ in range(2):
        network.pin(proposed(one, need(operator, 10)), consultant)
    plan(operator, consultant)
    assert as_consultant.get(PAGE).content.decode().count("Kunne ikke opfyldes") == 1


def test_a_large_network_is_planned_by_a_worker_and_watched(as_consultant, operator, pair, monkeypatch):
    monkeypatch.setattr(runs_module, "SMALL", 0)
    answer = as_consultant.post(PLAN, ASKED)
    job = Job.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    run = NetworkRun.objects.get()
    assert run.done_at is None
    assert "ved at blive lagt" in as_consultant.get(PAGE).content.decode()
    for _ in range(2):  # a worker may die after it is done, and another take the work up
        plan_network.call(str(job.pk), str(run.pk))
    job.refresh_from_db()
    run.refresh_from_db()
    assert (job.state, job.percent, job.result) == ("done", 100, {"url": run.get_absolute_url()})
    assert run.flows.count() == 1


def test_nonsense_is_refused_in_words(as_consultant, pair):
    for asked in ({}, {"maal": "guld", "mindst": "0.3"}, {"maal": "dkk", "mindst": "nan"}):
        assert "Vælg, hvad planen" in as_consultant.post(PLAN, asked, follow=True).content.decode()
    assert not NetworkRun.objects.exists()
    for asked in ("k1", "k99", "x", "k" + "9" * 5000, "\0"):
        assert as_consultant.get(PAGE, {"vis": asked, "side": asked}).status_code == 200


def test_the_deliveries_are_paged_and_exported(as_consultant, operator, consultant, settings):
    settings.PAGE_SIZE = 3
    for number in range(5):
        proposed(have(operator, 10 + number), need(operator, 10 + number))
    run = plan(operator, consultant)
    assert len(as_consultant.get(PAGE).context["page"].object_list) == 3
    second = as_consultant.get(PAGE, {"side": 2})
    assert [flow.tonnes for flow in second.context["page"].object_list] == [Decimal(11), Decimal(10)]
    answer = as_consultant.get(reverse("market:network_export", args=[run.pk]))
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("Giver", "Hvad", "Modtager", "Tons om året")
    assert sorted(row[3] for row in rows[1:]) == [10, 11, 12, 13, 14]
    assert AuditEntry.objects.filter(action="export", detail__rows=5).count() == 1


def test_the_page_asks_as_often_for_many_as_for_few(
    as_consultant, operator, consultant, pair, django_assert_max_num_queries
):
    plan(operator, consultant)
    as_consultant.get(PAGE)
    with django_assert_max_num_queries(40) as few:
        as_consultant.get(PAGE)
    for _ in range(6):
        proposed(have(operator, 10), need(operator, 10))
    plan(operator, consultant)
    NetworkRun.objects.order_by("asked_at").first().delete()
    with django_assert_max_num_queries(len(few)):
        as_consultant.get(PAGE)


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER, Role.ADMIN])
def test_only_the_office_opens_any_of_it(sign_in, operator, consultant, pair, role):
    run = plan(operator, consultant)
    wish = network.pin(pair, consultant)
    browser = sign_in(user_as(role, operator))
    for name, pk in (
        ("network_run", run.pk), ("network_export", run.pk), ("network_forbid", pair.pk), ("network_pin", pair.pk),
        ("network_lift", wish.pk),
    ):  # fmt: skip
        address = reverse(f"market:{name}", args=[pk])
        assert browser.get(address).status_code == browser.post(address).status_code == 403
    assert browser.get(PAGE).status_code == browser.post(PLAN, ASKED).status_code == 403


def test_a_neighbour_finds_nothing_of_it(sign_in, operator, consultant, pair):
    run = plan(operator, consultant)
    wish = network.pin(pair, consultant)
    browser = sign_in(user_as(Role.CONSULTANT, OperatorFactory()))
    assert "Der er ikke lagt nogen plan endnu" in browser.get(PAGE).content.decode()
    for name, pk in (("network_run", run.pk), ("network_export", run.pk), ("network_forbid", pair.pk)):
        assert browser.get(reverse(f"market:{name}", args=[pk])).status_code == 404
    for name, pk in (("network_pin", pair.pk), ("network_forbid", pair.pk), ("network_lift", wish.pk)):
        assert browser.post(reverse(f"market:{name}", args=[pk]), {"reason": "price"}).status_code == 404
    wish.refresh_from_db()
    assert wish.lifted_at is None


def told(client, run):
    export = client.get(reverse("market:network_export", args=[run.pk]))
    cells = [
        cell
        for row in load_workbook(BytesIO(export.content)).active.iter_rows(values_only=True)
        for cell in row
    ]
    return client.get(run.get_absolute_url()).content.decode() + repr(cells)


def test_the_offices_own_confidential_listing_is_in_its_plan_and_marked(as_consultant, operator, consultant):
    owner = OrganisationFactory(operator=operator, name=SECRET)
    proposed(have(operator, 10), need(operator, 10, visibility="broker", organisation=owner))
    shown = told(as_consultant, plan(operator, consultant))
    assert SECRET in shown
    assert "Fortrolig" in shown


def test_a_neighbours_listing_that_becomes_confidential_leaves_the_plan_its_sums_its_wishes_and_its_sheet(
    as_consultant, operator, consultant, pair
):
    neighbour = OperatorFactory()
    owner = OrganisationFactory(operator=neighbour, name=SECRET)
    theirs = need(neighbour, 7, organisation=owner, text=SECRET)
    network.pin(proposed(have(operator, 7), theirs), consultant)
    run = plan(operator, consultant)
    assert SECRET in told(as_consultant, run)
    theirs.visibility = "broker"
    theirs.save()
    after = as_consultant.get(run.get_absolute_url())
    assert SECRET not in told(as_consultant, run)
    assert after.context["best"].tonnes == Decimal(60)
    assert after.context["points"] == []
    assert "Bevist bedst" not in after.content.decode()
    assert SECRET not in told(as_consultant, plan(operator, consultant))


def test_a_confidential_listing_changes_nothing_of_a_neighbours_plan(operator, consultant, sign_in):
    neighbour = OperatorFactory()
    them = user_as(Role.CONSULTANT, neighbour)
    open_have = have(operator, 20)
    proposed(open_have, need(neighbour, 20), operator=neighbour)
    before = plan(neighbour, them)
    secret = ListingFactory(
        organisation=OrganisationFactory(operator=operator, name=SECRET), side="need", quantity=20, unit="t",
        period="year", visibility="broker",
    )  # fmt: skip
    agreed(proposed(open_have, secret), quantity=Decimal(20))
    plan(operator, consultant)
    after = plan(neighbour, them)
    assert after.figures == before.figures
    assert [flow.tonnes for flow in after.flows.all()] == [flow.tonnes for flow in before.flows.all()]
    assert SECRET not in told(sign_in(them), after)
