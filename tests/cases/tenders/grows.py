# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More questions, meetings, notices and bids: see tests/config/test_queries_of_every_page.py."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from brobygger.cases.tenders import dialogue, telling, texts
from brobygger.cases.tenders.models import Announcement, Notice
from tests.cases.tenders import made
from tests.factories import OrganisationFactory, firm_user


class Grows:
    def __init__(self, region: Any) -> None:
        self.running = made.published(region.operator, region.consultant)
        self.over = made.published(region.operator, region.consultant)
        self.region = region
        self.question: Any = None
        self.meeting: Any = None

    def grow(self, times: int) -> None:
        made.published(self.region.operator, self.region.consultant)
        later = timezone.now() + made.IN_TWO_WEEKS
        type(self.over.tender).objects.filter(pk=self.over.tender.pk).update(
            deadline=later, opened_at=None, first_opener=None, second_opener=None
        )
        for _ in range(times):
            for story in (self.running, self.over):
                firm = OrganisationFactory(operator=self.region.operator)
                bidder = firm_user(firm)
                self.question = dialogue.ask(story.tender, firm, text="Hvad?", user=bidder)
                story.bid(organisation=firm, user=bidder)
                self.meeting = dialogue.add_meeting(
                    story.tender, at=timezone.now(), place="Her", told="", user=self.region.consultant
                )
                Notice.objects.create(tender=story.tender, text="Ny frist")
                telling.follow(story.tender, user=bidder)
                Announcement.objects.create(tender=story.tender, email=bidder.email)
                typed = {"criteria": f"Pris {Notice.objects.count()} %"}
                seen = story.fresh().version
                texts.change(story.tender, typed, reason="Andet", user=self.region.consultant, expected=seen)
            past = made.published(self.region.operator, self.region.consultant)
            past.bid(organisation=self.region.firm, user=self.region.brewer)
            dialogue.ask(past.tender, self.region.firm, text="Må vi?", user=self.region.brewer)
            past.pass_deadline()
        self.over.open()

    def keys(self) -> dict[str, dict[str, Any]]:
        return {
            "udbud/": {"token": self.running.tender.token, "organisation_pk": self.region.firm.pk},
            "sager/<int:case_pk>/udbud": {"case_pk": self.over.case.pk, "pk": self.question.pk},
            "sager/<int:case_pk>/udbud/moede/": {"case_pk": self.over.case.pk, "pk": self.meeting.pk},
        }
