# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented consents, segments and mailings for the room's tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.blueprints.services import adopt_shipped
from brobygger.outreach import tasks
from brobygger.outreach.models import Consent, Mailing, Purpose, Segment, WelcomeRound
from brobygger.outreach.quarters import Quarter
from brobygger.outreach.services import consents, mailings, segments, welcome
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory

Q1 = Quarter(date(2026, 1, 1))


def purpose(operator: Operator, name: str = "Nyhedsbrev") -> Purpose:
    return Purpose.objects.get_or_create(operator=operator, name=name, defaults={"description": "Nyt"})[0]


def firm(operator: Operator, **values: Any) -> Organisation:
    return OrganisationFactory(operator=operator, **{"email": "firma@example.invalid", **values})


def consent(
    organisation: Organisation, user: User, email: str = "bodil@example.invalid", **values: Any
) -> Consent:
    what = values.pop("purpose", None) or purpose(organisation.operator)
    return consents.give(organisation, what, email, **{"source": Consent.Source.FORM, "user": user, **values})


def segment(operator: Operator, user: User, name: str = "Alle", **asked: str) -> Segment:
    return segments.save(operator, name, asked, user=user)


def draft(operator: Operator, user: User, **values: Any) -> Mailing:
    what = values.pop("purpose", None) or purpose(operator)
    to = values.pop("segment", None) or segment(operator, user, f"Segment {Segment.objects.count()}")
    text = {"subject": "Nyt til {virksomhed}", "body": "Hej {navn}\n\nHilsen {kontor}", **values}
    return mailings.write(operator, mailings.Draft(purpose=what, segment=to, **text), user=user)


def unwatched(done: int, total: int | None, message: str = "") -> None:
    """Progress that nobody looks at."""


def letters(operator: Operator, user: User, number: int = 1, **values: Any) -> WelcomeRound:
    """A round of welcome letters to so many new firms, made."""
    if not Definition.objects.filter(operator=operator, kind="letter", key="velkomstbrev").exists():
        adopt_shipped(operator, "letter", "velkomstbrev", user=None)
    for _ in range(number):
        firm(operator, founded_on=Q1.first_day, **values)
    round_ = welcome.start(operator, Q1, by_mail=False, user=user)
    return carried_out(round_)


def carried_out(round_: WelcomeRound) -> WelcomeRound:
    """The round with its letters made and its job over."""
    tasks.make_letters.func(str(round_.job_id), round_.pk)
    round_.refresh_from_db()
    return round_


def new_firm(operator: Operator, day: str = "2026-02-03", **values: Any) -> Organisation:
    return firm(operator, founded_on=date.fromisoformat(day), **values)


def written(operator: Operator, user: User, *, by_mail: bool = False) -> WelcomeRound:
    round_ = welcome.start(operator, Q1, by_mail=by_mail, user=user)
    welcome.carry_out(round_, lambda done, total: None)
    return round_
