# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Telling that a tender is out: firms with access to the office first, then those that have consented to hear of tenders.

Only firms of the industries that the office has named, where it has named any. A firm under advertising protection is written to
only where somebody there has consented, and neither a firm nor an address that has taken its consent back is written to by way
of its access. No address twice, and none is forgotten when a worker dies: what is not marked as told is
told at the next round.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Membership, Role
from brobygger.base import mail
from brobygger.cases.models import Case
from brobygger.cases.tenders.case_words import INDUSTRIES, PUBLISHED
from brobygger.cases.tenders.models import Announcement, Tender
from brobygger.outreach import wording
from brobygger.outreach.models import Consent, MailAddress
from brobygger.outreach.services.consents import TENDERS
from brobygger.outreach.services.mailings import unsubscribe_headers
from brobygger.register import industry_picker
from brobygger.register.filters import industry_clause
from brobygger.register.models import Affiliation, Organisation


def due() -> list[int]:
    """Tenders that can be bid on and that somebody has not been told of yet."""
    now = timezone.now()
    rows = Tender.objects.filter(published_at__lte=now, deadline__gt=now, case__stage=PUBLISHED)
    out = Q(members_until=None) | Q(members_until__lte=now)
    waiting = rows.filter(Q(members_told_at=None) | Q(out, all_told_at=None))
    return list(waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def announce(key: int) -> int:
    """Write to those who are to know of the tender now and have not been told. Returns how many letters. Safe to call twice."""
    now = timezone.now()
    tender = (
        Tender.objects.select_for_update(of=("self",))
        .select_related("case__operator", "case__definition")
        .filter(pk=key)
        .first()
    )
    if tender is None or tender.case.stage != PUBLISHED or not tender.takes_bids(now):
        return 0
    for_all = tender.members_until is None or tender.members_until <= now
    written = 0
    if tender.members_told_at is None:
        written += sum(_tell(tender, email, token) for email, token in _members(tender.case))
        tender.members_told_at = now
    if for_all and tender.all_told_at is None:
        written += sum(_tell(tender, email, token) for email, token in _consenting(tender.case))
        tender.all_told_at = now
    tender.save(update_fields=["members_told_at", "all_told_at"])
    return written


def _firms(case: Case) -> Q:
    """Active firms of the office and of the industries that are named, as a condition on the organisation."""
    chosen = Q(operator_id=case.operator_id, status=Organisation.Status.ACTIVE)
    codes = industry_picker.codes_in(case.values.get(INDUSTRIES))
    return chosen & reduce(or_, map(industry_clause, codes)) if codes else chosen


def _members(case: Case) -> Iterator[tuple[str, str]]:
    """Those who act for a fitting firm and can sign in at the office; of protected firms only those who have consented. Who
    has said no, for the firm or at the address, is told only where there is a yes again."""
    here = Membership.objects.filter(operator=case.operator_id, role=Role.FIRM, user__is_active=True)
    fitting = Organisation.objects.filter(_firms(case), ad_protected=False).order_by().values("pk")
    rows = Affiliation.objects.filter(
        organisation__in=fitting, ended_on=None, may_act=True, person__user__in=here.values("user_id")
    )
    standing, taken_back = _answers(case).filter(withdrawn_at=None), _answers(case).exclude(withdrawn_at=None)
    no_firms = taken_back.exclude(organisation__in=standing.values("organisation")).values("organisation")
    rows = rows.exclude(organisation__in=no_firms)
    given = dict(_consenting(case))
    no_addresses = {email.lower() for email in taken_back.values_list("email", flat=True)} - set(given)
    emails = {email.lower() for email in rows.values_list("person__user__email", flat=True)} - no_addresses
    access = {email.lower() for email in here.values_list("user__email", flat=True)}
    for email in sorted(emails | (access & set(given))):
        yield email, given.get(email, "")


def _answers(case: Case) -> QuerySet[Consent]:
    """Every yes to hearing of the office's tenders, also those that were taken back."""
    return Consent.objects.filter(operator_id=case.operator_id, purpose__key=TENDERS).order_by()


def _consenting(case: Case) -> Iterator[tuple[str, str]]:
    """Addresses that a fitting firm has consented to be written to at, with the token that takes the consent back."""
    fitting = Organisation.objects.filter(_firms(case)).order_by().values("pk")
    rows = _answers(case).filter(organisation__in=fitting, purpose__active=True, withdrawn_at=None)
    yield from rows.order_by("email", "pk").values_list("email", "token")


def _tell(tender: Tender, email: str, token: str) -> int:
    """One letter, unless the address has had one or is dead. Returns how many."""
    email = email.strip().lower()
    case = tender.case
    if not email or Announcement.objects.filter(tender=tender, email=email).exists():
        return 0
    if MailAddress.objects.filter(operator=case.operator_id, email=email, dead_at__isnull=False).exists():
        return 0
    letter = mail.write(
        to=[email],
        subject=_("Ny opgave: %(title)s") % {"title": case.title},
        body=_body(tender, token),
        operator=case.operator,
        reply_to=case.operator.email,
        headers=unsubscribe_headers(token) if token else None,
    )
    Announcement.objects.create(tender=tender, email=email, letter=letter)
    return 1


def _body(tender: Tender, token: str) -> str:
    case = tender.case
    until = formats.date_format(timezone.localtime(tender.deadline), "DATETIME_FORMAT")
    first = tender.members_until is not None and tender.members_until > timezone.now()
    why = (
        _("I har sagt ja til besked om opgaver. Afmeld: %(link)s")
        % {"link": wording.unsubscribe_address(token)}
        if token
        else _(
            "I får mailen, fordi I har adgang hos %(office)s. Svar på den, hvis I ikke vil have flere om opgaver."
        )
        % {"office": case.operator.name}
    )
    parts = [
        _("%(who)s har en opgave, I kan byde på: %(title)s")
        % {"who": case.value("department") or case.operator.name, "title": case.title},
        str(case.value("challenge") or "")[:600],
        _("Frist for bud: %(until)s.") % {"until": until},
        _("I ser den før andre.") if first else "",
        f"{settings.SITE_URL}{tender.get_absolute_url()}",
        why,
    ]
    return "\n\n".join(part for part in parts if part)
