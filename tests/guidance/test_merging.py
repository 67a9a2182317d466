# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Two firms laid together: one ceiling for all whom either was linked with, their grants and offers, and back again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Operator, User
from brobygger.guidance.errors import OverCeiling
from brobygger.guidance.models import Aid, Offer, Undertaking, UndertakingMember
from brobygger.guidance.queries.aid import account, joined
from brobygger.guidance.services import referrals, schemes
from brobygger.guidance.services.aid import link, register_aid
from brobygger.register.models import Merge, Organisation
from brobygger.register.services_merge import merge, undo
from tests.factories import OrganisationFactory
from tests.guidance.made import aid, day, granted, partner, scheme, wish


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Bryggeriet")


@pytest.fixture
def gone(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Bryggeriet igen", cvr=None)


@pytest.fixture
def others(operator: Operator) -> list[Organisation]:
    return [OrganisationFactory(operator=operator, name=name) for name in ("Ejeren", "Datteren")]


def laid_together(kept: Organisation, gone: Organisation, user: User) -> Merge:
    for one in (kept, gone):
        one.refresh_from_db()
    return merge(kept, gone, chosen={}, expected=(kept.version, gone.version), user=user)


def together(firm: Organisation) -> set[str]:
    return {member.organisation.name for member in account(firm).members}


def stood() -> list[Any]:
    """Which firm is in which undertaking, by the numbers of the records."""
    return list(
        UndertakingMember.objects.order_by("pk").values_list(
            "pk", "organisation_id", "undertaking_id", "since"
        )
    )


def test_two_undertakings_become_one_and_are_two_again_when_it_is_undone(
    firm, gone, others, consultant
) -> None:
    link(firm, others[0], basis="votes", user=consultant, since=day(-9))
    link(gone, others[1], basis="contract", user=consultant, since=day(-30))
    aid(others[0], consultant, amount_eur=Decimal(200_000))
    aid(others[1], consultant, amount_eur=Decimal(90_000))
    before = stood()
    record = laid_together(firm, gone, consultant)
    assert together(firm) == {"Bryggeriet", "Ejeren", "Datteren"}
    assert account(others[1]).total == account(firm).total == 290_000
    assert Undertaking.objects.count() == 1
    mine = UndertakingMember.objects.get(organisation=firm)
    assert (mine.basis, mine.since) == ("votes", day(-30))
    undo(record, expected=record.version, user=consultant)
    assert stood() == before
    assert account(firm).total == 200_000
    assert account(others[1]).total == 90_000


@pytest.mark.parametrize("linked", ["kept", "gone"])
def test_a_link_of_either_is_the_one_firms(firm, gone, others, consultant, linked: str) -> None:
    link(firm if linked == "kept" else gone, others[0], basis="votes", user=consultant)
    before = stood()
    record = laid_together(firm, gone, consultant)
    assert together(firm) == {"Bryggeriet", "Ejeren"}
    undo(record, expected=record.version, user=consultant)
    assert stood() == before


def test_two_that_were_linked_already_are_one_of_the_same_undertaking(firm, gone, others, consultant) -> None:
    link(firm, gone, basis="votes", user=consultant)
    link(gone, others[0], basis="votes", user=consultant)
    record = laid_together(firm, gone, consultant)
    assert together(firm) == {"Bryggeriet", "Ejeren"}
    undo(record, expected=record.version, user=consultant)
    assert together(firm) == {"Bryggeriet", "Bryggeriet igen", "Ejeren"}


def test_other_undertakings_are_left_alone(operator, firm, gone, others, consultant) -> None:
    link(*others, basis="votes", user=consultant)
    before = stood()
    laid_together(firm, gone, consultant)
    assert stood() == before


def test_no_more_is_granted_than_one_undertaking_may_have(firm, gone, others, consultant) -> None:
    link(gone, others[0], basis="votes", user=consultant)
    aid(others[0], consultant, amount_eur=Decimal(250_000))
    register_aid(firm, granted(amount_eur=Decimal(50_000)), user=consultant)
    laid_together(firm, gone, consultant)
    with pytest.raises(OverCeiling):
        aid(firm, consultant, amount_eur=Decimal(1))


def test_the_page_says_whom_the_firm_is_counted_with_and_what_it_comes_to(
    as_consultant: Client, firm, gone, others, consultant
) -> None:
    page = reverse("register:merge_with", args=[firm.pk, gone.pk])
    assert "de minimis" not in as_consultant.get(page).content.decode()
    link(firm, others[0], basis="votes", user=consultant)
    link(gone, others[1], basis="votes", user=consultant)
    aid(others[0], consultant, amount_eur=Decimal(200_000))
    aid(gone, consultant, amount_eur=Decimal(99_000))
    shown = as_consultant.get(page).content.decode()
    assert "Bagefter regnes disse som én: Bryggeriet, Datteren, Ejeren." in shown
    assert "Tilsammen har de fået 299.000,00 euro i de sidste tre år. Loftet er 300.000 euro." in shown
    assert "Det er over loftet." not in shown
    aid(gone, consultant, amount_eur=Decimal(2_000))
    assert "Det er over loftet." in as_consultant.get(page).content.decode()


def test_the_same_grant_on_both_is_told(as_consultant: Client, firm, gone, consultant) -> None:
    for one in (firm, gone):
        aid(one, consultant, amount_eur=Decimal(5_000), granted_on=day(-3))
    aid(gone, consultant, amount_eur=Decimal(5_000), granted_on=day(-4))
    assert [one.granted_on for one in joined(consultant, firm, gone).twice] == [day(-3)]
    shown = as_consultant.get(reverse("register:merge_with", args=[firm.pk, gone.pk])).content.decode()
    assert "Samme dag og samme beløb står på dem begge." in shown


def test_old_aid_is_not_counted_and_other_aid_neither(firm, gone, consultant) -> None:
    aid(firm, consultant, amount_eur=Decimal(1_000), granted_on=day(-4 * 366))
    aid(gone, consultant, amount_eur=Decimal(7_000), de_minimis=False, basis="artikel 28")
    aid(gone, consultant, amount_eur=Decimal(3_000))
    assert joined(consultant, firm, gone).total == 3_000


def test_grants_and_referrals_move_and_the_last_word_on_a_scheme_stands(
    operator, firm, gone, consultant
) -> None:
    found = scheme(operator)
    for one, state, why in ((firm, "offered", ""), (gone, "not_relevant", "De har fået nok")):
        schemes.mark(one, found, state, why=why, user=consultant)
    grant = aid(gone, consultant, scheme=found)
    sent = wish(organisation=gone, partner=partner(operator, consultant))
    referral = referrals.send(operator, sent, user=consultant)
    record = laid_together(firm, gone, consultant)
    offer = Offer.objects.get()
    assert (offer.organisation, offer.state, offer.why) == (firm, "not_relevant", "De har fået nok")
    assert Aid.objects.get(pk=grant.pk).organisation == firm
    referral.refresh_from_db()
    assert referral.organisation == firm
    assert referral.follow_up.organisation == firm
    undo(record, expected=record.version, user=consultant)
    assert Aid.objects.get(pk=grant.pk).organisation_id == gone.pk
    assert dict(Offer.objects.values_list("organisation_id", "state")) == {
        firm.pk: "offered",
        gone.pk: "not_relevant",
    }
