# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An office with at least one of everything, so that every page has something to show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from brobygger.accounts import audit
from brobygger.accounts.models import Invitation, Operator, Role, User
from brobygger.base import jobs
from brobygger.base.models import Job
from brobygger.demo import year
from brobygger.demo.actors import OFFICE
from brobygger.market.models import Delivery, Listing, Match, Outcome, Suggestion
from brobygger.market.services import matching
from brobygger.market.services.letters import GIVER, TAKER, draft, introduce
from brobygger.market.tasks import refresh_suggestions
from brobygger.plan.models import Goal
from brobygger.register.models import Affiliation, Organisation, Permit
from brobygger.register.services import add_establishment, add_permit

State = Suggestion.State


def live_in(made: Mapping[str, Organisation]) -> None:
    """Stories, goals, answers to suggestions, places, permits, an invitation, finished work and an audit trail."""
    office = Operator.objects.get(slug=OFFICE)
    head = User.objects.get(email="chef@demo.invalid")
    consultant = User.objects.get(email="konsulent@demo.invalid")
    year.tell(
        {one.slug: one for one in Operator.objects.all()},
        {one.email: one for one in User.objects.all()},
        made,
    )
    brewery = made["bryghus"]
    add_establishment(brewery, {"name": "Lageret i Herslev", "postal_code": "4000", "city": "Herslev"})
    add_permit(brewery, {"kind": Permit.Kind.FEED, "number": "Prøve 1"})
    answer_some(office, consultant)
    Invitation.objects.create(
        operator=office, email="ny@demo.invalid", name="Ny Firma", role=Role.FIRM, organisation_id=brewery.pk
    )
    audit.record("account_exported", user=head, operator=office)
    jobs.start(
        refresh_suggestions, kind="suggestions", title="Opdatér alle forslag", operator=office, user=consultant,
        operator_id=office.pk,
    )  # fmt: skip


def answer_some(office: Operator, consultant: User) -> None:
    """One suggestion declined, one put off, one chosen and introduced by letter, and a confidential one chosen."""
    mine = Suggestion.objects.filter(operator=office, state=State.NEW, have__operator=office)
    pairs = mine.filter(kind=Suggestion.Kind.PAIR, need__operator=office).exclude(
        have__visibility=Listing.Visibility.BROKER
    )
    declined, later, chosen = pairs[:3]
    matching.decline(declined, consultant, Suggestion.Decline.values[0], "Kendte hinanden")
    matching.put_off(later, consultant, timezone.localdate() + timedelta(days=9))
    match = matching.accept(chosen, consultant)
    subject, body = draft(match, consultant)
    introduce(match, subject=subject, body=body, sides=[GIVER, TAKER], user=consultant, version=match.version)
    secret = Suggestion.objects.filter(
        operator=office, state=State.NEW, have__visibility=Listing.Visibility.BROKER
    ).first()
    assert secret, "the demo's confidential listing met nobody"
    matching.accept(secret, consultant)


def rich_pages() -> list[str]:
    """Addresses of the records with most on them, to open before the links are followed."""
    pages = [match.get_absolute_url() for match in Match.objects.all()]
    for state in (State.NEW, State.DECLINED, State.PUT_OFF, State.ACCEPTED):
        found = Suggestion.objects.filter(state=state).order_by("-kind").first()
        pages += [found.get_absolute_url()] if found else []
    for visibility in Listing.Visibility.values:
        pages += [one.get_absolute_url() for one in Listing.objects.filter(visibility=visibility)[:1]]
    pages += [reverse("plan:goal", args=[goal.pk]) for goal in Goal.objects.all()[:2]]
    pages += [one.get_absolute_url() for one in Organisation.objects.filter(permits__isnull=False)[:1]]
    pages += [reverse("job", args=[job.pk]) for job in Job.objects.all()[:1]]
    without_access = Affiliation.objects.filter(may_act=False, organisation__operator__slug=OFFICE).first()
    pages += [reverse("register:edit_person", args=[without_access.organisation_id, without_access.pk])]
    pages += [reverse("market:correct_delivery", args=[Delivery.objects.latest("on").pk])]
    pages += [reverse("market:delete_outcome", args=[Outcome.objects.latest("on").pk])]
    return pages
