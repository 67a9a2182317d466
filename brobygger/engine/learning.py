# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The weights of the parts, learned from what people answered to suggestions. Explainable, bounded, never negative.

Two things are learned from, and the shipped weights (`parts.WEIGHTS`) hold them back:

1. yes or no. The chance of a yes is a logistic function of the score, `1 / (1 + exp(-(steepness × score + start)))`,
   with score = type × Σ weight × part as in `parts`. This is regularised logistic regression whose coefficients are
   steepness × weight.
2. the reason of a no. Who says "too far" points at one part. The chance that a part is pointed at is its share of
   what the score lacks: weight × (1 - part), among the parts that a reason can name (Luce's choice rule). It counts
   `NAMING`, half as much as a whole answer, because people name the worst part oftener than the rule says.

Moving away from the shipped weights costs ½ × steepness² × Σ (weight - shipped)² / shipped, as in ridge regression
towards a prior mean: with few answers the weights stay close, with none they are the shipped ones. Each weight stays
between half and twice the shipped one, and together they are the whole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.parts import UNKNOWN, WEIGHTS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

NAMES = tuple(WEIGHTS)
SHIPPED: Floats = np.array([WEIGHTS[name] for name in NAMES])
LEAST, MOST = SHIPPED * 0.5, SHIPPED * 2.0
BOUNDS = {name: (float(low), float(high)) for name, low, high in zip(NAMES, LEAST, MOST, strict=True)}
"""Part → the smallest and the largest weight it can ever learn."""
NAMEABLE = ("distance", "quantity", "time", "conditions")
"""Parts that the reason of a no can point at."""
VISIBLY_SHORT = 0.95
"""A part at or above this lacks nothing that a no could be about."""
FEWEST, FEWEST_OF_EACH = 20, 5
"""Below so many answers in all, or of yes or no, nothing is learned."""
FOLDS = 5
NAMING = 0.5
PRIOR = 1.0
STEEPNESS, LEAST_STEEPNESS, STEEPNESS_PRIOR, START_PRIOR = 10.0, 0.5, 0.05, 0.001
"""Where the logistic curve begins, and how weakly it is held there."""
ROUNDS, STILL = 300, 1e-7
THOUSAND = 1000
"""Weights are whole thousandths, so that what is shown is what is used."""


class Answer(NamedTuple):
    """What somebody answered to one suggestion.

    `type` and each of `parts` is 0..1 as the suggestion was shown; a part that is None or missing was unknown.
    `weight` is how much it counts. `about`: the part that the reason of a no points at.
    """

    type: float
    parts: Mapping[str, float | None]
    good: bool
    weight: float = 1.0
    about: str | None = None


class Part(NamedTuple):
    """What was learned about one part. `yes` and `no`: its average among those answered so; `named`: noes about it."""

    name: str
    before: float
    after: float
    yes: float
    no: float
    named: int


class Check(NamedTuple):
    """How often a yes scores above a no, 0..1, by answers that the weights were not learned from (cross-validation)."""

    shipped: float
    learned: float


class Learned(NamedTuple):
    """Weights with what they rest on. `enough` is False where too few answered; the weights are then the shipped ones."""

    weights: dict[str, float]
    enough: bool
    good: int
    bad: int
    parts: tuple[Part, ...]
    check: Check | None


class _Case(NamedTuple):
    """Answers as arrays. `x`: type × parts `[n, 5]`; `lack`, `named`: what each pointing no lacked, and pointed at."""

    x: Floats
    good: Floats
    counts: Floats
    lack: Floats
    named: Integers


def learn(answers: Sequence[Answer]) -> Learned:
    """The weights that explain the answers, held towards the shipped ones. The order of the answers does not matter
    for the weights; the check takes every fifth as unseen.

    Raises ValueError on an answer whose numbers are not 0..1, whose weight is not a positive number, or that is about
    a part nobody can name.
    """
    parts, case = _read(answers)
    good, bad = int(case.good.sum()), int(len(answers) - case.good.sum())
    enough = len(answers) >= FEWEST and min(good, bad) >= FEWEST_OF_EACH
    weights = _whole(_fitted(case)) if enough else SHIPPED
    return Learned(
        weights=_by_name(weights),
        enough=enough,
        good=good,
        bad=bad,
        parts=_told(parts, case, weights),
        check=_checked(case) if enough else None,
    )


def rescored(type_part: float, parts: Mapping[str, float | None], weights: Mapping[str, float]) -> float:
    """The score of a suggestion from its stored parts under other weights; an unknown part is `UNKNOWN`."""
    known = {name: parts.get(name) for name in NAMES}
    return type_part * sum(
        weights[name] * (UNKNOWN if part is None else part) for name, part in known.items()
    )


def _by_name(weights: Floats) -> dict[str, float]:
    return dict(zip(NAMES, weights.tolist(), strict=True))


def _read(answers: Sequence[Answer]) -> tuple[Floats, _Case]:
    parts = np.array(
        [
            [UNKNOWN if (part := answer.parts.get(name)) is None else part for name in NAMES]
            for answer in answers
        ],
        dtype=np.float64,
    ).reshape(len(answers), len(NAMES))
    types = np.array([answer.type for answer in answers], dtype=np.float64)
    counts = np.array([answer.weight for answer in answers], dtype=np.float64)
    if not (np.all((parts >= 0) & (parts <= 1)) and np.all((types >= 0) & (types <= 1))):
        raise ValueError("type and parts of an answer must be from 0 to 1")
    if not np.all(np.isfinite(counts) & (counts > 0)):
        raise ValueError("the weight of an answer must be a number above 0")
    if any(answer.about is not None and answer.about not in NAMEABLE for answer in answers):
        raise ValueError(f"an answer can be about {', '.join(NAMEABLE)}")
    good = np.array([answer.good for answer in answers], dtype=np.float64)
    return parts, _case(parts, types, good, counts, [answer.about for answer in answers])


def _case(parts: Floats, types: Floats, good: Floats, counts: Floats, about: Sequence[str | None]) -> _Case:
    """`named` is -1 where an answer points at nothing that the parts show to be short."""
    nameable = np.array([name in NAMEABLE for name in NAMES])
    named = np.array([-1 if name is None else NAMES.index(name) for name in about], dtype=np.int64)
    pointed = np.take_along_axis(parts, np.maximum(named, 0)[:, None], axis=1)[:, 0] if len(parts) else types
    named[(good == 1.0) | (pointed >= VISIBLY_SHORT)] = -1
    return _Case(types[:, None] * parts, good, counts, np.where(nameable, 1.0 - parts, 0.0), named)


def _fitted(case: _Case) -> Floats:
    """The most likely weights under the prior. Steepness and start are fitted by Newton's method for given weights,
    the weights by a projected gradient step for given curve; in steepness × weight the yes-or-no part is convex."""
    weights, curve, step = SHIPPED.copy(), np.array([STEEPNESS, -0.5 * STEEPNESS]), 1e-3
    for _ in range(ROUNDS):
        curve = _curve(case, weights, curve)
        slope, here = _slope(case, weights, curve), _cost(case, weights, curve)
        step *= 2.0
        while True:
            moved = _inside(weights - step * slope)
            change = moved - weights
            promised = here + float(slope @ change) + float(change @ change) / (2.0 * step)
            if step < 1e-12 or _cost(case, moved, curve) <= promised + 1e-12:
                break
            step /= 2.0
        weights = moved
        if np.abs(change).max() < STILL:
            break
    return weights


def _curve(case: _Case, weights: Floats, curve: Floats) -> Floats:
    """Steepness and start of the logistic curve for these weights."""
    score, away = case.x @ weights, PRIOR * _away(weights)
    steepness, start = float(curve[0]), float(curve[1])
    for _ in range(20):
        chance = _chance(steepness * score + start)
        rest, spread = case.counts * (chance - case.good), case.counts * chance * (1.0 - chance)
        slope = np.array(
            [
                rest @ score + STEEPNESS_PRIOR * (steepness - STEEPNESS) + away * steepness,
                rest.sum() + START_PRIOR * (start + 0.5 * STEEPNESS),
            ]
        )
        bend = np.array(
            [
                [spread @ (score * score) + STEEPNESS_PRIOR + away, spread @ score],
                [spread @ score, spread.sum() + START_PRIOR],
            ]
        )
        change = np.linalg.solve(bend, slope)
        steepness, start = max(steepness - float(change[0]), LEAST_STEEPNESS), start - float(change[1])
        if np.abs(change).max() < 1e-9:
            break
    return np.array([steepness, start])


def _cost(case: _Case, weights: Floats, curve: Floats) -> float:
    z = curve[0] * (case.x @ weights) + curve[1]
    cost = float(case.counts @ (np.logaddexp(0.0, z) - case.good * z)) + 0.5 * PRIOR * curve[0] ** 2 * _away(
        weights
    )
    pointing = case.named >= 0
    if pointing.any():
        short = case.lack[pointing] @ weights
        cost += NAMING * float(
            case.counts[pointing] @ (np.log(short) - np.log(weights[case.named[pointing]]))
        )
    return float(cost)


def _slope(case: _Case, weights: Floats, curve: Floats) -> Floats:
    """The gradient of `_cost` in the weights."""
    rest = case.counts * (_chance(curve[0] * (case.x @ weights) + curve[1]) - case.good)
    slope = curve[0] * (case.x.T @ rest) + PRIOR * curve[0] ** 2 * (weights - SHIPPED) / SHIPPED
    pointing = case.named >= 0
    if pointing.any():
        lack, counts = case.lack[pointing], case.counts[pointing]
        named = np.bincount(case.named[pointing], weights=counts, minlength=len(NAMES))
        slope = slope + NAMING * (lack.T @ (counts / (lack @ weights)) - named / weights)
    return np.asarray(slope, dtype=np.float64)


def _away(weights: Floats) -> float:
    """How far from the shipped weights: Σ (weight - shipped)² / shipped."""
    return float(((weights - SHIPPED) ** 2 / SHIPPED).sum())


def _chance(z: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)), dtype=np.float64)


def _inside(weights: Floats) -> Floats:
    """The nearest weights inside the bounds that sum to one: one shift for all, found by halving, then clipped."""
    low, high = float((LEAST - weights).min()), float((MOST - weights).max())
    for _ in range(100):
        middle = 0.5 * (low + high)
        if np.clip(weights + middle, LEAST, MOST).sum() > 1.0:
            high = middle
        else:
            low = middle
    return np.asarray(np.clip(weights + low, LEAST, MOST), dtype=np.float64)


def _whole(weights: Floats) -> Floats:
    """In whole thousandths that sum to one thousand; the largest remainders are rounded up. Stays inside the bounds,
    which are whole thousandths themselves."""
    scaled = weights * THOUSAND
    floor = np.floor(scaled + 1e-6)
    up = np.argsort(-(scaled - floor), kind="stable")[: round(THOUSAND - floor.sum())]
    floor[up] += 1.0
    return np.asarray(floor / THOUSAND, dtype=np.float64)


def _told(parts: Floats, case: _Case, weights: Floats) -> tuple[Part, ...]:
    """Averages by answer, for people: why a weight goes up or down."""
    yes, no = case.good == 1.0, case.good == 0.0
    return tuple(
        Part(
            name=name,
            before=float(SHIPPED[at]),
            after=float(weights[at]),
            yes=float(parts[yes, at].mean()) if yes.any() else math.nan,
            no=float(parts[no, at].mean()) if no.any() else math.nan,
            named=int((case.named == at).sum()),
        )
        for at, name in enumerate(NAMES)
    )


def _checked(case: _Case) -> Check | None:
    """Each fifth of the answers is scored by weights learned from the other four. None where a fifth leaves too few."""
    fold = np.arange(len(case.good)) % FOLDS
    learned = np.empty(len(case.good))
    for number in range(FOLDS):
        seen = fold != number
        if len(set(case.good[seen])) < 2:
            return None
        weights = _fitted(_Case(*(column[seen] for column in case)))
        learned[~seen] = case.x[~seen] @ weights
    return Check(_yes_above_no(case.x @ SHIPPED, case.good), _yes_above_no(learned, case.good))


def _yes_above_no(score: Floats, good: Floats) -> float:
    """The share of pairs of a yes and a no in which the yes scores higher; equal ones count half."""
    rounded = np.round(score, 9)
    values, place, size = np.unique(rounded, return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - 0.5 * (size - 1))[place]
    n_yes = float(good.sum())
    n_no = len(good) - n_yes
    return float((rank[good == 1.0].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))
