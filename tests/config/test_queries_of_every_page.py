# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every page that can be opened, with a few of everything and with several times as many: as many questions to the database.

What grows is both the lists (more firms, listings, matches …) and what hangs on the records whose pages are opened (more
places, notes, deliveries, letters, goals, measurements, history …).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brobygger.accounts.models import Invitation, Membership, Operator, Role, User
from brobygger.accounts.services import new_calendar_address
from brobygger.base import indicators
from brobygger.base.models import Job, Letter
from brobygger.blueprints import services as definitions
from brobygger.blueprints.models import Definition
from brobygger.market.models import Introduction, Listing, Match, MatchNote, Outcome, Suggestion
from brobygger.plan import services as plans
from brobygger.plan.models import Measurement
from brobygger.register.models import Affiliation, Organisation, Permit, Tag
from brobygger.register.models.imports import ImportRun
from tests.accounts.test_access_walk import every_page
from tests.blueprints.trial import TRIAL
from tests.factories import (
    AgreementFactory,
    DeliveryFactory,
    EstablishmentFactory,
    ListingFactory,
    MatchFactory,
    OrganisationFactory,
    PersonFactory,
    SuggestionFactory,
    firm_user,
    user_as,
)

FEW, MORE = 3, 9
"""So few that every list shows all of them on its first page."""
ELSEWHERE = ("api/", "konto/", "kontor/invitation/")
"""The API's lists have their own tests; the rest is about one's own account, and grows with nothing."""
TODAY = timezone.localdate()
Keys = dict[str, dict[str, Any]]


class Region:
    """An office's work around one firm, listing, suggestion, match and plan, which grows in all directions."""

    def __init__(self, operator: Operator, consultant: User) -> None:
        self.operator, self.consultant = operator, consultant
        self.firm = self.new_firm()
        self.farm = self.new_firm()
        self.brewer = firm_user(self.firm)
        self.have = ListingFactory(organisation=self.firm)
        self.pair = self.suggested(self.have)
        need = self.pair.need
        self.match = MatchFactory(
            have=self.have, need=need, taker=need.organisation, suggestion=self.suggested(self.have),
            stage=Match.Stage.RUNNING, consultant=consultant, have_shown=True, need_shown=True,
        )  # fmt: skip
        self.agreement = AgreementFactory(match=self.match, agreed_on=TODAY - timedelta(days=90))
        self.plan = plans.create_plan(operator, name="Plan", year_from=TODAY.year, year_to=TODAY.year)
        self.track = plans.add_track(self.plan, name="Klima")
        self.initiative = plans.add_initiative(self.track, name="Vejledning")
        self.goal = self.new_goal(indicator="", name="Målt i hånden")
        self.invitation = self.permit = self.site = self.affiliation = self.run = self.job = None
        self.delivery = self.outcome = self.letter = self.measurement = self.membership = None

    def new_firm(self) -> Organisation:
        return OrganisationFactory(operator=self.operator)

    def suggested(self, have: Listing, **fields: Any) -> Suggestion:
        need = ListingFactory(organisation=self.new_firm(), side=Listing.Side.NEED, text="Vi søger foder")
        return SuggestionFactory(have=have, need=need, **fields)

    def new_goal(self, **fields: Any) -> Any:
        year = {"starts_on": TODAY.replace(month=1, day=1), "ends_on": TODAY.replace(month=12, day=31)}
        return plans.add_goal(self.initiative, target=Decimal(6), **year, **fields)

    def grow(self, times: int) -> None:
        for number in range(times):
            self._register(number)
            self._market(number)
            self._match(number)
            self._office(number)
            self._definitions(number)
            self._plan(number)
        self._goals_of_every_kind(times)

    def _register(self, number: int) -> None:
        """Another firm with all that hangs on one, and as much on the one whose page is opened."""
        tag = Tag.objects.create(operator=self.operator, name=f"Mærkat {Tag.objects.count()}")
        for firm in (self.firm, self.new_firm()):
            self.site = EstablishmentFactory(organisation=firm)
            firm.tags.add(tag)
        self.site = EstablishmentFactory(organisation=self.firm, industry="110500")
        self.permit = Permit.objects.create(organisation=self.firm, kind=Permit.Kind.WASTE)
        person = PersonFactory(operator=self.operator, user=user_as(Role.FIRM, self.operator))
        Affiliation.objects.create(person=person, organisation=self.new_firm())
        self.affiliation = Affiliation.objects.create(
            person=person, organisation=self.firm, ended_on=TODAY if number % 2 else None
        )
        self.firm.phone = f"{10000000 + Organisation.history.count()}"
        self.firm.save()
        self.run = ImportRun.objects.create(
            operator=self.operator,
            kind=ImportRun.Kind.CVR,
            started_by=user_as(Role.CONSULTANT, self.operator),
        )

    def _market(self, number: int) -> None:
        """More listings of the firm and of others, with suggestions of every kind and state."""
        mine = ListingFactory(
            organisation=self.firm, contact=PersonFactory(operator=self.operator),
            visibility=Listing.Visibility.values[number % 3],
        )  # fmt: skip
        self.suggested(mine)
        self.suggested(self.have, giver_interested_at=timezone.now())
        self.suggested(self.have, state=Suggestion.State.PUT_OFF, put_off_until=TODAY)
        self.suggested(
            self.have, state=Suggestion.State.DECLINED, decline_reason=Suggestion.Decline.TOO_FAR,
            decided_by=firm_user(self.new_firm()), decided_at=timezone.now(),
        )  # fmt: skip
        SuggestionFactory(
            have=self.have, kind=Suggestion.Kind.TAKER, need=None, organisation=self.new_firm(), score=0.7
        )
        self.have.text = f"Vi har {Listing.history.count()} tons mask om ugen"
        self.have._history_user = self.brewer
        self.have.save()

    def _match(self, number: int) -> None:
        """More matches, and more that happened about the one whose page is opened."""
        stage = Match.Stage.values[number % 5]
        other = self.suggested(ListingFactory(organisation=self.firm))
        MatchFactory(
            have=other.have, need=other.need, taker=other.need.organisation, suggestion=other, stage=stage,
            consultant=self.consultant, stage_at=timezone.now() - timedelta(days=200),
            follow_up_on=TODAY if number % 2 else None,
        )  # fmt: skip
        MatchNote.objects.create(match=self.match, text="Talt", by=self.brewer, private=False)
        self.letter = Letter.objects.create(
            operator=self.operator, to=["a@example.invalid"], subject="Mød hinanden", body="Hej",
            written_by=firm_user(self.new_firm()), state=Letter.State.FAILED,
        )  # fmt: skip
        Introduction.objects.create(match=self.match, letter=self.letter, by=self.consultant)
        AgreementFactory(match=self.match, agreed_on=TODAY)
        self.delivery = DeliveryFactory(
            agreement=self.agreement, on=TODAY, reported_by=firm_user(self.new_firm())
        )
        self.outcome = Outcome.objects.create(
            match=self.match, kind=Outcome.Kind.JOBS, amount=1, on=TODAY, said_by="Brygger",
            reported_by=user_as(Role.CONSULTANT, self.operator),
        )  # fmt: skip

    def _office(self, number: int) -> None:
        """More colleagues, invitations and long work."""
        colleague = user_as(Role.CONSULTANT, self.operator)
        self.membership = Membership.objects.get(user=colleague)
        self.calendar = new_calendar_address(self.consultant)
        self.invitation = Invitation.objects.create(
            operator=self.operator, email=f"ny{Invitation.objects.count()}@example.invalid", role=Role.HEAD,
            invited_by=colleague,
        )  # fmt: skip
        self.job = Job.objects.create(operator=self.operator, started_by=self.consultant, kind="x", title="x")

    def _definitions(self, number: int) -> None:
        """More definitions, and more versions of the one whose page is opened."""
        versions = Definition.objects.filter(operator=self.operator).count()
        for key in ("proeve", f"ny{versions}"):
            text = TRIAL.replace("key: proeve", f"key: {key}").replace("days: 3", f"days: {versions + 4}")
            definitions.adopt(self.operator, "trial", text, user=None)

    def _plan(self, number: int) -> None:
        """More tracks, initiatives and measurements."""
        track = plans.add_track(self.plan, name="Spor")
        initiative = plans.add_initiative(track, name="Indsats")
        initiative.responsible = user_as(Role.CONSULTANT, self.operator)
        initiative.save()
        self.measurement = Measurement.objects.create(
            goal=self.goal, on=TODAY, value=number, source="Talt", entered_by=initiative.responsible
        )

    def _goals_of_every_kind(self, times: int) -> None:
        """`times` goals for each figure that the market publishes, each of another kind of thing."""
        for fact in indicators.every():
            for number in range(times):
                kind = {"kind": Listing.Kind.values[number % len(Listing.Kind.values)]}
                self.new_goal(
                    name=fact.label, indicator=fact.key, parameters=kind if "kind" in fact.parameters else {}
                )

    def keys(self) -> Keys:
        """Beginning of an address → what its arguments are."""
        match, firm = {"pk": self.match.pk}, {"pk": self.firm.pk}
        known: Keys = {
            "arbejde/": {"pk": self.job.pk},
            "virksomheder/import/": {"pk": self.run.pk},
            "virksomheder/": {
                **firm, "place_pk": self.site.pk, "permit_pk": self.permit.pk, "affiliation_pk": self.affiliation.pk,
                "other_pk": self.farm.pk,
            },
            "har-og-mangler/": {"pk": self.have.pk}, "aabne/": {"pk": self.have.pk},
            "forslag/": {"pk": self.pair.pk, "number": 1},
            "match/": {**match, "side": "have", "letter": self.letter.pk},
            "aftale/": {"pk": self.agreement.pk}, "leverance/": {"pk": self.delivery.pk},
            "udbytte/": {"pk": self.outcome.pk}, "breve/": {"key": "introduction"},
            "plan/spor/": {"pk": self.track.pk}, "plan/indsats/": {"pk": self.initiative.pk},
            "plan/maaling/": {"pk": self.measurement.pk}, "plan/maal/": {"pk": self.goal.pk},
            "plan/": {"pk": self.plan.pk},
            "kontor/invitationer/": {"pk": self.invitation.pk}, "kontor/adgang/": {"pk": self.membership.pk},
            "kontor/skift/": {"pk": self.operator.pk},
            "filer/": {"name": "findes-ikke.jpg"},
            "kontor/kalender/": {"token": self.calendar}, "kontor/profil/adresse/": {"token": "findes-ikke"},
            "opskrifter/": {"kind": "trial", "key": "proeve"},
        }  # fmt: skip
        return dict(sorted(known.items(), key=lambda entry: -len(entry[0])))


def addresses(keys: Keys, also: Callable[[str], dict[str, Any]]) -> list[str]:
    """Every page of the product, of the region's own records."""
    found = []
    for route, _entry, _name, _namespace in every_page():
        if route.startswith(ELSEWHERE) or "\\" in route:
            continue
        known = next((values for start, values in keys.items() if route.startswith(start)), None)
        values = known if known is not None else also(route)
        found.append("/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part, v=values: str(v[part[1]]), route))
    return found


def that_open(client: Client, pages: list[str]) -> list[str]:
    """Those of the pages that open. What is asked once in a process's life has been asked then."""
    found = []
    for page in pages:
        answer = client.get(page)
        assert answer.status_code < 500, page
        if answer.status_code == 200:
            read_to_the_end(answer)
            found.append(page)
    return found


def asked_by(client: Client, pages: list[str]) -> dict[str, int]:
    """Page → questions to the database, for those that open."""
    counts = {}
    for page in pages:
        caches["process"].clear()
        with CaptureQueriesContext(connection) as questions:
            answer = client.get(page)
            read_to_the_end(answer)
        assert answer.status_code < 500, page
        if answer.status_code == 200:
            counts[page] = len(questions)
    return counts


def read_to_the_end(answer: HttpResponseBase) -> None:
    b"".join(answer.streaming_content) if answer.streaming else answer.content


def asking_more(client: Client, few: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Page → questions with few records and with more, for those that ask more also the second time they are opened."""
    more = {page: count for page, count in asked_by(client, list(few)).items() if count > few[page]}
    return {
        page: (few[page], count) for page, count in asked_by(client, list(more)).items() if count > few[page]
    }


def rooms_that_grow(region: Region) -> list[Any]:
    """Every `tests/…/grows.py` has a class `Grows(region)` with `grow(times)`, which adds records to what its room's pages
    show, and `keys()`: beginning of an address → what its arguments are."""
    tests = Path(__file__).parents[1]
    names = [
        ".".join(("tests", *path.relative_to(tests).with_suffix("").parts))
        for path in tests.rglob("grows.py")
    ]
    return [import_module(name).Grows(region) for name in sorted(names)]


@pytest.mark.django_db
def test_no_page_asks_more_the_more_there_is(
    operator: Operator,
    consultant: User,
    sign_in: Any,
    trial: None,
) -> None:
    region = Region(operator, consultant)
    talks = Talks(region) if apps.is_installed("brobygger.dialogue") else None
    rooms = rooms_that_grow(region)
    people = {"the office": sign_in(consultant), "a firm": sign_in(region.brewer), "nobody": Client()}
    few: dict[str, dict[str, int]] = {}
    grown: dict[str, dict[str, tuple[int, int]]] = {}
    for times in (FEW, MORE):
        region.grow(times)
        if talks:
            talks.grow(times)
        for room in rooms:
            room.grow(times)
        if few:
            grown = {who: asking_more(client, few[who]) for who, client in people.items()}
            continue
        keys = region.keys() | {start: values for room in rooms for start, values in room.keys().items()}
        longest_first = dict(sorted(keys.items(), key=lambda entry: -len(entry[0])))
        pages = addresses(longest_first, talks.keys if talks else dict)
        few = {who: asked_by(client, that_open(client, pages)) for who, client in people.items()}
    assert {who: pages for who, pages in grown.items() if pages} == {}
    assert len(few["the office"]) > 50, "most pages must open, or the test says nothing"
    assert {"/i-dag/", "/plan/", "/virksomheder/", f"/match/{region.match.pk}/"} <= few["the office"].keys()
    assert {"/opskrifter/", "/opskrifter/trial/proeve/"} <= few["the office"].keys()
    assert {"/min-side/", "/har-og-mangler/", "/match/"} <= few["a firm"].keys()
    assert "/aabne/" in few["nobody"]


class Talks:
    """The office's talks with the firm, and what was agreed in them."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.talk = self.step = None

    def grow(self, times: int) -> None:
        from tests.dialogue import made

        for _ in range(times):
            for firm in (self.region.firm, self.region.new_firm()):
                self.talk = made.talk(firm, self.region.consultant)
                self.step = made.step(firm, self.region.consultant)

    def keys(self, route: str) -> dict[str, Any]:
        firm = self.region.firm.pk
        if route.startswith("opfoelgninger/"):
            return {"pk": self.step.pk, "organisation_pk": firm}
        return {"pk": self.talk.pk, "organisation_pk": firm}
