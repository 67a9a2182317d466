# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Laying two organisations together: everything that points at the one that goes must be declared, or nothing happens.

What points at an organisation is read from the data model, so that no room's record is forgotten. A plain foreign key
moves by itself, and so does membership of a list (a talk's firms). Everything else a room declares in its `merging.py`,
which is found by itself::

    merging.moves(Flow, "taker")                        # it moves, although a constraint mentions it
    merging.combines(Consent, "organisation", same=("purpose",), rule=the_strictest)
    merging.discards(PossibleDuplicate, "first", "…")   # found again by a job; undoing puts it back
    merging.keeps(Merge, "gone_pk", "…")                # stays as it is, for this reason
    merging.moves_in(Suggestion, "decline_facts", keys=("giver", "taker"))   # numbers inside JSON
    merging.holds_none(NetworkRun, "figures")           # JSON without any organisation's number
    @merging.by_hand(Case, "values")                    # numbers that only the room can find
    @merging.beforehand                                 # makes room for what moves
    @merging.afterwards                                 # mends what the move left odd
    @merging.when_undone                                # tells people what undoing means to them
"""

from brobygger.register.merging.journal import Journal as Journal
from brobygger.register.merging.registry import Declared as Declared
from brobygger.register.merging.registry import afterwards as afterwards
from brobygger.register.merging.registry import beforehand as beforehand
from brobygger.register.merging.registry import by_hand as by_hand
from brobygger.register.merging.registry import combines as combines
from brobygger.register.merging.registry import discards as discards
from brobygger.register.merging.registry import holds_none as holds_none
from brobygger.register.merging.registry import is_worked_out as is_worked_out
from brobygger.register.merging.registry import keeps as keeps
from brobygger.register.merging.registry import moves as moves
from brobygger.register.merging.registry import moves_in as moves_in
from brobygger.register.merging.registry import undeclared as undeclared
from brobygger.register.merging.registry import when_undone as when_undone
from brobygger.register.merging.undoing import PutBack as PutBack
