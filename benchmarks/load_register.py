# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented firms for the measured region, with their places of work, tags and people."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from benchmarks.batches import BATCH, batches
from benchmarks.invented import MUNICIPALITIES, firm_name, street
from brobygger.accounts.models import Operator
from brobygger.base.danish import sort_key
from brobygger.knowledge.geography import postal_codes_in
from brobygger.knowledge.industries import db25_codes
from brobygger.register import places
from brobygger.register.models import Affiliation, Establishment, Organisation, Person, Tag

FIRST_CVR = 91_000_000


def fill(office: Operator, neighbour: Operator, count: int, chance: random.Random) -> None:
    """So many firms, a tenth of them with the neighbour."""
    towns = [
        (code.code, code.lat, code.lon)
        for place in MUNICIPALITIES
        for code in postal_codes_in(place)
        if code.lat is not None and code.lon is not None
    ]
    industries = list(db25_codes())

    def one(number: int) -> Organisation:
        name, (postal_code, latitude, longitude) = firm_name(chance), chance.choice(towns)
        return Organisation(
            operator=neighbour if number % 10 == 9 else office,
            name=name,
            sort_name=sort_key(name),
            cvr=str(FIRST_CVR + number),
            industry=chance.choice(industries),
            street=street(chance),
            postal_code=postal_code,
            latitude=latitude + chance.gauss(0, 0.02),
            longitude=longitude + chance.gauss(0, 0.03),
            employees=None if chance.random() < 0.1 else int(chance.paretovariate(1)) - 1,
            founded_on=date(1990, 1, 1) + timedelta(days=chance.randrange(13_000)),
            status=Organisation.Status.DISSOLVED if chance.random() < 0.08 else Organisation.Status.ACTIVE,
            invented=True,
        )

    tags = [
        Tag.objects.create(operator=office, name=name) for name in ("Vækst", "Klima", "Fødevarer", "Turisme")
    ]
    for numbers in batches(range(count)):
        rows = [one(number) for number in numbers]
        places.locate_all(rows)
        stored = Organisation.objects.bulk_create(rows)
        Organisation.history.bulk_history_create(stored, batch_size=BATCH)
        Establishment.objects.bulk_create(_sites(stored))
        marked = [row for row in stored if row.operator_id == office.pk and chance.random() < 0.1]
        through = Organisation.tags.through
        through.objects.bulk_create(
            through(organisation_id=row.pk, tag_id=chance.choice(tags).pk) for row in marked
        )
        people = Person.objects.bulk_create(
            Person(operator_id=row.operator_id, name=f"Kontakt {row.cvr}") for row in stored[::5]
        )
        Affiliation.objects.bulk_create(
            Affiliation(person=person, organisation=row, title="Direktør")
            for person, row in zip(people, stored[::5], strict=True)
        )


def _sites(organisations: Sequence[Organisation]) -> Iterator[Establishment]:
    """A main address each, and a second place of work for each tenth."""
    same = (
        "street",
        "postal_code",
        "city",
        "municipality_code",
        "latitude",
        "longitude",
        "x",
        "y",
        "industry",
    )
    for row in organisations:
        for number in range(2 if row.pk % 10 == 0 else 1):
            yield Establishment(
                organisation=row,
                operator_id=row.operator_id,
                name=row.name,
                p_number=f"1{row.cvr}{number}",
                is_main=number == 0,
                employees=row.employees,
                **{name: getattr(row, name) for name in same},
            )
