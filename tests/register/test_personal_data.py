# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Everything held about a person, handed over as one file."""

from __future__ import annotations

import json
import re

import pytest
from django.apps import apps
from django.urls import reverse

from brobygger.accounts.models import AuditEntry, Invitation, Operator, Role, User
from brobygger.base import mail, personal_data
from brobygger.market.models import Match
from brobygger.market.services.matches import write_note
from brobygger.register.models import Affiliation, Person
from tests.factories import ListingFactory, OrganisationFactory, PersonFactory, firm_user, user_as
from tests.market.line import Line, make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


@pytest.fixture
def brewer(line: Line) -> Affiliation:
    """The brewer, who has an account, is contact of a listing, wrote a note, and got a letter and an invitation."""
    user = line.brewer()
    line.at_stage(Match.Stage.INTRODUCED)
    write_note(line.match, "I kan hente om tirsdagen", user, private=False)
    person = Person.objects.get(user=user)
    line.match.have.contact = person
    line.match.have.save()
    mail.write(
        to=[user.email],
        subject="Velkommen til",
        body="Godt at se jer",
        operator=line.operator,
        user=line.consultant,
    )
    Invitation.objects.create(operator=line.operator, email=user.email.upper(), role=Role.FIRM)
    return Affiliation.objects.get(person=person)


def address(affiliation: Affiliation) -> str:
    return reverse("register:export_person", args=[affiliation.organisation_id, affiliation.pk])


def as_json(browser, affiliation: Affiliation) -> dict[str, list[dict[str, str]]]:
    answer = browser.get(address(affiliation) + "?som=json")
    assert answer["Content-Type"].startswith("application/json")
    return {part["kind"]: part["records"] for part in json.loads(answer.content)["held"]}


def test_contact_account_and_what_the_person_wrote_and_got_are_in_the_file(as_consultant, brewer, line):
    held = as_json(as_consultant, brewer)
    assert held["register.person"][0]["navn"] == "Prøve Brygger"
    assert held["accounts.user"][0]["e-mail"] == brewer.person.email
    assert held["register.affiliation"][0]["virksomhed"] == line.match.giver.name
    assert [row["note"] for row in held["market.matchnote"]] == ["I kan hente om tirsdagen"]
    assert held["market.listing"][0]["med jeres egne ord"] == line.match.have.text
    assert held["base.letter"][0]["tekst"] == "Godt at se jer"
    assert held["accounts.invitation"][0]["rolle"] == "Virksomhed"
    assert held["register.historicalperson"][0]["handling"] == "oprettede"


def test_headings_and_labels_are_danish(as_consultant, brewer):
    page = as_consultant.get(address(brewer)).content.decode().split("<script")[0]
    for english in (
        "istory",
        "istorical",
        "Created",
        "Membership",
        "Match note",
        "Invitation<",
        "created by",
    ):
        assert english not in page
    for heading in ("Person", "Adgang", "Historik: person", "Note om et match", "Brev", "Har eller mangler"):
        assert f"<h2>{heading}" in page


def test_the_page_is_readable_and_carries_the_same_data(as_consultant, brewer):
    answer = as_consultant.get(address(brewer))
    page = answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert "I kan hente om tirsdagen" in page
    inside = re.search(r'<script id="persondata" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert inside
    assert json.loads(inside[1])["name"] == "Prøve Brygger"


def test_nothing_that_opens_a_door_is_in_it(as_consultant, brewer):
    token = Invitation.objects.latest("created_at").token
    told = as_consultant.get(address(brewer)).content.decode() + str(as_json(as_consultant, brewer))
    assert token not in told
    assert brewer.person.user.password not in told


def test_other_people_are_not_in_it(as_consultant, brewer, line, operator):
    PersonFactory(operator=operator, name="Helt Anden")
    write_note(line.match, "Fra bonden", line.farmer(), private=False)
    told = as_consultant.get(address(brewer)).content.decode()
    assert "Helt Anden" not in told
    assert "Fra bonden" not in told


def test_what_another_office_holds_is_not_in_it(as_consultant, brewer, sign_in):
    elsewhere = OrganisationFactory()
    person = PersonFactory(
        operator=elsewhere.operator, user=brewer.person.user, name="Prøve Brygger", phone="99 99 99 99"
    )
    theirs = Affiliation.objects.create(person=person, organisation=elsewhere, title="Bestyrelsesmedlem")
    told = as_consultant.get(address(brewer)).content.decode()
    assert "99 99 99 99" not in told
    assert "Bestyrelsesmedlem" not in told
    neighbour = sign_in(user_as(Role.CONSULTANT, elsewhere.operator))
    assert "Bestyrelsesmedlem" in neighbour.get(address(theirs)).content.decode()
    assert "I kan hente om tirsdagen" not in neighbour.get(address(theirs)).content.decode()


def test_that_it_was_fetched_is_in_the_audit_trail_without_the_name(as_consultant, brewer, consultant):
    as_consultant.get(address(brewer))
    entry = AuditEntry.objects.get(action="person_exported")
    assert (entry.user, entry.about) == (consultant, f"person {brewer.person_id}")
    assert entry.action_word == "Hentede alt om en person"


def test_only_the_persons_own_office_may_fetch_it(client, sign_in, brewer, operator):
    assert sign_in(user_as(Role.CONSULTANT)).get(address(brewer)).status_code == 404
    assert sign_in(brewer.person.user).get(address(brewer)).status_code == 403
    assert sign_in(user_as(Role.ADMIN, operator)).get(address(brewer)).status_code == 403
    assert sign_in(firm_user(OrganisationFactory(operator=operator))).get(address(brewer)).status_code in {
        403,
        404,
    }
    assert client.get(address(brewer)).status_code == 302
    assert not AuditEntry.objects.filter(action="person_exported").exists()


def test_a_person_without_account_or_address_can_be_handed_over_too(as_consultant, operator):
    firm = OrganisationFactory(operator=operator)
    person = PersonFactory(operator=operator, email="", name="<b>Uden</b> adresse")
    PersonFactory(operator=operator, email="", name="Også uden")
    affiliation = Affiliation.objects.create(person=person, organisation=firm, title="Bud")
    Affiliation.objects.filter(pk=affiliation.pk).update(title="Bud")
    told = as_consultant.get(address(affiliation)).content.decode()
    assert "&lt;b&gt;Uden" in told
    assert "Også uden" not in told
    assert "Bud" in told


def test_every_record_of_ours_that_can_point_at_a_person_is_looked_through():
    """A room that is made tomorrow is in the file without anybody remembering it."""
    looked_through = set(personal_data._models())
    pointing = {
        model
        for model in apps.get_models()
        if model.__module__.startswith("brobygger.") and personal_data.relations_to(model, {Person, User})
    }
    assert pointing <= looked_through
    assert len(pointing) > 20
    unscoped = {model._meta.label_lower for model in pointing if not personal_data.path_to(model, Operator)}
    assert unscoped <= {"accounts.historicaloperator"}, (
        "what belongs to an office must be found to belong to it"
    )


def test_the_persons_page_offers_it(as_consultant, brewer):
    page = as_consultant.get(reverse("register:edit_person", args=[brewer.organisation_id, brewer.pk]))
    assert address(brewer) in page.content.decode()


def test_a_contact_of_a_confidential_listing_gets_it_from_the_office_only(as_consultant, brewer, line):
    ListingFactory(
        organisation=line.match.giver, visibility="broker", text="Vi lukker en linje", contact=brewer.person
    )
    assert "Vi lukker en linje" in str(as_json(as_consultant, brewer)["market.listing"])
