# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work of the room that is done in the background."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone
from django_tasks import task

from brobygger.accounts.models import User
from brobygger.base import jobs
from brobygger.base.schedule import daily, often
from brobygger.dialogue.tasks import fill
from brobygger.outreach.calendars.fetching import CalendarUnavailable, fetch
from brobygger.outreach.calendars.reading import busy_times
from brobygger.outreach.models import BookingProfile, Mailing, PostFile, Segment, WelcomeRound
from brobygger.outreach.queries.segments import firms_of
from brobygger.outreach.services import booking, mailings, post_files, profiles, welcome

log = structlog.get_logger("brobygger.outreach")


@task()
def send_mailing(job_id: str, mailing_id: int) -> None:
    """The receivers of a mailing and their letters. Safe to run again: who has a letter gets no second."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        mailing = Mailing.objects.select_related("operator", "purpose", "sent_by").get(pk=mailing_id)
        written = mailings.carry_out(mailing, job.progress)
        return {"letters": written, "url": mailing.get_absolute_url()}

    jobs.run(job_id, body)


@task()
def make_letters(job_id: str, round_id: int) -> None:
    """The letters to new firms. Safe to run again: each firm has one."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        round_ = WelcomeRound.objects.select_related("operator", "definition", "made_by").get(pk=round_id)
        made = welcome.carry_out(round_, lambda done, total: job.progress(done, total))
        return {"letters": made, "url": round_.get_absolute_url()}

    jobs.run(job_id, body)


@task()
def make_post_file(job_id: str, file_id: int) -> None:
    """The letters of a round as one file for Digital Post. Safe to run again: nothing is kept before it is whole."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        wanted = PostFile.objects.select_related("round__operator", "round__definition").get(pk=file_id)
        letters = post_files.carry_out(wanted, lambda done, total: job.progress(done, total))
        return {"letters": letters, "url": wanted.round.get_absolute_url()}

    jobs.run(job_id, body)


@task()
def forget_post_files() -> int:
    """Once a day: files for Digital Post that have been kept their time."""
    return post_files.forget()


@task()
def fetch_calendar(profile_id: int) -> int:
    """One consultant's busy times as their own calendar says. What was known stays when it cannot be fetched."""
    profile = BookingProfile.objects.filter(pk=profile_id).first()
    if profile is None or not profile.calendar_url or not settings.CALENDAR_FEEDS:
        return 0
    now = timezone.now()
    try:
        content = fetch(profile.calendar_url)
        spans = busy_times(content, now - timedelta(days=1), now + timedelta(days=profile.horizon_days + 2))
    except CalendarUnavailable as error:
        BookingProfile.objects.filter(pk=profile.pk).update(fetch_error=str(error)[:300])
        log.warning("calendar not fetched", profile=profile.pk, error=str(error))
        return 0
    if BookingProfile.objects.filter(pk=profile.pk, calendar_url=profile.calendar_url).exists():
        profiles.store_busy(profile, spans)
    return len(spans)


@task()
def fetch_calendars() -> int:
    """Every bookable consultant's calendar. One that fails stops none of the others."""
    if not settings.CALENDAR_FEEDS:
        return 0
    wanted = BookingProfile.objects.filter(is_open=True, user__is_active=True).exclude(calendar_url="")
    keys = list(wanted.values_list("pk", flat=True))
    for key in keys:
        fetch_calendar.enqueue(key)
    return len(keys)


@task()
def remind_of_talks() -> int:
    """Once a day: tomorrow's talks."""
    return booking.remind(booking.tomorrows())


often(fetch_calendars, minutes=30)
daily(remind_of_talks, hour=8)
daily(forget_post_files, hour=2)


@task()
def fill_portfolio(job_id: str, segment_id: int, user_id: int, why: str, key_account_id: int | None) -> None:
    """Take a segment's firms into the portfolio. Safe to run again: those that are in stay as they are."""

    def body(job: jobs.RunningJob) -> dict[str, Any]:
        segment = Segment.objects.select_related("operator").get(pk=segment_id)
        user = User.objects.get(pk=user_id)
        firms, asked = firms_of(segment, user).firms, segment.name
        return fill(job, segment.operator, user, firms, asked=asked, why=why, key_account_id=key_account_id)

    jobs.run(job_id, body)
