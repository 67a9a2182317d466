# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The office hears of questions and of a deadline that has passed; bidders, askers and followers hear of answers, meetings
and of what became of a tender. Each once, without who asked, and without a word of what lies in the bids."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.base import digest
from brobygger.base.models import Letter
from brobygger.cases.models import CaseEvent
from brobygger.cases.services import contents
from brobygger.cases.services.correcting import take_back
from brobygger.cases.tenders import dialogue, opening, services, telling
from brobygger.cases.tenders.errors import AnswerFirst, TextIsFixed, TooLateToAsk
from tests.cases.tenders import made
from tests.cases.tenders.made import SECRET, Story
from tests.factories import OrganisationFactory, firm_user

TODAY = "market:today"


@pytest.fixture
def story(operator, consultant) -> Story:
    return made.published(operator, consultant)


def told(first: str) -> list[str]:
    return sorted(letter.to[0] for letter in Letter.objects.filter(subject__startswith=first))


def page(browser: Client, name: str, *args) -> str:
    return browser.get(reverse(name, args=args), follow=True).content.decode()


def follower_of(story: Story):
    follower = firm_user(OrganisationFactory(operator=story.operator))
    telling.follow(story.tender, user=follower)
    return follower


def test_the_officer_is_written_to_once_when_a_firm_asks_without_who_it_was(story, sign_in) -> None:
    browser = sign_in(story.bidder)
    for _ in range(2):
        browser.post(
            reverse("tenders:ask", args=[story.tender.token]),
            {"organisation": story.firm.pk, "text": "Hvor mange børn?"},
        )
    letter = Letter.objects.get(subject__startswith="Nyt spørgsmål")
    assert letter.to == [story.officer.email]
    assert "Hvor mange børn?" in letter.body
    assert reverse("tenders:manage", args=[story.case.pk]) in letter.body
    for name in (story.firm.name, story.bidder.name, story.bidder.email):
        assert name not in letter.body
        assert name not in letter.subject
    assert story.tender.questions.count() == 1


def test_where_the_officer_is_partial_the_office_is_written_to(story, operator) -> None:
    type(operator).objects.filter(pk=operator.pk).update(email="erhverv@kommune.invalid")
    contents.recuse(story.fresh(), story.officer, user=story.officer, reason="Søster")
    dialogue.ask(story.tender, story.firm, text="Hvornår?", user=story.bidder)
    assert told("Nyt spørgsmål") == ["erhverv@kommune.invalid"]


def test_an_answer_reaches_bidders_askers_and_followers_once(story, operator) -> None:
    other = OrganisationFactory(operator=operator)
    other_bidder = firm_user(other)
    story.bid(organisation=other, user=other_bidder)
    follower = follower_of(story)
    asked = dialogue.ask(story.tender, story.firm, text="Hvor mange børn?", user=story.bidder)
    for _ in range(2):
        dialogue.answer(asked, answer="Tolv hundrede.", user=story.officer)
    assert told("Svar på") == sorted([story.bidder.email, other_bidder.email, follower.email])
    letter = Letter.objects.filter(subject__startswith="Svar på")[0]
    assert "Hvor mange børn?" in letter.body
    assert "Tolv hundrede." in letter.body
    assert story.firm.name not in letter.body


def test_a_question_and_a_passed_deadline_wait_on_i_dag_and_in_the_morning_mail(
    story, operator, as_consultant
) -> None:
    assert "Spørgsmål uden svar" not in page(as_consultant, TODAY)
    asked = dialogue.ask(story.tender, story.firm, text="Hvor mange børn?", user=story.bidder)
    shown = page(as_consultant, TODAY)
    assert "Hvor mange børn?" in shown
    assert "Spørgsmål uden svar" in shown
    assert "Buddene skal åbnes" not in shown
    story.bid()
    story.pass_deadline()
    shown = page(as_consultant, TODAY)
    assert "Buddene skal åbnes" in shown
    assert SECRET not in shown
    lines = [
        line.text
        for heading, found, _more in digest.told(story.officer, operator, timezone.localdate())
        if heading == "Udbud"
        for line in found
    ]
    assert lines == [
        "Mad i børnehaver: fristen er gået, og buddene skal åbnes",
        "Mad i børnehaver: spørgsmål uden svar: Hvor mange børn?",
    ]
    opening.begin(story.tender, user=story.officer)
    assert "Åbningen skal bekræftes" in page(as_consultant, TODAY)
    opening.confirm(story.tender, user=story.colleague)
    dialogue.close(asked, why="Svaret stod i opgaven.", user=story.officer)
    shown = page(as_consultant, TODAY)
    assert "Åbningen skal bekræftes" not in shown
    assert "Spørgsmål uden svar" not in shown


def test_nobody_partial_and_no_other_office_sees_it_there(story, sign_in) -> None:
    from brobygger.accounts.models import Role
    from tests.factories import user_as

    dialogue.ask(story.tender, story.firm, text="Hvor mange børn?", user=story.bidder)
    contents.recuse(story.fresh(), story.colleague, user=story.colleague, reason="Søster")
    for person in (story.colleague, user_as(Role.CONSULTANT)):
        assert "Hvor mange børn?" not in page(sign_in(person), TODAY)


def test_an_overlooked_question_is_answered_after_the_deadline_and_then_stands(story, as_consultant) -> None:
    asked = dialogue.ask(story.tender, story.firm, text="Hvor mange børn?", user=story.bidder)
    story.pass_deadline()
    assert "Luk uden svar" in page(as_consultant, "tenders:manage", story.case.pk)
    as_consultant.post(reverse("tenders:answer", args=[story.case.pk, asked.pk]), {"answer": "Ni."})
    assert told("Svar på") == [story.bidder.email]
    assert "efter fristen" in Letter.objects.get(subject__startswith="Svar på").body
    with pytest.raises(TextIsFixed):
        dialogue.answer(asked, answer="Ti.", user=story.officer)
    with pytest.raises(TextIsFixed):
        dialogue.close(asked, why="Nej", user=story.officer)
    assert "Besvaret, efter fristen var gået." in page(Client(), "tenders:tender", story.tender.token)


def test_an_overlooked_question_is_closed_with_a_word_but_only_after_the_deadline(
    story, as_consultant
) -> None:
    asked = dialogue.ask(story.tender, story.firm, text="Hvor mange børn?", user=story.bidder)
    with pytest.raises(AnswerFirst):
        dialogue.close(asked, why="Nej", user=story.officer)
    story.pass_deadline()
    address = reverse("tenders:close", args=[story.case.pk, asked.pk])
    for _ in range(2):
        as_consultant.post(address, {"why": "Tallet står i bilaget."})
    assert told("Spørgsmål lukket") == [story.bidder.email]
    public = page(Client(), "tenders:tender", story.tender.token)
    assert "Besvares ikke: Tallet står i bilaget." in public
    assert story.firm.name not in public
    with pytest.raises(TextIsFixed):
        dialogue.answer(asked, answer="Ti.", user=story.officer)
    with pytest.raises(TooLateToAsk):
        dialogue.ask(story.tender, story.firm, text="Endnu et?", user=story.bidder)


def test_a_meeting_and_its_minutes_are_told_once(story, operator, consultant) -> None:
    follower = follower_of(story)
    at = timezone.now() + timedelta(days=3)
    meeting = dialogue.add_meeting(story.tender, at=at, place="Rådhuset", told="", user=consultant)
    assert told("Møde med markedet") == [follower.email]
    for _ in range(2):
        dialogue.tell_meeting(meeting, told="Vi talte om frugt.", user=consultant)
    assert told("Referat af møde") == [follower.email]
    dialogue.tell_meeting(meeting, told="Vi talte om grønt.", user=consultant)
    assert told("Rettet referat") == [follower.email]
    draft = made.drafted(operator, consultant)
    services.set_up(draft.case, deadline=at, members_days=0, user=consultant)
    before = Letter.objects.count()
    dialogue.add_meeting(draft.tender, at=at, place="Rådhuset", told="", user=consultant)
    assert Letter.objects.count() == before


def test_a_cancellation_is_told_with_its_reason_and_stands_on_the_page(story, sign_in) -> None:
    story.bid()
    follower = follower_of(story)
    story.go("drop", reason="Pengene er brugt på et tag")
    assert told("Annulleret") == sorted([story.bidder.email, follower.email])
    assert "Pengene er brugt på et tag" in Letter.objects.filter(subject__startswith="Annulleret")[0].body
    shown = page(Client(), "tenders:tender", story.tender.token)
    assert "Annulleret" in shown
    assert "Pengene er brugt på et tag" in shown
    assert "Fristen er udløbet" not in shown
    own = page(sign_in(story.bidder), "portal:own")
    assert "Opgaver, I har budt på" in own
    assert "Annulleret" in own
    moved = CaseEvent.objects.get(case=story.case, kind="moved", name="drop")
    take_back(
        story.fresh(),
        moved,
        reason="Der var penge alligevel",
        user=story.officer,
        expected=story.fresh().version,
    )
    assert told("Taget tilbage") == sorted([story.bidder.email, follower.email])
    assert "Byd igen" in page(sign_in(story.bidder), "tenders:tender", story.tender.token)


def test_a_draft_that_is_given_up_is_told_to_nobody(operator, consultant) -> None:
    story = made.drafted(operator, consultant)
    story.go("drop", reason="Alligevel ikke")
    assert not told("Annulleret")


def test_who_it_went_to_is_public_and_the_reason_is_for_those_who_bid(story, operator, sign_in) -> None:
    other = OrganisationFactory(operator=operator)
    loser = firm_user(other)
    won = story.bid()
    story.bid(organisation=other, user=loser, text="Vores hemmelige løsning")
    assert "Opgaver, I har budt på" not in page(sign_in(loser), "portal:own"), "it is still open to bids"
    story.open()
    story.go("evaluate")
    assert "Afventer afgørelse" in page(sign_in(loser), "portal:own")
    opening.choose(story.tender, won, reason="Bedst på effekt", user=story.officer)
    assert "Tildelt" not in page(Client(), "tenders:tender", story.tender.token), "it is not decided yet"
    assert "Tangkokken" not in page(sign_in(loser), "tenders:own")
    story.go("award")
    public = page(Client(), "tenders:tender", story.tender.token)
    assert "Tildelt Tangkokken ApS" in public
    for kept in ("Bedst på effekt", SECRET, "Vores hemmelige løsning", "123.456", other.name):
        assert kept not in public
    assert "Bedst på effekt" in page(sign_in(loser), "tenders:tender", story.tender.token)
    assert "Tildelt Tangkokken ApS" in page(sign_in(loser), "tenders:own")
    assert "Jeres bud er valgt" in page(sign_in(story.bidder), "portal:own")


def test_own_past_bids_are_ones_own(story, operator, sign_in) -> None:
    story.bid()
    story.pass_deadline()
    stranger = sign_in(firm_user(OrganisationFactory(operator=operator)))
    assert "Mad i børnehaver" not in page(stranger, "tenders:own")
    shown = page(sign_in(story.bidder), "tenders:own")
    assert "Mad i børnehaver" in shown


def test_the_form_of_a_cancellation_says_who_reads_the_reason(story, as_consultant) -> None:
    shown = page(as_consultant, "cases:move", story.case.pk, "drop")
    assert "Står på opgavens side for alle" in shown


def test_the_form_of_taking_back_says_so_where_the_reason_is_published(
    story, operator, consultant, as_consultant, sign_in
) -> None:
    said = "Står på opgavens side for alle"

    def form_of(told: Story, name: str) -> str:
        moved = CaseEvent.objects.get(case=told.case, kind="moved", name=name)
        return page(as_consultant, "cases:take_back", told.case.pk, moved.pk)

    assert said not in form_of(story, "publish")
    won = story.bid()
    story.open()
    story.go("evaluate")
    opening.choose(story.tender, won, reason="Bedst", user=story.officer)
    story.go("award")
    assert said in form_of(story, "award")
    dropped, draft = made.published(operator, consultant), made.drafted(operator, consultant)
    for other in (dropped, draft):
        other.go("drop", reason="Nej")
    assert said in form_of(dropped, "drop")
    assert said not in form_of(draft, "drop")
    stranger = sign_in(story.bidder)
    moved = CaseEvent.objects.get(case=story.case, kind="moved", name="award")
    address = reverse("cases:take_back", args=[story.case.pk, moved.pk])
    assert stranger.get(address).status_code == 403
    assert stranger.post(address, {"reason": "x"}).status_code == 403
