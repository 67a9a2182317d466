# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Registering aid: under the ceiling, by the right people, corrected and taken out; and firms that share one ceiling."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base.versions import EditedMeanwhile
from brobygger.guidance import services as api
from brobygger.guidance.errors import AlreadyLinked, BadValues, NotYourOffice, OverCeiling
from brobygger.guidance.models import Aid, Undertaking, UndertakingMember
from brobygger.guidance.queries import account
from brobygger.guidance.services.aid import correct_aid, delete_aid, link, register_aid, unlink
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory, firm_user, user_as
from tests.guidance.made import aid, day, granted, scheme

FULL = Decimal(300_000)


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Bryggeriet")


@pytest.fixture
def sister(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Søsterselskabet")


def test_kroner_are_kept_with_the_rate_and_become_euro(firm: Organisation, consultant: User) -> None:
    kept = aid(firm, consultant, amount_eur=None, amount_dkk=Decimal(75_000), rate=Decimal("7.46"))
    kept.refresh_from_db()
    assert (kept.amount_dkk, kept.rate, kept.amount_eur) == (75_000, Decimal("7.46"), Decimal("10053.62"))


def test_up_to_the_ceiling_but_not_a_cent_above(firm: Organisation, consultant: User) -> None:
    aid(firm, consultant, amount_eur=Decimal("299999.99"))
    with pytest.raises(OverCeiling) as told:
        aid(firm, consultant, amount_eur=Decimal("0.02"))
    assert told.value.headroom == Decimal("0.01")
    assert "plads til 0,01 euro" in str(told.value)
    assert Aid.objects.count() == 1
    aid(firm, consultant, amount_eur=Decimal("0.01"))
    assert account(firm).headroom == 0


def test_what_is_refused_is_told_when_there_will_be_room(firm: Organisation, consultant: User) -> None:
    aid(firm, consultant, granted_on=date(2024, 2, 29), amount_eur=FULL)
    with pytest.raises(OverCeiling) as told:
        aid(firm, consultant, granted_on=date(2026, 1, 1), amount_eur=Decimal(5))
    assert told.value.free_on == date(2027, 3, 1)
    assert "01.03.2027" in str(told.value)


def test_a_grant_entered_late_may_not_break_a_period_that_it_lies_in(
    firm: Organisation, consultant: User
) -> None:
    aid(firm, consultant, granted_on=day(-10), amount_eur=Decimal(200_000))
    with pytest.raises(OverCeiling):
        aid(firm, consultant, granted_on=day(-400), amount_eur=Decimal(100_001))


def test_aid_by_other_rules_says_which_and_takes_no_room(firm: Organisation, consultant: User) -> None:
    with pytest.raises(BadValues) as told:
        aid(firm, consultant, de_minimis=False)
    assert told.value.faults.keys() == {"basis"}
    aid(firm, consultant, de_minimis=False, basis="Gruppefritagelsesforordningen", amount_eur=2 * FULL)
    aid(firm, consultant, de_minimis=False, basis="Notificeret", amount_eur=None, amount_dkk=Decimal(1000))
    assert account(firm).headroom == FULL


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"grantor": "  "}, "grantor"),
        ({"granted_on": date(2100, 1, 1)}, "granted_on"),
        ({"granted_on": date(1999, 1, 1)}, "granted_on"),
        ({"amount_eur": None}, "amount_eur"),
        ({"amount_eur": Decimal(-1)}, "amount_eur"),
        ({"amount_eur": None, "amount_dkk": Decimal(100)}, "amount_eur"),
        ({"rate": Decimal("7.45")}, "amount_dkk"),
        ({"amount_dkk": Decimal(100), "rate": Decimal("7.45")}, "amount_eur"),
        ({"amount_eur": Decimal("1e12")}, "amount_eur"),
        ({"amount_eur": None, "amount_dkk": Decimal(750_000), "rate": Decimal("746.05")}, "rate"),
        ({"amount_eur": None, "amount_dkk": Decimal(750_000), "rate": Decimal("0.134")}, "rate"),
        ({"amount_eur": Decimal(1000), "amount_dkk": Decimal(1000)}, "amount_eur"),
        ({"reference": "x" * 121}, "reference"),
    ],
)
def test_bad_values_are_told_beside_their_field(
    firm: Organisation, consultant: User, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadValues) as told:
        aid(firm, consultant, **change)
    assert field in told.value.faults
    assert not Aid.objects.exists()


def test_an_entry_of_firms_that_are_above_the_ceiling_together_is_still_put_right(
    firm: Organisation, sister: Organisation, consultant: User
) -> None:
    mine, _theirs = (aid(one, consultant, amount_eur=Decimal(200_000)) for one in (firm, sister))
    link(firm, sister, basis="votes", user=consultant)
    less = granted(amount_eur=Decimal(190_000), grantor="Erhvervsfremmebestyrelsen")
    mine = correct_aid(mine, less, user=consultant, expected=mine.version)
    assert (mine.grantor, mine.amount_eur) == ("Erhvervsfremmebestyrelsen", 190_000)
    for more in (
        granted(amount_eur=Decimal(190_001)),
        granted(amount_eur=Decimal(190_000), granted_on=day(-1)),
    ):
        with pytest.raises(OverCeiling):
            correct_aid(mine, more, user=consultant, expected=mine.version)


def test_only_the_firms_own_office_registers(firm: Organisation, consultant: User) -> None:
    kept = aid(firm, consultant)
    for stranger in (firm_user(firm), user_as(Role.ADMIN, firm.operator), user_as(Role.HEAD)):
        for act in (
            lambda who: aid(firm, who),
            lambda who: delete_aid(kept, user=who),
            lambda who: correct_aid(kept, granted(), user=who, expected=kept.version),
            lambda who: link(firm, OrganisationFactory(operator=firm.operator), basis="votes", user=who),
            lambda who: unlink(firm, user=who),
        ):
            with pytest.raises(NotYourOffice):
                act(stranger)
    assert Aid.objects.count() == 1


def test_a_case_registers_once_however_often_it_says_so(firm: Organisation, consultant: User) -> None:
    first = api.register_aid(firm, granted(), user=consultant, origin="case:17")
    again = api.register_aid(firm, granted(amount_eur=Decimal(5)), user=consultant, origin="case:17")
    assert again == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Aid.objects.create(
            operator=firm.operator,
            organisation=firm,
            granted_on=day(),
            amount_eur=1,
            grantor="x",
            origin="case:17",
        )


def test_a_correction_is_held_to_the_ceiling_without_counting_itself(
    firm: Organisation, consultant: User
) -> None:
    kept = aid(firm, consultant, amount_eur=Decimal(200_000))
    aid(firm, consultant, amount_eur=Decimal(50_000))
    changed = correct_aid(kept, granted(amount_eur=Decimal(250_000)), user=consultant, expected=1)
    assert account(firm).headroom == 0
    with pytest.raises(EditedMeanwhile):
        correct_aid(kept, granted(), user=consultant, expected=1)
    with pytest.raises(OverCeiling):
        correct_aid(kept, granted(amount_eur=Decimal(250_001)), user=consultant, expected=changed.version)
    assert Aid.objects.get(pk=kept.pk).amount_eur == 250_000


def test_an_entry_by_mistake_is_taken_out_and_recorded(firm: Organisation, consultant: User) -> None:
    delete_aid(aid(firm, consultant, amount_eur=FULL), user=consultant)
    assert account(firm).headroom == FULL
    assert AuditEntry.objects.get(action="aid_deleted").about.startswith("Bryggeriet")


def test_a_scheme_of_another_office_is_refused(firm: Organisation, consultant: User) -> None:
    with pytest.raises(BadValues):
        aid(firm, consultant, scheme=scheme(OrganisationFactory().operator))


# Firms that count as one ------------------------------------------------------------------------------


def test_linked_firms_share_one_ceiling(firm: Organisation, sister: Organisation, consultant: User) -> None:
    aid(firm, consultant, amount_eur=Decimal(250_000))
    link(firm, sister, basis="votes", user=consultant)
    assert account(sister).headroom == 50_000
    with pytest.raises(OverCeiling):
        aid(sister, consultant, amount_eur=Decimal(50_001))
    unlink(sister, user=consultant)
    assert account(sister).headroom == FULL
    assert not Undertaking.objects.exists()
    assert not UndertakingMember.objects.exists()


def test_linking_what_is_above_together_is_allowed_but_leaves_no_room(
    firm: Organisation, sister: Organisation, consultant: User
) -> None:
    for one in (firm, sister):
        aid(one, consultant, amount_eur=Decimal(200_000))
    link(firm, sister, basis="contract", user=consultant)
    held = account(firm)
    assert (held.total, held.headroom) == (400_000, 0)


def test_two_undertakings_become_one(operator: Operator, firm: Organisation, consultant: User) -> None:
    a, b, c = (OrganisationFactory(operator=operator) for _ in range(3))
    link(firm, a, basis="votes", user=consultant)
    link(b, c, basis="votes", user=consultant)
    link(a, b, basis="votes", user=consultant)
    assert {member.organisation for member in account(c).members} == {firm, a, b, c}
    assert Undertaking.objects.count() == 1
    with pytest.raises(AlreadyLinked):
        link(firm, c, basis="votes", user=consultant)


def test_no_firm_is_linked_with_itself_or_with_another_offices(firm: Organisation, consultant: User) -> None:
    with pytest.raises(BadValues):
        link(firm, firm, basis="votes", user=consultant)
    with pytest.raises(NotYourOffice):
        link(firm, OrganisationFactory(), basis="votes", user=consultant)
    with pytest.raises(BadValues):
        link(firm, OrganisationFactory(operator=firm.operator), basis="", user=consultant)


@pytest.mark.parametrize(
    "values",
    [
        {"amount_eur": None},
        {"amount_eur": 0},
        {"de_minimis": False, "basis": ""},
        {"de_minimis": False, "basis": "x", "amount_eur": None, "amount_dkk": None},
        {"rate": 7},
    ],
)
def test_the_database_refuses_what_no_form_may_store(firm: Organisation, values: dict[str, Any]) -> None:
    row = {"granted_on": day(), "grantor": "x", "amount_eur": 10, **values}
    with pytest.raises(IntegrityError), transaction.atomic():
        Aid.objects.create(operator=firm.operator, organisation=firm, **row)


def test_what_is_typed_is_stored_clean(firm: Organisation, consultant: User) -> None:
    kept = register_aid(firm, replace(granted(), grantor=" Prøve\x00fonden \n A"), user=consultant)
    assert kept.grantor == "Prøvefonden A"


def test_two_linked_firms_that_are_laid_together_are_one_firm_alone(
    firm: Organisation, sister: Organisation, consultant: User
) -> None:
    link(firm, sister, basis="votes", user=consultant)
    UndertakingMember.objects.filter(organisation=sister).delete()  # as `merging` does
    aid(firm, consultant)
    assert account(firm).members == []
    assert account(firm).total == 1000
