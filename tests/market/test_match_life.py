# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The life of a match: which step may follow which, who may take it, and what is remembered."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.errors import UserError
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.services import matches as service
from brobygger.market.services.deliveries import DeliveryReport, report_delivery
from tests.factories import DeliveryFactory, user_as
from tests.market.line import Line, agree, make_line, make_taker_line

Stage = Match.Stage
ALL = list(Stage.values)


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def move(line: Line, to: str) -> Match:
    return service.move(line.match, to, line.consultant, line.match.version)


@pytest.mark.parametrize("stage", ALL)
def test_every_step_outside_the_table_is_refused(line: Line, stage: str) -> None:
    for to in ALL:
        if to in service.NEXT[stage]:
            continue
        line.at_stage(stage, why_not="other" if stage == Stage.FELL_THROUGH else "")
        with pytest.raises((service.StageNotReachable, service.NeedsAgreement)):
            move(line, to)
        assert line.fresh().stage == stage


def test_a_match_goes_the_whole_way_and_each_step_is_on_the_timeline_and_in_the_history(line: Line) -> None:
    move(line, Stage.INTRODUCED)
    move(line, Stage.DIALOGUE)
    service_match = line.fresh()
    line.match = service_match
    agreement = agree(line)
    line.match = line.fresh()
    move(line, Stage.RUNNING)
    move(line, Stage.ENDED)
    steps = list(line.match.notes.exclude(stage="").order_by("at", "pk").values_list("stage", flat=True))
    assert steps == [
        Stage.CHOSEN,
        Stage.INTRODUCED,
        Stage.DIALOGUE,
        Stage.AGREED,
        Stage.RUNNING,
        Stage.ENDED,
    ]
    assert {change.history_user for change in line.match.history.all()} == {line.consultant}
    assert agreement.match_id == line.match.pk


def test_agreed_needs_that_somebody_wrote_down_the_agreement(line: Line) -> None:
    line.at_stage(Stage.DIALOGUE)
    with pytest.raises(service.NeedsAgreement, match="Skriv først, hvad de har aftalt"):
        move(line, Stage.AGREED)
    assert line.fresh().stage == Stage.DIALOGUE


def test_the_office_that_writes_with_a_step_gets_a_note_for_itself(line: Line) -> None:
    line.at_stage(Stage.INTRODUCED)
    service.move(line.match, Stage.DIALOGUE, line.consultant, line.match.version, "Han er skeptisk")
    note = line.match.notes.get(text="Han er skeptisk")
    assert note.private


def test_two_people_with_the_same_page_open_the_second_is_told(line: Line) -> None:
    line.at_stage(Stage.INTRODUCED)
    seen_by_both = line.match.version
    service.move(line.match, Stage.DIALOGUE, line.consultant, seen_by_both)
    with pytest.raises(EditedMeanwhile):
        service.fall_through(line.fresh(), "price", "", line.consultant, seen_by_both)
    assert line.fresh().stage == Stage.DIALOGUE


def test_what_fell_through_says_why_and_is_remembered(line: Line) -> None:
    line.at_stage(Stage.DIALOGUE, follow_up_on=timezone.localdate())
    service.fall_through(line.match, "price", "3 kr. for dyrt", line.consultant, line.match.version)
    match, suggestion = line.fresh(), Suggestion.objects.get(pk=line.suggestion.pk)
    assert (match.stage, match.why_not, match.why_not_note) == (Stage.FELL_THROUGH, "price", "3 kr. for dyrt")
    assert match.follow_up_on is None
    assert (suggestion.state, suggestion.decline_reason) == (Suggestion.State.DECLINED, "price")
    assert suggestion.decline_facts


def test_a_reason_is_needed(line: Line) -> None:
    with pytest.raises(UserError, match="Vælg, hvorfor"):
        service.fall_through(line.match, "", "", line.consultant, line.match.version)
    assert line.fresh().stage == Stage.CHOSEN


def test_what_fell_through_can_be_taken_up_again(line: Line) -> None:
    service.fall_through(line.match, "timing", "", line.consultant, line.match.version)
    line.match = line.fresh()
    move(line, Stage.CHOSEN)
    assert line.fresh().why_not == ""
    assert Suggestion.objects.get(pk=line.suggestion.pk).state == Suggestion.State.ACCEPTED


def test_a_firm_may_say_that_they_talk_and_that_it_came_to_nothing_and_no_more(line: Line) -> None:
    brewer = line.brewer()
    line.at_stage(Stage.INTRODUCED)
    service.move(line.match, Stage.DIALOGUE, brewer, line.match.version)
    for to in (Stage.RUNNING, Stage.ENDED, Stage.CHOSEN, Stage.AGREED):
        with pytest.raises(service.NotTheirs):
            service.move(line.fresh(), to, brewer, line.fresh().version)
    service.fall_through(line.fresh(), "quality", "For våd", brewer, line.fresh().version)
    assert line.fresh().stage == Stage.FELL_THROUGH
    assert not line.match.notes.get(text="For våd").private


def test_a_firm_cannot_give_up_what_was_agreed(line: Line) -> None:
    line.agreed()
    with pytest.raises(service.NotTheirs):
        service.fall_through(line.match, "price", "", line.brewer(), line.match.version)


# Confidential -----------------------------------------------------------------------------------


def test_a_confidential_listing_is_introduced_only_when_its_owner_said_yes(
    operator: Operator, consultant: User
) -> None:
    line = make_line(operator, consultant, have={"visibility": Listing.Visibility.BROKER})
    with pytest.raises(service.OwnerNotAsked, match="Prøvebryggeriet har ikke sagt ja"):
        move(line, Stage.INTRODUCED)
    line.match = line.fresh()

    service.owner_agreed(line.match, "have", "Prøve Ejer, i telefonen", consultant, line.match.version)
    move(line, Stage.INTRODUCED)

    assert line.fresh().have_shown
    note = line.match.notes.get(text__contains="Prøve Ejer, i telefonen")
    assert (note.by, note.private) == (consultant, True)


def test_a_confidential_need_is_asked_too(operator: Operator, consultant: User) -> None:
    line = make_line(operator, consultant, need={"visibility": Listing.Visibility.BROKER})
    assert service.owners_to_ask(line.match) == [line.match.taker]


def test_a_taker_that_posted_nothing_and_is_protected_from_advertising_is_asked_first(
    operator: Operator, consultant: User
) -> None:
    line = make_taker_line(operator, consultant, ad_protected=True)
    assert service.sides_to_ask(line.match) == ["need"]
    service.owner_agreed(line.match, "need", "Ejeren", consultant, line.match.version)
    assert service.sides_to_ask(line.fresh()) == []


def test_an_open_listing_needs_nobodys_yes(line: Line) -> None:
    assert service.sides_to_ask(line.match) == []
    with pytest.raises(UserError, match="ikke noget at spørge om"):
        service.owner_agreed(line.match, "have", "Ejeren", line.consultant, line.match.version)


def test_a_yes_without_a_name_is_none(operator: Operator, consultant: User) -> None:
    line = make_line(operator, consultant, have={"visibility": Listing.Visibility.BROKER})
    with pytest.raises(UserError, match="Skriv, hvem"):
        service.owner_agreed(line.match, "have", "  \x00 ", consultant, line.match.version)
    assert not line.fresh().have_shown


def test_the_taker_learns_nothing_of_a_confidential_giver_before_the_yes(
    operator: Operator, consultant: User, sign_in
) -> None:
    line = make_line(operator, consultant, have={"visibility": Listing.Visibility.BROKER})
    line.at_stage(Stage.INTRODUCED, have_shown=False)  # as an attacker would wish it
    farmer = sign_in(line.farmer())
    assert farmer.get(line.at).status_code == 404
    assert "Prøvebryggeriet" not in farmer.get("/match/").content.decode()
    assert farmer.get(f"/api/v1/match/{line.match.pk}").status_code == 404
    assert b"Pr\xc3\xb8vebryggeriet" not in farmer.get("/match/excel/").content


def test_a_neighbours_listing_that_became_confidential_hides_the_match_from_this_office(
    operator: Operator, consultant: User, as_consultant: Client
) -> None:
    line = make_line(operator, consultant)
    theirs = user_as(Role.CONSULTANT).memberships.get().operator
    Listing.objects.filter(pk=line.match.have_id).update(
        operator=theirs, visibility=Listing.Visibility.BROKER
    )
    assert as_consultant.get(line.at).status_code == 404
    assert "Prøvebryggeriet" not in as_consultant.get("/match/").content.decode()
    assert "Prøvebryggeriet" not in as_consultant.get("/i-dag/").content.decode()


# In the browser ---------------------------------------------------------------------------------


def test_the_consultant_moves_the_match_with_a_button(as_consultant: Client, line: Line) -> None:
    line.at_stage(Stage.INTRODUCED)
    as_consultant.post(f"{line.at}videre/", {"to": "dialogue", "opened_version": line.match.version})
    assert line.fresh().stage == Stage.DIALOGUE


def test_a_button_on_an_old_page_tells_that_something_is_new(as_consultant: Client, line: Line) -> None:
    line.at_stage(Stage.INTRODUCED)
    response = as_consultant.post(f"{line.at}videre/", {"to": "dialogue", "opened_version": 0}, follow=True)
    assert "En anden har ændret matchet" in response.content.decode()
    assert line.fresh().stage == Stage.INTRODUCED


@pytest.mark.parametrize("to", ["", "findes-ikke", "fell_through", "agreed", "😀" * 50])
def test_a_forged_step_changes_nothing(as_consultant: Client, line: Line, to: str) -> None:
    line.at_stage(Stage.INTRODUCED)
    as_consultant.post(f"{line.at}videre/", {"to": to, "opened_version": line.match.version})
    assert line.fresh().stage == Stage.INTRODUCED


@pytest.mark.parametrize("stage", [Stage.AGREED, Stage.RUNNING])
def test_no_button_ends_a_match_without_asking_how(as_consultant: Client, line: Line, stage: str) -> None:
    line.at_stage(stage)
    as_consultant.post(f"{line.at}videre/", {"to": "ended", "opened_version": line.match.version})
    assert line.fresh().stage == stage


def test_why_it_fell_through_is_asked_on_a_page_of_its_own(as_consultant: Client, line: Line) -> None:
    page = f"{line.at}ikke-til-noget/"
    empty = as_consultant.post(page, {"note": "Et langt svar", "opened_version": line.match.version})
    assert "Et langt svar" in empty.content.decode()
    assert line.fresh().stage == Stage.CHOSEN
    as_consultant.post(page, {"reason": "too_far", "note": "", "opened_version": line.match.version})
    assert line.fresh().why_not == "too_far"


def test_saving_again_after_a_clash_goes_through_with_what_was_typed(
    as_consultant: Client, line: Line
) -> None:
    page = f"{line.at}ikke-til-noget/"
    old = line.match.version
    service.plan_follow_up(line.match, timezone.localdate(), "Ring", line.consultant, old)
    clash = as_consultant.post(page, {"reason": "too_far", "note": "Husk mig", "opened_version": old})
    assert "En anden har gemt ændringer" in clash.content.decode()
    assert "Husk mig" in clash.content.decode()
    again = clash.context["form"]["opened_version"].value()
    as_consultant.post(page, {"reason": "too_far", "note": "Husk mig", "opened_version": again})
    assert line.fresh().stage == Stage.FELL_THROUGH


def test_a_follow_up_is_set_moved_and_cleared(as_consultant: Client, line: Line) -> None:
    page, day = f"{line.at}opfoelgning/", timezone.localdate() + timedelta(days=7)
    as_consultant.post(
        page,
        {"naeste-on": day.isoformat(), "naeste-about": "Ring", "naeste-opened_version": line.match.version},
    )
    assert (line.fresh().follow_up_on, line.fresh().follow_up_about) == (day, "Ring")
    as_consultant.post(page, {"naeste-on": "", "naeste-opened_version": line.fresh().version})
    assert line.fresh().follow_up_on is None


@pytest.mark.parametrize("day", ["2020-01-01", "31.02.2027", "i morgen", "\x00", "9" * 1000])
def test_a_day_that_is_none_is_refused_and_what_was_typed_is_kept(
    as_consultant: Client, line: Line, day: str
) -> None:
    response = as_consultant.post(
        f"{line.at}opfoelgning/",
        {"naeste-on": day, "naeste-about": "Ring til dem", "naeste-opened_version": line.match.version},
    )
    assert response.status_code == 200
    assert "Ring til dem" in response.content.decode()
    assert line.fresh().follow_up_on is None


@pytest.mark.parametrize("words", ["", "   ", "\x00", "x" * 100_000])
def test_a_note_that_cannot_be_kept_is_refused(as_consultant: Client, line: Line, words: str) -> None:
    before = line.match.notes.count()
    assert as_consultant.post(f"{line.at}note/", {"note-text": words}).status_code in {200, 302}
    assert line.match.notes.count() == before


def test_a_note_with_html_and_emoji_is_shown_as_it_was_typed(as_consultant: Client, line: Line) -> None:
    as_consultant.post(f"{line.at}note/", {"note-text": "<script>alert(1)</script> 🍺", "note-shared": "on"})
    page = as_consultant.get(line.at).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🍺" in page
    assert not line.match.notes.get(stage="").private


def test_a_firms_note_is_always_shared(line: Line, sign_in) -> None:
    line.at_stage(Stage.INTRODUCED)
    sign_in(line.brewer()).post(f"{line.at}note/", {"note-text": "Vi ringer i morgen"})
    assert not line.match.notes.get(text="Vi ringer i morgen").private


def test_a_colleague_takes_the_match_over(line: Line, sign_in) -> None:
    colleague = user_as(Role.CONSULTANT, line.operator)
    sign_in(colleague).post(f"{line.at}overtag/", {"opened_version": line.match.version})
    assert line.fresh().consultant == colleague


def test_the_consultant_notes_the_owners_yes(
    operator: Operator, consultant: User, as_consultant: Client
) -> None:
    line = make_line(operator, consultant, have={"visibility": Listing.Visibility.BROKER})
    assert "Spørg Prøvebryggeriet først" in as_consultant.get(line.at).content.decode()
    refused = as_consultant.get(f"{line.at}introduktion/", follow=True).content.decode()
    assert "skal først sige ja til at blive vist" in refused
    as_consultant.post(f"{line.at}sagt-ja/have/", {"who": "Prøve Ejer", "opened_version": line.match.version})
    assert line.fresh().have_shown
    assert as_consultant.get(f"{line.at}introduktion/").status_code == 200


def test_what_ran_may_fall_through_with_a_reason_and_is_remembered(as_consultant: Client, line: Line) -> None:
    delivered = DeliveryFactory(agreement=line.agreed())
    line.at_stage(Stage.RUNNING)
    page = f"{line.at}afslut/"
    assert f'href="{page}"' in as_consultant.get(line.at).content.decode()
    typed = {"how": "broken_off", "note": "Prisen steg", "opened_version": line.match.version}
    told = as_consultant.post(page, typed).content.decode()
    assert "Vælg, hvorfor det holdt op før tid." in told
    assert "Prisen steg" in told
    as_consultant.post(page, typed | {"reason": "price"})
    match, suggestion = line.fresh(), Suggestion.objects.get(pk=line.suggestion.pk)
    assert (match.stage, match.why_not) == (Stage.FELL_THROUGH, "price")
    assert (suggestion.state, suggestion.decline_reason) == (Suggestion.State.DECLINED, "price")
    assert "Det holdt op før tid." in as_consultant.get(line.at).content.decode()
    late = DeliveryReport(timezone.localdate(), Decimal(3), "t")
    assert report_delivery(delivered.agreement, late, line.brewer()).pk


def test_what_ran_and_ended_as_planned_is_not_held_against_them(as_consultant: Client, line: Line) -> None:
    line.at_stage(Stage.RUNNING)
    as_consultant.post(
        f"{line.at}afslut/", {"how": "planned", "note": "Godt forløb", "opened_version": line.match.version}
    )
    assert line.fresh().stage == Stage.ENDED
    assert line.match.notes.filter(text="Godt forløb").exists()
    assert Suggestion.objects.get(pk=line.suggestion.pk).state == Suggestion.State.ACCEPTED


def test_why_it_stopped_is_asked_only_of_what_stopped_before_its_time(
    as_consultant: Client, line: Line
) -> None:
    line.at_stage(Stage.RUNNING)
    page = f"{line.at}afslut/"
    label = as_consultant.get(page).content.decode().split('for="id_reason"')[1].split("</label>")[0]
    assert "kun når det holdt op før tid" in label
    assert "frivilligt" not in label
    typed = {"how": "planned", "reason": "price", "note": "Godt", "opened_version": line.match.version}
    told = as_consultant.post(page, typed).content.decode()
    assert "Sluttede det som planlagt, så lad feltet stå tomt." in told
    assert '<option value="price" selected>' in told
    assert line.fresh().stage == Stage.RUNNING


def test_a_follow_up_set_meanwhile_is_told_once_and_then_decided(as_consultant: Client, line: Line) -> None:
    page, stale = f"{line.at}opfoelgning/", {"naeste-opened_version": line.match.version}
    day = {"naeste-on": timezone.localdate().isoformat()}
    as_consultant.post(page, {"naeste-about": "Ring til giveren"} | day | stale)
    typed = {"naeste-about": "Ring til modtageren"} | day | stale
    told = as_consultant.post(page, typed)
    assert (told.status_code, line.fresh().follow_up_about) == (409, "Ring til giveren")
    assert "Ring til modtageren" in told.content.decode()
    now = told.context["form"]["opened_version"].value()
    as_consultant.post(page, typed | {"naeste-opened_version": now})
    assert line.fresh().follow_up_about == "Ring til modtageren"
