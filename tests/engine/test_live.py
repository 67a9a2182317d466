# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The live index answers as a fresh `suggest` does, whatever came, changed and went before."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from brobygger.engine.listing import InvalidListing, Listing
from brobygger.engine.live import LiveIndex
from brobygger.engine.live.lists import Lists
from brobygger.engine.suggest import suggest
from tests.engine.test_suggest_reference import AMOUNTS, DAYS, KNOWLEDGE, TEXTS, TYPES, UNITS, YES_NO

PLACES = st.one_of(st.none(), st.sampled_from([0.0, 1_000.0, 1_500.0, 30_000.0, 90_000.0]))
WEIGHTS = {"distance": 0.1, "quantity": 0.2, "time": 0.3, "text": 0.25, "conditions": 0.15}


@st.composite
def a_listing(draw, ids):
    start, end = draw(DAYS), draw(DAYS)
    if start and end and end < start:
        start, end = end, start
    x = draw(PLACES)
    return Listing(
        id=draw(ids),
        organisation=draw(st.sampled_from(["", "o1", "o2", "o3"])),
        type=draw(TYPES),
        text=draw(TEXTS),
        quantity=draw(AMOUNTS),
        unit=draw(UNITS),
        start=start,
        end=end,
        x=x,
        y=None if x is None else draw(st.sampled_from([0.0, 2_000.0])),
        max_distance=draw(st.one_of(st.none(), st.sampled_from([500.0, 40_000.0]))),
        food_grade=draw(YES_NO),
        organic=draw(YES_NO),
        hazardous=draw(YES_NO),
        permit=draw(YES_NO),
        price=draw(st.one_of(st.none(), st.sampled_from([-5.0, 0.0, 10.0, 20.0]))),
    )


IDS = st.integers(0, 30).map(lambda n: f"id-{n}" if n % 3 else f"æ{n}")
SIDES = st.sampled_from(["have", "need"])


def as_told(rows, side):
    """The same fields of `suggest`'s rows as a hit has."""
    out = []
    for row in rows:
        name = row.have if side == "need" else row.need
        parts = (row.score, row.type, row.text, row.quantity, row.time, row.distance, row.conditions)
        out.append((name, *parts, row.metres, row.via, row.process))
    return out


def as_found(hits):
    return [
        (*hit[:8], None if math.isnan(hit.metres) else hit.metres, hit.link.via, hit.link.process)
        for hit in hits
    ]


def fresh(side, listing, others, top, weights=None):
    if side == "need":
        return as_told(suggest(others, [listing], KNOWLEDGE, top=top, weights=weights), side)
    rows = suggest([listing], others, KNOWLEDGE, top=top, both=True, weights=weights)
    mine = sorted((row for row in rows if row.have_rank), key=lambda row: row.have_rank)
    return as_told(mine, side)


class Changing(RuleBasedStateMachine):
    """Listings come, change and go; the answer stays that of `suggest` over what is there now."""

    @initialize()
    def empty(self):
        self.index = LiveIndex(KNOWLEDGE)
        self.there = {"have": {}, "need": {}}

    @rule(side=SIDES, listing=a_listing(IDS))
    def put(self, side, listing):
        self.index.put(side, listing)
        self.there[side][listing.id] = listing

    @rule(side=SIDES, listings=st.lists(a_listing(IDS), max_size=12, unique_by=lambda row: row.id))
    def put_many(self, side, listings):
        self.index.put_many(side, listings)
        self.there[side] |= {row.id: row for row in listings}

    @rule(side=SIDES, listing_id=IDS)
    def remove(self, side, listing_id):
        assert self.index.remove(side, listing_id) == (listing_id in self.there[side])
        self.there[side].pop(listing_id, None)

    @rule(
        side=SIDES,
        listing=a_listing(st.just("asked")),
        top=st.sampled_from([1, 3, 10]),
        learned=st.booleans(),
    )
    def ask(self, side, listing, top, learned):
        others = list(self.there["have" if side == "need" else "need"].values())
        weights = WEIGHTS if learned else None
        expected = fresh(side, listing, others, top, weights)
        for compiled in (True, False):
            assert (
                as_found(self.index.best(side, listing, top, weights=weights, compiled=compiled)) == expected
            )
        assert len(self.index) == sum(map(len, self.there.values()))


TestChanging = Changing.TestCase
TestChanging.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


def crowd(count, seed=1):
    """Many near each other and of few types, so that lists are long and scores close."""
    chance = random.Random(seed)
    return [
        Listing(
            id=f"{chance.random()}",
            organisation=f"o{chance.randrange(50)}",
            type=chance.choice(["mask", "mask", "yeast", "organic", "", "oil"]),
            text=chance.choice(["mask", "frisk mask fra bryggeri", "gær", "ukendt ting", ""]),
            quantity=chance.choice([None, 1.0, 5.0, 20.0]),
            unit="t",
            period="week",
            x=None if chance.random() < 0.05 else chance.uniform(0, 100_000),
            y=chance.uniform(0, 100_000),
            max_distance=chance.choice([None, None, 20_000.0]),
            food_grade=chance.choice([None, True, False]),
        )
        for _ in range(count)
    ]


def test_among_thousands_that_change_the_answer_is_still_that_of_suggest() -> None:
    index, chance = LiveIndex(KNOWLEDGE), random.Random(2)
    haves = {row.id: row for row in crowd(3_000)}
    index.put_many("have", list(haves.values()))
    for row in crowd(1_500, seed=3):
        gone = chance.choice(list(haves))
        index.remove("have", gone)
        del haves[gone]
        haves[row.id] = row
        index.put("have", row)
    for asked in crowd(60, seed=4):
        need = Listing(
            **{
                **{f: getattr(asked, f) for f in asked.__slots__},
                "type": chance.choice(["feed", "organic", "", "mask"]),
            }
        )
        assert as_found(index.best("need", need, compiled=True)) == fresh(
            "need", need, list(haves.values()), 10
        )


def test_what_an_office_may_not_be_shown_takes_nobodys_place() -> None:
    for compiled in (True, False):
        index = LiveIndex(KNOWLEDGE)
        for office in (None, 1, 2):
            index.put("have", Listing(f"of {office}", type="mask"), office)
        need = Listing("n", type="mask")

        def seen(by, index=index, need=need, compiled=compiled):
            return {hit.id for hit in index.best("need", need, seen_by=by, compiled=compiled)}

        assert seen(1) == {"of None", "of 1"}
        assert seen(None) == {"of None"}
        assert len(index.best("need", need, compiled=compiled)) == 3


def test_what_ended_before_the_day_is_left_out() -> None:
    index = LiveIndex(KNOWLEDGE)
    index.put("have", Listing("ended", type="mask", end=date(2026, 1, 31)))
    for compiled in (True, False):

        def on(day, compiled=compiled):
            return index.best("need", Listing("n", type="mask"), on=day, compiled=compiled)

        assert len(on(date(2026, 1, 31))) == 1
        assert not on(date(2026, 2, 1))


def test_a_wrong_listing_leaves_the_index_as_it_was() -> None:
    index = LiveIndex(KNOWLEDGE)
    index.put("have", Listing("a", type="mask", quantity=1, unit="t"))
    for wrong in (
        [Listing("a", type="mask", quantity=1, unit="parsec")],
        [Listing("b", type="mask"), Listing("b", type="mask")],
        [Listing("b\0", type="mask")],
    ):
        with pytest.raises(InvalidListing):
            index.put_many("have", wrong)
    assert len(index) == 1
    assert index.best("need", Listing("n", type="mask"))[0].id == "a"


def test_memory_does_not_grow_where_as_many_go_as_come() -> None:
    index = LiveIndex(KNOWLEDGE)
    index.put_many("have", crowd(2_000))
    rows = index._sides["have"]
    for round_ in range(6):
        for gone in list(rows.slot_of):
            index.remove("have", gone)
        for row in crowd(2_000, seed=10 + round_):
            index.put("have", row)
        if round_ == 0:
            settled = rows.nbytes
    assert len(rows.types) == 2_000
    assert rows.nbytes < 1.5 * settled


def test_lists_hold_what_a_dictionary_of_lists_holds() -> None:
    chance = random.Random(5)
    lists = Lists({"slot": np.int32, "x": np.float64}, sort_by="x")
    plain: dict[int, list[tuple[float, int]]] = {}
    for slot in range(5_000):
        number, x = chance.randrange(20), chance.choice([math.nan, float(chance.randrange(100))])
        if slot % 7 == 0:
            lists.add_many(np.array([number]), slot=np.array([slot]), x=np.array([x]))
        else:
            lists.add(number, slot=slot, x=x)
        plain.setdefault(number, []).append((math.inf if math.isnan(x) else x, slot))
        if slot % 3 == 0:
            number = chance.choice(list(plain))
            if plain[number]:
                x, gone = plain[number].pop(chance.randrange(len(plain[number])))
                lists.remove(number, gone, math.nan if x == math.inf else x)
    lists.settle()
    for number, rows in plain.items():
        entries = lists.entries(number)
        assert sorted(entries["slot"].tolist()) == sorted(slot for _, slot in rows)
        held = [math.inf if math.isnan(x) else x for x in entries["x"].tolist()]
        assert held == sorted(x for x, _ in rows)


def test_nobody_waits_for_the_compiler_where_no_kernel_is_kept(tmp_path) -> None:
    script = (
        "from brobygger.engine.live import *; from brobygger.engine.listing import Listing\n"
        "from brobygger.engine.facts import Knowledge\n"
        "index = LiveIndex(Knowledge(types={})); index.put('have', Listing('a', type='t'))\n"
        "print(at_hand(), [hit.id for hit in index.best('need', Listing('n', type='t'))])\n"
        "from brobygger.engine.live import kernels; print(len(kernels.best.signatures))\n"
        "warm_up(); print(at_hand(), [hit.id for hit in index.best('need', Listing('n', type='t'))])\n"
    )

    def run():
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n")

    assert run()[:3] == ["False ['a']", "0", "True ['a']"]
    assert run()[:3] == ["True ['a']", "1", "True ['a']"], "the next process reads what the first one kept"
