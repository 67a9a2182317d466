# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How far a referral has come. Between two offices the receiver answers, and the sender's record follows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import mail
from brobygger.base.forms import clean_text
from brobygger.guidance.errors import BadValues, NotReachable, ReceiverAnswers
from brobygger.guidance.models import Referral
from brobygger.guidance.models.referral import UNANSWERED
from brobygger.guidance.services.referrals import _claimed

State = Referral.State
REACHABLE: dict[str, frozenset[str]] = {
    State.SENT: frozenset({State.RECEIVED, State.IN_PROGRESS, State.RESULT, State.NOT_RELEVANT}),
    State.RECEIVED: frozenset({State.IN_PROGRESS, State.RESULT, State.NOT_RELEVANT}),
    State.IN_PROGRESS: frozenset({State.RESULT, State.NOT_RELEVANT}),
    State.RESULT: frozenset({State.RESULT, State.IN_PROGRESS}),
    State.NOT_RELEVANT: frozenset({State.IN_PROGRESS}),
    State.WITHDRAWN: frozenset(),
}
"""From where to where. A result may be corrected, and what ended may be taken up again."""
CARRIED = ("state", "state_at", "answered_on", "result", "result_dkk", "result_jobs", "why")
MOST = Decimal(10) ** 11
MOST_JOBS = 100_000


@dataclass(frozen=True)
class Answer:
    """What became of a referral: `why` with NOT_RELEVANT, the rest with RESULT."""

    state: str
    result: str = ""
    result_dkk: Decimal | None = None
    result_jobs: int | None = None
    why: str = ""


@transaction.atomic
def answer(referral: Referral, given: Answer, *, user: User, expected: int) -> Referral:
    """Move a referral on. Raises EditedMeanwhile, ReceiverAnswers, NotReachable, BadValues, NotYourOffice."""
    stored = _claimed(referral, user, expected)
    if stored.is_out and stored.counterpart_id:
        raise ReceiverAnswers
    if given.state not in REACHABLE[stored.state]:
        raise NotReachable(stored.get_state_display(), str(dict(State.choices).get(given.state, given.state)))
    fill(stored, given)
    stored.save()
    finish_follow_up(stored, user)
    if stored.counterpart_id:
        _carry_over(stored)
    return stored


def fill(referral: Referral, given: Answer) -> None:
    """Put an answer on the record. Raises BadValues."""
    result, why = clean_text(given.result), " ".join(clean_text(given.why).split())
    faults: dict[str, str] = {}
    if given.state == State.RESULT:
        if not result or len(result) > 4000:
            faults["result"] = _("Skriv kort, hvad der kom ud af det.")
        if given.result_dkk is not None and not 0 <= given.result_dkk < MOST:
            faults["result_dkk"] = _("Skriv et beløb fra 0 og op.")
        if given.result_jobs is not None and not 0 <= given.result_jobs <= MOST_JOBS:
            faults["result_jobs"] = _("Skriv et antal fra 0 og op.")
    if given.state == State.NOT_RELEVANT and (not why or len(why) > 300):
        faults["why"] = _("Skriv kort, hvorfor den ikke er relevant.")
    if faults:
        raise BadValues(faults)
    is_result = given.state == State.RESULT
    referral.state, referral.state_at = given.state, timezone.now()
    referral.result = result if is_result else ""
    referral.result_dkk = given.result_dkk if is_result else None
    referral.result_jobs = given.result_jobs if is_result else None
    referral.why = why if given.state == State.NOT_RELEVANT else ""
    if given.state not in UNANSWERED and referral.answered_on is None:
        referral.answered_on = max(timezone.localdate(), referral.sent_on)


def finish_follow_up(referral: Referral, user: User | None) -> None:
    """Whoever was to ask need not any more."""
    step = referral.follow_up
    if step and not step.is_done and referral.state not in UNANSWERED:
        step.done_at, step.done_by = timezone.now(), user
        step.version += 1
        step.save()


def _carry_over(referral: Referral) -> None:
    """The sender's record follows the receiver's answer, and its consultant is told."""
    theirs = (
        Referral.objects.select_for_update(of=("self",))
        .select_related("operator", "consultant", "follow_up", "partner")
        .get(pk=referral.counterpart_id or 0)
    )
    for name in CARRIED:
        setattr(theirs, name, getattr(referral, name))
    theirs.version += 1
    theirs.save()
    finish_follow_up(theirs, None)
    tell(theirs)


def tell(theirs: Referral) -> None:
    """A mail to whoever follows the referral, that the receiver has answered."""
    address = (
        theirs.consultant.email
        if theirs.consultant and theirs.consultant.is_active
        else theirs.operator.email
    )
    if address:
        mail.write(
            to=[address],
            subject=_("Svar på en henvisning"),
            body=_("Hej\n\n%(partner)s har svaret på en henvisning: %(state)s. Se den her:\n%(link)s")
            % {
                "partner": theirs.target,
                "state": theirs.get_state_display().lower(),
                "link": f"{settings.SITE_URL}{theirs.get_absolute_url()}",
            },
            operator=theirs.operator,
        )
