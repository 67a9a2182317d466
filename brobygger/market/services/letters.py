# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters about a match: the office's templates, the draft a consultant edits, and sending it to both parties.

Each party gets a letter of its own with the same text, so that a bad address at one of them neither hides a
failure nor makes the other get it twice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator
from brobygger.base import mail
from brobygger.base.danish import distance, join
from brobygger.base.errors import UserError
from brobygger.base.forms import clean_text
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile, claim
from brobygger.market.models import Introduction, Listing, MailTemplate, Match, Suggestion
from brobygger.market.services.letter_texts import (
    INTRODUCTION,
    INTRODUCTION_TAKER,
    SHIPPED,
    Wording,
    check,
    fill,
)
from brobygger.market.services.matches import (
    NotTheirs,
    OwnerNotAsked,
    StageNotReachable,
    enter_because,
    is_office,
    owners_to_ask,
)
from brobygger.market.services.matching.permits import check_may_receive
from brobygger.market.wording import amount, type_name
from brobygger.register.models import Affiliation, Organisation

GIVER, TAKER = "giver", "taker"
SHIPPED_VERSION = 0
"""The version of a wording that the office has not changed; no stored template has it."""
MAY_WRITE = frozenset({Match.Stage.CHOSEN, Match.Stage.INTRODUCED, Match.Stage.DIALOGUE})
"""While the two are still being brought together; a letter to a wrong address is written again."""


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a match as a letter sees it. `email` is empty where nobody has one."""

    side: str
    organisation: Organisation
    name: str
    email: str
    phone: str

    @property
    def contact(self) -> str:
        """`Navn, telefon, e-mail`, or as much of it as is known."""
        return ", ".join(part for part in (self.name, self.phone, self.email) if part) or _("(ukendt)")


class MissingAddress(UserError):
    """Somebody the letter is for has no e-mail address. `parties` says who."""

    def __init__(self, parties: list[Party]) -> None:
        self.parties = parties
        super().__init__(
            _("%(who)s har ingen e-mail. Skriv den på virksomhedens side, eller ring i stedet.")
            % {"who": join([str(party.organisation) for party in parties])}
        )


class NotStuck(UserError):
    """A letter that is not waiting for a person any more."""

    def __init__(self) -> None:
        super().__init__(_("Brevet er i mellemtiden sendt eller sat i gang igen."))


def parties(match: Match) -> list[Party]:
    """Giver and taker with the person a letter goes to: the listing's contact, else the organisation's contact person
    with an address, else the organisation itself.

    People that another office knows stay with that office: of its organisations only their own address is used.
    """
    contacts = _contacts(match)
    return [
        _party(GIVER, match.giver, match.have, contacts, match.operator_id),
        _party(TAKER, match.taker, match.need, contacts, match.operator_id),
    ]


def _contacts(match: Match) -> dict[int, Any]:
    found: dict[int, Any] = {}
    rows = Affiliation.objects.filter(
        organisation_id__in=[match.giver_id, match.taker_id],
        organisation__operator_id=match.operator_id,
        is_contact=True,
        ended_on=None,
    ).select_related("person")
    for row in rows:
        held = found.get(row.organisation_id)
        if held is None or (not held.email and row.person.email):
            found[row.organisation_id] = row.person
    return found


def _party(
    side: str, organisation: Organisation, listing: Listing | None, contacts: dict[int, Any], operator_id: int
) -> Party:
    ours = organisation.operator_id == operator_id
    person = listing.contact if listing and ours and listing.contact else contacts.get(organisation.pk)
    return Party(
        side,
        organisation,
        name=person.name if person else "",
        email=(person.email if person else "") or organisation.email,
        phone=(person.phone if person else "") or organisation.phone,
    )


def template_key(match: Match) -> str:
    """Which template introduces this match."""
    return INTRODUCTION if match.need_id else INTRODUCTION_TAKER


def wording_of(operator: Operator, key: str) -> Wording:
    """The office's own wording, else the shipped one. Raises KeyError on an unknown key."""
    shipped = SHIPPED[key]
    own = MailTemplate.objects.filter(operator=operator, key=key).first()
    return Wording(shipped.title, own.subject, own.body) if own else shipped


def draft(match: Match, user: Any) -> tuple[str, str]:
    """Subject and text of the introduction, filled in, for the consultant to edit."""
    wording = wording_of(match.operator, template_key(match))
    values = _values(match, user)
    return " ".join(fill(wording.subject, values).split())[:200], fill(wording.body, values)


def _values(match: Match, user: Any) -> dict[str, str]:
    giver, taker = parties(match)
    suggestion: Suggestion | None = match.suggestion
    reason = suggestion.reason if suggestion else ""
    return {
        "giver": match.giver.name,
        "modtager": match.taker.name,
        "har": match.have.text,
        "mangler": match.need.text if match.need else "",
        "hvad": what(match),
        "afstand": distance(suggestion.distance_m)
        if suggestion and suggestion.distance_m is not None
        else _("ukendt"),
        "hvorfor": reason or what(match),
        "giver_kontakt": giver.contact,
        "modtager_kontakt": taker.contact,
        "konsulent": str(user),
        "konsulent_mail": user.email,
        "kontor": match.operator.name,
        "kontor_telefon": match.operator.phone,
        "link": settings.SITE_URL + match.get_absolute_url(),
    }


def what(match: Match) -> str:
    """`Mask, 4 tons om ugen`: the thing and how much of it the giver has."""
    have = match.have
    quantity = amount(have.quantity, have.unit, have.period)
    return ", ".join(part for part in (type_name(have.resource_type) or have.title, quantity) if part)


EXAMPLE = {
    "giver": "Bryghuset Eksempel",
    "modtager": "Kvæggården Eksempel",
    "har": "Vi har 4 tons mask om ugen fra ølbrygning.",
    "mangler": "Vi søger foder til 120 kvier.",
    "hvad": "Mask, 4 tons om ugen",
    "afstand": "3,4 km",
    "hvorfor": "Mask bruges som foder til kvæg.",
    "giver_kontakt": "Navn på kontaktperson, telefon, e-mail",
    "modtager_kontakt": "Navn på kontaktperson, telefon, e-mail",
}
"""Invented values for the preview of a template."""


def preview(operator: Operator, user: Any, subject: str, body: str) -> tuple[str, str]:
    """How a template will look, with invented parties. Raises `BadTemplate`."""
    values = EXAMPLE | {
        "konsulent": str(user),
        "konsulent_mail": user.email,
        "kontor": operator.name,
        "kontor_telefon": operator.phone,
        "link": f"{settings.SITE_URL}/match/…/",
    }
    return fill(subject, values), fill(body, values)


@transaction.atomic
def save_template(
    operator: Operator, key: str, subject: str, body: str, user: Any, *, version: int
) -> MailTemplate:
    """Keep the office's own wording. `version` is that of the wording the person opened, `SHIPPED_VERSION` where it was
    the shipped one. Raises `BadTemplate` on fields that do not exist, `EditedMeanwhile`, KeyError on an unknown key.
    """
    shipped = SHIPPED[key]
    subject, body = " ".join(clean_text(subject).split())[:200], clean_text(body)
    check(subject)
    check(body)
    template = _opened_template(operator, key, version)
    template.subject, template.body = subject, body
    template.save()
    audit.record("letter_template", user=user, operator=operator, about=str(shipped.title))
    return template


def _opened_template(operator: Operator, key: str, version: int) -> MailTemplate:
    """The template in the version the person opened, claimed, or made where the office had none."""
    if version != SHIPPED_VERSION:
        template = MailTemplate.objects.filter(operator=operator, key=key).first()
        if template is None:
            raise EditedMeanwhile(_as_shipped(operator, key))
        claim(template, version)
        return template
    written_before = MailTemplate.history.filter(operator=operator, key=key).count()
    template, is_new = MailTemplate.objects.get_or_create(
        operator=operator, key=key, defaults={"version": written_before + 1}
    )  # a version that no earlier template of this office had, so that nobody's old page passes for a new one
    if not is_new:
        raise EditedMeanwhile(template)
    return template


def _as_shipped(operator: Operator, key: str) -> MailTemplate:
    shipped = SHIPPED[key]
    return MailTemplate(
        operator=operator, key=key, subject=shipped.subject, body=shipped.body, version=SHIPPED_VERSION
    )


@transaction.atomic
def restore_template(operator: Operator, key: str, user: Any, *, version: int) -> None:
    """Go back to the shipped wording. What the office had written stays in the history. Raises `EditedMeanwhile`."""
    for template in MailTemplate.objects.filter(operator=operator, key=key):
        claim(template, version)
        template.delete()
        audit.record("letter_template_restored", user=user, operator=operator, about=str(SHIPPED[key].title))


@transaction.atomic
def introduce(
    match: Match,
    *,
    subject: str,
    body: str,
    sides: Collection[str],
    user: Any,
    version: int,
    follow_up_on: date | None = None,
) -> list[Introduction]:
    """Write the introduction to the parties on `sides` and move a chosen match to introduced.

    Raises `OwnerNotAsked`, `NeedsPermit`, `MissingAddress`, `StageNotReachable`, `NotTheirs`, `EditedMeanwhile`, and `UserError`
    on an empty letter or an address that is none. Nothing is written then.
    """
    claim(match, version)
    if not is_office(user, match):
        raise NotTheirs
    if match.stage not in MAY_WRITE:
        raise StageNotReachable(match.stage, Match.Stage.INTRODUCED)
    if owners := owners_to_ask(match):
        raise OwnerNotAsked(owners)
    check_may_receive(match.have, match.taker)
    subject, body = clean_text(subject), clean_text(body)
    if not subject or not body:
        raise UserError(_("Brevet mangler emne eller tekst."))
    receivers = [party for party in parties(match) if party.side in sides]
    if not receivers:
        raise UserError(_("Vælg mindst én, der skal have brevet."))
    if missing := [party for party in receivers if not party.email]:
        raise MissingAddress(missing)
    made = [_write(match, party, subject, body, user) for party in receivers]
    match.follow_up_on = follow_up_on or match.follow_up_on
    if follow_up_on and not match.follow_up_about:
        match.follow_up_about = _("Har de talt sammen?")
    if match.stage == Match.Stage.CHOSEN:
        enter_because(match, Match.Stage.INTRODUCED, user)
    else:
        match._history_user = user  # type: ignore[attr-defined]
        match.save()
    return made


def _write(match: Match, party: Party, subject: str, body: str, user: Any) -> Introduction:
    try:
        letter = mail.write(
            to=[party.email],
            subject=subject,
            body=body,
            operator=match.operator,
            user=user,
            reply_to=user.email,
        )
    except ValidationError as error:
        raise UserError(
            _("»%(email)s« hos %(who)s er ikke en e-mailadresse.")
            % {"email": party.email, "who": party.organisation}
        ) from error
    return Introduction.objects.create(match=match, letter=letter, by=user)


@transaction.atomic
def send_again(match: Match, letter: Letter, user: Any) -> None:
    """Try a stuck letter of the match again, as a person asks. Raises `NotStuck`."""
    if not mail.send_again(letter):
        raise NotStuck
    audit.record("letter_sent_again", user=user, operator=match.operator, about=letter.subject)


@transaction.atomic
def mark_sent(match: Match, letter: Letter, user: Any) -> None:
    """Note that a stuck letter did arrive. Raises `NotStuck`."""
    if not mail.mark_sent(letter):
        raise NotStuck
    audit.record("letter_marked_sent", user=user, operator=match.operator, about=letter.subject)


def follow_up_default() -> date:
    """Two weeks from today: when the office asks whether the two have talked."""
    return timezone.localdate() + timedelta(days=14)
