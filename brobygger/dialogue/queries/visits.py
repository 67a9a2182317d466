# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The week's visits as the plan and its page read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, Membership, Operator, User
from brobygger.base.danish import number
from brobygger.base.prepared import prepared
from brobygger.dialogue import priorities
from brobygger.dialogue.models import (
    Assessment,
    Interaction,
    OutreachSettings,
    PlannedVisit,
    PortfolioFirm,
    VisitCapacity,
)
from brobygger.dialogue.models.interaction import TALKS, VISITS
from brobygger.dialogue.visit_plan import Candidate, due
from brobygger.market.queries.marks import kept_until_written
from brobygger.register.models import Organisation

DAYS_A_MONTH = 365.25 / 12
PACE_KEPT_FOR = 10 * 60
"""Seconds that the year's figures are kept while no talk, firm or member of the portfolio is written."""
PROMISING = 0.625
"""A result in the upper part of the scale (3.5 of 5) is told as a reason."""


def settings_of(operator: Operator) -> OutreachSettings:
    """The office's figures; the first ones, not saved, where nobody has set any."""
    found: OutreachSettings | None = OutreachSettings.objects.filter(operator=operator).first()
    return found or OutreachSettings(operator=operator)


def interval_days(settings: OutreachSettings) -> int:
    """Days between two talks with the same firm."""
    return round(settings.talk_every_months * DAYS_A_MONTH)


def capacity(operator: Operator, settings: OutreachSettings) -> dict[int, int]:
    """Consultant or head → visits a week; only those who work there now."""
    here = Membership.objects.filter(operator=operator, role__in=sorted(STAFF), user__is_active=True)
    own = dict(VisitCapacity.objects.filter(operator=operator).values_list("user_id", "visits_per_week"))
    keys = here.values_list("user_id", flat=True)
    return {key: own.get(key, settings.visits_per_week) for key in keys}


def room(operator: Operator, settings: OutreachSettings, week: date) -> dict[int, int]:
    """Consultant → visits that there is still room for in a week; never below 0."""
    taken = Counter(
        PlannedVisit.objects.filter(operator=operator, week=week)
        .exclude(state=PlannedVisit.State.SKIPPED)
        .values_list("consultant_id", flat=True)
    )
    return {who: max(0, most - taken[who]) for who, most in capacity(operator, settings).items()}


def portfolio_firm(operator: Operator, organisation_id: int) -> PortfolioFirm | None:
    """The firm's place in the portfolio, None where it has none."""
    found: PortfolioFirm | None = PortfolioFirm.objects.filter(
        operator=operator, organisation_id=organisation_id
    ).first()
    return found


def candidates(operator: Operator, settings: OutreachSettings, week: date, today: date) -> list[Candidate]:
    """The portfolio's firms that may be proposed for a week: none with a visit planned, none that is to have peace."""
    busy = PlannedVisit.objects.filter(operator=operator).filter(
        Q(state__in=PlannedVisit.OPEN)
        | (Q(week=week) & ~Q(state=PlannedVisit.State.SKIPPED))
        | Q(state=PlannedVisit.State.SKIPPED, not_before__gt=max(week, today))
    )
    members = PortfolioFirm.objects.filter(
        operator=operator, organisation__status=Organisation.Status.ACTIVE
    ).exclude(organisation__in=busy.values("organisation_id"))
    here = set(capacity(operator, settings))
    firms = members.values("organisation_id")
    last, promise = last_talks(firms), promises(firms)
    starts = priorities.beginnings(settings.priority_industries)
    rows = members.order_by("organisation_id").values_list(
        "organisation_id", "organisation__x", "organisation__y", "organisation__industry", "key_account_id"
    )
    return [
        Candidate(
            key,
            (max(week, today) - last[key]).days if key in last else None,
            promise.get(key),
            priorities.is_priority(industry, starts),
            x,
            y,
            who if who in here else None,
        )
        for key, x, y, industry, who in rows
    ]


def last_talks(firms: Any) -> dict[int, date]:
    """Organisation → the day of the last talk. `firms`: a query of keys, or keys."""
    links = Interaction.organisations.through.objects.filter(
        organisation__in=firms, interaction__kind__in=sorted(TALKS)
    )
    return dict(links.values_list("organisation_id").annotate(last=Max("interaction__on")).order_by())


def promises(firms: Any) -> dict[int, float]:
    """Organisation → 0 to 1 of the latest assessment that gave a main result."""
    rows = Assessment.objects.filter(organisation__in=firms, main_result__isnull=False)
    return dict(rows.order_by("on", "pk").values_list("organisation_id", "main_result"))


def why(candidate: Candidate, interval: int) -> list[list[Any]]:
    """What speaks for visiting a firm, as it is stored with the visit."""
    found: list[list[Any]] = []
    if candidate.days is None:
        found.append(["never", None])
    elif due(candidate.days, interval) >= 1:
        found.append(["due", candidate.days])
    else:
        found.append(["soon", candidate.days])
    if candidate.promise is not None and candidate.promise >= PROMISING:
        found.append(["promising", round(candidate.promise, 2)])
    if candidate.priority:
        found.append(["priority", None])
    return found


def why_in_words(stored: Iterable[Sequence[Any]]) -> list[str]:
    """The reasons in plain Danish."""
    words = {
        "never": _("aldrig besøgt"),
        "due": _("sidste samtale for %(months)s måneder siden"),
        "soon": _("sidste samtale for %(months)s måneder siden"),
        "promising": _("lovende"),
        "priority": _("prioriteret branche"),
        "by_hand": _("sat ind i hånden"),
    }
    return [
        words.get(key, key) % {"months": number(round((value or 0) / DAYS_A_MONTH))} for key, value in stored
    ]


def of_week(operator: Operator, week: date) -> QuerySet[PlannedVisit]:
    """All of a week with what the page shows, by consultant and route."""
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.filter(operator=operator, week=week)
    return rows.select_related("organisation", "consultant", "follow_up", "interaction", "contact").order_by(
        "consultant__name", "consultant_id", "place", "pk"
    )


def next_with(organisation: Organisation) -> PlannedVisit | None:
    """The open planned visit with a firm."""
    return next(iter(_next_with(organisation.pk)), None)


@prepared
def _next_with(organisation: Any) -> QuerySet[PlannedVisit]:
    rows = PlannedVisit.objects.filter(organisation=organisation, state__in=PlannedVisit.OPEN)
    return rows.select_related("consultant")[:1]


def was_visited(organisation: Organisation, week: date, *, but: int | None = None) -> bool:
    """Whether a planned visit (`but` this one) was paid in the week."""
    rows = PlannedVisit.objects.filter(organisation=organisation, week=week, state=PlannedVisit.State.DONE)
    return rows.exclude(pk=but).exists()


def is_known_to_the_firm(visit: PlannedVisit) -> bool:
    """Whether somebody there was invited to a time that is still to come."""
    return bool(visit.starts_at and visit.invited_at and visit.starts_at > timezone.now())


@dataclass(frozen=True, slots=True)
class Pace:
    """How far the year's visits are. `expected`: what should have been paid by today if spread evenly."""

    year: int
    goal: int
    done: int
    expected: int
    weeks_left: int
    portfolio: int
    reached: int
    """Firms of the portfolio talked with within the agreed interval."""

    @property
    def behind(self) -> int:
        return max(0, self.expected - self.done)

    @property
    def needed_per_week(self) -> float | None:
        """None when there are no weeks left to pay visits in."""
        left = max(0, self.goal - self.done)
        if not self.weeks_left:
            return None if left else 0.0
        return left / self.weeks_left

    @property
    def share_reached(self) -> float | None:
        return self.reached / self.portfolio if self.portfolio else None


def pace(operator: Operator, settings: OutreachSettings, today: date) -> Pace:
    """The year's visits so far, counted from the talks of the kinds visit and mayor's visit."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    since = today - timedelta(days=interval_days(settings))
    done, portfolio, reached = kept_until_written(
        f"dialogue.pace:{today}:{since}",
        operator,
        (Interaction, PortfolioFirm, Organisation),
        lambda: _counted(operator, first, today, since),
        seconds=PACE_KEPT_FOR,
    )
    days, gone = (last - first).days + 1, (today - first).days + 1
    return Pace(
        year=today.year,
        goal=settings.visits_per_year,
        done=done,
        expected=round(settings.visits_per_year * gone / days),
        weeks_left=round(settings.weeks_per_year * (days - gone) / days),
        portfolio=portfolio,
        reached=reached,
    )


def _counted(operator: Operator, first: date, today: date, since: date) -> tuple[int, int, int]:
    """Visits in the year, firms in the portfolio, and how many of them were talked with."""
    done = Interaction.objects.filter(
        operator=operator, kind__in=sorted(VISITS), on__gte=first, on__lte=today
    )
    members = PortfolioFirm.objects.filter(operator=operator)
    talked = Interaction.organisations.through.objects.filter(
        organisation=OuterRef("organisation"),
        interaction__kind__in=sorted(TALKS),
        interaction__on__gte=since,
    )
    return done.count(), members.count(), members.filter(Exists(talked)).count()


def staff(operator: Operator) -> list[User]:
    """The office's consultants and heads, by name."""
    here = Membership.objects.filter(operator=operator, role__in=sorted(STAFF)).values("user_id")
    return list(User.objects.filter(pk__in=here, is_active=True).order_by("name"))
