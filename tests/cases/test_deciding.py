# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Going through gates and deciding: nobody skips, votes twice, decides alone, or acts on a stage that is passed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.cases.errors import (
    BadVote,
    CaseIsOver,
    Conflicted,
    MustBeDecided,
    NeedsReason,
    NoSuchWay,
    NotReady,
    NotYours,
    StagePassed,
    VotedAlready,
)
from brobygger.cases.models import Case, CaseEvent, Vote
from brobygger.cases.services import contents, documents
from brobygger.cases.services.moving import count, move, vote
from brobygger.cases.services.waiting import pause, resume
from brobygger.register.models import Organisation
from tests.cases.made import TRIAL, at_decision, fresh, opened, trial
from tests.factories import OrganisationFactory, firm_user, user_as
from tests.market.at_once import at_once


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, email="firma@example.invalid")


def test_a_case_goes_through_a_gate_when_everything_is_there(operator, consultant) -> None:
    case = opened(operator, values={"amount": 10})
    with pytest.raises(NotReady) as told:
        move(case, "complete", user=consultant, expected=case.version)
    assert told.value.missing == ["»Ansøgningen er læst« er ikke markeret."]
    case = contents.tick(fresh(case), ["read"], user=consultant, expected=fresh(case).version)
    case = move(case, "complete", user=consultant, expected=case.version)
    assert (case.stage, fresh(case).stage) == ("ready", "ready")


def test_a_gate_asks_for_its_fields(operator, consultant) -> None:
    case = opened(operator)
    with pytest.raises(NotReady) as told:
        move(case, "complete", user=consultant, expected=case.version)
    assert "»Beløb« mangler." in told.value.missing


def test_a_gate_cannot_be_skipped(operator, consultant) -> None:
    case = opened(operator, values={"amount": 10})
    for way in ("decide", "close", "nonsense"):
        with pytest.raises(NoSuchWay):
            move(case, way, user=consultant, expected=case.version)
    assert fresh(case).stage == "received"


def test_what_is_decided_by_votes_is_not_decided_alone(operator, consultant, head) -> None:
    case, bank, group = at_decision(operator, consultant)
    for user in (consultant, head, bank, group[0]):
        with pytest.raises(MustBeDecided):
            move(case, "decide", user=user, expected=case.version)


def test_bank_and_steering_group_must_both_say_yes(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    vote(case, "decide", "yes", user=bank, round=case.round)
    assert fresh(case).stage == "ready"
    vote(case, "decide", "yes", user=group[0], round=case.round)
    assert fresh(case).stage == "ready"
    vote(case, "decide", "yes", user=group[1], round=case.round)
    case = fresh(case)
    assert (case.stage, case.outcome, case.decided_on is not None) == ("granted", "granted", True)


def test_one_no_of_two_is_a_no_and_says_why(operator, consultant, firm) -> None:
    case, bank, group = at_decision(operator, consultant, organisation=firm)
    for member in group:
        vote(case, "decide", "yes", user=member, round=case.round)
    with pytest.raises(NeedsReason):
        vote(case, "decide", "no", user=bank, round=case.round)
    vote(case, "decide", "no", user=bank, round=case.round, reason="Der mangler sikkerhed")
    case = fresh(case)
    assert (case.stage, case.outcome, case.is_open) == ("refused", "refused", False)
    letter = Letter.objects.get(to=["firma@example.invalid"])
    assert "Der mangler sikkerhed" in letter.body
    with pytest.raises(CaseIsOver):
        contents.fill_in(case, {"amount": 1}, user=consultant, expected=case.version)


def test_nobody_votes_twice(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    vote(case, "decide", "yes", user=group[0], round=case.round)
    with pytest.raises(VotedAlready):
        vote(case, "decide", "yes", user=group[0], round=case.round)
    assert Vote.objects.count() == 1


def test_one_person_does_not_fill_two_seats(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    contents.add_party(case, "group", user=consultant, party_user=bank)
    case = fresh(case)
    vote(case, "decide", "yes", user=bank, round=case.round, of="bank")
    with pytest.raises(VotedAlready):
        vote(case, "decide", "yes", user=bank, round=case.round, of="group")


def test_outsiders_do_not_vote(operator, consultant) -> None:
    case, *_ = at_decision(operator, consultant)
    for user in (consultant, user_as(Role.PARTNER, operator), user_as(Role.CONSULTANT)):
        with pytest.raises(NotYours):
            vote(case, "decide", "yes", user=user, round=case.round)


def test_a_party_to_the_case_neither_votes_nor_sees_it(operator, consultant, firm) -> None:
    case, bank, group = at_decision(operator, consultant, organisation=firm)
    owner = firm_user(firm)
    contents.add_party(case, "group", user=consultant, party_user=owner)
    assert Case.objects.visible_to(group[0]).get() == case
    assert not Case.objects.visible_to(owner).exists()
    with pytest.raises(Conflicted):
        vote(case, "decide", "yes", user=owner, round=case.round)


def test_a_consultant_with_a_role_in_the_firm_neither_sees_nor_handles_its_case(
    operator, consultant, firm
) -> None:
    from brobygger.register.models import Affiliation
    from tests.factories import PersonFactory

    partial = user_as(Role.CONSULTANT, operator)
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=partial), organisation=firm)
    case = opened(operator, organisation=firm, values={"amount": 10})
    assert not Case.objects.visible_to(partial).exists()
    assert Case.objects.visible_to(consultant).exists()
    with pytest.raises(Conflicted):
        move(case, "complete", user=partial, expected=case.version)
    with pytest.raises(Conflicted):
        contents.note(case, "Psst", user=partial)
    with pytest.raises(Conflicted):
        contents.fill_in(case, {"amount": 1}, user=partial, expected=case.version)


def test_a_member_who_says_they_are_partial_steps_out_and_their_vote_with_them(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    vote(case, "decide", "yes", user=bank, round=case.round)
    vote(case, "decide", "yes", user=group[0], round=case.round)
    contents.recuse(case, group[0], user=group[0], reason="Min søster ejer firmaet")
    assert not Case.objects.visible_to(group[0]).exists()
    vote(case, "decide", "yes", user=group[1], round=case.round)
    assert fresh(case).stage == "ready", "one vote of two is no quorum"
    vote(case, "decide", "yes", user=group[2], round=case.round)
    assert fresh(case).stage == "granted"


def test_a_vote_on_a_page_that_is_passed_does_nothing(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    old = case.round
    case = move(case, "back", user=consultant, expected=case.version, reason="Mangler bilag")
    case = move(case, "complete", user=consultant, expected=case.version)
    with pytest.raises(StagePassed):
        vote(case, "decide", "yes", user=bank, round=old)


def test_votes_begin_again_when_what_they_were_about_is_changed(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    vote(case, "decide", "yes", user=bank, round=case.round)
    case = contents.fill_in(fresh(case), {"amount": 500_000}, user=consultant, expected=fresh(case).version)
    for member in group:
        vote(case, "decide", "yes", user=member, round=case.round)
    assert fresh(case).stage == "ready", "the bank has not answered about the new amount"
    vote(case, "decide", "yes", user=bank, round=case.round)
    assert fresh(case).stage == "granted"


@pytest.mark.parametrize("what", ["added", "replaced", "removed"])
def test_votes_begin_again_when_those_who_decide_have_other_papers(
    operator, consultant, firm, sign_in, what
) -> None:
    seen = "most_mb: 2, seen_by: [applicant, bank, group]"
    trial(operator, TRIAL.replace("most_mb: 2", seen))
    case, bank, _group = at_decision(operator, consultant, organisation=firm)
    owner = firm_user(firm)
    first = documents.add(case, paper(), kind="budget", user=owner)
    vote(case, "decide", "yes", user=bank, round=case.round)
    if what == "removed":
        documents.remove(first, user=consultant, reason="Forkert fil")
    else:
        older = first if what == "replaced" else None
        documents.add(case, paper(), kind="budget", user=owner, replaces=older)
    assert fresh(case).round == case.round + 1
    again = Letter.objects.filter(to=[bank.email]).order_by("created_at").last()
    assert "begynder forfra, fordi sagens dokumenter er andre" in again.body
    contents.recuse(fresh(case), _group[0], user=_group[0], reason="Min bror ejer den")
    assert "Min bror" not in sign_in(_group[1]).get(f"/sager/{case.pk}/").content.decode()
    for reader in (bank, consultant):
        page = sign_in(reader).get(f"/sager/{case.pk}/").content.decode()
        assert "Afstemningen begynder forfra, fordi sagens dokumenter er andre." in page
    documents.add(case, paper(), kind="", user=consultant)
    vote(fresh(case), "decide", "yes", user=bank, round=case.round + 1)
    documents.add(case, paper(), kind="", user=consultant)
    assert fresh(case).round == case.round + 1, "what they do not read changes nothing"


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("budget.pdf", b"%PDF-1.4\ntrailer\n<<>>\n%%EOF\n", "application/pdf")


def test_a_rule_stands_in_the_way_with_its_figures(operator, consultant) -> None:
    case, bank, _group = at_decision(operator, consultant)
    case = contents.fill_in(case, {"amount": 500_001}, user=consultant, expected=case.version)
    with pytest.raises(NotReady) as told:
        vote(case, "decide", "yes", user=bank, round=case.round)
    assert "Loftet er 500.000 kr." in str(told.value)
    case = contents.fill_in(case, {"newcomer": True}, user=consultant, expected=case.version)
    vote(case, "decide", "yes", user=bank, round=case.round)


def test_nothing_is_decided_while_somebody_is_waited_for(operator, consultant) -> None:
    case, bank, _group = at_decision(operator, consultant)
    pause(case, "applicant", user=consultant, text="Send et nyt budget")
    with pytest.raises(NotReady):
        vote(fresh(case), "decide", "yes", user=bank, round=case.round)


def test_a_majority_is_counted_when_the_quorum_is_there(operator, consultant) -> None:
    case, bank, group = at_decision(operator, consultant)
    for _ in range(2):
        contents.add_party(case, "group", user=consultant, party_user=user_as(Role.PARTNER, operator))
    case = fresh(case)
    vote(case, "decide", "yes", user=bank, round=case.round)
    vote(case, "decide", "yes", user=group[0], round=case.round)
    with pytest.raises(BadVote):
        count(case, "decide", user=consultant, round=case.round)
    vote(case, "decide", "yes", user=group[1], round=case.round)
    assert fresh(case).stage == "ready", "three of five could still say no"
    with pytest.raises(NotYours):
        count(case, "decide", user=group[0], round=case.round)
    count(case, "decide", user=consultant, round=case.round)
    assert fresh(case).stage == "granted"


def four_in_the_group(operator, consultant) -> tuple[Case, User, list[User]]:
    """Before the decision; the bank has said yes."""
    case, bank, group = at_decision(operator, consultant)
    group.append(user_as(Role.PARTNER, operator))
    contents.add_party(case, "group", user=consultant, party_user=group[-1])
    vote(fresh(case), "decide", "yes", user=bank, round=case.round)
    return fresh(case), bank, group


def test_the_votes_are_not_counted_at_a_gate_that_has_closed_since(operator, consultant) -> None:
    case, _bank, group = four_in_the_group(operator, consultant)
    for member in group[:2]:
        vote(case, "decide", "yes", user=member, round=case.round)
    asked = pause(fresh(case), "applicant", user=consultant, text="Send et nyt budget")
    with pytest.raises(NotReady):
        count(case, "decide", user=consultant, round=case.round)
    assert fresh(case).stage == "ready"
    resume(fresh(case), asked, user=consultant, text="Her")
    count(case, "decide", user=consultant, round=case.round)
    assert fresh(case).stage == "granted"


def test_what_is_decided_because_the_last_one_stepped_out_is_carried_out_by_the_office(
    operator, consultant, as_consultant
) -> None:
    case, _bank, group = four_in_the_group(operator, consultant)
    for member, answer in zip(group, ("yes", "yes", "no"), strict=False):
        vote(case, "decide", answer, user=member, round=case.round, reason="Nej" if answer == "no" else "")
    assert "Tæl stemmerne op" not in as_consultant.get(case.get_absolute_url()).content.decode()
    contents.recuse(fresh(case), group[3], user=group[3], reason="Min søster ejer firmaet")
    assert fresh(case).stage == "ready"
    assert "Tæl stemmerne op" in as_consultant.get(case.get_absolute_url()).content.decode()
    as_consultant.post(f"/sager/{case.pk}/optael/decide/", {"round": case.round})
    assert fresh(case).stage == "granted"


@pytest.mark.parametrize(("answer", "fault"), [("abstain", BadVote), ("måske", BadVote)])
def test_an_answer_that_the_ballot_does_not_take(operator, consultant, answer, fault) -> None:
    case, bank, _group = at_decision(operator, consultant)
    with pytest.raises(fault):
        vote(case, "decide", answer, user=bank, round=case.round)


def test_a_stale_page_does_not_move_the_case(operator, consultant) -> None:
    case = opened(operator)
    contents.note(case, "Ringede", user=consultant)
    with pytest.raises(EditedMeanwhile):
        move(case, "withdraw", user=consultant, expected=case.version, reason="Fortrudt")


def test_the_applicant_takes_only_the_ways_that_are_theirs(operator, consultant, firm) -> None:
    owner = firm_user(firm)
    case = opened(operator, organisation=firm, values={"amount": 10})
    with pytest.raises(NotYours):
        move(case, "complete", user=owner, expected=case.version)
    with pytest.raises(NeedsReason):
        move(case, "withdraw", user=owner, expected=case.version)
    case = move(case, "withdraw", user=owner, expected=case.version, reason="Vi bygger ikke")
    assert (case.stage, case.outcome) == ("withdrawn", "withdrawn")


def test_an_event_is_never_changed(operator) -> None:
    event = CaseEvent.objects.get(case=opened(operator))
    event.text = "Noget andet"
    with pytest.raises(TypeError):
        event.save()


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_it_at_the_same_moment_settle_it_once(operator, consultant, tmp_path: Path) -> None:
    case, bank, group = at_decision(operator, consultant)
    vote(case, "decide", "yes", user=group[0], round=case.round)

    def say(user: User):
        return lambda: vote(case, "decide", "yes", user=user, round=case.round)

    def moved() -> tuple[str, int, int]:
        events = CaseEvent.objects.filter(case=case, kind="moved", name="decide")
        return fresh(case).stage, events.count(), Letter.objects.count()

    faults, end = at_once(tmp_path, [say(bank), say(group[1]), say(bank), say(group[1])], moved)
    assert (end[0], end[1]) == ("granted", 1)
    assert {type(fault) for fault in faults} <= {VotedAlready, StagePassed}
    assert len(faults) == 2


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_move_at_the_same_moment_move_it_once(
    operator, consultant, head, tmp_path: Path
) -> None:
    case = opened(operator, values={"amount": 1})
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)

    def go(user: User, way: str):
        return lambda: move(case, way, user=user, expected=case.version, reason="Sådan er det")

    faults, moves = at_once(
        tmp_path,
        [go(consultant, "complete"), go(head, "withdraw")],
        CaseEvent.objects.filter(case=case, kind="moved").count,
    )
    assert moves == 1
    assert [type(fault) for fault in faults] == [EditedMeanwhile]


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once_however_many_open_cases(operator, tmp_path: Path) -> None:
    opened(operator)
    _faults, numbers = at_once(
        tmp_path,
        [lambda: opened(operator) for _ in range(4)],
        lambda: sorted(Case.objects.values_list("number", flat=True)),
    )
    year = fresh(Case.objects.first()).opened_on.year
    assert numbers == [f"PRV-{year}-{n:04d}" for n in range(1, 6)]
