# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Weights are learned from answers: towards the consultant's own, never far from the shipped ones, explained."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine import suggest
from brobygger.engine.learning import BOUNDS, FEWEST, NAMEABLE, NAMES, Answer, learn, rescored
from brobygger.engine.listing import Listing
from brobygger.engine.parts import UNKNOWN, WEIGHTS
from brobygger.knowledge import load

NEARNESS = {"distance": 0.60, "quantity": 0.15, "time": 0.10, "text": 0.10, "conditions": 0.05}
PUNCTUALITY = {"distance": 0.20, "quantity": 0.20, "time": 0.30, "text": 0.15, "conditions": 0.15}


def simulated(true, number, seed, *, reasons="share"):
    """Answers of a consultant whose own weights are `true`: the better the score by those, the likelier a yes."""
    rng = np.random.default_rng(seed)
    own = np.array([true[name] for name in NAMES])
    types = rng.choice([1.0, 0.9, 0.8, 0.6], number)
    parts = np.column_stack(
        [
            1.0 / (1.0 + rng.exponential(20.0, number) / 25.0),
            np.minimum(rng.lognormal(0.0, 1.0, number), 1.0),
            np.where(rng.random(number) < 0.5, UNKNOWN, rng.random(number)),
            0.75 + 0.25 * rng.random(number) ** 3,
            np.where(rng.random(number) < 0.7, 1.0, rng.random(number)),
        ]
    )
    score = types * (parts @ own)
    good = rng.random(number) < 1.0 / (1.0 + np.exp(-15.0 * (score - np.median(score))))
    nameable = np.array([name in NAMEABLE for name in NAMES])
    short = np.where(nameable, own * (1.0 - parts), 0.0) + 1e-9
    answers = []
    for n in range(number):
        match reasons:
            case "share":
                about = NAMES[rng.choice(5, p=np.where(nameable, short[n], 0.0) / short[n][nameable].sum())]
            case "worst":
                about = NAMES[int(np.argmax(np.where(nameable, short[n], 0.0)))]
            case _:
                about = None
        named = dict(zip(NAMES, parts[n].tolist(), strict=True))
        answers.append(Answer(float(types[n]), named, bool(good[n]), about=None if good[n] else about))
    return answers


def distance(one, other):
    return sum(abs(one[name] - other[name]) for name in NAMES)


def average_distance(true, number, to, **how):
    return np.mean([distance(learn(simulated(true, number, seed, **how)).weights, to) for seed in range(4)])


@pytest.mark.parametrize("reasons", ["share", "worst", None])
@pytest.mark.parametrize("true", [NEARNESS, PUNCTUALITY], ids=["nearness", "punctuality"])
def test_the_weights_move_towards_the_consultants_own_the_more_answers_the_nearer(true, reasons):
    start = distance(WEIGHTS, true)
    some = average_distance(true, 100, true, reasons=reasons)
    many = average_distance(true, 1500, true, reasons=reasons)
    assert some < start
    assert many < 0.8 * some
    assert many < 0.5 * start


def test_reasons_teach_more_than_yes_and_no_alone():
    assert average_distance(NEARNESS, 200, NEARNESS) < average_distance(NEARNESS, 200, NEARNESS, reasons=None)


def test_no_answers_give_the_shipped_weights():
    found = learn([])
    assert found.weights == WEIGHTS
    assert not found.enough
    assert found.check is None


def test_too_few_answers_and_answers_of_one_kind_give_the_shipped_weights():
    answers = simulated(NEARNESS, 400, 1)
    assert learn(answers[: FEWEST - 1]).weights == WEIGHTS
    only_yes = [answer for answer in answers if answer.good]
    assert len(only_yes) > FEWEST
    assert learn(only_yes).weights == WEIGHTS
    assert not learn(only_yes).enough


def test_few_answers_stay_close_to_the_shipped_weights():
    found = [learn(simulated(NEARNESS, 25, seed)) for seed in range(6)]
    assert all(one.enough for one in found)
    moved = np.mean([distance(one.weights, WEIGHTS) for one in found])
    assert 0.0 < moved < 0.3 * distance(NEARNESS, WEIGHTS)


def test_a_consultant_who_agrees_with_the_shipped_weights_keeps_them():
    assert average_distance(WEIGHTS, 1000, WEIGHTS) < 0.08


def test_the_check_by_unseen_answers_tells_learning_that_helps_from_learning_that_does_not():
    helped = learn(simulated(PUNCTUALITY, 800, 3)).check
    assert helped.learned > helped.shipped + 0.005
    same = learn(simulated(WEIGHTS, 800, 3)).check
    assert same.learned == pytest.approx(same.shipped, abs=0.01)
    rng = np.random.default_rng(5)
    noise = [answer._replace(good=bool(rng.random() < 0.5)) for answer in simulated(NEARNESS, 400, 6)]
    assert learn(noise).check.learned == pytest.approx(0.5, abs=0.08)


def test_what_was_learned_is_told_part_by_part():
    found = learn(simulated(NEARNESS, 600, 2))
    told = {part.name: part for part in found.parts}
    assert list(told) == list(WEIGHTS)
    assert told["distance"].yes > told["distance"].no
    assert told["distance"].before == WEIGHTS["distance"]
    assert told["distance"].after == found.weights["distance"] > WEIGHTS["distance"]
    assert told["distance"].named > told["conditions"].named > 0
    assert told["text"].named == 0
    assert (found.good, found.bad) == (
        sum(answer.good for answer in simulated(NEARNESS, 600, 2)),
        sum(not answer.good for answer in simulated(NEARNESS, 600, 2)),
    )


any_answer = st.builds(
    Answer,
    type=st.floats(0, 1),
    parts=st.fixed_dictionaries({name: st.none() | st.floats(0, 1) for name in NAMES}),
    good=st.booleans(),
    weight=st.floats(0.1, 5.0),
    about=st.none() | st.sampled_from(NAMEABLE),
)
answer_lists = st.lists(any_answer, max_size=8) | st.lists(any_answer, min_size=FEWEST, max_size=40)


@settings(deadline=None, max_examples=40)
@given(answer_lists)
def test_whatever_is_answered_the_weights_stay_in_bounds_sum_to_the_whole_and_can_be_used(answers):
    weights = learn(answers).weights
    assert sum(weights.values()) == pytest.approx(1.0, abs=1e-12)
    for name, (low, high) in BOUNDS.items():
        assert low - 1e-12 <= weights[name] <= high + 1e-12
    suggest([], [], load(), weights=weights)


@settings(deadline=None, max_examples=10)
@given(st.lists(any_answer, min_size=FEWEST, max_size=40), st.randoms())
def test_the_order_of_the_answers_changes_nothing(answers, random):
    shuffled = list(answers)
    random.shuffle(shuffled)
    assert distance(learn(answers).weights, learn(shuffled).weights) < 0.005


@pytest.mark.parametrize(
    "wrong",
    [
        Answer(1.2, {}, True),
        Answer(float("nan"), {}, True),
        Answer(1.0, {"time": -0.1}, True),
        Answer(1.0, {}, True, weight=0.0),
        Answer(1.0, {}, True, weight=float("inf")),
        Answer(1.0, {}, False, about="text"),
    ],
)
def test_answers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError):
        learn([wrong])


@pytest.mark.parametrize(
    "wrong",
    [
        {"distance": 1.0},
        {**WEIGHTS, "distance": 0.5},
        {**WEIGHTS, "distance": -0.05, "quantity": 0.65},
        {**WEIGHTS, "distance": float("nan")},
        {**WEIGHTS, "size": 0.0},
    ],
)
def test_suggest_refuses_weights_that_are_none(wrong):
    with pytest.raises(ValueError):
        suggest([], [], load(), weights=wrong)


def two_needs_apart():
    """A have near a need that it covers badly, and far from one that it covers well."""
    have = Listing(id="h", organisation="a", type="spent_grain", text="", quantity=10.0, unit="t", period="year", x=0.0, y=0.0)  # fmt: skip
    near = Listing(id="near", organisation="b", type="spent_grain", text="", quantity=100.0, unit="t", period="year", x=1_000.0, y=0.0)  # fmt: skip
    far = Listing(id="far", organisation="c", type="spent_grain", text="", quantity=10.0, unit="t", period="year", x=40_000.0, y=0.0)  # fmt: skip
    return [have], [near, far]


def test_suggest_ranks_by_the_weights_it_is_given_and_a_stored_score_can_be_worked_out_again():
    haves, needs = two_needs_apart()
    near_first = {"distance": 0.7, "quantity": 0.05, "time": 0.1, "text": 0.1, "conditions": 0.05}
    amount_first = {"distance": 0.1, "quantity": 0.65, "time": 0.1, "text": 0.1, "conditions": 0.05}
    for weights, first in ((near_first, "near"), (amount_first, "far")):
        rows = suggest(haves, needs, load(), both=True, weights=weights)
        assert min(rows, key=lambda row: row.have_rank).need == first
        for row in rows:
            parts = {name: getattr(row, name) for name in NAMES}
            assert rescored(row.type, parts, weights) == pytest.approx(row.score, abs=2e-6)
