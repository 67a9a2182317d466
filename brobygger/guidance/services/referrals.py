# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Sending a referral, noting one that came in, and taking one back."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base import mail, moments
from brobygger.base.forms import clean_text
from brobygger.base.models import Letter
from brobygger.base.versions import claim
from brobygger.dialogue.services import follow_ups
from brobygger.guidance.errors import BadValues, NotReachable, NotYourOffice
from brobygger.guidance.models import Referral
from brobygger.guidance.models.referral import ANSWER_WITHIN, OPEN
from brobygger.guidance.services.answer_links import in_letter
from brobygger.guidance.services.partners import partner_for_office
from brobygger.guidance.services.sharing import Consent as Consent
from brobygger.guidance.services.sharing import Wish as Wish
from brobygger.guidance.services.sharing import check, snapshot

TAKEN_BACK = "(trukket tilbage)"
State, IN, OUT = Referral.State, Referral.Direction.IN, Referral.Direction.OUT


def send(
    operator: Operator, wish: Wish, *, user: User, entry_key: UUID | None = None, invented: bool = False
) -> Referral:
    """Send a firm or an entrepreneur on: the record, the letter, the reminder, and the receiving office's own record.

    A form that was already sent (`entry_key`) gives the first referral back. Raises BadValues, NotYourOffice.
    """
    check(operator, wish, user)
    if entry_key and (first := _sent_on(operator, entry_key)):
        return first
    try:
        return _send(operator, wish, user, entry_key, invented)
    except IntegrityError:  # the same form at the same moment: the database let one of them in
        if entry_key and (first := _sent_on(operator, entry_key)):
            return first
        raise


def _sent_on(operator: Operator, entry_key: UUID) -> Referral | None:
    return Referral.objects.filter(operator=operator, entry_key=entry_key).first()


@transaction.atomic
def _send(operator: Operator, wish: Wish, user: User, entry_key: UUID | None, invented: bool) -> Referral:
    partner = partner_for_office(operator, wish.office) if wish.office else wish.partner
    referral = _record(operator, wish, OUT, invented)
    referral.partner, referral.entry_key = partner, entry_key
    referral.consultant = wish.consultant or user
    if partner and partner.office:
        referral.save()
        _hand_over(referral, partner.office, invented)
    if wish.letter:
        _write_letters(referral, wish, user)
    if wish.organisation:
        referral.follow_up = follow_ups.plan(
            wish.organisation,
            due_on=timezone.localdate() + ANSWER_WITHIN,
            about=_("Hør, hvad der kom ud af henvisningen til %(target)s")
            % {"target": referral.target[:120]},
            assignee=referral.consultant,
            user=user,
        )
    referral.save()
    return referral


def _record(operator: Operator, wish: Wish, direction: str, invented: bool) -> Referral:
    person = wish.contact
    return Referral(
        operator=operator, direction=direction, partner=wish.partner, scheme=wish.scheme,
        organisation=wish.organisation, person=person, who=wish.who,
        email=person.email if person else wish.email, phone=person.phone if person else wish.phone,
        about=clean_text(wish.about), shared=snapshot(wish), note=clean_text(wish.note),
        consent_by=clean_text(wish.consent.by), consent_on=wish.consent.on, consent_how=wish.consent.how,
        consultant=wish.consultant, invented=invented,
    )  # fmt: skip


def _hand_over(referral: Referral, office: Operator, invented: bool) -> None:
    """The receiving office's own record: the snapshot, the consent, and nothing of the sender's."""
    theirs = Referral.objects.create(
        operator=office, direction=IN, partner=partner_for_office(office, referral.operator), who=referral.who,
        email=referral.email, phone=referral.phone, about=referral.about, shared=referral.shared,
        consent_by=referral.consent_by, consent_on=referral.consent_on, consent_how=referral.consent_how,
        counterpart=referral, invented=invented,
    )  # fmt: skip
    referral.counterpart = theirs


def _write_letters(referral: Referral, wish: Wish, user: User) -> None:
    """To the partner or the scheme's own address, and a copy to whom it is about; none where there is no address."""
    address = referral.receiver_address
    if address:
        referral.letter = _post(referral, [address], _subject(referral), _text(referral, user), user)
    copy_to = referral.email or (wish.organisation.email if wish.organisation else "")
    if wish.copy and copy_to:
        subject = _("Kopi: %(subject)s") % {"subject": _subject(referral)}
        referral.copy_letter = _post(referral, [copy_to], subject, _copy_text(referral, user), user)


def _post(referral: Referral, to: list[str], subject: str, body: str, user: User) -> Letter:
    try:
        return mail.write(
            to=to, subject=subject, body=body, operator=referral.operator, user=user, reply_to=user.email
        )
    except ValidationError as error:
        raise BadValues(
            {"target": _("%(address)s er ikke en e-mailadresse.") % {"address": to[0]}}
        ) from error


def _subject(referral: Referral) -> str:
    return _("Henvisning fra %(office)s") % {"office": referral.operator}


def _text(referral: Referral, user: User) -> str:
    """Another office on this platform is told to look; everybody else gets what is shared in the letter."""
    if referral.counterpart:
        link = f"{settings.SITE_URL}{referral.counterpart.get_absolute_url()}"
        return _("Hej\n\n%(office)s har henvist nogen til jer. Se og svar her:\n%(link)s\n\nVenlig hilsen\n%(by)s") % {
            "office": referral.operator, "link": link, "by": user.name,
        }  # fmt: skip
    return _(
        "Hej\n\nVi henviser %(who)s til jer.\n\n%(shared)s\n\nDet er delt med samtykke fra %(consent)s.\n\n%(link)s\n\n"
        "Venlig hilsen\n%(by)s\n%(office)s"
    ) % {
        "who": referral.who, "shared": _as_text(referral.shared), "consent": referral.consent_by, "by": user.name,
        "office": referral.operator, "link": in_letter(referral),
    }  # fmt: skip


def _copy_text(referral: Referral, user: User) -> str:
    return _(
        "Hej\n\nVi har henvist jer til %(target)s. Det har vi delt:\n\n%(shared)s\n\nFortryder I, så svar på denne mail, "
        "så trækker vi henvisningen tilbage.\n\nVenlig hilsen\n%(by)s\n%(office)s"
    ) % {
        "target": referral.target, "shared": _as_text(referral.shared), "by": user.name, "office": referral.operator,
    }  # fmt: skip


def _as_text(shared: list[dict[str, str]]) -> str:
    return "\n\n".join(f"{piece['label']}:\n{piece['text']}" for piece in shared)


@transaction.atomic
def note_received(
    operator: Operator, wish: Wish, *, user: User, entry_key: UUID | None = None, invented: bool = False
) -> Referral:
    """Note a referral that a partner made to the office by telephone or mail. Raises BadValues, NotYourOffice."""
    check(operator, wish, user, incoming=True)
    if entry_key and (first := _sent_on(operator, entry_key)):
        return first
    referral = _record(operator, wish, IN, invented)
    referral.partner = partner_for_office(operator, wish.office) if wish.office else wish.partner
    referral.entry_key, referral.state = entry_key, State.RECEIVED
    referral.consultant = wish.consultant or user
    referral.save()
    return referral


@transaction.atomic
def change_note(
    referral: Referral, *, note: str, consultant: User | None, user: User, expected: int
) -> Referral:
    """The office's own note and who follows it. Raises EditedMeanwhile, BadValues, NotYourOffice."""
    stored = _claimed(referral, user, expected)
    if (
        consultant
        and consultant.pk != stored.consultant_id
        and not consultant.is_staff_of(stored.operator_id)
    ):
        raise BadValues({"consultant": _("Vælg en af kontorets egne.")})
    stored.note, stored.consultant = clean_text(note)[:4000], consultant
    stored.save()
    return stored


@transaction.atomic
def withdraw(referral: Referral, *, user: User, expected: int) -> Referral:
    """Whoever was referred has changed their mind: what was shared is erased, at the receiving office on this platform too.

    A letter that has not left yet does not; whoever got one is told that it no longer holds (Regulation (EU) 2016/679, article 19).
    Only what is still going on; a referral that has ended is deleted instead. Recorded. Raises NotReachable, NotYourOffice.
    """
    stored = _claimed(referral, user, expected)
    if not stored.is_out or stored.state not in OPEN:
        raise NotReachable(stored.get_state_display(), str(State.WITHDRAWN.label))
    has_left, who = _letters_erased(stored), stored.who
    _take_back(stored)
    if stored.counterpart_id:
        _take_back(Referral.objects.select_for_update().get(pk=stored.counterpart_id))
    if has_left:
        _tell_of_withdrawal(stored, who, user)
    if stored.follow_up and not stored.follow_up.is_done:
        follow_ups.drop(stored.follow_up, user=user)
    audit.record(
        "referral_withdrawn", user=user, operator=stored.operator, about=f"{stored.target} ({stored.pk})"
    )
    return stored


def _letters_erased(referral: Referral) -> bool:
    """Neither the letter nor the copy keeps anything of what was shared. Whether the receiver may have the letter."""
    referral.letter = _erased(referral.letter)
    referral.copy_letter = _erased(referral.copy_letter)
    return referral.letter is not None


def _erased(letter: Letter | None) -> Letter | None:
    """The letter without its text where it has left, or may have; else it never does."""
    if letter is None or mail.call_back(letter):
        return None
    mail.blot(letter, TAKEN_BACK)
    return letter


def _tell_of_withdrawal(referral: Referral, who: str, user: User) -> None:
    """To whoever got the letter; another office on this platform has nothing left to erase, and gets no name."""
    if not referral.receiver_address:
        return
    day = moments.day_in_words(referral.sent_on)
    if referral.counterpart_id:
        said = _(
            "Samtykket til en henvisning fra os er trukket tilbage. Det, I fik at vide, er slettet hos jer."
        )
    else:
        said = _(
            "Samtykket til, at vi henviste %(who)s til jer %(day)s, er trukket tilbage. Slet det, I fik at vide, og kontakt "
            "dem ikke om det."
        ) % {"who": who, "day": day}
    _post(
        referral,
        [referral.receiver_address],
        _("En henvisning fra %(office)s er trukket tilbage") % {"office": referral.operator},
        _("Hej\n\n%(said)s\n\nVenlig hilsen\n%(by)s\n%(office)s")
        % {"said": said, "by": user.name, "office": referral.operator},
        user,
    )


def _take_back(referral: Referral) -> None:
    """Nothing of what was shared stays on the record; that there was a referral does.

    Who it was about stays only where the firm was the office's own before: at the one that sent it. The office that
    received it keeps the firm and the contact that it made itself, but no longer by this referral.
    """
    referral.state, referral.state_at = State.WITHDRAWN, timezone.now()
    referral.about, referral.shared, referral.email, referral.phone = TAKEN_BACK, [], "", ""
    referral.answer_key = ""
    referral.person = None
    if not referral.is_out:
        referral.organisation = None
        Referral.history.filter(id=referral.pk).update(organisation=None)
    if referral.organisation_id is None:
        referral.who = TAKEN_BACK
        forget_consent(referral)
    referral.version += 1
    referral.save()


def forget_consent(referral: Referral) -> None:
    """Takes the name of who consented off the record and its history. The caller saves the record."""
    referral.consent_by = TAKEN_BACK
    Referral.history.filter(id=referral.pk).update(consent_by=TAKEN_BACK)


@transaction.atomic
def delete(referral: Referral, *, user: User) -> None:
    """Delete the office's own record of a referral with its history and what the letters said. Recorded.

    While it is going on at another office on this platform it is taken back there first. Raises NotYourOffice.
    """
    if not user.is_staff_of(referral.operator_id):
        raise NotYourOffice
    stored = (
        Referral.objects.select_for_update(of=("self",))
        .select_related("operator", "partner", "scheme", "letter", "copy_letter")
        .get(pk=referral.pk)
    )
    if stored.is_out and stored.counterpart_id and stored.state in OPEN:
        _take_back(Referral.objects.select_for_update().get(pk=stored.counterpart_id))
    _letters_erased(stored)
    operator, about, key = stored.operator, f"{stored.target}, {stored.sent_on:%d.%m.%Y}", stored.pk
    stored.delete()
    Referral.history.filter(id=key).delete()
    audit.record("referral_deleted", user=user, operator=operator, about=about)


def _claimed(referral: Referral, user: User, expected: int) -> Referral:
    related = ("operator", "partner__office", "scheme", "organisation", "follow_up", "letter", "copy_letter")
    stored = Referral.objects.select_related(*related).get(pk=referral.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    claim(stored, expected)
    return stored
