# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with the portfolio: take firms in, say who knows each, take one out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
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
)
from brobygger.dialogue.models import FunnelPlace, FunnelStep, PlannedVisit, PortfolioFirm
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
        _must_not_need_one(stored.operator, [stored.organisation_id])
    stored.key_account = who
    if why is not None:
        stored.why = _checked_why(why)
    stored.save()
    return stored


def _must_not_need_one(operator: Operator, firms: Collection[int]) -> None:
    """Raises NeedsKeyAccount where one of them is on a level that asks for one."""
    places = FunnelPlace.objects.filter(organisation__in=firms).values_list("funnel_key", "level").distinct()
    held = set(places)
    for tool in _funnels(operator):
        for key, name in held:
            level = tool.content.level(name) if key == tool.key else None
            if level and level.needs_key_account:
                raise NeedsKeyAccount(level.name)


@transaction.atomic
def set_key_accounts(operator: Operator, members: Iterable[int], who: User | None, *, user: User) -> int:
    """The same key account for many firms of the portfolio, by their keys there. Returns how many changed.

    Raises NotYourOffice, BadValues, NeedsKeyAccount.
    """
    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    _must_be_colleague(who, operator.pk)
    rows = PortfolioFirm.objects.filter(operator=operator, pk__in=list(members)).order_by("pk")
    changed = [row for row in rows if row.key_account_id != (who.pk if who else None)]
    if who is None:
        _must_not_need_one(operator, [row.organisation_id for row in changed])
    for row in changed:
        row.key_account, row.version = who, row.version + 1
    if changed:
        bulk_update_with_history(
            changed, PortfolioFirm, ["key_account", "version"], batch_size=AT_ONCE, default_user=user
        )
    audit.record("key_accounts_set", user=user, operator=operator, about=str(who or "–"), rows=len(changed))
    return len(changed)


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
