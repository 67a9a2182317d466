# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""When a planned visit is: a day and a time that take the consultant's time, and an invitation to whoever is visited.

The consultant's row is held while it is seen whether the time is free, here and where firms book talks, so that the two
cannot give the same time away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.busy import clash
from brobygger.base.forms import clean_text
from brobygger.dialogue import visit_letters
from brobygger.dialogue.busy import UID
from brobygger.dialogue.errors import BadValues, TimeTaken
from brobygger.dialogue.models import PlannedVisit
from brobygger.dialogue.queries.interactions import people_of
from brobygger.dialogue.services import visits
from brobygger.dialogue.services.outreach import settings_locked
from brobygger.register.models import Person

LONGEST = timedelta(hours=10)
LONGEST_PLACE = 200
LONGEST_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class Appointment:
    """A time that is agreed with a firm. `invite`: the contact gets a mail with an entry for the calendar."""

    starts_at: datetime
    ends_at: datetime
    where: str = ""
    contact: Person | None = None
    invite: bool = False
    message: str = ""


@transaction.atomic
def agree(visit: PlannedVisit, wanted: Appointment, *, user: User, expected: int) -> PlannedVisit:
    """The visit has a day and a time. A proposed one is thereby in the plan; in another week it moves to that week.

    Raises EditedMeanwhile, NotYourOffice, VisitSettled, PastWeek, FullWeek, VisitPlanned, TimeTaken, BadValues.
    """
    settings_locked(visit.operator)
    stored = visits.claimed(visit, user, expected)
    visits.must_be_open(stored)
    where, message = _checked(stored, wanted)
    day = timezone.localtime(wanted.starts_at).date()
    must_be_free(stored.consultant, wanted.starts_at, wanted.ends_at, but=stored)
    if stored.invited_at and stored.contact != wanted.contact:
        visit_letters.called_off(stored, stored.contact)
        stored.invited_at = None
    visits.to_week(stored, visits.monday(day))
    if stored.state == PlannedVisit.State.PROPOSED:
        visits.follow_up_of(stored, day, user)
    elif stored.follow_up and not stored.follow_up.is_done:
        visits.put_off(stored.follow_up, day, stored.consultant, user)
    before, news = stored.starts_at, _is_news(stored, wanted, where, message)
    stored.starts_at, stored.ends_at = wanted.starts_at, wanted.ends_at
    stored.where, stored.contact = where, wanted.contact
    visits.decide(stored, PlannedVisit.State.ACCEPTED, user)
    if wanted.invite or (stored.invited_at and news):
        known = before if stored.invited_at else None
        stored.invited_at = timezone.now()
        visit_letters.invite(stored, message=message, known=known)
    return visits.saved(stored)


def _is_news(visit: PlannedVisit, wanted: Appointment, where: str, message: str) -> bool:
    """Whether it says something that whoever was invited does not know."""
    told = (visit.starts_at, visit.ends_at, visit.where)
    return bool(message) or told != (wanted.starts_at, wanted.ends_at, where)


def must_be_free(
    consultant: User, starts_at: datetime, ends_at: datetime, *, but: PlannedVisit | None = None
) -> None:
    """Hold the consultant until the transaction ends. Raises TimeTaken."""
    User.objects.select_for_update(no_key=True).get(pk=consultant.pk)
    own = UID.format(pk=but.pk) if but else ""
    if found := clash(consultant.pk, starts_at, ends_at, but=own):
        raise TimeTaken(str(consultant), *found)


def _checked(visit: PlannedVisit, wanted: Appointment) -> tuple[str, str]:
    """(place, message), cleaned. Raises BadValues."""
    faults = {}
    where = " ".join(clean_text(wanted.where).split())
    message = clean_text(wanted.message)
    if wanted.starts_at <= timezone.now() and wanted.starts_at != visit.starts_at:
        faults["starts"] = _("Vælg et tidspunkt, der ikke er gået.")
    elif not timedelta(0) < wanted.ends_at - wanted.starts_at <= LONGEST:
        faults["minutes"] = _("Et besøg varer fra et minut til ti timer.")
    if len(where) > LONGEST_PLACE:
        faults["where"] = _("Teksten er for lang.")
    if len(message) > LONGEST_MESSAGE:
        faults["message"] = _("Teksten er for lang.")
    here = people_of([visit.organisation], also=[visit.contact_id] if visit.contact_id else [])
    if wanted.contact and not here.filter(pk=wanted.contact.pk).exists():
        faults["contact"] = _("Vælg en, der er i virksomheden nu.")
    if wanted.invite and not (wanted.contact and wanted.contact.email):
        faults["contact"] = _("Vælg en kontaktperson med e-mail, når der skal sendes en invitation.")
    if faults:
        raise BadValues(faults)
    return where, message
