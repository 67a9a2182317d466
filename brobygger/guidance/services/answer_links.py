# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The link by which a partner without sign-in sees what was shared, and answers.

The link is signed with the house's key and holds the referral's own random key and when it was made: what is not signed by
us leads nowhere. It shows the snapshot and nothing else, works `ANSWER_LINK_FOR`, dies when a newer one is sent or the
consent is taken back, and has nothing to show when the last word has been said. What is said by it: `link_answers`.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.guidance.errors import LinkIsOver
from brobygger.guidance.models import Referral
from brobygger.guidance.models.referral import ANSWER_LINK_FOR, OPEN

SALT = "guidance.answer_link"


def address_of(referral: Referral) -> str:
    """A fresh link to the referral, which must have its key."""
    from django.urls import reverse

    token = signing.dumps(referral.answer_key, salt=SALT)
    return f"{settings.SITE_URL}{reverse('guidance:answer_by_link', args=[token])}"


def in_letter(referral: Referral) -> str:
    """The lines of a letter that hold the link. The referral gets a new key here; the caller saves it."""
    referral.answer_key = secrets.token_urlsafe(16)
    until = formats.date_format(timezone.localdate() + ANSWER_LINK_FOR, "j. F Y")
    return _(
        "Svar her, uden at logge ind. Sig, om I tager imod henvisningen, og siden, hvad der kom ud af den:\n%(link)s\n"
        "Linket virker til den %(day)s. Giv det ikke videre: den, der har det, kan se, hvad vi har delt."
    ) % {"link": address_of(referral), "day": until}


def find(token: str) -> Referral | None:
    """The referral behind a link; None for what we never signed.

    Raises LinkIsOver for one that is too old, was replaced, or whose referral was taken back or deleted.
    """
    try:
        found = _with_key(signing.loads(token, salt=SALT, max_age=ANSWER_LINK_FOR))
    except signing.SignatureExpired as error:
        raise LinkIsOver(_with_key(signing.loads(token, salt=SALT))) from error
    except (signing.BadSignature, ValueError):
        return None
    if found is None or found.state == Referral.State.WITHDRAWN:
        raise LinkIsOver(found)
    return found


def _with_key(key: object) -> Referral | None:
    if not isinstance(key, str) or not key:
        return None
    related = ("operator", "partner", "scheme", "consultant", "follow_up")
    return (
        Referral.objects.select_related(*related)
        .filter(answer_key=key, direction=Referral.Direction.OUT)
        .first()
    )


def is_answered(referral: Referral) -> bool:
    """Whether the last word has been said: then the link shows nothing more."""
    return referral.state not in OPEN


def may_be_sent(referral: Referral) -> bool:
    """Whether a link can be mailed: to somebody outside the platform who still has something to say."""
    return (
        referral.is_out
        and referral.counterpart_id is None
        and referral.state in OPEN
        and bool(referral.receiver_address)
    )
