# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An action plan as the firm reads it, on its page and as PDF: the goal, the steps and what came of it.

Nothing of the office's judgement is in it: no assessment, no parameter that a step is to lift, no talk and no note. Figures
that were written down together are the firm's own, and stand in it where the instrument says so (`firm_keeps_figures`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base import pdf
from brobygger.base.danish import number
from brobygger.dialogue import figures
from brobygger.dialogue.models import ActionPlan

TEMPLATE = Path(__file__).parent / "typeset" / "action_plan.typ"


@dataclass(frozen=True, slots=True)
class ReadStep:
    """A step: what, by when, who at the office follows it up, and how far it is."""

    about: str
    due_on: date
    who: str
    is_done: bool
    is_late: bool

    @property
    def state(self) -> str:
        if self.is_done:
            return _("Gjort")
        return _("Skulle være gjort") if self.is_late else _("Planlagt")


def steps_of(plan: ActionPlan) -> list[ReadStep]:
    """The plan's steps in the order they are due. The plan was read with its steps (`queries.plan_to_read`)."""
    today = timezone.localdate()
    return [
        ReadStep(
            about=step.follow_up.about,
            due_on=step.follow_up.due_on,
            who=str(step.follow_up.assignee or "–"),
            is_done=step.follow_up.is_done,
            is_late=not step.follow_up.is_done and step.follow_up.due_on < today,
        )
        for step in plan.steps.all()
    ]


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """The figures of the visit that the plan came of."""

    moments: list[figures.Moment]
    lines: list[figures.Line]
    sums: list[figures.Line]


def figures_of(plan: ActionPlan) -> KeptFigures | None:
    """What the firm keeps of the figures; None where there are none, or they are not for the firm."""
    source = plan.assessment
    if source is None or not source.figures or not source.instrument.content.firm_keeps_figures:
        return None
    content = source.instrument.content
    found = figures.lines(content, source.figures), figures.sums(content, source.figures)
    return KeptFigures(list(content.moments), *found)


def _figure_table(kept: KeptFigures | None) -> list[list[str]]:
    if kept is None:
        return []
    head = [_("Hvad"), *(moment.name for moment in kept.moments), _("Enhed")]
    rows = [[line.name, *map(number, line.values), line.unit] for line in (*kept.lines, *kept.sums)]
    return [head, *rows]


def action_plan(plan: ActionPlan) -> bytes:
    """The plan as PDF (PDF/A-2a and PDF/UA-1)."""
    steps = steps_of(plan)
    facts = [
        (_("Lagt"), _day(plan.made_on)),
        (_("Sammen med"), plan.operator.name),
        (
            _("Gjort"),
            _("%(done)s af %(of)s skridt") % {"done": sum(step.is_done for step in steps), "of": len(steps)},
        ),
    ]
    if plan.closed_on:
        facts.append((_("Afsluttet"), _day(plan.closed_on)))
    if plan.invented:
        facts.append((_("Bemærk"), _("Planen er opdigtet til demonstration.")))
    values: dict[str, Any] = {
        "title": plan.goal,
        "firm": plan.organisation.name,
        "facts": [list(fact) for fact in facts],
        "steps_heading": _("Skridt"),
        "headings": [_("Hvad"), _("Senest"), _("Hvem følger op"), _("Tilstand")],
        "steps": [[step.about, f"{step.due_on:%d.%m.%Y}", step.who, step.state] for step in steps],
        "figures_heading": _("Tal fra besøget"),
        "figures": _figure_table(figures_of(plan)),
        "no_steps": _("Der er ingen skridt endnu."),
        "outcome_heading": _("Det kom der ud af planen"),
        "outcome": plan.outcome if plan.closed_on else "",
    }
    title = _("Handlingsplan: %(goal)s") % {"goal": plan.goal}
    return pdf.write(TEMPLATE, values, title=title, author=plan.operator.name)


def _day(day: date) -> str:
    return str(formats.date_format(day, "j. F Y"))
