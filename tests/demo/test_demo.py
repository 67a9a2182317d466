# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
import random
from collections import Counter
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.base.indicators import Period, read
from brobygger.base.models import Letter
from brobygger.cases.models import CaseEvent
from brobygger.demo import actors, goals, stories
from brobygger.knowledge import load
from brobygger.knowledge.industries import industry_title
from brobygger.market.models import Delivery, Listing, Match, NetworkRun, Suggestion
from brobygger.market.queries.loops import find_paths
from brobygger.market.services.matching import refresh_all
from brobygger.market.services.network import runs
from brobygger.plan.models import Goal
from brobygger.plan.queries import read as read_goal
from brobygger.register.search import KIND, scope_of
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    """The actors of the source documents, matched, without the invented firms."""
    offices = actors.create_offices()
    people = actors.create_people(offices, "prøve-kodeord-123")
    made = actors.create_actors(offices, people)
    for office in offices.values():
        refresh_all(office)
    return offices, people, made


def listings_in_the_data():
    for organisation in actors.data("actors")["organisations"]:
        for listing in organisation["listings"]:
            yield listing["type"], listing["side"]
    for trade in actors.data("invented")["trades"]:
        for side in ("have", "need"):
            for row in [*trade[side], *trade.get("also", {}).get(side, ())]:
                yield row[1], side
    yield actors.data("invented")["confidential"]["type"], "have"


def test_every_type_and_industry_of_the_demo_is_known():
    types = load().types
    assert [name for name, _side in listings_in_the_data() if name not in types] == []
    industries = {row["industry"] for row in actors.data("actors")["organisations"] if row["industry"]}
    industries |= {trade["industry"] for trade in actors.data("invented")["trades"]}
    assert [code for code in sorted(industries) if not industry_title(code)] == []


def test_the_brewerys_grain_should_meet_the_cattle_with_the_documented_precedent(demo):
    _offices, _people, made = demo
    best = Suggestion.objects.filter(
        have__organisation=made["bryghus"], have__resource_type="spent_grain"
    ).first()
    assert best.need.organisation == made["oestagergaard"]
    assert best.distance_m < 5_000
    assert "Herslev Bryghus → Østagergård" in best.precedents[0]["text"]
    assert best.tonnes_year == Decimal(208)
    assert best.dkk_year
    assert best.factor_source


TOLD = [
    ("bryghus", "groenvirke", "surplus_beer"),
    ("oestagergaard", "bryghus", "malting_barley"),
    ("abbetved", "groenvirke", "beetroots"),
    ("gartneren", "kokken", "gardener"),
    ("kokken", "gartneren", "cook"),
    ("kommune", "chokolade", "production_kitchen"),
    ("kommune", "frugtlaug", "lawn"),
    ("restaurant", "hoensegaarden", "carrot_tops"),
    ("novonordisk", "bioenergi", "pharma_yeast"),
    ("bioenergi", "gyproc", "biomethane"),
    ("bioenergi", "markerne", "digestate"),
    ("gyproc", "forsyning", "surplus_heat_process"),
]
"""Giver, taker and what, as the source documents tell."""


def test_what_the_source_documents_tell_is_found_by_the_engine(demo):
    _offices, _people, made = demo
    names = {organisation.pk: key for key, organisation in made.items()}
    found = {
        (names[giver], names[taker], what)
        for giver, taker, what in Suggestion.objects.filter(need__isnull=False).values_list(
            "have__organisation_id", "need__organisation_id", "have__resource_type"
        )
    }
    assert [told for told in TOLD if told not in found] == []


def test_the_loop_of_hens_eggs_restaurant_and_carrot_tops_is_found(demo):
    offices, _people, made = demo
    loops = find_paths(offices[actors.OFFICE]).loops
    circles = [{link.giver for link in loop.links} for loop in loops]
    assert {made["hoensegaarden"].pk, made["restaurant"].pk} in circles


def test_the_stories_move_the_goals_by_exactly_what_was_delivered(demo):
    offices, people, made = demo
    stories.tell(made, people["konsulent@demo.invalid"])
    goals.create_goals(offices[actors.OFFICE], people["chef@demo.invalid"])

    today = timezone.localdate()
    year = Period(today.replace(month=1, day=1), today)
    delivered = sum(d.tonnes for d in Delivery.objects.filter(on__gte=year.start) if d.tonnes is not None)
    assert delivered > 0
    assert read("market.tonnes", year, offices[actors.OFFICE]).value == delivered
    values = {
        goal.indicator: read_goal(goal, offices[actors.OFFICE], office=True).value
        for goal in Goal.objects.all()
    }
    assert values["market.tonnes"] == delivered
    assert Counter(Match.objects.values_list("stage", flat=True))[Match.Stage.RUNNING] == 2


def test_invented_firms_say_so_and_are_the_same_every_time(demo):
    offices, _people, _made = demo
    actors.create_invented_firms(offices, 6)
    first = sorted(Listing.objects.filter(organisation__invented=True).values_list("text", flat=True))
    assert first
    assert all("invalid" in email for email in User.objects.values_list("email", flat=True))
    assert actors._names(actors.random.Random(actors.SEED))("Bageri") == actors._names(
        actors.random.Random(actors.SEED)
    )("Bageri")


def test_the_command_prints_the_best_matches_and_run_again_keeps_what_was_entered(
    settings, tmp_path, monkeypatch
):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(actors, "INVENTED_FIRMS", 14)
    monkeypatch.setattr(actors.create_invented_firms, "__defaults__", (14,))
    out = StringIO()
    call_command("demo", stdout=out)
    said = out.getvalue()
    assert "De ti bedste match:" in said
    assert "Herslev Bryghus → Østagergård" in said
    assert "konsulent@demo.invalid" in said
    public = Client().get(reverse("tenders:tenders")).content.decode()
    assert "Mindre madspild i børnehaver" in public  # after the days in which members are first

    _the_story_happened_over_its_year()
    assert search.find(
        KIND, "Bodil", scopes=[scope_of(pk) for pk in Operator.objects.values_list("pk", flat=True)]
    ).keys

    mine = Listing.objects.filter(organisation__name="Herslev Bryghus").first()
    Listing.objects.filter(pk=mine.pk).update(text="Det har jeg selv skrevet")
    count = Listing.objects.count()
    again = StringIO()
    call_command("demo", stdout=again)

    assert Listing.objects.count() == count
    assert Listing.objects.get(pk=mine.pk).text == "Det har jeg selv skrevet"
    assert "De ti bedste match:" in again.getvalue()


def _the_story_happened_over_its_year():
    now, today = timezone.now(), timezone.localdate()
    events = list(CaseEvent.objects.all())
    assert len({event.on for event in events}) > 30
    assert [event for event in events if event.is_backdated or event.at > now] == []
    assert [event for event in events if event.on == today or event.by is None] == []
    histories = [model for model in apps.get_models() if hasattr(model, "history_date")]
    assert not any(model.objects.filter(history_date__gt=now).exists() for model in histories)
    told_today = {model.__name__ for model in histories if model.objects.filter(history_date__date=today)}
    assert told_today <= {"HistoricalPlannedVisit", "HistoricalFollowUp"}  # on a Monday the week's visits
    assert not Letter.objects.filter(created_at__date=today).exists()


class Always(random.Random):
    """Every listing of a trade is made."""

    def random(self):
        return 0.0


def test_a_plan_of_the_invented_listings_has_a_choice_between_kroner_and_co2e(demo):
    offices, people, _made = demo
    office = offices[actors.OFFICE]
    chance = Always(1)
    for trade in actors.data("invented")["trades"]:
        if "also" not in trade:
            continue
        firm = OrganisationFactory(
            operator=office, name=trade["name"], industry=trade["industry"], latitude=55.6, longitude=11.97
        )
        for listing in actors._listings_of(trade["also"], chance):
            actors._create_listing(firm, listing)
    path = OrganisationFactory(operator=office, name="Sti", latitude=55.61, longitude=11.97)
    actors._create_listing(
        path,
        next(
            one for one in actors._listings_of(trade_with("concrete_stone"), chance) if one["side"] == "need"
        ),
    )
    refresh_all(office)
    run = runs.carry_out(
        runs.ask_for_run(office, people["konsulent@demo.invalid"], goal=NetworkRun.Goal.DKK, least=0.3)
    )
    green, rich = run.figures["curve"][0], run.figures["curve"][-1]
    assert green["co2e_kg"] > rich["co2e_kg"]
    assert green["dkk"] < rich["dkk"]


def trade_with(need):
    return next(
        trade["also"]
        for trade in actors.data("invented")["trades"]
        if any(row[1] == need for row in trade.get("also", {}).get("need", ()))
    )
