# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Deferred acceptance as a compiled loop, used by `pair`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@compiled
def deferred_acceptance(
    proposer: Integers,
    proposer_order: Integers,
    proposer_room: Integers,
    receiver: Integers,
    receiver_order: Integers,
    receiver_room: Integers,
) -> npt.NDArray[np.bool_]:
    """For each wish whether the pair is made; the outcome is best for the proposing side.

    `proposer` and `receiver` are the members of each wish. `proposer_order` holds the wishes' numbers, member by
    member, the best first; `receiver_order` likewise. A receiver that is full and likes a new proposal better
    gives up the one it likes least: as that one only ever gets better, a pointer that moves up the receiver's
    list finds it, and the whole takes time in proportion to the number of wishes.
    """
    n = len(proposer)
    held = np.zeros(n, np.bool_)
    place = np.empty(n, np.int64)
    for position in range(n):
        place[receiver_order[position]] = position
    first = np.full(len(proposer_room) + 1, n, np.int64)
    for position in range(n - 1, -1, -1):
        first[proposer[proposer_order[position]]] = position
    last = np.full(len(receiver_room), -1, np.int64)
    for position in range(n):
        last[receiver[receiver_order[position]]] = position
    count = np.zeros(len(receiver_room), np.int64)
    has = np.zeros(len(proposer_room), np.int64)
    stack = np.arange(len(proposer_room))
    waiting = np.ones(len(proposer_room), np.bool_)
    top = len(stack)
    while top > 0:
        member = stack[top - 1]
        position = first[member]
        if (
            has[member] == proposer_room[member]
            or position >= n
            or proposer[proposer_order[position]] != member
        ):
            top -= 1
            waiting[member] = False
            continue
        first[member] = position + 1
        wish = proposer_order[position]
        other = receiver[wish]
        if receiver_room[other] == 0:
            continue
        if count[other] == receiver_room[other]:
            while not held[receiver_order[last[other]]]:
                last[other] -= 1
            worst = receiver_order[last[other]]
            if place[wish] > place[worst]:
                continue
            held[worst] = False
            count[other] -= 1
            loser = proposer[worst]
            has[loser] -= 1
            if not waiting[loser]:
                waiting[loser] = True
                stack[top] = loser
                top += 1
        held[wish] = True
        count[other] += 1
        has[member] += 1
    return held


@compiled
def _sorted_stably(order: Integers, key: Integers, keys: int) -> Integers:
    """The wishes of `order` by their key (0 … keys - 1), equal ones as they stand: a counting sort."""
    at = np.zeros(keys + 1, np.int64)
    for wish in range(len(key)):
        at[key[wish] + 1] += 1
    for k in range(keys):
        at[k + 1] += at[k]
    moved = np.empty_like(order)
    for wish in order:
        moved[at[key[wish]]] = wish
        at[key[wish]] += 1
    return moved


@compiled
def by_pair(owner: Integers, other: Integers, n_owners: int, n_others: int) -> Integers:
    """The wishes ordered by owner, then by the other."""
    order = np.arange(len(owner))
    return _sorted_stably(_sorted_stably(order, other, n_others), owner, n_owners)


@compiled
def by_rank(
    owner: Integers, other: Integers, rank: Integers, n_owners: int, n_others: int, n_ranks: int
) -> Integers:
    """The wishes ordered by owner, then by rank (0 … n_ranks - 1), then by the other."""
    order = _sorted_stably(np.arange(len(owner)), other, n_others)
    return _sorted_stably(_sorted_stably(order, rank, n_ranks), owner, n_owners)


@compiled
def first_repeat(owner: Integers, other: Integers, n_owners: int, n_others: int) -> int:
    """The first wish that repeats an earlier one, -1 where none does."""
    first = len(owner)
    owned_by = np.full(n_others, -1, np.int64)
    for wish in _sorted_stably(np.arange(len(owner)), owner, n_owners):
        if owned_by[other[wish]] == owner[wish]:
            first = min(first, wish)
        owned_by[other[wish]] = owner[wish]
    return -1 if first == len(owner) else first


@compiled
def preferences(owner: Integers, order: Integers, rank: Floats, score: Floats) -> Integers:
    """The wishes ordered by owner, then by rank; the unranked (NaN) last, by falling score (NaN last).

    `order` has them by owner and, within, in the order that settles what is equal.
    """
    out = order.copy()
    n = len(order)
    begin = 0
    while begin < n:
        end = begin + 1
        while end < n and owner[order[end]] == owner[order[begin]]:
            end += 1
        primary, secondary = np.empty(end - begin), np.empty(end - begin)
        for k in range(end - begin):
            wish = order[begin + k]
            unranked = np.isnan(rank[wish])
            primary[k] = np.inf if unranked else rank[wish]
            secondary[k] = 0.0
            if unranked:
                secondary[k] = np.inf if np.isnan(score[wish]) else -score[wish]
        by = np.arange(end - begin)
        if np.isinf(primary[: end - begin]).any():
            by = np.argsort(secondary, kind="mergesort")
        by = by[np.argsort(primary[by], kind="mergesort")]
        for k in range(end - begin):
            out[begin + k] = order[begin + by[k]]
        begin = end
    return out
