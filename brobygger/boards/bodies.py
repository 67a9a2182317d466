# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A board as the body that decides in other rooms' cases: `board:styregruppe` is the office's board of that name."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.base.bodies import body
from brobygger.base.danish import address_word
from brobygger.boards.models import Board
from brobygger.boards.queries.members import voters_on


@body("board")
def members_of(name: str, operator: Operator) -> Iterable[int]:
    """Those with an account whose term covers today. Nobody where no board, or more than one, has the name."""
    wanted = address_word(name)
    boards = [
        board for board in Board.objects.filter(operator=operator) if address_word(board.name) == wanted
    ]
    return voters_on(boards[0], timezone.localdate()) if len(boards) == 1 else ()
