# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The pages of who should meet whom: what they show, to whom, and what a person does there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.base import search
from brobygger.base.models import Job
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.queries.suggestions import of_office
from brobygger.market.services import matching
from brobygger.market.tasks import nightly
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory, SuggestionFactory, firm_user

State = Suggestion.State
LIST = reverse("market:suggestions")


@pytest.fixture
def pair(operator):
    brewery = OrganisationFactory(operator=operator, name="Bryggeriet Humle")
    farm = OrganisationFactory(operator=operator, name="Gården Høj", x=690000.0, industry="014200")
    grain = ListingFactory(organisation=brewery, resource_type="spent_grain")
    ListingFactory(
        organisation=farm,
        side="need",
        resource_type="cattle_feed",
        text="Vi søger foder til kvæg",
        quantity=Decimal(10),
    )
    matching.refresh_listing(grain)
    return Suggestion.objects.get(kind="pair")


def address(name, suggestion):
    return reverse(f"market:{name}", args=[suggestion.pk])


def test_the_office_sees_its_suggestions_the_best_first(as_consultant, pair):
    weaker = SuggestionFactory(operator=pair.operator, have__organisation__operator=pair.operator, score=0.01)
    page = as_consultant.get(LIST)
    assert page.status_code == 200
    assert [row.pk for row in page.context["page"]] == [pair.pk, weaker.pk]
    assert "Bryggeriet Humle → Gården Høj" in page.content.decode()


def test_a_suggestion_about_flour_says_no_co2e_of_feed_and_why(as_consultant, pair):
    assert pair.co2e_kg_year == 300 * pair.tonnes_year
    Listing.objects.filter(pk=pair.need_id).update(resource_type="spent_grain_flour")
    matching.refresh_listing(pair.have)
    pair.refresh_from_db()
    assert (pair.co2e_kg_year, pair.dkk_year) == (None, 300 * pair.tonnes_year)
    body = as_consultant.get(address("suggestion", pair)).content.decode()
    assert "CO2e: ukendt for denne brug; tallet for mask gælder brug som kvægfoder" in body


def test_another_offices_suggestions_are_not_there(as_consultant, pair):
    other = SuggestionFactory()
    body = as_consultant.get(LIST).content.decode()
    assert str(other.pk) not in body
    assert as_consultant.get(address("suggestion", other)).status_code == 404


def test_the_list_is_filtered_by_state_kind_score_organisation(as_consultant, pair, operator):
    declined = SuggestionFactory(
        operator=operator, have__organisation__operator=operator, score=0.2, state=State.DECLINED
    )
    taker = SuggestionFactory(
        operator=operator,
        have=pair.have,
        kind="taker",
        need=None,
        organisation=OrganisationFactory(operator=operator, name="Mælk og Mere"),
        score=0.35,
    )

    def shown(**query):
        return {row.pk for row in as_consultant.get(LIST, query).context["page"]}

    assert shown() == {pair.pk, taker.pk}
    assert shown(tilstand="declined") == {declined.pk}
    assert shown(art="taker") == {taker.pk}
    assert shown(art="pair", mindst="0.3") == ({pair.pk} if pair.score >= 0.3 else set())
    assert shown(slags="premises") == set()
    assert shown(virksomhed=taker.organisation_id) == {taker.pk}
    assert shown(orden="kroner") == ({pair.pk} if pair.dkk_year is not None else set())
    assert shown(tilstand="vrøvl", art="x", mindst="høj", virksomhed="-1", orden="’") == {pair.pk, taker.pk}


def test_found_by_the_organisations_name_or_number(as_consultant, pair):
    search.index("organisation", [pair.need.organisation])
    for words in ("gården høj", pair.need.organisation.cvr):
        assert [row.pk for row in as_consultant.get(LIST, {"q": words}).context["page"]] == [pair.pk]
    assert list(as_consultant.get(LIST, {"q": "qqxxzz findes ikke"}).context["page"]) == []


def test_an_empty_list_says_what_to_do(as_consultant):
    body = as_consultant.get(LIST).content.decode()
    assert "Der er ingen nye forslag" in body
    assert reverse("market:listings") in body


def test_the_list_asks_the_database_as_often_for_twelve_as_for_three(
    as_consultant, operator, django_assert_max_num_queries
):
    def make(count):
        for _ in range(count):
            SuggestionFactory(operator=operator, have__organisation__operator=operator)

    make(3)
    as_consultant.get(LIST)
    with django_assert_max_num_queries(40) as few:
        as_consultant.get(LIST)
    make(9)
    with django_assert_max_num_queries(len(few)):
        as_consultant.get(LIST)


def test_the_quick_rule_of_the_list_is_the_rule_of_visibility(consultant, operator, pair):
    neighbour = OperatorFactory()
    for visibility, status in (
        ("open", "active"),
        ("open", "paused"),
        ("broker", "active"),
        ("members", "active"),
    ):
        need = ListingFactory(
            organisation=OrganisationFactory(operator=neighbour),
            side="need",
            visibility=visibility,
            status=status,
        )
        SuggestionFactory(operator=operator, have=pair.have, need=need)
    quick = set(of_office(operator).values_list("pk", flat=True))
    assert quick == set(Suggestion.objects.visible_to(consultant).values_list("pk", flat=True))
    assert len(quick) == 2


def test_one_suggestion_tells_who_what_why_and_what_it_is_worth(as_consultant, pair):
    body = as_consultant.get(address("suggestion", pair)).content.decode()
    assert "op til 208 tons" in body
    assert "<meter" in body
    assert "Ingen af dem har oplyst en tid." in body
    assert "Herslev" in body
    assert "Kilde:" in body
    assert 'id="forslagspunkter"' in body
    assert "3,0 km" in body


def test_what_is_unknown_is_called_unknown_and_never_zero(as_consultant, pair):
    Suggestion.objects.update(
        tonnes_year=None, dkk_year=None, co2e_kg_year=None, distance_m=None, precedents=[]
    )
    body = as_consultant.get(address("suggestion", pair)).content.decode()
    assert body.count("ukendt") >= 4
    assert "0 kr." not in body
    assert "Vi kender ikke et dokumenteret eksempel" in body


def test_the_office_chooses_and_comes_to_the_match(as_consultant, pair):
    answer = as_consultant.post(address("accept_suggestion", pair))
    match = Match.objects.get()
    assert answer.url == match.get_absolute_url()
    again = as_consultant.post(address("accept_suggestion", pair))
    assert again.url == match.get_absolute_url()
    assert Match.objects.count() == 1


def test_looking_does_not_choose(as_consultant, pair):
    assert as_consultant.get(address("accept_suggestion", pair)).status_code == 405


def test_the_office_declines_with_a_reason(as_consultant, pair):
    page = as_consultant.post(address("decline_suggestion", pair), {"reason": "", "note": "Behold mig"})
    assert page.status_code == 422
    assert "Vælg, hvorfor det ikke passer" in page.content.decode()
    assert "Behold mig" in page.content.decode()
    answer = as_consultant.post(
        address("decline_suggestion", pair), {"reason": "too_far", "note": "Bakken er stejl"}
    )
    assert answer.url == LIST
    pair.refresh_from_db()
    assert (pair.state, pair.decline_reason, pair.decline_note) == ("declined", "too_far", "Bakken er stejl")
    assert "For langt væk" in as_consultant.get(address("suggestion", pair)).content.decode()


@pytest.mark.parametrize("note", ["x" * 100_000, "<script>alert(1)</script>" * 30, "\0" * 10, "🐄" * 600])
def test_odd_notes_are_told_about_or_kept_safely(as_consultant, pair, note):
    page = as_consultant.post(address("decline_suggestion", pair), {"reason": "other", "note": note})
    assert page.status_code in (302, 422)
    pair.refresh_from_db()
    assert pair.state == ("declined" if page.status_code == 302 else "new")


def test_the_office_puts_off_and_takes_up_again(as_consultant, pair):
    yesterday = timezone.localdate() - timedelta(days=1)
    assert as_consultant.post(address("put_off_suggestion", pair), {"until": "i morgen"}).status_code == 422
    late = as_consultant.post(address("put_off_suggestion", pair), {"until": f"{yesterday:%Y-%m-%d}"})
    assert late.status_code == 422
    until = timezone.localdate() + timedelta(days=5)
    as_consultant.post(address("put_off_suggestion", pair), {"until": f"{until:%Y-%m-%d}"})
    pair.refresh_from_db()
    assert (pair.state, pair.put_off_until) == ("put_off", until)
    as_consultant.post(address("reopen_suggestion", pair))
    pair.refresh_from_db()
    assert pair.state == "new"


def test_a_firm_sees_and_answers_its_own(sign_in, pair):
    browser = sign_in(firm_user(pair.need.organisation))
    body = browser.get(address("suggestion", pair)).content.decode()
    assert "Vi er interesserede" in body
    assert "Vælg: de skal mødes" not in body
    browser.post(address("interested_in_suggestion", pair))
    pair.refresh_from_db()
    assert pair.taker_interested_at is not None
    assert browser.post(address("accept_suggestion", pair)).status_code == 403
    answer = browser.post(address("decline_suggestion", pair), {"reason": "price"})
    assert answer.url == pair.need.get_absolute_url()


def test_a_firm_does_not_see_the_offices_note_about_a_decision(sign_in, pair, consultant):
    matching.decline(pair, consultant, "other", "De betaler aldrig til tiden")
    body = sign_in(firm_user(pair.have.organisation)).get(address("suggestion", pair)).content.decode()
    assert "betaler aldrig" not in body


def test_a_listings_page_shows_its_suggestions_at_once(as_consultant, sign_in, pair, operator):
    cattle = OrganisationFactory(operator=operator, name="Kvægholdet Tavs", industry="014200")
    matching.refresh_listing(pair.have)
    body = as_consultant.get(pair.have.get_absolute_url()).content.decode()
    assert "Hvem kan bruge det?" in body
    assert "Gården Høj" in body
    assert cattle.name in body
    assert body.index("Gården Høj") < body.index("ikke selv har søgt") < body.index(cattle.name)
    own = sign_in(firm_user(pair.have.organisation)).get(pair.have.get_absolute_url()).content.decode()
    assert "Gården Høj" in own
    assert cattle.name not in own
    stranger = sign_in(firm_user(OrganisationFactory(operator=operator)))
    assert "Gården Høj" not in stranger.get(pair.have.get_absolute_url()).content.decode()


def test_everything_is_refreshed_in_the_background_when_asked(
    as_consultant, consultant, operator, django_capture_on_commit_callbacks
):
    ListingFactory(organisation=OrganisationFactory(operator=operator), resource_type="spent_grain")
    answer = as_consultant.post(reverse("market:refresh_suggestions"))
    job = Job.objects.get()
    assert answer.url == reverse("job", args=[job.pk])
    assert job.started_by == consultant


def test_the_nightly_run_wakes_and_refreshes_every_office(pair):
    matching_state = {"state": State.PUT_OFF, "put_off_until": timezone.localdate()}
    Suggestion.objects.filter(pk=pair.pk).update(**matching_state)
    Listing.objects.filter(pk=pair.need_id).update(quantity=Decimal(1))
    told = nightly.func()
    assert told["woken"] == 1
    assert told["refreshed"] == 2
    pair.refresh_from_db()
    assert pair.state == State.NEW
    assert pair.tonnes_year == Decimal(52)


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("sikker", "Det vigtigste er oplyst"),
        ("sandsynlig", "spørg om resten"),
        ("usikker", "før nogen regner med det"),
    ],
)
def test_how_sure_it_is_stands_in_words_with_what_nobody_stated(as_consultant, pair, word, means):
    Suggestion.objects.filter(pk=pair.pk).update(
        confidence=word, parts={"type": 1.0, "quantity": None, "time": None, "distance": 0.9}
    )
    for address in (pair.get_absolute_url(), pair.have.get_absolute_url()):
        body = as_consultant.get(address).content.decode()
        assert f"Grundlaget er {word}t. " in body
        assert means in body
        assert "Ikke oplyst på begge sider: mængde og tid." in body
