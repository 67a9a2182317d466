# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Giving a colleague's work to another, all of it or some, and undoing it. What goes along is said by each room."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, Role, User
from brobygger.base import mail
from brobygger.base.danish import join
from brobygger.base.versions import claim
from brobygger.dialogue.errors import BadValues, NotYourOffice, OnlyHeads, UndoneAlready
from brobygger.dialogue.models import HandOver
from brobygger.register import handing_over
from brobygger.register.handing_over import Handing


@transaction.atomic
def hand_over(
    operator: Operator,
    giver: User,
    receiver: User,
    *,
    user: User,
    firms: Collection[int] | None = None,
    kinds: Iterable[str] | None = None,
) -> HandOver:
    """Give what somebody holds to a colleague; `firms` only what is about those, `kinds` only these kinds. Recorded, and the
    receiver is told.

    One gives one's own away; the head of the office gives anybody's, also of somebody who has left.
    Raises NotYourOffice, OnlyHeads, BadValues.
    """
    _may(operator, giver, user)
    if receiver.pk == giver.pk or not receiver.is_staff_of(operator.pk):
        raise BadValues({"receiver": _("Vælg en anden af kontorets egne.")})
    wanted = None if kinds is None else set(kinds)
    done = HandOver(operator=operator, giver=giver, receiver=receiver, by=user)
    handing = Handing(operator, giver, receiver, user)
    for kind in handing_over.kinds():
        if wanted is not None and kind.key not in wanted:
            continue
        held = list(kind.held(operator, giver, firms))
        moved = [str(key) for key in kind.give(handing, held)] if held else []
        gone = set(moved)
        done.moved[kind.key] = moved
        done.left[kind.key] = [str(key) for key in held if str(key) not in gone]
    done.save()
    counts = {key: len(keys) for key, keys in done.moved.items()}
    audit.record(
        "portfolio_handed_over",
        user=user,
        operator=operator,
        about=f"{giver} → {receiver}",
        left=sum(len(keys) for keys in done.left.values()),
        **counts,
    )
    if receiver.pk != user.pk and any(counts.values()):
        _tell(done, user)
    return done


@transaction.atomic
def undo(handed: HandOver, *, user: User, expected: int) -> dict[str, list[str]]:
    """What the receiver still has of it goes back to the giver. Recorded; the receiver is told. Returns what the giver could
    not have now, and the receiver keeps: kind → keys.

    Raises EditedMeanwhile, NotYourOffice, OnlyHeads, UndoneAlready, BadValues.
    """
    stored: HandOver = HandOver.objects.select_related("operator", "giver", "receiver", "by").get(
        pk=handed.pk
    )
    if user.pk != stored.by_id:
        _may(stored.operator, stored.giver, user)
    elif not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    if stored.undone_at:
        raise UndoneAlready
    claim(stored, expected)
    if not stored.giver.is_staff_of(stored.operator_id):
        raise BadValues({"giver": _("%(who)s arbejder her ikke mere.") % {"who": stored.giver}})
    back = Handing(stored.operator, stored.receiver, stored.giver, user, undoing=True)
    stayed: dict[str, list[str]] = {}
    for kind in handing_over.kinds():
        if keys := stored.moved.get(kind.key):
            gone = {str(key) for key in kind.give(back, keys)}
            if kept := _still_held(kind, back, [key for key in keys if key not in gone]):
                stayed[kind.key] = kept
        if kind.take_back and (keys := stored.left.get(kind.key)):
            kind.take_back(back, keys)
    stored.undone_at, stored.undone_by = timezone.now(), user
    stored.save()
    audit.record("hand_over_undone", user=user, operator=stored.operator, about=str(stored))
    if stored.receiver_id != user.pk:
        said = _("%(who)s har fortrudt overdragelsen fra %(giver)s. Det, du stadig havde, er gået tilbage.")
        told = [said % {"who": user, "giver": stored.giver}, left_in_words(stayed)]
        _send(stored, _("En overdragelse er fortrudt"), " ".join(part for part in told if part))
    return stayed


def _still_held(kind: handing_over.Kind, back: Handing, keys: list[str]) -> list[str]:
    """Those of the keys that have neither been closed nor given on."""
    if not keys:
        return []
    held = {str(key) for key in kind.held(back.operator, back.giver, None)}
    return [key for key in keys if key in held]


def in_words(done: HandOver) -> str:
    """`3 virksomheder, 1 opfølgning og 2 åbne sager`."""
    told = [kind.count(len(keys)) for kind in handing_over.kinds() if (keys := done.moved.get(kind.key))]
    return join(told)


def left_in_words(left: Mapping[str, Sequence[str]]) -> str:
    """What stayed (kind → keys), and why; empty where nothing did."""
    found = handing_over.kinds()
    return " ".join(kind.left(keys) for kind in found if kind.left and (keys := left.get(kind.key)))


def _may(operator: Operator, giver: User, user: User) -> None:
    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    if user.pk != giver.pk and Role.HEAD not in user.roles.get(operator.pk, frozenset()):
        raise OnlyHeads


def _tell(done: HandOver, user: User) -> None:
    address = f"{settings.SITE_URL}{reverse('dialogue:portfolio')}?noegle={done.receiver_id}"
    told: dict[str, Any] = {"who": user, "giver": done.giver, "what": in_words(done), "link": address}
    if user.pk == done.giver_id:
        said = _("%(who)s har overdraget dette til dig: %(what)s.\n\nSe virksomhederne: %(link)s") % told
    else:
        said = (
            _("%(who)s har overdraget dette fra %(giver)s til dig: %(what)s.\n\nSe virksomhederne: %(link)s")
            % told
        )
    _send(done, _("Du har overtaget noget fra %(giver)s") % told, said)


def _send(done: HandOver, subject: str, said: str) -> None:
    mail.write(to=[done.receiver.email], subject=subject, body=said, operator=done.operator)
