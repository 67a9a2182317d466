# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""After a talk: it was held or not, and how satisfied the firm was."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.services import interactions
from brobygger.outreach.errors import AlreadyAnswered, BadValues, NotBooked, NotHeldYet
from brobygger.outreach.models import Feedback, Talk
from brobygger.outreach.models.booking import Place
from brobygger.outreach.rights import must_be_office
from brobygger.outreach.services import talk_letters as letters
from brobygger.register.models import Organisation

KINDS = {
    Place.PHONE: Interaction.Kind.CALL,
    Place.VIDEO: Interaction.Kind.MEETING,
    Place.OFFICE: Interaction.Kind.MEETING,
    Place.THERE: Interaction.Kind.VISIT,
}
"""What a booked talk is called among the office's talks."""


@transaction.atomic
def mark_held(talk: Talk, *, user: User, expected: int) -> Talk:
    """It was held: the guest is asked how it was, and it stands among the firm's talks.

    Raises EditedMeanwhile, NotBooked, NotHeldYet, NotYourOffice.
    """
    stored = _begun(talk, user, expected)
    stored.state, stored.closed_at, stored.asked_at = Talk.State.HELD, timezone.now(), timezone.now()
    stored.save()
    letters.ask(stored)
    if stored.organisation:
        _note(stored, stored.organisation, user)
    return stored


@transaction.atomic
def mark_missed(talk: Talk, *, user: User, expected: int) -> Talk:
    """Nobody came. Raises EditedMeanwhile, NotBooked, NotHeldYet, NotYourOffice."""
    stored = _begun(talk, user, expected)
    stored.state, stored.closed_at = Talk.State.NO_SHOW, timezone.now()
    stored.save()
    return stored


def _begun(talk: Talk, user: User, expected: int) -> Talk:
    stored: Talk = (
        Talk.objects.select_for_update(of=("self",))
        .select_related("operator", "consultant", "organisation")
        .get(pk=talk.pk)
    )
    must_be_office(user, stored.operator_id)
    claim(stored, expected)
    if not stored.is_booked:
        raise NotBooked
    if not stored.is_past:
        raise NotHeldYet
    return stored


def _note(talk: Talk, firm: Organisation, user: User) -> None:
    start = timezone.localtime(talk.starts_at)
    text = _("Booket samtale med %(name)s.") % {"name": talk.name}
    if talk.about:
        text += f" {talk.about}"
    note = interactions.Note(
        kind=KINDS[Place(talk.place)],
        on=start.date(),
        clock=start.time().replace(second=0, microsecond=0),
        by=talk.consultant if talk.consultant.is_staff_of(talk.operator_id) else user,
        organisations=[firm],
        text=text,
    )
    interactions.write(note, user=user, invented=talk.invented)


@transaction.atomic
def connect(talk: Talk, organisation: Organisation, *, user: User) -> Talk:
    """The talk was with that firm. Raises BadValues, NotYourOffice."""
    stored: Talk = Talk.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    must_be_office(user, stored.operator_id)
    if organisation.operator_id != stored.operator_id:
        raise BadValues({"organisation": _("Vælg en af kontorets virksomheder.")})
    stored.organisation = organisation
    stored.save()
    return stored


def answer(talk: Talk, score: int, comment: str) -> Feedback:
    """How satisfied somebody was, once. Raises AlreadyAnswered, NotHeldYet, BadValues."""
    if talk.state != Talk.State.HELD:
        raise NotHeldYet
    if score not in range(1, 6):
        raise BadValues({"score": _("Vælg, hvor tilfredse I var.")})
    try:
        with transaction.atomic():
            return Feedback.objects.create(
                operator_id=talk.operator_id,
                talk=talk,
                score=score,
                comment=clean_text(comment)[:2000],
                on=timezone.localdate(),
            )
    except IntegrityError as error:
        raise AlreadyAnswered from error
