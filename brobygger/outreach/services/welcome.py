# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters to new firms: made once for each, on paper for all, as an e-mail for those who may be written to so.

A municipality's welcome to the firms of its area is an authority's own letter and sells nothing. So it goes by post or
Digital Post to every new firm, also one with advertising protection. By e-mail it goes no further than it must:

- a firm with advertising protection (`reklamebeskyttet`) gets no e-mail unless it has said yes to being written to;
- one that took back a yes gets none;
- an office that is no municipality is no authority: it mails only those who have said yes (markedsføringsloven § 10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base import jobs, mail
from brobygger.base.forms import clean_text
from brobygger.base.models import Letter
from brobygger.blueprints.queries import current
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.services import interactions
from brobygger.outreach import wording
from brobygger.outreach.blueprints import LETTER
from brobygger.outreach.errors import AlreadyWelcomed, BadValues, NobodyNew
from brobygger.outreach.lacking import Lack, lacking
from brobygger.outreach.models import BookingLink, Consent, MailAddress, Welcome, WelcomeRound
from brobygger.outreach.quarters import Quarter
from brobygger.outreach.queries import new_firms
from brobygger.outreach.rights import must_be_office
from brobygger.register.models import Organisation

MOST_LOOKED_AT = 5000
"""More than the firms that begin in a quarter where there are most."""
MOST_SIGNATURES, LONGEST_SIGNATURE = 4, 120
NO_ADDRESS, DEAD, PROTECTED, WITHDRAWN, NO_CONSENT = (
    "no_address",
    "dead",
    "protected",
    "withdrawn",
    "no_consent",
)


def why_not_mailed(operator: Operator, organisation: Organisation) -> str:
    """Why a firm gets no e-mail with the letter; empty when it does."""
    if not organisation.email:
        return NO_ADDRESS
    email = organisation.email.lower()
    if MailAddress.objects.filter(operator=operator, email=email, dead_at__isnull=False).exists():
        return DEAD
    given = Consent.objects.filter(organisation=organisation)
    if given.filter(withdrawn_at=None).exists():
        return ""
    if given.exists():
        return WITHDRAWN
    if organisation.ad_protected:
        return PROTECTED
    return "" if operator.kind == Operator.Kind.MUNICIPALITY else NO_CONSENT


@transaction.atomic
def start(
    operator: Operator,
    quarter: Quarter,
    *,
    by_mail: bool,
    user: User,
    entry_key: UUID | None = None,
    signed_by: str = "",
) -> WelcomeRound:
    """Make the letters to the quarter's firms that have none, as work in the background. A second press of the same form
    finds the first round. `signed_by`: a line for each who signs. Raises NobodyNew, NotAdopted, NotYourOffice, BadValues."""
    from brobygger.outreach.tasks import make_letters

    must_be_office(user, operator.pk)
    signed_by = _checked_signatures(signed_by)
    Operator.objects.select_for_update().get(
        pk=operator.pk
    )  # two presses at once: the second waits and finds the first
    if entry_key and (first := WelcomeRound.objects.filter(operator=operator, entry_key=entry_key).first()):
        return first
    definition = current(operator, LETTER, new_firms.SERIES)
    if not new_firms.without_letter(operator, quarter, definition.key).exists():
        raise NobodyNew
    round_ = WelcomeRound.objects.create(
        operator=operator,
        series=definition.key,
        definition=definition,
        first_day=quarter.first_day,
        by_mail=by_mail,
        signed_by=signed_by,
        made_by=user,
        entry_key=entry_key,
    )
    round_.job = jobs.start(
        make_letters,
        kind="welcome",
        title=_("Velkomstbreve, %(quarter)s") % {"quarter": quarter},
        operator=operator,
        user=user,
        round_id=round_.pk,
    )
    round_.save()
    audit.record("welcome_letters_made", user=user, operator=operator, about=str(quarter))
    return round_


def _checked_signatures(typed: str) -> str:
    lines = [" ".join(line.split()) for line in clean_text(typed).splitlines() if line.strip()]
    if len(lines) > MOST_SIGNATURES or any(len(line) > LONGEST_SIGNATURE for line in lines):
        raise BadValues({"signed_by": _("Højst fire underskrifter, hver på en linje med navn og titel.")})
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Preview:
    """A firm's letter as it would be made now. `not_mailed`: why the firm would get no e-mail; empty when it would."""

    firm: Organisation
    address: str
    text: wording.Written
    not_mailed: str


def preview(firm: Organisation, *, user: User) -> Preview:
    """A firm's letter, made of nothing but words: no link is given out. Raises NotAdopted, NotYourOffice."""
    must_be_office(user, firm.operator_id)
    text = current(firm.operator, LETTER, new_firms.SERIES).content
    link = f"{settings.SITE_URL}/samtale/…"
    values = wording.values_of(firm.operator, firm, user, samtale_link=link, afmeld_link="")
    return Preview(
        firm=firm,
        address=address_lines(firm),
        text=wording.written(text.subject, text.body, values),
        not_mailed=why_not_mailed(firm.operator, firm),
    )


def lacks(operator: Operator, quarter: Quarter, *, user: User) -> list[Lack]:
    """What is missing in the letters to the quarter's firms that have none. Raises NotAdopted, NotYourOffice."""
    must_be_office(user, operator.pk)
    text = current(operator, LETTER, new_firms.SERIES).content
    firms = new_firms.without_letter(operator, quarter).order_by("sort_name", "pk")[:MOST_LOOKED_AT]
    return lacking(
        text.subject, text.body, [(firm, None) for firm in firms], operator=operator, user=user, by_post=True,
        links={"samtale_link": f"{settings.SITE_URL}/samtale/…", "afmeld_link": ""},
    )  # fmt: skip


def carry_out(round_: WelcomeRound, progress: Callable[[int, int], None]) -> int:
    """Make the round's letters. Run again, it makes those that are missing. Returns how many were made now."""
    quarter = Quarter(round_.first_day)
    waiting = list(
        new_firms.without_letter(round_.operator, quarter, round_.series)
        .order_by("sort_name", "pk")
        .values_list("pk", flat=True)
    )
    made = 0
    for done, key in enumerate(waiting, 1):
        made += _make_one(round_, key)
        progress(done, len(waiting))
    return made


def _make_one(round_: WelcomeRound, key: int) -> bool:
    """One firm's letter with its link, its note in the dialogue and its e-mail: all of it or nothing."""
    firm = Organisation.objects.filter(pk=key, operator_id=round_.operator_id).first()
    if firm is None:
        return False
    try:
        with transaction.atomic():
            _make(round_, firm)
    except IntegrityError:  # somebody else's round had the firm at the same moment
        if not Welcome.objects.filter(organisation=firm, series=round_.series).exists():
            raise
        return False
    return True


def _make(round_: WelcomeRound, firm: Organisation) -> None:
    user: Any = round_.made_by
    letter_text = round_.definition.content
    link = BookingLink.objects.create(operator=round_.operator, organisation=firm)
    values = wording.values_of(round_.operator, firm, user, samtale_link=link.address, afmeld_link="")
    letter = wording.written(letter_text.subject, letter_text.body, values)
    welcome = Welcome.objects.create(
        operator=round_.operator,
        round=round_,
        organisation=firm,
        series=round_.series,
        subject=letter.subject,
        body=letter.body,
        address=address_lines(firm),
        link=link,
        by=user,
    )
    mailed = round_.by_mail and not why_not_mailed(round_.operator, firm)
    if mailed:
        welcome.letter = _mail(round_, welcome, firm)
    welcome.interaction = _note(round_, firm, letter.subject, mailed, user)
    welcome.save()


def address_lines(firm: Organisation) -> str:
    """What stands in the window of the envelope."""
    town = f"{firm.postal_code} {firm.city}".strip()
    return "\n".join(line for line in (firm.name, firm.street, town) if line)


def _mail(round_: WelcomeRound, welcome: Welcome, firm: Organisation) -> Letter:
    user: Any = round_.made_by
    return mail.write(
        to=[firm.email],
        subject=welcome.subject,
        body="\n".join([welcome.body, "", *round_.signatures, "", round_.operator.name]),
        operator=round_.operator,
        user=user,
        reply_to=round_.operator.email or user.email,
    )


def _note(round_: WelcomeRound, firm: Organisation, subject: str, mailed: bool, user: User) -> Interaction:
    text = _("Velkomstbrev: %(subject)s") % {"subject": subject}
    if mailed:
        text += " " + _("(også som e-mail)")
    note = interactions.Note(
        kind=Interaction.Kind.LETTER,
        on=timezone.localdate(),
        by=user,
        organisations=[firm],
        text=text,
        private=False,
    )
    return interactions.write(note, user=user, invented=firm.invented)


@transaction.atomic
def skip(organisation: Organisation, *, user: User) -> Welcome:
    """The firm is to have no letter. Raises AlreadyWelcomed, NotYourOffice."""
    must_be_office(user, organisation.operator_id)
    try:
        with transaction.atomic():
            return Welcome.objects.create(
                operator_id=organisation.operator_id,
                organisation=organisation,
                series=new_firms.SERIES,
                skipped=True,
                by=user,
            )
    except IntegrityError as error:
        raise AlreadyWelcomed(organisation.name) from error


@transaction.atomic
def unskip(organisation: Organisation, *, user: User) -> None:
    """The firm is to have the letter after all. Raises NotYourOffice."""
    must_be_office(user, organisation.operator_id)
    Welcome.objects.filter(organisation=organisation, series=new_firms.SERIES, skipped=True).delete()
