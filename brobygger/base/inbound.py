# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Mail that arrives for the product: each room looks at it, and the first that knows what it is keeps it.

A room says in its `inbound.py`, which is found by itself::

    @handler(order=10)
    def bounce(message: EmailMessage) -> str:
        return "afvist mail: …"      # what became of it; "" when it is not ours
"""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

from django.utils.module_loading import autodiscover_modules

from brobygger.base import raw_mail

Handler = Callable[[EmailMessage], str]

_handlers: dict[str, tuple[int, Handler]] = {}


def handler(*, order: int = 50) -> Callable[[Handler], Handler]:
    """Let the function look at mail that arrives; low `order` looks first."""

    def publish(function: Handler) -> Handler:
        _handlers[f"{function.__module__}.{function.__qualname__}"] = (order, function)
        return function

    return publish


def take_in(raw: bytes) -> str:
    """Hand a raw mail to whoever knows what it is. What became of it; empty when nobody did. Raises UnreadableMail."""
    autodiscover_modules("inbound")
    message = raw_mail.read(raw)
    for _name, (_order, look_at) in sorted(_handlers.items(), key=lambda entry: (entry[1][0], entry[0])):
        if told := look_at(message):
            return told
    return ""
