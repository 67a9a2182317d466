# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do about schemes: tell a firm of one, note what it says, and a firm says that it is interested."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.blueprints.models import Definition
from brobygger.dialogue.models import FollowUp
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.errors import BadValues, NotYourOffice
from brobygger.guidance.models import Offer
from brobygger.register.models import Organisation
from brobygger.register.rights import acts_for

LONGEST_WHY = 300
CALL_WITHIN = timedelta(days=7)


@transaction.atomic
def mark(
    organisation: Organisation,
    scheme: Definition,
    state: str,
    *,
    user: User,
    why: str = "",
    invented: bool = False,
) -> Offer:
    """Note that the firm was told of the scheme, is interested, or finds it not relevant and why.

    Raises BadValues, NotYourOffice.
    """
    if not user.is_staff_of(organisation.operator_id):
        raise NotYourOffice
    return _store(organisation, scheme, state, why, user, invented)


@transaction.atomic
def show_interest(organisation: Organisation, scheme: Definition, *, user: User) -> Offer:
    """The firm itself says that it is interested; its office gets a follow-up. Raises NotYourOffice."""
    if not acts_for(user, organisation):
        raise NotYourOffice
    before = Offer.objects.filter(organisation=organisation, scheme_key=scheme.key).first()
    offer = _store(organisation, scheme, Offer.State.INTERESTED, "", user, False)
    if before is None or before.state != Offer.State.INTERESTED:
        FollowUp.objects.create(
            operator_id=organisation.operator_id,
            organisation=organisation,
            due_on=timezone.localdate() + CALL_WITHIN,
            about=_("Ring om ordningen »%(scheme)s«: virksomheden er interesseret")
            % {"scheme": scheme.title[:100]},
        )
    return offer


def _store(
    organisation: Organisation, scheme: Definition, state: str, why: str, user: User, invented: bool
) -> Offer:
    why = " ".join(clean_text(why).split())
    faults = {}
    if scheme.operator_id != organisation.operator_id or scheme.kind != KIND:
        raise NotYourOffice
    if state not in Offer.State.values:
        faults["state"] = _("Vælg, hvad virksomheden svarer.")
    if state == Offer.State.NOT_RELEVANT and not why:
        faults["why"] = _("Skriv, hvorfor den ikke er relevant.")
    if len(why) > LONGEST_WHY:
        faults["why"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": LONGEST_WHY}
    if faults:
        raise BadValues(faults)
    offer = Offer.objects.select_for_update().filter(organisation=organisation, scheme_key=scheme.key).first()
    if offer is None:
        offer = Offer(
            operator_id=organisation.operator_id,
            organisation=organisation,
            scheme_key=scheme.key,
            invented=invented,
        )
    offer.scheme, offer.state, offer.by, offer.at = scheme, state, user, timezone.now()
    offer.why = why if state == Offer.State.NOT_RELEVANT else ""
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError:  # somebody else marked it first, at the same moment: the later word stands
        return _store(organisation, scheme, state, why, user, invented)
    return offer
