# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who is in a mailing and who is not, and why. The one place where it is decided.

Markedsføringsloven § 10: nobody is written to who has not said yes. A firm with advertising protection in CVR
(`reklamebeskyttet`) is written to only on the yes that the firm itself gave: a consent is always one firm's, and none
is borrowed from a person's other firms. The database refuses a recipient without a consent as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import number
from brobygger.outreach.errors import NobodyToSendTo, TooManyFirms
from brobygger.outreach.models import Consent, MailAddress, Purpose, Recipient
from brobygger.outreach.queries.segments import firms_asked_for
from brobygger.register.models import Affiliation, Organisation

MOST_FIRMS = 20_000
"""More than a municipality's firms that say yes; a segment of more is most often a mistake."""
BATCH = 1000
Outcome = Recipient.Outcome


@dataclass(frozen=True, slots=True)
class Found:
    """A firm of the segment and what becomes of it. `consent` where there is one to write on."""

    organisation: Organisation
    outcome: str
    consent: Consent | None = None

    @property
    def email(self) -> str:
        return self.consent.email if self.consent else ""


def find(
    operator: Operator,
    purpose: Purpose,
    name: str,
    asked: dict[str, str],
    user: User,
    *,
    given_by: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Found]:
    """Every firm of the segment with what becomes of it, and every address once. `given_by`: a consent noted after that
    moment counts for nothing. Raises BrokenSegment, TooManyFirms, NotYourOffice."""
    chosen = firms_asked_for(operator, name, asked, user).firms
    keys = list(chosen.order_by("sort_name", "pk").values_list("pk", flat=True)[: MOST_FIRMS + 1])
    if len(keys) > MOST_FIRMS:
        raise TooManyFirms(number(MOST_FIRMS))
    dead = set(
        MailAddress.objects.filter(operator=operator, dead_at__isnull=False).values_list("email", flat=True)
    )
    written: set[str] = set()
    found: list[Found] = []
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        found += _of_some(some, _given(some, purpose, given_by), dead, written)
        progress(start + len(some), len(keys))
    return found


def must_reach_somebody(
    operator: Operator, purpose: Purpose, name: str, asked: dict[str, str], user: User
) -> None:
    """A quick look before the work is begun. Raises NobodyToSendTo where no firm of the segment has said yes, and what
    `find` raises."""
    chosen = firms_asked_for(operator, name, asked, user).firms.order_by()
    if chosen.values("pk")[: MOST_FIRMS + 1].count() > MOST_FIRMS:
        raise TooManyFirms(number(MOST_FIRMS))
    standing = Consent.objects.filter(purpose=purpose, withdrawn_at=None, organisation=OuterRef("pk"))
    if not chosen.filter(Exists(standing)).exists():
        raise NobodyToSendTo


def _given(keys: list[int], purpose: Purpose, given_by: datetime | None) -> dict[int, list[Consent]]:
    rows = Consent.objects.filter(purpose=purpose, organisation_id__in=keys).select_related("person")
    if given_by is not None:
        rows = rows.filter(created_at__lte=given_by)
    found: dict[int, list[Consent]] = {}
    for consent in rows.order_by("pk"):
        found.setdefault(consent.organisation_id, []).append(consent)
    return found


def _of_some(
    keys: list[int], consents: dict[int, list[Consent]], dead: set[str], written: set[str]
) -> Iterator[Found]:
    firms = Organisation.objects.only(
        "pk", "name", "email", "status", "ad_protected", "operator_id", "municipality_code"
    ).in_bulk(keys)
    reachable = set(
        Affiliation.objects.filter(organisation_id__in=keys, ended_on=None)
        .exclude(person__email="")
        .values_list("organisation_id", flat=True)
    )
    for key in keys:
        if key in firms:
            yield from _of_one(firms[key], consents.get(key, []), key in reachable, dead, written)


def _of_one(
    firm: Organisation, consents: Iterable[Consent], reachable: bool, dead: set[str], written: set[str]
) -> Iterator[Found]:
    given = list(consents)
    standing = [consent for consent in given if consent.stands]
    if not firm.is_active:
        yield Found(firm, Outcome.CEASED)
    elif standing:
        yield from (_on(consent, firm, dead, written) for consent in standing)
    elif given:
        yield Found(firm, Outcome.UNSUBSCRIBED)
    elif firm.ad_protected:
        yield Found(firm, Outcome.AD_PROTECTED)
    elif firm.email or reachable:
        yield Found(firm, Outcome.NO_CONSENT)
    else:
        yield Found(firm, Outcome.NO_ADDRESS)


def _on(consent: Consent, firm: Organisation, dead: set[str], written: set[str]) -> Found:
    if consent.email in dead:
        return Found(firm, Outcome.BOUNCED, consent)
    if consent.email in written:
        return Found(firm, Outcome.DUPLICATE, consent)
    written.add(consent.email)
    return Found(firm, Outcome.IN, consent)


def counts(found: Iterable[Found]) -> dict[str, int]:
    """Outcome → how many."""
    tally: dict[str, int] = {}
    for row in found:
        tally[row.outcome] = tally.get(row.outcome, 0) + 1
    return tally
