# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Assessments and action plans as pages read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.base.prepared import prepared
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import of_kind
from brobygger.dialogue.blueprints import INSTRUMENT
from brobygger.dialogue.instruments import Computed, Instrument, compute
from brobygger.dialogue.models import ActionPlan, ActionStep, Assessment
from brobygger.register.models import Affiliation, Organisation

MOST = 40
"""Assessments of a firm by one instrument that a page shows."""
MOST_EXPORTED = 20_000
PLAN_HEADINGS = (
    _("Virksomhed"), _("CVR-nummer"), _("Mål"), _("Lagt"), _("Hvem lagde den"), _("Skridt"), _("Skridt gjort"),
    _("Næste frist"), _("Delt med virksomheden"), _("Afsluttet"), _("Hvad kom der ud af det?"), _("Opdigtet"),
)  # fmt: skip


def instruments(operator: Operator) -> list[Definition]:
    """The office's instruments in use, by title."""
    return list(of_kind(operator, INSTRUMENT))


def of_firm(organisation: Organisation) -> list[Assessment]:
    """All of a firm, the newest first."""
    rows = Assessment.objects.filter(organisation=organisation).select_related("instrument", "by")
    return list(rows.order_by("-on", "-pk")[: MOST * 4])


def latest_of(organisation: Organisation) -> Assessment | None:
    """The newest assessment of a firm, by whatever instrument."""
    return next(iter(_latest_of(organisation.pk)), None)


@prepared
def _latest_of(organisation: Any) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(organisation=organisation).select_related("instrument")
    return rows.order_by("-on", "-pk")[:1]


@dataclass(frozen=True, slots=True)
class Series:
    """A firm's assessments by one instrument, the newest first. The newest one's version says how they are shown."""

    instrument: Definition
    assessments: list[Assessment]

    @property
    def latest(self) -> Assessment:
        return self.assessments[0]

    @property
    def versions(self) -> list[int]:
        """The versions they were made with."""
        return sorted({one.instrument.version for one in self.assessments})


def by_instrument(assessments: Sequence[Assessment]) -> list[Series]:
    """The instrument used last comes first."""
    found: dict[str, list[Assessment]] = {}
    for one in assessments:
        found.setdefault(one.instrument_key, []).append(one)
    return [Series(rows[0].instrument, rows[:MOST]) for rows in found.values()]


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter at one or two dates. `change`: how much higher it is now; None when either is open."""

    name: str
    group: str
    now: int | None
    word: str
    remark: str
    barrier: bool
    before: int | None = None
    before_word: str = ""

    @property
    def change(self) -> int | None:
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def is_better(self) -> bool:
        change = self.change or 0
        return change < 0 if self.barrier else change > 0


def rows_of(assessment: Assessment, before: Assessment | None) -> list[Row]:
    """Every parameter of the assessment's own version, beside an earlier one where it has the same parameter."""
    instrument: Instrument = assessment.instrument.content
    names = {group.key: group.name for group in instrument.groups}
    found = []
    for parameter in instrument.parameters:
        now = assessment.scores.get(parameter.key)
        then = before.scores.get(parameter.key) if before else None
        found.append(
            Row(
                parameter.name, names.get(parameter.group, ""), now, _word(instrument, parameter.key, now),
                assessment.remarks.get(parameter.key, ""), parameter.barrier, then,
                _word(before.instrument.content, parameter.key, then) if before else "",
            )
        )  # fmt: skip
    return found


def _word(instrument: Instrument, key: str, score: int | None) -> str:
    parameter = instrument.parameter(key)
    return parameter.words[score - 1] if parameter and score else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result now and at an earlier date."""

    now: Computed
    before: float | None

    @property
    def change(self) -> float | None:
        return None if self.now.value is None or self.before is None else self.now.value - self.before


def outcomes_of(assessment: Assessment, before: Assessment | None) -> list[Outcome]:
    """Every result, with its formula, and what it was before."""
    made = compute(assessment.instrument.content, assessment.scores, assessment.employees)
    return [Outcome(one, before.results.get(one.key) if before else None) for one in made]


def others_of(assessment: Assessment) -> list[Assessment]:
    """The firm's other assessments by the same instrument, whatever version, the newest first."""
    rows = Assessment.objects.filter(
        organisation_id=assessment.organisation_id, instrument_key=assessment.instrument_key
    ).exclude(pk=assessment.pk)
    return list(rows.select_related("instrument").order_by("-on", "-pk")[:MOST])


def plans(rows: QuerySet[ActionPlan]) -> QuerySet[ActionPlan]:
    """With how many steps there are, and how many are done."""
    return rows.annotate(
        all_steps=Count("steps"), done_steps=Count("steps", filter=Q(steps__follow_up__done_at__isnull=False))
    )


def plans_of(organisation: Organisation) -> list[ActionPlan]:
    """A firm's action plans, the newest first."""
    return list(plans(ActionPlan.objects.filter(organisation=organisation)).order_by("-made_on", "-pk"))


def plans_of_office(operator: Operator, *, closed: bool) -> QuerySet[ActionPlan]:
    """The office's action plans, open or closed, the newest first."""
    rows = ActionPlan.objects.filter(operator=operator, closed_on__isnull=not closed)
    return plans(rows).select_related("organisation", "made_by").order_by("-made_on", "-pk")


def export_plans(rows: QuerySet[ActionPlan]) -> Iterator[list[Any]]:
    """One row a plan, in the order of `PLAN_HEADINGS`. Without the assessment behind it."""
    waiting = Q(steps__follow_up__done_at=None)
    listed: Any = rows.annotate(next_due=Min("steps__follow_up__due_on", filter=waiting))
    for row in listed[:MOST_EXPORTED]:
        yield [
            row.organisation.name, row.organisation.cvr or "", row.goal, row.made_on, str(row.made_by or ""),
            row.all_steps, row.done_steps, row.next_due, row.shared_at, row.closed_on, row.outcome,
            "ja" if row.invented else "",
        ]  # fmt: skip


def plan_page(user: Any, pk: int) -> QuerySet[ActionPlan]:
    """One plan with everything its page shows, if the person may see it."""
    return _whole(ActionPlan.objects.visible_to(user).filter(pk=pk))


def plan_to_read(user: Any, pk: int) -> QuerySet[ActionPlan]:
    """One plan as the firm reads it: for its own users where it is shared with them, and for the office."""
    return _whole(ActionPlan.objects.readable_by(user).filter(pk=pk))


def _whole(rows: QuerySet[ActionPlan]) -> QuerySet[ActionPlan]:
    steps = ActionStep.objects.select_related("follow_up__assignee", "follow_up__done_by").order_by(
        "follow_up__due_on", "pk"
    )
    related = ("organisation", "operator", "made_by", "shared_by", "assessment__instrument")
    return rows.select_related(*related).prefetch_related(Prefetch("steps", queryset=steps))


def shared_with(user: Any) -> QuerySet[ActionPlan]:
    """The plans that a firm's own users read, those that are going on first."""
    rows: QuerySet[ActionPlan] = ActionPlan.objects.shared_with(user)
    return (
        plans(rows)
        .select_related("organisation")
        .order_by(F("closed_on").asc(nulls_first=True), "-made_on", "-pk")
    )


def has_readers(organisation: Organisation) -> bool:
    """Whether anybody from the firm can sign in and read what is shared with it."""
    return Affiliation.objects.filter(
        organisation=organisation, ended_on=None, may_act=True, person__user__is_active=True
    ).exists()
