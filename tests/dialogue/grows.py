# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More and more assessments, plans, levels and planned visits, for the test that counts every page's questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from brobygger.accounts.models import Role
from brobygger.dialogue.models import FunnelPlace, PlannedVisit, PortfolioFirm
from brobygger.dialogue.services import action_plans, assessments, funnels, handing_over, portfolio, visits
from brobygger.dialogue.services.assessments import Answers
from tests.dialogue.made import day, talk
from tests.dialogue.outreach import all_at, funnel, next_week, this_week, tool
from tests.factories import user_as


class Grows:
    """Everything about one firm, and more firms beside it."""

    def __init__(self, region: Any) -> None:
        self.region = region
        self.kept: dict[str, dict[str, Any]] = {}

    def grow(self, times: int) -> None:
        profile, check = (tool(self.region.operator, key) for key in ("virksomhedsprofil", "vaeksttjek"))
        tool(self.region.operator, "sorteringstjek")
        engagement = funnel(self.region.operator, "engagement")
        funnel(self.region.operator)
        for number in range(times):
            for firm in (self.region.firm, self.region.new_firm()):
                self._assess(firm, profile, check, number)
                self._follow(firm, engagement)
        self._plan_week()
        self._hand_over()

    def _hand_over(self) -> None:
        """Something that a colleague was given, and that can be undone."""
        region = self.region
        colleague = user_as(Role.CONSULTANT, region.operator)
        portfolio.add(region.new_firm(), user=region.consultant, key_account=region.consultant)
        done = handing_over.hand_over(
            region.operator, region.consultant, colleague, user=region.consultant, kinds=["firms"]
        )
        self.kept |= {"portefoelje/overdrag/": {"pk": done.pk}}

    def _assess(self, firm: Any, profile: Any, check: Any, number: int) -> None:
        user = self.region.consultant
        for instrument, scores in ((profile, all_at(5)), (check, {"market": 2, "ambition": 3})):
            answers = Answers(on=day(-number), scores=scores)
            made = assessments.assess(firm, instrument, answers, user=user)
            if instrument == profile:
                latest = made
        steps = [action_plans.Step("Ring", day(9), user_as(Role.CONSULTANT, self.region.operator))]
        plan = action_plans.make(firm, goal="Vokse", assessment=latest, steps=steps * 2, user=user)
        action_plans.share(plan, user=user, expected=plan.version)
        if firm == self.region.firm:
            self.kept |= {
                "min-side/handlingsplaner/": {"pk": plan.pk},
                "vurderinger/firma/": {"organisation_pk": firm.pk},
                "vurderinger/ny/": {"organisation_pk": firm.pk, "key": "virksomhedsprofil"},
                "vurderinger/": {"pk": latest.pk},
                "handlingsplaner/": {
                    "pk": plan.pk, "organisation_pk": firm.pk, "step_pk": plan.steps.first().pk,
                },
            }  # fmt: skip

    def _follow(self, firm: Any, engagement: Any) -> None:
        """In the portfolio and both funnels, with a key account and something decided."""
        region, user = self.region, self.region.consultant
        talk(firm, user, on=day(-3))
        if not PortfolioFirm.objects.filter(organisation=firm).exists():
            who = user_as(Role.CONSULTANT, region.operator)
            portfolio.add(firm, user=user, key_account=who)
            funnels.enter(firm, engagement, user=user)
        if firm != region.firm:
            return
        for place in FunnelPlace.objects.filter(organisation=firm, funnel_key=engagement.key):
            to_level = "uddannelse" if place.level != "uddannelse" else "loest"
            funnels.move(place, to_level, user=user, expected=place.version, reason="Derfor")
        member = PortfolioFirm.objects.get(organisation=firm)
        self.kept |= {
            "portefoelje/niveau/ind/": {"organisation_pk": firm.pk, "key": engagement.key},
            "portefoelje/niveau/": {"pk": FunnelPlace.objects.filter(organisation=firm).first().pk},
            "portefoelje/": {"pk": member.pk, "organisation_pk": firm.pk},
        }

    def _plan_week(self) -> None:
        region, user = self.region, self.region.consultant
        for member in PortfolioFirm.objects.filter(operator=region.operator):
            taken = PlannedVisit.objects.filter(organisation_id=member.organisation_id)
            if taken.exists():
                continue
            who = user_as(Role.CONSULTANT, region.operator)
            visit = visits.plan_one(region.operator, member.organisation_id, this_week(), who, user=user)
            if member.pk % 3 == 0:
                visits.skip(visit, reason="busy", user=user, expected=visit.version)
            elif member.pk % 3 == 1:
                visits.accept(visit, user=user, expected=visit.version)
        mine = PlannedVisit.objects.filter(organisation=region.firm).order_by("-pk").first()
        if not mine.is_open:
            mine = visits.plan_one(
                region.operator, region.firm.pk, next_week() + timedelta(weeks=1), user, user=user
            )
        self.kept |= {"portefoelje/besoeg/": {"pk": mine.pk, "organisation_pk": region.firm.pk}}

    def keys(self) -> dict[str, dict[str, Any]]:
        """Beginning of an address → what its arguments are."""
        return self.kept
