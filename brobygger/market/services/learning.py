# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The learning loop: what an office would learn from its answers, taking it into use, and going back.

Nothing is learned by itself: a person looks at the proposal and switches it on; each set is kept as a version with
what it was learned from, in counts, and every switch is kept with who and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.errors import UserError
from brobygger.engine.learning import Learned, learn
from brobygger.engine.parts import WEIGHTS
from brobygger.market.models import WeightSwitch, WeightVersion
from brobygger.market.queries.learning import TOP, Moved, answers_of, reordered
from brobygger.market.services.matching.weights import weights_in_use

MAY_SWITCH = frozenset({Role.CONSULTANT, Role.HEAD, Role.ADMIN})


class MayNotSwitch(UserError):
    """Only the operator's consultants, heads and administrators decide how suggestions are weighted."""

    def __init__(self) -> None:
        super().__init__(_("Det er kontorets konsulenter, chef og administrator, der vælger vægtene."))


class NothingLearned(UserError):
    """There is nothing new to take into use."""

    def __init__(self) -> None:
        super().__init__(_("Der er ikke noget nyt at tage i brug: vægtene er dem, I allerede bruger."))


class LearnedMeanwhile(UserError):
    """The answers changed after the person opened the page, so these are not the weights they looked at."""

    def __init__(self) -> None:
        super().__init__(
            _("Der er kommet nye svar, mens du så på siden, så vægtene er blevet andre. Se dem igen.")
        )


@dataclass(frozen=True, slots=True)
class Effect:
    """What other weights do to the first `looked_at` of the new suggestions: how many are new there, how many change
    place, and the most places that one of them moves."""

    looked_at: int
    newcomers: int
    moved: int
    furthest: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the office would learn now. `counts`: answers by sort, see `queries.learning`."""

    in_use: Mapping[str, float]
    learned: Learned
    counts: Mapping[str, int]
    rows: list[Moved]
    effect: Effect

    @property
    def is_new(self) -> bool:
        """Whether it differs from what is in use."""
        return self.learned.enough and dict(self.learned.weights) != dict(self.in_use)


def propose(operator: Operator) -> Proposal:
    """Learn from the operator's answers, without taking anything into use."""
    in_use = weights_in_use(operator.pk)
    found = answers_of(operator)
    learned = learn(found.answers)
    rows = reordered(operator, in_use, learned.weights)
    return Proposal(in_use, learned, found.counts, rows, effect_of(rows))


def effect_of(rows: list[Moved]) -> Effect:
    """The effect on the first `TOP` in the new order."""
    first = rows[:TOP]
    return Effect(
        looked_at=len(first),
        newcomers=sum(row.before > TOP for row in first),
        moved=sum(row.change != 0 for row in first),
        furthest=max((abs(row.change) for row in first), default=0),
    )


@transaction.atomic
def take_into_use(operator: Operator, user: User, looked_at: Mapping[str, float]) -> WeightVersion:
    """Switch what is learned now on, as a new version. `looked_at`: the weights that the person saw.

    The suggestions keep their scores until they are found anew; the caller starts that work.
    Raises `MayNotSwitch`, `NothingLearned`, `LearnedMeanwhile`.
    """
    _check_may_switch(operator, user)
    _lock(operator)
    proposal = propose(operator)
    if not proposal.is_new:
        raise NothingLearned
    if dict(looked_at) != proposal.learned.weights:
        raise LearnedMeanwhile
    newest = WeightVersion.objects.filter(operator=operator).aggregate(newest=Max("number"))["newest"]
    check = proposal.learned.check
    version = WeightVersion.objects.create(
        operator=operator,
        number=(newest or 0) + 1,
        weights=proposal.learned.weights,
        before=dict(proposal.in_use),
        learned_from={
            **proposal.counts,
            "good": proposal.learned.good,
            "bad": proposal.learned.bad,
            "check": check._asdict() if check else None,
        },
        effect=asdict(proposal.effect),
        made_by=user,
    )
    WeightSwitch.objects.create(operator=operator, version=version, by=user)
    return version


@transaction.atomic
def go_back(operator: Operator, user: User, number: int) -> WeightSwitch:
    """Use the shipped weights (`number` 0) or an earlier version again.

    Raises `MayNotSwitch`, `NothingLearned` where it is in use already, and `WeightVersion.DoesNotExist`.
    """
    _check_may_switch(operator, user)
    _lock(operator)
    version = WeightVersion.objects.get(operator=operator, number=number) if number else None
    wanted: Mapping[str, float] = version.weights if version else WEIGHTS
    now = current_switch(operator)
    if (now.version if now else None) == version and dict(weights_in_use(operator.pk)) == dict(wanted):
        raise NothingLearned
    return WeightSwitch.objects.create(operator=operator, version=version, by=user)


def current_switch(operator: Operator) -> WeightSwitch | None:
    """The switch that holds now; None while nobody ever switched."""
    return (
        WeightSwitch.objects.filter(operator=operator).select_related("version", "by").order_by("-pk").first()
    )


def _check_may_switch(operator: Operator, user: Any) -> None:
    if not MAY_SWITCH & set(user.roles.get(operator.pk, ())):
        raise MayNotSwitch


def _lock(operator: Operator) -> None:
    list(Operator.objects.select_for_update(no_key=True).filter(pk=operator.pk))
