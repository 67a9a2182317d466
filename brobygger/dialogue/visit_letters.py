# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters to whoever is visited: when, where and who comes, with an entry for the calendar."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from brobygger.base import calendar, mail, moments
from brobygger.dialogue.busy import UID
from brobygger.dialogue.models import PlannedVisit
from brobygger.register.models import Person


def invite(visit: PlannedVisit, *, message: str, known: datetime | None) -> None:
    """To the contact: this is agreed, or (`known`: the start that they were told before) this holds now. Nothing to somebody
    without an address."""
    assert visit.starts_at
    assert visit.ends_at
    told = {"office": visit.operator.name, "when": moments.day_and_clock(visit.starts_at)}
    if known:
        moved = known != visit.starts_at
        subject = (_("Besøget er flyttet til %(when)s") if moved else _("Besøget %(when)s")) % told
        said = _("Her er det, der nu gælder for besøget.")
    else:
        subject = _("%(office)s besøger jer %(when)s") % told
        said = _("Tak for aftalen. Vi glæder os til at besøge jer.")
    facts = [
        _("Hvornår: %(when)s") % {"when": moments.from_to(visit.starts_at, visit.ends_at)},
        _("Hvor: %(where)s") % {"where": place_of(visit) or visit.organisation.name},
        _("Hvem: %(who)s") % {"who": visit.consultant},
    ]
    body = [said, message, "\n".join(facts), _("Passer tiden ikke alligevel, så svar på denne mail.")]
    _send(visit, visit.contact, subject, body)


def another_comes(visit: PlannedVisit) -> None:
    """To the one who was invited: the time stands, but a colleague comes."""
    assert visit.starts_at
    when = moments.day_and_clock(visit.starts_at)
    body = [_("Det bliver %(who)s, der besøger jer %(when)s.") % {"who": visit.consultant, "when": when}]
    _send(visit, visit.contact, _("Besøget %(when)s") % {"when": when}, body)


def called_off(visit: PlannedVisit, contact: Person | None) -> None:
    """To the one who was invited: it is off."""
    assert visit.starts_at
    when = moments.day_and_clock(visit.starts_at)
    body = [_("Vi må desværre aflyse besøget %(when)s.") % {"when": when}]
    _send(visit, contact, _("Besøget %(when)s er aflyst") % {"when": when}, body, off=True)


def _send(
    visit: PlannedVisit, contact: Person | None, subject: str, body: list[str], *, off: bool = False
) -> None:
    if contact is None or not contact.email:
        return
    greeting = _("Hej %(name)s") % {"name": contact.name}
    goodbye = _("Venlig hilsen") + f"\n{visit.consultant}\n{visit.operator.name}"
    mail.write(
        to=[contact.email],
        subject=subject,
        body="\n\n".join(part for part in (greeting, *body, goodbye) if part),
        operator=visit.operator,
        reply_to=visit.consultant.email,
        attachments=[_entry(visit, off=off)],
    )


def _entry(visit: PlannedVisit, *, off: bool) -> mail.Attachment:
    """The same entry again, with a higher sequence, moves or removes the first (RFC 5545)."""
    assert visit.starts_at
    entry = calendar.Entry(
        uid=UID.format(pk=visit.pk),
        title=_("Besøg fra %(office)s") % {"office": visit.operator.name},
        start=visit.starts_at,
        end=visit.ends_at,
        place=place_of(visit),
        text=str(visit.consultant),
        cancelled=off,
        sequence=visit.version,
    )
    written = calendar.written(visit.operator.name, [entry], host=urlsplit(settings.SITE_URL).netloc)
    return mail.Attachment("besoeg.ics", "text/calendar", written)


def place_of(visit: PlannedVisit) -> str:
    """Where to meet: what was agreed, else the firm's address."""
    return visit.where or visit.organisation.address
