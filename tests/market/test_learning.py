# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An office's answers re-weight its suggestions: when somebody switches it on, only there, and back again."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Role
from brobygger.base.models import Job
from brobygger.engine.parts import WEIGHTS
from brobygger.market.models import Match, Suggestion, WeightSwitch, WeightVersion
from brobygger.market.queries.learning import answers_of
from brobygger.market.services import learning, matching
from brobygger.market.services.matching.weights import weights_in_use
from tests.factories import (
    ListingFactory,
    OperatorFactory,
    OrganisationFactory,
    SuggestionFactory,
    firm_user,
    user_as,
)

PAGE = reverse("market:weights")
USE = reverse("market:use_weights")
BACK = reverse("market:restore_weights", args=[0])
PALLETS = "pallets"
_numbers = count()


def answered(operator, user, good, *, near, reason="too_far", have=None, need=None, state=None, **parts):
    """A suggestion that was decided: near ones covered badly, far ones covered well.

    Unless told otherwise it is about pallets, so that it competes with none of the test's own listings.
    """
    mine = OrganisationFactory(operator=operator)
    row = SuggestionFactory(
        have=have or ListingFactory(organisation=mine, resource_type=PALLETS, text="Paller"),
        need=need
        or ListingFactory(
            organisation=OrganisationFactory(operator=operator),
            side="need",
            resource_type=PALLETS,
            text="Vi søger",
        ),
        operator=operator,
        parts={"type": 1.0, "distance": near, "quantity": 0.6, "time": None, "text": 0.75, "conditions": 1.0}
        | parts,
        state=state or ("accepted" if good else "declined"),
        decline_reason="" if good else reason,
        decided_by=user,
        decided_at=timezone.now(),
    )
    return row


def near_ones_are_chosen(operator, user, of_each=20):
    """The office says yes to what is near and no, too far, to what is not."""
    for n in range(of_each):
        answered(operator, user, True, near=0.7 + 0.01 * n)
        answered(operator, user, False, near=0.2 + 0.01 * n)


def proposed(operator):
    return learning.propose(operator).learned.weights


def test_answers_move_the_weights_and_nothing_is_used_before_somebody_says_so(operator, consultant):
    near_ones_are_chosen(operator, consultant)
    proposal = learning.propose(operator)
    assert proposal.learned.weights["distance"] > WEIGHTS["distance"] + 0.02
    assert proposal.counts["accepted"] == proposal.counts["declined"] == 20
    assert weights_in_use(operator.pk) == WEIGHTS
    assert not WeightVersion.objects.exists()


def test_without_answers_and_with_few_the_weights_are_the_shipped_ones(operator, consultant):
    assert proposed(operator) == WEIGHTS
    near_ones_are_chosen(operator, consultant, of_each=4)
    assert proposed(operator) == WEIGHTS
    assert not learning.propose(operator).is_new
    with pytest.raises(learning.NothingLearned):
        learning.take_into_use(operator, consultant, WEIGHTS)


def test_what_is_taken_into_use_scores_the_suggestions_and_going_back_undoes_it(operator, consultant):
    have = ListingFactory(organisation=OrganisationFactory(operator=operator, x=680000.0))
    ListingFactory(
        organisation=OrganisationFactory(operator=operator, x=700000.0),
        side="need",
        resource_type="cattle_feed",
        text="Foder til kvæg",
        quantity=Decimal(4),
    )
    matching.refresh_all(operator)
    pair = Suggestion.objects.get(have=have, kind="pair")
    shipped = pair.score
    near_ones_are_chosen(operator, consultant)
    version = learning.take_into_use(operator, consultant, proposed(operator))
    matching.refresh_listing(have)
    pair.refresh_from_db()
    assert pair.score != shipped
    assert pair.score == pytest.approx(
        pair.parts["type"]
        * sum(
            version.weights[name] * (0.5 if pair.parts[name] is None else pair.parts[name])
            for name in WEIGHTS
        ),
        abs=2e-6,
    )
    alone = pair.score
    matching.refresh_all(operator)
    pair.refresh_from_db()
    assert pair.score == alone
    learning.go_back(operator, consultant, 0)
    matching.refresh_all(operator)
    pair.refresh_from_db()
    assert pair.score == shipped


def test_a_version_keeps_who_when_what_it_was_learned_from_and_what_it_changed(operator, consultant):
    near_ones_are_chosen(operator, consultant)
    version = learning.take_into_use(operator, consultant, proposed(operator))
    assert (version.number, version.made_by, version.before) == (1, consultant, WEIGHTS)
    assert (version.learned_from["good"], version.learned_from["bad"]) == (20, 20)
    assert set(version.effect) == {"looked_at", "newcomers", "moved", "furthest"}
    firms = {row.have.organisation.name for row in Suggestion.objects.all()}
    told = json.dumps([version.learned_from, version.effect])
    assert not any(name in told for name in firms)


def test_every_switch_is_kept_and_any_earlier_version_can_be_used_again(operator, consultant):
    near_ones_are_chosen(operator, consultant)
    first = learning.take_into_use(operator, consultant, proposed(operator))
    near_ones_are_chosen(operator, consultant)
    second = learning.take_into_use(operator, consultant, proposed(operator))
    assert second.number == 2
    assert second.before == first.weights
    head = user_as(Role.HEAD, operator)
    learning.go_back(operator, head, 1)
    assert weights_in_use(operator.pk) == first.weights
    learning.go_back(operator, head, 0)
    assert weights_in_use(operator.pk) == WEIGHTS
    with pytest.raises(learning.NothingLearned):
        learning.go_back(operator, head, 0)
    switches = WeightSwitch.objects.filter(operator=operator).order_by("pk")
    assert [(row.version and row.version.number, row.by) for row in switches] == [
        (1, consultant), (2, consultant), (1, head), (None, head),
    ]  # fmt: skip


def test_reasons_that_say_nothing_about_the_parts_are_left_out(operator, consultant):
    for reason in ("wrong_thing", "known", "unwanted", "other"):
        answered(operator, consultant, False, near=0.2, reason=reason)
    answered(operator, consultant, False, near=0.99)
    answered(operator, consultant, False, near=None)
    answered(operator, consultant, False, near=0.9, reason="timing")
    found = answers_of(operator)
    assert found.answers == []
    assert found.counts["left_out"] == 7


def test_what_came_of_a_match_counts_double(operator, consultant):
    def matched(row, stage, **fields):
        return Match.objects.create(
            operator=operator, suggestion=row, have=row.have, need=row.need, giver=row.have.organisation,
            taker=row.need.organisation, stage=stage, **fields,
        )  # fmt: skip

    matched(answered(operator, consultant, True, near=0.8), "running")
    matched(answered(operator, consultant, True, near=0.8), "introduced")
    failed = answered(operator, consultant, False, near=0.2)
    matched(failed, "fell_through", why_not="too_far")
    found = answers_of(operator)
    assert sorted((answer.good, answer.weight) for answer in found.answers) == [(False, 2.0), (True, 1.0), (True, 2.0)]  # fmt: skip
    assert (found.counts["ran"], found.counts["accepted"], found.counts["failed"]) == (1, 1, 1)


def test_firms_own_noes_are_not_learned_from(operator, consultant):
    farm = OrganisationFactory(operator=operator)
    answered(operator, firm_user(farm), False, near=0.2)
    answered(operator, user_as(Role.FIRM, OperatorFactory()), False, near=0.2)
    assert answers_of(operator).answers == []
    answered(operator, consultant, False, near=0.2)
    assert len(answers_of(operator).answers) == 1


def test_confidential_listings_are_never_learned_from_not_even_the_offices_own(operator, consultant):
    near_ones_are_chosen(operator, consultant)
    before = learning.propose(operator)
    secret = ListingFactory(organisation=OrganisationFactory(operator=operator), visibility="broker")
    wanted = ListingFactory(
        organisation=OrganisationFactory(operator=operator), side="need", visibility="broker"
    )
    for n in range(15):
        answered(operator, consultant, True, near=0.1 + 0.001 * n, have=secret)
        answered(operator, consultant, False, near=0.9, need=wanted)
        SuggestionFactory(
            have=secret,
            need=ListingFactory(organisation=OrganisationFactory(operator=operator), side="need"),
            operator=operator,
            parts=before.rows[0].suggestion.parts if before.rows else {"type": 1.0},
        )
    after = learning.propose(operator)
    assert after.learned == before.learned
    assert after.counts == before.counts
    assert [row.suggestion.pk for row in after.rows] == [row.suggestion.pk for row in before.rows]
    assert after.effect == before.effect


def test_nothing_is_learned_across_operators(operator, consultant):
    neighbour = OperatorFactory()
    theirs = user_as(Role.CONSULTANT, neighbour)
    near_ones_are_chosen(neighbour, theirs)
    assert answers_of(operator).answers == []
    learning.take_into_use(neighbour, theirs, proposed(neighbour))
    assert weights_in_use(operator.pk) == WEIGHTS
    hidden = ListingFactory(organisation=OrganisationFactory(operator=neighbour), visibility="broker")
    members = ListingFactory(organisation=OrganisationFactory(operator=neighbour), visibility="members")
    shown = ListingFactory(organisation=OrganisationFactory(operator=neighbour))
    for have in (hidden, members, shown):
        answered(operator, consultant, True, near=0.8, have=have)
    assert len(answers_of(operator).answers) == 1


def test_a_neighbour_scores_what_it_is_offered_with_its_own_weights(operator, consultant):
    neighbour = OperatorFactory()
    need = ListingFactory(
        organisation=OrganisationFactory(operator=neighbour, x=700000.0),
        side="need",
        resource_type="cattle_feed",
        text="Foder til kvæg",
    )
    near_ones_are_chosen(operator, consultant)
    learning.take_into_use(operator, consultant, proposed(operator))
    have = ListingFactory(organisation=OrganisationFactory(operator=operator, x=680000.0))
    matching.refresh_listing(have)
    ours = Suggestion.objects.get(operator=operator, have=have, need=need)
    theirs = Suggestion.objects.get(operator=neighbour, have=have, need=need)
    assert ours.score != theirs.score
    offered = theirs.score
    matching.refresh_listing(need)
    theirs.refresh_from_db()
    assert theirs.score == pytest.approx(offered, abs=2e-6)
    ours.refresh_from_db()
    assert ours.score != pytest.approx(offered, abs=1e-4)


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER])
def test_others_than_the_office_and_the_administrator_may_not_switch(sign_in, operator, consultant, role):
    near_ones_are_chosen(operator, consultant)
    other = user_as(role, operator)
    browser = sign_in(other)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(USE, {"vaegte": json.dumps(proposed(operator))}).status_code == 403
    with pytest.raises(learning.MayNotSwitch):
        learning.take_into_use(operator, other, proposed(operator))
    with pytest.raises(learning.MayNotSwitch):
        learning.take_into_use(operator, user_as(Role.HEAD), proposed(operator))
    assert not WeightSwitch.objects.exists()


def test_the_page_says_what_is_missing_until_there_are_answers_enough(as_consultant):
    body = as_consultant.get(PAGE).content.decode()
    assert "Der er for få svar at lære af endnu" in body
    assert "I bruger de leverede vægte" in body
    assert "Brug de lærte vægte" not in body


def test_the_page_shows_weights_reasons_and_preview_and_switches_on_and_back(
    as_consultant, operator, consultant
):
    near_ones_are_chosen(operator, consultant)
    best = [
        answered(operator, consultant, True, near=0.1 + 0.2 * n, quantity=0.95 - 0.3 * n, state="new")
        for n in range(4)
    ]
    answer = as_consultant.get(PAGE)
    body = answer.content.decode()
    assert "20 nej handlede om det." in body
    assert "35 %" in body
    assert best[0].have.organisation.name in body
    assert answer.context["proposal"].effect.moved > 0
    done = as_consultant.post(USE, {"vaegte": answer.context["looked_at"]}, follow=True).content.decode()
    assert "Version 1 er taget i brug" in done
    assert "I bruger version 1" in done
    assert "Det, der er lært, er allerede i brug" in done
    assert Job.objects.get().kind == "suggestions"
    back = as_consultant.post(BACK, follow=True).content.decode()
    assert "De leverede vægte er i brug igen" in back
    assert "Brug version 1 igen" in back
    again = reverse("market:restore_weights", args=[1])
    assert "Version 1 er i brug igen" in as_consultant.post(again, follow=True).content.decode()
    assert as_consultant.post(reverse("market:restore_weights", args=[7])).status_code == 404
    assert as_consultant.post(reverse("market:restore_weights", args=[2**62])).status_code == 404


def test_an_administrator_switches_by_figures_and_sees_no_firms(sign_in, operator, consultant):
    near_ones_are_chosen(operator, consultant)
    shown = answered(operator, consultant, True, near=0.5, state="new")
    browser = sign_in(user_as(Role.ADMIN, operator))
    answer = browser.get(PAGE)
    assert shown.have.organisation.name not in answer.content.decode()
    assert shown.have.text not in answer.content.decode()
    browser.post(USE, {"vaegte": answer.context["looked_at"]})
    assert WeightSwitch.objects.get().version.number == 1


@pytest.mark.parametrize("sent", ["", "[]", "{", '{"distance": 1}', "null"])
def test_weights_that_nobody_looked_at_are_not_taken_into_use(as_consultant, operator, consultant, sent):
    near_ones_are_chosen(operator, consultant)
    body = as_consultant.post(USE, {"vaegte": sent}, follow=True).content.decode()
    assert "Se dem igen" in body
    assert not WeightSwitch.objects.exists()
