# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Nobody reads a bid before two people have opened them after the deadline: not by a page, a service, an export or the database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import AuditEntry, Role
from brobygger.base.models import Letter
from brobygger.base.personal_data import held_about
from brobygger.cases.errors import Conflicted, NoSuchWay, NotReady, NotYours
from brobygger.cases.models import CaseEvent
from brobygger.cases.services import contents
from brobygger.cases.services.correcting import take_back
from brobygger.cases.tenders import dialogue, opening, sealing, services
from brobygger.cases.tenders.errors import (
    BadDeadline,
    NotOpenForBids,
    OpenedAlready,
    Partial,
    PublishedAlready,
    SamePerson,
    Sealed,
    TooLate,
    TooLateToAsk,
)
from brobygger.cases.tenders.models import Bid, Tender
from brobygger.register.models import Affiliation
from tests.cases.tenders import made
from tests.cases.tenders.made import SECRET
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, firm_user, user_as


@pytest.fixture
def story(operator, consultant):
    return made.published(operator, consultant)


def text_of(answer):
    return answer.content.decode()


def test_from_the_challenge_to_the_award(story, as_consultant, sign_in):
    bidder = sign_in(story.bidder)
    file = SimpleUploadedFile("tilbud.pdf", b"%PDF-1.4 en lille fil")
    typed = {"organisation": story.firm.pk, "price": "123.456,78", "text": SECRET, "file": file}
    page = bidder.post(reverse("tenders:bid", args=[story.tender.token]), typed, follow=True)
    assert "forseglet" in text_of(page)
    story.bid(
        organisation=(rival := OrganisationFactory(operator=story.operator)),
        user=firm_user(rival),
        text="Andet",
    )
    story.pass_deadline()
    as_consultant.post(reverse("tenders:open", args=[story.case.pk]))
    assert SECRET not in text_of(as_consultant.get(reverse("tenders:manage", args=[story.case.pk])))
    colleague = sign_in(story.colleague)
    colleague.post(reverse("tenders:open", args=[story.case.pk]))
    page = text_of(as_consultant.get(reverse("tenders:manage", args=[story.case.pk])))
    assert SECRET in page
    assert "123.456,78" in page
    bid = Bid.objects.get(organisation=story.firm)
    assert b"%PDF" in as_consultant.get(reverse("tenders:bid_file", args=[story.case.pk, bid.pk])).content
    story.go("evaluate")
    as_consultant.post(
        reverse("tenders:choose", args=[story.case.pk]), {"bid": bid.pk, "reason": "Bedst og billigst"}
    )
    story.go("award")
    letters = {letter.to[0]: letter.body for letter in Letter.objects.all()}
    assert letters.pop(story.bidder.email).startswith("Jeres bud er valgt.")
    (other,) = letters.values()
    assert other.startswith("Jeres bud er ikke valgt.")
    assert "Bedst og billigst" in other
    opened = CaseEvent.objects.get(case=story.case, name="bids_opened")
    assert str(story.officer) in opened.text
    assert str(story.colleague) in opened.text
    assert bid.fingerprint in opened.text
    assert AuditEntry.objects.filter(action="bids_opened").exists()


def test_the_database_holds_nothing_that_can_be_read(story):
    bid = story.bid()
    assert SECRET.encode() not in bytes(Bid.objects.get(pk=bid.pk).data)
    assert b"123456" not in bytes(Bid.objects.get(pk=bid.pk).data)
    dumped = StringIO()
    call_command("dumpdata", "tenders", "cases", stdout=dumped)
    assert "kvaltinorsk" not in dumped.getvalue()


def test_nobody_reads_one_before(story, head, sign_in, as_consultant):
    bid = story.bid()
    people = [story.officer, story.colleague, head, story.bidder, user_as(Role.ADMIN, story.operator)]
    for person in people:
        for attempt in (
            lambda p=person: opening.contents(bid, user=p),
            lambda p=person: opening.bids(story.tender, user=p),
            lambda p=person: opening.begin(story.tender, user=p),
            lambda p=person: opening.confirm(story.tender, user=p),
            lambda p=person: opening.choose(story.tender, bid, reason="x", user=p),
        ):
            with pytest.raises((Sealed, NotYours)):
                attempt()
        browser = sign_in(person)
        for address in (
            reverse("tenders:manage", args=[story.case.pk]),
            reverse("tenders:tender", args=[story.tender.token]),
            reverse("tenders:bid_file", args=[story.case.pk, bid.pk]),
            reverse("tenders:choose", args=[story.case.pk]),
            reverse("cases:case", args=[story.case.pk]),
        ):
            assert SECRET not in text_of(browser.get(address, follow=True))
    as_consultant.post(reverse("tenders:open", args=[story.case.pk]))
    assert story.tender.first_opener is None


def test_after_the_deadline_one_person_does_not_open_them(story, operator):
    bid = story.bid()
    story.pass_deadline()
    opening.begin(story.tender, user=story.officer)
    for person in (story.officer, story.colleague):
        with pytest.raises(Sealed):
            opening.contents(bid, user=person)
    with pytest.raises(SamePerson):
        opening.confirm(story.tender, user=story.officer)
    for stranger in (user_as(Role.PARTNER, operator), user_as(Role.CONSULTANT, OperatorFactory())):
        with pytest.raises(NotYours):
            opening.confirm(story.tender, user=stranger)
    opening.confirm(story.tender, user=story.colleague)
    assert opening.contents(bid, user=story.officer)["text"] == SECRET
    with pytest.raises(OpenedAlready):
        opening.begin(story.tender, user=story.officer)


def test_the_database_refuses_an_opening_before_the_deadline_or_by_one(story):
    now = timezone.now()
    for wrong in (
        {"opened_at": now, "first_opener": story.officer, "second_opener": story.colleague},
        {"first_opener": story.officer, "second_opener": story.officer},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Tender.objects.filter(case=story.case).update(**wrong)


def test_a_forged_tender_in_memory_opens_nothing(story):
    bid = story.bid()
    forged = story.tender
    forged.opened_at, forged.second_opener = timezone.now(), story.colleague
    forged.deadline = timezone.now() - timedelta(days=1)
    bid.tender = forged
    with pytest.raises(Sealed):
        opening.contents(bid, user=story.officer)


def test_somebody_of_a_bidding_firm_takes_no_part(story):
    bid = story.bid()
    person = PersonFactory(operator=story.operator, user=story.colleague)
    Affiliation.objects.create(person=person, organisation=story.firm, may_act=False)
    story.pass_deadline()
    opening.begin(story.tender, user=story.officer)
    with pytest.raises(Partial):
        opening.confirm(story.tender, user=story.colleague)
    other = user_as(Role.CONSULTANT, story.operator)
    opening.confirm(story.tender, user=other)
    with pytest.raises(Partial):
        opening.contents(bid, user=story.colleague)


def test_a_consultant_who_is_partial_in_the_case_opens_nothing(story):
    contents.recuse(story.fresh(), story.colleague, user=story.colleague, reason="Fætter til køkkenchefen")
    story.pass_deadline()
    with pytest.raises(Conflicted):
        opening.begin(story.tender, user=story.colleague)


@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (0, True), (1, False)])
def test_a_bid_is_late_by_the_second(story, monkeypatch, seconds, taken):
    moment = story.tender.deadline + timedelta(seconds=seconds)
    monkeypatch.setattr(services.timezone, "now", lambda: moment)
    if taken:
        assert story.bid().submitted_at == moment
    else:
        with pytest.raises(TooLate):
            story.bid()
        with pytest.raises(TooLateToAsk):
            dialogue.ask(story.tender, story.firm, text="Må vi?", user=story.bidder)


def test_a_later_bid_takes_the_earlier_ones_place(story):
    first, second = story.bid(text="Første"), story.bid(text="Andet")
    story.open()
    assert [one.pk for one in opening.bids(story.tender, user=story.officer)] == [second.pk]
    with pytest.raises(Sealed):
        opening.contents(first, user=story.officer)


def test_a_bid_that_was_taken_back_is_never_opened(story, sign_in):
    bid = story.bid()
    browser = sign_in(story.bidder)
    address = reverse("tenders:withdraw", args=[story.tender.token, story.firm.pk])
    assert "Ja, træk det tilbage" in text_of(browser.get(address))
    browser.post(address)
    story.open()
    assert opening.bids(story.tender, user=story.officer) == []
    with pytest.raises(Sealed):
        opening.contents(bid, user=story.officer)
    with pytest.raises(TooLate):
        services.withdraw(story.tender, story.firm, user=story.bidder)


def test_the_deadline_is_only_moved_later_while_it_runs_and_everybody_is_told(story, operator):
    story.bid()
    asker = firm_user(OrganisationFactory(operator=operator))
    own = Affiliation.objects.get(person__user=asker).organisation
    dialogue.ask(story.tender, own, text="Hvor mange børn?", user=asker)
    now = story.tender.deadline
    with pytest.raises(BadDeadline):
        services.extend(story.tender, deadline=now - timedelta(days=1), reason="x", user=story.officer)
    later = now + timedelta(days=7)
    services.extend(story.tender, deadline=later, reason="Mange spørgsmål.", user=story.officer)
    assert story.tender.deadline == later
    assert story.tender.notices.get().text.endswith("Mange spørgsmål.")
    told = Letter.objects.filter(subject__startswith="Ny frist")
    assert {letter.to[0] for letter in told} == {story.bidder.email, asker.email}
    story.pass_deadline()
    with pytest.raises(BadDeadline):
        services.extend(
            story.tender, deadline=timezone.now() + timedelta(days=1), reason="x", user=story.officer
        )


def test_taking_the_case_back_does_not_let_the_deadline_be_brought_forward(story):
    story.bid()
    happened = CaseEvent.objects.get(case=story.case, kind="moved", name="publish")
    case = story.fresh()
    take_back(case, happened, user=story.officer, reason="Forkert", expected=case.version)
    with pytest.raises(PublishedAlready):
        services.set_up(
            story.fresh(), deadline=timezone.now() + timedelta(seconds=1), members_days=0, user=story.officer
        )


def test_nothing_is_evaluated_before_the_opening_nor_awarded_without_a_choice(story):
    story.bid()
    story.pass_deadline()
    with pytest.raises(NotReady):
        story.go("evaluate")
    with pytest.raises(NoSuchWay):
        story.go("award")
    story.open()
    story.go("evaluate")
    with pytest.raises(NotReady):
        story.go("award")


def test_a_bid_for_a_firm_that_one_does_not_act_for_is_refused(story, sign_in):
    stranger = firm_user(OrganisationFactory(operator=story.operator))
    with pytest.raises(NotOpenForBids):
        story.bid(user=stranger)
    page = sign_in(stranger).post(
        reverse("tenders:bid", args=[story.tender.token]),
        {"organisation": story.firm.pk, "price": "1", "text": "x"},
    )
    assert "form-error" in text_of(page)
    assert not Bid.objects.exists()


def test_no_bids_on_a_task_that_was_given_up(story):
    story.go("drop", reason="Pengene er brugt")
    with pytest.raises(NotOpenForBids):
        story.bid()


def test_what_is_held_about_the_bidder_says_nothing_of_the_bid(story):
    story.bid()
    told = str(held_about([story.bidder], [story.bidder.email], story.operator))
    assert "kvaltinorsk" not in told
    assert "123456" not in told


def test_a_changed_envelope_or_another_secret_is_told(story, settings):
    bid = story.bid()
    story.open()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "en anden", [settings.SECRET_KEY]
    assert opening.contents(bid, user=story.officer)["price"] == str(Decimal("123456.78"))
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.Unreadable):
        opening.contents(bid, user=story.officer)


def test_bids_go_with_their_case_when_its_time_is_over(story):
    bid = story.bid()
    story.open()
    opening.choose(story.tender, bid, reason="Bedst", user=story.officer)
    story.fresh().delete()
    assert not Bid.objects.exists()
