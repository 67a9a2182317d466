# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the boards do when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from brobygger.accounts.models import Invitation, User
from brobygger.accounts.signals import invitation_accepted
from brobygger.base import bodies
from brobygger.boards.models import Board, Seat
from brobygger.register.models import Person


@receiver(invitation_accepted)
def know_the_member(sender: Any, user: User, invitation: Invitation, **kwargs: Any) -> None:
    """A member who was invited sees the boards where a person with that address has a seat."""
    people = Person.objects.filter(operator_id=invitation.operator_id, user=None, email__iexact=user.email)
    person = people.filter(seats__isnull=False).first()
    if (
        person is not None
        and not Person.objects.filter(operator_id=invitation.operator_id, user=user).exists()
    ):
        person.user = user
        person.save()


@receiver(post_delete, sender=Person)
def forget_seats(sender: Any, instance: Person, **kwargs: Any) -> None:
    """Whoever is erased leaves no line of history either; the seats themselves go with the person."""
    Seat.history.filter(person_id=instance.pk).delete()


@receiver(post_save, sender=Seat)
@receiver(post_delete, sender=Seat)
def tell_of_the_seat(sender: Any, instance: Seat, **kwargs: Any) -> None:
    """Cases that the board decides follow its members."""
    bodies.changed.send(sender=Seat, operator_id=instance.person.operator_id)


@receiver(post_save, sender=Board)
def tell_of_the_board(sender: Any, instance: Board, **kwargs: Any) -> None:
    """A board that is closed or gets another name decides no longer."""
    bodies.changed.send(sender=Board, operator_id=instance.operator_id)
