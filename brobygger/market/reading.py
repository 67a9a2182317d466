# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One sentence becomes a proposed listing: the fields as a form takes them, and the words they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brobygger.base.danish import kroner, number
from brobygger.engine.units import UnknownUnit, convert
from brobygger.knowledge import resource_types
from brobygger.knowledge.reading import Proposal, read_listing
from brobygger.market.models import Listing
from brobygger.market.services.listing_rules import GOODS
from brobygger.market.wording import FOOD_BYPRODUCT, HAZARDOUS, amount, type_name, waste_code_text

_REACHES_A_PERSON = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|\+45|\b(?:ring|tlf|telefon|mobil|sms|kontakt)\D{0,40}(?:\d\s?){8}\b", re.IGNORECASE
)
"""An e-mail address or a telephone number among the words."""
LIKELY = 0.6
"""From this certainty on, the type that was read is chosen beforehand."""


@dataclass(frozen=True)
class Read:
    """What we read out of a sentence."""

    values: dict[str, Any]
    """Field → proposed value, to begin the form with."""
    types: tuple[str, ...] = ()
    """Ids of the resource types it may speak of, best first."""
    said: list[tuple[str, str, str]] = field(default_factory=list)
    """(what, how we understood it, the words it came from or ""), for the person to check."""
    notes: list[str] = field(default_factory=list)
    """What the law says about such a thing."""


def read(text: str, side: str = "") -> Read:
    """The proposed listing. Any text is accepted; what it does not say is left for the person.

    `side`: have or need when the person has already said which; it stands over the text.
    """
    proposal = read_listing(text, resource_types(), today=timezone.localdate())
    if side in Listing.Side.values:
        proposal = replace(proposal, side=side)  # type: ignore[arg-type]
    if not _is_likely(proposal):
        proposal = replace(proposal, kind=None, ewc="", food_byproduct=False)
    goods = proposal.side != "need" and proposal.kind in GOODS
    values = {
        "text": text,
        "side": proposal.side or "",
        "kind": proposal.kind or "",
        "resource_type": proposal.type_id if _is_likely(proposal) else "",
        "quantity": proposal.quantity,
        "unit": proposal.unit if proposal.quantity is not None else "",
        "period": proposal.period or Listing.Period.ONCE,
        "starts_on": proposal.starts_on,
        "ends_on": proposal.ends_on,
        "waste_code": proposal.ewc if goods else "",
        "food_grade": bool(proposal.food_grade),
        "hazardous": proposal.hazardous and proposal.side != "need" and proposal.kind in {*GOODS, None},
        "price_kind": _price_kind(proposal),
        "price": _price_per_unit(proposal),
        "visibility": Listing.Visibility.OPEN,
    }
    return Read(values, tuple(hit.type_id for hit in proposal.types), _said(proposal), _notes(text, proposal))


def _is_likely(proposal: Proposal) -> bool:
    """Whether the best guess is good enough to be chosen beforehand; else it is only offered."""
    return bool(proposal.types) and proposal.types[0].score >= LIKELY


def _price_kind(proposal: Proposal) -> str:
    if proposal.free:
        return Listing.Price.FREE
    return Listing.Price.FIXED if _price_per_unit(proposal) is not None else Listing.Price.NEGOTIABLE


def _price_per_unit(proposal: Proposal) -> Decimal | None:
    """Kroner for each of the listing's units; None where the sentence gives no price that can be brought to that."""
    if proposal.price is None or proposal.free:
        return None
    if proposal.quantity is None or proposal.price_unit == proposal.unit:
        return proposal.price
    if not proposal.price_unit:
        return (proposal.price / proposal.quantity).quantize(Decimal("0.01"))
    try:
        size = convert(Decimal(1), proposal.unit, proposal.price_unit)
    except UnknownUnit:
        return None
    return None if size is None else (proposal.price * size).quantize(Decimal("0.01"))


def _said(proposal: Proposal) -> list[tuple[str, str, str]]:
    said = []
    if proposal.side:
        said.append((_("Har eller mangler"), str(Listing.Side(proposal.side).label), ""))
    if proposal.types:
        best = proposal.types[0]
        what = _("Hvad") if _is_likely(proposal) else _("Måske")
        said.append((what, type_name(best.type_id), " ".join(best.words)))
    if proposal.quantity is not None:
        upto = f"–{number(proposal.quantity_upto)}" if proposal.quantity_upto else ""
        shown = amount(proposal.quantity, proposal.unit, proposal.period or "")
        said.append((_("Mængde"), shown.replace(" ", f"{upto} ", 1), proposal.as_written))
    elif proposal.period:
        said.append((_("Hvor tit"), str(Listing.Period(proposal.period).label), ""))
    if proposal.starts_on or proposal.ends_on:
        said.append((_("Hvornår"), _days(proposal), proposal.days_as_written))
    if proposal.free:
        said.append((_("Pris"), _("gratis"), ""))
    elif proposal.price is not None:
        said.append((_("Pris"), kroner(proposal.price), ""))
    if proposal.ewc and proposal.side != "need":
        said.append((_("Affaldskode, hvis det er affald"), waste_code_text(proposal.ewc), ""))
    return said


def _days(proposal: Proposal) -> str:
    """`fra 01.09.2026 til 31.12.2026`, or the one end that is known."""
    first, last = (
        day and date_format(day, "SHORT_DATE_FORMAT") for day in (proposal.starts_on, proposal.ends_on)
    )
    if first and last:
        return first if first == last else _("fra %(first)s til %(last)s") % {"first": first, "last": last}
    return _("fra %(first)s") % {"first": first} if first else _("til %(last)s") % {"last": last}


def _notes(text: str, proposal: Proposal) -> list[str]:
    notes = []
    if proposal.another:
        notes.append(
            _(
                "Der står vist to ting. Gem den ene her, og skriv »%(what)s« for sig, så hver finder sin modtager."
            )
            % {"what": type_name(proposal.another)}
        )
    if _REACHES_A_PERSON.search(text):
        notes.append(
            _(
                "Der står et telefonnummer eller en mailadresse i teksten. Det, der er åbent, kan alle læse. "
                "Erhvervskontoret sætter jer i forbindelse, så det behøver ikke stå der."
            )
        )
    if proposal.food_byproduct:
        notes.append(str(FOOD_BYPRODUCT))
    if proposal.hazardous:
        notes.append(str(HAZARDOUS))
    return notes
