# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A board as the body that decides in other rooms' cases: `board:styregruppe` is the office's board of that name."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.text import slugify

from brobygger.accounts.models import Operator
from brobygger.base.bodies import body
from brobygger.boards.models import Board
from brobygger.boards.queries.members import voters_on

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def word_for(name: str) -> str:
    """A board's name as a definition writes it: »Erhvervsråd« → `erhvervsraad`."""
    return slugify(name.casefold().translate(_LETTERS))


@body("board")
def members_of(name: str, operator: Operator) -> Iterable[int]:
    """Those with an account whose term covers today. Nobody where no board, or more than one, has the name."""
    wanted = word_for(name)
    boards = [board for board in Board.objects.filter(operator=operator) if word_for(board.name) == wanted]
    return voters_on(boards[0], timezone.localdate()) if len(boards) == 1 else ()
