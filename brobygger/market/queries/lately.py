# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What firms wrote themselves lately: what they have and need, words about a match, a no to a suggestion, a message.

One question to the database for all of it. Only for consultants and heads of the operator: the caller has made sure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, Membership, Role
from brobygger.base.models import Letter
from brobygger.market.models import Listing, Match, MatchNote, Suggestion
from brobygger.market.queries.suggestions import of_office

SINCE = timedelta(days=14)
MOST = 8
_READ = 5 * MOST
"""Lines that are read: several may be about one listing."""
_COLUMNS = ("what", "moment", "who", "key", "about", "said", "detail")
NEW, CHANGED, NOTE, DECLINED, LETTER = "+", "~", "note", "declined", "letter"


@dataclass(frozen=True, slots=True)
class Written:
    """One thing a firm wrote. `about`: the firm, or the two of a match. `said` is theirs; `detail` depends on `what`."""

    what: str
    moment: datetime
    who: str
    key: UUID
    about: str
    said: str
    detail: str

    @property
    def url(self) -> str:
        """Where to read it; empty for a message, which lies in the office's mail."""
        pages = {
            NEW: "market:listing", CHANGED: "market:listing", NOTE: "market:match", DECLINED: "market:suggestion",
        }  # fmt: skip
        return reverse(pages[self.what], args=[self.key]) if self.what in pages else ""

    @property
    def did(self) -> str:
        """What they did."""
        return {
            NEW: _("ny"),
            CHANGED: _("rettet"),
            NOTE: _("besked"),
            DECLINED: _("nej tak"),
            LETTER: _("besked til kontoret"),
        }[self.what]

    @property
    def is_secret(self) -> bool:
        return self.what in {NEW, CHANGED} and self.detail == Listing.Visibility.BROKER

    @property
    def why(self) -> str:
        """Why they said no."""
        return str(dict(Suggestion.Decline.choices).get(self.detail, "")) if self.what == DECLINED else ""


def written_lately(operator: Any, matches: QuerySet[Match]) -> list[Written]:
    """The newest first, each listing and each match once. `matches`: those whose notes the person wants to hear of."""
    since = timezone.now() - SINCE
    office = Membership.objects.filter(operator=operator, role__in=STAFF).values("user_id")
    firms = Membership.objects.filter(role=Role.FIRM).exclude(user_id__in=office).values("user_id")
    lines = tuple(
        rows.filter(
            **{f"{person}__in": firms, f"{person}__isnull": False, f"{moment}__gte": since}
        )  # told twice, for PostgreSQL: it would read all that nobody wrote, too
        for rows, person, moment in (
            (_listings(operator), "history_user", "history_date"),
            (_notes(matches), "by", "at"),
            (_refusals(operator), "decided_by", "decided_at"),
            (_letters(operator), "written_by", "created_at"),
        )
    )
    first, *others = (rows.order_by().values_list(*_COLUMNS) for rows in lines)
    found: dict[UUID, Written] = {}
    for row in first.union(*others, all=True).order_by("-moment")[:_READ]:
        line = Written(*row)
        kept = found.setdefault(line.key, line)
        if line.what == NEW:  # new within these days, however often it was corrected since
            found[line.key] = replace(kept, what=NEW)
    return list(found.values())[:MOST]


def _listings(operator: Any) -> QuerySet[Any]:
    """The history of the operator's listings, but for those that were withdrawn."""
    kept = Listing.objects.filter(operator=operator).exclude(status=Listing.Status.WITHDRAWN)
    told: QuerySet[Any] = (
        Listing.history.filter(Exists(kept.filter(pk=OuterRef("id"))))
        .exclude(history_type="-")
        .annotate(
            what=_text(F("history_type")),
            moment=F("history_date"),
            who=_text(F("history_user__name")),
            key=F("id"),
            about=_text(F("organisation__name")),
            said=_text(F("text")),
            detail=_text(F("visibility")),
        )
    )
    return told


def _notes(matches: QuerySet[Match]) -> QuerySet[Any]:
    """Words about a match, to the office or to both."""
    return (
        MatchNote.objects.filter(Exists(matches.order_by().filter(pk=OuterRef("match_id"))), private=False)
        .exclude(text="")
        .annotate(
            what=_text(Value(NOTE)),
            moment=F("at"),
            who=_text(F("by__name")),
            key=F("match_id"),
            about=_both("match__giver__name", "match__taker__name"),
            said=_text(F("text")),
            detail=_text(Value("")),
        )
    )


def _refusals(operator: Any) -> QuerySet[Any]:
    """Suggestions that a firm declined."""
    return (
        of_office(operator)
        .filter(state=Suggestion.State.DECLINED, kind=Suggestion.Kind.PAIR)
        .annotate(
            what=_text(Value(DECLINED)),
            moment=F("decided_at"),
            who=_text(F("decided_by__name")),
            key=F("id"),
            about=_both("have__organisation__name", "need__organisation__name"),
            said=_text(F("decline_note")),
            detail=_text(F("decline_reason")),
        )
    )


def _letters(operator: Any) -> QuerySet[Any]:
    """Messages to the office about a listing."""
    return Letter.objects.filter(operator=operator).annotate(
        what=_text(Value(LETTER)),
        moment=F("created_at"),
        who=_text(F("written_by__name")),
        key=F("id"),
        about=_text(F("written_by__name")),
        said=_text(F("subject")),
        detail=_text(F("reply_to")),
    )


def _text(expression: Any) -> Cast:
    """All parts of a union must have columns of one kind."""
    return Cast(expression, TextField())


def _both(giver: str, taker: str) -> Cast:
    return _text(Concat(giver, Value(" → "), taker, output_field=TextField()))
