# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Writing the morning's letter to those who have switched it on."""

from __future__ import annotations

from datetime import date

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, Operator, User
from brobygger.base import digest, mail

log = structlog.get_logger("brobygger.digest")


def write_all(day: date) -> int:
    """Write every letter of the day that is not written yet. One that fails does not stop the others. Returns how many."""
    wanted = User.objects.filter(digest=True, is_active=True).exclude(digest_sent_on__gte=day)
    written = 0
    for key in list(wanted.order_by("pk").values_list("pk", flat=True)):
        try:
            written += write_one(key, day)
        except Exception:
            log.exception("digest not written", user=key)
    return written


@transaction.atomic
def write_one(key: int, day: date) -> bool:
    """Write one person's letter. Claimed and written in one transaction, so that it is never written twice a day.

    Whether there was anything to tell.
    """
    mine = User.objects.filter(pk=key, digest=True, is_active=True)
    mine = mine.filter(Q(digest_sent_on=None) | Q(digest_sent_on__lt=day))
    if not mine.update(digest_sent_on=day):
        return False
    user = User.objects.get(pk=key)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        text = body(user, day)
        if not text:
            return False
        subject = _("I dag, %(day)s") % {"day": formats.date_format(day, "j. F")}
        mail.write(to=[user.email], subject=subject, body=text)
    return True


def body(user: User, day: date) -> str:
    """What waits at each office where the person works; empty when nothing does."""
    offices = Operator.objects.filter(pk__in=user.operators_as(STAFF)).order_by("name")
    site = settings.SITE_URL.rstrip("/")
    parts: list[str] = []
    for operator in offices:
        told = digest.told(user, operator, day)
        if told and len(offices) > 1:
            parts.append(operator.name.upper())
        for heading, lines, more in told:
            written = [f"- {line.text}" + (f"\n  {site}{line.path}" if line.path else "") for line in lines]
            rest = [_("… og flere")] if more else []
            parts.append("\n".join([heading, *written, *rest]))
    if not parts:
        return ""
    switch_off = _("Du får mailen, fordi du har slået den til. Slå den fra på din profil: %(link)s") % {
        "link": site + reverse("accounts:profile")
    }
    return "\n\n".join([*parts, switch_off]) + "\n"


def today() -> date:
    """The day in Denmark."""
    return timezone.localdate()
