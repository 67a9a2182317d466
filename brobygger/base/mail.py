# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters: written in the same transaction as what they tell, sent by the worker, each at most once.

A letter is claimed (`SENDING`) before the mail server is called and marked after. When the server refuses or is
down it is tried again with growing pauses. A worker that dies between the two leaves the letter as `SENDING`:
it is then shown as unsure to a person, who says whether it is to be sent again, rather than sent twice.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from brobygger.base.models import Letter

log = structlog.get_logger("brobygger.mail")
MOST_ATTEMPTS = 12
"""With pauses of 1, 2, 4 … 60 minutes: the letter is given up after about six hours."""
UNSURE_AFTER = timedelta(minutes=10)
"""A letter that has been on its way for so long was left by a dead worker: the mail server answers within seconds."""


DOMAIN = "brobygger"
"""What our message ids end with, so that an answer or a bounce can be told to be about a letter of ours."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file that goes with a letter."""

    name: str
    content_type: str
    content: bytes


def write(
    *,
    to: list[str],
    subject: str,
    body: str,
    operator: Any = None,
    user: Any = None,
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> Letter:
    """Put a letter in the outbox. Raises ValidationError on a bad address. Sent after the transaction commits."""
    for address in to:
        validate_email(address)
    letter = Letter.objects.create(
        to=to,
        subject=" ".join(subject.split())[:200],
        body=body,
        operator=operator,
        written_by=user,
        reply_to=reply_to,
        headers=dict(headers or {}),
        attachments=[
            {
                "name": file.name,
                "type": file.content_type,
                "data": base64.b64encode(file.content).decode("ascii"),
            }
            for file in attachments
        ],
    )
    transaction.on_commit(lambda: post.enqueue(str(letter.pk)))
    return letter


def letter_of(message_id: str) -> UUID | None:
    """The letter that a message id of ours names; None for any other."""
    name, _at, domain = message_id.strip("<> ").partition("@")
    if domain != DOMAIN:
        return None
    try:
        return UUID(name)
    except ValueError:
        return None


def send(letter_id: str) -> bool:
    """Send one letter if it is due and nobody else is sending it. True when the mail server took it.

    While a letter is being sent, `try_after` holds the moment it was claimed.
    """
    now = timezone.now()
    claimed = Letter.objects.filter(pk=letter_id, state=Letter.State.WAITING, try_after__lte=now).update(
        state=Letter.State.SENDING, try_after=now
    )
    if not claimed:
        return False
    letter = Letter.objects.select_related("operator").get(pk=letter_id)
    office: Any = letter.operator
    reply_to = letter.reply_to or (office.email if office else "")
    message = EmailMessage(
        letter.subject,
        letter.body,
        formataddr(sender(office)),
        letter.to,
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "no", **letter.headers, "Message-ID": f"<{letter.pk}@{DOMAIN}>"},
    )
    for file in letter.attachments:
        _attach(message, file)
    try:
        message.send()
    except Exception as error:  # any refusal of the mail server is kept and tried again
        _put_back(letter, error)
        return False
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.SENT, sent_at=timezone.now(), last_error="")
    return True


def sender(office: Any) -> tuple[str, str]:
    """(name, address) of the From line: the office's own name at the address that the server may send from (SPF and DKIM
    hold for that one only), and the server's own name for letters of no office."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return (office.name if office else name), address


def _attach(message: EmailMessage, file: Mapping[str, str]) -> None:
    content: str | bytes = base64.b64decode(file["data"])
    if file["type"].startswith("text/") and isinstance(content, bytes):
        content = content.decode("utf-8")
    message.attach(file["name"], content, file["type"])


def _put_back(letter: Letter, error: Exception) -> None:
    attempts = letter.attempts + 1
    given_up = attempts >= MOST_ATTEMPTS
    pause = timedelta(minutes=min(60, 2 ** (attempts - 1)))
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.FAILED if given_up else Letter.State.WAITING,
        attempts=attempts,
        last_error=f"{type(error).__name__}: {error}"[:300],
        try_after=timezone.now() + pause,
    )
    log.warning("letter not sent", letter=str(letter.pk), attempts=attempts, error=str(error))


@task()
def post(letter_id: str) -> bool:
    """Background task: send one letter."""
    return send(letter_id)


def send_due() -> int:
    """Send every letter whose pause is over. Called by the worker each minute. Returns how many were sent."""
    due = Letter.objects.filter(state=Letter.State.WAITING, try_after__lte=timezone.now()).values_list(
        "pk", flat=True
    )
    return sum(send(str(pk)) for pk in list(due[:200]))


def call_back(letter: Letter) -> bool:
    """Take a letter out of the outbox. False when it has left, or may have."""
    waiting = (Letter.State.WAITING, Letter.State.FAILED)
    deleted, _kinds = Letter.objects.filter(pk=letter.pk, state__in=waiting).delete()
    return bool(deleted)


def blot(letter: Letter, text: str) -> None:
    """Put another text in the place of what was written, where what was written may not be kept."""
    Letter.objects.filter(pk=letter.pk).update(body=text)


def is_unsure(letter: Letter) -> bool:
    """Whether a worker died with the letter in its hand: nobody knows if the mail server took it."""
    return letter.state == Letter.State.SENDING and letter.try_after < timezone.now() - UNSURE_AFTER


def unsure() -> QuerySet[Letter]:
    """All such letters."""
    return Letter.objects.filter(state=Letter.State.SENDING, try_after__lt=timezone.now() - UNSURE_AFTER)


def stuck(sent_before: Any = None) -> QuerySet[Letter]:
    """Letters that wait for a person: given up, or unsure. `sent_before`: `unsure_before()`, where the caller has it."""
    return Letter.objects.filter(
        Q(state=Letter.State.FAILED)
        | Q(state=Letter.State.SENDING, try_after__lt=sent_before or unsure_before())
    )


def unsure_before() -> datetime:
    """A letter that was being sent before this moment may or may not have gone."""
    return timezone.now() - UNSURE_AFTER


def send_again(letter: Letter) -> bool:
    """A person asks for a stuck letter to be sent again, from the first attempt. False when it was not stuck."""
    asked = (
        stuck()
        .filter(pk=letter.pk)
        .update(state=Letter.State.WAITING, attempts=0, last_error="", try_after=timezone.now())
    )
    if asked:
        transaction.on_commit(lambda: post.enqueue(str(letter.pk)))
    return bool(asked)


def mark_sent(letter: Letter) -> bool:
    """A person knows that a stuck letter arrived (or told the receiver another way). False when it was not stuck."""
    return bool(
        stuck().filter(pk=letter.pk).update(state=Letter.State.SENT, sent_at=timezone.now(), last_error="")
    )
