# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Finding the pairs worth weighing among a hundred thousand, and keeping them as a worklist."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations

from django.db import transaction

from brobygger.accounts.models import Operator
from brobygger.register.duplicates.weighing import (
    ENOUGH,
    Facts,
    Likeness,
    core_of,
    digits_of,
    domains_of,
    likeness,
    may_be_one,
    street_of,
)
from brobygger.register.models import Establishment, Organisation, PossibleDuplicate

Progress = Callable[[int, int], None]
MOST_IN_A_BLOCK = 40
"""What more than so many share (an office hotel, an accountant's address) tells nothing by itself."""
RARE = 3
"""So many of a name's rarest three-letter pieces are looked up."""
MOST_KEPT = 5_000
"""The likeliest are kept: nobody looks at more."""
BATCH = 500


def find(operator: Operator, progress: Progress | None = None) -> int:
    """Look the operator's whole register through and bring its worklist up to date. Returns how many pairs wait.

    What somebody has said are two stay two.
    """
    facts = {one.pk: one for one in read(operator)}
    found: dict[tuple[int, int], Likeness] = {}
    seen: set[tuple[int, int]] = set()
    blocks = blocks_of(facts)
    for number, block in enumerate(blocks):
        for pair in combinations(sorted(block), 2):
            if pair in seen:
                continue
            seen.add(pair)
            first, second = facts[pair[0]], facts[pair[1]]
            if may_be_one(first, second) and (like := likeness(first, second)).score >= ENOUGH:
                found[pair] = like
        if progress and number % 1000 == 0:
            progress(number, len(blocks))
    return store(operator, found)


def read(operator: Operator) -> Iterator[Facts]:
    """Everybody in the register, in comparable spelling."""
    sites: dict[int, set[tuple[str, str, str]]] = defaultdict(set)
    places = Establishment.objects.filter(operator=operator, ended_on=None).order_by()
    for pk, name, street, postal_code in places.values_list(
        "organisation_id", "name", "street", "postal_code"
    ).iterator():
        sites[pk].add((core_of(name), street_of(street), postal_code))
    rows = Organisation.objects.filter(operator=operator).order_by("pk")
    names = ("pk", "cvr", "status", "name", "street", "postal_code", "phone", "email", "website")
    for pk, cvr, status, name, street, postal_code, phone, email, website in rows.values_list(
        *names
    ).iterator():
        yield Facts(
            pk=pk,
            cvr=cvr or "",
            active=status == Organisation.Status.ACTIVE,
            name=core_of(name),
            street=street_of(street),
            postal_code=postal_code,
            phone=digits_of(phone),
            email=email.strip().lower(),
            domains=domains_of(email, website),
            sites=frozenset(sites.get(pk, ())),
        )


def blocks_of(facts: dict[int, Facts]) -> list[list[int]]:
    """Groups within which everybody is compared with everybody, none of them large."""
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    words: Counter[str] = Counter()
    pieces: Counter[str] = Counter()
    for one in facts.values():
        words.update(one.name.split())
        pieces.update(_pieces(one.name))
        for key in _shared(one):
            blocks[key].append(one.pk)
    for one in facts.values():
        for word in one.name.split():
            if 1 < words[word] <= MOST_IN_A_BLOCK:
                blocks["word", word].append(one.pk)
        rare = sorted(
            (piece for piece in _pieces(one.name) if pieces[piece] > 1), key=lambda p: (pieces[p], p)
        )
        for piece in rare[:RARE]:
            if pieces[piece] <= MOST_IN_A_BLOCK:
                blocks["piece", piece].append(one.pk)
    return [block for block in blocks.values() if 1 < len(block) <= MOST_IN_A_BLOCK]


def _shared(one: Facts) -> Iterator[tuple[str, ...]]:
    if one.name:
        yield "name", one.name
        yield "name here", one.name[:4], one.postal_code
    if one.street and one.postal_code:
        yield "address", one.street, one.postal_code
    if one.phone:
        yield "phone", one.phone
    if one.email:
        yield "email", one.email
    for domain in sorted(one.domains):
        yield "domain", domain
    for name, _street, _postal_code in sorted(one.sites):
        if name and name != one.name:
            yield "name", name


def _pieces(name: str) -> set[str]:
    joined = name.replace(" ", "")
    return {joined[start : start + 3] for start in range(len(joined) - 2)}


@transaction.atomic
def store(operator: Operator, found: dict[tuple[int, int], Likeness]) -> int:
    """Keep the likeliest pairs; take away those that no longer look alike. Decisions stand."""
    best = dict(sorted(found.items(), key=lambda item: (-item[1].score, item[0]))[:MOST_KEPT])
    there = {
        (first, second): (pk, state)
        for pk, first, second, state in PossibleDuplicate.objects.filter(operator=operator).values_list(
            "pk", "first_id", "second_id", "state"
        )
    }
    waiting = {pair: pk for pair, (pk, state) in there.items() if state == PossibleDuplicate.State.NEW}
    gone = [pk for pair, pk in waiting.items() if pair not in best]
    for start in range(0, len(gone), BATCH):
        PossibleDuplicate.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    alive = set(Organisation.objects.filter(operator=operator).values_list("pk", flat=True))
    rows = [
        PossibleDuplicate(
            operator=operator,
            first_id=first,
            second_id=second,
            score=like.score,
            reasons=[list(r) for r in like.reasons],
        )
        for (first, second), like in best.items()
        if (first, second) not in there and {first, second} <= alive
    ]
    PossibleDuplicate.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    known = [
        PossibleDuplicate(pk=waiting[pair], score=like.score, reasons=[list(r) for r in like.reasons])
        for pair, like in best.items()
        if pair in waiting
    ]
    PossibleDuplicate.objects.bulk_update(known, ["score", "reasons"], batch_size=BATCH)
    return PossibleDuplicate.objects.filter(operator=operator).waiting().count()
