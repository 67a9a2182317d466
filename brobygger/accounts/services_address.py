# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Another e-mail address for one's account. It counts once its owner has followed the link of a letter that was sent there.

Whoever asks is answered the same whether the address is free, has an account or is invited: only its owner reads the letter.
The link works for the account that asked and nobody else, so that an address typed wrongly gives no stranger anything.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.accounts.services import HasAccount
from brobygger.accounts.signals import address_changed
from brobygger.base import mail
from brobygger.base.errors import UserError

SALT = "accounts.address"
LASTS = timedelta(days=3)


class OwnAddress(UserError):
    """It is the account's address already."""


class LinkClosed(UserError):
    """The link was used, is too old, is another account's, or was cut short."""


@transaction.atomic
def ask_for_address(user: User, email: str) -> None:
    """Write to the address, given in lower case. Raises OwnAddress."""
    if email == user.email:
        raise OwnAddress(_("Det er den adresse, din konto har i forvejen."))
    owner = User.objects.filter(email__iexact=email).first()
    if owner is not None:
        _tell_owner(owner)
        return
    mail.write(
        to=[email],
        subject=_("Bekræft din nye adresse i Brobygger"),
        body=_(
            "Hej %(name)s\n\nDu, eller en anden, vil bruge denne adresse til sin konto i Brobygger. Bekræft det her inden "
            "for %(days)s dage, mens du er logget ind:\n%(link)s\n\nKender du ikke noget til det, så se bort fra brevet."
        )
        % {"name": user.name, "days": LASTS.days, "link": _link(user, email)},
        user=user,
    )


def _tell_owner(owner: User) -> None:
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        mail.write(
            to=[owner.email],
            subject=_("Adressen har allerede en konto i Brobygger"),
            body=_(
                "Hej %(name)s\n\nNogen har bedt om at bruge denne adresse til en anden konto i Brobygger. Den hører til din "
                "konto, så intet er ændret. Kender du ikke noget til det, så se bort fra brevet."
            )
            % {"name": owner.name},
        )


def _link(user: User, email: str) -> str:
    token = signing.dumps([user.pk, _as_it_is(user), email], salt=SALT)
    return f"{settings.SITE_URL}{reverse('accounts:confirm_address', args=[token])}"


def _as_it_is(user: User) -> str:
    """What a link is good for: the account with this address and password. A change of either closes links sent before."""
    return signing.Signer(salt=SALT).signature(f"{user.email} {user.password}")


def new_address(token: str, user: User) -> str:
    """The address that the link is about. Raises LinkClosed."""
    try:
        key, as_it_was, email = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkClosed(
            _("Linket er for gammelt, eller det er ikke kommet helt med. Bed om et nyt på din profil.")
        ) from None
    if key != user.pk:
        raise LinkClosed(
            _("Linket hører til en anden konto end den, du er logget ind med. Log af, og åbn det igen.")
        )
    if as_it_was != _as_it_is(user):
        raise LinkClosed(
            _("Linket er brugt, eller du har skiftet adgangskode siden. Bed om et nyt på din profil.")
        )
    return str(email)


@transaction.atomic
def confirm_address(token: str, user: User) -> User:
    """Take the address into use; the old one is told, and no longer opens the account. Raises LinkClosed, HasAccount."""
    stored = User.objects.select_for_update().get(pk=user.pk)
    email, old = new_address(token, stored), stored.email
    stored.email = email
    try:
        with transaction.atomic():
            stored.save(update_fields=["email"])
    except IntegrityError:
        raise HasAccount(_("Adressen har fået sin egen konto imens. Din adresse er ikke ændret.")) from None
    EmailAddress.objects.filter(user=stored).delete()
    memberships = stored.memberships.select_related("operator")
    offices = {membership.operator_id: membership.operator for membership in memberships}
    for office in offices.values():
        audit.record("changed_address", user=stored, operator=office, about=f"{old} → {email}")
    mail.write(
        to=[old],
        subject=_("Din konto i Brobygger har fået en ny adresse"),
        body=_(
            "Hej %(name)s\n\nDin konto i Brobygger bruger nu adressen %(email)s, og du kan ikke længere logge ind med "
            "denne.\n\nEr det ikke dig, der har skiftet, så svar på dette brev med det samme."
        )
        % {"name": stored.name, "email": email},
        operator=next(iter(offices.values()), None),
        user=stored,
    )
    address_changed.send(sender=User, user=stored, old=old)
    return stored
