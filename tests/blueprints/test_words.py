# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A delivered definition is read in Danish: no word of the file format stands on its page as it is in the file."""

from collections.abc import Iterable

import pytest

from brobygger.blueprints import kinds, queries, showing
from brobygger.blueprints.showing import Line, shown
from brobygger.blueprints.words import WORDS, word

DELIVERED = [
    pytest.param(one, id=f"{kind.key}/{one.content.key}")
    for kind in kinds.every()
    for one in queries.shipped(kind.key)
]


def every_line(lines: Iterable[Line]) -> Iterable[Line]:
    for line in lines:
        yield line
        for block in line.blocks:
            yield from every_line(block.lines)


@pytest.mark.parametrize("delivered", DELIVERED)
def test_every_word_of_a_delivered_definition_is_danish(delivered, monkeypatch):
    unknown = set()

    def noted(name, *, known_only=False):
        if not known_only and name not in WORDS:
            unknown.add(name)
        return word(name, known_only=known_only)

    monkeypatch.setattr(showing, "word", noted)
    shown(delivered.content)
    assert unknown == set()


def test_a_part_is_called_by_its_name_where_others_point_at_it():
    loan = next(one for one in queries.shipped("case_type") if one.content.key == "concept_loan")
    lines = {line.label: line for line in every_line(shown(loan.content))}
    assert lines["Felt med beløbet"].text == "Lånebeløb"
    assert "Lånebeløb" in lines["Ansøger kan rette"].items
    keys = [row[0] for row in lines["Felter"].table.rows]
    assert "amount" in keys
