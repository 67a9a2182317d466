# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A year of reaching firms, invented: who said yes, what was sent, letters to new firms, talks booked, and how they were."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.models import Letter
from brobygger.blueprints.services import adopt_shipped
from brobygger.demo.moments import day, moment, then
from brobygger.outreach.delivery_reports import Report
from brobygger.outreach.errors import NobodyNew, NobodyToSendTo
from brobygger.outreach.models import (
    Consent,
    Interest,
    Purpose,
    Recipient,
    Talk,
    WelcomeRound,
)
from brobygger.outreach.models.booking import Place
from brobygger.outreach.quarters import quarter_of
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
SAID = {
    Consent.Source.FORM: "Krydset af på tilmeldingen til et møde (opdigtet)",
    Consent.Source.WRITTEN: "Skrevet i en mail til konsulenten (opdigtet)",
    Consent.Source.VERBAL: "Sagt på besøg (opdigtet)",
}
"""How consent was given, and what was noted of it."""
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
    with then(400):
        for key in ("velkomstbrev", "nyhedsbrev", "invitation"):
            adopt_shipped(office, "letter", key, user=head)
        consents.create_shipped_purposes(office, user=consultant)
    _consents(office, consultant, firms, made)
    _mailings(office, consultant)
    _welcome(office, consultant, firms, made)
    _talks(office, (consultant, head), firms, made)
    _as_if_sent(office)


def _consents(office: Operator, user: User, firms: Sequence[Organisation], made: random.Random) -> None:
    purposes = list(Purpose.objects.filter(operator=office))
    interests = [Interest.objects.create(operator=office, name=name) for name in INTERESTS]
    Organisation.objects.filter(pk__in=[firm.pk for firm in firms[::7]]).update(ad_protected=True)
    for number, firm in enumerate(firms[:90]):
        if not firm.email or made.random() < 0.3:
            continue
        for purpose in made.sample(purposes, made.choice((1, 1, 2))):
            source, ago = made.choice(list(SAID)), made.randint(20, 360)
            chosen = made.sample(interests, made.choice((0, 1, 2)))
            with then(ago):
                consent = consents.give(
                    firm, purpose, firm.email, source=source, note=SAID[source], interests=chosen, given_on=day(ago),
                    user=user,
                )  # fmt: skip
            if number % 17 == 0:
                with then(ago // 2):
                    consents.unsubscribe(consent.token)


def _mailings(office: Operator, user: User) -> None:
    newsletter = Purpose.objects.get(operator=office, key="newsletter")
    events = Purpose.objects.get(operator=office, key="events")
    with then(320):
        everybody = segments.save(office, "Alle aktive virksomheder", {}, user=user)
        small = segments.save(office, "Små virksomheder, 1-9 ansatte", {"ansatte": "1"}, user=user)
        segments.save(office, "Startet det sidste år", {"nye": "12"}, user=user, note="Til iværksættertilbud")
    sent = (
        (200, "Nyt fra kontoret: lærlinge, byggesager og tilskud", _body(FIRST), newsletter, everybody),
        (75, "Nyt fra kontoret: rester, der kan bruges", _body(SECOND), newsletter, everybody),
        (30, "Kom til temamøde om grønne værdikæder", _body(THEME), events, small),
    )
    for days_ago, subject, body, purpose, segment in sent:
        with then(days_ago):
            mailing = mailings.write(office, mailings.Draft(subject, body, purpose, segment), user=user)
            try:
                mailings.send(mailing, user=user, expected=1)
            except NobodyToSendTo:  # a demo with few firms: the mailing stays a draft
                continue
            mailing.refresh_from_db()
            mailings.carry_out(mailing, lambda done, total, message: None)
    reached = Recipient.objects.filter(mailing__operator=office, letter__isnull=False).order_by("pk")
    for letter in [recipient.letter for recipient in reached[3:4] if recipient.letter]:
        report = Report(str(letter.to[0]), "5.1.1", "User unknown (opdigtet)", hard=True)
        with then(sent[0][0] - 1):
            bounces.record(letter.pk, [report], "demo-1@demo.invalid")
    with then(2):
        draft = mailings.Draft("Invitation: kom til klimaugen", _body(CLIMATE_WEEK), events, small)
        mailings.write(office, draft, user=user)


def _body(what: str) -> str:
    return f"""Hej {{navn}}

{what}

Vil I tale om noget af det, så vælg en tid her: {{samtale_link}}

Venlig hilsen
{{konsulent}}
{{kontor}}"""


FIRST = (
    "Byggesager fra virksomheder har fået en fast kontaktperson. Erhvervsrådet planlægger en fælles praktikdag for 8. klasse, og"
    " der er penge igen i puljerne til energi. Skriv, hvis {virksomhed} vil være med."
)
SECOND = (
    "Mask bliver til foder, og restøl bliver til eddike hos naboen. Har {virksomhed} noget, der bliver til overs, så skriv det under"
    " »Har og mangler«. Så leder vi efter en, der kan bruge det."
)
THEME = (
    "Vi mødes på rådhuset og hører, hvordan tre virksomheder bruger hinandens rester. Bagefter er der tid til at finde sin egen makker."
    " {virksomhed} er velkommen."
)
CLIMATE_WEEK = "I klimaugen åbner virksomheder i kommunen dørene og viser, hvad de sparer på vand, varme og affald. Vi håber, {virksomhed} kommer."


def _welcome(office: Operator, user: User, firms: Sequence[Organisation], made: random.Random) -> None:
    """New firms in the last three quarters; the last one's letters are still to be made."""
    last = quarter_of(timezone.localdate()).previous
    untold = set(_without_a_story(office))
    young = [
        firm
        for firm in firms[90:]
        if firm.pk in untold and firm.municipality_code in office.municipality_codes
    ]
    for number, firm in enumerate(made.sample(young, min(24, len(young)))):
        quarter = (last, last.previous, last.previous.previous)[number % 3]
        days = (quarter.last_day - quarter.first_day).days
        firm.founded_on = quarter.first_day + timedelta(days=made.randint(0, days))
        _came_to_the_register(firm)
    for quarter in (last.previous.previous, last.previous):
        with then(_days_since(quarter.last_day) - 6):
            try:
                round_ = welcome.start(office, quarter, by_mail=True, user=user)
            except NobodyNew:  # a demo with few firms
                continue
            welcome.carry_out(round_, lambda done, total: None)
            WelcomeRound.objects.filter(pk=round_.pk).update(job=None)


def _without_a_story(office: Operator) -> QuerySet[Organisation, int]:
    """The invented firms of which nothing else is told: they can be new."""
    rows = Organisation.objects.filter(operator=office, invented=True, interactions=None, cases=None)
    return rows.filter(
        portfolio_place=None, referrals=None, scheme_offers=None, aid=None, seats=None
    ).values_list("pk", flat=True)


def _came_to_the_register(firm: Organisation) -> None:
    """A new firm was entered some days after it was founded, and posted what it has and needs after that."""
    assert firm.founded_on
    at = moment(max(1, _days_since(firm.founded_on) - 4))
    Organisation.objects.filter(pk=firm.pk).update(founded_on=firm.founded_on, created_at=at, changed_at=at)
    firm.history.update(history_date=at, founded_on=firm.founded_on, created_at=at)
    for listing in firm.listings.filter(created_at__lt=at):
        type(listing).objects.filter(pk=listing.pk).update(created_at=at, changed_at=at)
        listing.history.update(history_date=at, created_at=at)


def _days_since(when: date) -> int:
    return (timezone.localdate() - when).days


def _talks(
    office: Operator, users: Sequence[User], firms: Sequence[Organisation], made: random.Random
) -> None:
    weekly = [profile_services.Weekly(weekday, time(9), time(12), 45, Place.PHONE) for weekday in (1, 3)]
    video = "https://video.demo.invalid/kontoret"
    weekly.append(profile_services.Weekly(2, time(13), time(15), 60, Place.VIDEO, video))
    for user in users:
        with then(400):
            profile = profile_services.open_for(office, user)
            for rule in weekly:
                profile_services.add_rule(profile, rule, user=user)
    _held(office, users[0], firms, made)
    slots = free_slots(profiles(office))
    for number, firm in enumerate(firms[20:23] or firms[:1]):
        guest = booking.Guest("Gæsten (demo)", firm.email, "00 00 00 00", ABOUT[number])
        with then(1 + number):
            booking.book(office, slots[number * 4].key, guest, organisation=firm)


def _held(office: Operator, user: User, firms: Sequence[Organisation], made: random.Random) -> None:
    for number, score in enumerate(SCORES):
        firm, ago = firms[(40 + number) % len(firms)], 12 + 24 * number
        start = timezone.make_aware(datetime.combine(day(ago), time(9 + number % 3)))
        with then(ago + 8):
            talk = Talk.objects.create(
                operator=office, consultant=user, starts_at=start, ends_at=start + timedelta(minutes=45), place=Place.PHONE,
                organisation=firm, name="Gæsten (demo)", email=firm.email, about=ABOUT[number % len(ABOUT)], invented=True,
            )  # fmt: skip
        with then(ago):
            talks.mark_held(talk, user=user, expected=talk.version)
            Talk.objects.filter(pk=talk.pk).update(
                asked_at=timezone.now(), reminded_at=start - timedelta(days=1)
            )
        if number % 6 != 5:
            with then(ago - 1):
                talks.answer(Talk.objects.get(pk=talk.pk), score, made.choice(COMMENTS))


def _as_if_sent(office: Operator) -> None:
    """The demo's letters are history: none is put in the mail."""
    Letter.objects.filter(operator=office, state=Letter.State.WAITING, to__icontains="demo.invalid").update(
        state=Letter.State.SENT, sent_at=F("created_at") + timedelta(minutes=2)
    )
