# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More and more of all that the room keeps, for the test that counts every page's questions to the database."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Role
from brobygger.blueprints.services import adopt_shipped
from brobygger.outreach.models import (
    BookingException,
    BookingProfile,
    Interest,
    MailAddress,
    Recipient,
    Segment,
    Talk,
    Welcome,
)
from brobygger.outreach.quarters import quarter_of
from brobygger.outreach.queries.booking import own_link
from brobygger.outreach.services import booking, mailings, talks, welcome
from tests.factories import PersonFactory, user_as
from tests.outreach import booked, made


class Grows:
    """Segments, consents, mailings, welcome letters and talks around one firm."""

    def __init__(self, region: Any) -> None:
        self.region = region
        self.kept: dict[str, dict[str, Any]] = {}
        self.profile: BookingProfile | None = None
        self.first_talk: Any = None

    def grow(self, times: int) -> None:
        for _ in range(times):
            self._consents()
            self._mailings()
            self._welcome()
            self._talks()

    def _consents(self) -> None:
        region, user = self.region, self.region.consultant
        number = Interest.objects.count()
        interest = Interest.objects.create(operator=region.operator, name=f"Emne {number}")
        what = made.purpose(region.operator, f"Formål {number}")
        for firm in (region.firm, region.new_firm()):
            consent = made.consent(
                firm, user, f"n{number}@example.invalid", interests=[interest], purpose=what
            )
        address = MailAddress.objects.create(
            operator=region.operator, email=f"n{number}@example.invalid", soft_bounces=1
        )
        self.kept |= {
            "kontakt/samtykker/nyt/": {"pk": region.firm.pk},
            "kontakt/samtykker/": {"pk": consent.pk},
            "kontakt/formaal/": {"pk": what.pk},
            "kontakt/emner/": {"pk": interest.pk},
            "kontakt/adresser/": {"pk": address.pk},
            "vi-maa-skrive-til-jer/": {"pk": region.firm.pk, "purpose_pk": what.pk},
            "afmeld/": {"token": consent.token},
        }

    def _mailings(self) -> None:
        region, user = self.region, self.region.consultant
        segment = made.segment(region.operator, user, f"Segment {Segment.objects.count()}")
        what = made.purpose(region.operator)
        person = PersonFactory(operator=region.operator)
        for firm in (region.firm, region.new_firm()):
            made.consent(firm, user, f"m{person.pk}-{firm.pk}@example.invalid", purpose=what)
        mailing = made.draft(region.operator, user, segment=segment, purpose=what)
        mailing = mailings.send(mailing, user=user, expected=1)
        mailings.carry_out(mailing, made.unwatched)
        Recipient.objects.filter(mailing=mailing).update(person=person)
        made.draft(region.operator, user, segment=segment, purpose=what)
        self.kept |= {
            "kontakt/segmenter/": {"pk": segment.pk},
            "kontakt/udsendelser/": {"pk": mailing.pk},
        }

    def _welcome(self) -> None:
        region, user = self.region, self.region.consultant
        quarter = quarter_of(timezone.localdate())
        if not self.kept.get("kontakt/breve/"):
            adopt_shipped(region.operator, "letter", "velkomstbrev", user=None)
        for skipped in (True, False):
            firm = made.firm(region.operator, founded_on=quarter.first_day)
            if skipped:
                welcome.skip(firm, user=user)
        round_ = welcome.start(region.operator, quarter, by_mail=True, user=user)
        welcome.carry_out(round_, lambda done, total: None)
        made.firm(region.operator, founded_on=quarter.first_day)
        Welcome.objects.filter(skipped=False).update(round=round_)
        self.kept |= {
            "kontakt/nye-virksomheder/": {"pk": region.firm.pk},
            "kontakt/breve/": {"pk": round_.pk},
        }

    def _talks(self) -> None:
        region = self.region
        for user in (region.consultant, user_as(Role.CONSULTANT, region.operator)):
            profile = booked.bookable(region.operator, user) if user != region.consultant else self._mine()
            BookingException.objects.create(
                profile=profile, first_day=FAR, last_day=FAR + timedelta(days=number_of_talks() % 5)
            )
            guest = booking.Guest("Gæst", f"g{number_of_talks()}@example.invalid", "12345678")
            talk = booked.booked(region.operator, user, guest=guest, organisation=region.firm)
            held = booked.booked(region.operator, user, guest=guest, organisation=region.firm)
            waits = booked.booked(
                region.operator, user, guest=booking.Guest("Ny", f"n{talk.pk}@example.invalid", "12345678")
            )
            starts = timezone.now() - timedelta(hours=2 * number_of_talks())
            for one, later in ((held, 0), (waits, 1)):
                start = starts + timedelta(minutes=later)
                Talk.objects.filter(pk=one.pk).update(starts_at=start, ends_at=start + timedelta(minutes=60))
            held.refresh_from_db()
            talks.mark_held(held, user=user, expected=held.version)
            talks.answer(Talk.objects.get(pk=held.pk), 5, f"Godt {held.pk}")
        mine = self._mine()
        link = own_link(mine)
        assert link is not None
        self.kept |= {
            "kontakt/samtaletider/faste/": {"pk": mine.rules.first().pk},
            "kontakt/samtaletider/undtagelser/": {"pk": mine.exceptions.first().pk},
            "kontakt/samtale/": {"pk": self.first_talk.pk},
            "samtale/aftale/": {"token": self.first_talk.token},
            "samtale/svar/": {"token": held.feedback_token},
            "samtale/virksomhed/": {"pk": region.firm.pk},
            "samtale/": {"code": link.code},
        }

    def _mine(self) -> BookingProfile:
        region = self.region
        if self.profile is None:
            self.profile = booked.bookable(region.operator, region.consultant, ends=time(16), minutes=30)
            self.first_talk = booked.booked(
                region.operator,
                region.consultant,
                guest=booking.Guest("Først", "f@example.invalid", "12345678"),
            )
        return self.profile

    def keys(self) -> dict[str, dict[str, Any]]:
        """Beginning of an address → what its arguments are."""
        return self.kept


FAR = timezone.localdate() + timedelta(days=100)


def number_of_talks() -> int:
    return int(Talk.objects.count()) + 1
