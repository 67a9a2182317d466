# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The demo's talks with the brewery: few, invented, open to it, and no more than its listings say; and who can sign in."""

from __future__ import annotations

import pytest

from brobygger.accounts.models import Membership, Operator, Role, User
from brobygger.base.models import Letter
from brobygger.demo import actors, talks_year
from brobygger.demo.management.commands.demo import SIGN_INS, sign_ins
from brobygger.dialogue.models import ActionPlan, Assessment, FollowUp, Interaction
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory, firm_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> tuple[Organisation, Organisation]:
    """The brewery and the firm that bids, after the demo has told of them twice."""
    offices = actors.create_offices()
    people = actors.create_people(offices, "prøve-kodeord-123")
    made = actors.create_actors(offices, people)
    bids = OrganisationFactory(operator=offices[actors.OFFICE], invented=True)
    firm_user(bids, email=talks_year.BIDS)
    for _ in range(2):
        talks_year.tell(people, made)
    return made[actors.FIRM_OF_THE_FIRM_USER], bids


def test_the_brewery_has_a_few_talks_that_it_reads_itself(told) -> None:
    brewery, _bids = told
    own = User.objects.get(email="virksomhed@demo.invalid")
    talks = Interaction.objects.visible_to(own).filter(organisations=brewery)
    assert talks.count() == len(talks_year.TALKS)
    assert all(talk.invented for talk in talks)
    assert FollowUp.objects.filter(organisation=brewery).count() == 1
    assert not Letter.objects.exists()


def test_a_firm_that_exists_is_not_judged_and_has_no_plan(told) -> None:
    brewery, bids = told
    assert not Assessment.objects.filter(organisation=brewery).exists()
    plan = ActionPlan.objects.get()
    assert (plan.organisation, plan.invented) == (bids, True)
    assert ActionPlan.objects.shared_with(User.objects.get(email=talks_year.BIDS)).get() == plan


def test_everybody_who_can_sign_in_is_told_by_role_and_nobody_who_cannot(told) -> None:
    shown = dict(sign_ins())
    assert shown["Konsulent"] == "konsulent@demo.invalid"
    assert shown["Virksomheder, der byder"] == "bydende1@demo.invalid"
    assert "Medlem af erhvervsrådet" not in shown
    named = {email for _role, emails in SIGN_INS for email in emails}
    office = Operator.objects.get(slug=actors.OFFICE)
    for email in named:
        user, _new = User.objects.get_or_create(email=email, defaults={"name": email})
        Membership.objects.get_or_create(user=user, operator=office, role=Role.PARTNER)
    assert {email for _role, emails in sign_ins() for email in emails.split(", ")} == named
