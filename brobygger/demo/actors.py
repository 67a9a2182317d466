# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The offices, people, organisations and listings of the source documents, and invented firms around them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password

from brobygger.accounts.models import Membership, Operator, Role, ServedMunicipality, User
from brobygger.base import danish
from brobygger.demo.moments import then
from brobygger.market.models import Listing, Suggestion
from brobygger.market.services.listings import create_listing
from brobygger.register.models import Affiliation, Organisation, Person
from brobygger.register.services import create_organisation

OFFICE, NEIGHBOUR = "demo-lejre", "demo-nabo"
PEOPLE = (
    ("konsulent@demo.invalid", "Kirsten Konsulent (demo)", OFFICE, Role.CONSULTANT),
    ("chef@demo.invalid", "Carl Chef (demo)", OFFICE, Role.HEAD),
    ("virksomhed@demo.invalid", "Bodil Brygger (demo)", OFFICE, Role.FIRM),
    ("admin@demo.invalid", "Aksel Administrator (demo)", OFFICE, Role.ADMIN),
    ("nabokonsulent@demo.invalid", "Niels Nabokonsulent (demo)", NEIGHBOUR, Role.CONSULTANT),
)
FIRM_OF_THE_FIRM_USER = "bryghus"
INVENTED_FIRMS = 320
SEED = 2026
JITTER = 0.028  # degrees, about three kilometres
BEGAN = 1_700
"""Days since the office began with its register: before all that the demo tells."""
POSTED = (3, 430)
"""The days ago between which the invented firms posted what they have and need."""
POSTED_FIRST = (260, 430)
"""The same for the actors of the source documents, before their stories."""


@cache
def data(name: str) -> Any:
    """One of the demo's data files."""
    return yaml.safe_load((files("brobygger.demo") / "data" / f"{name}.yaml").read_text("utf-8"))


def create_offices() -> dict[str, Operator]:
    """The two business offices with the municipalities they serve."""
    made = {}
    for row in data("actors")["offices"]:
        office = Operator.objects.create(
            slug=row["slug"], name=row["name"], kind=row["kind"], email=row["email"]
        )
        ServedMunicipality.objects.bulk_create(
            ServedMunicipality(operator=office, code=code) for code in row["municipalities"]
        )
        made[row["slug"]] = office
    return made


def create_people(offices: Mapping[str, Operator], password: str) -> dict[str, User]:
    """The five people who can sign in, all invented. Their one password is hashed once: that takes half a second."""
    people, hashed = {}, make_password(password)
    for email, name, office, role in PEOPLE:
        user = User.objects.create(email=email, password=hashed, name=name)
        Membership.objects.create(user=user, operator=offices[office], role=role)
        people[email] = user
    return people


def create_actors(offices: Mapping[str, Operator], people: Mapping[str, User]) -> dict[str, Organisation]:
    """The organisations of the source documents, each with a contact person and its listings."""
    made, when = {}, random.Random(SEED)
    for row in data("actors")["organisations"]:
        postal_code, city, latitude, longitude = row["place"]
        organisation = create_organisation(
            offices[row["office"]],
            {
                "name": row["name"], "kind": row["kind"], "industry": row["industry"],
                "employees": row.get("employees"), "postal_code": postal_code, "city": city,
                "municipality_code": row.get("municipality", ""),
                "latitude": latitude, "longitude": longitude, "description": _with_sources(row["about"]),
                "email": f"{row['key']}@demo.invalid", "invented": row.get("invented", False),
            },
            tags=row.get("tags", ()),
            source=Organisation.Source.DEMO,
        )  # fmt: skip
        is_users_own = row["key"] == FIRM_OF_THE_FIRM_USER
        _add_contact(organisation, row["key"], people["virksomhed@demo.invalid"] if is_users_own else None)
        for listing in row["listings"]:
            with then(when.randint(*POSTED_FIRST)):
                _create_listing(organisation, listing)
        made[row["key"]] = organisation
    return made


def _with_sources(about: str) -> str:
    """The text with its sources' names in place of their letters: »… [D000]« becomes »… Kilde: …«."""
    text, _bracket, letters = about.partition(" [")
    names = [data("actors")["sources"][letter] for letter in letters.rstrip("]").split(", ") if letter]
    return f"{text} Kilde: {'; '.join(names)}." if names else text


def _add_contact(organisation: Organisation, key: str, user: User | None) -> None:
    person = Person.objects.create(
        operator=organisation.operator,
        user=user,
        name=user.name if user else "Kontakten (demo)",
        email=user.email if user else f"{key}@demo.invalid",
    )
    Affiliation.objects.create(person=person, organisation=organisation, may_act=user is not None)


def _create_listing(organisation: Organisation, row: Mapping[str, Any]) -> Listing:
    return create_listing(
        organisation=organisation,
        by=None,
        invented=True,
        find_suggestions=False,
        side=row["side"],
        kind=row["kind"],
        resource_type=row["type"],
        text=row["text"],
        quantity=Decimal(str(row["quantity"])) if "quantity" in row else None,
        unit=row.get("unit", ""),
        period=row.get("period", Listing.Period.ONCE),
        lot=Decimal(str(row["lot"])) if "lot" in row else None,
        least_share=row.get("least"),
        waste_code=row.get("waste_code", ""),
        food_grade=row.get("food_grade", False),
        price_kind=row.get("price", Listing.Price.NEGOTIABLE),
        price=Decimal(str(row["amount"])) if "amount" in row else None,
        reach_km=row.get("reach"),
        quality=row.get("quality", ""),
        area_m2=row.get("area"),
        equipment=row.get("equipment", ""),
        approvals=row.get("approvals", ""),
        opening_hours=row.get("hours", ""),
        terms=row.get("terms", ""),
        visibility=row.get("visibility", Listing.Visibility.OPEN),
    )


def create_invented_firms(offices: Mapping[str, Operator], count: int = INVENTED_FIRMS) -> None:
    """So many invented firms with what their trade has and needs. The same every time."""
    made, when = random.Random(SEED), random.Random(SEED)
    by_municipality = {code: office for office in offices.values() for code in office.municipality_codes}
    names = _names(made)
    trades = data("invented")["trades"]
    places = data("invented")["places"]
    for number in range(count):
        trade = made.choices(trades, [t["weight"] for t in trades])[0]
        postal_code, city, latitude, longitude, municipality, _weight = made.choices(
            places, [p[-1] for p in places]
        )[0]
        organisation = create_organisation(
            by_municipality[municipality],
            {
                "name": names(trade["name"]), "industry": trade["industry"], "cvr": str(99_300_000 + number),
                "employees": made.randint(*trade["employees"]), "postal_code": postal_code, "city": city,
                "street": f"Opdigtet Vej {number + 1}", "municipality_code": municipality,
                "email": f"firma{number}@demo.invalid",
                "latitude": latitude + made.uniform(-JITTER, JITTER) / 1.6,
                "longitude": longitude + made.uniform(-JITTER, JITTER),
                "description": "Opdigtet til demoen.", "invented": True,
            },
            source=Organisation.Source.DEMO,
        )  # fmt: skip
        listings = [*_listings_of(trade, made), *([_confidential(made)] if number == 0 else [])]
        listings += _listings_of(trade.get("also", {"have": [], "need": []}), when)
        for listing in listings:
            with then(when.randint(*POSTED)):
                _create_listing(organisation, listing)


def found_when_posted() -> None:
    """The engine found each suggestion when the later of its listings was posted."""
    rows = list(Suggestion.objects.select_related("have", "need"))
    for row in rows:
        row.found_at = max(row.have.created_at, row.need.created_at if row.need else row.have.created_at)
    Suggestion.objects.bulk_update(rows, ["found_at"], batch_size=500)


def _names(made: random.Random) -> Any:
    """A function that gives a trade a name not given before."""
    given: set[str] = set()
    words = data("invented")

    def name(trade: str) -> str:
        while True:
            form = made.choice(words["forms"])
            found = f"{made.choice(words['first_names'])} {trade} {form}".strip()
            if found not in given:
                given.add(found)
                return found

    return name


def _listings_of(trade: Mapping[str, Any], made: random.Random) -> Iterator[dict[str, Any]]:
    for side in ("have", "need"):
        for kind, type_id, text, low, high, unit, period in trade[side]:
            if made.random() < 0.55:
                quantity = _round(made.uniform(low, high))
                yield {
                    "side": side, "kind": kind, "type": type_id, "text": text.format(q=danish.number(quantity)),
                    "quantity": quantity, "unit": unit, "period": period, "reach": made.choice([15, 25, 40, 60]),
                    "visibility": "open" if made.random() < 0.8 else "members",
                }  # fmt: skip


def _confidential(made: random.Random) -> dict[str, Any]:
    row = data("invented")["confidential"]
    quantity = _round(made.uniform(2, 6))
    return {
        "side": "have", "kind": "residue", "type": row["type"], "text": row["text"].format(q=danish.number(quantity)),
        "quantity": quantity, "unit": "t", "period": "month", "visibility": "broker",
    }  # fmt: skip


def _round(amount: float) -> int:
    """Two figures, as people say it."""
    if amount < 20:
        return max(1, round(amount))
    step: int = 10 ** (len(str(int(amount))) - 2)
    return round(amount / step) * step
