# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Attempts to get past a gate by moving the people around it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from brobygger.accounts.models import Role
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.errors import BadValues, MustBeDecided, NotYours
from brobygger.cases.models import Case, CaseEvent, Vote
from brobygger.cases.services import contents
from brobygger.cases.services.moving import move, vote
from brobygger.cases.services.opening import open_case
from brobygger.cases.tasks import warn
from brobygger.cases.tenders import opening as bids
from brobygger.cases.tenders import texts
from brobygger.cases.tenders.errors import OpenedAlready
from brobygger.register.models import Affiliation
from tests.cases.made import at_decision, day, fresh, opened
from tests.cases.tenders import made
from tests.factories import OrganisationFactory, PersonFactory, firm_user, user_as
from tests.market.at_once import at_once


def say(case: Case, answer: str, user, **more) -> Case:
    return vote(fresh(case), "decide", answer, user=user, round=fresh(case).round, **more)


def test_nobody_gives_themselves_a_vote(operator, consultant, head, as_consultant) -> None:
    case, _bank, _group = at_decision(operator, consultant)
    for role in ("bank", "group"):
        with pytest.raises(BadValues, match="dig selv"):
            contents.add_party(case, role, user=consultant, party_user=consultant)
    as_consultant.post(f"/sager/{case.pk}/part/", {"role": "bank", "user": consultant.pk, "name": ""})
    assert not case.parties.filter(user=consultant).exists()
    assert case.parties.filter(role="bank", ended_at=None).count() == 1, (
        "the bank that was there keeps its seat"
    )
    contents.add_party(case, "spar", user=consultant, party_user=consultant)  # advises, decides nothing
    contents.add_party(case, "group", user=head, party_user=consultant)  # a colleague's decision


def test_nor_through_an_organisation_that_they_act_for(operator, consultant) -> None:
    case, _bank, _group = at_decision(operator, consultant)
    own_bank = OrganisationFactory(operator=operator)
    person = PersonFactory(operator=operator, user=consultant)
    Affiliation.objects.create(person=person, organisation=own_bank, may_act=True)
    with pytest.raises(BadValues, match="dig selv"):
        contents.add_party(case, "bank", user=consultant, organisation=own_bank)
    with pytest.raises(BadValues, match="dig selv"):
        contents.add_party(case, "bank", user=consultant, person=person)


def test_a_no_is_not_removed_with_the_one_who_said_it(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    contents.add_party(case, "group", user=consultant, party_user=(fourth := user_as(Role.PARTNER, operator)))
    say(case, "yes", bank)
    say(case, "no", group[0], reason="For usikkert")
    contents.end_party(case, case.parties.get(user=group[0]), user=consultant)
    for member in (group[1], group[2], fourth):
        say(case, "yes", member)
        assert fresh(case).stage == "ready", "the bank is asked again too: everybody begins anew"
        if member is group[2]:
            break
    assert Vote.objects.filter(case=case, round=fresh(case).round).count() == 2
    say(case, "yes", bank)
    assert fresh(case).stage == "granted"


def test_voters_brought_in_while_it_is_voted_begin_it_anew(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    say(case, "no", group[0], reason="For usikkert")
    before = fresh(case).round
    contents.add_party(case, "group", user=consultant, party_user=user_as(Role.PARTNER, operator))
    assert fresh(case).round == before + 1
    contents.add_party(case, "spar", user=consultant, name="Rådgiver")
    assert fresh(case).round == before + 1, "an adviser decides nothing"


def test_the_partial_are_not_let_in_again_by_themselves(operator, consultant, head) -> None:
    case, _bank, group = at_decision(operator, consultant)
    party = contents.recuse(case, group[0], user=group[0], reason="Svoger til ansøgeren")
    with pytest.raises(NotYours):
        contents.end_party(case, party, user=group[0])


def test_a_partial_officer_is_not_written_to(operator, consultant) -> None:
    firm = OrganisationFactory(operator=operator)
    case = opened(operator, organisation=firm, officer=consultant, on=day(-40), values={"amount": 1})
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    move(case, "complete", user=consultant, expected=case.version, on=day(-35), reason="Post")
    person = PersonFactory(operator=operator, user=consultant)
    Affiliation.objects.create(person=person, organisation=firm, may_act=False)
    assert (warn(day()), Letter.objects.count()) == (0, 0)
    Affiliation.objects.filter(person=person).delete()
    assert warn(day()) == 1


def test_a_case_is_not_opened_with_a_partial_officer(operator, consultant, head) -> None:
    firm = OrganisationFactory(operator=operator)
    person = PersonFactory(operator=operator, user=consultant)
    Affiliation.objects.create(person=person, organisation=firm, may_act=False)
    adopt_shipped(operator, "case_type", "grant_application", user=None)
    for user in (head, consultant):
        with pytest.raises(BadValues, match="inhabil"):
            open_case(
                operator, "grant_application", title="Kedel", user=user, organisation=firm, officer=consultant
            )
    assert not Case.objects.exists()


@pytest.mark.parametrize("key", ["grant_application", "concept_loan", "building_case", "challenge", "angel_capital",
                                 "symbiosis_plan", "investor_enquiry", "barrier_programme"])  # fmt: skip
def test_no_way_of_any_delivered_type_is_open_to_the_wrong_role(
    operator, consultant, sign_in, key: str
) -> None:
    adopt_shipped(operator, "case_type", key, user=None)
    firm = OrganisationFactory(operator=operator)
    kind_subtype = {"building_case": "industry"}.get(key, "")
    case = open_case(operator, key, title="Sag", user=None, organisation=firm, subtype=kind_subtype)
    wrong = {
        "partner": user_as(Role.PARTNER, operator), "other firm": firm_user(OrganisationFactory(operator=operator)),
        "other office": user_as(Role.CONSULTANT), "applicant": firm_user(firm),
    }  # fmt: skip
    for stage in case.type.stages:
        Case.objects.filter(pk=case.pk).update(stage=stage.key)
        for way in stage.moves:
            for who, person in wrong.items():
                if who == "applicant" and "applicant" in way.by:
                    continue
                with pytest.raises((NotYours, MustBeDecided)):
                    move(fresh(case), way.key, user=person, expected=fresh(case).version, reason="x")
    for who, person in wrong.items():
        client = sign_in(person)
        way = case.type.stages[0].moves[0].key
        for path in (
            f"videre/{way}/",
            f"stem/{way}/",
            f"optael/{way}/",
            "udbetaling/",
            "part/",
            "oplysninger/",
        ):
            answer = client.post(f"/sager/{case.pk}/{path}", {"opened_version": fresh(case).version})
            assert answer.status_code in (403, 404, 405), (who, path)


@pytest.mark.django_db(transaction=True)
def test_two_who_pay_at_the_same_moment_pay_no_more_than_was_granted(
    operator, consultant, head, tmp_path
) -> None:
    from tests.cases.test_delivered_types import grant, granted, sent

    case = granted(
        sent(grant(operator, OrganisationFactory(operator=operator)), consultant), consultant, 400_000
    )

    def pay(user):
        return lambda: contents.pay(case, Decimal(250_000), on=day(), text="Rate", user=user)

    faults, paid = at_once(tmp_path, [pay(consultant), pay(head)], lambda: fresh(case).paid)
    assert paid == 250_000
    assert [type(fault) for fault in faults] == [BadValues]


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_an_opening_at_the_same_moment_open_the_bids_once(
    operator, consultant, tmp_path
) -> None:
    story = made.published(operator, consultant)
    story.bid()
    story.pass_deadline()
    bids.begin(story.tender, user=story.officer)
    third = user_as(Role.CONSULTANT, operator)

    def confirm(user):
        return lambda: bids.confirm(story.tender, user=user)

    opened_events = CaseEvent.objects.filter(case=story.case, name="bids_opened").count
    faults, times = at_once(tmp_path, [confirm(story.colleague), confirm(third)], opened_events)
    assert times == 1
    assert [type(fault) for fault in faults] == [OpenedAlready]


@pytest.mark.django_db(transaction=True)
def test_two_who_change_a_tender_at_the_same_moment_change_it_once(operator, consultant, tmp_path) -> None:
    story = made.published(operator, consultant)
    seen = story.fresh().version

    def change(user, criteria):
        return lambda: texts.change(
            story.tender, {"criteria": criteria}, reason="Andet", user=user, expected=seen
        )

    faults, versions = at_once(
        tmp_path,
        [change(story.officer, "Pris"), change(story.colleague, "Klima")],
        story.tender.versions.count,
    )
    assert versions == 2
    assert [type(fault) for fault in faults] == [EditedMeanwhile]
