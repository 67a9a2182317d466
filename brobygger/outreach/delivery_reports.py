# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading what a mail server says about a letter that it could not deliver (RFC 3464, codes by RFC 3463)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from uuid import UUID

from brobygger.base import mail, raw_mail

_CODE = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
FULL_MAILBOX = "5.2.2"
POLICY = "5.7."
"""The receiver's rules turned the letter away: that says something about us, and nothing about the address."""


@dataclass(frozen=True, slots=True)
class Report:
    """One address that a letter did not reach. `hard`: it will never."""

    email: str
    status: str
    reason: str
    hard: bool


def reports(message: EmailMessage) -> list[Report]:
    """The addresses that a delivery report tells of; none when it is no such report, or tells that all went well."""
    found = []
    for part in raw_mail.parts(message):
        if part.get_content_type() == "message/delivery-status":
            found += [report for block in _blocks(part) if (report := _read(block))]
    return found


def _blocks(part: EmailMessage) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))


def _read(block: Message) -> Report | None:
    action = _field(block, "Action").lower()
    email = _address(_field(block, "Original-Recipient")) or _address(_field(block, "Final-Recipient"))
    if action not in {"failed", "delayed"} or not email:
        return None
    reason = _field(block, "Diagnostic-Code").partition(";")[2].strip() or _field(block, "Diagnostic-Code")
    status = _status(_field(block, "Status")) or _status(reason)
    return Report(email, status, reason[:300], action == "failed" and is_hard(status))


def is_hard(status: str) -> bool:
    """Whether no letter will ever reach the address. A full mailbox is emptied, and a rule is changed."""
    return status.startswith("5.") and status != FULL_MAILBOX and not status.startswith(POLICY)


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())


def _address(field: str) -> str:
    """`rfc822; nogen@eksempel.invalid` → the address."""
    address = field.rpartition(";")[2].strip().strip("<>").lower()
    return address if "@" in address and len(address) <= 254 else ""


def _status(text: str) -> str:
    code = _CODE.search(text)
    return ".".join(code.groups()) if code else ""


def letter_of(message: EmailMessage) -> UUID | None:
    """Which letter of ours the report is about: by the message id in what is brought along of it, else by the headers."""
    candidates = [
        raw_mail.message_id(part) for part in raw_mail.parts(message) if part is not message
    ] + _brought_headers(message)
    for name in ("In-Reply-To", "References", "X-Failed-Message-Id"):
        candidates += raw_mail.header(message, name).split()
    for candidate in candidates:
        if letter := mail.letter_of(candidate):
            return letter
    return None


def _brought_headers(message: EmailMessage) -> list[str]:
    """Message ids in a part that holds only the letter's headers."""
    found = []
    for part in raw_mail.parts(message):
        if part.get_content_type() == "text/rfc822-headers":
            found += re.findall(r"(?im)^message-id:\s*(\S+)", raw_mail.content_of(part))
    return found
