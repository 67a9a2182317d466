# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do about access: invite, accept, change a role, close an account, switch office."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Invitation, Membership, Operator, Role, ServedMunicipality, User
from brobygger.accounts.signals import invitation_accepted, membership_ended
from brobygger.base import mail
from brobygger.base.errors import UserError
from brobygger.base.versions import claim


class AlreadyInvited(UserError):
    """There is an open invitation to the same address with the same role."""


class AlreadyMember(UserError):
    """The person already has the role."""


class InvitationClosed(UserError):
    """The link was used, withdrawn or is too old."""


class HasAccount(UserError):
    """The address belongs to an account; its owner signs in to accept."""


class LastAdministrator(UserError):
    """An operator must always have somebody who controls access."""


@transaction.atomic
def invite(
    operator: Operator, email: str, role: str, by: User, name: str = "", organisation_id: int | None = None
) -> Invitation:
    """Send somebody a link to make an account. Raises AlreadyInvited, AlreadyMember."""
    email = email.strip().lower()
    if (
        Membership.objects.filter(user__email=email, operator=operator, role=role).exists()
        and organisation_id is None
    ):
        raise AlreadyMember(_("%(email)s har allerede den rolle her.") % {"email": email})
    waiting = Invitation.objects.filter(
        operator=operator, email=email, role=role, organisation_id=organisation_id,
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now(),
    )  # fmt: skip
    if waiting.exists():
        raise AlreadyInvited(_("%(email)s har allerede en åben invitation.") % {"email": email})
    invitation = Invitation.objects.create(
        operator=operator, email=email, role=role, name=name, invited_by=by, organisation_id=organisation_id
    )
    write_to(
        invitation,
        _(
            "Hej %(name)s\n\n%(by)s inviterer dig til Brobygger hos %(operator)s som %(role)s.\n\n"
            "Opret din adgang her inden %(until)s:\n%(link)s\n\nKender du ikke noget til det, så se bort fra brevet."
        ),
        role=invitation.get_role_display().lower(),
    )
    audit.record("invited", user=by, operator=operator, about=email, role=role)
    return invitation


def write_to(invitation: Invitation, body: str, *, role: str) -> None:
    """The letter with the link."""
    by = invitation.invited_by
    words = {
        "name": invitation.name,
        "by": by.name if by else "",
        "operator": invitation.operator,
        "role": role,
        "until": timezone.localtime(invitation.expires_at).strftime("%d.%m.%Y"),
        "link": link_to(invitation),
    }
    mail.write(
        to=[invitation.email],
        subject=_("Invitation til Brobygger fra %(operator)s") % words,
        body=body % words,
        operator=invitation.operator,
        user=by,
    )


def link_to(invitation: Invitation) -> str:
    """The address in the letter."""
    return f"{settings.SITE_URL}/kontor/invitation/{invitation.token}/"


def open_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises InvitationClosed."""
    invitation = Invitation.objects.select_related("operator", "invited_by").filter(token=token).first()
    if invitation is None or not invitation.is_open:
        raise InvitationClosed(
            _("Linket er brugt, trukket tilbage eller for gammelt. Bed kontoret om et nyt.")
        )
    return invitation


@transaction.atomic
def accept_as_new(token: str, name: str, password: str) -> User:
    """Make the account and connect it. Raises InvitationClosed, HasAccount, and ValidationError for a weak password."""
    invitation = open_invitation(token)
    if User.objects.filter(email=invitation.email).exists():
        raise HasAccount(_("Adressen har allerede en konto. Log ind med den for at tage imod."))
    validate_password(password, User(email=invitation.email, name=name))
    user = User.objects.create_user(invitation.email, password, name=name)
    _connect(invitation, user)
    return user


@transaction.atomic
def accept_with_account(token: str, user: User) -> None:
    """Add the invitation's role to the account that has its address. Raises InvitationClosed, HasAccount."""
    invitation = open_invitation(token)
    if user.email != invitation.email:
        raise HasAccount(_("Invitationen er til en anden adresse end din."))
    _connect(invitation, user)


def _connect(invitation: Invitation, user: User) -> None:
    together = invitation.together()
    claimed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=timezone.now())
    Invitation.objects.filter(pk__in=[one.pk for one in together]).update(accepted_at=timezone.now())
    if not claimed:
        raise InvitationClosed(_("Linket er allerede brugt."))
    for one in together:
        Membership.objects.get_or_create(user=user, operator=one.operator, role=one.role)
        invitation_accepted.send(sender=Invitation, user=user, invitation=one)
        audit.record("accepted", user=user, operator=one.operator, about=one.email, role=one.role)


@transaction.atomic
def withdraw(invitation: Invitation, by: User) -> None:
    """Take an invitation back: its link stops working."""
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(withdrawn_at=timezone.now())
    audit.record("withdrew", user=by, operator=invitation.operator, about=invitation.email)


@transaction.atomic
def end_membership(membership: Membership, by: User) -> None:
    """Take a role from a person. Raises LastAdministrator."""
    others = Membership.objects.filter(operator=membership.operator, role=Role.ADMIN, user__is_active=True)
    if membership.role == Role.ADMIN and not others.exclude(pk=membership.pk).exists():
        raise LastAdministrator(_("Kontoret skal have mindst én administrator. Giv først en anden rollen."))
    audit.record(
        "ended", user=by, operator=membership.operator, about=membership.user.email, role=membership.role
    )
    membership.delete()
    membership_ended.send(
        sender=Membership, user=membership.user, operator=membership.operator, role=membership.role
    )


@transaction.atomic
def change_office(
    operator: Operator,
    by: User,
    *,
    name: str,
    email: str,
    phone: str,
    portal_open: bool,
    municipalities: list[str],
    expected: int,
) -> None:
    """Change the office's own details and which municipalities it serves (four-digit codes). Raises EditedMeanwhile."""
    claim(operator, expected)
    operator.name, operator.email, operator.phone, operator.portal_open = name, email, phone, portal_open
    operator.save()
    operator.municipalities.exclude(code__in=municipalities).delete()
    served = set(operator.municipalities.values_list("code", flat=True))
    ServedMunicipality.objects.bulk_create(
        ServedMunicipality(operator=operator, code=code) for code in municipalities if code not in served
    )
    audit.record("changed_office", user=by, operator=operator, about=operator.name)


@transaction.atomic
def change_profile(user: User, name: str, *, digest: bool) -> None:
    """Change one's own name, and whether the morning's letter comes."""
    user.name, user.digest = name, digest
    user.save(update_fields=["name", "digest"])


def choose_language(user: User, language: str) -> None:
    """Remember the language that letters to the person are written in."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def new_calendar_address(user: User) -> str:
    """Give a person's calendar a secret address, in place of the one it had. Returns its token."""
    token = secrets.token_urlsafe(32)
    User.objects.filter(pk=user.pk).update(calendar_token=token)
    user.calendar_token = token
    audit.record("calendar_address_made", user=user, operator=None)
    return token


@transaction.atomic
def close_calendar_address(user: User) -> None:
    """The calendar is no longer to be had at any address."""
    User.objects.filter(pk=user.pk).update(calendar_token=None)
    user.calendar_token = None
