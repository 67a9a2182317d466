# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the barrier programme's gates ask for beside the rules that all types share."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field as Bound

from brobygger.blueprints.kinds import Part
from brobygger.cases.barriers.case_words import INSTRUMENT, LEAST, MOST
from brobygger.cases.barriers.models import CourseDay, PotentialCustomer
from brobygger.cases.event_words import calls
from brobygger.cases.models import Case
from brobygger.cases.rules.registry import Asked, rule
from brobygger.dialogue.models import Assessment

calls({
    "customers_proposed": _lazy("Mulige kunder er foreslået"),
    "customer_added": _lazy("Mulig kunde sat på listen"),
    "customer_removed": _lazy("Mulig kunde taget af listen"),
    "customer_followed": _lazy("Mulig kunde fulgt op"),
    "course_day": _lazy("Kursusdag"),
    "course_day_removed": _lazy("Kursusdag fjernet"),
})  # fmt: skip


class Listed(Part):
    """How long the list is to be."""

    least: int = Bound(default=LEAST, ge=1, le=100)
    most: int = Bound(default=MOST, ge=1, le=100)


class Days(Part):
    """How many whole days of course the programme has."""

    days: int = Bound(default=12, ge=1, le=200)


def analysis_of(case: Case) -> Assessment | None:
    """The firm's latest analysis with the dialogue's instrument."""
    rows = Assessment.objects.filter(
        operator_id=case.operator_id, organisation=case.organisation, instrument_key=INSTRUMENT
    )
    return rows.order_by("-on", "-pk").first()


@rule("barrier_analysis")
def barrier_analysis(asked: Asked, _none: Part) -> str | None:
    """The firm's barriers, strengths and weaknesses are analysed."""
    return None if analysis_of(asked.case) else _("Virksomheden mangler en barriereanalyse.")


@rule("customers_listed", Listed)
def customers_listed(asked: Asked, listed: Listed) -> str | None:
    """The list is neither too short nor too long."""
    rows = PotentialCustomer.objects.filter(case=asked.case).listed()
    number = rows.exclude(state=PotentialCustomer.State.IRRELEVANT).count()
    if listed.least <= number <= listed.most:
        return None
    return _("Der står %(number)s mulige kunder på listen. Der skal stå %(least)s til %(most)s.") % {
        "number": number, "least": listed.least, "most": listed.most,
    }  # fmt: skip


@rule("course_days", Days)
def course_days(asked: Asked, wanted: Days) -> str | None:
    """All days are held."""
    held = CourseDay.objects.filter(case=asked.case).count()
    if held >= wanted.days:
        return None
    return _("Der er skrevet %(held)s af %(days)s kursusdage ind.") % {"held": held, "days": wanted.days}


@rule("commercial_connection")
def commercial_connection(asked: Asked, _none: Part) -> str | None:
    """At least one firm on the list buys from it."""
    rows = PotentialCustomer.objects.filter(case=asked.case).listed()
    if rows.filter(state=PotentialCustomer.State.CONNECTED).exists():
        return None
    return _("Ingen på listen handler med virksomheden endnu.")


def days_wanted(case: Case) -> int:
    """The programme's days in the case's own version of the definition."""
    uses = (use for stage in case.type.stages for move in stage.moves for use in move.rules)
    found = next((use for use in uses if use.rule == "course_days"), None)
    return Days.model_validate(dict(found.parameters) if found else {}).days
