# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work of the boards that is done in the background."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django_tasks import task

from brobygger.accounts.models import Membership, Operator, Role
from brobygger.base import mail
from brobygger.base.schedule import daily
from brobygger.boards.models import Seat
from brobygger.boards.queries.pages import ending_soon


@task()
def tell_of_terms_that_end() -> int:
    """Once a day: tell each office once of every term that ends within two months. Returns how many terms."""
    return sum(tell_office(operator) for operator in Operator.objects.order_by("pk"))


@transaction.atomic
def tell_office(operator: Operator) -> int:
    """One letter to the office's heads about the terms they have not been told of. Returns how many terms."""
    today = timezone.localdate()
    seats = list(ending_soon(operator, today).filter(notice_given_on=None).select_for_update(of=("self",)))
    heads = Membership.objects.filter(operator=operator, role=Role.HEAD, user__is_active=True)
    to = sorted(heads.values_list("user__email", flat=True)) or ([operator.email] if operator.email else [])
    if not seats or not to:
        return 0
    lines = [
        f"{_day(seat.ends_on)}: {seat.person.name}, {seat.get_role_display()}, {seat.board.name}"
        for seat in seats
    ]
    link = settings.SITE_URL.rstrip("/") + seats[0].board.get_absolute_url()
    body = _("Disse perioder udløber inden for to måneder:\n\n%(lines)s\n\nForny dem, eller find nye medlemmer: %(link)s\n") % {
        "lines": "\n".join(lines), "link": link,
    }  # fmt: skip
    mail.write(to=to, subject=_("Perioder i råd, der udløber"), body=body, operator=operator)
    Seat.objects.filter(pk__in=[seat.pk for seat in seats]).update(notice_given_on=today)
    return len(seats)


def _day(day: date | None) -> str:
    return str(formats.date_format(day, "j. F Y")) if day else ""


daily(tell_of_terms_that_end, hour=6)
