# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Sending the summons to a meeting: once for each press of the button, and never by two people at once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.boards import telling
from brobygger.boards.errors import BadValues
from brobygger.boards.models import Meeting, Summons
from brobygger.boards.services.meetings import claimed


@transaction.atomic
def send(meeting: Meeting, *, word: str, again: bool, user: User, expected: int) -> list[telling.Receiver]:
    """Summon those who sit on the board on the day; with `again` also those who have been summoned before, to a new agenda.
    Returns those who were written to. Raises EditedMeanwhile, MinutesApproved, BadValues, NotYourBoard."""
    stored = claimed(meeting, user, expected)
    if stored.state != Meeting.State.PLANNED or stored.ends_at <= timezone.now():
        raise BadValues({"meeting": _("Kun et planlagt møde, der ikke har været, kan der indkaldes til.")})
    word = clean_text(word)
    if len(word) > 2000:
        raise BadValues({"word": _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": "2.000"}})
    before = set(stored.summons.values_list("seat_id", flat=True))
    chosen = [one for one in telling.receivers(stored) if again or one.seat.pk not in before]
    if not any(one.address for one in chosen):
        raise BadValues({"meeting": _("Der er ingen at sende til. Skriv en e-mail på medlemmerne.")})
    sent = telling.summon(stored, chosen, word=word, user=user)
    for one, letter in sent:
        told = {"sent_at": timezone.now(), "letter": letter}
        Summons.objects.update_or_create(meeting=stored, seat=one.seat, defaults=told)
    return [one for one, _letter in sent]
