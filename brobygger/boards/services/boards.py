# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with boards and the seats on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.boards.errors import BadValues, NotYourBoard, StillInUse
from brobygger.boards.models import Board, Seat
from brobygger.register.models import Organisation, Person


def office_only(user: User, operator_id: int) -> None:
    """Raises NotYourBoard."""
    if not user.is_staff_of(operator_id):
        raise NotYourBoard


@transaction.atomic
def found(
    operator: Operator, *, kind: str, name: str, purpose: str, user: User, invented: bool = False
) -> Board:
    """Set up a board. Raises BadValues, NotYourBoard."""
    office_only(user, operator.pk)
    board = Board(operator=operator, invented=invented)
    _fill(board, kind=kind, name=name, purpose=purpose, closed_on=None)
    board.save()
    return board


@transaction.atomic
def change(
    board: Board, *, kind: str, name: str, purpose: str, closed_on: date | None, user: User, expected: int
) -> Board:
    """Correct a board, or close it from a day. Raises EditedMeanwhile, BadValues, NotYourBoard."""
    stored = Board.objects.get(pk=board.pk)
    office_only(user, stored.operator_id)
    claim(stored, expected)
    _fill(stored, kind=kind, name=name, purpose=purpose, closed_on=closed_on)
    stored.save()
    return stored


def _fill(board: Board, *, kind: str, name: str, purpose: str, closed_on: date | None) -> None:
    name, purpose = " ".join(clean_text(name).split()), clean_text(purpose)
    faults = {}
    if not 0 < len(name) <= 120:
        faults["name"] = _("Skriv rådets navn med højst 120 tegn.")
    if len(purpose) > 4000:
        faults["purpose"] = _("Skriv det kortere. Der er plads til 4.000 tegn.")
    if kind not in Board.Kind.values:
        faults["kind"] = _("Vælg arten.")
    same = Board.objects.filter(operator_id=board.operator_id, name=name).exclude(pk=board.pk)
    if same.exists():
        faults["name"] = _("I har allerede et råd, der hedder det.")
    if faults:
        raise BadValues(faults)
    board.kind, board.name, board.purpose, board.closed_on = kind, name, purpose, closed_on


@transaction.atomic
def seat(
    board: Board,
    *,
    person: Person,
    role: str,
    starts_on: date | None,
    ends_on: date | None,
    user: User,
    organisation: Organisation | None = None,
    stands_in_for: Seat | None = None,
) -> Seat:
    """Give a person a seat for a term. Raises BadValues, NotYourBoard."""
    held = Board.objects.select_for_update().get(pk=board.pk)
    office_only(user, held.operator_id)
    new = Seat(board=held, person=person)
    _let_sign_in(person)
    _fill_seat(
        new,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        organisation=organisation,
        stands_in_for=stands_in_for,
    )
    new.save()
    return new


def _let_sign_in(person: Person) -> None:
    """Whoever has an account at the office with the person's address is the person, and sees the board."""
    if person.user_id or not person.email:
        return
    users = User.objects.filter(email__iexact=person.email, memberships__operator_id=person.operator_id)
    user = users.filter(is_active=True).first()
    if user and not Person.objects.filter(operator_id=person.operator_id, user=user).exists():
        person.user = user
        person.save()


@transaction.atomic
def change_seat(
    seat: Seat,
    *,
    role: str,
    starts_on: date | None,
    ends_on: date | None,
    user: User,
    expected: int,
    organisation: Organisation | None = None,
    stands_in_for: Seat | None = None,
) -> Seat:
    """Correct a seat, or let its term end. Raises EditedMeanwhile, BadValues, NotYourBoard."""
    stored = Seat.objects.select_related("board").get(pk=seat.pk)
    Board.objects.select_for_update().get(pk=stored.board_id)
    office_only(user, stored.board.operator_id)
    claim(stored, expected)
    if stored.ends_on != ends_on:
        stored.notice_given_on = None
    _fill_seat(
        stored,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        organisation=organisation,
        stands_in_for=stands_in_for,
    )
    stored.save()
    return stored


def _fill_seat(new: Seat, **values: Any) -> None:
    role, starts_on, ends_on = values["role"], values["starts_on"], values["ends_on"]
    organisation, principal = values["organisation"], values["stands_in_for"]
    faults = {}
    operator = new.board.operator_id
    if new.person.operator_id != operator or (organisation and organisation.operator_id != operator):
        raise NotYourBoard
    if role not in Seat.Role.values:
        faults["role"] = _("Vælg rollen.")
    if starts_on and ends_on and ends_on < starts_on:
        faults["ends_on"] = _("Perioden slutter, før den begynder.")
    if principal and (principal.board_id != new.board_id or principal.pk == new.pk):
        faults["stands_in_for"] = _("Vælg en, der sidder i samme råd.")
    if principal and role != Seat.Role.SUBSTITUTE:
        faults["stands_in_for"] = _("Kun en suppleant træder i en andens sted.")
    if not faults and _sits_already(new, starts_on, ends_on):
        faults["starts_on"] = _("%(name)s sidder allerede i rådet i den periode.") % {"name": new.person.name}
    if not faults and role == Seat.Role.CHAIR and _has_chair(new, starts_on, ends_on):
        faults["role"] = _("Rådet har en anden formand i den periode.")
    if faults:
        raise BadValues(faults)
    new.role, new.starts_on, new.ends_on = role, starts_on, ends_on
    new.organisation, new.stands_in_for = organisation, principal


def _overlapping(new: Seat, starts_on: date | None, ends_on: date | None) -> list[Seat]:
    """The board's other seats that are held on a day of the term."""
    others = Seat.objects.filter(board_id=new.board_id).exclude(pk=new.pk)
    return [
        other
        for other in others
        if (ends_on is None or other.starts_on is None or other.starts_on <= ends_on)
        and (starts_on is None or other.ends_on is None or other.ends_on >= starts_on)
    ]


def _sits_already(new: Seat, starts_on: date | None, ends_on: date | None) -> bool:
    return any(other.person_id == new.person_id for other in _overlapping(new, starts_on, ends_on))


def _has_chair(new: Seat, starts_on: date | None, ends_on: date | None) -> bool:
    return any(other.role == Seat.Role.CHAIR for other in _overlapping(new, starts_on, ends_on))


@transaction.atomic
def remove_seat(seat: Seat, *, user: User) -> None:
    """Take back a seat that was entered by mistake. One that somebody used is ended instead. Raises StillInUse, NotYourBoard."""
    stored = Seat.objects.select_related("board__operator", "person").get(pk=seat.pk)
    office_only(user, stored.board.operator_id)
    if stored.attendances.exists():
        raise StillInUse(_("Pladsen har været brugt ved et møde. Sæt en slutdato i stedet."))
    key = stored.pk
    audit.record("board_seat_deleted", user=user, operator=stored.board.operator, about=str(stored.board))
    stored.delete()
    Seat.history.filter(id=key).delete()


@transaction.atomic
def delete(board: Board, *, user: User) -> None:
    """Delete a board that nothing has happened in. Raises StillInUse, NotYourBoard."""
    stored = Board.objects.select_related("operator").get(pk=board.pk)
    office_only(user, stored.operator_id)
    if stored.meetings.exists() or stored.recommendations.exists():
        raise StillInUse(
            _("Rådet har møder eller anbefalinger. Sæt en dato for, hvornår det er nedlagt, i stedet.")
        )
    audit.record("board_deleted", user=user, operator=stored.operator, about=stored.name)
    stored.delete()


@transaction.atomic
def enter_person(operator: Operator, *, name: str, email: str, user: User) -> Person:
    """Somebody that the register does not know. Raises BadValues, NotYourBoard."""
    office_only(user, operator.pk)
    name = " ".join(clean_text(name).split())
    if not 0 < len(name) <= 120:
        raise BadValues({"name": _("Skriv navnet.")})
    return Person.objects.create(operator=operator, name=name, email=email.strip())


@transaction.atomic
def seat_somebody(
    board: Board, *, known: Person | None, name: str, email: str, user: User, **values: Any
) -> Board:
    """Give a seat to somebody the register knows, else to somebody who is entered now. Raises as `seat` does."""
    person = known or enter_person(board.operator, name=name, email=email, user=user)
    if values.get("organisation") is None:
        firms = person.affiliations.filter(ended_on=None).select_related("organisation")[:2]
        values["organisation"] = firms[0].organisation if len(firms) == 1 else None
    seat(board, person=person, user=user, **values)
    return board
