# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented talks for the dialogue's tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import User
from brobygger.dialogue.models import FollowUp, Interaction
from brobygger.dialogue.services import follow_ups, interactions
from brobygger.register.models import Organisation


def day(plus: int = 0) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=plus)


def note(organisation: Organisation, user: User, **values: Any) -> interactions.Note:
    """What somebody writes after a visit."""
    return interactions.Note(
        **{
            "kind": Interaction.Kind.VISIT,
            "on": day(),
            "by": user,
            "organisations": [organisation],
            "text": "De bygger nyt",
            **values,
        }
    )


def talk(organisation: Organisation, user: User, **values: Any) -> Interaction:
    """A talk that was written down."""
    return interactions.write(note(organisation, user, **values), user=user)


def step(organisation: Organisation, user: User, **values: Any) -> FollowUp:
    """A planned next step."""
    wanted = {"due_on": day(7), "about": "Ring om prisen", "assignee": user, **values}
    return follow_ups.plan(organisation, user=user, **wanted)
