# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closing and opening a bid's envelope.

A bid is stored encrypted only: neither the database, an export, an archive nor a page of ours holds it in the clear.
The key is made from the server's secret and the tender's own token; it is used in one place, `opening.contents`, which
asks the clock and the record of the opening first. When the server's secret is changed, the old one must stay among
`SECRET_KEY_FALLBACKS` while there are bids to be read.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from brobygger.base.errors import UserError

SALT = "brobygger.cases.tenders.bid"


class Unreadable(UserError):
    """The envelope cannot be opened: it was changed, or the server's secret is another."""

    def __init__(self) -> None:
        super().__init__(_("Buddet kan ikke læses. Serverens nøgle er en anden, eller buddet er ændret."))


def seal(content: dict[str, Any], token: UUID) -> bytes:
    """The closed envelope."""
    return _envelope(token).encrypt(json.dumps(content, ensure_ascii=False).encode())


def unseal(sealed: bytes, token: UUID) -> dict[str, Any]:
    """What lies in it. Raises Unreadable."""
    try:
        found: dict[str, Any] = json.loads(_envelope(token).decrypt(bytes(sealed)))
    except InvalidToken:
        raise Unreadable from None
    return found


def fingerprint(sealed: bytes) -> str:
    """What the bidder and the record of the opening keep, so that nobody can say another bid was handed in."""
    return hashlib.sha256(bytes(sealed)).hexdigest()


def _envelope(token: UUID) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (salted_hmac(SALT, str(token), secret=secret, algorithm="sha256").digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
