# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Loops that compete for whole loads: those that can run do, and nothing is called the best that is not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from random import Random
from uuid import uuid4

import pytest

from brobygger.engine.loop_loads import Choice
from brobygger.market.services.network import ring_loads
from brobygger.market.services.network import rings as rings_module
from brobygger.market.services.network.plan import TIE
from brobygger.market.services.network.problem import Pair, Problem
from brobygger.market.services.network.rings import rings_of


def pair(giver, taker, tonnes, *, lot=0, one=None, other=None):
    return Pair(one or uuid4(), other or uuid4(), giver, taker, 0.5, 100.0, 0.0, lot=Decimal(lot))


def problem_of(pairs, gives=None):
    """Pairs with the tonnes that each of their ends has; `gives`: of listings that have something else."""
    problem = Problem(pairs=[one for one, _tonnes in pairs])
    for one, tonnes in pairs:
        problem.gives[str(one.have)] = Decimal((gives or {}).get(one.have, tonnes))
        problem.takes[one.other] = Decimal(tonnes)
    return problem


def three_loops_two_and_two_on_a_listing(lot=20, tonnes=20):
    p, q, r = 1, 2, 3
    h12, h13, h23 = uuid4(), uuid4(), uuid4()
    first = [(p, 11, h12), (11, q, None), (q, 21, h13), (21, p, None)]
    second = [(p, 12, h12), (12, r, None), (r, 22, h23), (22, p, None)]
    third = [(q, 13, h13), (13, r, None), (r, 23, h23), (23, q, None)]
    # A listing belongs to one organisation, but what the set may use of it is all that counts here.
    return problem_of(
        [
            (pair(giver, taker, tonnes, lot=lot, one=one), tonnes)
            for giver, taker, one in [*first, *second, *third]
        ]
    )


def test_of_loops_that_compete_for_whole_loads_one_runs():
    problem = three_loops_two_and_two_on_a_listing()
    rings = rings_of(problem, [100.0] * 12, 30)
    assert (len(rings.together), rings.count, rings.proven) == (1, 1, True)
    assert [link.tonnes for link in rings.together[0].links] == [Decimal(20)] * 4
    assert len(rings.gave_way) == 2
    assert all(set(map(tuple, ring.in_the_way.values())) == {(1,)} for ring in rings.gave_way)


def test_where_loads_may_be_divided_each_of_them_runs_with_half():
    rings = rings_of(three_loops_two_and_two_on_a_listing(lot=0), [100.0] * 12, 30)
    assert [ring.share for ring in rings.together] == [0.5] * 3
    assert rings.proven


def test_a_set_found_among_some_of_the_loops_is_not_called_the_best(monkeypatch):
    monkeypatch.setattr(rings_module, "MOST_LOOPS", 2)
    rings = rings_of(three_loops_two_and_two_on_a_listing(), [100.0] * 12, 30)
    assert (len(rings.together), rings.proven) == (1, False)


def test_a_set_of_which_no_way_was_found_in_time_is_filled_and_not_called_the_best(monkeypatch):
    monkeypatch.setattr(ring_loads, "best_ways", lambda *_asked: Choice({}, False))
    rings = rings_of(three_loops_two_and_two_on_a_listing(), [100.0] * 12, 30)
    assert (len(rings.together), rings.proven) == (1, False)


@pytest.mark.parametrize("seed", range(25))
def test_no_choice_of_whole_loads_is_worth_more(seed):
    """Against trying everything: each loop not at all, or in any of its ways."""
    chance = Random(seed)
    firms = range(1, 5)
    haves = {firm: uuid4() for firm in firms}
    gives = {have: chance.choice([20, 30, 45, 60]) for have in haves.values()}
    ends = [(a, b) for a in firms for b in firms if a != b and chance.random() < 0.6]
    pairs = []
    for giver, taker in ends:
        shared = haves[giver] if chance.random() < 0.7 else None
        tonnes = chance.choice([10, 20, 35, 60])
        pairs.append((pair(giver, taker, tonnes, lot=chance.choice([5, 8, 10]), one=shared), tonnes))
    problem = problem_of(pairs, gives)
    values = [float(chance.randint(1, 9)) for _ in pairs]
    rings = rings_of(problem, values, 30)
    assert rings.proven
    worth = dict(zip(map(id, problem.pairs), values, strict=True))
    found = sum(
        float(link.tonnes) * (worth[id(link.pair)] + TIE * 0.5)
        for ring in rings.together
        for link in ring.links
    )
    assert found == pytest.approx(best_by_trying_all(problem, values), abs=1e-6)


def best_by_trying_all(problem, values):
    gives, takes = problem.left()
    by_ends = {}
    for one, value in zip(problem.pairs, values, strict=True):
        most = min(gives[str(one.have)], takes[one.other]) // one.lot * one.lot
        if most:
            by_ends[one.giver, one.taker] = (one, most, value + TIE * 0.5)
    options = []
    for size in (2, 3, 4):
        for stops in permutations({one.giver for one in problem.pairs}, size):
            ends = list(zip(stops, [*stops[1:], stops[0]], strict=True))
            if stops[0] == min(stops) and all(end in by_ends for end in ends):
                links = [by_ends[end] for end in ends]
                shares = {
                    Fraction(n, int(m // one.lot))
                    for one, m, _ in links
                    for n in range(1, int(m // one.lot) + 1)
                }
                moved = [
                    [(one, one.lot * int(s * int(m // one.lot)), v) for one, m, v in links] for s in shares
                ]
                options.append([way for way in moved if all(tonnes for _, tonnes, _ in way)])

    def best(n, gives, used):
        if n == len(options):
            return 0.0
        top = best(n + 1, gives, used)
        for way in options[n]:
            left, so_far = dict(gives), dict(used)
            for one, tonnes, _ in way:
                left[str(one.have)] -= tonnes
                so_far[id(one)] = so_far.get(id(one), 0) + tonnes
            fits = min(left.values()) >= 0 and all(
                so_far.get(id(one), 0) <= m for one, m, _ in by_ends.values()
            )
            if fits:
                top = max(top, sum(float(t) * v for _, t, v in way) + best(n + 1, left, so_far))
        return top

    return best(0, gives, {})
