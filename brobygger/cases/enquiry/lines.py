# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which open listings belong in a prospectus: those of the industry, or whose words speak of it or of what the investor wants.

The rest of what is open is kept beside them, for a person to add. Listings of firms under advertising protection and of sole
traders (whose firm is a person) are in neither: their owners are not shown to strangers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from brobygger.cases import fitting
from brobygger.engine.text_index import TextIndex
from brobygger.knowledge import industry_words
from brobygger.market.models import Listing

READ, MOST, MOST_OTHERS = 500, 15, 40
"""So many listings of a sort are read, so many go in, and so many others may be added."""
SAME = 0.5
LEAST_SHARE = 2
"""A place of less than half of what is asked for is no place for it."""
FARMING = ("01", "02", "03")
"""Industries that grow or keep something: land as it lies is of use to them."""
BUILT_ON = "erhvervsgrund byggegrund grund industrigrund industriareal erhvervsareal byggemodnet lokalplan"
GENERAL = frozenset(["fremstilling", "produktion", "aktiviteter", "aktivitet", "virksomhed", "virksomheder", "lignende", "andre", "anden", "andet", "varer", "vare", "tjenester", "tjeneste", "serviceydelser", "service", "drift", "forbindelse", "hermed", "samt", "undtagen", "specialiserede", "søger", "søge", "vil", "gerne", "ønsker", "plads", "sted", "brug", "ny", "nye", "stor", "store", "etablere", "flytte", "bygge", "ligge", "nær", "tæt", "derfor", "skal", "kan"])  # fmt: skip
"""Words of titles and wishes that say nothing of what it is about."""
_SQUARE_METRES = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+|\d+)\s*(?:m2|m²|kvm|kvadratmeter)(?!\w)", re.IGNORECASE
)
M2 = frozenset({"m2", "m²", "kvm"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for beside the place: industries by the first digits of their code, in words, and square metres."""

    industries: tuple[str, ...]
    text: str = ""
    area_m2: Decimal | None = None

    @property
    def words(self) -> list[str]:
        """The words that tell what it is about."""
        titles = " ".join(industry_words.title_of(code) for code in self.industries)
        return fitting.telling(f"{titles} {self.text}", GENERAL)


@dataclass(frozen=True, slots=True)
class Lines:
    """Those that go in, and others that may be added."""

    chosen: list[dict[str, Any]]
    others: list[dict[str, Any]]


def offers(rows: Iterable[Listing], wish: Wish) -> Lines:
    """Skills or services: the industry's own first, then those that speak of it, newest first."""
    listings = list(rows)
    about = _about(listings, wish.words)
    own = {listing.pk for listing in listings if listing.organisation.industry.startswith(wish.industries)}
    chosen = [one for one in listings if one.pk in own] + [one for one in listings if one.pk in about - own]
    return _split(listings, chosen, own)


def sites(rows: Iterable[Listing], wish: Wish) -> Lines:
    """Premises, storage and land of the right kind and size, the largest first."""
    listings = sorted(rows, key=lambda one: -(square_metres(one) or 0))
    about = _about(listings, wish.words)
    to_build_on = _about(listings, BUILT_ON.split())
    farms = any(code.startswith(FARMING) for code in wish.industries)

    def suits(one: Listing) -> bool:
        area = square_metres(one)
        large = wish.area_m2 is None or (area is not None and area * LEAST_SHARE >= wish.area_m2)
        kind = one.kind == Listing.Kind.PREMISES or farms or one.pk in to_build_on or one.pk in about
        return large and kind

    own = {listing.pk for listing in listings if listing.organisation.industry.startswith(wish.industries)}
    return _split(listings, [one for one in listings if suits(one)], own)


def _about(listings: Sequence[Listing], told: Iterable[str]) -> set[Any]:
    """Those whose text holds one of the words."""
    if not listings:
        return set()
    index = TextIndex([listing.text for listing in listings])
    return {listings[position].pk for _word, position in fitting.holders(index, told, SAME)}


def _split(listings: Sequence[Listing], chosen: Sequence[Listing], own: set[Any]) -> Lines:
    inside = {listing.pk for listing in chosen[:MOST]}
    others = [listing for listing in listings if listing.pk not in inside]
    return Lines(
        [line(listing, own) for listing in chosen[:MOST]],
        [line(listing, own) for listing in others[:MOST_OTHERS]],
    )


def line(listing: Listing, own: set[Any]) -> dict[str, Any]:
    """A listing as the prospectus shows it."""
    firm = listing.organisation
    here = listing.postal_code in ("", firm.postal_code)
    return {
        "pk": str(listing.pk),
        "text": listing.title,
        "kind": str(listing.get_kind_display()),
        "who": firm.name,
        "place": f"{listing.postal_code} {firm.city}".strip() if here else listing.postal_code,
        "area_m2": square_metres(listing),
        "own": listing.pk in own,
    }


def square_metres(listing: Listing) -> int | None:
    """Its area: as typed, as the quantity, or as the text says (`lager på 540 m2`)."""
    if listing.area_m2:
        return int(listing.area_m2)
    if listing.quantity and listing.unit.casefold() in M2:
        return int(listing.quantity)
    said = _SQUARE_METRES.search(listing.text)
    return int(said.group(1).replace(".", "")) if said else None
