# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters about a booked talk, each with an entry for the calendar."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.base import mail, moments
from brobygger.outreach.calendars.writing import entry, where
from brobygger.outreach.models import Talk


def confirm(talk: Talk) -> None:
    """To both: it is booked."""
    _to_guest(
        talk,
        _("Jeres samtale %(when)s") % {"when": when(talk)},
        _("Tak for jeres booking. Vi glæder os til at tale med jer."),
    )
    _to_consultant(talk, talk.consultant, _("Ny samtale %(when)s") % {"when": when(talk)}, "")


def moved(talk: Talk, before: Any) -> None:
    """To both: there is another time. A consultant who no longer has it is told that it is off."""
    _to_guest(
        talk,
        _("Jeres samtale er flyttet til %(when)s") % {"when": when(talk)},
        _("Samtalen er flyttet. Her er den nye tid."),
    )
    subject = _("Samtalen er flyttet til %(when)s") % {"when": when(talk)}
    _to_consultant(talk, talk.consultant, subject, "")
    if before.pk != talk.consultant_id:
        said = _("%(name)s har flyttet samtalen til en kollega.") % {"name": talk.name}
        _to_consultant(talk, before, _("Samtalen er flyttet til en kollega"), said, cancelled=True)


def given(talk: Talk, before: Any) -> None:
    """To all: a colleague has it now, at the same time."""
    told = {"who": talk.consultant, "before": before}
    _to_guest(
        talk,
        _("Jeres samtale %(when)s") % {"when": when(talk)},
        _("%(who)s overtager samtalen fra %(before)s. Tiden er den samme.") % told,
    )
    subject = _("Du har overtaget samtalen %(when)s") % {"when": when(talk)}
    _to_consultant(talk, talk.consultant, subject, "")
    said = _("%(who)s overtager samtalen.") % told
    _to_consultant(talk, before, _("Samtalen er overdraget til en kollega"), said, cancelled=True)


def cancelled(talk: Talk, *, by_office: bool, why: str) -> None:
    """To both: it is off."""
    subject = _("Samtalen %(when)s er aflyst") % {"when": when(talk)}
    said = _("Vi har måttet aflyse samtalen.") if by_office else _("Samtalen er aflyst, som I bad om.")
    _to_guest(talk, subject, " ".join(part for part in (said, why) if part), is_off=True)
    _to_consultant(talk, talk.consultant, subject, why, cancelled=True)


def remind(talk: Talk) -> None:
    """To the guest, the day before."""
    _to_guest(
        talk,
        _("I morgen: jeres samtale %(when)s") % {"when": when(talk)},
        _("Vi minder om jeres samtale i morgen."),
        with_entry=False,
    )


def ask(talk: Talk) -> None:
    """To the guest, afterwards: how was it?"""
    if not talk.email:  # erased at the guest's own request
        return
    link = settings.SITE_URL + reverse("outreach:feedback", args=[talk.feedback_token])
    body = _(
        "Hej %(name)s\n\nTak for samtalen. Hvor tilfredse var I? Det tager et halvt minut at svare:\n\n%(link)s\n\n"
        "Svaret vises kun sammen med andres og uden jeres navn.\n\nVenlig hilsen\n%(office)s"
    ) % {"name": talk.name, "link": link, "office": talk.operator.name}
    mail.write(
        to=[talk.email],
        subject=_("Hvordan var samtalen?"),
        body=body,
        operator=talk.operator,
        reply_to=talk.operator.email,
    )


def when(talk: Talk) -> str:
    """`onsdag den 4. marts kl. 9.00`."""
    return moments.day_and_clock(talk.starts_at)


def _to_guest(talk: Talk, subject: str, said: str, *, is_off: bool = False, with_entry: bool = True) -> None:
    if not talk.email:  # erased at the guest's own request
        return
    lines = [_("Hej %(name)s") % {"name": talk.name}, said]
    if not is_off:
        manage = settings.SITE_URL + reverse("outreach:booked", args=[talk.token])
        facts = [
            _("Hvornår: %(when)s") % {"when": when(talk)},
            _("Hvor: %(where)s") % {"where": where(talk)},
            _("Med: %(who)s") % {"who": talk.consultant},
        ]
        lines += ["\n".join(facts), _("Flyt eller aflys her: %(link)s") % {"link": manage}]
    lines.append(_("Venlig hilsen") + f"\n{talk.operator.name}")
    mail.write(
        to=[talk.email],
        subject=subject,
        body="\n\n".join(lines),
        operator=talk.operator,
        reply_to=talk.consultant.email,
        attachments=[entry(talk, for_consultant=False, cancelled=is_off)] if with_entry else (),
    )


def _to_consultant(talk: Talk, to: Any, subject: str, said: str, *, cancelled: bool = False) -> None:
    firm = talk.organisation.name if talk.organisation else ""
    facts = [
        _("Hvem: %(who)s") % {"who": ", ".join(part for part in (talk.name, firm) if part)},
        _("E-mail: %(email)s") % {"email": talk.email},
        _("Telefon: %(phone)s") % {"phone": talk.phone or _("ikke oplyst")},
        _("Hvornår: %(when)s") % {"when": when(talk)},
        _("Hvor: %(where)s") % {"where": where(talk)},
    ]
    if talk.about:
        facts.append(_("Om: %(about)s") % {"about": talk.about})
    link = settings.SITE_URL + talk.get_absolute_url()
    mail.write(
        to=[to.email],
        subject=subject,
        body="\n\n".join(part for part in (said, "\n".join(facts), link) if part),
        operator=talk.operator,
        reply_to=talk.email,
        attachments=[entry(talk, for_consultant=True, cancelled=cancelled)],
    )
