# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who is written to: those who have bid or asked, those who follow it, and the office when a firm asks."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import User
from brobygger.base import mail
from brobygger.cases.addresses import receiver_of
from brobygger.cases.models import Case
from brobygger.cases.tenders.errors import NotOpenForBids
from brobygger.cases.tenders.models import Bid, Follower, Notice, Question, Tender


def tell_all(tender: Tender, case: Case, text: str, *, subject: str, user: User | None) -> int:
    """A notice on the tender's page, and one letter to each who has bid, asked or follows it. Returns how many letters.
    Call with the tender locked: what happens twice at once is told twice, what happens once is told once."""
    Notice.objects.create(tender=tender, text=text[:2000])
    return write_to(addresses(tender), tender, case, text, subject=subject, user=user)


def write_to(
    told: Iterable[str], tender: Tender, case: Case, text: str, *, subject: str, user: User | None
) -> int:
    """One letter to each address, with the way to the tender's page. Returns how many."""
    written = 0
    for address in told:
        mail.write(
            to=[address],
            subject=subject,
            body=f"{text}\n\n{settings.SITE_URL}{tender.get_absolute_url()}",
            operator=case.operator,
            user=user,
            reply_to=case.operator.email,
        )
        written += 1
    return written


def tell_office(case: Case, text: str, *, subject: str) -> bool:
    """One letter to whoever has the case at the office. False where there is no address."""
    address = receiver_of(case).email
    if not address:
        return False
    link = f"{settings.SITE_URL}{reverse('tenders:manage', args=[case.pk])}"
    mail.write(to=[address], subject=subject, body=f"{text}\n\n{link}", operator=case.operator)
    return True


def addresses(tender: Tender) -> list[str]:
    """Each once, in order. Nobody who has no access any more."""
    bidders = Bid.objects.filter(tender=tender).values("submitted_by")
    askers = Question.objects.filter(tender=tender).values("asked_by")
    followers = Follower.objects.filter(tender=tender).values("user")
    people = User.objects.filter(is_active=True)
    found = people.filter(pk__in=bidders) | people.filter(pk__in=askers) | people.filter(pk__in=followers)
    return sorted({address for address in found.values_list("email", flat=True) if address})


@transaction.atomic
def follow(tender: Tender, *, user: User) -> Follower:
    """Be written to when the tender changes. Raises NotOpenForBids on one that the person is not shown, or that is over."""
    if not Tender.objects.visible_to(user).filter(pk=tender.pk, deadline__gte=timezone.now()).exists():
        raise NotOpenForBids
    return Follower.objects.get_or_create(tender=tender, user=user)[0]


@transaction.atomic
def stop_following(tender: Tender, *, user: User) -> None:
    """Be written to no longer, unless one has bid or asked."""
    Follower.objects.filter(tender=tender, user=user).delete()
