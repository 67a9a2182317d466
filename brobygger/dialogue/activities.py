# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What counts as a firm taking part in something. Later rooms add their own (events, networks, courses)::

@activity("event", label=_("arrangementer"))
def at_events(firms, since: date) -> Iterable[tuple[int, date]]:
    return Participation.objects.filter(organisation__in=firms, on__gte=since).values_list("organisation_id", "on")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brobygger.dialogue.models import Interaction
from brobygger.dialogue.models.interaction import TALKS
from brobygger.market.models import Listing, Match

Read = Callable[[Any, date], Iterable[tuple[int, date]]]
"""(query or keys of organisations, first day) → (organisation, day) of each activity."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A kind of activity."""

    key: str
    label: str | Promise
    read: Read


_registry: dict[str, Activity] = {}


def activity(key: str, *, label: str | Promise) -> Callable[[Read], Read]:
    """Publish a kind of activity. Raises ValueError on a key used twice."""

    def publish(function: Read) -> Read:
        if key in _registry and _registry[key].read.__module__ != function.__module__:
            raise ValueError(f"activity {key} is published twice")
        _registry[key] = Activity(key, label, function)
        return function

    return publish


def every() -> list[Activity]:
    """All kinds by key."""
    return [_registry[key] for key in sorted(_registry)]


def label_of(key: str) -> str:
    """What a kind is called; the key where no room publishes it."""
    return str(_registry[key].label) if key in _registry else key


@activity("talk", label=_("samtaler"))
def talks(firms: Any, since: date) -> Iterable[tuple[int, date]]:
    links = Interaction.organisations.through.objects.filter(
        organisation__in=firms, interaction__on__gte=since, interaction__kind__in=sorted(TALKS)
    )
    return links.values_list("organisation_id", "interaction__on")


@activity("listing", label=_("har og mangler"))
def listings(firms: Any, since: date) -> Iterable[tuple[int, date]]:
    rows = Listing.objects.filter(organisation__in=firms, created_at__date__gte=since)
    return ((key, timezone.localdate(at)) for key, at in rows.values_list("organisation_id", "created_at"))


@activity("match", label=_("match"))
def matches(firms: Any, since: date) -> Iterable[tuple[int, date]]:
    """Matches where the two were brought together, whichever side the firm was on."""
    never_met = Q(stage=Match.Stage.CHOSEN) | Q(stage=Match.Stage.FELL_THROUGH, have_shown=False)
    met = Match.objects.exclude(never_met).filter(created_at__date__gte=since)
    for side in ("giver", "taker"):
        rows = met.filter(**{f"{side}__in": firms}).values_list(f"{side}_id", "created_at")
        yield from ((key, timezone.localdate(at)) for key, at in rows)
