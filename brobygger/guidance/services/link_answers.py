# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a receiver without sign-in says by the link, and a new link when the old one is lost or too old.

Each word is said once: the states only go forward, and the form carries the version that was on the screen.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import mail
from brobygger.base.versions import claim
from brobygger.guidance.errors import NoLink, NotReachable, NotYourOffice
from brobygger.guidance.models import Referral
from brobygger.guidance.services import answers
from brobygger.guidance.services.answer_links import find, in_letter, is_answered, may_be_sent
from brobygger.guidance.services.answers import Answer

State = Referral.State
BY_LINK = (State.IN_PROGRESS, State.RESULT, State.NOT_RELEVANT)
"""What a receiver may say by the link: that they take it, what came of it, or that it is not for them."""


@transaction.atomic
def answer(token: str, given: Answer, *, expected: int) -> Referral:
    """What the receiver says. Raises LinkIsOver, NotReachable, EditedMeanwhile, BadValues; Referral.DoesNotExist for a link
    that is none."""
    found = find(token)
    if found is None:
        raise Referral.DoesNotExist
    if is_answered(found) or given.state not in BY_LINK or given.state not in answers.REACHABLE[found.state]:
        raise NotReachable(found.get_state_display(), str(dict(State.choices).get(given.state, given.state)))
    claim(found, expected)
    answers.fill(found, given)
    found.answered_by_link_at = timezone.now()
    found.save()
    answers.finish_follow_up(found, None)
    answers.tell(found)
    return found


@transaction.atomic
def send_new(referral: Referral, *, user: User) -> Referral:
    """Mail the receiver a new link; older ones lead nowhere from now on. Raises NoLink, NotYourOffice."""
    related = ("operator", "partner__office", "scheme")
    stored = Referral.objects.select_for_update(of=("self",)).select_related(*related).get(pk=referral.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    if not may_be_sent(stored):
        raise NoLink
    lines = in_letter(stored)
    mail.write(
        to=[stored.receiver_address],
        subject=_("Nyt link til en henvisning fra %(office)s") % {"office": stored.operator},
        body=_("Hej\n\nHer er et nyt link til henvisningen af den %(day)s.\n\n%(link)s\n\nVenlig hilsen\n%(by)s\n%(office)s")
        % {
            "day": formats.date_format(stored.sent_on, "j. F Y"), "link": lines, "by": user.name,
            "office": stored.operator,
        },
        operator=stored.operator,
        user=user,
        reply_to=user.email,
    )  # fmt: skip
    stored.save()
    return stored
