# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is done in a case is told to those who should know: the office, its officer, those who decide."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brobygger.accounts import morning
from brobygger.accounts.models import Operator, Role, User
from brobygger.base.models import Letter
from brobygger.cases import tasks
from brobygger.cases.models import Asked, Case, CaseEvent
from brobygger.cases.services import contents, documents, opening, telling, waiting
from brobygger.cases.services.moving import move, vote
from brobygger.guidance.services.referrals import note_received
from brobygger.register.models import Affiliation, Organisation
from tests.cases.made import at_decision, day, fresh, opened, trial
from tests.factories import OrganisationFactory, PersonFactory, firm_user, user_as
from tests.guidance.made import partner, wish

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Herslev Prøvebryg", email="firma@example.invalid")


@pytest.fixture
def owner(firm: Organisation) -> User:
    return firm_user(firm)


@pytest.fixture
def case(operator: Operator, firm: Organisation, consultant: User) -> Case:
    return opened(operator, organisation=firm, values={"amount": 400_000}, officer=consultant)


def to(user: User | str) -> list[Letter]:
    address = user if isinstance(user, str) else user.email
    return [letter for letter in Letter.objects.order_by("created_at") if letter.to == [address]]


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def press(client: Client, address: str, **typed: Any) -> str:
    answer = client.post(address, typed, follow=True)
    assert answer.status_code in (200, 409), address
    return answer.content.decode()


# The office


def test_what_a_firm_does_is_news_until_the_officer_has_opened_the_case(
    case, owner, consultant, as_consultant
) -> None:
    assert "Nyt i sager" not in shown(as_consultant, "/i-dag/")
    contents.message(case, "Hvornår hører vi fra jer?", user=owner)
    page = shown(as_consultant, "/i-dag/")
    assert "Nyt i sager" in page
    assert "Besked fra ansøger" in page
    assert "Nyt</span>" in shown(as_consultant, "/sager/")
    assert case.title in shown(as_consultant, "/sager/?status=news")
    assert "Besked fra ansøger" in morning.body(consultant, day())
    assert "Hvornår hører vi" not in morning.body(consultant, day())
    assert "Hvornår hører vi fra jer?" in shown(as_consultant, case.get_absolute_url())
    assert "Nyt i sager" not in shown(as_consultant, "/i-dag/")
    assert case.title not in shown(as_consultant, "/sager/?status=news")


@pytest.mark.parametrize("what", ["answer", "file", "fields", "withdraw", "duty"])
def test_everything_a_firm_can_do_is_news(case, owner, consultant, what) -> None:
    if what == "answer":
        asked = waiting.pause(case, "applicant", user=consultant, text="Send budgettet")
        waiting.resume(case, asked, user=owner, text="Her")
    elif what == "file":
        documents.add(case, SimpleUploadedFile("b.pdf", PDF, "application/pdf"), kind="budget", user=owner)
    elif what == "fields":
        contents.fill_in(case, {"purpose": "En kedel"}, user=owner, expected=case.version)
    elif what == "withdraw":
        move(case, "withdraw", user=owner, expected=case.version, reason="Fortrudt")
    else:
        contents.do_duty(
            case, contents.set_duty(case, "r", title="Rapport", due_on=day()), text="Her", user=owner
        )
    assert fresh(case).news is not None
    assert fresh(case).news.by == owner


def test_what_the_office_does_itself_is_no_news(case, consultant) -> None:
    contents.note(case, "Ringede", user=consultant)
    contents.tick(case, ["read"], user=consultant, expected=fresh(case).version)
    assert fresh(case).news is None


def test_a_colleague_who_looks_does_not_hide_it_from_the_officer(
    operator, case, owner, consultant, sign_in
) -> None:
    contents.message(case, "Er I der?", user=owner)
    colleague = sign_in(user_as(Role.CONSULTANT, operator))
    shown(colleague, case.get_absolute_url())
    assert fresh(case).news is not None
    seen = fresh(case).news_id
    contents.message(case, "Hallo?", user=owner)
    press(colleague, f"/sager/{case.pk}/laest/", news=seen)
    assert fresh(case).news is not None, "they had not seen the second one"
    press(colleague, f"/sager/{case.pk}/laest/", news=fresh(case).news_id)
    assert fresh(case).news is None


def test_a_new_case_that_nobody_has_stands_on_everybodys_day_until_it_is_taken(
    operator, firm, owner, consultant, as_consultant
) -> None:
    trial(operator)
    made = opening.open_case(
        operator, "trial", title="Ny kedel", subtype="small", user=owner, organisation=firm
    )
    assert len(to(operator.email)) == 1
    assert "Ny sag" in shown(as_consultant, "/i-dag/")
    shown(as_consultant, made.get_absolute_url())
    assert "Ny kedel" in shown(as_consultant, "/i-dag/")
    press(as_consultant, f"/sager/{made.pk}/tag/", opened_version=fresh(made).version)
    assert fresh(made).officer == consultant
    assert "Ny kedel" not in shown(as_consultant, "/i-dag/")


def test_a_case_given_to_a_colleague_is_news_to_them(operator, case, consultant, sign_in) -> None:
    other = user_as(Role.CONSULTANT, operator)
    opening.assign(case, other, user=consultant, expected=case.version)
    client = sign_in(other)
    assert "Sagen er givet videre" in shown(client, "/i-dag/")
    shown(client, case.get_absolute_url())
    assert "Sagen er givet videre" not in shown(client, "/i-dag/")


def test_the_officer_gets_one_letter_until_the_news_is_read(case, owner, consultant, as_consultant) -> None:
    for text in ("Et", "To", "Tre"):
        contents.message(case, text, user=owner)
    (letter,) = to(consultant)
    assert case.number in letter.subject
    assert "Et" not in letter.body.split()
    shown(as_consultant, case.get_absolute_url())
    contents.message(case, "Fire", user=owner)
    assert len(to(consultant)) == 2


def test_news_that_the_office_made_itself_holds_no_letter_back(
    operator, firm, owner, consultant, as_consultant
) -> None:
    trial(operator)
    made = opening.open_case(
        operator, "trial", title="Ny kedel", subtype="small", user=consultant, organisation=firm
    )
    assert fresh(made).news is not None
    assert not to(operator.email)
    for text in ("Hvornår?", "Hallo?"):
        contents.message(made, text, user=owner)
    assert len(to(operator.email)) == 1
    other = user_as(Role.CONSULTANT, operator)
    case = opened(operator, organisation=firm, officer=consultant)
    opening.assign(case, other, user=consultant, expected=case.version)
    for text in ("Hvornår?", "Hallo?"):
        contents.message(case, text, user=owner)
    assert len(to(other)) == 1
    assert fresh(case).news.kind == CaseEvent.Kind.MESSAGE


def test_giving_a_case_on_does_not_hide_what_came_from_outside_and_the_new_officer_is_told(
    operator, case, owner, consultant, sign_in
) -> None:
    contents.message(case, "Hvornår hører vi?", user=owner)
    other = user_as(Role.CONSULTANT, operator)
    for _ in range(2):
        opening.assign(fresh(case), other, user=consultant, expected=fresh(case).version)
    (letter,) = to(other)
    assert "Besked fra ansøger" in letter.subject
    assert "Besked fra ansøger" in shown(sign_in(other), "/i-dag/")
    contents.message(case, "Er I der?", user=owner)
    assert (len(to(other)), len(to(consultant))) == (1, 1)
    opening.assign(fresh(case), None, user=consultant, expected=fresh(case).version)
    assert len(to(operator.email)) == 1
    assert fresh(case).news.kind == CaseEvent.Kind.MESSAGE


def test_who_takes_a_case_themselves_is_not_written_to_about_it(operator, firm, owner, consultant) -> None:
    trial(operator)
    made = opening.open_case(
        operator, "trial", title="Ny kedel", subtype="small", user=owner, organisation=firm
    )
    opening.assign(made, consultant, user=consultant, expected=made.version)
    assert not to(consultant)
    assert fresh(made).news.kind == CaseEvent.Kind.OPENED


def test_when_the_officer_steps_out_as_partial_the_office_is_told_what_waits(
    operator, case, owner, consultant
) -> None:
    contents.message(case, "Er I der?", user=owner)
    contents.recuse(fresh(case), consultant, user=consultant, reason="Søster")
    assert len(to(operator.email)) == 1
    contents.message(case, "Hallo?", user=owner)
    assert (len(to(operator.email)), len(to(consultant))) == (1, 1)


def test_what_is_read_can_be_told_again(case, owner, consultant, as_consultant, sign_in) -> None:
    stranger = sign_in(owner)
    contents.message(case, "Et", user=owner)
    stranger.post(f"/sager/{case.pk}/laest/", {"news": fresh(case).news_id})
    assert fresh(case).news is not None, "who sent it does not say that it is read"
    shown(as_consultant, case.get_absolute_url())
    assert (fresh(case).news, fresh(case).news_told) == (None, "")
    contents.message(case, "To", user=owner)
    assert len(to(consultant)) == 2


def test_an_officer_who_has_become_partial_is_told_nothing(
    operator, case, firm, owner, consultant, sign_in
) -> None:
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=consultant), organisation=firm)
    contents.message(case, "Hemmeligt", user=owner)
    assert to(consultant) == []
    assert len(to(operator.email)) == 1
    assert case.title not in shown(sign_in(consultant), "/i-dag/?vis=alle")
    assert case.title not in morning.body(consultant, day())
    assert sign_in(consultant).post(f"/sager/{case.pk}/laest/").status_code == 404


def test_the_day_asks_no_more_with_many_cases(operator, firm, owner, consultant, as_consultant) -> None:
    def asked() -> int:
        shown(as_consultant, "/i-dag/")
        with CaptureQueriesContext(connection) as found:
            shown(as_consultant, "/i-dag/")
        return len(found)

    counts = []
    for _ in range(2):
        for number in range(3):
            made = opened(operator, organisation=firm, officer=consultant, title=f"Sag {number}")
            contents.message(made, "Hej", user=owner)
            contents.set_duty(made, "d", title="Ring", due_on=day(), of_applicant=False)
        counts.append(asked())
    assert counts[0] == counts[1]


# Those who decide


def test_parties_are_told_once_that_they_are_in_a_case(operator, case, consultant) -> None:
    bank = user_as(Role.PARTNER, operator)
    contents.add_party(case, "bank", user=consultant, party_user=bank)
    contents.note(case, "Noget andet", user=consultant)
    (letter,) = to(bank)
    assert "Bank" in letter.body
    assert case.get_absolute_url() in letter.body


def test_a_bank_without_a_user_is_written_to_at_its_own_address(operator, case, consultant) -> None:
    bank = OrganisationFactory(operator=operator, name="Prøvebanken", email="bank@example.invalid")
    contents.add_party(case, "bank", user=consultant, organisation=bank)
    (letter,) = to("bank@example.invalid")
    assert case.get_absolute_url() not in letter.body
    assert "Svar på denne mail" in letter.body


def test_those_who_vote_are_told_when_it_begins_and_when_it_begins_again(operator, consultant, firm) -> None:
    case, bank, group = at_decision(operator, consultant, organisation=firm)
    for voter in (bank, *group):
        assert [letter.subject for letter in to(voter)][1:] == [f"{case.number}: sagen venter på jer"]
    case = vote(case, "decide", "yes", user=bank, round=case.round)
    contents.fill_in(case, {"amount": 300_000}, user=consultant, expected=case.version)
    for voter in (bank, *group):
        assert len(to(voter)) == 3
        assert "begynder forfra" in to(voter)[-1].body
    telling.every_morning()
    assert len(to(bank)) == 3


def test_a_vote_whose_gate_opens_later_is_told_then(operator, consultant, firm) -> None:
    case, bank, _group = at_decision(operator, consultant, organisation=firm)
    contents.fill_in(case, {"amount": 600_000}, user=consultant, expected=case.version)
    Asked.objects.filter(case=case).delete()
    before = len(to(bank))
    contents.note(case, "Over loftet", user=consultant)
    assert len(to(bank)) == before
    contents.fill_in(case, {"amount": 400_000}, user=consultant, expected=fresh(case).version)
    assert len(to(bank)) == before + 1
    Asked.objects.filter(case=case).delete()
    assert telling.every_morning() == 4
    assert telling.every_morning() == 0


def asked(user: User) -> int:
    return len([letter for letter in to(user) if "venter på jer" in letter.subject])


def test_who_comes_later_is_asked_too_and_nobody_twice(operator, consultant, firm) -> None:
    case, bank, group = at_decision(operator, consultant, organisation=firm)
    late = user_as(Role.PARTNER, operator)
    contents.add_party(case, "group", user=consultant, party_user=late)
    contents.note(case, "Ringede", user=consultant)
    contents.add_party(fresh(case), "spar", user=consultant, party_user=late)
    telling.every_morning()
    assert [asked(user) for user in (bank, *group, late)] == [1] * 5
    assert Asked.objects.filter(case=case, round=fresh(case).round).count() == 5


def test_a_round_that_began_with_nobody_there_is_asked_when_somebody_is(operator, consultant, firm) -> None:
    case = opened(operator, values={"amount": 400_000}, organisation=firm)
    case = contents.tick(fresh(case), ["read"], user=consultant, expected=fresh(case).version)
    move(case, "complete", user=consultant, expected=case.version)
    bank = OrganisationFactory(operator=operator, name="Prøvebanken")
    contents.add_party(fresh(case), "bank", user=consultant, organisation=bank)
    assert telling.every_morning() == 0
    clerk = firm_user(bank)
    assert telling.every_morning() == 1
    colleague = firm_user(bank)
    Affiliation.objects.filter(person__user=colleague).update(may_act=False)
    assert telling.every_morning() == 0
    Affiliation.objects.filter(person__user=colleague).update(may_act=True)
    assert (telling.every_morning(), telling.every_morning()) == (1, 0)
    assert (asked(clerk), asked(colleague)) == (1, 1)


def test_who_has_voted_or_was_told_by_another_system_is_not_asked(operator, consultant, firm) -> None:
    case, bank, group = at_decision(operator, consultant, organisation=firm)
    Asked.objects.filter(case=case, user=group[0]).delete()
    vote(case, "decide", "yes", user=group[0], round=case.round)
    telling.every_morning()
    assert asked(group[0]) == 1
    imported = user_as(Role.PARTNER, operator)
    contents.add_party(fresh(case), "group", user=None, party_user=imported)
    contents.note(fresh(case), "Ringede", user=consultant)
    assert asked(imported) == 0
    assert asked(bank) == 1


def test_those_who_were_there_before_the_letters_were_counted_are_not_asked_again(
    operator, consultant, firm
) -> None:
    case, bank, group = at_decision(operator, consultant, organisation=firm)
    house = OrganisationFactory(operator=operator)
    clerk = firm_user(house)
    contents.add_party(case, "group", user=consultant, organisation=house)
    Asked.objects.all().delete()
    migration = import_module("brobygger.cases.migrations.0005_those_asked_already")
    for _ in range(2):
        migration.those_asked_already(apps, None)
    assert telling.every_morning() == 0
    assert [asked(user) for user in (bank, *group, clerk)] == [1] * 5
    contents.message(case, "Hej", user=firm_user(firm))
    Case.objects.filter(pk=case.pk).update(news_told="")
    migration.those_told_already(apps, None)
    assert fresh(case).news_told == operator.email


def test_a_partial_member_gets_nothing_and_sees_nothing(operator, consultant, firm, sign_in) -> None:
    case, _bank, group = at_decision(operator, consultant, organisation=firm)
    partial = group[0]
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=partial), organisation=firm)
    before = len(to(partial))
    newcomer = user_as(Role.PARTNER, operator)
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=newcomer), organisation=firm)
    contents.add_party(case, "group", user=consultant, party_user=newcomer)
    vote(fresh(case), "decide", "yes", user=group[1], round=fresh(case).round)
    contents.fill_in(fresh(case), {"amount": 1}, user=consultant, expected=fresh(case).version)
    assert (len(to(partial)), to(newcomer)) == (before, [])
    for user in (partial, newcomer):
        assert case.title not in shown(sign_in(user), "/min-side/")


def test_the_vote_waits_on_the_persons_own_page_until_they_have_voted(
    operator, consultant, firm, sign_in
) -> None:
    case, bank, group = at_decision(operator, consultant, organisation=firm)
    client = sign_in(bank)
    page = shown(client, "/min-side/")
    assert "Sager, der venter på jer" in page
    assert case.title in page
    assert "Der er ikke noget, der venter" not in page
    assert "ikke knyttet til en virksomhed" not in page
    vote(case, "decide", "yes", user=bank, round=case.round)
    assert case.title not in shown(client, "/min-side/")
    assert case.title in shown(sign_in(group[0]), "/min-side/")


def test_the_firms_own_page_shows_what_the_office_asks_and_what_is_due(
    case, owner, consultant, sign_in
) -> None:
    client = sign_in(owner)
    waiting.pause(case, "applicant", user=consultant, text="Send budgettet")
    contents.set_duty(case, "report", title="Halvårsrapport", due_on=day(10))
    contents.set_duty(case, "later", title="Slutrapport", due_on=day(100))
    page = shown(client, "/min-side/")
    assert "Svar på vores spørgsmål" in page
    assert "Halvårsrapport" in page
    assert "Slutrapport" not in page


def test_the_own_page_asks_no_more_with_many_cases(operator, consultant, firm, owner, sign_in) -> None:
    bank = user_as(Role.PARTNER, operator)
    client = sign_in(bank)
    counts = []
    for _ in range(2):
        for _number in range(2):
            case, _other, _group = at_decision(operator, consultant, organisation=firm)
            contents.add_party(case, "bank", user=consultant, party_user=bank)
        with CaptureQueriesContext(connection) as found:
            shown(client, "/min-side/")
        counts.append(len(found))
    assert counts[0] == counts[1]


# By the clock


def test_deadlines_stand_in_the_mornings_letter_and_one_that_passed_is_told_once(
    operator, firm, consultant
) -> None:
    case = opened(operator, organisation=firm, on=day(-60), values={"amount": 1}, officer=consultant)
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    move(case, "complete", user=consultant, expected=case.version, on=day(-43), reason="Post")
    assert fresh(case).due_on == day(-3)
    assert "fristen var den" in morning.body(consultant, day())
    assert tasks.warn(day()) == 1
    assert tasks.warn(day()) == 0
    assert "fristen var" in to(consultant)[-1].subject


def test_referrals_stand_in_the_mornings_letter(operator, firm, consultant) -> None:
    received = note_received(
        operator, wish(organisation=firm, partner=partner(operator, consultant)), user=consultant
    )
    assert f"{received} (henvist til jer)" in morning.body(consultant, day())


# The office's own duties


def test_the_offices_own_duty_is_ticked_off_with_a_note(
    operator, case, owner, consultant, as_consultant
) -> None:
    duty = contents.set_duty(case, "ask", title="Spørg investoren", due_on=day(), of_applicant=False)
    address = f"/sager/{case.pk}/skal/{duty.pk}/"
    assert address in shown(as_consultant, "/i-dag/")
    assert address in shown(as_consultant, case.get_absolute_url())
    assert "Spørg investoren" in morning.body(consultant, day())
    press(as_consultant, address, text="")
    assert case.duties.get().done_on is None
    press(as_consultant, address, text="De bygger til foråret")
    assert "De bygger til foråret" in shown(as_consultant, case.get_absolute_url())
    assert "Skal gøres i sager" not in shown(as_consultant, "/i-dag/")
    assert as_consultant.get(address).status_code == 404


def test_the_officer_is_reminded_of_it_and_not_the_applicant(case, owner, consultant) -> None:
    contents.set_duty(case, "ask", title="Spørg investoren", due_on=day(5), of_applicant=False)
    assert tasks.remind_the_office(day()) == 1
    assert tasks.remind_the_office(day()) == 0
    assert "Spørg investoren" in to(consultant)[-1].subject
    assert not CaseEvent.objects.filter(name="reminder").exists()
    assert "Spørg investoren" not in "".join(letter.subject for letter in to("firma@example.invalid"))


def test_the_applicant_does_not_tick_it_off(case, owner, sign_in) -> None:
    duty = contents.set_duty(case, "ask", title="Spørg investoren", due_on=day(), of_applicant=False)
    client = sign_in(owner)
    assert client.post(f"/sager/{case.pk}/skal/{duty.pk}/", {"text": "x"}).status_code == 403
    assert client.post(f"/sager/mine/{case.pk}/senest/{duty.pk}/", {"text": "x"}).status_code == 404


# Writing to each other


def test_the_office_and_the_applicant_write_to_each_other(
    case, firm, owner, consultant, as_consultant, sign_in
) -> None:
    client = sign_in(owner)
    contents.message(case, "Hvornår hører vi?", user=owner)
    key = "6e0cbe0c-3c0b-4f0e-9c3b-0a5d5a5f2f3e"
    address = f"/sager/{case.pk}/skriv/"
    assert owner.email in shown(as_consultant, address)
    for _ in range(2):
        press(as_consultant, address, text="På torsdag", entry_key=key)
    (letter,) = [row for row in to(owner) if "besked" in row.subject]
    assert "På torsdag" in letter.body
    assert letter.reply_to == consultant.email
    assert fresh(case).news is None, "the officer has the case open"
    page = shown(client, f"/sager/mine/{case.pk}/")
    assert "Vi skrev til jer" in page
    assert "På torsdag" in page
    for _ in range(2):
        press(
            client,
            f"/sager/mine/{case.pk}/besked/",
            text="Tak",
            entry_key="7e0cbe0c-3c0b-4f0e-9c3b-0a5d5a5f2f3e",
        )
    assert case.events.filter(kind="message").count() == 2
    assert "Vi skrev til jer" not in shown(client, f"/sager/mine/{case.pk}/")


def test_a_message_that_cannot_be_mailed_is_told(operator, consultant, as_consultant) -> None:
    case = opened(operator, applicant_name="En borger", officer=consultant)
    page = press(as_consultant, f"/sager/{case.pk}/skriv/", text="Ring til os")
    assert "ikke sendt" in page
    assert not Letter.objects.exists()


def test_others_do_not_write_to_the_applicant(operator, case, owner, firm, sign_in) -> None:
    partial = user_as(Role.HEAD, operator)
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=partial), organisation=firm)
    for user, status in ((owner, 403), (user_as(Role.CONSULTANT), 404), (partial, 404)):
        assert sign_in(user).post(f"/sager/{case.pk}/skriv/", {"text": "x"}).status_code == status
