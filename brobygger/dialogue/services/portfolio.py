# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with the portfolio: take firms in, say who knows each, take one out, hand it all over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, Role, User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.blueprints.models import Definition
from brobygger.dialogue.blueprints import FUNNEL
from brobygger.dialogue.errors import (
    AlreadyInPortfolio,
    BadValues,
    NeedsKeyAccount,
    NoReason,
    NotYourOffice,
    OnlyHeads,
)
from brobygger.dialogue.models import FollowUp, FunnelPlace, FunnelStep, PlannedVisit, PortfolioFirm
from brobygger.dialogue.services import funnels, visits
from brobygger.register.models import Organisation

AT_ONCE = 500
LONGEST_WHY = 200
Progress = Callable[[int, int], None]


@transaction.atomic
def add(
    organisation: Organisation, *, user: User, why: str = "", key_account: User | None = None
) -> PortfolioFirm:
    """Take a firm into the portfolio, and with it into the office's portfolio funnels.

    Raises AlreadyInPortfolio, BadValues, NotYourOffice.
    """
    if not user.is_staff_of(organisation.operator_id):
        raise NotYourOffice
    if PortfolioFirm.objects.filter(organisation=organisation).exists():
        raise AlreadyInPortfolio(organisation.name)
    added = add_many(organisation.operator, [organisation.pk], user=user, why=why, key_account=key_account)
    assert added == 1
    found: PortfolioFirm = PortfolioFirm.objects.get(organisation=organisation)
    return found


def add_many(
    operator: Operator,
    keys: Iterable[int],
    *,
    user: User,
    why: str = "",
    key_account: User | None = None,
    total: int = 0,
    progress: Progress | None = None,
) -> int:
    """Take many firms in, some hundred at a time; those that are in stay as they are. Returns how many came in.

    Firms of other offices are passed over. Safe to run again. Raises BadValues, NotYourOffice.
    """
    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    clean = _checked_why(why)
    _must_be_colleague(key_account, operator.pk)
    portfolio_funnels = [tool for tool in _funnels(operator) if tool.content.portfolio]
    added = done = 0
    for chunk in _chunks(keys):
        added += _add_chunk(operator, chunk, user, clean, key_account, portfolio_funnels)
        done += len(chunk)
        if progress:
            progress(done, max(total, done))
    return added


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk


@transaction.atomic
def _add_chunk(
    operator: Operator,
    keys: Sequence[int],
    user: User,
    why: str,
    key_account: User | None,
    portfolio_funnels: Sequence[Definition],
) -> int:
    Operator.objects.select_for_update().get(pk=operator.pk)  # two at once take each firm in once
    rows = Organisation.objects.filter(operator=operator, pk__in=keys, portfolio_place=None).order_by("pk")
    firms = list(rows.values_list("pk", flat=True))
    members = [
        PortfolioFirm(operator=operator, organisation_id=key, key_account=key_account, why=why, added_by=user)
        for key in firms
    ]
    bulk_create_with_history(members, PortfolioFirm, default_user=user)
    for funnel in portfolio_funnels:
        _enter_all(operator, funnel, firms, user)
    return len(firms)


def _enter_all(operator: Operator, funnel: Definition, firms: Sequence[int], user: User) -> None:
    there = set(
        FunnelPlace.objects.filter(organisation__in=firms, funnel_key=funnel.key).values_list(
            "organisation_id", flat=True
        )
    )
    level = funnel.content.levels[0].key
    new = [key for key in firms if key not in there]
    same: dict[str, Any] = {"operator": operator, "funnel": funnel, "funnel_key": funnel.key}
    FunnelPlace.objects.bulk_create([FunnelPlace(organisation_id=key, level=level, **same) for key in new])
    entered = FunnelStep.Kind.ENTERED
    FunnelStep.objects.bulk_create(
        [FunnelStep(organisation_id=key, kind=entered, to_level=level, by=user, **same) for key in new]
    )


@transaction.atomic
def remove(member: PortfolioFirm, *, user: User, reason: str) -> None:
    """Take a firm out of the portfolio and its funnels; open planned visits are given up. Recorded.

    Raises NotYourOffice, NoReason.
    """
    stored: PortfolioFirm = PortfolioFirm.objects.select_related("organisation", "operator").get(pk=member.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    if not clean_text(reason):
        raise NoReason
    theirs = [tool.key for tool in _funnels(stored.operator) if tool.content.portfolio]
    for place in FunnelPlace.objects.filter(organisation=stored.organisation, funnel_key__in=theirs):
        funnels.leave(place, user=user, reason=reason)
    open_visits = PlannedVisit.objects.filter(organisation=stored.organisation, state__in=PlannedVisit.OPEN)
    for visit in open_visits:
        visits.skip(
            visit,
            reason=PlannedVisit.Skip.NOT_RELEVANT,
            note=_("Gik ud af porteføljen"),
            user=user,
            expected=visit.version,
        )
    about = f"{stored.organisation}: {clean_text(reason)}"
    stored.delete()
    audit.record("portfolio_left", user=user, operator=stored.operator, about=about)


@transaction.atomic
def set_key_account(
    member: PortfolioFirm, who: User | None, *, user: User, expected: int, why: str | None = None
) -> PortfolioFirm:
    """Say who at the office knows the firm. Raises EditedMeanwhile, BadValues, NotYourOffice, NeedsKeyAccount."""
    stored: PortfolioFirm = PortfolioFirm.objects.select_related("operator").get(pk=member.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    claim(stored, expected)
    if who is None or who.pk != stored.key_account_id:
        _must_be_colleague(who, stored.operator_id)
    if who is None:
        _must_not_need_one(stored)
    stored.key_account = who
    if why is not None:
        stored.why = _checked_why(why)
    stored.save()
    return stored


def _must_not_need_one(member: PortfolioFirm) -> None:
    levels = dict(
        FunnelPlace.objects.filter(organisation_id=member.organisation_id).values_list("funnel_key", "level")
    )
    for tool in _funnels(member.operator):
        level = tool.content.level(levels.get(tool.key, ""))
        if level and level.needs_key_account:
            raise NeedsKeyAccount(level.name)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What went from one to the other."""

    firms: int
    follow_ups: int
    visits: int
    released: int
    """Planned visits that the receiver had no room for; they are proposed anew to whoever has."""


@transaction.atomic
def hand_over(
    operator: Operator,
    giver: User,
    receiver: User,
    *,
    user: User,
    firms: Iterable[int] | None = None,
) -> HandedOver:
    """Give a colleague's key accounts, open follow-ups and open planned visits to another; `firms` only some of them.

    One gives one's own away; the head of the office gives anybody's, also of somebody who has left. Recorded.
    Raises NotYourOffice, OnlyHeads, BadValues.
    """
    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    if user.pk != giver.pk and Role.HEAD not in user.roles.get(operator.pk, frozenset()):
        raise OnlyHeads
    if receiver.pk == giver.pk or not receiver.is_staff_of(operator.pk):
        raise BadValues({"receiver": _("Vælg en anden af kontorets egne.")})
    only: dict[str, Any] = {} if firms is None else {"organisation__in": list(firms)}
    members = list(PortfolioFirm.objects.filter(operator=operator, key_account=giver, **only))
    for member in members:
        member.key_account, member.version = receiver, member.version + 1
    _update(members, PortfolioFirm, ["key_account", "version"], user)
    steps = list(FollowUp.objects.filter(operator=operator, assignee=giver, **only).open())
    for step in steps:
        step.assignee, step.version = receiver, step.version + 1
    _update(steps, FollowUp, ["assignee", "version"], user)
    moved, released = visits.hand_over(operator, giver, receiver, user=user, only=only)
    given = HandedOver(len(members), len(steps), moved, released)
    audit.record(
        "portfolio_handed_over",
        user=user,
        operator=operator,
        about=f"{giver} → {receiver}",
        firms=given.firms,
        follow_ups=given.follow_ups,
        visits=given.visits,
        released=given.released,
    )
    return given


def _update(rows: Sequence[Any], model: Any, fields: list[str], user: User) -> None:
    if rows:
        bulk_update_with_history(rows, model, fields, batch_size=AT_ONCE, default_user=user)


def _funnels(operator: Operator) -> list[Definition]:
    return list(Definition.objects.current().filter(operator=operator, kind=FUNNEL))


def _must_be_colleague(who: User | None, operator_id: int) -> None:
    if who is not None and not who.is_staff_of(operator_id):
        raise BadValues({"key_account": _("Vælg en af kontorets egne.")})


def _checked_why(why: str) -> str:
    clean = " ".join(clean_text(why).split())
    if len(clean) > LONGEST_WHY:
        raise BadValues({"why": _("Teksten er for lang.")})
    return clean
