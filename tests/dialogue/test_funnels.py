# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Levels of a funnel: what the rules suggest, who moves a firm and why, and what nobody gets round."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.versions import EditedMeanwhile
from brobygger.blueprints.errors import BadDefinition
from brobygger.blueprints.queries import shipped, shipped_text
from brobygger.blueprints.reading import read as read_definition
from brobygger.dialogue import funnels as schema
from brobygger.dialogue.errors import NeedsKeyAccount, NoReason, NoSuchLevel, NotInUse, NotYourOffice
from brobygger.dialogue.models import FunnelPlace, FunnelStep, Interaction
from brobygger.dialogue.queries import funnels as queries
from brobygger.dialogue.readiness import Facts, back, facts_of, judge, readiness
from brobygger.dialogue.services import funnels, portfolio
from brobygger.register.models import Organisation
from tests.dialogue.made import day, talk
from tests.dialogue.outreach import all_at, assessed, funnel, member
from tests.factories import ListingFactory, MatchFactory, OrganisationFactory, user_as

TODAY = timezone.localdate()


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    funnel(operator)
    return OrganisationFactory(operator=operator, employees=12, industry="110500")


def place_of(firm: Organisation) -> FunnelPlace:
    return FunnelPlace.objects.get(organisation=firm)


def promising(firm: Organisation, user: User) -> None:
    """What the second level asks for: a good result, the will, and a talk this year."""
    assessed(firm, user, all_at(4))
    talk(firm, user, on=day(-30))


def test_the_delivered_funnels_have_the_three_levels_of_their_cases() -> None:
    levels = {one.content.key: [level.name for level in one.content.levels] for one in shipped("funnel")}
    assert levels == {
        "virksomhedstragt": ["Portefølje", "Betydeligt potentiale", "Målrettet indsats"],
        "engagement": ["Løs deltagelse", "Netværksforløb", "Uddannelsesforløb"],
    }


def test_a_firm_comes_into_the_portfolio_funnel_with_the_portfolio(
    firm: Organisation, consultant: User
) -> None:
    funnel(firm.operator, "engagement")
    member(firm.operator, consultant, firm)
    assert place_of(firm).level == "portefoelje"
    step = FunnelStep.objects.get(organisation=firm)
    assert (step.kind, step.to_level, step.by) == ("entered", "portefoelje", consultant)


def test_when_all_rules_of_the_next_level_hold_the_move_is_suggested(
    firm: Organisation, consultant: User
) -> None:
    member(firm.operator, consultant, firm)
    assert queries.suggestions(firm.operator, funnel(firm.operator)) == []
    promising(firm, consultant)
    (found,) = queries.suggestions(firm.operator, funnel(firm.operator))
    assert (found.place.organisation, found.ready.up, found.ready.to_level) == (firm, True, "potentiale")
    assert [verdict.measured for verdict in found.ready.verdicts][0] == f"4, {TODAY:%d.%m.%Y}"


def test_without_a_talk_within_the_year_nothing_is_suggested(firm: Organisation, consultant: User) -> None:
    member(firm.operator, consultant, firm)
    assessed(firm, consultant, all_at(5))
    talk(firm, consultant, on=back(TODAY, 12) - timedelta(days=1))
    assert queries.suggestions(firm.operator, funnel(firm.operator)) == []
    talk(firm, consultant, on=back(TODAY, 12))
    assert len(queries.suggestions(firm.operator, funnel(firm.operator))) == 1


def test_a_weak_result_suggests_the_way_down(firm: Organisation, consultant: User) -> None:
    member(firm.operator, consultant, firm, key_account=consultant)
    funnels.move(place_of(firm), "potentiale", user=consultant, expected=1, reason="Vi tror på dem")
    assessed(firm, consultant, all_at(2))
    (found,) = queries.suggestions(firm.operator, funnel(firm.operator))
    assert (found.ready.up, found.ready.to_level) == (False, "portefoelje")


def test_a_suggested_move_needs_no_reason_and_keeps_what_the_rules_said(
    firm: Organisation, consultant: User
) -> None:
    member(firm.operator, consultant, firm, key_account=consultant)
    promising(firm, consultant)
    moved = funnels.move(place_of(firm), "potentiale", user=consultant, expected=1)
    assert (moved.level, moved.since) == ("potentiale", TODAY)
    step = FunnelStep.objects.filter(organisation=firm).first()
    assert (step.kind, step.from_level, step.to_level) == ("up", "portefoelje", "potentiale")
    assert [holds for holds, _rule, _measured in step.facts] == [True, True, True]


def test_a_move_that_the_rules_do_not_suggest_needs_a_persons_reason(
    firm: Organisation, consultant: User
) -> None:
    member(firm.operator, consultant, firm, key_account=consultant)
    with pytest.raises(NoReason):
        funnels.move(place_of(firm), "potentiale", user=consultant, expected=1)
    funnels.move(place_of(firm), "potentiale", user=consultant, expected=1, reason="Stor ordre på vej")
    step = FunnelStep.objects.filter(organisation=firm).first()
    assert step.reason == "Stor ordre på vej"
    assert [holds for holds, _rule, _measured in step.facts] == [False, False, False]


def test_nobody_comes_to_a_level_with_key_accounts_without_one(firm: Organisation, consultant: User) -> None:
    place = member(firm.operator, consultant, firm)
    promising(firm, consultant)
    with pytest.raises(NeedsKeyAccount):
        funnels.move(place_of(firm), "potentiale", user=consultant, expected=1)
    portfolio.set_key_account(place, consultant, user=consultant, expected=1)
    funnels.move(place_of(firm), "potentiale", user=consultant, expected=1)
    with pytest.raises(NeedsKeyAccount):
        portfolio.set_key_account(place, None, user=consultant, expected=2)


def test_a_declined_suggestion_rests_for_its_months_and_then_comes_again(
    firm: Organisation, consultant: User
) -> None:
    member(firm.operator, consultant, firm)
    promising(firm, consultant)
    with pytest.raises(NoReason):
        funnels.decline(place_of(firm), user=consultant, expected=1, reason=" ")
    step = funnels.decline(place_of(firm), user=consultant, expected=1, reason="Ejeren er syg")
    assert place_of(firm).level == "portefoelje"
    assert queries.suggestions(firm.operator, funnel(firm.operator)) == []
    FunnelStep.objects.filter(pk=step.pk).update(at=timezone.now() - timedelta(days=190))
    assert len(queries.suggestions(firm.operator, funnel(firm.operator))) == 1


def test_nothing_suggested_cannot_be_declined(firm: Organisation, consultant: User) -> None:
    member(firm.operator, consultant, firm)
    with pytest.raises(NoSuchLevel):
        funnels.decline(place_of(firm), user=consultant, expected=1, reason="Nej")


@pytest.mark.parametrize("level", ["portefoelje", "findes_ikke", ""])
def test_only_another_level_of_the_funnel_can_be_moved_to(
    firm: Organisation, consultant: User, level: str
) -> None:
    member(firm.operator, consultant, firm)
    with pytest.raises(NoSuchLevel):
        funnels.move(place_of(firm), level, user=consultant, expected=1, reason="Derfor")


def test_the_second_of_two_who_move_is_told(firm: Organisation, consultant: User) -> None:
    member(firm.operator, consultant, firm, key_account=consultant)
    place = place_of(firm)
    funnels.move(place, "potentiale", user=consultant, expected=1, reason="Derfor")
    with pytest.raises(EditedMeanwhile):
        funnels.move(place, "maalrettet", user=consultant, expected=1, reason="Derfor")


def test_other_offices_move_nobody_here(firm: Organisation, consultant: User) -> None:
    member(firm.operator, consultant, firm)
    for act in (funnels.move, funnels.decline, funnels.leave):
        extra = {"to_level": "potentiale"} if act is funnels.move else {}
        version = {} if act is funnels.leave else {"expected": 1}
        with pytest.raises(NotYourOffice):
            act(place_of(firm), user=user_as("head"), reason="Derfor", **extra, **version)


def test_a_funnel_of_another_office_takes_nobody_in(firm: Organisation, consultant: User) -> None:
    from tests.factories import OperatorFactory

    with pytest.raises(NotInUse):
        funnels.enter(firm, funnel(OperatorFactory()), user=consultant)


def test_taking_part_makes_a_firm_ready_for_the_next_level_of_engagement(
    firm: Organisation, consultant: User
) -> None:
    tool = funnel(firm.operator, "engagement")
    funnels.enter(firm, tool, user=consultant)
    talk(firm, consultant, on=day(-20))
    assert queries.suggestions(firm.operator, tool) == []
    ListingFactory(organisation=firm)
    (found,) = queries.suggestions(firm.operator, tool)
    assert found.ready.to_level == "netvaerk"
    funnels.move(found.place, "netvaerk", user=consultant, expected=1)
    for _ in range(2):
        MatchFactory(have=ListingFactory(organisation=firm), giver=firm, stage="agreed")
    (further,) = queries.suggestions(firm.operator, tool)
    assert further.ready.to_level == "uddannelse"


# Rules one at a time -----------------------------------------------------------------------------


def facts(**values) -> Facts:
    found = Facts(TODAY, firms={1: (12, "110500")})
    for name, value in values.items():
        setattr(found, name, value)
    return found


LEAST = schema.LeastResult(rule="least_result", instrument="p", result="r", at_least=3, within_months=12)
MOST = schema.MostResult(rule="most_result", instrument="p", result="r", at_most=3, within_months=12)


@pytest.mark.parametrize(
    ("rule", "value", "months_ago", "holds"),
    [
        (LEAST, 3, 0, True), (LEAST, 2.99, 0, False), (LEAST, 5, 12, True), (LEAST, 5, 13, False),
        (MOST, 3, 0, True), (MOST, 3.01, 0, False), (MOST, 1, 13, False),
    ],
)  # fmt: skip
def test_a_result_counts_while_it_is_young_enough(rule, value: float, months_ago: int, holds: bool) -> None:
    found = facts(latest={(1, "p"): (back(TODAY, months_ago), {"r": value})})
    assert judge(rule, 1, found).holds is holds


def test_a_firm_never_assessed_fulfils_no_rule_about_results() -> None:
    assert not judge(LEAST, 1, facts()).holds
    assert not judge(MOST, 1, facts()).holds
    assert judge(MOST, 1, facts()).measured == "ikke vurderet"


@pytest.mark.parametrize(("ago", "within"), [(0, True), (6, True), (7, False), (None, False)])
def test_talked_within_and_not_talked_for_are_each_others_opposite(ago: int | None, within: bool) -> None:
    found = facts() if ago is None else facts(activities={1: [("talk", back(TODAY, ago))]})
    assert judge(schema.TalkedWithin(rule="talked_within", months=6), 1, found).holds is within
    assert judge(schema.NotTalkedFor(rule="not_talked_for", months=6), 1, found).holds is not within


def test_activities_are_counted_by_kind_and_time() -> None:
    known = [("talk", TODAY), ("match", back(TODAY, 5)), ("match", back(TODAY, 20))]
    found = facts(activities={1: known})
    least = {"rule": "least_activities", "within_months": 12}
    assert judge(schema.LeastActivities(number=2, **least), 1, found).holds
    assert not judge(schema.LeastActivities(number=3, **least), 1, found).holds
    assert not judge(schema.LeastActivities(number=2, kinds=("match",), **least), 1, found).holds
    most = {"rule": "most_activities", "within_months": 12}
    assert judge(schema.MostActivities(number=2, **most), 1, found).holds
    assert not judge(schema.MostActivities(number=1, **most), 1, found).holds


def test_size_and_priority_industry_are_rules_too() -> None:
    size = schema.LeastEmployees(rule="least_employees", number=12)
    assert judge(size, 1, facts()).holds
    assert not judge(size, 2, facts()).holds
    industry = schema.PriorityIndustry(rule="priority_industry")
    assert judge(industry, 1, facts(priorities=("10", "11"))).holds
    assert not judge(industry, 1, facts(priorities=("62",))).holds
    assert not judge(industry, 1, facts()).holds


def test_a_level_that_the_version_does_not_know_suggests_nothing(firm: Organisation) -> None:
    content = funnel(firm.operator).content
    assert readiness(content, "gammelt_niveau", firm.pk, facts()) is None


def test_letters_and_notes_are_no_talks(firm: Organisation, consultant: User) -> None:
    talk(firm, consultant, kind=Interaction.Kind.LETTER)
    talk(firm, consultant, kind=Interaction.Kind.NOTE)
    content = funnel(firm.operator).content
    assert facts_of(firm.operator, [firm.pk], content, TODAY).last_talk(firm.pk) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rule: talked_within, months: 12", "rule: spoken_with, months: 12", "en af disse"),
        ("key: potentiale", "key: portefoelje", "samme nøgle"),
        ("    meaning: Tilbydes en vejledende samtale ca. hvert tredje år.",
         "    down:\n      - {rule: talked_within, months: 2}", "intet niveau under"),
    ],
)  # fmt: skip
def test_a_funnel_that_does_not_fit_together_is_refused(old: str, new: str, told: str) -> None:
    text = shipped_text("funnel", "virksomhedstragt").replace(old, new)
    with pytest.raises(BadDefinition, match=told):
        read_definition(text, schema.Funnel, "tragt.yaml")
