# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A year of the demo office's life: each room tells its own part, in an order where the later rest on the earlier."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps

from brobygger.accounts.models import Operator, User
from brobygger.demo import (
    actors,
    boards_year,
    cases_year,
    contact_year,
    goals,
    guidance_year,
    outreach_year,
    practice_year,
    stories,
    talks_year,
)
from brobygger.register.models import Organisation

KEEPERS = {
    "boards": "chef@demo.invalid", "plan": "chef@demo.invalid", "dialogue": "konsulent@demo.invalid",
    "guidance": "konsulent@demo.invalid", "outreach": "konsulent@demo.invalid",
}  # fmt: skip
"""Room → who of the office writes in it."""


def tell(
    offices: Mapping[str, Operator], people: Mapping[str, User], made: Mapping[str, Organisation]
) -> None:
    """All of it. The offices' suggestions must have been found first."""
    office = offices[actors.OFFICE]
    stories.tell(made, people["konsulent@demo.invalid"])
    outreach_year.tell(office, people)
    guidance_year.tell(offices, people)
    boards_year.tell(office, people)
    goals.create_goals(office, people["chef@demo.invalid"])
    cases_year.tell(office, people, made)
    practice_year.tell(office, people)
    contact_year.tell(office, people)
    talks_year.tell(people, made)
    stories.lay_plan(office, people["konsulent@demo.invalid"])
    _sign(office, people)


def _sign(office: Operator, people: Mapping[str, User]) -> None:
    """Whose history it is: without somebody signed in every change would be the system's own."""
    for model in apps.get_models():
        who = KEEPERS.get(model._meta.app_label)
        if who and hasattr(model, "history_user"):
            rows = model._base_manager.filter(history_user=None)
            rows = rows.filter(operator=office) if hasattr(model, "operator") else rows
            rows.update(history_user=people[who])
