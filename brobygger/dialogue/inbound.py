# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the dialogue knows of mail that arrives: copies for an office's own address."""

from __future__ import annotations

from email.message import EmailMessage

from django.utils.translation import gettext as _

from brobygger.base.inbound import handler
from brobygger.dialogue.models import ReceivedMail
from brobygger.dialogue.services import mail


@handler(order=50)
def copy_for_the_office(message: EmailMessage) -> str:
    """A mail to an office's address is laid with its firm, or in the tray."""
    operator = mail.office_of(message)
    if operator is None:
        return ""
    received, new = mail.receive(operator, message)
    if not new:
        return _("er modtaget før")
    if received.state == ReceivedMail.State.PLACED:
        return _("lagt hos virksomheden")
    return _("lagt i indbakken")
