# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A confidential listing leaves no trace for anybody but its office's consultants and heads, and its owner.

The world is looked at through every page twice, without and with the confidential listing, its suggestions and a
match of it. For everybody else the two must be the same to the letter. And everything that can be asked for by id is
asked for with the confidential ids and with ids that do not exist: the answers must be the same too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from brobygger.accounts.models import AuditEntry, Role, User
from brobygger.base import search
from brobygger.base.models import Letter
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.services import listings, matching, network
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory, firm_user, user_as

MARKER = "Kvaltinorsk specialfoder"
TYPING_ERROR = "kvaltinorks"
VIEWERS = ("firm", "partner", "admin", "neighbour", "neighbouring firm", "anonymous")
SKIPPED = ("account_", "mfa_", "socialaccount_", "openid_connect_")
"""A person's own sign-in pages: they hold random keys, and nothing of the market."""


def patterns(
    resolver: URLResolver, before: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    """(name with namespace, names of the arguments) of every page that has a name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from patterns(entry, before + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern) and entry.name:
            arguments = re.findall(r"<(?:\w+:)?(\w+)>", before + str(entry.pattern))
            yield ":".join((*namespaces, entry.name)), arguments


def pages_without_arguments() -> list[str]:
    names = {
        name for name, arguments in patterns(get_resolver()) if not arguments and not name.startswith(SKIPPED)
    }
    return sorted(reverse(name) for name in names)


def pages_by_id() -> list[tuple[str, str]]:
    """(name, argument) of everything that is asked for with one UUID."""
    found = set()
    for name, arguments in patterns(get_resolver()):
        if len(arguments) == 1:
            try:
                reverse(name, kwargs={arguments[0]: uuid4()})
            except Exception:
                continue
            found.add((name, arguments[0]))
    return sorted(found)


class World:
    """An office, its neighbour, and firms with open listings that the confidential one will fit."""

    def __init__(self) -> None:
        self.operator = OperatorFactory(name="Erhverv Prøvekommune")
        self.neighbour = OperatorFactory(name="Nabokontoret")
        self.brewery = OrganisationFactory(operator=self.operator, name="Bryggeriet Humle")
        self.owner = OrganisationFactory(operator=self.operator, name="Gården Høj", industry="014200")
        foreign = OrganisationFactory(operator=self.neighbour, name="Nabobryggeriet")
        self.grain = self._have(self.brewery)
        self.theirs = self._have(foreign)
        self.open_needs = [
            ListingFactory(
                organisation=OrganisationFactory(operator=self.operator, x=690000.0 + 800 * n),
                side="need",
                resource_type="cattle_feed",
                text=f"Foder til kvæg nummer {n}",
            )
            for n in range(12)
        ]
        everyone = [self.brewery, self.owner, foreign, *(need.organisation for need in self.open_needs)]
        search.index("organisation", everyone)
        search.index("listing", [self.grain, self.theirs, *self.open_needs])
        matching.refresh_all(self.operator)
        matching.refresh_all(self.neighbour)
        self.people = {
            "firm": firm_user(self.brewery),
            "partner": user_as(Role.PARTNER, self.operator),
            "admin": user_as(Role.ADMIN, self.operator),
            "neighbour": user_as(Role.CONSULTANT, self.neighbour),
            "neighbouring firm": firm_user(foreign),
            "anonymous": None,
        }
        self.consultant = user_as(Role.CONSULTANT, self.operator)
        User.objects.update(last_login=timezone.now())  # shown to colleagues; looking must not change it

    @staticmethod
    def _have(organisation):
        return ListingFactory(organisation=organisation, resource_type="spent_grain")

    def hide_something(self) -> Listing:
        """The owner's confidential need, with a photo, suggestions, a match, and a plan for the whole network with it."""
        picture = BytesIO()
        Image.new("RGB", (40, 40), "green").save(picture, "PNG")
        secret = listings.create_listing(
            organisation=self.owner,
            by=self.consultant,
            side="need",
            kind="material",
            resource_type="cattle_feed",
            text=MARKER,
            quantity=Decimal(987),
            unit="t",
            period="year",
            visibility="broker",
            photo=ContentFile(picture.getvalue(), name="foder.png"),
        )
        for operator in (self.operator, self.neighbour):
            matching.refresh_all(operator)
        pair = Suggestion.objects.get(operator=self.operator, have=self.grain, need=secret)
        network.pin(pair, self.consultant)
        matching.accept(pair, self.consultant)
        network.carry_out(network.ask_for_run(self.operator, self.consultant, goal="dkk", least=0.1))
        return secret

    def browser(self, who: str) -> Client:
        client = Client()
        person = self.people[who]
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def addresses(self) -> list[str]:
        """Every page without arguments, and those of open records with the questions an attacker would ask."""
        listing_pages = [self.grain.get_absolute_url(), self.theirs.get_absolute_url()]
        organisations = [o.get_absolute_url() for o in (self.owner, self.brewery)]
        suggestions = [
            reverse("market:suggestion", args=[pk])
            for pk in Suggestion.objects.exclude(need__visibility="broker")
            .order_by("pk")
            .values_list("pk", flat=True)[:12]
        ]
        questions = []
        for address in (
            reverse("market:listings"),
            "/api/v1/har-og-mangler",
            reverse("market:export_listings"),
        ):
            questions += [
                f"{address}?{query}"
                for query in (
                    f"q={MARKER}", f"q={TYPING_ERROR}", "synlig=broker", "visibility=broker", "kontor=andre",
                    "retning=need", "side=need", f"virksomhed={self.owner.pk}",
                )
            ]  # fmt: skip
        for address in (reverse("register:organisations"), "/api/v1/virksomheder/"):
            questions += [f"{address}?q={MARKER}", f"{address}?q=Høj", f"{address}?q={TYPING_ERROR}"]
        return [*pages_without_arguments(), *listing_pages, *organisations, *suggestions, *questions]


def content_of(response) -> str:
    """What the person gets, without what is different every time: tokens, nonces, times, and the bytes of a zip."""
    if response.get("Content-Type", "").startswith("application/vnd.openxml"):
        body = response.getvalue() if response.streaming else response.content
        book = load_workbook(BytesIO(body))
        return repr([[[cell.value for cell in row] for row in sheet.rows] for sheet in book])
    body = response.getvalue() if response.streaming else response.content
    text = body.decode("utf-8", errors="replace")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    text = re.sub(
        r'name="entry_key" value="[0-9a-f-]{36}"', "", text
    )  # a form's own key, so it is stored once
    text = re.sub(r'nonce="[^"]*"', "", text)
    text = re.sub(r"\d\d?[:.]\d\d(?=[^\d])", "", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+\d\d:\d\d)?", "", text)
    return f"{response.status_code} {response.get('Location', '')}\n{text}"


def looked_at(world: World, who: str, addresses: list[str]) -> dict[str, str]:
    """Address → what is there. The lookers' own exports are taken out of the audit trail first: they are ours."""
    browser = world.browser(who)
    AuditEntry.objects.filter(user__in=[person for person in world.people.values() if person]).delete()
    return {address: content_of(browser.get(address)) for address in addresses}


@pytest.fixture
def world(db, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Without log lines, of which every refusal would write one, and without the brake on guessing: here much is guessed."""
    logging.disable(logging.CRITICAL)
    monkeypatch.setattr("brobygger.base.secret_links.MOST_WRONG", 10**6)
    yield World()
    logging.disable(logging.NOTSET)


def test_no_page_list_count_search_export_or_answer_changes_by_it(world):
    addresses = world.addresses()
    before = {who: looked_at(world, who, addresses) for who in VIEWERS}
    letters = Letter.objects.count()
    world.hide_something()
    for who in VIEWERS:
        after = looked_at(world, who, addresses)
        differing = [address for address in addresses if after[address] != before[who][address]]
        assert differing == [], f"{who} can tell that there is something"
    assert Letter.objects.count() == letters
    assert mail.outbox == []


def test_the_offices_consultants_do_see_it_and_so_does_its_owner(world):
    secret = world.hide_something()
    world.people |= {"consultant": world.consultant, "owner": firm_user(world.owner)}
    assert MARKER in world.browser("consultant").get(secret.get_absolute_url()).content.decode()
    chosen = world.browser("consultant").get(reverse("market:suggestions"), {"tilstand": "accepted"})
    assert MARKER in chosen.content.decode()
    assert MARKER in world.browser("owner").get(secret.get_absolute_url()).content.decode()
    planned = world.browser("consultant").get(world.grain.get_absolute_url()).content.decode()
    assert world.owner.name in planned.split('id="i-planen"')[1].split("</section>")[0]
    assert 'id="i-planen"' not in world.browser("owner").get(secret.get_absolute_url()).content.decode()
    photo = reverse("media", args=[secret.photo.name])
    assert world.browser("consultant").get(photo).status_code == 200
    assert world.browser("owner").get(photo).status_code == 200


@pytest.mark.parametrize("who", VIEWERS)
def test_what_is_asked_for_by_its_ids_answers_as_if_it_were_not_there(world, who):
    secret = world.hide_something()
    ids: list[UUID] = [
        secret.pk,
        *Suggestion.objects.filter(need=secret).values_list("pk", flat=True),
        *Match.objects.filter(need=secret).values_list("pk", flat=True),
    ]
    browser = world.browser(who)
    nowhere = uuid4()
    told = []
    for name, argument in pages_by_id():
        for method in (browser.get, browser.post):
            missing, *asked = (
                content_of(method(reverse(name, kwargs={argument: key}))).replace(str(key), "")
                for key in (nowhere, *ids)
            )
            if any(answer != missing for answer in asked):
                told.append(name)
    assert told == []
    assert Match.objects.get().stage == "chosen"
    secret.refresh_from_db()
    assert secret.status == "active"


@pytest.mark.parametrize("who", VIEWERS)
def test_its_photo_is_not_there(world, who):
    secret = world.hide_something()
    browser = world.browser(who)
    assert browser.get(reverse("media", args=[secret.photo.name])).status_code == 404


def test_the_firm_it_would_meet_keeps_its_ten_suggestions(world):
    def shown():
        rows = Suggestion.objects.visible_to(world.people["firm"]).filter(have=world.grain, state="new")
        return sorted(rows.values_list("need_id", "state", "score"))

    before = shown()
    assert len(before) >= 10
    world.hide_something()
    assert shown() == before


def test_a_new_open_listing_is_ranked_as_if_it_were_not_there(world):
    secret = world.hide_something()
    fresh = ListingFactory(
        organisation=OrganisationFactory(operator=world.operator, x=688000.0), resource_type="spent_grain"
    )
    matching.refresh_listing(fresh)
    with_it = dict(
        Suggestion.objects.filter(have=fresh, kind="pair")
        .exclude(need=secret)
        .values_list("need_id", "have_rank")
    )
    Match.objects.all().delete()
    Suggestion.objects.filter(need=secret).delete()
    Suggestion.objects.filter(have=fresh).delete()
    Listing.objects.filter(pk=secret.pk).delete()
    matching.refresh_listing(fresh)
    without = dict(Suggestion.objects.filter(have=fresh, kind="pair").values_list("need_id", "have_rank"))
    assert with_it == without


def test_one_that_was_open_disappears_for_the_neighbour_at_once_also_where_it_was_decided_about(world):
    need = world.open_needs[0]
    rows = Suggestion.objects.filter(operator=world.neighbour, need=need)
    assert rows.exists()
    matching.decline(rows.get(), world.people["neighbour"], "other")
    need.visibility = "broker"
    need.save()
    matching.refresh_listing(need)
    assert not Suggestion.objects.visible_to(world.people["neighbour"]).filter(need=need).exists()
