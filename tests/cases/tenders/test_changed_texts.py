# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A published tender is changed openly or not at all: the first text stays, everybody is told once, and after the deadline
nothing is touched."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Role, User
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.cases.errors import BadValues, CaseIsOver, Conflicted, NotYours
from brobygger.cases.models import CaseEvent
from brobygger.cases.services import contents
from brobygger.cases.services.opening import describe
from brobygger.cases.tenders import dialogue, services, telling, texts
from brobygger.cases.tenders.errors import NotOpenForBids, NotPublished, TextIsFixed
from brobygger.cases.tenders.models import Follower, Version
from tests.cases.tenders import made
from tests.cases.tenders.made import Story
from tests.factories import OrganisationFactory, firm_user, user_as

WHY = "Der er kommet en børnehave til"
FIRST = {"department": "Skole og dagtilbud", "challenge": "Mindre madspild", "criteria": "Pris 50 %"}


@pytest.fixture
def story(operator, consultant) -> Story:
    return made.published(operator, consultant)


def text_of(answer) -> str:
    return answer.content.decode()


def change(story: Story, *, user: User | None = None, reason: str = WHY, **typed: str) -> Version:
    return texts.change(
        story.tender, typed, reason=reason, user=user or story.officer, expected=story.fresh().version
    )


def told() -> set[str]:
    return {letter.to[0] for letter in Letter.objects.filter(subject__startswith="Ændret")}


def test_what_is_published_is_kept(story: Story) -> None:
    version = story.tender.versions.get()
    assert (version.number, version.title, version.texts) == (1, "Mad i børnehaver", FIRST)
    version.title = "Noget andet"
    with pytest.raises(TypeError):
        version.save()


def test_the_ordinary_pages_do_not_change_it(story: Story, head, as_consultant: Client) -> None:
    for person in (story.officer, head, None):
        with pytest.raises(BadValues, match="så alle får besked"):
            contents.fill_in(story.fresh(), {"criteria": "Kun pris"}, user=person, expected=None)
        with pytest.raises(BadValues, match="så alle får besked"):
            describe(story.fresh(), title="Mad", subtype="", kle="", external_ref="", user=person,
                     expected=story.fresh().version)  # fmt: skip
    address = reverse("cases:fill_in", args=[story.case.pk])
    form: Any = as_consultant.get(address).context["form"]
    assert {key for key in form.fields if form.fields[key].disabled} == set(FIRST)
    typed = {
        "challenge": "Mere madspild",
        "criteria": "",
        "value": "100.000",
        "opened_version": story.fresh().version,
    }
    as_consultant.post(address, typed)
    as_consultant.post(
        reverse("cases:describe", args=[story.case.pk]),
        {"title": "Mad", "opened_version": story.fresh().version},
    )
    case = story.fresh()
    assert (case.title, case.value("challenge"), case.value("value")) == (
        "Mad i børnehaver",
        "Mindre madspild",
        "100000.00",
    )


def test_a_change_is_a_new_version_that_all_are_told_of_once(
    story: Story, operator, as_consultant, sign_in
) -> None:
    story.bid()
    story.bid()
    dialogue.ask(story.tender, story.firm, text="Hvor mange børn?", user=story.bidder)
    follower = firm_user(OrganisationFactory(operator=operator))
    sign_in(follower).post(reverse("tenders:follow", args=[story.tender.token]))
    sign_in(story.bidder).post(reverse("tenders:follow", args=[story.tender.token]))
    firm_user(OrganisationFactory(operator=operator))  # has nothing to do with it
    typed = {"title": "Mad i børnehaver", **FIRST, "challenge": "Mindre madspild i ni børnehaver", "reason": WHY,
             "opened_version": story.fresh().version}  # fmt: skip
    page = as_consultant.post(reverse("tenders:change_text", args=[story.case.pk]), typed, follow=True)
    assert "Teksten er rettet, og alle får besked." in text_of(page)
    assert told() == {story.bidder.email, follower.email}
    assert Letter.objects.filter(subject__startswith="Ændret").count() == 2
    letter = Letter.objects.filter(subject__startswith="Ændret")[0]
    assert "Hvad mangler I" in letter.body
    assert WHY in letter.body
    as_consultant.post(reverse("tenders:change_text", args=[story.case.pk]), typed)
    assert Letter.objects.filter(subject__startswith="Ændret").count() == 2, "the same button pressed twice"
    assert [version.number for version in story.tender.versions.all()] == [1, 2]
    changed = CaseEvent.objects.get(case=story.case, kind="changed", reason=WHY)
    assert changed.data["values"] == {"challenge": ["Mindre madspild", "Mindre madspild i ni børnehaver"]}


def test_everybody_reads_what_was_changed_and_when(story: Story, sign_in) -> None:
    story.bid()
    change(story, title="Mad i alle børnehaver", criteria="Pris 40 %\nKlima 60 %")
    address = reverse("tenders:tender", args=[story.tender.token])
    page = text_of(Client().get(address))
    assert "<h1>Mad i alle børnehaver</h1>" in page
    assert "<del>Mad i børnehaver</del>" in page
    assert "<del>Pris 50 %</del>" in page
    assert "<ins>Klima 60 %</ins>" in page
    assert WHY in page
    assert "Opgaven, som den blev offentliggjort" in page
    assert "Opgaven er ændret siden" in text_of(sign_in(story.bidder).get(address))
    story.bid()
    assert text_of(sign_in(story.bidder).get(address)).count("Opgaven er ændret siden") == 1
    assert "Mad i alle børnehaver" in text_of(Client().get(reverse("tenders:tenders")))


def test_after_the_deadline_nothing_is_changed(story: Story, as_consultant: Client) -> None:
    question = dialogue.ask(story.tender, story.firm, text="Hvor mange børn?", user=story.bidder)
    dialogue.answer(question, answer="Tolv hundrede.", user=story.officer)
    story.pass_deadline()
    with pytest.raises(TextIsFixed):
        change(story, criteria="Kun kvalitet")
    with pytest.raises(TextIsFixed):
        dialogue.answer(question, answer="Tretten hundrede.", user=story.officer)
    with pytest.raises(BadValues, match="ligger fast"):
        contents.fill_in(story.fresh(), {"criteria": "Kun kvalitet"}, user=story.officer, expected=None)
    typed = {"title": "Mad", **FIRST, "reason": WHY, "opened_version": story.fresh().version}
    page = as_consultant.post(reverse("tenders:change_text", args=[story.case.pk]), typed)
    assert "Fristen er gået" in text_of(page)
    as_consultant.post(
        reverse("tenders:answer", args=[story.case.pk, question.pk]), {"answer": "Tretten hundrede."}
    )
    question.refresh_from_db()
    assert (question.answer, story.tender.versions.count()) == ("Tolv hundrede.", 1)
    story.open()
    story.go("evaluate")
    with pytest.raises(BadValues, match="ligger fast"):
        contents.fill_in(story.fresh(), {"criteria": "Kun kvalitet"}, user=story.officer, expected=None)


def test_the_deadline_is_the_servers_to_the_second(story: Story, monkeypatch) -> None:
    moment = story.tender.deadline
    monkeypatch.setattr(texts.timezone, "now", lambda: moment)
    assert change(story, criteria="Pris 10 %").number == 2


def test_a_case_taken_back_to_its_draft_lets_nobody_change_it_quietly(story: Story) -> None:
    from brobygger.cases.services.correcting import take_back

    happened = CaseEvent.objects.get(case=story.case, kind="moved", name="publish")
    take_back(story.fresh(), happened, user=story.officer, reason="Forkert", expected=story.fresh().version)
    with pytest.raises(BadValues):
        contents.fill_in(story.fresh(), {"criteria": "Kun pris"}, user=story.officer, expected=None)


@pytest.mark.parametrize(
    ("typed", "reason", "where"),
    [({"criteria": ""}, WHY, "criteria"), ({"title": " "}, WHY, "title"), ({"criteria": "Pris"}, " ", "reason"),
     (FIRST, WHY, "reason")],
)  # fmt: skip
def test_a_change_says_what_and_why_and_leaves_no_hole(story: Story, typed, reason, where) -> None:
    with pytest.raises(BadValues) as refused:
        change(story, reason=reason, **typed)
    assert set(refused.value.faults) == {where}
    assert story.tender.versions.count() == 1
    assert not story.tender.notices.exists()


def test_two_who_change_it_at_once_are_told(story: Story) -> None:
    seen = story.fresh().version
    change(story, criteria="Pris 40 %")
    with pytest.raises(EditedMeanwhile):
        texts.change(story.tender, {"criteria": "Pris 30 %"}, reason=WHY, user=story.colleague, expected=seen)


def test_only_the_office_changes_it(story: Story, operator, sign_in) -> None:
    for stranger in (story.bidder, user_as(Role.PARTNER, operator), user_as(Role.CONSULTANT)):
        with pytest.raises(NotYours):
            change(story, user=stranger, criteria="Kun os")
        answer = sign_in(stranger).post(
            reverse("tenders:change_text", args=[story.case.pk]), {"criteria": "Kun os"}
        )
        assert answer.status_code in (403, 404)
    contents.recuse(story.fresh(), story.colleague, user=story.colleague, reason="Søster til en bydende")
    with pytest.raises(Conflicted):
        change(story, user=story.colleague, criteria="Kun os")
    story.go("drop", reason="Pengene er brugt")
    with pytest.raises(CaseIsOver):
        change(story, criteria="Pris")


def test_a_draft_is_written_in_the_case(operator, consultant, as_consultant) -> None:
    story = made.drafted(operator, consultant)
    made.fill(story, criteria="Pris 20 %")
    assert as_consultant.get(reverse("tenders:change_text", args=[story.case.pk])).status_code == 404
    services.set_up(
        story.case, deadline=made.timezone.now() + made.IN_TWO_WEEKS, members_days=0, user=consultant
    )
    with pytest.raises(NotPublished):
        change(story, criteria="Pris 10 %")


def test_following_ends_and_is_for_those_who_see_it(story: Story, operator, consultant, sign_in) -> None:
    address = reverse("tenders:follow", args=[story.tender.token])
    browser = sign_in(story.bidder)
    page = text_of(browser.post(address, follow=True))
    assert "Skriv ikke længere til mig om opgaven" in page
    browser.post(address)
    assert Follower.objects.count() == 1
    browser.post(address, {"stop": "1"})
    change(story, criteria="Pris")
    assert not told()
    assert sign_in(user_as(Role.PARTNER, operator)).post(address).status_code == 403
    hidden = made.published(operator, consultant, members_days=5, value=1, threshold=2)
    with pytest.raises(NotOpenForBids):
        telling.follow(hidden.tender, user=firm_user(OrganisationFactory()))


def test_somebody_without_access_is_not_written_to(story: Story) -> None:
    story.bid()
    User.objects.filter(pk=story.bidder.pk).update(is_active=False)
    change(story, criteria="Pris")
    assert not told()


def test_an_answer_that_is_put_right_is_told_and_the_first_one_is_not_forgotten(story: Story) -> None:
    question = dialogue.ask(story.tender, story.firm, text="Hvor mange børn?", user=story.bidder)
    dialogue.answer(question, answer="Tolv hundrede.", user=story.officer)
    dialogue.answer(question, answer="Tretten hundrede.", user=story.officer)
    dialogue.answer(question, answer="Tretten hundrede.", user=story.officer)
    letter = Letter.objects.get(subject__startswith="Rettet svar")
    assert "Før: Tolv hundrede." in letter.body
    assert "Nu: Tretten hundrede." in letter.body
    assert "Før: Tolv hundrede." in text_of(Client().get(story.tender.get_absolute_url()))


def test_minutes_of_a_meeting_are_written_afterwards(story: Story, as_consultant: Client) -> None:
    meeting = dialogue.add_meeting(
        story.tender, at=made.timezone.now(), place="Rådhuset", told="", user=story.officer
    )
    address = reverse("tenders:tell_meeting", args=[story.case.pk, meeting.pk])
    as_consultant.post(address, {"told": "Vi talte om frugt."})
    assert "Vi talte om frugt." in text_of(Client().get(story.tender.get_absolute_url()))
    other = made.published(story.operator, story.officer)
    assert (
        as_consultant.get(reverse("tenders:tell_meeting", args=[other.case.pk, meeting.pk])).status_code
        == 404
    )


def test_what_was_published_before_versions_were_kept_is_the_first(story: Story) -> None:
    Version.objects.all().delete()
    migration = import_module("brobygger.cases.tenders.migrations.0003_published_versions")
    migration.keep_what_is_published(apps, None)
    kept = story.tender.versions.get()
    assert (kept.number, kept.title, kept.texts, kept.at) == (
        1,
        "Mad i børnehaver",
        FIRST,
        story.tender.published_at,
    )
