# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who is in a mailing: only who said yes, and a firm with advertising protection only on its own yes. Attacked here."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction

from brobygger.outreach.errors import BrokenSegment, NotYourOffice, TooManyFirms
from brobygger.outreach.models import Consent, MailAddress, Recipient
from brobygger.outreach.services import consents, freezing, mailings, recipients
from brobygger.register.models import Affiliation, Tag
from tests.factories import PersonFactory, user_as
from tests.outreach import made

pytestmark = pytest.mark.django_db


def found(operator, user, purpose=None, **asked):
    rows = recipients.find(operator, purpose or made.purpose(operator), "Alle", asked, user)
    return [(row.organisation.name, row.outcome, row.email) for row in rows]


def test_each_firm_is_in_or_out_with_one_reason(operator, consultant):
    made.consent(made.firm(operator, name="A ja"), consultant, "ja@example.invalid")
    made.firm(operator, name="B intet samtykke")
    made.firm(operator, name="C beskyttet", ad_protected=True)
    gone = made.consent(made.firm(operator, name="D afmeldt"), consultant, "d@example.invalid")
    consents.unsubscribe(gone.token)
    made.consent(made.firm(operator, name="E død"), consultant, "e@example.invalid")
    MailAddress.objects.create(operator=operator, email="e@example.invalid", dead_at=gone.created_at)
    made.firm(operator, name="F uden adresse", email="")
    made.consent(made.firm(operator, name="G samme ejer"), consultant, "ja@example.invalid")
    made.consent(made.firm(operator, name="H ophørt", status="dissolved"), consultant, "h@example.invalid")
    assert found(operator, consultant, status="alle") == [
        ("A ja", "in", "ja@example.invalid"),
        ("B intet samtykke", "no_consent", ""),
        ("C beskyttet", "ad_protected", ""),
        ("D afmeldt", "unsubscribed", ""),
        ("E død", "bounced", "e@example.invalid"),
        ("F uden adresse", "no_address", ""),
        ("G samme ejer", "duplicate", "ja@example.invalid"),
        ("H ophørt", "ceased", ""),
    ]


def test_a_protected_firm_is_in_on_its_own_yes(operator, consultant):
    made.consent(made.firm(operator, name="Beskyttet", ad_protected=True), consultant)
    assert found(operator, consultant) == [("Beskyttet", "in", "bodil@example.invalid")]


def test_a_protected_firm_borrows_no_yes_from_its_owners_other_firm(operator, consultant):
    protected = made.firm(operator, name="Beskyttet", ad_protected=True)
    open_firm = made.firm(operator, name="Åben")
    owner = PersonFactory(operator=operator)
    for firm in (protected, open_firm):
        Affiliation.objects.create(person=owner, organisation=firm)
    made.consent(open_firm, consultant, owner.email, person=owner)
    assert {name: outcome for name, outcome, _email in found(operator, consultant)} == {
        "Beskyttet": "ad_protected",
        "Åben": "in",
    }


def test_a_protected_firm_is_out_for_every_other_purpose_than_the_one_it_said_yes_to(operator, consultant):
    firm = made.firm(operator, name="Beskyttet", ad_protected=True)
    made.consent(firm, consultant, purpose=made.purpose(operator, "Arrangementer"))
    assert found(operator, consultant) == [("Beskyttet", "ad_protected", "")]


def test_a_protected_firm_that_took_its_yes_back_is_out(operator, consultant):
    consent = made.consent(made.firm(operator, ad_protected=True), consultant)
    consents.withdraw(consent, how="office", user=consultant)
    assert [outcome for _name, outcome, _email in found(operator, consultant)] == ["unsubscribed"]


def test_whatever_a_protected_firm_is_like_it_gets_no_letter_without_consent(operator, consultant):
    """Every combination of what could let one slip through."""
    shapes = itertools.product(
        ("", "firma@example.invalid"), (True, False), (True, False), ("active", "dissolved")
    )
    for number, (email, person, tagged, status) in enumerate(shapes):
        firm = made.firm(operator, name=f"Firma {number}", email=email, ad_protected=True, status=status)
        if person:
            Affiliation.objects.create(
                person=PersonFactory(operator=operator), organisation=firm, may_act=True
            )
        if tagged:
            firm.tags.add(Tag.objects.get_or_create(operator=operator, name="Vigtig")[0])
    made.consent(made.firm(operator, name="Åben"), consultant)
    reached = [
        name for name, outcome, _email in found(operator, consultant, status="alle") if outcome == "in"
    ]
    assert reached == ["Åben"]


def test_the_database_refuses_a_recipient_without_consent_or_address(operator, consultant):
    mailing = made.draft(operator, consultant)
    firm = made.firm(operator, ad_protected=True)
    consent = made.consent(firm, consultant)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.create(mailing=mailing, organisation=firm, email="a@b.invalid", outcome="in")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.create(mailing=mailing, organisation=firm, consent=consent, outcome="in")


def test_a_consent_taken_back_after_the_recipients_were_found_stops_its_letter(operator, consultant):
    firm = made.firm(operator)
    consent = made.consent(firm, consultant)
    still = made.consent(made.firm(operator), consultant, "anden@example.invalid")
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    freezing.freeze(mailing)
    consents.unsubscribe(consent.token)
    assert mailings.carry_out(mailing, made.unwatched) == 1
    outcomes = dict(mailing.recipients.values_list("consent_id", "outcome"))
    assert outcomes == {consent.pk: "unsubscribed", still.pk: "in"}


def test_a_consent_moved_to_another_firm_writes_to_neither(operator, consultant):
    firm, other = made.firm(operator), made.firm(operator, ad_protected=True)
    consent = made.consent(firm, consultant)
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    freezing.freeze(mailing)
    Consent.objects.filter(pk=consent.pk).update(organisation=other)
    assert mailings.carry_out(mailing, made.unwatched) == 0


def test_a_neighbours_firms_and_consents_are_nobody_here(operator, consultant):
    neighbour = user_as("consultant")
    made.consent(made.firm(neighbour.memberships.get().operator), neighbour)
    assert found(operator, consultant) == []
    with pytest.raises(NotYourOffice):
        found(operator, neighbour)


def test_a_segment_that_lost_a_filter_is_refused_rather_than_widened(operator, consultant):
    tag = Tag.objects.create(operator=operator, name="Få")
    made.consent(made.firm(operator), consultant)
    segment = made.segment(operator, consultant, "Få", maerkat=str(tag.pk))
    assert found(operator, consultant, **segment.asked) == []
    tag.delete()
    with pytest.raises(BrokenSegment):
        found(operator, consultant, **segment.asked)


def test_more_firms_than_one_mailing_should_hold_are_refused(operator, consultant, monkeypatch):
    monkeypatch.setattr(recipients, "MOST_FIRMS", 2)
    for _ in range(3):
        made.firm(operator)
    with pytest.raises(TooManyFirms):
        found(operator, consultant)
