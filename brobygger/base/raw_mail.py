# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Mail as it arrives: bytes in, a message that can be asked out. Whoever wrote it is a stranger, so nothing is trusted."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses
from html import unescape

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError

LARGEST = 25 * 1024 * 1024  # bytes: what mail servers commonly take
MOST_ADDRESSES = 200
_TAG = re.compile(r"<[^<>]*>")
_NOT_SHOWN = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>")
_LINE = re.compile(r"(?i)<(br|/p|/div|/tr|/li)\b[^<>]*>")


class UnreadableMail(UserError):
    """No mail message, or one that is too large."""


def read(raw: bytes) -> EmailMessage:
    """The message. Faults of the sender's program are lived with. Raises UnreadableMail."""
    if len(raw) > LARGEST:
        raise UnreadableMail(_("Mailen er for stor."))
    message = email.message_from_bytes(raw, policy=policy.default)
    if not message.keys():
        raise UnreadableMail(_("Det er ikke en mail: den har ingen afsender eller emne."))
    return message


def header(message: EmailMessage, name: str) -> str:
    """A header as one line of text; empty where it is missing or cannot be read."""
    try:
        value = message.get(name)
    except Exception:  # the standard library raises many kinds on headers of spam
        return ""
    return " ".join(str(value or "").split())


def addresses(message: EmailMessage, *names: str) -> list[str]:
    """The addresses in those headers in lower case, each once, in order."""
    values: list[str] = []
    for name in names:
        try:
            values += [str(value) for value in message.get_all(name, [])]
        except Exception:  # noqa: S112 (as in `header`: a header that cannot be read names nobody)
            continue
    found = [address.strip().lower() for _name, address in getaddresses(values)]
    return list(dict.fromkeys(address for address in found if "@" in address))[:MOST_ADDRESSES]


def message_id(message: EmailMessage) -> str:
    """`abc@host` without its angle brackets; empty where there is none."""
    return header(message, "Message-ID").strip("<> ")[:250]


def plain_text(message: EmailMessage) -> str:
    """What a person reads in it: the text, else the HTML without its markup. Empty where there is neither."""
    for kind in ("plain", "html"):
        part = message.get_body(preferencelist=(kind,))
        if part is None:
            continue
        content = content_of(part)
        if text := (content if kind == "plain" else _without_markup(content)).strip():
            return text
    return ""


def content_of(part: MIMEPart) -> str:
    """A text part decoded as well as it can be."""
    try:
        content = part.get_content()
    except (LookupError, ValueError, AssertionError, KeyError):  # an unknown or wrong character set
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return content if isinstance(content, str) else ""


def parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The message and everything in it, also messages that it brings along."""
    yield from message.walk()


def _without_markup(html: str) -> str:
    shown = _NOT_SHOWN.sub("", html)
    return unescape(_TAG.sub("", _LINE.sub("\n", shown)))
