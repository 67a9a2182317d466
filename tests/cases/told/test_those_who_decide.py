# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Those who decide or advise are written to when they come in and when the case waits for them: once each."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps

from brobygger.accounts.models import Role, User
from brobygger.cases.models import Asked, Case
from brobygger.cases.services import contents, telling
from brobygger.cases.services.moving import move, vote
from brobygger.register.models import Affiliation
from tests.cases.made import at_decision, fresh, opened, shown
from tests.cases.told.made import to
from tests.factories import OrganisationFactory, PersonFactory, firm_user, user_as


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
