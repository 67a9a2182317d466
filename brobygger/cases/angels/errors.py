# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong with angels, in plain Danish."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


class NotAPartner(UserError):
    """An angel signs in as the office's partner."""

    def __init__(self) -> None:
        super().__init__(_("Personen skal have adgang som partner hos kontoret. Inviter først."))


class AngelAlready(UserError):
    """One profile each."""

    def __init__(self) -> None:
        super().__init__(_("Personen er allerede med i netværket."))


class AnsweredAlready(UserError):
    """The case has gone on."""

    def __init__(self) -> None:
        super().__init__(_("Der kan ikke længere svares på den."))
