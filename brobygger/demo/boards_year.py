# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A year of an invented business council, of the office's tray of mail, and of firms that were entered twice."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from brobygger.accounts.models import Membership, Operator, Role, User
from brobygger.boards.models import AgendaItem, Attendance, Board, Meeting, Recommendation, Seat
from brobygger.boards.services import boards, meetings, recommendations
from brobygger.demo.actors import SEED
from brobygger.demo.moments import day, moment, then
from brobygger.dialogue.models import ReceivedMail
from brobygger.dialogue.services.mail import new_address
from brobygger.register import duplicates
from brobygger.register.models import Affiliation, Organisation, Person
from brobygger.register.services import create_organisation

MEMBER = "raadsmedlem@demo.invalid"
_MEMBERS = (
    ("Ingrid Industri (demo)", Seat.Role.CHAIR), ("Hans Håndværker (demo)", Seat.Role.VICE),
    ("Laila Landmand (demo)", Seat.Role.MEMBER), ("Rikke Restauratør (demo)", Seat.Role.MEMBER),
    ("Bjarne Butiksejer (demo)", Seat.Role.MEMBER), ("Signe Suppleant (demo)", Seat.Role.SUBSTITUTE),
)  # fmt: skip
_AGENDAS: Sequence[tuple[str, Mapping[str, tuple[str, str]]]] = (
    ("Møde om byggesager og lærlinge", {
        "Byggesager: hvor står vi?": ("Kontoret viser, hvor mange sager der holder servicemålet.",
            "Rådet vil have én fast kontaktperson til byggesager fra virksomheder."),
        "Lokale lærlinge": ("Hans Håndværker fortæller, hvad der skal til for at tage en lærling mere.",
            "Rådet foreslår en fælles praktikdag. Kontoret spørger skolerne."),
        "Eventuelt": ("", "Næste møde holdes hos en virksomhed, hvis det kan lade sig gøre."),
    }),
    ("Møde om grøn omstilling", {
        "Restprodukter, der går til spilde": ("Kontoret viser de bedste match mellem dem, der har, og dem, der mangler.",
            "Rådet vil gerne have kommunens egne køkkener med."),
        "Tilskud til energi": ("Hvilke puljer er åbne, og hvem har søgt?",
            "Medlemmerne nævner fire virksomheder, som kontoret ringer til."),
        "Eventuelt": ("", "Laila Landmand spurgte til reglerne for gylle og biogas. Kontoret svarer skriftligt."),
    }),
    ("Møde om næste års handlingsplan", {
        "Næste års handlingsplan": ("Udkastet er sendt ud. Hvad mangler?",
            "Rådet vil have færre mål og dem, der er, fulgt hvert kvartal."),
        "Et fælles møde med naboerne": ("Skal rådet mødes med naboens råd om arbejdskraft?",
            "Ja. Formanden skriver til naboens formand."),
        "Eventuelt": ("", "Gratis parkering ved torvet blev nævnt igen."),
    }),
)  # fmt: skip
"""Title; then item → (how it was put, what the minutes say)."""
_COMING = {
    "Godkendelse af referat": ("Referatet fra sidste møde.", ""),
    "Årets resultater": ("Kontoret gennemgår årets mål, og hvad der blev nået.", ""),
    "Valg af formand": ("Formanden vælges for et år.", ""),
}
SEATED = 700
"""Days since the council was founded."""
_ADVICE = (
    ("Byggesager fra virksomheder får en fast kontaktperson", Recommendation.State.FOLLOWED, "Økonomiudvalget",
     "Vedtaget. Kontaktpersonen er på plads fra næste kvartal."),
    ("Kommunens egne køkkener prøver lokale restprodukter", Recommendation.State.PARTLY, "Klimaudvalget",
     "To køkkener prøver det i et halvt år."),
    ("Gratis parkering ved torvet om formiddagen", Recommendation.State.DECLINED, "Teknisk udvalg",
     "Ikke fulgt: pladserne er der ikke."),
    ("En fælles praktikdag for 8. klasse", None, "", ""),
)  # fmt: skip


def tell(office: Operator, people: Mapping[str, User]) -> None:
    """The whole of it. Once: an office that has a board is left alone."""
    if Board.objects.filter(operator=office).exists():
        return
    chance = random.Random(SEED)
    head = people["chef@demo.invalid"]
    with then(SEATED):
        council = boards.found(
            office, kind=Board.Kind.COUNCIL, name="Erhvervsrådet (demo)", user=head, invented=True,
            purpose="Rådgiver kontoret og udvalget om vilkårene for virksomhederne. Mødes tre gange om året.",
        )  # fmt: skip
        _members(council, office, head, chance)
    held = _meetings(council, head)
    _advice(council, held, head)
    _tray(office, head)
    _twice(office)


def _members(council: Board, office: Operator, head: User, chance: random.Random) -> None:
    """Invented people of the demo's firms. One of them can sign in, and sees the council and nothing else."""
    firms = list(Organisation.objects.filter(operator=office, invented=True).order_by("pk")[:60])
    chair = None
    for number, (name, role) in enumerate(_MEMBERS):
        firm = chance.choice(firms)
        email = MEMBER if number == 2 else f"raad{number}@demo.invalid"
        person = Person.objects.create(operator=office, name=name, email=email)
        Affiliation.objects.create(person=person, organisation=firm, title="Ejer")
        ends = day(-45 if number == 3 else -500)
        seat = boards.seat(
            council, person=person, role=role, starts_on=day(SEATED), ends_on=ends, user=head,
            organisation=firm, stands_in_for=chair if role == Seat.Role.SUBSTITUTE else None,
        )  # fmt: skip
        chair = chair or seat
    member = User.objects.create_user(MEMBER, None, name=_MEMBERS[2][0])
    member.password = head.password
    member.save()
    Membership.objects.create(user=member, operator=office, role=Role.PARTNER)
    Person.objects.filter(operator=office, email=MEMBER).update(user=member)


def _meetings(council: Board, head: User) -> list[Meeting]:
    """Three that were held, with minutes, and one to come."""
    found = []
    for number, (title, items) in enumerate(_AGENDAS):
        ago = 300 - 110 * number
        meeting = _meeting(council, head, title, items, ago=ago)
        with then(ago - 1):
            for item in meeting.items.order_by("pk"):
                minutes = items[item.title][1]
                meetings.change_item(
                    item, title=item.title, kind=item.kind, text=item.text, minutes=minutes, user=head, expected=item.version
                )  # fmt: skip
            seats = list(council.seats.order_by("pk"))
            came = {
                seat.pk: Attendance.State.ABSENT if place == number else Attendance.State.PRESENT
                for place, seat in enumerate(seats)
            }
            meeting = meetings.record_attendance(meeting, came, user=head, expected=meeting.version)
        if number < 2:
            with then(ago - 12):
                meeting = meetings.approve_minutes(meeting, user=head, expected=meeting.version)
        found.append(meeting)
    _meeting(council, head, "Vintermøde", _COMING, ago=-6)
    return found


def _meeting(
    council: Board, head: User, title: str, items: Mapping[str, tuple[str, str]], *, ago: int
) -> Meeting:
    """Called four weeks before, at four in the afternoon."""
    on = day(ago)
    while on.weekday() > 4:  # one that is to come
        on += timedelta(days=1)
    begins = timezone.make_aware(datetime.combine(on, time(16)))
    with then(ago + 28):
        meeting = meetings.plan(
            council, title=title, starts_at=begins, ends_at=begins + timedelta(hours=2), place="Rådhuset, mødelokale 2",
            user=head,
        )  # fmt: skip
        kind = AgendaItem.Kind.DISCUSSION if ago > 0 else AgendaItem.Kind.DECISION
        for item_title, (text, _minutes) in items.items():
            meetings.add_item(meeting, title=item_title, kind=kind, text=text, user=head)
    return meeting


def _advice(council: Board, held: list[Meeting], head: User) -> None:
    for number, (title, state, by, text) in enumerate(_ADVICE):
        meeting = held[min(number, len(held) - 1)]
        given_on = timezone.localdate(meeting.starts_at)
        ago = (timezone.localdate() - given_on).days
        with then(ago):
            advice = recommendations.give(
                council, user=head, title=title, text="", addressee=by or "Børneudvalget", given_on=given_on,
                answer_by=given_on + timedelta(days=60), answerer=head, meeting=meeting,
            )  # fmt: skip
        if state:
            with then(ago - 40):
                recommendations.answer(
                    advice, on=day(ago - 40), state=state, decided_by=by, text=text, user=head, expected=advice.version
                )  # fmt: skip


def _tray(office: Operator, head: User) -> None:
    """Two mails that nobody could lay by themselves."""
    with then(200):
        new_address(office, user=head)
    firm = Organisation.objects.filter(operator=office, invented=True).order_by("pk").first()
    for number, (subject, text, why, user) in enumerate(
        (
            ("Tak for mødet (opdigtet mail)", "Tak for mødet. Vi vil gerne se den ordning, I nævnte, og hører fra jer.",
             ReceivedMail.Why.NOBODY, head),
            ("Spørgsmål om spåner (opdigtet mail)", "Vi har paller og spåner, vi gerne vil af med. Kan nogen bruge dem?",
             ReceivedMail.Why.STRANGER, None),
        )
    ):  # fmt: skip
        mail = ReceivedMail.objects.create(
            operator=office, message_id=f"demo-{number}@demo.invalid", email=f"ny{number}@demo.invalid",
            sender_name="Ny Kontakt (demo)", subject=subject, text=text,
            why=why, user=user, sent_at=moment(1 + number), received_at=moment(1 + number),
        )  # fmt: skip
        if firm:
            mail.proposed.add(firm)


def _twice(office: Operator) -> None:
    """Three firms that somebody entered again by hand, and what the nightly job makes of it."""
    for firm in (
        Organisation.objects.filter(operator=office, invented=True)
        .exclude(postal_code="")
        .order_by("pk")[3:6]
    ):
        values = {"name": firm.name.removesuffix(" ApS").removesuffix(" A/S"), "postal_code": firm.postal_code,
                  "city": firm.city, "phone": firm.phone, "invented": True}  # fmt: skip
        with then(60 + firm.pk % 40):
            create_organisation(office, values, source=Organisation.Source.DEMO)
    with then(1):
        duplicates.find(office)
