# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A year of reaching firms, invented: who said yes, what was sent, letters to new firms, talks booked, and how they were."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.models import Letter
from brobygger.blueprints.services import adopt_shipped
from brobygger.outreach.delivery_reports import Report
from brobygger.outreach.errors import NobodyNew, NobodyToSendTo
from brobygger.outreach.models import (
    Consent,
    Feedback,
    Interest,
    Mailing,
    Purpose,
    Recipient,
    Talk,
    Welcome,
    WelcomeRound,
)
from brobygger.outreach.models.booking import Place
from brobygger.outreach.quarters import Quarter, quarter_of
from brobygger.outreach.queries.booking import free_slots, profiles
from brobygger.outreach.services import booking, bounces, consents, mailings, segments, talks, welcome
from brobygger.outreach.services import profiles as profile_services
from brobygger.register.models import Organisation

SEED = 46
INTERESTS = ("Grøn omstilling", "Eksport", "Digitalisering", "Rekruttering")
ABOUT = (
    "Vi vil gerne vide, hvilke tilskud der findes til en ny maskine.",
    "Er lige startet og vil tale om regnskab og de første kunder.",
    "Vi mangler lokaler og ved ikke, hvem vi skal spørge.",
    "Kan vi få hjælp til at komme i gang med eksport?",
    "Vi vil ansætte den første medarbejder.",
)
COMMENTS = (
    "Vi fik svar på det, vi kom for.",
    "Rart at blive ringet op til tiden.",
    "Godt råd om tilskud.",
    "",
    "",
)
SCORES = (5, 5, 4, 4, 5, 3, 4, 5, 5, 2, 4, 5)


def tell(office: Operator, people: Mapping[str, User]) -> None:
    """Fill the room for one office. Does nothing the second time."""
    if Purpose.objects.filter(operator=office).exists():
        return
    made = random.Random(SEED)
    rows = Organisation.objects.filter(operator=office, invented=True, cvr__isnull=False)
    firms = list(rows.select_related("operator").order_by("cvr"))
    consultant, head = people["konsulent@demo.invalid"], people["chef@demo.invalid"]
    for key in ("velkomstbrev", "nyhedsbrev", "invitation"):
        adopt_shipped(office, "letter", key, user=head)
    _consents(office, consultant, firms, made)
    _mailings(office, consultant)
    _welcome(office, consultant, firms, made)
    _talks(office, (consultant, head), firms, made)
    _as_if_sent(office)


def _consents(office: Operator, user: User, firms: Sequence[Organisation], made: random.Random) -> None:
    consents.create_shipped_purposes(office, user=user)
    purposes = list(Purpose.objects.filter(operator=office))
    interests = [Interest.objects.create(operator=office, name=name) for name in INTERESTS]
    Organisation.objects.filter(pk__in=[firm.pk for firm in firms[::7]]).update(ad_protected=True)
    today = timezone.localdate()
    for number, firm in enumerate(firms[:90]):
        if not firm.email or made.random() < 0.3:
            continue
        for purpose in made.sample(purposes, made.choice((1, 1, 2))):
            consent = consents.give(
                firm,
                purpose,
                firm.email,
                source=made.choice((Consent.Source.FORM, Consent.Source.WRITTEN, Consent.Source.VERBAL)),
                note="Sagt på besøg (opdigtet)",
                interests=made.sample(interests, made.choice((0, 1, 2))),
                given_on=today - timedelta(days=made.randint(20, 360)),
                user=user,
            )
            if number % 17 == 0:
                consents.unsubscribe(consent.token)


def _mailings(office: Operator, user: User) -> None:
    newsletter = Purpose.objects.get(operator=office, name="Nyhedsbrev")
    events = Purpose.objects.get(operator=office, name="Arrangementer")
    everybody = segments.save(office, "Alle aktive virksomheder", {}, user=user)
    small = segments.save(office, "Små virksomheder, 1-9 ansatte", {"ansatte": "1"}, user=user)
    segments.save(office, "Startet det sidste år", {"nye": "12"}, user=user, note="Til iværksættertilbud")
    sent = (
        (200, "Nyt fra kontoret: foråret", newsletter, everybody),
        (75, "Nyt fra kontoret: efteråret", newsletter, everybody),
        (30, "Kom til temamøde om grønne værdikæder", events, small),
    )
    for days_ago, subject, purpose, segment in sent:
        mailing = mailings.write(office, mailings.Draft(subject, BODY, purpose, segment), user=user)
        try:
            mailings.send(mailing, user=user, expected=1)
        except NobodyToSendTo:  # a demo with few firms: the mailing stays a draft
            continue
        mailing.refresh_from_db()
        mailings.carry_out(mailing, lambda done, total, message: None)
        when = timezone.now() - timedelta(days=days_ago)
        Mailing.objects.filter(pk=mailing.pk).update(
            sent_at=when, frozen_at=when, finished_at=when, created_at=when
        )
        Recipient.objects.filter(mailing=mailing, written_at__isnull=False).update(written_at=when)
    reached = Recipient.objects.filter(mailing__operator=office, letter__isnull=False).order_by("pk")
    for letter in [recipient.letter for recipient in reached[3:4] if recipient.letter]:
        report = Report(str(letter.to[0]), "5.1.1", "User unknown (opdigtet)", hard=True)
        bounces.record(letter.pk, [report], "demo-1@demo.invalid")
    mailings.write(office, mailings.Draft("Invitation: kom til klimaugen", BODY, events, small), user=user)


BODY = """Hej {navn}

Her er det, vi tror, {virksomhed} kan bruge lige nu.

Vil I tale om noget af det, så vælg en tid her: {samtale_link}

Venlig hilsen
{konsulent}
{kontor}"""


def _welcome(office: Operator, user: User, firms: Sequence[Organisation], made: random.Random) -> None:
    """New firms in the last three quarters; the last one's letters are still to be made."""
    last = quarter_of(timezone.localdate()).previous
    young = [firm for firm in firms if firm.invented and firm.municipality_code in office.municipality_codes]
    for number, firm in enumerate(made.sample(young, min(24, len(young)))):
        quarter = (last, last.previous, last.previous.previous)[number % 3]
        days = (quarter.last_day - quarter.first_day).days
        firm.founded_on = quarter.first_day + timedelta(days=made.randint(0, days))
        firm.save()
    for quarter in (last.previous.previous, last.previous):
        try:
            round_ = welcome.start(office, quarter, by_mail=True, user=user)
        except NobodyNew:  # a demo with few firms
            continue
        welcome.carry_out(round_, lambda done, total: None)
        _date_back(round_, quarter)


def _date_back(round_: WelcomeRound, quarter: Quarter) -> None:
    day = quarter.last_day + timedelta(days=6)
    when = datetime.combine(day, time(10), tzinfo=timezone.get_default_timezone())
    WelcomeRound.objects.filter(pk=round_.pk).update(made_at=when, job=None)
    letters = Welcome.objects.filter(round=round_).select_related("interaction")
    for letter in letters:
        if letter.interaction:
            type(letter.interaction).objects.filter(pk=letter.interaction.pk).update(on=day)
    letters.update(at=when)


def _talks(
    office: Operator, users: Sequence[User], firms: Sequence[Organisation], made: random.Random
) -> None:
    for user in users:
        profile = profile_services.open_for(office, user)
        for weekday in (1, 3):
            profile_services.add_rule(
                profile, profile_services.Weekly(weekday, time(9), time(12), 45, Place.PHONE), user=user
            )
        profile_services.add_rule(
            profile,
            profile_services.Weekly(
                2, time(13), time(15), 60, Place.VIDEO, "https://video.demo.invalid/kontoret"
            ),
            user=user,
        )
    _held(office, users[0], firms, made)
    slots = free_slots(profiles(office))
    for number, firm in enumerate(firms[20:23] or firms[:1]):
        guest = booking.Guest("Gæsten (demo)", firm.email, "00 00 00 00", made.choice(ABOUT))
        booking.book(office, slots[number * 4].key, guest, organisation=firm)


def _held(office: Operator, user: User, firms: Sequence[Organisation], made: random.Random) -> None:
    now = timezone.now()
    for number, score in enumerate(SCORES):
        firm = firms[(40 + number) % len(firms)]
        start = (now - timedelta(days=12 + 24 * number)).replace(minute=0, second=0, microsecond=0)
        talk = Talk.objects.create(
            operator=office,
            consultant=user,
            starts_at=start,
            ends_at=start + timedelta(minutes=45),
            place=Place.PHONE,
            organisation=firm,
            name="Gæsten (demo)",
            email=firm.email,
            about=made.choice(ABOUT),
            invented=True,
            created_at=start - timedelta(days=8),
        )
        talks.mark_held(talk, user=user, expected=talk.version)
        day = timezone.localdate(start) + timedelta(days=1)
        Talk.objects.filter(pk=talk.pk).update(asked_at=start, closed_at=start, reminded_at=start)
        if number % 6 != 5:
            stored = Talk.objects.get(pk=talk.pk)
            answer: Any = talks.answer(stored, score, made.choice(COMMENTS))
            Feedback.objects.filter(pk=answer.pk).update(on=day)


def _as_if_sent(office: Operator) -> None:
    """The demo's letters are history: none is put in the mail."""
    Letter.objects.filter(operator=office, state=Letter.State.WAITING, to__icontains="demo.invalid").update(
        state=Letter.State.SENT, sent_at=timezone.now()
    )
