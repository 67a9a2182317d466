# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Writing a talk down with a firm that is not in the register: both are made, or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from brobygger.accounts.models import Operator, User
from brobygger.dialogue.errors import NotYourOffice
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.services import interactions
from brobygger.dialogue.services.interactions import NextStep, Note
from brobygger.register import services as register
from brobygger.register.models import Organisation


class _WrittenBefore(Exception):
    """The same form was saved by another press of the button: the firm of this one is taken back."""

    def __init__(self, talk: Interaction) -> None:
        self.talk = talk


def write(
    operator: Operator,
    values: Mapping[str, Any],
    note: Callable[[Organisation], Note],
    *,
    user: User,
    next_step: NextStep | None = None,
    entry_key: UUID | None = None,
) -> Interaction:
    """Enter the firm and write the talk with it. The same form again gives the first talk, and no second firm.

    Raises BadValues, NotYourOffice, CvrTaken.
    """
    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    if entry_key:
        first = Interaction.objects.visible_to(user).filter(entry_key=entry_key).first()
        if first:
            return first
    try:
        with transaction.atomic():
            firm = register.create_organisation(operator, values)
            talk = interactions.write(note(firm), user=user, next_step=next_step, entry_key=entry_key)
            if not talk.organisations.filter(pk=firm.pk).exists():
                raise _WrittenBefore(talk)
            return talk
    except _WrittenBefore as before:
        return before.talk
