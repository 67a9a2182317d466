# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people decide about a suggestion: choose it, say no and why, put it off, open it again, be interested."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.errors import UserError
from brobygger.base.forms import clean_text
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.services.matching.memory import facts_of, permits_of
from brobygger.register.models import Organisation

State = Suggestion.State
OPEN = (State.NEW, State.PUT_OFF)


class NotForYou(UserError):
    """The person may not decide about this suggestion."""

    def __init__(self) -> None:
        super().__init__(_("Du kan kun svare på forslag om det, du selv har eller mangler."))


class OnlyTheOffice(UserError):
    """A firm tried what only consultants and heads do."""

    def __init__(self) -> None:
        super().__init__(_("Det er erhvervskontorets konsulenter, der vælger og udskyder forslag."))


class AlreadyDecided(UserError):
    """Somebody else decided meanwhile."""

    def __init__(self, suggestion: Suggestion) -> None:
        self.suggestion = suggestion
        super().__init__(
            _("Forslaget er allerede »%(state)s«. Genindlæs siden for at se, hvem der besluttede det.")
            % {"state": suggestion.get_state_display()}
        )


class NoLongerThere(UserError):
    """What is offered or sought has been withdrawn, paused or fulfilled, or its last day is gone."""

    def __init__(self, listing: Listing) -> None:
        super().__init__(
            _("»%(what)s« (%(who)s) er ikke længere aktuelt: %(status)s.")
            % {
                "what": listing.title,
                "who": listing.organisation,
                "status": _("tiden er gået")
                if listing.status == Listing.Status.ACTIVE
                else str(listing.get_status_display()).lower(),
            }
        )


class BadDecision(UserError):
    """A reason or a date that cannot be used."""


def accept(suggestion: Suggestion, user: User) -> Match:
    """Choose the suggestion: it becomes a match. Only consultants and heads of its operator.

    Raises `OnlyTheOffice`, and what `services.matches.choose` raises (somebody was first; no longer on offer).
    """
    from brobygger.market.services.matches import choose  # matches use this package to remember failures

    if not user.is_staff_of(suggestion.operator_id):
        raise OnlyTheOffice
    return choose(suggestion, user)


@transaction.atomic
def decline(suggestion: Suggestion, user: User, reason: str, note: str = "") -> Suggestion:
    """Say no, and why. It stays away until what the reason is about has changed, see `memory`.

    The office declines its own suggestion. A firm declines for itself, so it is declined at every office that has
    it. Raises `NotForYou`, `BadDecision` without a reason, `AlreadyDecided`.
    """
    side = _side_of(suggestion, user)
    if reason not in Suggestion.Decline.values:
        raise BadDecision(_("Vælg, hvorfor det ikke passer."))
    kept = clean_text(note)
    if len(kept) > 500:
        raise BadDecision(_("Bemærkningen må højst være 500 tegn. Den er på %(size)s.") % {"size": len(kept)})
    stored = _open(suggestion)
    rows = [stored] if side == "office" else _everywhere(stored)
    for row in rows:
        _decline(row, user, reason, kept)
    return stored


def _everywhere(suggestion: Suggestion) -> list[Suggestion]:
    """The same pair at every office where it is open, this one first among them."""
    rows = Suggestion.objects.filter(
        kind=suggestion.kind, have=suggestion.have, need=suggestion.need, state__in=[*OPEN, State.STALE]
    ).exclude(pk=suggestion.pk)
    return [suggestion, *rows.order_by("pk")]


def _decline(row: Suggestion, user: User | None, reason: str, note: str) -> None:
    other = row.need or row.organisation
    if other is None:
        raise ValueError("a suggestion has another side")  # a database constraint
    taker = other.organisation_id if isinstance(other, Listing) else other.pk
    row.state, row.decline_reason, row.decline_note = State.DECLINED, reason, note
    row.decline_facts = facts_of(row.have, other, permits_of([taker]).get(taker, []))
    row.put_off_until = None
    row.decided_by, row.decided_at = user, timezone.now()
    row.save(
        update_fields=[
            "state", "decline_reason", "decline_note", "decline_facts", "put_off_until", "decided_by", "decided_at",
        ]
    )  # fmt: skip


@transaction.atomic
def remember_failure(match: Match, user: User | None) -> Suggestion:
    """A match came to nothing (`why_not` says why): the pair is remembered like a declined suggestion.

    Makes the suggestion where two were brought together without one.
    """
    other: dict[str, Any] = (
        {"need": match.need} if match.need is not None else {"need": None, "organisation": match.taker}
    )
    row = Suggestion.objects.filter(
        operator_id=match.operator_id, have=match.have, **other
    ).first() or Suggestion.objects.create(
        operator_id=match.operator_id,
        have=match.have,
        kind=Suggestion.Kind.PAIR if match.need is not None else Suggestion.Kind.TAKER,
        score=0.0,
        reason=_("Sat sammen af kontoret."),
        **other,
    )
    _decline(row, user, match.why_not, match.why_not_note)
    return row


@transaction.atomic
def put_off(suggestion: Suggestion, user: User, until: date | None) -> Suggestion:
    """Take it up again on that day. Raises `OnlyTheOffice`, `BadDecision` on a day that is not to come, `AlreadyDecided`."""
    if not user.is_staff_of(suggestion.operator_id):
        raise OnlyTheOffice
    if until is None or until <= timezone.localdate():
        raise BadDecision(_("Vælg en dag efter i dag."))
    if (until - timezone.localdate()).days > 3 * 365:
        raise BadDecision(_("Vælg en dag inden for de næste tre år."))
    stored = _open(suggestion)
    stored.state, stored.put_off_until = State.PUT_OFF, until
    stored.decided_by, stored.decided_at = user, timezone.now()
    stored.save(update_fields=["state", "put_off_until", "decided_by", "decided_at"])
    return stored


@transaction.atomic
def reopen(suggestion: Suggestion, user: User) -> Suggestion:
    """Take a declined or put-off suggestion up again. Raises `OnlyTheOffice`, `AlreadyDecided`,
    `NoLongerThere`."""
    if not user.is_staff_of(suggestion.operator_id):
        raise OnlyTheOffice
    stored = _locked(suggestion)
    if stored.state not in (State.DECLINED, State.PUT_OFF):
        raise AlreadyDecided(stored)
    check_is_there(stored)
    stored.state, stored.put_off_until = State.NEW, None
    stored.decline_reason, stored.decline_note, stored.decline_facts = "", "", {}
    stored.decided_by, stored.decided_at = user, timezone.now()
    stored.save(
        update_fields=[
            "state", "put_off_until", "decline_reason", "decline_note", "decline_facts", "decided_by", "decided_at",
        ]
    )  # fmt: skip
    return stored


@transaction.atomic
def be_interested(suggestion: Suggestion, user: User) -> Suggestion:
    """A firm says that it would like this; the office sees it. Raises `NotForYou`, `AlreadyDecided`."""
    side = _side_of(suggestion, user, firms_only=True)
    stored = _open(suggestion)
    name = "giver_interested_at" if side == "have" else "taker_interested_at"
    Suggestion.objects.filter(kind=stored.kind, have=stored.have, need=stored.need, state__in=OPEN).update(
        **{name: timezone.now()}
    )
    stored.refresh_from_db()
    return stored


def check_is_there(suggestion: Suggestion) -> None:
    """Raises `NoLongerThere` where one of the two is not on offer or sought any more."""
    for side in (suggestion.have, suggestion.need):
        if side is not None and not side.is_current:
            raise NoLongerThere(side)


def wake() -> int:
    """What was put off until today or before is new again, if both sides still are. Returns how many."""
    due = Suggestion.objects.filter(state=State.PUT_OFF, put_off_until__lte=timezone.localdate())
    active = Listing.Status.ACTIVE
    gone = due.exclude(have__status=active) | due.filter(need__isnull=False).exclude(need__status=active)
    Suggestion.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).update(
        state=State.STALE, put_off_until=None, have_rank=None, need_rank=None
    )
    return due.update(state=State.NEW, put_off_until=None, found_at=timezone.now())


def _side_of(suggestion: Suggestion, user: User, *, firms_only: bool = False) -> str:
    """`office`, or the side (`have`, `need`) the person acts for. Raises `NotForYou`."""
    if not firms_only and user.is_staff_of(suggestion.operator_id):
        return "office"
    if not Suggestion.objects.visible_to(user).filter(pk=suggestion.pk).exists():
        raise NotForYou
    own = set(Organisation.objects.acted_for_by(user).values_list("pk", flat=True))
    if suggestion.have.organisation_id in own:
        return "have"
    if suggestion.need is not None and suggestion.need.organisation_id in own:
        return "need"
    raise NotForYou


def _locked(suggestion: Suggestion) -> Suggestion:
    return (
        Suggestion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("have", "need", "organisation")
        .get(pk=suggestion.pk)
    )


def _open(suggestion: Suggestion) -> Suggestion:
    """The stored suggestion, locked. Raises `AlreadyDecided` when it is no longer open."""
    stored = _locked(suggestion)
    if stored.state not in OPEN:
        raise AlreadyDecided(stored)
    return stored
