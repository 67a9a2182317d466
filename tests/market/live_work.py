# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the processes of `test_live_index` do: some write listings, one keeps a live index and looks."""

from __future__ import annotations

import os
import random
import signal
from decimal import Decimal

from django.db import OperationalError, transaction
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.market.models import Listing
from brobygger.market.services import listings as services
from brobygger.market.services.matching.candidates import current
from brobygger.market.services.matching.changes import Changes
from brobygger.market.services.matching.live import Live, live
from brobygger.market.services.matching.refresh import may_be_shown, weigh
from brobygger.market.services.matching.weights import weights_in_use
from brobygger.register.models import Organisation
from tests.factories import OperatorFactory, OrganisationFactory, user_as

TYPES = {"have": ("spent_grain", "brewers_yeast", ""), "need": ("cattle_feed", "pig_feed", "spent_grain")}
WORDS = ("mask fra bryggeri", "foder til kvæg", "gær", "noget helt andet")
LOOK = 40


def furnish() -> None:
    """Two offices with firms and a consultant each, and some listings."""
    chance = random.Random(1)
    for number in range(2):
        office = OperatorFactory(name=f"Kontor {number}")
        user_as("consultant", office)
        for _ in range(8):
            place = {"x": chance.uniform(680_000, 700_000), "y": chance.uniform(6_150_000, 6_170_000)}
            OrganisationFactory(operator=office, **place)
    for _ in range(60):
        new(chance)


def new(chance: random.Random) -> Listing:
    """A listing of any firm."""
    firm = chance.choice(list(Organisation.objects.order_by("pk")))
    side = chance.choice(["have", "need"])
    return services.create_listing(
        organisation=firm, by=None, side=side, kind="residue", text=chance.choice(WORDS),
        resource_type=chance.choice(TYPES[side]), quantity=Decimal(chance.randrange(1, 9)), unit="t", period="week",
        visibility=chance.choice(["open", "open", "members", "broker"]), reach_km=chance.choice([None, 10]),
        find_suggestions=False,
    )  # fmt: skip


def write(seed: int, rounds: int) -> None:
    """Create, change, pause, take up again, withdraw; some of it is taken back."""
    chance = random.Random(seed)
    for _ in range(rounds):
        try:
            with transaction.atomic():
                _one_write(chance)
                if chance.random() < 0.2:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        except (services.UserError, OperationalError):
            pass  # another process was first, or held the only pen for too long


def _one_write(chance: random.Random) -> None:
    if chance.random() < 0.4:
        new(chance)
        return
    listing = chance.choice(list(Listing.objects.order_by("pk")))
    by = listing.operator.memberships.first().user
    match chance.randrange(4):
        case 0:
            amount = Decimal(chance.randrange(1, 9))
            services.change_listing(listing, by=by, expected_version=listing.version, quantity=amount)
        case 1:
            services.pause(listing, by)
        case 2:
            services.resume(listing, by)
        case _:
            services.withdraw(listing, by)


def compare(index: Live) -> int:
    """For every current listing: the index's candidates hold the ten best there are. Returns how many were compared.

    What is written between the two looks is no fault: then both are asked again.
    """
    compared = 0
    for listing in Listing.objects.filter(current()).select_related("organisation"):
        for _attempt in range(20):
            before = Changes()
            before.begin()
            weights = weights_in_use(listing.operator_id)
            found = index.most_promising(listing, LOOK, weights)
            others = Listing.objects.filter(current()).exclude(side=listing.side)
            everyone = list(others.exclude(organisation_id=listing.organisation_id))
            best = [
                str((m.need if listing.side == "have" else m.have).pk)
                for m in weigh([listing], everyone, weights)
                if may_be_shown(m, listing.operator_id)
            ][:10]
            if not before.peek():
                assert found is not None, "the index answers"
                missing = set(best) - set(map(str, found.ids))
                assert not missing, (
                    f"{len(missing)} of the {len(best)} best of {listing.pk} are unknown to the index"
                )
                compared += bool(best)
                break
    return compared


def watch(seconds: float) -> int:
    """Build the index, and compare again and again while others write."""
    live.build()
    until, compared = timezone.now().timestamp() + seconds, 0
    while timezone.now().timestamp() < until:
        compared += compare(live)
    return compared


def die_in_the_middle() -> None:
    """Write, and be killed before it is committed."""
    live.build()
    with transaction.atomic():
        new(random.Random(9))
        office = Operator.objects.order_by("pk")[0]
        Listing.objects.filter(operator=office).first().save()
        os.kill(os.getpid(), signal.SIGKILL)
