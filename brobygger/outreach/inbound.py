# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room knows of mail that arrives: reports of letters that could not be delivered."""

from __future__ import annotations

from email.message import EmailMessage

from django.utils.translation import gettext as _

from brobygger.base import raw_mail
from brobygger.base.inbound import handler
from brobygger.outreach.delivery_reports import letter_of, reports
from brobygger.outreach.services import bounces


@handler(order=10)
def delivery_report(message: EmailMessage) -> str:
    """A delivery report about a letter of ours marks the addresses; one about anybody else's is put away."""
    found = reports(message)
    if not found:
        return ""
    letter = letter_of(message)
    if letter is None:
        return _("afvist mail, men ikke om et brev herfra")
    new = bounces.record(letter, found, raw_mail.message_id(message))
    return _("afvist mail noteret: %(new)s") % {"new": new}
