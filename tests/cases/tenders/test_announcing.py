# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A tender that is out is told to firms with access, and to those that have consented once it is open to all: each once, no
protected firm without its own yes. The office is shown who fits, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.base.models import Letter
from brobygger.cases.tenders import announcing, services
from brobygger.cases.tenders.models import Announcement, Tender
from brobygger.cases.tenders.proposing import proposals
from brobygger.market.models import Listing
from brobygger.outreach.models import Consent, MailAddress, Purpose
from brobygger.outreach.services import consents
from brobygger.outreach.services.consents import TENDERS
from brobygger.register.models import Organisation
from tests.cases.tenders import made
from tests.cases.tenders.made import Story
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory, firm_user


def told() -> list[str]:
    return sorted(letter.to[0] for letter in Letter.objects.filter(subject__startswith="Ny opgave"))


def consent(firm, email: str, *, purpose: str = TENDERS, **more) -> Consent:
    what, _new = Purpose.objects.get_or_create(
        operator=firm.operator, key=purpose, defaults={"name": purpose, "description": "x"}
    )
    return Consent.objects.create(
        operator=firm.operator, organisation=firm, purpose=what, email=email, source="form", **more
    )


def published(operator, consultant, **values) -> Story:
    return made.published(operator, consultant, **{"industries": "10", **values})


@pytest.fixture
def firms(operator) -> dict[str, str]:
    """What a firm is → the address that it would be written to at."""
    food = OrganisationFactory(operator=operator, industry="105100")
    builder = OrganisationFactory(operator=operator, industry="410010")
    shy = OrganisationFactory(operator=operator, industry="105100", ad_protected=True)
    shy_yes = OrganisationFactory(operator=operator, industry="105100", ad_protected=True)
    outside, elsewhere = (
        OrganisationFactory(operator=office, industry="105100") for office in (operator, OperatorFactory())
    )
    consent(outside, "ja@example.invalid")
    consent(shy_yes, "skjult-ja@example.invalid")
    consent(builder, "byg-ja@example.invalid")
    consent(elsewhere, "andetsteds@example.invalid")
    consent(food, "nyhedsbrev@example.invalid", purpose="newsletter")
    return {"food": firm_user(food).email, "builder": firm_user(builder).email, "shy": firm_user(shy).email}


def test_firms_with_access_and_those_who_consented_are_told_once(operator, consultant, firms) -> None:
    story = published(operator, consultant)
    assert announcing.due() == [story.tender.pk]
    for _ in range(2):
        announcing.announce(story.tender.pk)
    assert told() == sorted([firms["food"], "ja@example.invalid", "skjult-ja@example.invalid"])
    assert announcing.due() == []
    letter = Letter.objects.get(to=["ja@example.invalid"])
    assert "Afmeld:" in letter.body
    assert "List-Unsubscribe" in letter.headers
    assert story.tender.get_absolute_url() in letter.body
    member = Letter.objects.get(to=[firms["food"]])
    assert "fordi I har adgang" in member.body
    for kept in ("100.000", "300.000"):
        assert kept not in letter.body


def test_without_industries_all_are_told(operator, consultant, firms) -> None:
    announcing.announce(published(operator, consultant, industries="").tender.pk)
    assert {firms["food"], firms["builder"], "byg-ja@example.invalid"} <= set(told())
    assert firms["shy"] not in told()
    assert "andetsteds@example.invalid" not in told()
    assert "nyhedsbrev@example.invalid" not in told()


def test_while_members_are_first_nobody_else_hears_of_it(operator, consultant, firms) -> None:
    story = published(operator, consultant, value=100_000, threshold=300_000)
    Tender.objects.filter(pk=story.tender.pk).update(members_until=timezone.now() + timedelta(days=5))
    announcing.announce(story.tender.pk)
    assert told() == [firms["food"]]
    assert "I ser den før andre." in Letter.objects.get(to=[firms["food"]]).body
    assert announcing.due() == []
    Tender.objects.filter(pk=story.tender.pk).update(members_until=timezone.now() - timedelta(seconds=1))
    assert announcing.due() == [story.tender.pk]
    announcing.announce(story.tender.pk)
    assert told() == sorted([firms["food"], "ja@example.invalid", "skjult-ja@example.invalid"])


def test_who_took_it_back_and_dead_addresses_get_none(operator, consultant, firms) -> None:
    Consent.objects.filter(email="ja@example.invalid").update(
        withdrawn_at=timezone.now(), withdrawn_how="link"
    )
    MailAddress.objects.create(operator=operator, email="skjult-ja@example.invalid", dead_at=timezone.now())
    announcing.announce(published(operator, consultant).tender.pk)
    assert told() == [firms["food"]]


def test_a_firm_that_has_said_no_is_not_told_by_way_of_its_access(operator, consultant, firms) -> None:
    gone = {"withdrawn_at": timezone.now(), "withdrawn_how": "link"}
    food = Organisation.objects.get(affiliations__person__user__email=firms["food"])
    colleague = firm_user(food).email
    consent(food, "info@example.invalid", **gone)
    announcing.announce(published(operator, consultant).tender.pk)
    assert not {firms["food"], colleague} & set(told())
    yes = consent(food, colleague)
    announcing.announce(published(operator, consultant).tender.pk)
    assert {firms["food"], colleague} <= set(told()), "somebody there has said yes again"
    consents.unsubscribe(yes.token)
    Letter.objects.all().delete()
    announcing.announce(published(operator, consultant).tender.pk)
    assert not {firms["food"], colleague} & set(told())


def test_an_address_that_has_said_no_in_one_firm_is_not_told_by_way_of_another(
    operator, consultant, firms
) -> None:
    builder = Organisation.objects.get(affiliations__person__user__email=firms["builder"])
    mine = consent(builder, firms["food"])
    consents.unsubscribe(mine.token)
    Purpose.objects.filter(key=TENDERS).update(active=False)
    announcing.announce(published(operator, consultant).tender.pk)
    assert firms["food"] not in told()
    Purpose.objects.filter(key=TENDERS).update(active=True)
    consent(Organisation.objects.get(affiliations__person__user__email=firms["food"]), firms["food"])
    announcing.announce(published(operator, consultant).tender.pk)
    assert firms["food"] in told()


def test_no_to_the_newsletter_is_no_answer_about_tenders(operator, consultant, firms) -> None:
    food = Organisation.objects.get(affiliations__person__user__email=firms["food"])
    consent(
        food, firms["food"], purpose="events", withdrawn_at=timezone.now(), withdrawn_how="link",
    )  # fmt: skip
    announcing.announce(published(operator, consultant).tender.pk)
    assert firms["food"] in told()


def test_the_purpose_is_known_by_its_key_whatever_it_is_called(operator, consultant) -> None:
    consents.create_shipped_purposes(operator, user=consultant)
    purpose = Purpose.objects.get(operator=operator, name="Udbud og opgaver")
    firm = OrganisationFactory(operator=operator, industry="105100")
    consents.give(firm, purpose, "ja@example.invalid", source="form", user=consultant)
    consents.save_purpose(
        operator, "Opgaver fra kommunen", purpose.description, user=consultant, purpose=purpose
    )
    consents.create_shipped_purposes(operator, user=consultant)
    assert not Purpose.objects.filter(operator=operator, name="Udbud og opgaver").exists()
    announcing.announce(published(operator, consultant).tender.pk)
    assert told() == ["ja@example.invalid"]


def test_what_is_over_cancelled_or_a_draft_is_told_to_nobody(operator, consultant, firms) -> None:
    draft = made.drafted(operator, consultant, industries="10")
    services.set_up(draft.case, deadline=timezone.now() + made.IN_TWO_WEEKS, members_days=0, user=consultant)
    cancelled, over = published(operator, consultant), published(operator, consultant)
    cancelled.go("drop", reason="Nej")
    over.pass_deadline()
    for story in (draft, cancelled, over):
        announcing.announce(story.tender.pk)
    assert announcing.due() == []
    assert not told()


def test_publishing_asks_a_worker_to_tell(
    operator, consultant, firms, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks() as waiting:
        story = published(operator, consultant)
    assert waiting
    assert not Announcement.objects.exists()
    assert announcing.due() == [story.tender.pk]


def test_the_office_is_shown_who_fits_and_why_and_nothing_confidential(
    operator, consultant, as_consultant
) -> None:
    story = made.published(
        operator, consultant, industries="", challenge="Vi vil have mindre madspild i børnehaver"
    )
    writes = OrganisationFactory(operator=operator, name="Spildfri ApS", description="Rådgivning om madspild")
    offers = OrganisationFactory(operator=operator, name="Køkkenhjælp ApS")
    ListingFactory(
        organisation=offers, kind="competence", resource_type="", text="Kurser om madspild i køkkener"
    )
    secret = OrganisationFactory(operator=operator, name="Hemmelig ApS")
    ListingFactory(
        organisation=secret, kind="competence", resource_type="", text="Madspild i børnehaver",
        visibility=Listing.Visibility.BROKER,
    )  # fmt: skip
    OrganisationFactory(operator=operator, name="Skjult ApS", description="Madspild", ad_protected=True)
    OrganisationFactory(operator=operator, name="Murer ApS", description="Vi murer")
    found = {one.firm.name: one.why for one in proposals(story.fresh())}
    assert set(found) == {writes.name, offers.name}
    assert "madspild" in found[writes.name]
    shown = as_consultant.get(reverse("tenders:manage", args=[story.case.pk])).content.decode()
    assert "Virksomheder, der passer" in shown
    assert "Spildfri ApS" in shown
    assert "Hemmelig ApS" not in shown
    public = Client().get(reverse("tenders:tender", args=[story.tender.token])).content.decode()
    assert "Spildfri ApS" not in public


def test_named_industries_narrow_the_proposals_and_bids_change_nothing(operator, consultant) -> None:
    story = made.published(operator, consultant, industries="62", challenge="Et system til madspild")
    maker = OrganisationFactory(operator=operator, industry="621000", description="")
    OrganisationFactory(operator=operator, industry="105100", description="Madspild")
    before = [one.firm for one in proposals(story.fresh())]
    assert before == [maker]
    story.bid()
    assert [one.firm for one in proposals(story.fresh())] == before
