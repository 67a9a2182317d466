# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A building case written through the services that a person's work goes through, one event after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from django.db import transaction

from brobygger.accounts.models import Operator, User
from brobygger.cases.building import words
from brobygger.cases.building.facts import WAITS, Facts
from brobygger.cases.building.steps import bring_up_to_date
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services import contents, correcting, moving, opening, waiting
from brobygger.register.models import Organisation

KEY = "building_case"


def one_by_one(
    operator: Operator, facts: Facts, *, case: Case | None, firm: Organisation | None, officer: User | None
) -> list[str]:
    """Bring a row's case up to date through the services, and open it first where it is new. What was done, in Danish.
    Call within a transaction. Raises UserError."""
    if case is None:
        case = opening.open_case(
            operator, KEY, title=facts.called, user=None, organisation=firm,
            applicant_name="" if firm else facts.applicant, subtype=facts.subtype, on=facts.received,
            external_ref=facts.ref, officer=officer, values=facts.values(),
        )  # fmt: skip
    told = bring_up_to_date(Services(case.pk), facts, officer)
    Case.objects.filter(pk=case.pk).update(source_digest=facts.digest())
    return told


class Services:
    """Writes in one case; see `steps.Writer`."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self._now: Case | None = None

    @property
    def case(self) -> Case:
        if self._now is None:
            self._now = Case.objects.select_related("definition").get(pk=self.pk)
        return self._now

    def _taken(self) -> Case:
        """The case as it stands; it is read anew after what is now written."""
        now, self._now = self.case, None
        return now

    @contextmanager
    def attempt(self) -> Iterator[None]:
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self._now = None
            raise

    def describe(self, title: str, subtype: str) -> None:
        now = self._taken()
        opening.describe(
            now, title=title, subtype=subtype, kle=now.kle, external_ref=now.external_ref, user=None,
            expected=now.version,
        )  # fmt: skip

    def fill_in(self, values: Mapping[str, str]) -> None:
        contents.fill_in(self._taken(), values, user=None, expected=None)

    def assign(self, officer: User) -> None:
        now = self._taken()
        opening.assign(now, officer, user=None, expected=now.version)

    def move(self, way: str, on: date) -> None:
        now = self._taken()
        moving.move(now, way, user=None, expected=now.version, on=on, reason=words.why())

    def pause(self, since: date) -> CaseEvent:
        return waiting.pause(
            self._taken(),
            WAITS,
            user=None,
            text=words.asked_for_more(),
            on=since,
            reason=words.why(),
            tell=False,
        )

    def resume(self, paused: CaseEvent, until: date) -> None:
        waiting.resume(self._taken(), paused, user=None, on=until, reason=words.why())

    def redate(self, event: CaseEvent, on: date) -> None:
        now = self._taken()
        correcting.redate(now, event, on, reason=words.why(), user=None, expected=now.version)

    def take_back(self, event: CaseEvent) -> None:
        now = self._taken()
        correcting.take_back(now, event, reason=words.why(), user=None, expected=now.version)
