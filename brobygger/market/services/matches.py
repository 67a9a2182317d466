# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The life of a match: chosen → introduced → in dialogue → agreed → running → ended, or fell through (why).

Every change claims the version that the person had on the screen, leaves a note on the timeline and a line in the
history. The legal changes stand in one table, `NEXT`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import join
from brobygger.base.errors import UserError
from brobygger.base.forms import clean_text
from brobygger.base.prepared import prepared
from brobygger.base.versions import EditedMeanwhile, claim
from brobygger.market.models import Match, MatchNote, Suggestion
from brobygger.market.services.following import agreed_anew
from brobygger.market.services.matching.decisions import check_is_there, remember_failure
from brobygger.market.services.matching.permits import check_may_receive
from brobygger.register.models import Organisation

Stage = Match.Stage
NEXT: dict[str, tuple[str, ...]] = {
    Stage.CHOSEN: (Stage.INTRODUCED, Stage.FELL_THROUGH),
    Stage.INTRODUCED: (Stage.DIALOGUE, Stage.AGREED, Stage.FELL_THROUGH),
    Stage.DIALOGUE: (Stage.AGREED, Stage.FELL_THROUGH),
    Stage.AGREED: (Stage.RUNNING, Stage.ENDED, Stage.FELL_THROUGH),
    Stage.RUNNING: (Stage.ENDED, Stage.FELL_THROUGH),
    Stage.ENDED: (Stage.RUNNING,),
    Stage.FELL_THROUGH: (Stage.CHOSEN,),
}
"""Stage → the stages it may become. What runs ends as planned, or falls through before its time. Ended and fallen-through matches may be taken up again."""
FIRM_MAY = frozenset({(Stage.INTRODUCED, Stage.DIALOGUE)})
"""What the firms themselves may say, besides that it came to nothing."""
FIRM_MAY_GIVE_UP = frozenset({Stage.INTRODUCED, Stage.DIALOGUE})
OPEN_SUGGESTION = (Suggestion.State.NEW, Suggestion.State.PUT_OFF)


class AlreadyChosen(UserError):
    """Somebody was first. `match` is the match they made."""

    def __init__(self, match: Match) -> None:
        self.match = match
        who = str(match.consultant) if match.consultant else _("virksomheden selv")
        when = formats.date_format(timezone.localtime(match.created_at), "SHORT_DATETIME_FORMAT")
        super().__init__(
            _("Forslaget er allerede valgt af %(who)s den %(when)s. Du ser det match, der blev oprettet.")
            % {"who": who, "when": when}
        )


class NotOnOffer(UserError):
    """The suggestion was declined, or what it rests on is gone."""


class StageNotReachable(UserError):
    """A change of stage that is not in `NEXT`."""

    def __init__(self, stage: str, to: str) -> None:
        names = dict(Stage.choices)
        super().__init__(
            _("Et match, der er »%(stage)s«, kan ikke blive til »%(to)s«.")
            % {"stage": names.get(stage, stage), "to": names.get(to, to)}
        )


class NeedsAgreement(UserError):
    """Agreed means that somebody wrote down what was agreed."""

    def __init__(self) -> None:
        super().__init__(_("Skriv først, hvad de har aftalt. Så bliver matchet »Aftalt« af sig selv."))


class OwnerNotAsked(UserError):
    """The owner of a confidential listing has not agreed to be shown to the other side."""

    def __init__(self, owners: list[Organisation]) -> None:
        self.owners = owners
        super().__init__(
            _(
                "%(who)s har ikke sagt ja til at blive vist for den anden part. Spørg først, og notér svaret her."
            )
            % {"who": join([str(owner) for owner in owners])}
        )


class NotTheirs(UserError):
    """A firm tried to do what only the office does."""

    def __init__(self) -> None:
        super().__init__(_("Det er kun erhvervskontoret, der kan gøre det."))


def is_office(user: Any, match: Match) -> bool:
    """Whether the person is a consultant or head of the match's operator."""
    return bool(user.is_staff_of(match.operator_id))


@prepared
def _acted_for(user: Any, *sides: Any) -> QuerySet[Any]:
    return Organisation.objects.acted_for_by(user).filter(pk__in=sides).values_list("pk", flat=True)


def acts_for(user: Any, match: Match) -> Organisation | None:
    """The side of the match that the person acts for, or None."""
    own = set(_acted_for(user.pk, match.giver_id, match.taker_id))
    if match.giver_id in own:
        return match.giver
    return match.taker if match.taker_id in own else None


def sides_to_ask(match: Match) -> list[str]:
    """The sides (`have`, `need`) whose owner must agree before the other party hears of them.

    Confidential listings, and a taker that posted nothing and is protected from advertising in CVR
    (reklamebeskyttet, CVR-loven § 19): it is asked by the office before a letter brings somebody to its door.
    """
    sides = []
    if match.have.is_confidential and not match.have_shown:
        sides.append("have")
    confidential_need = match.need is not None and match.need.is_confidential
    protected_taker = match.need is None and match.taker.ad_protected
    if (confidential_need or protected_taker) and not match.need_shown:
        sides.append("need")
    return sides


def owners_to_ask(match: Match) -> list[Organisation]:
    """The organisations behind `sides_to_ask`."""
    return [match.giver if side == "have" else match.taker for side in sides_to_ask(match)]


@transaction.atomic
def choose(suggestion: Suggestion, user: Any) -> Match:
    """Make a match of a suggestion. Two people at once: one match, and the second is told (`AlreadyChosen`).

    Raises `NotOnOffer` when the suggestion was declined or is out of date, `NoLongerThere` when one of the two is, and
    `NeedsPermit`.
    """
    now = timezone.now()
    taken = Suggestion.objects.filter(pk=suggestion.pk, state__in=OPEN_SUGGESTION).update(
        state=Suggestion.State.ACCEPTED, decided_by=user, decided_at=now, put_off_until=None
    )
    if not taken:
        _say_why_not(suggestion)
    fresh = Suggestion.objects.select_related("have", "need__organisation", "organisation").get(
        pk=suggestion.pk
    )
    taker = fresh.need.organisation if fresh.need else fresh.organisation
    if taker is None:
        raise ValueError("a suggestion has another side")  # a database constraint
    check_is_there(fresh)
    check_may_receive(fresh.have, taker)
    consultant = user if user.is_staff_of(fresh.operator_id) else None
    match = Match(
        operator_id=fresh.operator_id,
        suggestion=fresh,
        have=fresh.have,
        need=fresh.need,
        giver_id=fresh.have.organisation_id,
        taker=taker,
        consultant=consultant,
        created_at=now,
        stage_at=now,
    )
    match._history_user = user  # type: ignore[attr-defined]
    match.save()
    MatchNote.objects.create(match=match, by=user, stage=Stage.CHOSEN, at=now)
    return match


def _say_why_not(suggestion: Suggestion) -> None:
    match = Match.objects.filter(suggestion=suggestion).select_related("consultant").first()
    if match is not None:
        raise AlreadyChosen(match)
    raise NotOnOffer(_("Forslaget er afvist eller ikke længere aktuelt, så det kan ikke vælges."))


@transaction.atomic
def move(match: Match, to: str, user: Any, version: int, text: str = "") -> Match:
    """Move a match to another stage, as a person asks for it. A text becomes a note for the office.

    Raises `StageNotReachable`, `NeedsAgreement`, `OwnerNotAsked`, `NotTheirs`, `EditedMeanwhile`. Falling through
    has its own function, because it must say why.
    """
    if not _claim_unless_done(match, version, to, user, text):
        return match
    if not is_office(user, match) and (match.stage, to) not in FIRM_MAY:
        raise NotTheirs
    if to == Stage.FELL_THROUGH:
        raise StageNotReachable(match.stage, to)
    if to == Stage.AGREED and not match.agreements.exists():
        raise NeedsAgreement
    _enter(match, to, user)
    _add_note(match, user, text, private=is_office(user, match))
    return match


def _claim_unless_done(match: Match, version: int, to: str, user: Any, text: str) -> bool:
    """Claim the match; False where the same person has brought it to that stage already, with the same words or none: a
    button pressed twice. Raises `EditedMeanwhile`."""
    try:
        claim(match, version)
    except EditedMeanwhile:
        notes = MatchNote.objects.filter(match=match)
        last = notes.exclude(stage="").order_by("-at", "-pk").first()
        said = clean_text(text)[:4000]
        if (
            last is not None
            and (last.by_id, last.stage) == (user.pk, to)
            and (not said or notes.filter(by=user, text=said).exists())
        ):
            match.refresh_from_db()
            return False
        raise
    return True


@transaction.atomic
def fall_through(match: Match, reason: str, note: str, user: Any, version: int) -> Match:
    """The match came to nothing, and why. The pair is remembered, so that it is not proposed again.

    Raises `StageNotReachable`, `NotTheirs`, `EditedMeanwhile`.
    """
    if not _claim_unless_done(match, version, Stage.FELL_THROUGH, user, note):
        return match
    office = is_office(user, match)
    if not office and match.stage not in FIRM_MAY_GIVE_UP:
        raise NotTheirs
    if reason not in Suggestion.Decline.values:
        raise UserError(_("Vælg, hvorfor det ikke blev til noget."))
    match.why_not, match.why_not_note = reason, clean_text(note)[:500]
    match.follow_up_on, match.follow_up_about = None, ""
    _enter(match, Stage.FELL_THROUGH, user)
    _add_note(match, user, note, private=office)
    remember_failure(match, user)
    return match


def enter_because(match: Match, to: str, user: Any) -> None:
    """Move a match because of something that was recorded (an agreement, a delivery, a letter).

    The caller has claimed the match within its transaction.
    """
    _enter(match, to, user)


def _enter(match: Match, to: str, user: Any) -> None:
    if to not in NEXT[match.stage]:
        raise StageNotReachable(match.stage, to)
    if to in (Stage.INTRODUCED, Stage.DIALOGUE) and (owners := owners_to_ask(match)):
        raise OwnerNotAsked(owners)
    if to == Stage.INTRODUCED:
        match.have_shown = match.need_shown = True
    if to == Stage.CHOSEN:
        match.why_not = match.why_not_note = ""
        Suggestion.objects.filter(match=match).update(
            state=Suggestion.State.ACCEPTED, decline_reason="", decline_note="", decline_facts={}
        )
    _stand_at(match, to, user)


def back_to_dialogue(match: Match, user: Any) -> None:
    """What was agreed was a mistake and has been taken away, so the two are no further than talking: the one way back, and
    therefore not in `NEXT`. The caller has claimed the match within its transaction."""
    _stand_at(match, Stage.DIALOGUE, user)


def _stand_at(match: Match, to: str, user: Any) -> None:
    if (
        match.stage in Match.IN_FORCE
        and to in Match.OVER
        or match.stage in Match.OVER
        and to in Match.IN_FORCE
    ):
        agreed_anew(match)
    match.stage, match.stage_at = to, timezone.now()
    _save(match, user)
    MatchNote.objects.create(match=match, by=user, stage=to, at=match.stage_at, private=to == Stage.CHOSEN)


def _save(match: Match, user: Any) -> None:
    match._history_user = user  # type: ignore[attr-defined]
    match.save()


def _add_note(match: Match, user: Any, text: str, *, private: bool) -> MatchNote | None:
    kept = clean_text(text)
    if not kept:
        return None
    return MatchNote.objects.create(match=match, by=user, text=kept[:4000], private=private)


@transaction.atomic
def owner_agreed(match: Match, side: str, who: str, user: Any, version: int) -> Match:
    """Note that the owner of one side (`have` or `need`) agreed to be shown to the other, and who said so.

    Raises `UserError` without a name, and where there was nothing to ask; `NotTheirs`, `EditedMeanwhile`.
    """
    claim(match, version)
    if not is_office(user, match):
        raise NotTheirs
    name = " ".join(clean_text(who).split())[:120]
    if not name:
        raise UserError(_("Skriv, hvem der har sagt ja."))
    if side not in sides_to_ask(match):
        raise UserError(
            _("Der er ikke noget at spørge om: den side er ikke fortrolig, eller ejeren har sagt ja.")
        )
    if side == "have":
        match.have_shown, owner = True, match.giver
    else:
        match.need_shown, owner = True, match.taker
    _save(match, user)
    text = _("%(name)s har sagt ja til, at %(owner)s bliver vist for den anden part.") % {
        "name": name,
        "owner": owner,
    }
    _add_note(match, user, text, private=True)
    return match


@transaction.atomic
def plan_follow_up(match: Match, on: date | None, about: str, user: Any, version: int) -> Match:
    """Set, move or clear the date of the next follow-up. Raises `UserError` on a date that is gone, `EditedMeanwhile`."""
    claim(match, version)
    if not is_office(user, match):
        raise NotTheirs
    if on is not None and on < timezone.localdate():
        raise UserError(_("Datoen er gået. Vælg en dag fra i dag og frem."))
    match.follow_up_on = on
    match.follow_up_about = " ".join(clean_text(about).split())[:200] if on else ""
    _save(match, user)
    return match


@transaction.atomic
def take_over(match: Match, user: Any, version: int) -> Match:
    """The person becomes the match's consultant. Raises `NotTheirs`, `EditedMeanwhile`."""
    claim(match, version)
    if not is_office(user, match):
        raise NotTheirs
    match.consultant = user
    _save(match, user)
    return match


@transaction.atomic
def write_note(match: Match, text: str, user: Any, *, private: bool) -> MatchNote:
    """Write on the match's timeline. What a firm writes is always shared. The same words that the person wrote there last
    are the same note: a button pressed twice. Raises `UserError` when it is empty."""
    match = Match.objects.select_for_update().get(pk=match.pk)  # of two at once the second sees the first
    private = private and is_office(user, match)
    last = match.notes.order_by("-at", "-pk").first()
    if last and (last.by_id, last.text, last.private, last.stage) == (user.pk, clean_text(text), private, ""):
        return last
    note = _add_note(match, user, text, private=private)
    if note is None:
        raise UserError(_("Skriv noget først."))
    return note
