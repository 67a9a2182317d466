# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More of what boards' pages show: see tests/config/test_queries_of_every_page.py."""

from __future__ import annotations

from typing import Any

from brobygger.boards.models import AgendaItem, Paper, Summons
from tests.boards.made import board, meeting, recommendation, seat
from tests.dialogue.made import step


class Grows:
    def __init__(self, region: Any) -> None:
        self.region = region
        self.board = board(region.operator)
        self.meeting = meeting(self.board)
        self.given = recommendation(self.board, region.consultant)
        self.seat: Any = None
        self.item: Any = None

    def grow(self, times: int) -> None:
        for _ in range(times):
            self.seat = seat(self.board, organisation=self.region.new_firm())
            seat(board(self.region.operator), organisation=self.region.new_firm())
            meeting(self.board)
            Summons.objects.create(meeting=self.meeting, seat=self.seat)
            number = self.meeting.items.count() + 1
            self.item = AgendaItem.objects.create(meeting=self.meeting, number=number, title="Punkt")
            for item in (self.item, None):
                Paper.objects.create(
                    meeting=self.meeting, item=item, name="x", content_type="text/plain", size=1, file="x.txt"
                )
            recommendation(
                self.board, self.region.consultant, meeting=self.meeting, answerer=self.region.consultant
            )
            self.given.follow_ups.add(step(self.region.new_firm(), self.region.consultant))
            step(self.region.new_firm(), self.region.consultant)

    def keys(self) -> dict[str, dict[str, Any]]:
        paper = Paper.objects.filter(meeting=self.meeting).last()
        return {
            "raad/plads/": {"pk": self.seat.pk},
            "raad/moede/": {"pk": self.meeting.pk},
            "raad/punkt/": {"pk": self.item.pk, "way": "op"},
            "raad/fjern-punkt/": {"pk": self.item.pk},
            "raad/bilag/": {"pk": paper.pk if paper else 1},
            "raad/anbefaling/": {"pk": self.given.pk},
            "raad/": {"pk": self.board.pk},
        }
