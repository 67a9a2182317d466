# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best of a live index for one listing, as compiled code.

Each list of a type is walked from the listing's own x outwards, and left as soon as nobody further out can be among the
best: type fit times (distance part at that x alone + the rest at its most). The lists come best type first.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from brobygger.engine.jit import compiled
from brobygger.engine.pair_score import (
    AMOUNT,
    END,
    OF_CONDITIONS,
    OF_DISTANCE,
    OF_QUANTITY,
    OF_TEXT,
    OF_TIME,
    REACH,
    TIMED,
    TONNES,
    WORDS,
    X,
    Y,
    conditions_part,
    distance_part,
    in_time,
    measure_pair,
    permitted,
    quantity_part,
    rounded,
    time_part,
    weighed,
    words_alike,
)
from brobygger.engine.parts import TEXT_ONLY_FIT, TYPED_TEXT, UNKNOWN

Array = Any
SLACK = 1e-6
"""What rounding to whole millionths can add to a fit, and again to a score."""
BY_WORDS = -1
"""The link of a candidate that words alone brought."""
PARTS = 8
"""Columns of what is measured: score, type, text, quantity, time, distance, conditions, metres."""


@compiled
def _comes_before(
    score: float, metres: float, slot: int, score2: float, metres2: float, slot2: int, names: Array
) -> bool:
    """Whether the first ranks before the second: score, then distance (unknown last), then id."""
    if score != score2:
        return score > score2
    far, far2 = math.isnan(metres), math.isnan(metres2)
    if far or far2:
        if far != far2:
            return far2
    elif metres != metres2:
        return metres < metres2
    for i in range(names.shape[1]):
        if names[slot, i] != names[slot2, i]:
            return bool(names[slot, i] < names[slot2, i])
    return False


@compiled
def _keep(
    slots: Array,
    codes: Array,
    fits: Array,
    scores: Array,
    metres: Array,
    found: int,
    names: Array,
    slot: int,
    code: int,
    fit: float,
    score: float,
    away: float,
) -> int:
    """Put a candidate among the best, once and by its best way; how many there are then."""
    top = len(slots)
    for i in range(found):
        if slots[i] == slot:
            if fit < fits[i] or (fit == fits[i] and code >= codes[i]):
                return found
            for j in range(i, found - 1):
                slots[j], codes[j], fits[j] = slots[j + 1], codes[j + 1], fits[j + 1]
                scores[j], metres[j] = scores[j + 1], metres[j + 1]
            found -= 1
            break
    if found == top and not _comes_before(
        score, away, slot, scores[top - 1], metres[top - 1], slots[top - 1], names
    ):
        return found
    at = min(found, top - 1)
    while at > 0 and _comes_before(score, away, slot, scores[at - 1], metres[at - 1], slots[at - 1], names):
        slots[at], codes[at], fits[at] = slots[at - 1], codes[at - 1], fits[at - 1]
        scores[at], metres[at] = scores[at - 1], metres[at - 1]
        at -= 1
    slots[at], codes[at], fits[at], scores[at], metres[at] = slot, code, fit, score, away
    return min(found + 1, top)


@compiled
def _rest_at_most(mine: Array, i_need: bool, weights: Array) -> float:
    """What all parts but distance can add up to, seen from one side."""
    unknown = i_need and math.isnan(mine[AMOUNT]) and math.isnan(mine[TONNES])
    quantity = UNKNOWN if unknown else 1.0
    time = UNKNOWN if mine[TIMED] == 0.0 else 1.0
    text = TYPED_TEXT if mine[WORDS] == 0.0 else 1.0
    return float(
        weights[OF_QUANTITY] * quantity
        + weights[OF_TIME] * time
        + weights[OF_TEXT] * text
        + weights[OF_CONDITIONS]
    )


@compiled
def _metres(mine: Array, x: float, y: float) -> float:
    dx, dy = mine[X] - x, mine[Y] - y
    return math.sqrt(dx * dx + dy * dy)


@compiled
def _common_words(slot: int, facts: Array, first_word: Array, words: Array, marks: Array) -> int:
    shared = 0
    first = first_word[slot]
    for i in range(first, first + int(facts[slot, WORDS])):
        shared += marks[words[i]]
    return shared


@compiled
def _bar(scores: Array, found: int) -> float:
    """The score to reach to be among the best."""
    return scores[found - 1] if found == len(scores) else 0.0


@compiled
def _score(
    mine: Array,
    theirs: Array,
    i_need: bool,
    fit: float,
    shared: int,
    typed: bool,
    away: float,
    bar: float,
    today: float,
    weights: Array,
) -> float:
    """The score of a candidate of which everything is known; 0 where a limit excludes it or `bar` is out of reach."""
    need, have = (mine, theirs) if i_need else (theirs, mine)
    if theirs[END] < today or away > min(mine[REACH], theirs[REACH]):
        return 0.0
    if not in_time(need, have) or not permitted(need, have):
        return 0.0
    quantity, time = quantity_part(need, have), time_part(need, have)
    distance, conditions = distance_part(away), conditions_part(need, have)
    alike = words_alike(shared, need[WORDS], have[WORDS])
    text = TYPED_TEXT + (1.0 - TYPED_TEXT) * alike if typed else alike
    score = weighed(rounded(fit), text, quantity, time, distance, conditions, weights)
    return score if score >= bar else 0.0


@compiled
def best(
    mine: Array,
    i_need: bool,
    my_words: Array,
    marks: Array,
    link_list: Array,
    link_fit: Array,
    link_code: Array,
    starts: Array,
    lengths: Array,
    entry_slot: Array,
    entry_x: Array,
    entry_y: Array,
    entry_sure: Array,
    word_starts: Array,
    word_lengths: Array,
    word_slot: Array,
    facts: Array,
    office: Array,
    names: Array,
    first_word: Array,
    words: Array,
    counts: Array,
    weights: Array,
    seen_by: int,
    today: float,
    top: int,
) -> tuple[Array, Array, Array]:
    """The `top` best: their slots, the codes of their links, and `[n, PARTS]` of what was measured.

    `mine`: a row of facts. `marks[word]` is 1 for the words of `my_words`. The links (list number, fit, code) come best
    first. `counts` is all zero and is left so. `seen_by`: -2 shows everything, else what is open and that office's.
    """
    slots = np.zeros(top, dtype=np.int64)
    codes = np.zeros(top, dtype=np.int64)
    fits, scores, metres = np.zeros(top), np.zeros(top), np.zeros(top)
    found = 0
    rest = _rest_at_most(mine, i_need, weights)
    of_distance, my_x, reach = weights[OF_DISTANCE], mine[X], mine[REACH]
    placed = not math.isnan(my_x)
    for link in range(len(link_list)):
        number = link_list[link]
        if number >= len(starts):
            continue
        most = link_fit[link] + SLACK
        bar = _bar(scores, found)
        if most * (of_distance + rest) + SLACK < bar:
            break
        first = starts[number]
        last = first + lengths[number]
        known = last
        low, high = first, last
        while low < high:
            middle = (low + high) // 2
            if math.isnan(entry_x[middle]):
                high = middle
            else:
                low = middle + 1
        known = low
        low, high = first, known
        if placed:
            while low < high:
                middle = (low + high) // 2
                if entry_x[middle] < my_x:
                    low = middle + 1
                else:
                    high = middle
            left, right, tail = low - 1, low, known
        else:
            left, right, tail = first - 1, known, first
        while True:
            if left >= first or right < known:
                go_left = right >= known or (left >= first and my_x - entry_x[left] <= entry_x[right] - my_x)
                at = left if go_left else right
                if go_left:
                    left -= 1
                else:
                    right += 1
                aside = abs(entry_x[at] - my_x)
                bar = _bar(scores, found)
                if aside > reach or most * (of_distance * distance_part(aside) + rest) + SLACK < bar:
                    left, right = first - 1, known
                    continue
            elif tail < last:
                at = tail
                tail += 1
                bar = _bar(scores, found)
                if most * (of_distance * UNKNOWN + rest) + SLACK < bar:
                    break
            else:
                break
            away = _metres(mine, entry_x[at], entry_y[at])
            fit = link_fit[link] * entry_sure[at]
            if away > reach or (fit + SLACK) * (of_distance * distance_part(away) + rest) + SLACK < bar:
                continue
            slot = entry_slot[at]
            if seen_by != -2 and office[slot] != -1 and office[slot] != seen_by:
                continue
            theirs = facts[slot]
            most_shared = int(min(mine[WORDS], theirs[WORDS]))
            if _score(mine, theirs, i_need, fit, most_shared, True, away, bar, today, weights) <= 0.0:
                continue
            shared = _common_words(slot, facts, first_word, words, marks)
            score = _score(mine, theirs, i_need, fit, shared, True, away, bar, today, weights)
            if score > 0.0:
                found = _keep(
                    slots, codes, fits, scores, metres, found, names,
                    slot, link_code[link], fit, score, away,
                )  # fmt: skip
    found = _by_words(
        mine, i_need, my_words, word_starts, word_lengths, word_slot, facts, office, names, counts, weights,
        seen_by, today, slots, codes, fits, scores, metres, found,
    )  # fmt: skip
    measured = np.zeros((found, PARTS))
    for i in range(found):
        slot = slots[i]
        typed = codes[i] != BY_WORDS
        shared = _common_words(slot, facts, first_word, words, marks)
        need, have = (mine, facts[slot]) if i_need else (facts[slot], mine)
        text, quantity, time, distance, conditions, away, _ = measure_pair(need, have, shared, typed)
        measured[i, 0], measured[i, 1] = scores[i], rounded(fits[i])
        measured[i, 2], measured[i, 3], measured[i, 4] = rounded(text), rounded(quantity), rounded(time)
        measured[i, 5], measured[i, 6], measured[i, 7] = rounded(distance), rounded(conditions), away
    return slots[:found], codes[:found], measured


@compiled
def _by_words(
    mine: Array,
    i_need: bool,
    my_words: Array,
    word_starts: Array,
    word_lengths: Array,
    word_slot: Array,
    facts: Array,
    office: Array,
    names: Array,
    counts: Array,
    weights: Array,
    seen_by: int,
    today: float,
    slots: Array,
    codes: Array,
    fits: Array,
    scores: Array,
    metres: Array,
    found: int,
) -> int:
    """Those who share a word and no type; how many of the best there are then."""
    total = 0
    for word in my_words:
        if word < len(word_starts):
            total += word_lengths[word]
    touched = np.empty(total, dtype=np.int32)
    many = 0
    for word in my_words:
        if word < len(word_starts):
            for at in range(word_starts[word], word_starts[word] + word_lengths[word]):
                slot = word_slot[at]
                if counts[slot] == 0:
                    touched[many] = slot
                    many += 1
                counts[slot] += 1
    rest = _rest_at_most(mine, i_need, weights) - weights[OF_TEXT] * (
        TYPED_TEXT if mine[WORDS] == 0.0 else 1.0
    )
    for i in range(many):
        slot = touched[i]
        shared = counts[slot]
        counts[slot] = 0
        theirs = facts[slot]
        alike = words_alike(shared, mine[WORDS], theirs[WORDS])
        fit = TEXT_ONLY_FIT * alike
        bar = _bar(scores, found)
        if (fit + SLACK) * (weights[OF_DISTANCE] + rest + weights[OF_TEXT] * alike) + SLACK < bar:
            continue
        if seen_by != -2 and office[slot] != -1 and office[slot] != seen_by:
            continue
        away = _metres(mine, theirs[X], theirs[Y])
        score = _score(mine, theirs, i_need, fit, shared, False, away, bar, today, weights)
        if score > 0.0:
            found = _keep(slots, codes, fits, scores, metres, found, names, slot, BY_WORDS, fit, score, away)
    return found
