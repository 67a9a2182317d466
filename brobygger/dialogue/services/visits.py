# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The week's visits: proposed, accepted, moved, skipped, and paid when a talk at the firm is written down.

A consultant's room in a week is kept under a lock on the office's settings: two who plan at once cannot exceed it. That
no firm has two open visits, or two in a week, is kept by the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from brobygger.accounts.models import Operator, User
from brobygger.base.busy import clash
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.dialogue import visit_letters, visit_plan
from brobygger.dialogue.errors import BadValues, FullWeek, NotYourOffice, PastWeek, VisitPlanned, VisitSettled
from brobygger.dialogue.models import FollowUp, Interaction, PlannedVisit
from brobygger.dialogue.models.interaction import VISITS
from brobygger.dialogue.queries import visits as queries
from brobygger.dialogue.services import follow_ups
from brobygger.dialogue.services.outreach import settings_locked
from brobygger.register.handing_over import Handing

State, Skip = PlannedVisit.State, PlannedVisit.Skip
A_YEAR = 53  # weeks
LONGEST_NOTE = 300
PAUSE = {
    Skip.BUSY: 30,
    Skip.DECLINED: 365,
    Skip.TALKED: 365,
    Skip.NOT_RELEVANT: 180,
    Skip.HANDED_OVER: 0,
    Skip.OTHER: 90,
}
"""Days before a firm that was skipped is proposed again. Our own choice."""


@transaction.atomic
def propose(operator: Operator, week: date, *, user: User) -> int:
    """Fill every consultant's free room in a week with the firms that most speak for. Returns how many were proposed.

    Raises NotYourOffice, PastWeek.
    """
    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    _must_be_ahead(week)
    settings = settings_locked(operator)
    room = queries.room(operator, settings, week)
    chosen = visit_plan.plan(
        queries.candidates(operator, settings, week, timezone.localdate()),
        {who: free for who, free in room.items() if free > 0},
        interval=queries.interval_days(settings),
    )
    taken = Counter(
        PlannedVisit.objects.filter(operator=operator, week=week)
        .exclude(state=State.SKIPPED)
        .values_list("consultant_id", flat=True)
    )
    rows = [
        PlannedVisit(
            operator=operator,
            organisation_id=found.candidate.key,
            week=week,
            consultant_id=who,
            place=taken[who] + number,
            why=queries.why(found.candidate, queries.interval_days(settings)),
        )
        for who, firms in chosen.items()
        for number, found in enumerate(firms, 1)
    ]
    if rows:
        bulk_create_with_history(rows, PlannedVisit, default_user=user)
    return len(rows)


@transaction.atomic
def plan_one(
    operator: Operator, organisation_id: int, week: date, consultant: User, *, user: User
) -> PlannedVisit:
    """Put a firm of the portfolio into a week by hand. Raises NotYourOffice, PastWeek, FullWeek, VisitPlanned, BadValues."""
    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    _must_be_ahead(week)
    firm = queries.portfolio_firm(operator, organisation_id)
    if firm is None:
        raise BadValues({"organisation": _("Virksomheden er ikke i porteføljen.")})
    _must_have_room(operator, consultant, week)
    visit = PlannedVisit(
        operator=operator, organisation_id=organisation_id, week=week, consultant=consultant,
        place=_last_place(operator, consultant, week) + 1, why=[["by_hand", None]],
    )  # fmt: skip
    return saved(visit)


@transaction.atomic
def accept(visit: PlannedVisit, *, user: User, expected: int) -> PlannedVisit:
    """It is in the plan: a follow-up by the end of that week, for its consultant.

    Raises EditedMeanwhile, NotYourOffice, VisitSettled.
    """
    stored = claimed(visit, user, expected)
    if stored.state != State.PROPOSED:
        raise VisitSettled
    follow_up_of(stored, friday(stored.week), user)
    decide(stored, State.ACCEPTED, user)
    stored.save()
    return stored


@transaction.atomic
def move(visit: PlannedVisit, *, week: date, consultant: User, user: User, expected: int) -> PlannedVisit:
    """To another week or another consultant with room. An accepted one takes its follow-up along; the time that was agreed
    is given up, and whoever was invited is told.

    Raises EditedMeanwhile, NotYourOffice, VisitSettled, PastWeek, FullWeek, VisitPlanned.
    """
    settings_locked(visit.operator)
    stored = claimed(visit, user, expected)
    must_be_open(stored)
    if week != stored.week:
        _must_be_ahead(week)
    if (week, consultant.pk) != (stored.week, stored.consultant_id):
        _give_up_time(stored)
        _must_have_room(stored.operator, consultant, week)
        stored.place = _last_place(stored.operator, consultant, week) + 1
    stored.week, stored.consultant = week, consultant
    decide(stored, stored.state, user)
    kept = saved(stored)
    step = stored.follow_up
    if step and not step.is_done:
        put_off(step, friday(week), consultant, user)
    return kept


@transaction.atomic
def skip(visit: PlannedVisit, *, reason: str, user: User, expected: int, note: str = "") -> PlannedVisit:
    """Not this time, and why; the firm is left in peace for as long as the reason says. Its follow-up is given up.

    Raises EditedMeanwhile, NotYourOffice, VisitSettled, BadValues.
    """
    stored = claimed(visit, user, expected)
    must_be_open(stored)
    clean = " ".join(clean_text(note).split())
    if reason not in Skip.values:
        raise BadValues({"reason": _("Vælg, hvorfor.")})
    if len(clean) > LONGEST_NOTE:
        raise BadValues({"note": _("Teksten er for lang.")})
    if reason == Skip.OTHER and not clean:
        raise BadValues({"note": _("Skriv, hvorfor.")})
    _give_up(stored, reason, clean, user)
    return stored


@transaction.atomic
def bring_back(visit: PlannedVisit, *, user: User, expected: int) -> PlannedVisit:
    """It was not to be skipped after all. Raises EditedMeanwhile, NotYourOffice, VisitSettled, PastWeek, FullWeek, VisitPlanned."""
    settings_locked(visit.operator)
    stored = claimed(visit, user, expected)
    if stored.state != State.SKIPPED:
        raise VisitSettled
    _must_be_ahead(stored.week)
    _must_have_room(stored.operator, stored.consultant, stored.week)
    stored.skip_reason = stored.skip_note = ""
    stored.not_before = None
    decide(stored, State.PROPOSED, user)
    return saved(stored)


def paid(interaction: Interaction, organisations: Any) -> int:
    """A visit was written down: the firms' open planned visits are done, and so are their follow-ups. Returns how many.

    One that a firm expects on a later day is still to be paid: only a person calls it off. Called by the service that writes
    talks, within its transaction.
    """
    if interaction.kind not in VISITS:
        return 0
    rows = PlannedVisit.objects.filter(
        organisation__in=organisations,
        state__in=PlannedVisit.OPEN,
        proposed_at__date__lte=interaction.on,
    ).filter(Q(starts_at=None) | Q(starts_at__date__lte=interaction.on))
    rows = rows.select_related("follow_up")
    now, count = timezone.now(), 0
    for visit in rows:
        visit.state, visit.interaction = State.DONE, interaction
        visit.decided_at, visit.decided_by = now, interaction.by
        visit.version += 1
        visit.save()
        step = visit.follow_up
        if step and not step.is_done:
            step.done_at, step.done_by, step.version = now, interaction.by, step.version + 1
            step.save()
        count += 1
    return count


def not_paid(interaction: Interaction, organisations: Any = (), *, user: User) -> int:
    """The talk is deleted, or corrected to be no visit to those but the `organisations`: what it settled is open again, each
    with the follow-up that was done with it, where nothing else has been planned with the firm since. Returns how many.

    Called by the service that corrects and deletes talks, within its transaction.
    """
    rows = PlannedVisit.objects.filter(interaction=interaction, state=State.DONE)
    if interaction.kind in VISITS:
        rows = rows.exclude(organisation__in=organisations)
    count = 0
    for visit in rows.select_related("follow_up", "organisation"):
        step, settled = visit.follow_up, visit.decided_at
        visit.interaction, visit.version = None, visit.version + 1
        decide(visit, State.ACCEPTED if step or visit.starts_at else State.PROPOSED, user)
        with suppress(VisitPlanned):
            saved(visit)
            if step and step.done_at == settled:
                step.done_at, step.done_by, step.version = None, None, step.version + 1
                step.save()
            count += 1
    return count


def give(handing: Handing, keys: Sequence[Any]) -> list[Any]:
    """Open visits that the receiver has room for are the receiver's, at the time that was agreed, each with its follow-up,
    and whoever was invited is told who comes. One at a time when the receiver has something else stays where it is. Those
    without room are given up and may be proposed anew; when it is undone, they stay. Returns the keys of the first."""
    settings = settings_locked(handing.operator)
    User.objects.select_for_update(no_key=True).get(pk=handing.receiver.pk)  # as when a time is agreed
    rows = PlannedVisit.objects.filter(
        operator=handing.operator, consultant=handing.giver, state__in=PlannedVisit.OPEN, pk__in=keys
    ).select_related("follow_up", "operator", "organisation", "consultant", "contact")
    moved = []
    for visit in rows.order_by("week", "place", "pk"):
        taken = visit.starts_at and clash(handing.receiver.pk, visit.starts_at, visit.ends_at)
        full = queries.room(handing.operator, settings, visit.week).get(handing.receiver.pk, 0) <= 0
        if taken or (full and handing.undoing):
            _take_follow_up_along(visit, handing)
            continue
        visit.version += 1
        if full:
            _give_up(visit, Skip.HANDED_OVER, "", handing.by, keep_follow_up=True)
            continue
        visit.place = _last_place(handing.operator, handing.receiver, visit.week) + 1
        visit.consultant = handing.receiver
        visit.save()
        _take_follow_up_along(visit, handing)
        if visit.starts_at and visit.invited_at:
            visit_letters.another_comes(visit)
        moved.append(visit.pk)
    return moved


def _take_follow_up_along(visit: PlannedVisit, handing: Handing) -> None:
    """The open follow-up is with whoever makes the visit, where one of the two has it."""
    step, who = visit.follow_up, visit.consultant
    if not step or step.is_done or step.assignee_id not in {handing.giver.pk, handing.receiver.pk}:
        return
    if step.assignee_id != who.pk and who.is_staff_of(visit.operator_id):
        visit.follow_up = follow_ups.change(
            step, due_on=step.due_on, about=step.about, assignee=who, user=handing.by, expected=step.version
        )


def take_back(handing: Handing, keys: Sequence[Any]) -> None:
    """Visits that were given up for want of room are proposed again, to the one who had them (the receiver here), where
    nothing else has been planned with the firm since."""
    settings = settings_locked(handing.operator)
    rows = PlannedVisit.objects.filter(
        operator=handing.operator, consultant=handing.receiver, state=State.SKIPPED,
        skip_reason=Skip.HANDED_OVER, week__gte=monday(timezone.localdate()), pk__in=keys,
    )  # fmt: skip
    for visit in rows.select_related("organisation").order_by("week", "place", "pk"):
        if queries.room(handing.operator, settings, visit.week).get(handing.receiver.pk, 0) <= 0:
            continue
        visit.skip_reason, visit.not_before = "", None
        visit.version += 1
        decide(visit, State.PROPOSED, handing.by)
        with suppress(VisitPlanned):
            saved(visit)


def to_week(visit: PlannedVisit, week: date) -> None:
    """Into that week where it is another, last on the route. The caller holds the settings. Raises PastWeek, FullWeek."""
    if week == visit.week:
        return
    _must_be_ahead(week)
    _must_have_room(visit.operator, visit.consultant, week)
    visit.place = _last_place(visit.operator, visit.consultant, week) + 1
    visit.week = week


def follow_up_of(visit: PlannedVisit, due_on: date, user: User) -> None:
    """A follow-up for the one who is to visit, so that it stands among what that one has promised. An open one is used again:
    the visit's own, or one that is left of a visit with the firm which was given up when it was handed over."""
    assignee = visit.consultant if visit.consultant.is_staff_of(visit.operator_id) else None
    step = visit.follow_up if visit.follow_up and not visit.follow_up.is_done else _left_of_another(visit)
    if step:
        visit.follow_up = put_off(step, due_on, assignee, user)
        return
    visit.follow_up = follow_ups.plan(
        visit.organisation,
        due_on=max(due_on, timezone.localdate()),
        about=_("Besøg efter ugens plan"),
        assignee=assignee,
        user=user,
    )


def _left_of_another(visit: PlannedVisit) -> FollowUp | None:
    """The open follow-up of a given-up visit with the firm, taken from it."""
    rows = PlannedVisit.objects.filter(
        operator=visit.operator_id, organisation=visit.organisation_id, state=State.SKIPPED,
        skip_reason=Skip.HANDED_OVER, follow_up__isnull=False, follow_up__done_at=None,
    )  # fmt: skip
    other = rows.exclude(pk=visit.pk).select_related("follow_up").order_by("-week", "pk").first()
    if other is None:
        return None
    step: FollowUp = other.follow_up
    other.follow_up = None
    other.version += 1
    other.save()
    return step


def put_off(step: FollowUp, due_on: date, consultant: User | None, user: User) -> FollowUp:
    """The visit's follow-up on another day, or with another."""
    return follow_ups.change(
        step, due_on=max(due_on, timezone.localdate()), about=step.about, assignee=consultant, user=user,
        expected=step.version,
    )  # fmt: skip


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def friday(week: date) -> date:
    return week + timedelta(days=4)


def claimed(visit: PlannedVisit, user: User, expected: int) -> PlannedVisit:
    related = ("operator", "organisation", "consultant", "follow_up", "contact")
    stored: PlannedVisit = PlannedVisit.objects.select_related(*related).get(pk=visit.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    claim(stored, expected)
    return stored


def must_be_open(visit: PlannedVisit) -> None:
    if not visit.is_open:
        raise VisitSettled


def _must_be_ahead(week: date) -> None:
    this = monday(timezone.localdate())
    if week.weekday() != 0 or not this <= week <= this + timedelta(weeks=A_YEAR):
        raise PastWeek


def _must_have_room(operator: Operator, consultant: User, week: date) -> None:
    """Raises FullWeek, BadValues."""
    if not consultant.is_staff_of(operator.pk):
        raise BadValues({"consultant": _("Vælg en af kontorets egne.")})
    settings = settings_locked(operator)
    if queries.room(operator, settings, week).get(consultant.pk, 0) <= 0:
        raise FullWeek(str(consultant), queries.capacity(operator, settings).get(consultant.pk, 0))


def _last_place(operator: Operator, consultant: User, week: date) -> int:
    rows = PlannedVisit.objects.filter(operator=operator, consultant=consultant, week=week)
    return max(rows.values_list("place", flat=True), default=0)


def decide(visit: PlannedVisit, state: str, user: User) -> None:
    visit.state, visit.decided_at, visit.decided_by = state, timezone.now(), user


def saved(visit: PlannedVisit) -> PlannedVisit:
    """Raises VisitPlanned where the database says that the firm has another one, or it was visited in that week already."""
    if visit.is_open and queries.was_visited(visit.organisation, visit.week, but=visit.pk):
        raise VisitPlanned(str(visit.organisation))
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError:
        raise VisitPlanned(str(visit.organisation)) from None
    return visit


def tell_that_it_is_off(visit: PlannedVisit) -> None:
    """To whoever was invited to a time that is still to come."""
    if queries.is_known_to_the_firm(visit):
        visit_letters.called_off(visit, visit.contact)


def _give_up_time(visit: PlannedVisit) -> None:
    """No time is agreed any more; whoever was invited is told that it is off."""
    tell_that_it_is_off(visit)
    visit.starts_at = visit.ends_at = visit.invited_at = None


def _give_up(
    visit: PlannedVisit, reason: str, note: str, user: User, *, keep_follow_up: bool = False
) -> None:
    _give_up_time(visit)
    visit.skip_reason, visit.skip_note = reason, note
    visit.not_before = timezone.localdate() + timedelta(days=PAUSE[Skip(reason)])
    step: FollowUp | None = visit.follow_up
    if not keep_follow_up:
        visit.follow_up = None
    decide(visit, State.SKIPPED, user)
    visit.save()
    if step and not step.is_done and not keep_follow_up:
        follow_ups.drop(step, user=user)
