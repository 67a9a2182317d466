# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with recommendations: give one, answer it, link what is done about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.boards.errors import BadValues, NotYourBoard
from brobygger.boards.models import Answer, Board, Recommendation
from brobygger.boards.services.boards import office_only
from brobygger.dialogue.models import FollowUp

_DECIDED = frozenset(
    {Recommendation.State.FOLLOWED, Recommendation.State.PARTLY, Recommendation.State.DECLINED}
)


@transaction.atomic
def give(board: Board, *, user: User, **values: Any) -> Recommendation:
    """Record a recommendation. Values: title, text, addressee, given_on, answer_by, answerer, meeting, item.

    Raises BadValues, NotYourBoard.
    """
    office_only(user, board.operator_id)
    new = Recommendation(board=board, state=Recommendation.State.GIVEN)
    _fill(new, **values)
    new.state_on = new.given_on
    new.save()
    Answer.objects.create(
        recommendation=new, on=new.given_on, state=new.state, decided_by=board.name, entered_by=user
    )
    return new


@transaction.atomic
def change(recommendation: Recommendation, *, user: User, expected: int, **values: Any) -> Recommendation:
    """Correct a recommendation's own words and dates. Raises EditedMeanwhile, BadValues, NotYourBoard."""
    stored = _claimed(recommendation, user, expected)
    _fill(stored, **values)
    stored.save()
    return stored


@transaction.atomic
def answer(
    recommendation: Recommendation,
    *,
    on: date,
    state: str,
    decided_by: str,
    text: str,
    user: User,
    expected: int,
) -> Recommendation:
    """What became of it, on a day. Raises EditedMeanwhile, BadValues, NotYourBoard."""
    stored = _claimed(recommendation, user, expected)
    decided_by, text = " ".join(clean_text(decided_by).split()), clean_text(text)
    faults = {}
    if state not in Recommendation.State.values or state == stored.state == Recommendation.State.GIVEN:
        faults["state"] = _("Vælg, hvor langt den er.")
    if not stored.state_on <= on <= timezone.localdate():
        faults["on"] = _("Vælg en dag efter det seneste svar og senest i dag.")
    if state in _DECIDED and not decided_by:
        faults["decided_by"] = _("Skriv, hvem der besluttede det.")
    if state in _DECIDED and not text:
        faults["text"] = _("Skriv svaret.")
    if len(decided_by) > 120:
        faults["decided_by"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": 120}
    if len(text) > 10_000:
        faults["text"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": "10.000"}
    if faults:
        raise BadValues(faults)
    stored.state, stored.state_on = state, on
    stored.save()
    Answer.objects.create(
        recommendation=stored, on=on, state=state, decided_by=decided_by, text=text, entered_by=user
    )
    return stored


@transaction.atomic
def link(recommendation: Recommendation, follow_up: FollowUp, *, user: User) -> None:
    """Something is done about it: a follow-up of the office's. Raises NotYourBoard."""
    office_only(user, recommendation.board.operator_id)
    if follow_up.operator_id != recommendation.board.operator_id:
        raise NotYourBoard
    recommendation.follow_ups.add(follow_up)


@transaction.atomic
def unlink(recommendation: Recommendation, follow_up: FollowUp, *, user: User) -> None:
    """The follow-up has nothing to do with it; it stays itself. Raises NotYourBoard."""
    office_only(user, recommendation.board.operator_id)
    recommendation.follow_ups.remove(follow_up)


@transaction.atomic
def delete(recommendation: Recommendation, *, user: User) -> None:
    """Delete one that was entered by mistake; that it was done is in the audit trail. Raises NotYourBoard."""
    stored = Recommendation.objects.select_related("board__operator").get(pk=recommendation.pk)
    office_only(user, stored.board.operator_id)
    audit.record(
        "recommendation_deleted", user=user, operator=stored.board.operator, about=stored.title[:200]
    )
    stored.delete()


def _claimed(recommendation: Recommendation, user: User, expected: int) -> Recommendation:
    stored = Recommendation.objects.select_related("board").get(pk=recommendation.pk)
    office_only(user, stored.board.operator_id)
    claim(stored, expected)
    return stored


def _fill(new: Recommendation, **values: Any) -> None:
    title = " ".join(clean_text(values["title"]).split())
    text = clean_text(values.get("text", ""))
    addressee = " ".join(clean_text(values.get("addressee", "")).split())
    given_on, answer_by, answerer = values["given_on"], values.get("answer_by"), values.get("answerer")
    meeting, item = values.get("meeting"), values.get("item")
    faults = {}
    if not 0 < len(title) <= 200:
        faults["title"] = _("Skriv anbefalingen med højst 200 tegn.")
    if len(text) > 10_000:
        faults["text"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": "10.000"}
    if len(addressee) > 120:
        faults["addressee"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": 120}
    if given_on > timezone.localdate():
        faults["given_on"] = _("Vælg en dag, der har været.")
    if answer_by and answer_by < given_on:
        faults["answer_by"] = _("Svaret kan ikke ventes, før anbefalingen er givet.")
    if answerer and not answerer.is_staff_of(new.board.operator_id):
        faults["answerer"] = _("Vælg en af kontorets egne.")
    if meeting and meeting.board_id != new.board_id:
        faults["meeting"] = _("Vælg et af rådets egne møder.")
    if item and (not meeting or item.meeting_id != meeting.pk):
        faults["item"] = _("Vælg et af mødets egne punkter.")
    if faults:
        raise BadValues(faults)
    new.title, new.text, new.addressee = title, text, addressee
    new.given_on, new.answer_by, new.answerer = given_on, answer_by, answerer
    new.meeting, new.item = meeting, item
