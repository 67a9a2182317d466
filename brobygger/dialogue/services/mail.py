# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of mail that comes in: laid with the firm it is about, or put in the tray for somebody to decide.

Only mail from the office's own people is laid by itself. A sender's address can be forged; what keeps strangers out is
that the office's inbound address is a secret, and what is laid is a private note that anybody at the office can delete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import STAFF, Operator, User
from brobygger.base import raw_mail
from brobygger.base.errors import UserError
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.dialogue.attachments import MOST_FILES, Checked, checked_attachment
from brobygger.dialogue.errors import AlreadyDone, NotYourOffice
from brobygger.dialogue.models import Attachment, InboundAddress, Interaction, MailFile, ReceivedMail
from brobygger.dialogue.services.interactions import EARLIEST, Note, write
from brobygger.register.duplicates.weighing import FREE_MAIL
from brobygger.register.models import Affiliation, Organisation, Person

MOST_PROPOSED = 8
LONGEST_TEXT = 19_500
State, Why = ReceivedMail.State, ReceivedMail.Why


def office_of(message: EmailMessage) -> Operator | None:
    """Whose inbound address the mail was sent to. A blind copy names nobody, so what the mail server notes counts too."""
    names = (
        "X-Envelope-To",
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Forwarded-To",
        "To",
        "Cc",
        "Bcc",
    )
    for address in raw_mail.addresses(message, *names):
        local = address.partition("@")[0]
        slug, plus, secret = local.rpartition("+")
        if not plus:
            continue
        found = (
            InboundAddress.objects.filter(secret=secret, operator__slug=slug)
            .select_related("operator")
            .first()
        )
        if found is not None:
            return found.operator
    return None


def receive(operator: Operator, message: EmailMessage) -> tuple[ReceivedMail, bool]:
    """Take a mail in. Returns it and whether it is new: the same message id is stored once."""
    key = raw_mail.message_id(message) or hashlib.sha256(bytes(message)).hexdigest()
    known = ReceivedMail.objects.filter(operator=operator, message_id=key).first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            return _receive(operator, message, key), True
    except IntegrityError:  # the same mail at the same moment
        known = ReceivedMail.objects.filter(operator=operator, message_id=key).first()
        if known is None:
            raise
        return known, False


def _receive(operator: Operator, message: EmailMessage, key: str) -> ReceivedMail:
    mail = _stored(operator, message, key)
    addresses = raw_mail.addresses(message, "From", "To", "Cc")
    firms, people = firms_of(operator, addresses)
    sender = mail.user
    if sender is None:
        mail.why = Why.STRANGER
    elif not firms:
        mail.why = Why.NOBODY
    elif _is_several(firms, people, addresses):
        mail.why = Why.SEVERAL
    if sender is None or mail.why:
        mail.save()
        mail.proposed.set(firms[:MOST_PROPOSED] or by_domain(operator, addresses))
        return mail
    try:
        with transaction.atomic():
            _lay(mail, firms, people, by=sender)
    except UserError:
        mail.refresh_from_db()
        mail.state, mail.why = State.TRAY, Why.UNREADABLE
        mail.save()
        mail.proposed.set(firms[:MOST_PROPOSED])
    return mail


def _stored(operator: Operator, message: EmailMessage, key: str) -> ReceivedMail:
    """The mail in the tray, with those of its files that may be kept."""
    name, address = parseaddr(raw_mail.header(message, "From"))
    address = address.strip().lower()[:254]
    ours = User.objects.filter(
        email__iexact=address, is_active=True, memberships__operator=operator, memberships__role__in=STAFF
    )
    files, refused = _files(message)
    mail = ReceivedMail.objects.create(
        operator=operator, message_id=key, email=address if "@" in address else "",
        sender_name=clean_text(name)[:120], subject=clean_text(raw_mail.header(message, "Subject"))[:300],
        recipients=", ".join(raw_mail.addresses(message, "To", "Cc"))[:4000],
        text=clean_text(raw_mail.plain_text(message))[:LONGEST_TEXT], sent_at=_sent(message),
        user=ours.distinct().first() if address else None, refused_files="\n".join(refused)[:2000],
    )  # fmt: skip
    for file in files:
        kept = MailFile(mail=mail, name=file.name, content_type=file.content_type, size=file.size)
        kept.file.save(str(file.content.name), file.content, save=False)
        kept.save()
    return mail


def _sent(message: EmailMessage) -> datetime:
    """When it was sent, as far as that can be believed: not before there was mail here, not later than now."""
    now = timezone.now()
    try:
        sent = parsedate_to_datetime(raw_mail.header(message, "Date"))
    except (TypeError, ValueError, OverflowError):
        return now
    sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    return sent if sent.date() >= EARLIEST and sent <= now else now


def _files(message: EmailMessage) -> tuple[list[Checked], list[str]]:
    """The files that may be kept, by the rules of attachments, and what was wrong with the others."""
    kept: list[Checked] = []
    refused: list[str] = []
    for part in raw_mail.parts(message):
        name = _name_of(part)
        if part.is_multipart() or not name:
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        if len(kept) >= MOST_FILES:
            refused.append(f"{name}: {_('der er for mange filer')}")
            continue
        try:
            kept.append(checked_attachment(SimpleUploadedFile(name, payload)))
        except UserError as error:
            refused.append(f"{name}: {error}")
    return kept, refused


def _name_of(part: EmailMessage) -> str:
    try:
        return clean_text(part.get_filename() or "")[:150]
    except Exception:  # the standard library raises many kinds on headers of spam
        return ""


def firms_of(operator: Operator, addresses: Sequence[str]) -> tuple[list[Organisation], list[Person]]:
    """The firms and people that the register knows by these addresses. The office's own people are not what it is about."""
    wanted = [address for address in addresses if address]
    colleagues = set(
        User.objects.filter(
            email__in=wanted, memberships__operator=operator, memberships__role__in=STAFF
        ).values_list("email", flat=True)
    )
    wanted = [address for address in wanted if address not in colleagues]
    if not wanted:
        return [], []
    same = Q()
    for address in wanted:
        same |= Q(email__iexact=address)
    people = list(Person.objects.filter(same, operator=operator).order_by("pk"))
    through = Affiliation.objects.filter(person__in=people, ended_on=None).values("organisation_id")
    firms = (
        Organisation.objects.filter(operator=operator)
        .filter(same | Q(pk__in=through))
        .order_by("sort_name", "pk")
    )
    return list(firms[: MOST_PROPOSED * 4]), people


def _is_several(firms: Sequence[Organisation], people: Sequence[Person], addresses: Iterable[str]) -> bool:
    """Whether somebody must choose: an address that leads to several firms (a person of two, an accountant's that stands on
    many), and nothing else that says which."""
    if len(firms) == 1:
        return False
    leads: dict[str, set[int]] = {address: set() for address in addresses}
    for firm in firms:
        if firm.email.lower() in leads:
            leads[firm.email.lower()].add(firm.pk)
    roles = Affiliation.objects.filter(person__in=people, ended_on=None)
    for email, firm_id in roles.values_list("person__email", "organisation_id"):
        if email.lower() in leads:
            leads[email.lower()].add(firm_id)
    return any(len(there) > 1 for there in leads.values())


def by_domain(operator: Operator, addresses: Iterable[str]) -> list[Organisation]:
    """Firms with an address or home page of the same domain: only ever a proposal."""
    domains = {address.rpartition("@")[2] for address in addresses} - FREE_MAIL
    ours = {
        email.rpartition("@")[2]
        for email in User.objects.filter(memberships__operator=operator).values_list("email", flat=True)
    }
    wanted = Q()
    for domain in sorted(domains - ours)[:5]:
        wanted |= Q(email__iendswith=f"@{domain}") | Q(website__icontains=domain)
    if not wanted:
        return []
    return list(
        Organisation.objects.filter(operator=operator)
        .filter(wanted)
        .order_by("sort_name", "pk")[:MOST_PROPOSED]
    )


def _lay(
    mail: ReceivedMail, firms: Sequence[Organisation], people: Sequence[Person], *, by: User
) -> Interaction:
    """Make the mail a talk with the firms, files and all."""
    local = timezone.localtime(mail.sent_at)
    text = "\n\n".join(part for part in (mail.subject, mail.text) if part) or str(mail)
    note = Note(
        kind=Interaction.Kind.MAIL, on=local.date(), clock=local.time().replace(second=0, microsecond=0),
        by=mail.user or by, organisations=list(firms), people=list(people), text=text,
        participants=_("Fra %(sender)s til %(recipients)s") % {"sender": mail.email, "recipients": mail.recipients[:1900]},
    )  # fmt: skip
    interaction = write(note, user=by)
    for file in mail.files.all():
        Attachment.objects.create(
            interaction=interaction, file=file.file.name, name=file.name, content_type=file.content_type,
            size=file.size, added_by=by, state=file.state,
        )  # fmt: skip
    mail.files.all().delete()  # the stored file itself is the talk's now
    mail.state, mail.interaction, mail.text = State.PLACED, interaction, ""
    mail.handled_by, mail.handled_at = by, timezone.now()
    mail.save()
    return interaction


@transaction.atomic
def place(
    mail: ReceivedMail, organisation: Organisation, *, user: User, expected: int, new_person: str = ""
) -> Interaction:
    """Lay a mail from the tray with a firm; `new_person` enters the sender there under that name.

    Raises EditedMeanwhile, AlreadyDone, NotYourOffice, AlreadyAffiliated, BadValues.
    """
    stored = _claimed(mail, user, expected)
    if organisation.operator_id != stored.operator_id:
        raise NotYourOffice
    if new_person:
        from brobygger.register.services_people import add_person

        add_person(organisation, {"name": clean_text(new_person)[:120], "email": stored.email}, by=user)
    known = Person.objects.filter(
        operator_id=stored.operator_id, email__iexact=stored.email, affiliations__organisation=organisation
    )
    interaction = _lay(stored, [organisation], list(known.distinct()) if stored.email else [], by=user)
    audit.record("mail_placed", user=user, operator=stored.operator, about=organisation.name)
    return interaction


@transaction.atomic
def discard(mail: ReceivedMail, *, user: User, expected: int) -> None:
    """It is none of ours: its text and files are deleted, and that it was, by whom, is recorded. It does not come in again.

    Raises EditedMeanwhile, AlreadyDone, NotYourOffice.
    """
    stored = _claimed(mail, user, expected)
    names = [file.file.name for file in stored.files.all()]
    stored.files.all().delete()
    stored.proposed.clear()
    stored.state, stored.handled_by, stored.handled_at = State.DISCARDED, user, timezone.now()
    stored.text = stored.subject = stored.recipients = stored.sender_name = stored.email = (
        stored.refused_files
    ) = ""
    stored.save()
    audit.record("mail_discarded", user=user, operator=stored.operator, about=f"mail {stored.pk}")
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name))


def _claimed(mail: ReceivedMail, user: User, expected: int) -> ReceivedMail:
    stored: Any = (
        ReceivedMail.objects.select_for_update(of=("self",)).select_related("operator").get(pk=mail.pk)
    )
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    if not stored.is_waiting:
        raise AlreadyDone(str(stored.handled_by or _("En anden")))
    claim(stored, expected)
    return stored  # type: ignore[no-any-return]


@transaction.atomic
def new_address(operator: Operator, *, user: User) -> InboundAddress:
    """Make the office's inbound address, or another in place of the one that became known. Raises NotYourOffice."""
    from brobygger.dialogue.models.mail import new_secret

    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    made, _new = InboundAddress.objects.update_or_create(
        operator=operator, defaults={"secret": new_secret(), "made_by": user, "made_at": timezone.now()}
    )
    audit.record("inbound_address_made", user=user, operator=operator)
    return made
