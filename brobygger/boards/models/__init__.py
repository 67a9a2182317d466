# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Boards: who sits on them, when they meet, what they recommend, and what became of it."""

from brobygger.boards.models.board import Board as Board
from brobygger.boards.models.board import Seat as Seat
from brobygger.boards.models.meeting import AgendaItem as AgendaItem
from brobygger.boards.models.meeting import Attendance as Attendance
from brobygger.boards.models.meeting import Meeting as Meeting
from brobygger.boards.models.meeting import Paper as Paper
from brobygger.boards.models.recommendation import Answer as Answer
from brobygger.boards.models.recommendation import Recommendation as Recommendation
from brobygger.boards.models.summons import Summons as Summons
